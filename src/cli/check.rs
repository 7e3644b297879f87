//! `refugia check`: is this pack whole?

use std::path::PathBuf;

use serde_json::json;

use super::{DONE, FAILED, print_line};
use crate::catalog::{Faults, Region};

/// Check a region pack and name every fault.
///
/// Reads `region.toml` and every layer file the way the server does. Prints a table of the layers when all is well;
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
    match Region::load(&args.region) {
        Ok(region) => {
            print_line(&if args.json {
                json_of(&region).to_string()
            } else {
                table(&region)
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

fn json_of(region: &Region) -> serde_json::Value {
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
    json!({"ok": true, "id": region.manifest.id, "names": region.manifest.names, "layers": layers, "faults": []})
}

fn table(region: &Region) -> String {
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
    text.trim_end().to_owned()
}
