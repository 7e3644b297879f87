//! `GET /api/region`: what the region is and which layers it has.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    app::Snapshot,
    error::ProblemDocument,
    path::Answer,
    position::corners,
    query::{NoParameters, Strict},
    representation::{Asked, Caching, Representation},
    styles::base_url,
};
use crate::{
    catalog::{AnyLayer, HazardKind, Role, Shape, ZoomRange},
    messages::Names,
    routing::Mode,
    tiles::{Archive, Encoding, JoinedVersion, OpenArchive, tiles_address},
    world::{Concern, World, minutes_id},
};

/// The region and its layers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Region)]
pub(super) struct RegionAnswer {
    #[schema(example = "fujian")]
    id: String,
    names: Names,
    /// West, south, east, north, degrees; west is greater than east where the region crosses the antimeridian.
    #[schema(example = json!([115.8, 23.4, 120.8, 28.4]))]
    bbox: [f64; 4],
    /// IANA time zone for times shown to people.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    /// The number to call where the map has no answer.
    #[schema(example = "12350")]
    duty_phone: Option<String>,
    /// Whether any layer or archive, or the roads, are made up.
    synthetic: bool,
    #[schema(example = "0.1.0")]
    software_version: &'static str,
    /// Version of the data the answer was computed from.
    world: String,
    /// When that snapshot was taken.
    #[schema(format = DateTime)]
    as_of: String,
    /// The road network; null where there is none, and nothing is routed.
    roads: Option<RoadsAnswer>,
    /// In drawing order from the bottom.
    layers: Vec<LayerAnswer>,
    /// Archives of tiles beside the layers.
    archives: Vec<ArchiveAnswer>,
}

/// An archive of tiles: a basemap that was made elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Archive)]
struct ArchiveAnswer {
    #[schema(example = "basemap")]
    id: String,
    names: Names,
    source: String,
    licence: String,
    /// Of which time, beginning with the year.
    #[schema(example = "2026")]
    vintage: String,
    /// Whether it is made up.
    synthetic: bool,
    /// Whether it lies elsewhere.
    remote: bool,
    /// Whether it is open now; null stands below for what is not known until it is.
    available: bool,
    /// Format of its tiles: `mvt`, `mlt`, `png`, `jpg`, `webp`, `avif`.
    #[schema(example = "mvt")]
    format: Option<&'static str>,
    /// West, south, east, north, degrees.
    bbox: Option<[f64; 4]>,
    zoom: Option<Zoom>,
    /// Changes with the content.
    version: Option<String>,
    /// Address of its TileJSON.
    tilejson: String,
    /// Address of the style that the pack has for it.
    style: Option<String>,
}

/// The road network.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Roads)]
struct RoadsAnswer {
    source: String,
    licence: String,
    /// Of which time, beginning with the year.
    #[schema(example = "2026")]
    vintage: String,
    /// Whether it is made up.
    synthetic: bool,
    /// All roads and paths together, metres.
    length_m: f64,
    /// Layers of minutes to a shelter, made from the roads when they are first asked for.
    minutes_layers: Vec<MinutesLayerAnswer>,
}

/// A layer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Layer)]
struct LayerAnswer {
    #[schema(example = "flood")]
    id: String,
    role: Role,
    /// A hint for drawing: `coastline`, `river`, `land`, `town`, `village`, `place`.
    kind: Option<String>,
    names: Names,
    /// Number of features.
    count: usize,
    geometry: Shape,
    /// West, south, east, north, degrees; the region's where the layer has no features.
    bbox: [f64; 4],
    hazard_kind: Option<HazardKind>,
    /// Lowest first; empty for other than hazard layers.
    levels: Vec<LevelAnswer>,
    source: String,
    licence: String,
    /// Of which time, beginning with the year.
    #[schema(example = "2026")]
    vintage: String,
    /// Whether it is made up.
    synthetic: bool,
    /// Changes with the content.
    version: String,
    zoom: Zoom,
    /// Template of the tiles' addresses.
    tiles: String,
}

/// One of a hazard layer's levels.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Level)]
struct LevelAnswer {
    /// The level as the data write it.
    code: String,
    /// From 1, the lowest.
    rank: usize,
    names: Names,
    #[schema(example = "#6fa8dc")]
    colour: String,
    /// Whether nobody is sent to a shelter in a zone of this level.
    r#unsafe: bool,
}

/// The zooms a layer has tiles at, inclusive.
#[derive(Debug, Serialize, ToSchema)]
struct Zoom {
    min: u8,
    max: u8,
}

