//! From a prepared layer to what a tile shows of it.
//!
//! 1. Find the parts whose boxes meet the tile with its buffer.
//! 2. Let parts too small to draw, and points, claim the pixels they stand for ([`super::marker`]).
//! 3. Feature by feature, in drawing order: read the vertices this zoom needs ([`super::detail`]), cut them to the
//!    window ([`super::clip`]), round them to whole units, repair what that broke ([`super::repair`]).
//! 4. Note geometry and properties ([`super::drawn`], [`super::properties`]).
//!
//! A crowded layer is drawn coarser ([`coarse`]), its small zones merged by level (`merge`).

mod coarse;
mod draw;
mod merge;

use geo_types::Coord;
use i_overlay::core::overlay::Overlay;

pub(super) use coarse::COARSEST;
use coarse::Coarseness;
use merge::Merged;

use super::{
    TileCoord,
    commands::Commands,
    detail::Level,
    drawn::{DrawnLayer, Features},
    grid::TileFrame,
    layer::MemoryLayer,
    marker::{Cell, CellGrid, Markers},
    parts::{Fate, Part, PartKind},
    properties::{COUNT, TileTags},
    repair::Polygons,
};
use crate::catalog::Role;

/// Draws what a tile shows of a layer, the coarser the higher the degree (0 to [`COARSEST`]); nothing at zooms outside
/// the layer's range. The same layer, tile and degree give the same drawing on every machine.
pub(super) fn draw(layer: &MemoryLayer, tile: TileCoord, degree: u8) -> DrawnLayer<'_> {
    Renderer::new(layer, tile, degree).run()
}

/// A part in one of the frames it shows in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    part: u32,
    frame: u8,
}

struct Renderer<'a> {
    layer: &'a MemoryLayer,
    coarse: Coarseness,
    /// The zoom whose rules say what is drawn: farther out than the tile's own where it is crowded.
    far: i8,
    level: &'a Level,
    /// Vertices that are kept only from deeper zooms on are left out.
    kept_at: i8,
    frames: Vec<TileFrame>,
    cells: CellGrid,
    /// Sorted, so that the parts of a feature stand together and features in drawing order.
    candidates: Vec<Candidate>,
    features: Features,
    tags: TileTags<'a>,
    /// Small zones of the level that is being drawn.
    merged: Option<Merged>,
    scratch: Scratch,
}

/// Memory used again for every feature.
struct Scratch {
    ring: Vec<Coord<f64>>,
    cut: Vec<Coord<f64>>,
    polygons: Polygons,
    overlay: Overlay,
    commands: Commands,
    line: Vec<Coord<i32>>,
    points: Vec<Coord<i32>>,
    cells: Vec<Cell>,
    tags: Vec<u32>,
}

/// Who got what, by the number of the candidate.
#[derive(Default)]
struct Claims {
    /// Pixels of markers.
    markers: Vec<(u32, Cell)>,
    /// Points that are drawn, with how many points each stands for; empty where all are drawn.
    points: Vec<(u32, u32)>,
}

impl<'a> Renderer<'a> {
    fn new(layer: &'a MemoryLayer, tile: TileCoord, degree: u8) -> Self {
        let coarse = Coarseness::new(layer.layer().role(), degree);
        let far = tile.z() as i8 - coarse.doublings as i8;
        let (level, kept_at) = layer.detail().at(far);
        let frames: Vec<TileFrame> = TileFrame::all(tile).collect();
        let mut candidates = Vec::new();
        if layer.zooms().contains(tile.z()) {
            for (number, frame) in frames.iter().enumerate() {
                layer.in_window(frame, |part| {
                    candidates.push(Candidate {
                        part,
                        frame: number as u8,
                    });
                });
            }
        }
        candidates.sort_unstable();
        Self {
            layer,
            coarse,
            far,
            level,
            kept_at,
            frames,
            cells: CellGrid::new(coarse.doublings),
            candidates,
            features: Features::default(),
            tags: TileTags::new(layer.properties(), tile.z()),
            merged: None,
            scratch: Scratch {
                ring: Vec::new(),
                cut: Vec::new(),
                polygons: Polygons::default(),
                overlay: Overlay::new(0),
                commands: Commands::default(),
                line: Vec::new(),
                points: Vec::new(),
                cells: Vec::new(),
                tags: Vec::new(),
            },
        }
    }

