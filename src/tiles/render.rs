//! From prepared layers to the bytes of a tile.
//!
//! 1. Find the parts whose boxes meet the tile with its buffer.
//! 2. Let parts too small to draw, and points, claim the pixels they stand for ([`super::marker`]).
//! 3. Feature by feature, in drawing order: read the vertices this zoom needs ([`super::detail`]), cut them to the
//!    window ([`super::clip`]), round them to whole units, repair what that broke ([`super::repair`]).
//! 4. Write geometry and properties ([`super::mvt`], [`super::properties`]).

mod draw;

use geo_types::Coord;
use i_overlay::core::overlay::Overlay;

use super::{
    TileCoord, TileLayer,
    detail::Level,
    grid::TileFrame,
    layer::MemoryLayer,
    marker::{self, Cell, Markers},
    mvt::{Commands, LayerWriter},
    parts::{Fate, Part, PartKind},
    properties::TileTags,
    repair::Polygons,
    source::Store,
};
use crate::catalog::fgb::FgbError;

/// Renders one tile of joined layers: an MVT 2.1 tile with one layer per [`TileLayer`] that has features in it, in
/// order. Empty where none has, and for a layer at zooms outside its range.
///
/// Extent 4096 units, buffer 64 units. The same layers and tile give the same bytes on every machine.
///
/// # Errors
/// The file of a layer on the disk can no longer be read.
pub fn render(layers: &[&TileLayer], tile: TileCoord) -> Result<Vec<u8>, FgbError> {
    let mut bytes = Vec::new();
    for layer in layers.iter().filter(|layer| layer.zooms().contains(tile.z())) {
        match layer.store() {
            Store::Memory(layer) => Renderer::new(layer, tile).run(&mut bytes),
            Store::Disk(layer) => layer.render(tile, &mut bytes)?,
        }
    }
    Ok(bytes)
}

/// A part in one of the frames it shows in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    part: u32,
    frame: u8,
}

struct Renderer<'a> {
    layer: &'a MemoryLayer,
    zoom: u8,
    level: &'a Level,
    /// Vertices of less importance are left out.
    least: f32,
    frames: Vec<TileFrame>,
    /// Sorted, so that the parts of a feature stand together and features in drawing order.
    candidates: Vec<Candidate>,
    writer: LayerWriter,
    tags: TileTags<'a>,
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

/// Pixels by the number of the candidate that got them.
type Owned = Vec<(u32, Cell)>;

impl<'a> Renderer<'a> {
    fn new(layer: &'a MemoryLayer, tile: TileCoord) -> Self {
        let (level, least) = layer.detail().at(tile.z());
        let frames: Vec<TileFrame> = TileFrame::all(tile).collect();
        let mut candidates = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            layer.in_window(frame, |part| {
                candidates.push(Candidate {
                    part,
                    frame: number as u8,
                });
            });
        }
        candidates.sort_unstable();
        Self {
            layer,
            zoom: tile.z(),
            level,
            least,
            frames,
            candidates,
            writer: LayerWriter::default(),
            tags: TileTags::new(layer.properties(), tile.z()),
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

    fn run(mut self, tile: &mut Vec<u8>) {
        let candidates = std::mem::take(&mut self.candidates);
        let (markers, points) = self.claims(&candidates);
        let (mut markers, mut points) = (&markers[..], &points[..]);
        let mut start = 0;
        let parts = self.layer.parts();
        let row = |candidate: &Candidate| parts[candidate.part as usize].row;
        for feature in candidates.chunk_by(|a, b| row(a) == row(b)) {
            let end = start + feature.len();
            let markers = take_until(&mut markers, end as u32);
            let points = take_until(&mut points, end as u32);
            self.feature(feature, start as u32, markers, points);
            start = end;
        }
        if !self.writer.is_empty() {
            let name = self.layer.layer().id().as_str();
            self.writer.finish(name, self.tags.keys(), self.tags.values(), tile);
        }
    }

    fn part(&self, candidate: Candidate) -> &'a Part {
        &self.layer.parts()[candidate.part as usize]
    }

    fn frame(&self, candidate: Candidate) -> TileFrame {
        self.frames[usize::from(candidate.frame)]
    }

    /// Whether this is the layer's deepest zoom, where nothing is left out.
    fn is_deepest(&self) -> bool {
        self.zoom >= self.layer.zooms().max
    }

    /// Who gets which pixel: of markers, and of points where they are thinned to one per pixel.
    fn claims(&self, candidates: &[Candidate]) -> (Owned, Owned) {
        let (mut markers, mut points) = (Markers::default(), Markers::default());
        for (number, &candidate) in candidates.iter().enumerate() {
            let (part, frame, number) = (self.part(candidate), self.frame(candidate), number as u32);
            match (part.kind, part.fate(self.zoom)) {
                (PartKind::Point, _) if !self.is_deepest() => {
                    if let Some(cell) = Cell::over(frame.units(part.bbox.min)) {
                        points.claim(cell, number);
                    }
                }
                (PartKind::Polygon, Fate::Dot) => {
                    if let Some(cell) = Cell::over(frame.units(part.bbox.centre())) {
                        markers.claim(cell, number);
                    }
                }
                (PartKind::Polygon, Fate::DrawAndTrace | Fate::Trace) => {
                    marker::along(self.outline(candidate), |cell| markers.claim(cell, number));
                }
                _ => {}
            }
        }
        (markers.owned(), points.owned())
    }

    /// The exterior of a polygon at this zoom in tile units, its first vertex repeated at the end.
    fn outline(&self, candidate: Candidate) -> impl Iterator<Item = Coord<f64>> + use<'a> {
        let (paths, least, frame) = (&self.level.paths, self.least, self.frame(candidate));
        let vertices = paths
            .paths_of(candidate.part as usize)
            .take(1)
            .flat_map(|path| paths.range(path));
        let kept = vertices
            .filter(move |&at| paths.importance[at] >= least)
            .map(|at| paths.points[at]);
        kept.clone().chain(kept.take(1)).map(move |point| frame.units(point))
    }

    /// Writes a feature, once per kind of geometry it has here. `first` is the number of its first candidate.
    fn feature(&mut self, feature: &[Candidate], first: u32, markers: &[(u32, Cell)], points: &[(u32, Cell)]) {
        let row = self.part(feature[0]).row as usize;
        let mut is_tagged = false;
        for kind in [PartKind::Polygon, PartKind::Line, PartKind::Point] {
            if !feature.iter().any(|candidate| self.part(*candidate).kind == kind) {
                continue;
            }
            self.scratch.commands.clear();
            let kind = match kind {
                PartKind::Polygon => self.polygons(feature, markers),
                PartKind::Line => self.lines(feature),
                PartKind::Point => self.points(feature, first, points),
            };
            if self.scratch.commands.is_empty() {
                continue;
            }
            if !is_tagged {
                self.tags.of(row, &mut self.scratch.tags);
                is_tagged = true;
            }
            self.writer
                .feature(row as u64 + 1, &self.scratch.tags, kind, &self.scratch.commands);
        }
    }
}

/// Splits off the claims of candidates before `end`.
fn take_until<'c>(claims: &mut &'c [(u32, Cell)], end: u32) -> &'c [(u32, Cell)] {
    let count = claims.partition_point(|(owner, _)| *owner < end);
    let (taken, rest) = claims.split_at(count);
    *claims = rest;
    taken
}
