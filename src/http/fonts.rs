//! `/fonts/…` and `/sprites/…`: what styles of the pack need beside tiles.

use std::sync::Arc;

use axum::{extract::State, http::HeaderValue};

use super::{
    App,
    app::Snapshot,
    error::{Code, Problem, ProblemDocument},
    path::{Answer, Segments},
    query::{NoParameters, Strict, shortened},
    representation::{Asked, Caching, Representation},
};
use crate::{
    catalog::{ServedFile, first_of_range},
    style::joined_glyphs,
};

/// Glyphs of 256 code points, of one font or of several: of each code point that of the first font that has it.
///
/// Fonts that the pack does not have are passed over, as long as it has one of them; of code points that no font has
/// nothing is in the answer.
#[utoipa::path(
    get, path = "/fonts/{fontstack}/{range}.pbf", tag = "map", operation_id = "glyphs",
    params(
        ("fontstack" = String, Path, description = "Names of fonts, joined by commas", example = "Noto Sans Regular"),
        ("range" = String, Path, description = "Code points: `0-255`, `256-511` and so on", example = "0-255"),
    ),
    responses(
        (status = 200, description = "Glyphs as signed distance fields", body = Vec<u8>,
            content_type = "application/x-protobuf",
            headers(("ETag" = String, description = "Strong entity tag, one for each content coding"))),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "The pack has none of these fonts, or there is no such range", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn glyphs(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments((stack, file)): Segments<(String, String)>,
    Strict(NoParameters): Strict<NoParameters>,
    asked: Asked,
) -> Answer {
    let range = file.strip_suffix(".pbf");
    let Some((range, first)) = range.and_then(|range| Some((range, first_of_range(range)?))) else {
        return Err(Problem::new(Code::NotFound).with(
            "path",
            format_args!("/fonts/{}/{}", shortened(&stack), shortened(&file)),
        ));
    };
    let fonts = &world.basemap.fonts;
    let mut known: Vec<&str> = Vec::new();
    for font in stack.split(',').map(str::trim) {
        if fonts.has(font) && !known.contains(&font) {
            known.push(font);
        }
    }
    if known.is_empty() {
        return Err(Problem::new(Code::UnknownFont).with("fonts", shortened(&stack)));
    }
    let files: Vec<ServedFile> = known
        .iter()
        .filter_map(|font| fonts.glyphs(font, first))
        .cloned()
        .collect();
    let (name, range) = (known.join(","), range.to_owned());
    let work = move || {
        let mut read = files
            .iter()
            .map(ServedFile::read)
            .collect::<Result<Vec<_>, _>>()
            .map_err(Problem::internal)?;
        match (read.len(), read.pop()) {
            (1, Some(only)) => Ok(only),
            (_, last) => {
                read.extend(last);
                joined_glyphs(&name, &range, &read).map_err(Problem::internal)
            }
        }
    };
    let body = app.renders.turns.run(work).await??;
    let media_type = HeaderValue::from_static("application/x-protobuf");
    Ok(Representation::new(body, media_type, Caching::Behind).answer_compressing(&asked))
}

/// A sprite sheet of the pack or its index: `{name}.json`, `{name}.png`, and the same with `@2x` after the name.
#[utoipa::path(
    get, path = "/sprites/{file}", tag = "map", operation_id = "pack_sprite",
    params(("file" = String, Path, description = "A file of the pack's folder `sprites`", example = "basemap@2x.png")),
    responses(
        (status = 200, description = "Icons of the pack's styles", content(
            (serde_json::Value = "application/json"), (Vec<u8> = "image/png"))),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "There is no such file", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn sprite(
    State(app): State<Arc<App>>,
    Snapshot(world): Snapshot,
    Segments(name): Segments<String>,
    Strict(NoParameters): Strict<NoParameters>,
    asked: Asked,
) -> Answer {
    let Some(file) = world.basemap.sprites.get(&name).cloned() else {
        return Err(Problem::new(Code::NotFound).with("path", format_args!("/sprites/{}", shortened(&name))));
    };
    let is_picture = file.path().extension().is_some_and(|extension| extension == "png");
    let body = app
        .renders
        .turns
        .run(move || file.read())
        .await?
        .map_err(Problem::internal)?;
    if is_picture {
        let picture = Representation::new(body, HeaderValue::from_static("image/png"), Caching::Behind);
        return Ok(picture.answer(&asked));
    }
    let index = Representation::new(body, HeaderValue::from_static("application/json"), Caching::Behind);
    Ok(index.answer_compressing(&asked))
}
