//! What the server tells at start: where it listens, what it loaded, what of it is made up.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
};

use crate::{catalog::AnyLayer, http::resident_bytes, world::World};

/// The lines for the person who started it.
pub(super) fn of(world: &World, region_dir: &Path, address: SocketAddr) -> String {
    let manifest = &world.region.manifest;
    let mut text = format!(
        "Refugia {}\n{} · {} ({}), world {}, as of {}\n\n",
        env!("CARGO_PKG_VERSION"),
        manifest.names.zh,
        manifest.names.en,
        region_dir.display(),
        world.version,
        world.as_of,
    );
    let layers: Vec<AnyLayer<'_>> = world.region.all_layers().collect();
    let width = layers
        .iter()
        .map(|layer| layer.manifest().id.as_str().len())
        .max()
        .unwrap_or_default();
    for layer in &layers {
        let manifest = layer.manifest();
        let real = if manifest.synthetic { "synthetic" } else { "real" };
        let place = if matches!(layer, AnyLayer::Disk(_)) {
            ", on the disk"
        } else {
            ""
        };
        let (id, role) = (manifest.id.as_str(), manifest.role.as_str());
        _ = writeln!(
            text,
            "  {id:<width$}  {role:<13}  {:>8} features  {real}{place}",
            layer.count()
        );
    }
    if let Some(roads) = &world.roads {
        let real = if roads.is_synthetic() { "synthetic" } else { "real" };
        let network = roads.router().network();
        let (count, length_km) = (network.stretch_count(), network.total_length_m() / 1e3);
        _ = writeln!(
            text,
            "  {:<width$}  {:<13}  {count:>8} stretches, {length_km:.0} km  {real}",
            "roads", ""
        );
    }
    add_archives(&mut text, world, width);
    let memory = resident_bytes().map_or_else(String::new, |bytes| format!(", {} MiB resident", bytes >> 20));
    _ = writeln!(
        text,
        "\n{} layers, {} features, loaded in {:.2} s{memory}",
        layers.len(),
        world.feature_count(),
        world.loaded_in.as_secs_f64(),
    );
    let roads = world
        .roads
        .as_ref()
        .filter(|roads| roads.is_synthetic())
        .map(|_| "roads");
    let archives = world.region.manifest.archives.iter();
    let archives = archives
        .filter(|archive| archive.synthetic)
        .map(|archive| archive.id.as_str());
    let synthetic: Vec<&str> = layers
        .iter()
        .filter(|layer| is_synthetic(**layer))
        .map(|layer| layer.manifest().id.as_str())
        .chain(roads)
        .chain(archives)
        .collect();
    if !synthetic.is_empty() {
        _ = writeln!(text, "Synthetic, not for real emergencies: {}", synthetic.join(", "));
    }
    _ = write!(text, "\nListening on http://{}", reachable(address));
    text
}

fn add_archives(text: &mut String, world: &World, width: usize) {
    for archive in &world.region.manifest.archives {
        let real = if archive.synthetic { "synthetic" } else { "real" };
        let (id, place) = (archive.id.as_str(), archive.place());
        _ = writeln!(text, "  {id:<width$}  {:<13}  {place}  {real}", "archive");
    }
}

fn is_synthetic(layer: AnyLayer<'_>) -> bool {
    let has_marked = || match layer {
        AnyLayer::Memory(layer) => (0..layer.len()).any(|row| layer.is_synthetic(row)),
        // Marks of single features would have to be read from the file.
        AnyLayer::Disk(_) => false,
    };
    layer.manifest().synthetic || has_marked()
}

/// An address that a browser on this machine can open: listening on all addresses includes this one.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}
