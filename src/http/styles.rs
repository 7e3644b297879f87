//! `/styles/…`: MapLibre styles and their sprites.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header, uri::Authority},
};

use super::{
    App,
    app::Snapshot,
    error::{Code, Problem, ProblemDocument},
    language::{self, LangParameter, Language},
    path::{Answer, Segments},
    query::{FromQuery, Strict, Values},
    representation::{Asked, Caching, Representation},
};
use crate::{
    catalog::{AnyLayer, Layer},
    messages::Lang,
    style::{Theme, style as style_of},
    world::World,
};

/// What is asked of a style.
#[derive(Debug)]
pub(super) struct StyleQuery;

impl FromQuery for StyleQuery {
    const NAMES: &'static [&'static str] = &["lang"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        language::check(values).map(|()| Self)
    }
}

/// The map style: sources, layers and colours for MapLibre, from this server alone.
///
/// Beside the server's own, `light` and `dark`, there is one for each archive of the pack that brings its own.
#[utoipa::path(
    get, path = "/styles/{theme}.json", tag = "map", operation_id = "style",
    params(("theme" = String, Path, description = "`light`, `dark`, or the id of an archive with a style"), LangParameter),
    responses(
        (status = 200, description = "MapLibre style, version 8", body = serde_json::Value,
            headers(("ETag" = String, description = "Strong entity tag"))),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "A parameter is wrong, repeated or unknown", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such style", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
fn style(app: &App, world: &World, theme: Theme, lang: Lang, asked: &Asked, base_url: &str) -> Answer {
    let region = &world.region;
    let layers: Vec<Arc<Layer>> = region
        .all_layers()
        .map(|layer| match layer {
            AnyLayer::Memory(layer) => Arc::clone(layer),
            AnyLayer::Disk(layer) => Arc::clone(layer.without_features()),
        })
        .collect();
    let style = style_of(
        &region.manifest,
        &layers,
        theme,
        lang,
        base_url,
        app.assets.has_sprites(),
    );
    let body = Representation::json(&style, Caching::Revalidate)?;
    Ok(body.in_language(lang).answer_compressing(asked))
}

/// A sprite sheet or its index: `sprite.json`, `sprite.png`, `sprite@2x.json`, `sprite@2x.png`.
#[utoipa::path(
    get, path = "/styles/{sprite}", tag = "map", operation_id = "sprite",
    params(("sprite" = String, Path,
        description = "`sprite.json`, `sprite.png`, `sprite@2x.json` or `sprite@2x.png`")),
    responses(
        (status = 200, description = "Icons of the styles", content(
            (serde_json::Value = "application/json"), (Vec<u8> = "image/png"))),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "There is no such file", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
fn sprite(app: &App, file: &str, asked: &Asked) -> Answer {
    let path = format!("styles/{file}");
    match app.assets.get(&path) {
        Some(asset) => Ok(asset.answer(asked)),
        None => Err(Problem::new(Code::NotBuilt).with("path", format_args!("/{path}"))),
    }
}

/// Everything below `/styles/`: the last part of the address says which.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments(file): Segments<String>,
    Strict(StyleQuery): Strict<StyleQuery>,
    Language(lang): Language,
    asked: Asked,
    headers: HeaderMap,
) -> Answer {
    if SPRITES.contains(&file.as_str()) {
        return sprite(&app, &file, &asked);
    }
    let name = file.strip_suffix(".json").unwrap_or_default();
    let base_url = base_url(&app, &headers);
    if let Ok(theme) = name.parse() {
        return style(&app, &world, theme, lang, &asked, &base_url);
    }
    match world.basemap.styles.get(name) {
        Some(style) => Ok(Representation::json(&style.at(&base_url), Caching::Revalidate)?.answer_compressing(&asked)),
        None => Err(Problem::new(Code::NotFound).with("path", format_args!("/styles/{file}"))),
    }
}

const SPRITES: [&str; 4] = ["sprite.json", "sprite.png", "sprite@2x.json", "sprite@2x.png"];

/// The address clients reach this server under, without a slash at the end: the configured one, or what the request was
/// sent to.
pub(super) fn base_url(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.config.server.public_url {
        return url.to_string();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let fit = |host: &&str| host.parse::<Authority>().is_ok() && !host.contains('@');
    match host.filter(fit) {
        Some(host) => format!("http://{host}"),
        None => format!("http://{}", app.config.server.listen),
    }
}
