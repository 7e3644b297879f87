//! Streets with the minutes that it takes from them: where it takes long shows at every zoom.
//!
//! Owns a layer whose lines stay while their values change: the lines are prepared once ([`Streets`]), and every change lays
//! new values over them ([`MinutesLayer`]). Close up each street is a line; farther out a tile is cut into cells, and each cell with
//! streets in it is a point that says the worst of them. What the values mean is decided above.

use std::{collections::BTreeMap, sync::Arc};

use geo_types::Coord;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::{
    EXTENT, TileCoord,
    clip::cut_segment,
    commands::{Commands, GeometryKind},
    drawn::{DrawnLayer, Features},
    grid::{GridBox, GridPoint, TileFrame, snap},
    properties::{COUNT, LooseTags, PropertyInfo},
    value::TagValue,
};
use crate::{
    catalog::{FieldKind, LayerManifest, LayerVersion},
    geometry::{BBox, LonLat},
};

/// The first zoom at which streets are lines.
pub const LINES_FROM: u8 = 13;

/// Side of a cell, tile units: four of the 512 pixels that a tile is drawn with.
const CELL: i32 = 32;

/// Vertices nearer than so many tile units to the one before are left out: half a pixel.
const NEAR_UNITS: i32 = 4;

const MINUTES: &str = "minutes";
const SAFE: &str = "safe";
const CUT_OFF: &str = "cut_off";
const SYNTHETIC: &str = "synthetic";

type Indexed = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// The lines of streets, ready to be drawn. 8 bytes a vertex and about 50 a street.
#[derive(Debug)]
pub struct Streets {
    points: Vec<GridPoint>,
    /// Where the vertices of each street begin; one entry more than streets.
    from: Vec<u32>,
    tree: RTree<Indexed>,
    bbox: Option<BBox>,
}

impl Streets {
    /// Prepares streets, each a line of at least two positions. O(n log n).
    pub fn new<L: Iterator<Item = LonLat>>(streets: impl Iterator<Item = L>, bbox: Option<BBox>) -> Self {
        let (mut points, mut from) = (Vec::new(), vec![0]);
        let mut boxes: Vec<Indexed> = Vec::new();
        for (number, street) in (0..).zip(streets) {
            let start = points.len();
            points.extend(street.map(|at| GridPoint::from_degrees(at.into())));
            from.push(points.len() as u32);
            if let Some(bounds) = GridBox::around(points[start..].iter().copied()) {
                let corner = |at: GridPoint| [f64::from(at.x), f64::from(at.y)];
                let bounds = Rectangle::from_corners(corner(bounds.min), corner(bounds.max));
                boxes.push(GeomWithData::new(bounds, number));
            }
        }
        Self {
            points,
            from,
            tree: RTree::bulk_load(boxes),
            bbox,
        }
    }

    fn line(&self, street: u32) -> &[GridPoint] {
        let [from, to] = [street as usize, street as usize + 1].map(|at| self.from[at] as usize);
        &self.points[from..to]
    }

    /// The streets whose boxes meet the tile with its buffer, in their order.
    fn in_window(&self, frame: &TileFrame) -> Vec<u32> {
        let [west, north, east, south] = frame.window();
        let window = AABB::from_corners([west, north], [east, south]);
        let found = self.tree.locate_in_envelope_intersecting(window);
        let mut streets: Vec<u32> = found.map(|found| found.data).collect();
        streets.sort_unstable();
        streets
    }
}

/// What is known of a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreetMinutes {
    /// It counts for nothing here, and is not drawn.
    Unused,
    /// From anywhere on it, it takes at most so many minutes.
    Within {
        /// How many, rounded up.
        minutes: u16,
        /// Whether the way leads through no danger.
        safe: bool,
    },
    /// From somewhere on it there is no way.
    CutOff,
}