/// The region: names, extent, layers, levels, sources and licences.
#[utoipa::path(
    get, path = "/api/region", tag = "region", operation_id = "region",
    responses(
        (status = 200, description = "The region and its layers", body = RegionAnswer,
            headers(("ETag" = String, description = "Strong entity tag"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A parameter was given; there are none", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn region(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Strict(NoParameters): Strict<NoParameters>,
    asked: Asked,
    headers: HeaderMap,
) -> Answer {
    let answer = answer(&world, &base_url(&app, &headers));
    Ok(Representation::json(&answer, Caching::Revalidate)?.answer_compressing(&asked))
}

/// A layer of minutes to the nearest shelter that may be used, by road.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MinutesLayer)]
struct MinutesLayerAnswer {
    /// As in tile addresses.
    #[schema(example = "minutes_to_shelter_foot_flood")]
    id: String,
    #[schema(value_type = String, example = "foot")]
    mode: &'static str,
    /// The hazard that shelters suit and whose zones count; null where zones of all kinds count on the way.
    hazard: Option<HazardKind>,
}

/// For every mode one of all hazards together and one of each hazard that the region has zones of.
fn minutes_layers(world: &World) -> Vec<MinutesLayerAnswer> {
    let manifests = world.region.manifest.layers.iter();
    let mut kinds: Vec<HazardKind> = manifests
        .filter_map(|layer| Some(layer.hazard.as_ref()?.kind))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let concerns: Vec<Concern> = [Concern::Any]
        .into_iter()
        .chain(kinds.into_iter().map(Concern::Kind))
        .collect();
    let layer = |(mode, concern): (Mode, Concern)| MinutesLayerAnswer {
        id: minutes_id(mode, concern),
        mode: mode.as_str(),
        hazard: concern.kind(),
    };
    let pairs = Mode::ALL
        .into_iter()
        .flat_map(|mode| concerns.iter().map(move |concern| (mode, *concern)));
    pairs.map(layer).collect()
}

fn roads(world: &World) -> Option<RoadsAnswer> {
    let manifest = world.region.manifest.roads.as_ref()?;
    Some(RoadsAnswer {
        source: manifest.source.clone(),
        licence: manifest.licence.clone(),
        vintage: manifest.vintage.clone(),
        synthetic: manifest.synthetic,
        length_m: world.roads.as_ref()?.router().network().total_length_m().round(),
        minutes_layers: minutes_layers(world),
    })
}

fn answer(world: &World, base_url: &str) -> RegionAnswer {
    let manifest = &world.region.manifest;
    RegionAnswer {
        id: manifest.id.to_string(),
        names: manifest.names.clone(),
        roads: roads(world),
        bbox: corners(manifest.bbox),
        time_zone: manifest.time_zone.clone(),
        duty_phone: manifest.duty_phone.clone(),
        synthetic: world.has_synthetic_layers(),
        software_version: env!("CARGO_PKG_VERSION"),
        world: world.version.to_string(),
        as_of: world.as_of.to_string(),
        layers: world
            .region
            .all_layers()
            .map(|layer| layer_answer(world, layer, base_url))
            .collect(),
        archives: world
            .basemap
            .archives
            .iter()
            .map(|archive| archive_answer(archive, base_url))
            .collect(),
    }
}

fn archive_answer(archive: &Archive, base_url: &str) -> ArchiveAnswer {
    let manifest = archive.manifest();
    let open = archive.current();
    let open = open.as_deref();
    let id = &manifest.id;
    ArchiveAnswer {
        id: id.to_string(),
        names: manifest.names.clone(),
        source: manifest.source.clone(),
        licence: manifest.licence.clone(),
        vintage: manifest.vintage.clone(),
        synthetic: manifest.synthetic,
        remote: archive.is_remote(),
        available: open.is_some(),
        format: open.map(|open| open.format().as_str()),
        bbox: open.map(OpenArchive::bounds),
        zoom: open
            .map(OpenArchive::zooms)
            .map(|ZoomRange { min, max }| Zoom { min, max }),
        version: open.map(|open| JoinedVersion::of_archive(id, open.content()).to_string()),
        tilejson: format!("{base_url}/tiles/{id}.json"),
        style: manifest.style.as_ref().map(|_| format!("{base_url}/styles/{id}.json")),
    }
}

fn layer_answer(world: &World, layer: AnyLayer<'_>, base_url: &str) -> LayerAnswer {
    let manifest = layer.manifest();
    let hazard = manifest.hazard.as_ref();
    let levels = hazard
        .into_iter()
        .flat_map(|hazard| &hazard.levels)
        .enumerate()
        .map(|(index, level)| LevelAnswer {
            code: level.code.clone(),
            rank: index + 1,
            names: level.names.clone(),
            colour: level.colour.clone(),
            r#unsafe: level.is_unsafe,
        });
    let tiles = world
        .tiles
        .get(manifest.id.as_str())
        .map(|layer| tiles_address(&[layer], base_url, Encoding::Mvt));
    LayerAnswer {
        id: manifest.id.to_string(),
        role: manifest.role,
        kind: manifest.kind.clone(),
        names: manifest.names.clone(),
        count: layer.count(),
        geometry: layer.shape(),
        bbox: corners(layer.bbox().unwrap_or(world.region.manifest.bbox)),
        hazard_kind: hazard.map(|hazard| hazard.kind),
        levels: levels.collect(),
        source: manifest.source.clone(),
        licence: manifest.licence.clone(),
        vintage: manifest.vintage.clone(),
        synthetic: manifest.synthetic,
        version: layer.version().to_string(),
        zoom: Zoom {
            min: manifest.zoom.min,
            max: manifest.zoom.max,
        },
        tiles: tiles.unwrap_or_default(),
    }
}
