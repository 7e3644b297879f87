//! `/tiles/…`: vector tiles and their TileJSON.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;

use super::{
    App,
    app::Snapshot,
    archives,
    error::{Code, Problem, ProblemDocument},
    path::{Answer, Segments},
    query::{FromQuery, Strict, Values, shortened},
    renders::rendered,
    representation::{Asked, Caching, KEPT, Representation, Said},
    styles::base_url,
};
use crate::{
    tiles::{Archive, Encoding, JoinedVersion, TileCoord, TileFormat, TileJson, TileKey, TileLayer, tilejson},
    world::World,
};

const LONGEST_VERSION: usize = 64;

/// What is asked of a tile.
#[derive(Debug)]
pub(super) struct TileQuery {
    version: Option<String>,
}

impl FromQuery for TileQuery {
    const NAMES: &'static [&'static str] = &["v"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        let version = values
            .text("v")
            .map(|_| values.required_text("v", LONGEST_VERSION))
            .transpose()?;
        Ok(Self {
            version: version.map(str::to_owned),
        })
    }
}

/// What is asked of a description.
#[derive(Debug)]
pub(super) struct DescriptionQuery {
    encoding: Option<Encoding>,
}

impl FromQuery for DescriptionQuery {
    const NAMES: &'static [&'static str] = &["encoding"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        let words = Encoding::ALL.map(|encoding| (encoding.as_str(), encoding));
        Ok(Self {
            encoding: values.word("encoding", &words)?,
        })
    }
}

/// TileJSON 3.0 of one layer, of several joined, or of an archive.
#[utoipa::path(
    get, path = "/tiles/{layers}.json", tag = "map", operation_id = "tilejson",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas, or the id of one archive"),
        ("encoding" = Option<String>, Query, description = "Format of the tiles described: `mvt` (Mapbox Vector Tile) or \
            `mlt` (MapLibre Tile); `mvt` if nothing is said. An archive has its own only", example = "mlt"),
    ),
    responses(
        (status = 200, description = "TileJSON", body = TileJson,
            headers(("ETag" = String, description = "Strong entity tag"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A layer is repeated or joined with an archive, or a parameter is wrong or unknown",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer or archive, or it has no such format", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 502, description = "The archive is damaged", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 503, description = "The archive lies elsewhere and cannot be reached now", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn description(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments(file): Segments<String>,
    Strict(DescriptionQuery { encoding }): Strict<DescriptionQuery>,
    asked: Asked,
    headers: HeaderMap,
) -> Answer {
    let Some(ids) = file.strip_suffix(".json") else {
        return Err(Problem::new(Code::NotFound).with("path", format_args!("/tiles/{file}")));
    };
    made(&app, &world, ids).await?;
    let base_url = base_url(&app, &headers);
    let document = match named(&world, ids)? {
        Named::Layers(layers) => tilejson(&layers, &base_url, encoding.unwrap_or(Encoding::Mvt)),
        Named::Archive(archive) => archives::description(&app, archive, encoding, &base_url).await?,
    };
    Ok(Representation::json(&document, Caching::Revalidate)?.answer_compressing(&asked))
}

/// A vector tile (Mapbox Vector Tile 2.1) of one layer, of several joined, or of an archive.
///
/// An archive has tiles of one format only, which its TileJSON and `/api/region` tell: `mvt`, `mlt`, `png`, `jpg`, `webp`
/// or `avif` in place of `.mvt`.
#[utoipa::path(
    get, path = "/tiles/{layers}/{z}/{x}/{y}.mvt", tag = "map", operation_id = "tile",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas, or the id of one archive",
            example = "flood,shelters"),
        ("z" = u8, Path, description = "Zoom, 0 to 22", maximum = 22, example = 9),
        ("x" = u32, Path, description = "Column, from the west", example = 425),
        ("y" = u32, Path, description = "Row, from the north", example = 218),
        ("v" = Option<String>, Query, description = "Version from the TileJSON: where it is the current one, the tile \
            may be kept for ever"),
    ),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile",
            headers(("ETag" = String, description = "Strong entity tag, one for each content coding"))),
        (status = 204, description = "Nothing is in the tile"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "No tile can have these coordinates, or a layer is repeated or joined with an archive",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer or archive, or it has no tiles at this zoom or of this format",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 502, description = "The archive is damaged", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 503, description = "The archive lies elsewhere and cannot be reached now", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn tile(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments((ids, z, x, file)): Segments<(String, String, String, String)>,
    Strict(query): Strict<TileQuery>,
    asked: Asked,
) -> Answer {
    let format = file.rsplit_once('.').and_then(|(y, extension)| {
        let format = TileFormat::of_extension(extension)?;
        Some((y, format))
    });
    let nothing = || Problem::new(Code::NotFound).with("path", format_args!("/tiles/{ids}/{z}/{x}/{file}"));
    let (y, format) = format.ok_or_else(nothing)?;
    let coord = coordinates(&z, &x, y)?;
    made(&app, &world, &ids).await?;
    let layers = match named(&world, &ids)? {
        Named::Layers(layers) => layers,
        Named::Archive(archive) => {
            return archives::tile(&app, archive, (coord, format), query.version.as_deref(), &asked).await;
        }
    };
    if !matches!(format, TileFormat::Vector(_)) {
        return Err(nothing());
    }
    check_zoom(&layers, &ids, coord)?;
    let key = TileKey {
        version: JoinedVersion::of(&layers),
        tile: coord,
        format,
    };
    let coding = asked.coding(&KEPT);
    let said = Said {
        tag: Some(coding.entity_tag(&key.tag())),
        coding,
        media_type: HeaderValue::from_static(format.media_type()),
        caching: caching(query.version.as_deref(), key.version),
    };
    if said.tag.as_deref().is_some_and(|tag| asked.has(tag)) {
        // The tag alone says that the client has this very tile: nothing need be rendered.
        return Ok(said.answer(Bytes::new(), &asked));
    }
    let tile = if let Some(tile) = app.tile_cache.peek(key, coding) {
        app.metrics.tile_hit();
        tile
    } else {
        app.metrics.tile_miss();
        let ids: Vec<&str> = ids.split(',').collect();
        rendered(&app, &world, &ids, (key, coding)).await?
    };
    Ok(said_or_empty(said, tile, &asked))
}

/// A tile, or that nothing is in it.
pub(super) fn said_or_empty(said: Said, tile: Bytes, asked: &Asked) -> Response {
    if tile.is_empty() {
        return (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, said.caching.header())]).into_response();
    }
    said.answer(tile, asked)
}

