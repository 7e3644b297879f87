//! Zones of a crowded tile drawn as one feature per level.
//!
//! Owns which zones those are and what the feature says: where a zone of its level is, which level, and how many zones
//! it stands for. A zone that lost all its cells to a higher level is among the number.

use geo_types::Coord;

use super::{Candidate, Renderer, Scratch};
use crate::tiles::{
    clip,
    commands::GeometryKind,
    marker::Cell,
    parts::{Fate, PartKind},
    properties::COUNT,
};

/// Properties that zones of a level have in common.
const OF_A_LEVEL: [&str; 2] = ["level", "level_rank"];
/// Properties that a merged feature has where all zones of the layer have the same.
const OF_A_LAYER: [&str; 2] = ["synthetic", "kind"];

/// Zones of one level.
#[derive(Debug)]
pub(super) struct Merged {
    rank: u8,
    /// The row of one of them.
    row: usize,
    count: u32,
    cells: Vec<Cell>,
}

impl Renderer<'_> {
    /// Whether a feature's polygons are merged with others of its level: where nothing of them is drawn but cells.
    pub(super) fn is_merged(&self, feature: &[Candidate]) -> bool {
        if !self.merges() {
            return false;
        }
        let parts = feature.iter().map(|candidate| self.part(*candidate));
        let mut polygons = parts.filter(|part| part.kind == PartKind::Polygon).peekable();
        polygons.peek().is_some()
            && (self.coarse.is_filled
                || polygons.all(|part| !matches!(part.fate(self.far), Fate::Draw | Fate::DrawAndTrace)))
    }

    /// Adds a zone and the cells it got to those of its level.
    pub(super) fn merge(&mut self, feature: &[Candidate], markers: &[(u32, Cell)]) {
        self.end_level(feature);
        let row = self.part(feature[0]).row as usize;
        let rank = self.rank(row);
        let merged = self.merged.get_or_insert_with(|| Merged {
            rank,
            row,
            count: 0,
            cells: Vec::new(),
        });
        merged.count += 1;
        merged.cells.extend(markers.iter().map(|(_, cell)| *cell));
    }

    /// Draws the merged zones if a feature is of another level: they lie below what matters more.
    pub(super) fn end_level(&mut self, feature: &[Candidate]) {
        let row = self.part(feature[0]).row as usize;
        if self.merged.as_ref().is_some_and(|merged| merged.rank != self.rank(row)) {
            self.finish_merged();
        }
    }

    /// Draws the merged zones.
    pub(super) fn finish_merged(&mut self) {
        let Some(merged) = self.merged.take() else { return };
        self.scratch.polygons.clear();
        self.scratch.commands.clear();
        self.scratch.cells = merged.cells;
        self.push_cells();
        let Scratch {
            polygons,
            overlay,
            commands,
            tags,
            ..
        } = &mut self.scratch;
        polygons.repair(overlay);
        for ring in polygons.rings() {
            commands.ring(ring);
        }
        if !commands.is_empty() {
            self.tags.shared(merged.row, &OF_A_LEVEL, &OF_A_LAYER, tags);
            self.tags.add(COUNT, merged.count.into(), tags);
            self.features.push(None, tags, GeometryKind::Polygon, commands);
        }
    }

    fn rank(&self, row: usize) -> u8 {
        self.layer.layer().level(row).map_or(0, |(rank, _)| rank)
    }

    /// The rings of a polygon at this zoom, cut to the window, in tile units.
    pub(super) fn rings(&mut self, candidate: Candidate) -> Vec<Vec<Coord<f64>>> {
        let frame = self.frame(candidate);
        let paths = &self.level.paths;
        let rings = paths.paths_of(candidate.part as usize).map(|path| {
            let range = paths.range(path);
            let (points, kept_from) = (&paths.points[range.clone()], &paths.kept_from[range]);
            let mut ring = Vec::new();
            clip::ring_in_units(
                points,
                kept_from,
                self.kept_at,
                self.level.chunks_of(path),
                &frame,
                &mut ring,
            );
            clip::cut_ring(&mut ring, &mut self.scratch.cut);
            ring
        });
        rings.collect()
    }
}
