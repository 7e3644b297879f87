//! The outline of what is reached: polygons that hold every reached street and no other.
//!
//! Owns the plane geometry, in metres: streets in, polygons out. The streets' vertices are triangulated with the streets as
//! edges (constrained Delaunay triangulation; L. P. Chew, 1989); the outline cuts every edge between a reached vertex and another
//! in its middle, so that it runs halfway between reached streets and others. Beyond the last street it stays about
//! [`Streets::margin`] away. Where a reached street crosses over or under another, the spot counts as reached.

use geo_types::{Coord, LineString, MultiPolygon};
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};
use rustc_hash::{FxHashMap, FxHashSet};
use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, Triangulation as _};

use super::{rings, simplify};

/// Streets as lines in a plane, in metres. A line has at least one position.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Streets {
    /// Those, or the parts of those, that are reached.
    pub(super) reached: Vec<Vec<Coord<f64>>>,
    /// The others around.
    pub(super) others: Vec<Vec<Coord<f64>>>,
    /// How far the outline may lie from a reached street where no other is near.
    pub(super) margin: f64,
}

/// A position to the millimetre, so that streets that meet do so exactly.
type Key = [i64; 2];

const PER_METRE: f64 = 1e3;

/// How far behind a reached street's end the rest of it begins to count, metres.
const BEHIND_M: f64 = 1.0;

fn key(at: Coord<f64>) -> Key {
    [at.x, at.y].map(|metres| (metres * PER_METRE).round() as i64)
}

fn coord([x, y]: Key) -> Coord<f64> {
    Coord {
        x: x as f64 / PER_METRE,
        y: y as f64 / PER_METRE,
    }
}

/// What a vertex of the triangulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Reached,
    /// On a street that is not reached.
    Other,
    /// On no street: keeps the outline near the streets.
    Empty,
}

#[derive(Debug, Clone, Copy)]
struct Vertex {
    at: Point2<f64>,
    mark: Mark,
}

impl HasPosition for Vertex {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        self.at
    }
}

type Mesh = ConstrainedDelaunayTriangulation<Vertex>;

/// The polygons around what is reached; none where nothing is. O(n log n) for n vertices of streets.
pub(super) fn outline(streets: &Streets) -> MultiPolygon<f64> {
    if streets.reached.is_empty() {
        return MultiPolygon(Vec::new());
    }
    let cells = Cells::new(streets);
    let mut segments: Vec<Segment> = lines(&streets.reached, true).collect();
    segments.extend(lines(&streets.others, false).filter(|segment| cells.is_near(segment)));
    let crossed = set_apart(cross(&segments), streets);
    let marks = marks(streets, &cells, &crossed);
    let Some(mesh) = mesh(&marks, &crossed) else {
        return MultiPolygon(Vec::new());
    };
    let rings = rings::closed(&cuts(&mesh));
    let corners: Vec<[f64; 2]> = marks.keys().map(|&at| coord(at).into()).collect();
    // All of them: one far from everything reached shapes no outline, and is a reason not to fill a hole.
    let drawn = marks
        .iter()
        .filter(|(_, mark)| **mark == Mark::Other)
        .map(|(&at, _)| coord(at));
    let others = streets.others.iter().flatten().copied().chain(drawn);
    let others = RTree::bulk_load(others.map(<[f64; 2]>::from).collect());
    let simple = simplify::simplify(rings, corners, streets.margin / 4.0);
    let is_worth_a_hole = |hole: &LineString<f64>| {
        rings::area(hole).abs() > (8.0 * streets.margin).powi(2) || rings::holds_any(hole, &others)
    };
    rings::polygons(simple, is_worth_a_hole)
}

/// A straight part of a street.
#[derive(Debug, Clone, Copy)]
struct Segment {
    ends: [Key; 2],
    reached: bool,
}

impl Segment {
    fn bounds(&self) -> AABB<[f64; 2]> {
        let [a, b] = self.ends.map(|end| coord(end).into());
        AABB::from_corners(a, b)
    }
}

fn lines(lines: &[Vec<Coord<f64>>], reached: bool) -> impl Iterator<Item = Segment> {
    lines.iter().flat_map(move |line| {
        let pairs = line.windows(2).map(|pair| [key(pair[0]), key(pair[1])]);
        let pairs = pairs.filter(|[from, to]| from != to);
        pairs.map(move |ends| Segment { ends, reached })
    })
}

/// The squares of the plane that streets reached lie in.
struct Cells {
    size: f64,
    reached: FxHashSet<[i64; 2]>,
}

impl Cells {
    fn new(streets: &Streets) -> Self {
        let mut cells = Self {
            size: streets.margin,
            reached: FxHashSet::default(),
        };
        for line in &streets.reached {
            let first = line.first().copied().into_iter();
            let mut reached: Vec<[i64; 2]> = first.map(|at| cells.cell(at)).collect();
            for pair in line.windows(2) {
                cells.along(pair[0], pair[1], |cell| reached.push(cell));
            }
            cells.reached.extend(reached);
        }
        cells
    }

