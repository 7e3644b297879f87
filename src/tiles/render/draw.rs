//! Drawing one feature: polygons, lines and points in whole tile units.
//!
//! Owns step 3 of [`super`]: each function leaves the geometry's commands in the scratch memory.

use geo_types::Coord;

use super::{Candidate, Renderer, Scratch};
use crate::tiles::{
    clip::{self, Overlap},
    commands::{Commands, GeometryKind},
    grid::snap,
    marker::{self, Cell},
    parts::{Fate, Part, PartKind},
};

/// Holes smaller than this are filled, in square tile units, but at a layer's deepest zoom: half a pixel each way. In a
/// crowded tile pixels are larger.
const SMALLEST_HOLE: i64 = 16;

impl Renderer<'_> {
    pub(super) fn polygons(&mut self, feature: &[Candidate], markers: &[(u32, Cell)]) -> GeometryKind {
        self.scratch.polygons.clear();
        self.scratch.cells.clear();
        self.scratch.cells.extend(markers.iter().map(|(_, cell)| *cell));
        let drawn = |part: &Part| {
            part.kind == PartKind::Polygon && matches!(part.fate(self.far), Fate::Draw | Fate::DrawAndTrace)
        };
        let drawn: Vec<Candidate> = feature
            .iter()
            .copied()
            .filter(|&candidate| drawn(self.part(candidate)))
            .collect();
        for &candidate in &drawn {
            self.polygon(candidate);
        }
        self.push_cells();
        let Scratch { polygons, overlay, .. } = &mut self.scratch;
        polygons.repair(overlay);
        if self.scratch.polygons.is_empty() {
            // Cutting and rounding may close what was wide enough elsewhere.
            self.scratch.polygons.clear();
            for candidate in drawn {
                if self.part(candidate).is_kept() {
                    let outline = self.outline(candidate);
                    self.cells.along(outline, |cell| self.scratch.cells.push(cell));
                }
            }
            self.push_cells();
            let Scratch { polygons, overlay, .. } = &mut self.scratch;
            polygons.repair(overlay);
        }
        for ring in self.scratch.polygons.rings() {
            self.scratch.commands.ring(ring);
        }
        GeometryKind::Polygon
    }

    /// Cuts and rounds one polygon.
    fn polygon(&mut self, candidate: Candidate) {
        let frame = self.frame(candidate);
        let paths = &self.level.paths;
        let overlap = clip::overlap(self.part(candidate).bbox, &frame);
        if overlap == Overlap::Outside {
            return;
        }
        let smallest_hole = if self.is_complete() {
            0
        } else {
            SMALLEST_HOLE << (2 * self.coarse.doublings)
        };
        let Scratch {
            ring, cut, polygons, ..
        } = &mut self.scratch;
        for (nth, path) in paths.paths_of(candidate.part as usize).enumerate() {
            let range = paths.range(path);
            let (points, kept_from) = (&paths.points[range.clone()], &paths.kept_from[range]);
            clip::ring_in_units(
                points,
                kept_from,
                self.kept_at,
                self.level.chunks_of(path),
                &frame,
                ring,
            );
            if overlap == Overlap::Partial {
                clip::cut_ring(ring, cut);
            }
            polygons.push(ring.iter().map(|&at| snap(at)), nth == 0, smallest_hole);
        }
    }

    /// Adds the collected marker cells as rectangles.
    pub(super) fn push_cells(&mut self) {
        let grid = self.cells;
        let Scratch { cells, polygons, .. } = &mut self.scratch;
        if !cells.is_empty() && !polygons.is_empty() {
            polygons.expect_overlap();
        }
        cells.sort_unstable();
        cells.dedup();
        for (cell, length) in marker::runs(cells) {
            polygons.push(grid.run(cell, length), true, 0);
        }
        cells.clear();
    }

    pub(super) fn lines(&mut self, feature: &[Candidate]) -> GeometryKind {
        for &candidate in feature {
            let part = self.part(candidate);
            if part.kind == PartKind::Line && part.fate(self.far) == Fate::Draw {
                self.line(candidate);
            }
        }
        GeometryKind::Line
    }

    /// Cuts and rounds one line; it may fall into several pieces.
    fn line(&mut self, candidate: Candidate) {
        let frame = self.frame(candidate);
        let paths = &self.level.paths;
        let is_kept = self.part(candidate).is_kept();
        let Scratch { line, commands, .. } = &mut self.scratch;
        line.clear();
        let vertices = paths
            .paths_of(candidate.part as usize)
            .flat_map(|path| paths.range(path));
        let kept = vertices
            .filter(|&at| paths.kept_from[at] <= self.kept_at)
            .map(|at| frame.units(paths.points[at]));
        let mut before: Option<Coord<f64>> = None;
        for at in kept {
            if let Some(from) = before {
                match clip::cut_segment(from, at) {
                    Some((start, end)) => {
                        if start != from {
                            end_piece(line, is_kept, commands);
                        }
                        push_distinct(line, snap(start));
                        push_distinct(line, snap(end));
                        if end != at {
                            end_piece(line, is_kept, commands);
                        }
                    }
                    None => end_piece(line, is_kept, commands),
                }
            }
            before = Some(at);
        }
        end_piece(line, is_kept, commands);
    }

    /// The points of a feature that are drawn. Gives back how many they stand for.
    pub(super) fn points(&mut self, feature: &[Candidate], first: u32, owned: &[(u32, u32)]) -> (GeometryKind, u32) {
        self.scratch.points.clear();
        let is_thinned = !self.is_complete();
        let mut count = 0;
        for (number, &candidate) in (first..).zip(feature) {
            let part = self.part(candidate);
            let is_inside = clip::overlap(part.bbox, &self.frame(candidate)) == Overlap::Inside;
            if part.kind != PartKind::Point || !is_inside {
                continue;
            }
            let claim = owned.binary_search_by_key(&number, |(owner, _)| *owner);
            if claim.is_ok() || !is_thinned {
                count += claim.map_or(1, |at| owned[at].1);
                let at = snap(self.frame(candidate).units(part.bbox.min));
                self.scratch.points.push(at);
            }
        }
        self.scratch.commands.points(&self.scratch.points);
        (GeometryKind::Point, count)
    }
}

fn push_distinct(line: &mut Vec<Coord<i32>>, at: Coord<i32>) {
    if line.last() != Some(&at) {
        line.push(at);
    }
}

/// Writes a piece of a line. One that rounding has drawn together into a vertex is a unit long if it must be seen.
fn end_piece(line: &mut Vec<Coord<i32>>, is_kept: bool, commands: &mut Commands) {
    if let ([only], true) = (&line[..], is_kept) {
        let beside = Coord { x: only.x + 1, ..*only };
        line.push(beside);
    }
    if line.len() >= 2 {
        commands.line(line);
    }
    line.clear();
}
