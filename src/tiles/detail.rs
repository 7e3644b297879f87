//! Levels of detail: the vertices worth reading at each zoom.
//!
//! Owns the tolerance of each zoom and the stored levels. A level holds, for its zoom, exactly the vertices that are
//! important enough and the parts that are drawn; coarser zooms are filtered from the nearest stored level, and a new
//! level is stored only when it halves the one before, so that all levels together hold at most twice the vertices.

use super::{
    grid::{GridBox, units_per_step},
    parts::{Fate, Part, Paths},
};
use crate::catalog::ZoomRange;

/// How far a simplified line may stray, in tile units: a quarter of a pixel on a 512-pixel tile. A power of two, as are the
/// steps of the world grid in a tile unit: the tolerance of each zoom is half that of the zoom before.
const TOLERANCE: f64 = 2.0;
/// Keeps every vertex.
const ALL: i8 = i8::MAX;
/// Vertices per chunk of a long path.
pub(super) const CHUNK: usize = 64;
/// Paths with fewer vertices are not worth chunk boxes.
const LONG: usize = 4 * CHUNK;

/// The vertices for some zooms.
#[derive(Debug)]
pub(super) struct Level {
    /// The deepest zoom this level has enough detail for.
    zoom: u8,
    pub(super) paths: Paths,
    /// Boxes around each [`CHUNK`] vertices of the long paths.
    chunks: Vec<GridBox>,
    /// Where each path's boxes end in `chunks`.
    chunk_ends: Vec<u32>,
}

impl Level {
    fn new(zoom: u8, mut paths: Paths) -> Self {
        paths.points.shrink_to_fit();
        paths.kept_from.shrink_to_fit();
        let (mut chunks, mut chunk_ends) = (Vec::new(), Vec::new());
        for path in 0..paths.path_count() {
            let points = &paths.points[paths.range(path)];
            if points.len() >= LONG {
                chunks.extend(
                    points
                        .chunks(CHUNK)
                        .filter_map(|chunk| GridBox::around(chunk.iter().copied())),
                );
            }
            chunk_ends.push(chunks.len() as u32);
        }
        Self {
            zoom,
            paths,
            chunks,
            chunk_ends,
        }
    }

    /// The boxes around each [`CHUNK`] vertices of a path; none for a short path.
    pub(super) fn chunks_of(&self, path: usize) -> &[GridBox] {
        let start = path.checked_sub(1).map_or(0, |before| self.chunk_ends[before]);
        &self.chunks[start as usize..self.chunk_ends[path] as usize]
    }
}

/// All stored levels of a layer, finest first.
#[derive(Debug)]
pub(super) struct Detail {
    levels: Vec<Level>,
    deepest: u8,
}

impl Detail {
    /// Stores the levels for a range of zooms. O(zooms × vertices) at worst.
    pub(super) fn new(parts: &[Part], paths: Paths, zooms: ZoomRange) -> Self {
        let mut levels = vec![Level::new(zooms.max, paths)];
        for zoom in (zooms.min..zooms.max).rev() {
            let finest = &levels[levels.len() - 1];
            if kept(parts, &finest.paths, zoom) * 2 <= finest.paths.points.len() {
                let coarser = thinned(parts, &finest.paths, zoom);
                levels.push(Level::new(zoom, coarser));
            }
        }
        Self {
            levels,
            deepest: zooms.max,
        }
    }

    /// The level to read at a zoom, and the zoom from which on the vertices to take from it are kept. The layer's
    /// deepest zoom is not simplified: clients magnify it. Zooms farther out than the layer's first read its coarsest
    /// level.
    pub(super) fn at(&self, zoom: i8) -> (&Level, i8) {
        let level = self
            .levels
            .iter()
            .rev()
            .find(|level| level.zoom as i8 >= zoom)
            .unwrap_or(&self.levels[0]);
        (level, if zoom >= self.deepest as i8 { ALL } else { zoom })
    }
}

/// The tolerance of a zoom in steps.
fn tolerance(zoom: i8) -> f32 {
    (TOLERANCE / units_per_step(zoom)) as f32
}

/// The first zoom at which a vertex of some importance, in steps, is kept: whose tolerance it reaches.
pub(super) fn kept_from(importance: f32) -> i8 {
    // Tolerances are powers of two: whether one is reached is a question of the exponent.
    let exponent = |value: f32| (value.to_bits() >> 23) as i16 - 127;
    i8::try_from(exponent(tolerance(0)) - exponent(importance)).unwrap_or(ALL)
}

/// Whether the vertices of a part are needed at a zoom.
fn is_needed(part: &Part, zoom: u8) -> bool {
    match part.fate(zoom as i8) {
        Fate::Draw | Fate::DrawAndTrace | Fate::Trace => true,
        Fate::Dot | Fate::Drop => false,
    }
}

/// Number of vertices that are kept at a zoom.
fn kept(parts: &[Part], paths: &Paths, zoom: u8) -> usize {
    let needed = parts.iter().enumerate().filter(|(_, part)| is_needed(part, zoom));
    needed
        .flat_map(|(index, _)| paths.paths_of(index))
        .map(|path| {
            let kept_from = &paths.kept_from[paths.range(path)];
            kept_from.iter().filter(|&&from| from <= zoom as i8).count()
        })
        .sum()
}

/// Only the vertices that are kept at a zoom, without holes that have closed. A part's first path always stays, so that
/// what is first remains the exterior; with fewer than three vertices it draws nothing.
fn thinned(parts: &[Part], paths: &Paths, zoom: u8) -> Paths {
    let mut thin = Paths::default();
    for (index, part) in parts.iter().enumerate() {
        if is_needed(part, zoom) {
            for (nth, path) in paths.paths_of(index).enumerate() {
                thin_path(paths, path, zoom, nth == 0, &mut thin);
            }
        }
        thin.end_part();
    }
    thin
}

fn thin_path(paths: &Paths, path: usize, zoom: u8, is_first: bool, thin: &mut Paths) {
    let start = thin.points.len();
    for at in paths.range(path).filter(|&at| paths.kept_from[at] <= zoom as i8) {
        thin.points.push(paths.points[at]);
        thin.kept_from.push(paths.kept_from[at]);
    }
    if is_first || thin.points.len() >= start + 3 {
        thin.end_path();
    } else {
        thin.points.truncate(start);
        thin.kept_from.truncate(start);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::simplify::ALWAYS, *};

    #[test]
    fn what_always_matters_is_kept_everywhere_and_what_never_does_only_where_all_is() {
        assert!(kept_from(ALWAYS) < -16);
        assert_eq!(kept_from(0.0), ALL);
    }

    proptest! {
        #[test]
        fn a_vertex_is_kept_where_it_reaches_the_tolerance(importance in prop_oneof![0.0_f32..1e3, 1e-30_f32..1e10], zoom in -16_i8..=24) {
            for importance in [importance, tolerance(zoom), tolerance(zoom).next_down(), tolerance(zoom).next_up()] {
                prop_assert_eq!(kept_from(importance) <= zoom, importance >= tolerance(zoom), "{} at {}", importance, zoom);
            }
        }
    }
}