/// Streets with their minutes, as a layer.
#[derive(Debug)]
pub struct MinutesLayer {
    /// Id, names, source and zooms.
    pub manifest: LayerManifest,
    /// Identifies the values and the streets.
    pub version: LayerVersion,
    /// The lines.
    pub streets: Arc<Streets>,
    /// For each street.
    pub minutes: Vec<StreetMinutes>,
}

/// The streets of a cell together.
#[derive(Debug, Clone, Copy)]
struct Cell {
    worst: u16,
    safe: bool,
    cut_off: u32,
    count: u32,
}

impl Cell {
    const EMPTY: Self = Self {
        worst: 0,
        safe: true,
        cut_off: 0,
        count: 0,
    };

    fn add(&mut self, street: StreetMinutes) {
        self.count += 1;
        match street {
            StreetMinutes::Within { minutes, safe } => {
                self.worst = self.worst.max(minutes);
                self.safe &= safe;
            }
            StreetMinutes::CutOff => self.cut_off += 1,
            StreetMinutes::Unused => {}
        }
    }
}

impl MinutesLayer {
    /// Name, type and first zoom of each property.
    pub(super) fn properties() -> Vec<PropertyInfo<'static>> {
        let properties = [
            (MINUTES, FieldKind::Int),
            (SAFE, FieldKind::Bool),
            (CUT_OFF, FieldKind::Int),
            (SYNTHETIC, FieldKind::Bool),
        ];
        let info = |(name, kind)| PropertyInfo {
            name,
            kind,
            from_zoom: 0,
        };
        properties.into_iter().map(info).collect()
    }

    pub(super) fn bbox(&self) -> Option<BBox> {
        self.streets.bbox
    }

    /// Whether a street may show in a tile or in one below it.
    pub(super) fn touches(&self, tile: TileCoord) -> bool {
        TileFrame::all(tile).any(|frame| !self.streets.in_window(&frame).is_empty())
    }

    /// Draws what a tile shows: lines close up where they are not too many, else cells of `degree` doublings.
    /// O(streets in the tile).
    pub(super) fn draw(&self, tile: TileCoord, degree: u8) -> DrawnLayer<'_> {
        let is_drawn = self.manifest.zoom.contains(tile.z());
        let frames: Vec<TileFrame> = TileFrame::all(tile).filter(|_| is_drawn).collect();
        let mut drawing = Drawing {
            layer: self,
            features: Features::default(),
            tags: LooseTags::default(),
            commands: Commands::default(),
        };
        let in_window = if tile.z() >= LINES_FROM && degree == 0 {
            drawing.lines(&frames)
        } else {
            drawing.cells(&frames, CELL << degree.min(5))
        };
        DrawnLayer {
            name: self.manifest.id.as_str(),
            features: drawing.features,
            table: drawing.tags.into_table(),
            in_window,
        }
    }
}

/// A tile while it is drawn.
struct Drawing<'a> {
    layer: &'a MinutesLayer,
    features: Features,
    tags: LooseTags<'a>,
    commands: Commands,
}