    fn run(mut self) -> DrawnLayer<'a> {
        let candidates = std::mem::take(&mut self.candidates);
        let claims = self.claims(&candidates);
        let (mut markers, mut points) = (&claims.markers[..], &claims.points[..]);
        let parts = self.layer.parts();
        let row = move |candidate: &Candidate| parts[candidate.part as usize].row;
        let features = || candidates.chunk_by(move |a, b| row(a) == row(b));
        let kept = self.kept(features());
        let (mut start, mut in_window) = (0, 0);
        for feature in features() {
            let end = start + feature.len();
            let markers = take_until(&mut markers, end as u32);
            let points = take_until(&mut points, end as u32);
            if self.is_merged(feature) {
                self.merge(feature, markers);
            } else {
                self.end_level(feature);
            }
            if kept.as_ref().is_none_or(|kept| kept[in_window]) {
                self.feature(feature, start as u32, markers, points);
            }
            start = end;
            in_window += 1;
        }
        self.finish_merged();
        DrawnLayer {
            name: self.layer.layer().id().as_str(),
            features: self.features,
            table: self.tags.finish(),
            in_window: in_window as u32,
        }
    }

    fn part(&self, candidate: Candidate) -> &'a Part {
        &self.layer.parts()[candidate.part as usize]
    }

    fn frame(&self, candidate: Candidate) -> TileFrame {
        self.frames[usize::from(candidate.frame)]
    }

    /// Whether nothing is left out: at the layer's deepest zoom, unless the tile is crowded.
    fn is_complete(&self) -> bool {
        self.far >= self.layer.zooms().max as i8
    }

    /// Who gets which pixel: of markers, and of points where they are thinned to one per pixel.
    fn claims(&mut self, candidates: &[Candidate]) -> Claims {
        let grid = self.cells;
        let (mut markers, mut points) = (Markers::new(grid), Markers::new(grid));
        for (number, &candidate) in candidates.iter().enumerate() {
            let (part, frame, number) = (self.part(candidate), self.frame(candidate), number as u32);
            match (part.kind, part.fate(self.far)) {
                (PartKind::Point, _) if !self.is_complete() => {
                    if let Some(cell) = grid.over(frame.units(part.bbox.min)) {
                        points.claim_counting(cell, number);
                    }
                }
                (PartKind::Polygon, Fate::Dot) => {
                    if let Some(cell) = grid.over(frame.units(part.bbox.centre())) {
                        markers.claim(cell, number);
                    }
                }
                (PartKind::Polygon, Fate::Draw | Fate::DrawAndTrace) if self.coarse.is_filled => {
                    grid.along(self.outline(candidate), |cell| markers.claim(cell, number));
                    let rings = self.rings(candidate);
                    grid.within(&rings, |cell| markers.claim(cell, number));
                }
                (PartKind::Polygon, Fate::DrawAndTrace | Fate::Trace) => {
                    grid.along(self.outline(candidate), |cell| markers.claim(cell, number));
                }
                _ => {}
            }
        }
        let counted = points.owned().into_iter();
        Claims {
            markers: markers.owned(),
            points: counted.map(|(owner, cell)| (owner, points.claims(cell))).collect(),
        }
    }

    /// The exterior of a polygon at this zoom in tile units, its first vertex repeated at the end.
    fn outline(&self, candidate: Candidate) -> impl Iterator<Item = Coord<f64>> + use<'a> {
        let (paths, kept_at, frame) = (&self.level.paths, self.kept_at, self.frame(candidate));
        let vertices = paths
            .paths_of(candidate.part as usize)
            .take(1)
            .flat_map(|path| paths.range(path));
        let kept = vertices
            .filter(move |&at| paths.kept_from[at] <= kept_at)
            .map(|at| paths.points[at]);
        kept.clone().chain(kept.take(1)).map(move |point| frame.units(point))
    }

    /// Notes a feature, once per kind of geometry it has here, but for polygons that are merged with others. `first` is
    /// the number of its first candidate.
    fn feature(&mut self, feature: &[Candidate], first: u32, markers: &[(u32, Cell)], points: &[(u32, u32)]) {
        let row = self.part(feature[0]).row as usize;
        let id = self.layer.layer().row_in_file(row) as u64 + 1;
        let stands_for = self.layer.stands_for(row);
        let is_merged = self.is_merged(feature);
        let mut is_tagged = false;
        for kind in [PartKind::Polygon, PartKind::Line, PartKind::Point] {
            let is_missing = !feature.iter().any(|candidate| self.part(*candidate).kind == kind);
            if is_missing || (is_merged && kind == PartKind::Polygon) {
                continue;
            }
            self.scratch.commands.clear();
            let mut count = 0;
            let kind = match kind {
                PartKind::Polygon => self.polygons(feature, markers),
                PartKind::Line => self.lines(feature),
                PartKind::Point => {
                    let (kind, points) = self.points(feature, first, points);
                    count = points;
                    kind
                }
            };
            if self.scratch.commands.is_empty() {
                continue;
            }
            if !is_tagged {
                self.tags.of(row, &mut self.scratch.tags);
                if stands_for > 1 {
                    self.tags.add(COUNT, stands_for.into(), &mut self.scratch.tags);
                }
                is_tagged = true;
            }
            if stands_for == 1 && count as usize > self.scratch.points.len() {
                // Points are the last kind, so that the count is not among the tags of another.
                self.tags.add(COUNT, count.into(), &mut self.scratch.tags);
            }
            self.features
                .push(Some(id), &self.scratch.tags, kind, &self.scratch.commands);
        }
    }

    /// Whether zones are merged: only in crowded tiles.
    fn merges(&self) -> bool {
        self.coarse.degree > 0 && self.layer.layer().role() == Role::HazardZone
    }
}

/// Splits off the claims of candidates before `end`.
fn take_until<'c, T>(claims: &mut &'c [(u32, T)], end: u32) -> &'c [(u32, T)] {
    let count = claims.partition_point(|(owner, _)| *owner < end);
    let (taken, rest) = claims.split_at(count);
    *claims = rest;
    taken
}
