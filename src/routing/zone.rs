//! Hazard zones on roads: which part of which stretch a zone covers.
//!
//! Owns the plain zones that routing takes ([`Zone`]) and where they lie on the network ([`ZoneLayer`]), found from the shapes of
//! stretches and the polygons as they are. What follows from it is [`super::effect`]'s part.

mod edges;

use geo_types::Polygon;
use rayon::prelude::*;

pub(super) use self::edges::ZonePolygon;
use super::{
    Network, StretchId,
    place::{Shape, between},
    snap::Snapper,
};
use crate::{catalog::HazardKind, geometry::LonLat, hazards::Band, index::Boxes};

/// A zone.
#[derive(Debug, Clone)]
pub struct Zone {
    /// What threatens.
    pub kind: HazardKind,
    /// How badly, on the common scale.
    pub band: Band,
    /// How deep the water is, where that is known, metres.
    pub depth_m: Option<f64>,
    /// What the caller knows it by, such as the row in its layer.
    pub row: u32,
    /// Where it is, planar in degrees; overlapping parts count once.
    pub polygons: Vec<Polygon<f64>>,
}

/// A part of a stretch that a zone covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The stretch.
    pub stretch: StretchId,
    /// The zone's place in its layer.
    pub zone: u32,
    /// Fractions of the stretch's length in forward direction.
    pub from: f64,
    /// Not less than `from`.
    pub to: f64,
}

/// Zones that come and go together, such as those of one layer of the pack, and what they cover. Immutable: a change of
/// one layer leaves the others as they are.
#[derive(Debug, Default)]
pub struct ZoneLayer {
    zones: Vec<ZoneFacts>,
    polygons: Vec<Vec<ZonePolygon>>,
    /// Boxes of the polygons: zone and part.
    boxes: Boxes<(usize, usize)>,
    /// By stretch, then zone.
    spans: Vec<Span>,
}

/// A zone without its shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoneFacts {
    /// What threatens.
    pub kind: HazardKind,
    /// How badly.
    pub band: Band,
    /// How deep the water is, metres.
    pub depth_m: Option<f64>,
    /// What the caller knows it by.
    pub row: u32,
}

/// Parts shorter than this are the touch of an edge and no cover, metres.
const TOUCH_M: f64 = 0.01;

impl ZoneLayer {
    /// Finds what the zones cover, on the threads of the current pool of `rayon`. O((vertices + stretches met) log vertices).
    pub fn build(network: &Network, snapper: &Snapper, zones: &[Zone]) -> Self {
        let polygons: Vec<Vec<ZonePolygon>> = zones
            .par_iter()
            .map(|zone| zone.polygons.iter().map(ZonePolygon::new).collect())
            .collect();
        let facts = |zone: &Zone| ZoneFacts {
            kind: zone.kind,
            band: zone.band,
            depth_m: zone.depth_m,
            row: zone.row,
        };
        let covered = |(zone, parts): (usize, &Vec<ZonePolygon>)| cover(network, snapper, zone as u32, parts);
        let mut spans: Vec<Span> = polygons.par_iter().enumerate().flat_map_iter(covered).collect();
        spans.par_sort_unstable_by(|a, b| {
            (a.stretch, a.zone)
                .cmp(&(b.stretch, b.zone))
                .then(a.from.total_cmp(&b.from))
        });
        let parts = polygons.iter().enumerate().flat_map(|(zone, parts)| {
            let rect = move |(part, polygon): (usize, &ZonePolygon)| Some((polygon.rect()?, (zone, part)));
            parts.iter().enumerate().filter_map(rect)
        });
        let boxes = parts.collect();
        Self {
            zones: zones.iter().map(facts).collect(),
            polygons,
            boxes,
            spans,
        }
    }

    /// The zones, in the order they were given.
    pub fn zones(&self) -> &[ZoneFacts] {
        &self.zones
    }

    /// Everything covered, by stretch and zone.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// What is covered of a stretch. O(log n).
    pub fn on(&self, stretch: StretchId) -> &[Span] {
        let from = self.spans.partition_point(|span| span.stretch < stretch);
        let count = self.spans[from..].partition_point(|span| span.stretch == stretch);
        &self.spans[from..from + count]
    }

    /// The zones over a position, from their polygons: their places in the layer, each once for every part over it.
    pub fn over(&self, position: LonLat) -> impl Iterator<Item = usize> {
        let parts = self.boxes.covering(position);
        parts
            .filter(move |&&(zone, part)| self.polygons[zone][part].covers(position))
            .map(|&(zone, _)| zone)
    }

    /// Whether a zone lies over a position.
    pub(super) fn covers(&self, zone: usize, position: LonLat) -> bool {
        self.polygons[zone].iter().any(|part| part.covers(position))
    }
}

