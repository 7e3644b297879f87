//! The roads: routes, and what closes them.
//!
//! Owns what the routes here ask alike: a mode, hazards that count, points, and roads that are there at all.

mod closures;
mod draft;
mod field;
mod hours;
mod isochrone;
mod matrix;
mod route;
mod told;

use std::sync::Arc;

pub(super) use closures::{MOST_BODY_BYTES as MOST_CLOSURE_BYTES, close, closures, reopen};
pub(super) use field::field;
pub(super) use hours::keep_hours;
pub(super) use isochrone::isochrone;
pub(super) use matrix::{MOST_BODY_BYTES as MOST_MATRIX_BYTES, matrix};
pub(super) use route::route;

// What the API description is made from.
pub(super) use closures::{__path_close, __path_closures, __path_reopen};
pub(super) use field::__path_field;
pub(super) use isochrone::__path_isochrone;
pub(super) use matrix::__path_matrix;
pub(super) use route::__path_route;

use super::{
    error::{Code, Problem},
    query::{Values, invalid, missing, shortened},
};
use crate::{
    geometry::{Datum, LonLat},
    messages::{self, Lang, Names},
    routing::{Mode, TooFar},
    world::{Concern, Roads, World},
};

/// Where closures are.
pub(super) const CLOSURES: &str = "/api/closures";

/// Where durations between many points are.
pub(super) const MATRIX: &str = "/api/matrix";

/// The roads of a world.
///
/// # Errors
/// There are none.
pub(super) fn roads(world: &World) -> Result<&Arc<Roads>, Problem> {
    let missing = || Problem::new(Code::RoadsNotLoaded).saying("route");
    world.roads.as_ref().ok_or_else(missing)
}

/// Reads `mode`, which must be given.
fn mode(values: &Values) -> Result<Mode, Problem> {
    mode_if_given(values)?.ok_or_else(|| missing("mode"))
}

/// Reads `mode`.
pub(super) fn mode_if_given(values: &Values) -> Result<Option<Mode>, Problem> {
    let words = Mode::ALL.map(|mode| (mode.as_str(), mode));
    values.word("mode", &words)
}

/// Reads `hazard`: a kind, `none` or `any`; all kinds count where it is not given.
pub(super) fn concern(values: &Values) -> Result<Concern, Problem> {
    let words: Vec<(&str, Concern)> = Concern::all().map(|concern| (concern.as_str(), concern)).collect();
    Ok(values.word("hazard", &words)?.unwrap_or_default())
}

/// Reads a point as `lon,lat`, in WGS 84 afterwards.
fn point(text: &str, name: &str, datum: Datum) -> Result<LonLat, Problem> {
    let wrong = || invalid(name, "point").with("value", shortened(text));
    let (lon, lat) = text.split_once(',').ok_or_else(wrong)?;
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    let position = degrees(lon)
        .zip(degrees(lat))
        .and_then(|(lon, lat)| LonLat::new(lon, lat).ok());
    position.map(|position| datum.to_wgs84(position)).ok_or_else(wrong)
}

/// A point with no road near, as it is answered; `name` is the point's parameter.
pub(super) fn no_road_near(far: &TooFar, name: &str) -> Problem {
    let say = |lang| mode_name(far.mode, lang);
    let mode = Names {
        zh: say(Lang::Zh),
        en: say(Lang::En),
    };
    Problem::new(Code::NoRoadNear)
        .about(name)
        .with_names("mode", mode)
        .with("limit", far.limit.0)
}

/// A mode in words.
pub(super) fn mode_name(mode: Mode, lang: Lang) -> String {
    messages::text(lang, &format!("travel.{mode}"), &[])
}

/// Rounded for an answer: to whole millimetres, or milliseconds.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