impl Drawing<'_> {
    /// Streets as lines, each of them once in every frame that it shows in. Gives how many are in the window.
    fn lines(&mut self, frames: &[TileFrame]) -> u32 {
        let mut in_window = 0;
        let mut line = Vec::new();
        for frame in frames {
            for street in self.layer.streets.in_window(frame) {
                let known = self.layer.minutes[street as usize];
                if known == StreetMinutes::Unused {
                    continue;
                }
                in_window += 1;
                self.commands.clear();
                cut(self.layer.streets.line(street), frame, &mut line, &mut self.commands);
                if !self.commands.is_empty() {
                    let mut alone = Cell::EMPTY;
                    alone.add(known);
                    self.push(Some(u64::from(street) + 1), alone, GeometryKind::Line);
                }
            }
        }
        in_window
    }

    /// Cells as points in their middles; a street is in the cell that its middle vertex is in.
    fn cells(&mut self, frames: &[TileFrame], side: i32) -> u32 {
        let mut cells: BTreeMap<(i32, i32), Cell> = BTreeMap::new();
        let mut in_window = 0;
        for frame in frames {
            for street in self.layer.streets.in_window(frame) {
                let known = self.layer.minutes[street as usize];
                let line = self.layer.streets.line(street);
                let at = snap(frame.units(line[line.len() / 2]));
                let is_inside = (0..EXTENT).contains(&at.x) && (0..EXTENT).contains(&at.y);
                if known != StreetMinutes::Unused && is_inside {
                    in_window += 1;
                    cells
                        .entry((at.y / side, at.x / side))
                        .or_insert(Cell::EMPTY)
                        .add(known);
                }
            }
        }
        for ((row, column), cell) in cells {
            let [x, y] = [column, row].map(|number| number * side + side / 2);
            self.commands.clear();
            self.commands.points(&[Coord { x, y }]);
            self.push(None, cell, GeometryKind::Point);
        }
        in_window
    }

    fn push(&mut self, id: Option<u64>, cell: Cell, kind: GeometryKind) {
        let tags = &mut self.tags;
        tags.pairs.clear();
        if cell.cut_off < cell.count {
            tags.put((MINUTES, FieldKind::Int), TagValue::Int(cell.worst.into()));
            tags.put((SAFE, FieldKind::Bool), TagValue::Bool(cell.safe));
        }
        if cell.cut_off > 0 {
            tags.put((CUT_OFF, FieldKind::Int), TagValue::Int(cell.cut_off.into()));
        }
        if cell.count > 1 {
            tags.put((COUNT, FieldKind::Int), TagValue::Int(cell.count.into()));
        }
        let synthetic = self.layer.manifest.synthetic;
        tags.put((SYNTHETIC, FieldKind::Bool), TagValue::Bool(synthetic));
        self.features.push(id, &tags.pairs, kind, &self.commands);
    }
}

