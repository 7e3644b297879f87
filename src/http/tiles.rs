//! `/tiles/…`: vector tiles and their TileJSON.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse as _,
};
use bytes::Bytes;

use super::{
    App,
    app::Snapshot,
    error::{Code, Problem, ProblemDocument},
    heavy::heavy,
    path::{Answer, Segments},
    query::{FromQuery, Strict, Values, shortened},
    renders::rendered,
    representation::{Asked, Caching, KEPT, Representation, Said},
    styles::base_url,
};
use crate::{
    tiles::{Encoding, JoinedVersion, TileCoord, TileJson, TileKey, TileLayer, tilejson},
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
    encoding: Encoding,
}

impl FromQuery for DescriptionQuery {
    const NAMES: &'static [&'static str] = &["encoding"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        let words = Encoding::ALL.map(|encoding| (encoding.as_str(), encoding));
        Ok(Self {
            encoding: values.word("encoding", &words)?.unwrap_or(Encoding::Mvt),
        })
    }
}

/// TileJSON 3.0 of one layer or of several joined.
#[utoipa::path(
    get, path = "/tiles/{layers}.json", tag = "map", operation_id = "tilejson",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas"),
        ("encoding" = Option<String>, Query, description = "Format of the tiles described: `mvt` (Mapbox Vector Tile) or \
            `mlt` (MapLibre Tile); `mvt` if nothing is said", example = "mlt"),
    ),
    responses(
        (status = 200, description = "TileJSON", body = TileJson,
            headers(("ETag" = String, description = "Strong entity tag"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A layer is repeated, or a parameter is wrong or unknown", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer", body = ProblemDocument,
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
    let layers = joined(&world, ids)?;
    let document = tilejson(&layers, &base_url(&app, &headers), encoding);
    Ok(Representation::json(&document, Caching::Revalidate)?.answer_compressing(&asked))
}

/// A vector tile (Mapbox Vector Tile 2.1) of one layer or of several joined.
#[utoipa::path(
    get, path = "/tiles/{layers}/{z}/{x}/{y}.mvt", tag = "map", operation_id = "tile",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas", example = "flood,shelters"),
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
        (status = 400, description = "No tile can have these coordinates, or a layer is repeated",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer, or it has no tiles at this zoom", body = ProblemDocument,
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
    let named = file.rsplit_once('.').and_then(|(y, extension)| {
        let encoding = Encoding::ALL
            .into_iter()
            .find(|encoding| encoding.as_str() == extension)?;
        Some((y, encoding))
    });
    let Some((y, encoding)) = named else {
        return Err(Problem::new(Code::NotFound).with("path", format_args!("/tiles/{ids}/{z}/{x}/{file}")));
    };
    let coord = coordinates(&z, &x, y)?;
    made(&app, &world, &ids).await?;
    let layers = joined(&world, &ids)?;
    check_zoom(&layers, &ids, coord)?;
    let key = TileKey {
        version: JoinedVersion::of(&layers),
        tile: coord,
        encoding,
    };
    let coding = asked.coding(&KEPT);
    let said = Said {
        tag: Some(coding.entity_tag(&key.tag())),
        coding,
        media_type: HeaderValue::from_static(encoding.media_type()),
        caching: match query.version {
            Some(given) if given == key.version.to_string() => Caching::Immutable,
            _ => Caching::Behind,
        },
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
    if tile.is_empty() {
        return Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, said.caching.header())]).into_response());
    }
    Ok(said.answer(tile, &asked))
}

/// The same tile as a MapLibre Tile: smaller, for clients that read it.
#[utoipa::path(
    get, path = "/tiles/{layers}/{z}/{x}/{y}.mlt", tag = "map", operation_id = "tile_mlt",
    params(
        ("layers" = String, Path, description = "A layer's id, or several joined by commas", example = "flood,shelters"),
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
        (status = 400, description = "No tile can have these coordinates, or a layer is repeated",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "There is no such layer, or it has no tiles at this zoom", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
#[expect(dead_code, reason = "describes what `tile` answers too")]
pub(super) const fn tile_mlt() {}

/// Sees to it that all layers that an address names are there: some are made when first asked for.
async fn made(app: &App, world: &Arc<World>, ids: &str) -> Result<(), Problem> {
    if !ids.split(',').any(|id| world.must_make(id)) {
        return Ok(());
    }
    let (world, ids) = (Arc::clone(world), ids.to_owned());
    let make = move || {
        ids.split(',').for_each(|id| _ = world.tile_layer(id));
        Ok(())
    };
    heavy(app, make).await
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