    fn cell(&self, at: Coord<f64>) -> [i64; 2] {
        [at.x, at.y].map(|metres| (metres / self.size).floor() as i64)
    }

    /// The squares along a line, by steps of half a square: at most a corner is passed over.
    fn along(&self, from: Coord<f64>, to: Coord<f64>, mut found: impl FnMut([i64; 2])) {
        let (x, y) = (to.x - from.x, to.y - from.y);
        let length = (x * x + y * y).sqrt();
        let steps = (2.0 * length / self.size).ceil().max(1.0) as u32;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            found(self.cell(from + (to - from) * share));
        }
    }

    /// Whether a street lies so near to what is reached that it bounds the outline.
    fn is_near(&self, segment: &Segment) -> bool {
        let [from, to] = segment.ends.map(coord);
        let mut near = false;
        self.along(from, to, |cell| {
            near = near || self.reached.contains(&cell) || around(cell, 3).any(|cell| self.reached.contains(&cell));
        });
        near
    }

    /// Middles of squares around what is reached, none nearer to it than a square's size.
    fn empty(&self) -> impl Iterator<Item = Coord<f64>> {
        let mut ring: FxHashSet<[i64; 2]> = FxHashSet::default();
        for &cell in &self.reached {
            ring.extend(around(cell, 2));
        }
        let is_far = |cell: &[i64; 2]| !around(*cell, 1).any(|cell| self.reached.contains(&cell));
        ring.retain(is_far);
        let middle = |[x, y]: [i64; 2]| Coord {
            x: (x as f64 + 0.5) * self.size,
            y: (y as f64 + 0.5) * self.size,
        };
        ring.into_iter().map(middle)
    }
}

/// The squares no farther than so many from one, itself included.
fn around([x, y]: [i64; 2], reach: i64) -> impl Iterator<Item = [i64; 2]> {
    (x - reach..=x + reach).flat_map(move |x| (y - reach..=y + reach).map(move |y| [x, y]))
}

/// The segments cut where they cross, those reached first.
fn cross(segments: &[Segment]) -> Vec<Segment> {
    let boxes = segments.iter().enumerate().map(|(at, segment)| {
        let bounds = segment.bounds();
        GeomWithData::new(Rectangle::from_corners(bounds.lower(), bounds.upper()), at)
    });
    let tree = RTree::bulk_load(boxes.collect());
    let mut cut = Vec::with_capacity(segments.len());
    for (at, segment) in segments.iter().enumerate() {
        let [from, to] = segment.ends.map(coord);
        let others = tree
            .locate_in_envelope_intersecting(segment.bounds())
            .map(|found| found.data);
        let mut points: Vec<(f64, Key)> = others
            .filter(|&other| other != at)
            .flat_map(|other| touches(segment, &segments[other]))
            .map(|spot| {
                let there = coord(spot);
                (
                    (there.x - from.x) * (to.x - from.x) + (there.y - from.y) * (to.y - from.y),
                    spot,
                )
            })
            .collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut last = segment.ends[0];
        for spot in points.into_iter().map(|(_, spot)| spot).chain([segment.ends[1]]) {
            if spot != last {
                cut.push(Segment {
                    ends: [last, spot],
                    ..*segment
                });
                last = spot;
            }
        }
    }
    cut
}

/// Cuts streets that go on from reached ones, a little behind: the outline passes there.
fn set_apart(segments: Vec<Segment>, streets: &Streets) -> Vec<Segment> {
    let ends = segments
        .iter()
        .filter(|segment| segment.reached)
        .flat_map(|segment| segment.ends);
    let reached: FxHashSet<Key> = ends
        .chain(streets.reached.iter().flatten().map(|at| key(*at)))
        .collect();
    let mut apart = Vec::with_capacity(segments.len());
    for segment in segments {
        let [from, to] = segment.ends;
        let leaves = [from, to].map(|end| !segment.reached && reached.contains(&end));
        let [a, b] = segment.ends.map(coord);
        let length = (b.x - a.x).hypot(b.y - a.y);
        let share = (BEHIND_M / length).min(1.0 / 3.0);
        let mut spots = vec![from];
        spots.extend(leaves[0].then(|| key(a + (b - a) * share)));
        spots.extend(leaves[1].then(|| key(b + (a - b) * share)));
        spots.push(to);
        spots.dedup();
        apart.extend(spots.windows(2).map(|pair| Segment {
            ends: [pair[0], pair[1]],
            ..segment
        }));
    }
    apart
}