/// Cuts a line to the window and notes what is left of it: one line or several.
fn cut(points: &[GridPoint], frame: &TileFrame, line: &mut Vec<Coord<i32>>, commands: &mut Commands) {
    let mut end = |line: &mut Vec<Coord<i32>>| {
        if line.len() > 1 {
            commands.line(line);
        }
        line.clear();
    };
    line.clear();
    for (after, pair) in (1..).zip(points.windows(2)) {
        let [from, to] = [pair[0], pair[1]].map(|point| frame.units(point));
        let Some((enters, leaves)) = cut_segment(from, to) else {
            end(line);
            continue;
        };
        if line.is_empty() {
            line.push(snap(enters));
        }
        let at = snap(leaves);
        let is_near = line
            .last()
            .is_some_and(|last| (last.x - at.x).abs().max((last.y - at.y).abs()) < NEAR_UNITS);
        let (is_cut, is_last) = (leaves != to, after + 1 == points.len());
        if !is_near || ((is_last || is_cut) && line.last() != Some(&at)) {
            line.push(at);
        }
        if is_cut {
            end(line);
        }
    }
    end(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::{Meaning, Role, ZoomRange},
        geometry::Mercator,
        messages::Names,
        tiles::{TileLayer, commands::paths},
    };

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    fn layer(streets: Vec<Vec<LonLat>>, minutes: Vec<StreetMinutes>) -> MinutesLayer {
        MinutesLayer {
            manifest: LayerManifest {
                id: "minutes_to_shelter_foot".parse().unwrap(),
                role: Role::Road,
                kind: None,
                names: Names {
                    zh: "分钟".to_owned(),
                    en: "minutes".to_owned(),
                },
                file: String::new(),
                source: "invented".to_owned(),
                licence: "CC0-1.0".to_owned(),
                vintage: "2026".to_owned(),
                synthetic: true,
                zoom: ZoomRange { min: 5, max: 15 },
                attributes: Meaning::default(),
                hazard: None,
            },
            version: LayerVersion(1),
            streets: Arc::new(Streets::new(streets.into_iter().map(Vec::into_iter), None)),
            minutes,
        }
    }

    fn tile(zoom: u8) -> TileCoord {
        TileCoord::containing(Mercator::project(119.3, 26.07), zoom)
    }

    const NEAR: StreetMinutes = StreetMinutes::Within { minutes: 3, safe: true };
    const FAR: StreetMinutes = StreetMinutes::Within {
        minutes: 41,
        safe: false,
    };

    fn told(layer: &DrawnLayer<'_>) -> Vec<Vec<(String, String)>> {
        let pairs = |tags: &[u32]| {
            let pair = |pair: &[u32]| {
                let value = TagValue::decode(&layer.table.values[pair[1] as usize]).unwrap();
                (layer.table.keys[pair[0] as usize].0.to_string(), format!("{value:?}"))
            };
            tags.chunks(2).map(pair).collect()
        };
        layer.features.iter().map(|feature| pairs(feature.tags)).collect()
    }

    #[test]
    fn close_up_streets_are_lines_and_what_nobody_uses_is_not_drawn() {
        let street = |north: f64| {
            vec![
                at(119.3, 26.07 + north),
                at(119.3005, 26.0702 + north),
                at(119.301, 26.07 + north),
            ]
        };
        let layer = layer(
            vec![street(0.0), street(0.0005), street(0.001)],
            vec![NEAR, StreetMinutes::Unused, StreetMinutes::CutOff],
        );
        let drawn = layer.draw(tile(15), 0);
        assert_eq!(drawn.in_window, 2);
        insta::assert_debug_snapshot!(told(&drawn));
        let lines: Vec<_> = drawn
            .features
            .iter()
            .map(|feature| paths(feature.words)[0].len())
            .collect();
        assert_eq!(lines, [3, 3]);
        let ids: Vec<_> = drawn.features.iter().map(|feature| feature.id).collect();
        assert_eq!(ids, [Some(1), Some(3)]);
        assert!(layer.draw(tile(16), 0).features.is_empty(), "beyond its last zoom");
    }

    #[test]
    fn farther_out_a_cell_says_the_worst_of_its_streets() {
        let street = |east: f64| vec![at(119.3 + east, 26.07), at(119.3001 + east, 26.0701)];
        let streets = [0.0, 0.0001, 0.0002, -0.4].map(street).to_vec();
        let layer = layer(streets, vec![NEAR, FAR, StreetMinutes::CutOff, NEAR]);
        let drawn = layer.draw(tile(8), 0);
        assert_eq!((drawn.in_window, drawn.features.iter().count()), (4, 2));
        insta::assert_debug_snapshot!(told(&drawn));
        // A crowded tile has larger cells.
        let coarse = layer.draw(tile(8), 5);
        assert!(coarse.features.iter().count() <= 2);
    }

    /// A line that leaves the tile and comes back is drawn in two pieces, each cut at the buffer.
    #[test]
    fn lines_are_cut_at_the_window() {
        let frame = TileFrame::new(tile(14), 0);
        let [west, north, east, south] = frame.window();
        let inside = |x: f64, y: f64| GridPoint {
            x: (west + (east - west) * x) as i32,
            y: (north + (south - north) * y) as i32,
        };
        let mut commands = Commands::default();
        let points = [inside(0.5, 0.5), inside(1.5, 0.5), inside(1.5, 0.7), inside(0.5, 0.7)];
        cut(&points, &frame, &mut Vec::new(), &mut commands);
        let pieces = paths(commands.words());
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert!(pieces.iter().flatten().all(|at| at.x <= EXTENT + crate::tiles::BUFFER));
    }

    #[test]
    fn it_can_be_joined_and_described_like_any_layer() {
        let streets = vec![vec![at(119.3, 26.07), at(119.301, 26.07)]];
        let layer = TileLayer::of_minutes(layer(streets, vec![NEAR]));
        let described = crate::tiles::tilejson(&[&layer], "", crate::tiles::Encoding::Mlt);
        let fields: Vec<&String> = described.vector_layers[0].fields.keys().collect();
        assert_eq!(fields, ["count", "cut_off", "minutes", "safe", "synthetic"]);
        assert!(layer.touches(tile(6)));
    }
}