/// For ever where the address names the version that there is.
pub(super) fn caching(given: Option<&str>, version: JoinedVersion) -> Caching {
    if given == Some(version.to_string().as_str()) {
        Caching::Immutable
    } else {
        Caching::Behind
    }
}

/// The same tile as a MapLibre Tile: smaller, for clients that read it.
#[utoipa::path(
    get, path = "/tiles/{layers}/{z}/{x}/{y}.mlt", tag = "map", operation_id = "tile_mlt",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas, or the id of one archive",
            example = "flood,shelters"),
        ("z" = u8, Path, description = "Zoom, 0 to 22", maximum = 22, example = 9),
        ("x" = u32, Path, description = "Column, from the west", example = 425),
        ("y" = u32, Path, description = "Row, from the north", example = 218),
        ("v" = Option<String>, Query, description = "Version from the TileJSON: where it is the current one, the tile \
            may be kept for ever"),
    ),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.maplibre-vector-tile",
            headers(("ETag" = String, description = "Strong entity tag, one for each content coding"))),
        (status = 204, description = "Nothing is in the tile"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "No tile can have these coordinates, or a layer is repeated or joined with an archive",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer or archive, or it has no tiles at this zoom or of this format",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 502, description = "The archive is damaged", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 503, description = "The archive lies elsewhere and cannot be reached now", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
#[expect(dead_code, reason = "describes what `tile` answers too")]
pub(super) const fn tile_mlt() {}

/// Sees to it that all layers that an address names are there and prepared: some are made when first asked for.
async fn made(app: &App, world: &Arc<World>, ids: &str) -> Result<(), Problem> {
    if !ids.split(',').any(|id| world.must_make(id)) {
        return Ok(());
    }
    let (world, ids) = (Arc::clone(world), ids.to_owned());
    let make = move || {
        ids.split(',')
            .filter_map(|id| world.tile_layer(id))
            .for_each(TileLayer::prepare);
    };
    app.long_work.run(make).await
}

/// What an address names.
enum Named<'w> {
    Layers(Vec<&'w TileLayer>),
    Archive(&'w Arc<Archive>),
}

/// An archive, or layers, in the address's order.
fn named<'w>(world: &'w World, ids: &str) -> Result<Named<'w>, Problem> {
    if let Some(archive) = world.basemap.archive(ids) {
        return Ok(Named::Archive(archive));
    }
    if let Some(archive) = ids.split(',').find(|id| world.basemap.archive(id).is_some()) {
        return Err(Problem::new(Code::ArchiveJoined).with("archive", archive));
    }
    joined(world, ids).map(Named::Layers)
}

/// The layers that an address names, in its order.
fn joined<'a>(world: &'a World, ids: &str) -> Result<Vec<&'a TileLayer>, Problem> {
    let mut layers: Vec<&TileLayer> = Vec::new();
    for id in ids.split(',') {
        let Some(layer) = world.tile_layer(id) else {
            return Err(Problem::new(Code::UnknownLayer).with("layer", shortened(id)));
        };
        if layers.iter().any(|seen| std::ptr::eq(*seen, layer)) {
            return Err(Problem::new(Code::RepeatedLayer).with("layer", id));
        }
        layers.push(layer);
    }
    Ok(layers)
}

fn coordinates(z: &str, x: &str, y: &str) -> Result<TileCoord, Problem> {
    // `parse` alone would take a sign.
    let number = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let coord = || TileCoord::new(u8::try_from(number(z)?).ok()?, number(x)?, number(y)?).ok();
    coord().ok_or_else(|| {
        Problem::new(Code::ImpossibleTile)
            .with("z", shortened(z))
            .with("x", shortened(x))
            .with("y", shortened(y))
    })
}

fn check_zoom(layers: &[&TileLayer], ids: &str, coord: TileCoord) -> Result<(), Problem> {
    let ranges = || layers.iter().map(|layer| layer.zooms());
    if ranges().any(|range| range.contains(coord.z())) {
        return Ok(());
    }
    Err(Problem::new(Code::ZoomOutsideLayer)
        .with("layers", ids)
        .with("min", ranges().map(|range| range.min).min().unwrap_or_default())
        .with("max", ranges().map(|range| range.max).max().unwrap_or_default()))
}
