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

/// How far a simplified line may stray, in tile units: a quarter of a pixel on a 512-pixel tile.
const TOLERANCE: f64 = 2.0;
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
        paths.importance.shrink_to_fit();
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
            let tolerance = tolerance(zoom as i8);
            if kept(parts, &finest.paths, zoom, tolerance) * 2 <= finest.paths.points.len() {
                let coarser = thinned(parts, &finest.paths, zoom, tolerance);
                levels.push(Level::new(zoom, coarser));
            }
        }
        Self {
            levels,
            deepest: zooms.max,
        }
    }

    /// The level to read at a zoom and the least importance, in steps, of the vertices to take from it. The layer's
    /// deepest zoom is not simplified: clients magnify it. Zooms farther out than the layer's first read its coarsest
    /// level.
    pub(super) fn at(&self, zoom: i8) -> (&Level, f32) {
        let level = self
            .levels
            .iter()
            .rev()
            .find(|level| level.zoom as i8 >= zoom)
            .unwrap_or(&self.levels[0]);
        let least = if zoom >= self.deepest as i8 {
            0.0
        } else {
            tolerance(zoom)
        };
        (level, least)
    }
}

/// The tolerance of a zoom in steps.
fn tolerance(zoom: i8) -> f32 {
    (TOLERANCE / units_per_step(zoom)) as f32
}

/// Whether the vertices of a part are needed at a zoom.
fn is_needed(part: &Part, zoom: u8) -> bool {
    match part.fate(zoom as i8) {
        Fate::Draw | Fate::DrawAndTrace | Fate::Trace => true,
        Fate::Dot | Fate::Drop => false,
    }
}

/// Number of vertices that are kept at a zoom.
fn kept(parts: &[Part], paths: &Paths, zoom: u8, tolerance: f32) -> usize {
    let needed = parts.iter().enumerate().filter(|(_, part)| is_needed(part, zoom));
    needed
        .flat_map(|(index, _)| paths.paths_of(index))
        .map(|path| {
            let importance = &paths.importance[paths.range(path)];
            importance.iter().filter(|&&value| value >= tolerance).count()
        })
        .sum()
}

/// Only the vertices that are kept at a zoom, without holes that have closed. A part's first path always stays, so that
/// what is first remains the exterior; with fewer than three vertices it draws nothing.
fn thinned(parts: &[Part], paths: &Paths, zoom: u8, tolerance: f32) -> Paths {
    let mut thin = Paths::default();
    for (index, part) in parts.iter().enumerate() {
        if is_needed(part, zoom) {
            for (nth, path) in paths.paths_of(index).enumerate() {
                thin_path(paths, path, tolerance, nth == 0, &mut thin);
            }
        }
        thin.end_part();
    }
    thin
}

fn thin_path(paths: &Paths, path: usize, tolerance: f32, is_first: bool, thin: &mut Paths) {
    let start = thin.points.len();
    for at in paths.range(path).filter(|&at| paths.importance[at] >= tolerance) {
        thin.points.push(paths.points[at]);
        thin.importance.push(paths.importance[at]);
    }
    if is_first || thin.points.len() >= start + 3 {
        thin.end_path();
    } else {
        thin.points.truncate(start);
        thin.importance.truncate(start);
    }
}
