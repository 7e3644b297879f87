//! `refugia check`: is this pack whole?

mod archives;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;

use super::{DONE, FAILED, print_line};
use crate::{
    catalog::{Faults, Region, RoadsManifest},
    routing::Network,
    world::{Basemap, Roads},
};

/// Check a region pack and name every fault.
///
/// Reads `region.toml`, every layer file, the road network, archives of tiles, styles, fonts and sprites the way the
/// server does. Prints a table of the layers when all is well;
/// otherwise one line per fault (file, feature, field: what is wrong) and exits with 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  refugia check data/fujian\n  refugia check --json data/fujian | jq '.faults[].problem'"
)]
pub(super) struct Args {
    /// The region pack's folder.
    #[arg(value_name = "DIR")]
    region: PathBuf,
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> u8 {
    match load(&args.region) {
        Ok((region, network, basemap)) => {
            print_line(&if args.json {
                json_of(&region, network.as_deref(), &basemap).to_string()
            } else {
                table(&region, network.as_deref(), &basemap)
            });
            DONE
        }
        Err(Faults(faults)) => {
            if args.json {
                print_line(&json!({"ok": false, "faults": faults}).to_string());
            } else {
                for fault in &faults {
                    print_line(&fault.to_string());
                }
                super::eprint_line(&format!("{} fault(s) in {}", faults.len(), args.region.display()));
            }
            FAILED
        }
    }
}

/// The pack, its road network where it has one, and its archives.
fn load(dir: &Path) -> Result<(Region, Option<Arc<Network>>, Basemap), Faults> {
    let region = Region::load(dir)?;
    let open = |manifest| open(dir, manifest, &region);
    let network = region.manifest.roads.as_ref().map(open).transpose()?;
    let basemap = Basemap::load(dir, &region.manifest)?;
    archives::ask_elsewhere(&basemap)?;
    Ok((region, network, basemap))
}

fn open(dir: &Path, manifest: &RoadsManifest, region: &Region) -> Result<Arc<Network>, Faults> {
    let roads = Roads::load(dir, manifest, &region.layers).map_err(|error| error.fault(dir, manifest))?;
    Ok(Arc::clone(roads.router().network()))
}

fn json_of(region: &Region, network: Option<&Network>, basemap: &Basemap) -> serde_json::Value {
    let layers: Vec<_> = region
        .all_layers()
        .map(|layer| {
            let manifest = layer.manifest();
            json!({
                "id": manifest.id, "role": manifest.role, "count": layer.count(), "geometry": layer.shape(),
                "synthetic": manifest.synthetic, "version": layer.version().to_string(),
            })
        })
        .collect();
    let roads = network.zip(region.manifest.roads.as_ref()).map(|(network, roads)| {
        json!({
            "file": roads.file, "synthetic": roads.synthetic, "nodes": network.node_count(),
            "stretches": network.stretch_count(), "restrictions": network.restrictions().len(),
            "length_m": network.total_length_m().round(),
        })
    });
    json!({
        "ok": true, "id": region.manifest.id, "names": region.manifest.names, "layers": layers, "roads": roads,
        "archives": archives::json_of(basemap), "faults": [],
    })
}

fn table(region: &Region, network: Option<&Network>, basemap: &Basemap) -> String {
    let header = ["layer", "role", "features", "synthetic", "version"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(header)
        .chain(region.all_layers().map(|layer| {
            let manifest = layer.manifest();
            [
                manifest.id.to_string(),
                manifest.role.to_string(),
                layer.count().to_string(),
                if manifest.synthetic { "synthetic" } else { "real" }.to_owned(),
                layer.version().to_string(),
            ]
        }))
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = format!(
        "{} ({}): the pack is whole\n",
        region.manifest.id, region.manifest.names.zh
    );
    for [id, role, count, synthetic, version] in &rows {
        let line = format!(
            "  {id:<0$}  {role:<1$}  {count:>2$}  {synthetic:<3$}  {version}\n",
            widths[0], widths[1], widths[2], widths[3]
        );
        text.push_str(&line);
    }
    if let Some((network, roads)) = network.zip(region.manifest.roads.as_ref()) {
        let line = format!(
            "roads: {} nodes, {} stretches, {:.1} km, {} turn restrictions, {}\n",
            network.node_count(),
            network.stretch_count(),
            network.total_length_m() / 1e3,
            network.restrictions().len(),
            if roads.synthetic { "synthetic" } else { "real" },
        );
        text.push_str(&line);
    }
    text.push_str(&archives::lines(basemap));
    text.trim_end().to_owned()
}