/// Where a segment must be cut for another: where they cross, and at ends of the other that lie on it.
fn touches(one: &Segment, other: &Segment) -> impl Iterator<Item = Key> {
    let on_it = other.ends.into_iter().filter(|end| is_on(*end, one));
    let meets = other.ends.iter().any(|end| is_on(*end, one)) || one.ends.iter().any(|end| is_on(*end, other));
    let spot = if meets { None } else { crossing(one, other) };
    on_it.chain(spot)
}

/// Whether a position lies on a segment, to two millimetres: what rounding moves.
fn is_on(at: Key, segment: &Segment) -> bool {
    let [from, to] = segment.ends.map(coord);
    let (along, there) = (to - from, coord(at) - from);
    let squared = along.x * along.x + along.y * along.y;
    let share = ((there.x * along.x + there.y * along.y) / squared).clamp(0.0, 1.0);
    let off = there - along * share;
    off.x.hypot(off.y) <= 2.0 / PER_METRE
}

/// Where two segments cross; none where they lie along each other.
fn crossing(one: &Segment, other: &Segment) -> Option<Key> {
    // The same arithmetic for both, so that both are cut at the same spot.
    let (first, second) = if one.ends < other.ends {
        (one, other)
    } else {
        (other, one)
    };
    let [a, b] = first.ends.map(coord);
    let [c, d] = second.ends.map(coord);
    let (along, across) = (b - a, d - c);
    let turn = along.x * across.y - along.y * across.x;
    if turn == 0.0 {
        return None;
    }
    let gap = c - a;
    let t = (gap.x * across.y - gap.y * across.x) / turn;
    let u = (gap.x * along.y - gap.y * along.x) / turn;
    let inside = 0.0..=1.0;
    (inside.contains(&t) && inside.contains(&u)).then(|| key(a + along * t))
}

/// Every vertex of the triangulation with its mark: reached wins over other, other over empty.
fn marks(streets: &Streets, cells: &Cells, segments: &[Segment]) -> FxHashMap<Key, Mark> {
    let mut marks = FxHashMap::default();
    let ends = |reached: bool| {
        let wanted = segments.iter().filter(move |segment| segment.reached == reached);
        wanted.flat_map(|segment| segment.ends)
    };
    let alone = streets.reached.iter().flatten().map(|at| key(*at));
    marks.extend(cells.empty().map(|at| (key(at), Mark::Empty)));
    marks.extend(ends(false).map(|at| (at, Mark::Other)));
    marks.extend(ends(true).chain(alone).map(|at| (at, Mark::Reached)));
    marks
}

/// Triangulates the vertices with the segments as edges. Segments that cannot be edges, for they lie along others to a
/// millimetre, are left out.
fn mesh(marks: &FxHashMap<Key, Mark>, segments: &[Segment]) -> Option<Mesh> {
    let mut keys: Vec<Key> = marks.keys().copied().collect();
    keys.sort_unstable();
    let vertices = keys.iter().map(|at| {
        let Coord { x, y } = coord(*at);
        Vertex {
            at: Point2::new(x, y),
            mark: marks[at],
        }
    });
    let place: FxHashMap<Key, usize> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
    let mut edges: Vec<[usize; 2]> = segments
        .iter()
        .map(|segment| {
            let [from, to] = segment.ends.map(|end| place[&end]);
            [from.min(to), from.max(to)]
        })
        .collect();
    edges.sort_unstable();
    edges.dedup();
    Mesh::try_bulk_load_cdt(vertices.collect(), edges, |_| ()).ok()
}

/// For each triangle with vertices of both sorts the line that parts them, from the middle of one edge to that of another, what is
/// reached on its left.
fn cuts(mesh: &Mesh) -> Vec<[Cut; 2]> {
    let mut cuts = Vec::new();
    for face in mesh.inner_faces() {
        // Counter-clockwise: into what is reached over one edge, out of it over another.
        let (mut enters, mut leaves) = (None, None);
        for edge in face.adjacent_edges() {
            let [from, to] = [edge.from(), edge.to()];
            let cut = || Cut {
                edge: edge.as_undirected().fix().index(),
                at: middle(from.position(), to.position()),
            };
            match (from.data().mark, to.data().mark) {
                (Mark::Reached, Mark::Reached) => {}
                (Mark::Reached, _) => leaves = Some(cut()),
                (_, Mark::Reached) => enters = Some(cut()),
                _ => {}
            }
        }
        if let (Some(enters), Some(leaves)) = (enters, leaves) {
            cuts.push([leaves, enters]);
        }
    }
    cuts
}

fn middle(from: Point2<f64>, to: Point2<f64>) -> Coord<f64> {
    Coord {
        x: f64::midpoint(from.x, to.x),
        y: f64::midpoint(from.y, to.y),
    }
}

/// Where the outline passes an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) edge: usize,
    pub(super) at: Coord<f64>,
}
