//! A made-up coverage: cells with wiggly borders that they share exactly, some with an island in a lake.

use std::{collections::HashMap, f64::consts::TAU};

use geo::{Coord, Geometry, LineString, Polygon};

use super::layers::Random;

/// Where the coverage lies: west, south, east, north in degrees.
pub(crate) const BOX: [f64; 4] = [117.0, 24.0, 120.0, 27.0];

type Node = (usize, usize);

struct Maker {
    random: Random,
    cells: usize,
    detail: u32,
    nodes: HashMap<Node, Coord<f64>>,
    borders: HashMap<(Node, Node), Vec<Coord<f64>>>,
}

/// `cells` × `cells` cells over [`BOX`], each border broken into 2^`detail` wiggling segments, ranks 1 to 4. The zones
/// fill the box without gap or overlap.
pub(crate) fn make(seed: u64, cells: usize, detail: u32) -> Vec<(Geometry<f64>, u8)> {
    let mut maker = Maker {
        random: Random(seed),
        cells,
        detail,
        nodes: HashMap::new(),
        borders: HashMap::new(),
    };
    let mut zones = Vec::new();
    for row in 0..cells {
        for column in 0..cells {
            maker.cell(column, row, &mut zones);
        }
    }
    zones
}

impl Maker {
    fn node(&mut self, (column, row): Node) -> Coord<f64> {
        let [west, south, east, north] = BOX;
        let size = [(east - west) / self.cells as f64, (north - south) / self.cells as f64];
        let mut jitter = |index: usize, size: f64| {
            let is_inner = index > 0 && index < self.cells;
            if is_inner {
                self.random.between(-0.2, 0.2) * size
            } else {
                0.0
            }
        };
        let fresh = Coord {
            x: west + size[0] * column as f64 + jitter(column, size[0]),
            y: south + size[1] * row as f64 + jitter(row, size[1]),
        };
        *self.nodes.entry((column, row)).or_insert(fresh)
    }

    /// The vertices from one node to a neighbour, without the last; the same backwards from the other side.
    fn border(&mut self, from: Node, to: Node) -> Vec<Coord<f64>> {
        let (first, second) = (from.min(to), from.max(to));
        if !self.borders.contains_key(&(first, second)) {
            let (a, b) = (self.node(first), self.node(second));
            let is_outer = (first.0 == second.0 && (first.0 == 0 || first.0 == self.cells))
                || (first.1 == second.1 && (first.1 == 0 || first.1 == self.cells));
            let mut line = vec![a, b];
            for _ in 0..self.detail {
                line = self.halved(&line, if is_outer { 0.0 } else { 0.15 });
            }
            self.borders.insert((first, second), line);
        }
        let mut line = self.borders[&(first, second)].clone();
        if from > to {
            line.reverse();
        }
        line.pop();
        line
    }

    /// Each segment in two, its middle moved aside.
    fn halved(&mut self, line: &[Coord<f64>], wiggle: f64) -> Vec<Coord<f64>> {
        let mut finer = vec![line[0]];
        for pair in line.windows(2) {
            let aside = self.random.between(-wiggle, wiggle);
            let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
            finer.push(Coord {
                x: f64::midpoint(pair[0].x, pair[1].x) - aside * dy,
                y: f64::midpoint(pair[0].y, pair[1].y) + aside * dx,
            });
            finer.push(pair[1]);
        }
        finer
    }

    fn cell(&mut self, column: usize, row: usize, zones: &mut Vec<(Geometry<f64>, u8)>) {
        let corners = [
            (column, row),
            (column + 1, row),
            (column + 1, row + 1),
            (column, row + 1),
        ];
        let mut ring = Vec::new();
        for side in 0..4 {
            ring.extend(self.border(corners[side], corners[(side + 1) % 4]));
        }
        let mut holes = Vec::new();
        if (column + row).is_multiple_of(3) {
            let lake = self.lake(&ring);
            zones.push((Polygon::new(lake.clone(), Vec::new()).into(), 4));
            holes.push(lake);
        }
        let rank = 1 + ((column * 7 + row * 3) % 4) as u8;
        zones.push((Polygon::new(LineString::new(ring), holes).into(), rank));
    }

    fn lake(&mut self, around: &[Coord<f64>]) -> LineString<f64> {
        let count = around.len() as f64;
        let centre = Coord {
            x: around.iter().map(|at| at.x).sum::<f64>() / count,
            y: around.iter().map(|at| at.y).sum::<f64>() / count,
        };
        let size = (BOX[2] - BOX[0]) / self.cells as f64;
        let vertices = 40;
        let mut ring: Vec<Coord<f64>> = (0..vertices)
            .map(|index| {
                let angle = f64::from(index) / f64::from(vertices) * TAU;
                let radius = size * self.random.between(0.08, 0.16);
                Coord {
                    x: centre.x + radius * angle.cos(),
                    y: centre.y + radius * angle.sin(),
                }
            })
            .collect();
        ring.push(ring[0]);
        LineString::new(ring)
    }
}