/// The spans of one zone, those of its parts that overlap as one.
fn cover(network: &Network, snapper: &Snapper, zone: u32, parts: &[ZonePolygon]) -> Vec<Span> {
    let mut spans = Vec::new();
    for part in parts {
        let mut met: Vec<StretchId> = part.rect().into_iter().flat_map(|rect| snapper.meeting(rect)).collect();
        met.sort_unstable();
        met.dedup();
        for stretch in met {
            let span = |from, to| Span {
                stretch,
                zone,
                from,
                to,
            };
            cover_stretch(&Shape::of(network, stretch), part, |from, to| {
                spans.push(span(from, to));
            });
        }
    }
    if parts.len() > 1 {
        spans.sort_unstable_by(|a, b| a.stretch.cmp(&b.stretch).then(a.from.total_cmp(&b.from)));
        spans.dedup_by(|next, kept| {
            let joins = next.stretch == kept.stretch && next.from <= kept.to;
            if joins {
                kept.to = kept.to.max(next.to);
            }
            joins
        });
    }
    spans
}

/// Tells the covered parts of a shape, in order, as fractions of its length.
///
/// The shape is cut where it meets the polygon's edges; each piece lies inside or outside as a whole, so its middle says
/// which.
pub(super) fn cover_stretch(shape: &Shape, polygon: &ZonePolygon, mut tell: impl FnMut(f64, f64)) {
    let points = shape.points();
    if !polygon.edges_near(points) {
        if polygon.covers(points[0]) {
            tell(0.0, 1.0);
        }
        return;
    }
    let least = TOUCH_M / shape.length_m().max(TOUCH_M);
    let mut open: Option<(f64, f64)> = None;
    let mut close = |open: &mut Option<(f64, f64)>| {
        if let Some((from, to)) = open.take().filter(|(from, to)| to - from >= least) {
            tell(from, to);
        }
    };
    for (line, pair) in points.windows(2).enumerate() {
        let cuts = polygon.cuts(pair[0], pair[1]);
        for piece in cuts.windows(2) {
            let [from, to] = [piece[0], piece[1]].map(|share| shape.fraction(line, share));
            if polygon.covers(between(pair[0], pair[1], f64::midpoint(piece[0], piece[1]))) {
                open = Some((open.map_or(from, |(begin, _)| begin), to));
            } else {
                close(&mut open);
            }
        }
    }
    close(&mut open);
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, polygon};

    use super::*;
    use crate::routing::{
        Place,
        testing::{Draws, at, grid},
    };

    pub(crate) fn star(draws: &mut Draws, points: usize) -> Polygon<f64> {
        let (x, y) = (draws.unit() * 15.0, draws.unit() * 15.0);
        let ring: LineString<f64> = (0..points)
            .map(|point| {
                let (sin, cos) = (point as f64 / points as f64 * std::f64::consts::TAU).sin_cos();
                let radius = 0.5 + draws.unit() * 5.0;
                let place = at(x + radius * cos, y + radius * sin);
                (place.lon(), place.lat())
            })
            .collect();
        Polygon::new(ring, Vec::new())
    }

    #[test]
    fn spans_are_what_samples_say() {
        let network = grid(15, 3);
        let snapper = Snapper::build(&network);
        let mut draws = Draws::new(3);
        let mut zones: Vec<Zone> = (0..20)
            .map(|row| Zone {
                kind: HazardKind::Flood,
                band: Band::High,
                depth_m: None,
                row,
                polygons: (0..=row % 3).map(|_| star(&mut draws, 5 + 10 * row as usize)).collect(),
            })
            .collect();
        // Everything, with a hole along one street.
        zones[0].polygons = vec![polygon!(
            exterior: [(x: 118.0, y: 25.0), (x: 120.0, y: 25.0), (x: 120.0, y: 27.0), (x: 118.0, y: 27.0)],
            interiors: [[(x: 119.004, y: 26.0039), (x: 119.009, y: 26.0039), (x: 119.009, y: 26.0046), (x: 119.004, y: 26.0046)]],
        )];
        let layer = ZoneLayer::build(&network, &snapper, &zones);
        for stretch in network.stretches() {
            let spans = layer.on(stretch);
            for sample in 0..50 {
                let fraction = (f64::from(sample) + draws.unit()) / 50.0;
                let position = Place { stretch, fraction }.position(&network);
                let mut scan: Vec<u32> = layer.over(position).map(|zone| zone as u32).collect();
                scan.dedup();
                let near_end = |span: &Span| (fraction - span.from).abs() < 1e-4 || (fraction - span.to).abs() < 1e-4;
                if spans.iter().any(near_end) {
                    continue;
                }
                let covers = |span: &&Span| span.from <= fraction && fraction <= span.to;
                let mut found: Vec<u32> = spans.iter().filter(covers).map(|span| span.zone).collect();
                scan.sort_unstable();
                scan.dedup();
                found.sort_unstable();
                assert_eq!(found, scan, "{stretch:?} {fraction}");
            }
        }
        assert!(layer.spans().iter().any(|span| span.from > 0.0 && span.to < 1.0));
    }
}
