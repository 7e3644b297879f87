//! The segments of all rings, sorted into strips of latitude.

use geo_types::{Coord, Polygon};

use super::Flaw;

/// One directed side of a ring; never of length zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) a: Coord<f64>,
    pub(super) b: Coord<f64>,
    pub(super) ring: usize,
}

impl Segment {
    pub(super) fn min_x(&self) -> f64 {
        self.a.x.min(self.b.x)
    }

    pub(super) fn max_x(&self) -> f64 {
        self.a.x.max(self.b.x)
    }

    pub(super) fn y_range(&self) -> (f64, f64) {
        (self.a.y.min(self.b.y), self.a.y.max(self.b.y))
    }
}

/// A ring: which part it belongs to and where its segments stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    pub(super) part: usize,
    pub(super) is_hole: bool,
    pub(super) first: usize,
    pub(super) len: usize,
}

/// All rings of a (multi)polygon.
#[derive(Debug)]
pub(super) struct Rings {
    pub(super) all: Vec<Ring>,
    pub(super) segments: Vec<Segment>,
    strips: Strips,
}

/// Segments by the strips of latitude they reach into.
#[derive(Debug)]
struct Strips {
    south: f64,
    per_degree: f64,
    count: usize,
    starts: Vec<usize>,
    members: Vec<usize>,
}

impl Rings {
    pub(super) fn new(parts: &[Polygon<f64>]) -> Result<Self, Flaw> {
        let mut rings = Vec::new();
        let positions = |polygon: &Polygon<f64>| -> usize {
            let holes = polygon.interiors().iter().map(|ring| ring.0.len());
            polygon.exterior().0.len() + holes.sum::<usize>()
        };
        let mut segments = Vec::with_capacity(parts.iter().map(positions).sum());
        for (part, polygon) in parts.iter().enumerate() {
            let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            for (place, line) in lines.enumerate() {
                if let Some(flaw) = super::not_finite(&line.0) {
                    return Err(flaw);
                }
                let first = segments.len();
                let ring = rings.len();
                let sides = line.lines().filter(|side| side.start != side.end);
                segments.extend(sides.map(|side| Segment {
                    a: side.start,
                    b: side.end,
                    ring,
                }));
                let len = segments.len() - first;
                if len < 3 {
                    return Err(Flaw::ShortRing {
                        at: line.0.first().copied(),
                    });
                }
                rings.push(Ring {
                    part,
                    is_hole: place > 0,
                    first,
                    len,
                });
            }
        }
        let strips = Strips::new(&segments);
        Ok(Self {
            all: rings,
            segments,
            strips,
        })
    }

    /// Number of strips.
    pub(super) fn strips(&self) -> usize {
        self.strips.count
    }

    /// The segments that reach into a strip.
    pub(super) fn strip(&self, strip: usize) -> &[usize] {
        &self.strips.members[self.strips.starts[strip]..self.strips.starts[strip + 1]]
    }

    /// The strip of a latitude between the southernmost and the northernmost position.
    pub(super) fn strip_of(&self, y: f64) -> usize {
        self.strips.of(y)
    }

    /// The segment before or after one, around its ring.
    pub(super) fn neighbour(&self, segment: usize, forward: bool) -> usize {
        let ring = self.all[self.segments[segment].ring];
        let place = segment - ring.first;
        let step = if forward { 1 } else { ring.len - 1 };
        ring.first + (place + step) % ring.len
    }
}

impl Strips {
    fn new(segments: &[Segment]) -> Self {
        let (south, north) = segments
            .iter()
            .map(Segment::y_range)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(south, north), (low, high)| {
                (south.min(low), north.max(high))
            });
        let height = north - south;
        // About four segments to a strip, fewer strips where the segments are so long that each reaches into many.
        let total: f64 = segments
            .iter()
            .map(|segment| segment.y_range().1 - segment.y_range().0)
            .sum();
        let mean_share = if height > 0.0 {
            total / height / segments.len().max(1) as f64
        } else {
            1.0
        };
        let wanted = (segments.len() as f64 / 4.0).min(4.0 / mean_share.max(1e-9));
        let count = (wanted as usize).clamp(1, 1 << 16);
        let per_degree = if height > 0.0 { count as f64 / height } else { 0.0 };
        let mut strips = Self {
            south,
            per_degree,
            count,
            starts: vec![0; count + 1],
            members: Vec::new(),
        };
        for segment in segments {
            for strip in strips.reach(segment) {
                strips.starts[strip + 1] += 1;
            }
        }
        for strip in 0..count {
            strips.starts[strip + 1] += strips.starts[strip];
        }
        let mut next = strips.starts.clone();
        strips.members = vec![0; strips.starts[count]];
        for (index, segment) in segments.iter().enumerate() {
            for strip in strips.reach(segment) {
                strips.members[next[strip]] = index;
                next[strip] += 1;
            }
        }
        strips
    }

    fn of(&self, y: f64) -> usize {
        (((y - self.south) * self.per_degree) as usize).min(self.count - 1)
    }

    fn reach(&self, segment: &Segment) -> std::ops::RangeInclusive<usize> {
        let (low, high) = segment.y_range();
        self.of(low)..=self.of(high)
    }
}
