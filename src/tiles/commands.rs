//! Geometry as the commands of the Mapbox Vector Tile specification, section 4.3: the form it has between drawing and
//! encoding, in tile units.

use geo_types::Coord;

/// What a feature's geometry is; the numbers are the specification's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GeometryKind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Geometry commands of one feature.
#[derive(Debug, Default)]
pub(super) struct Commands {
    words: Vec<u32>,
    cursor: Coord<i32>,
}

impl Commands {
    /// Starts a new feature.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.cursor = Coord::default();
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The commands and their parameters.
    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// All points of a feature.
    pub(super) fn points(&mut self, points: &[Coord<i32>]) {
        if !points.is_empty() {
            self.command(MOVE_TO, points.len());
            for &at in points {
                self.go(at);
            }
        }
    }

    /// A line of at least two vertices.
    pub(super) fn line(&mut self, line: &[Coord<i32>]) {
        if let [first, rest @ ..] = line {
            self.command(MOVE_TO, 1);
            self.go(*first);
            self.command(LINE_TO, rest.len());
            for &at in rest {
                self.go(at);
            }
        }
    }

    /// A ring of at least three vertices, the first not repeated.
    pub(super) fn ring(&mut self, ring: &[Coord<i32>]) {
        self.line(ring);
        self.command(CLOSE_PATH, 1);
    }

    fn command(&mut self, id: u32, count: usize) {
        self.words.push(id | ((count as u32) << 3));
    }

    fn go(&mut self, to: Coord<i32>) {
        self.words.push(zigzag(to.x - self.cursor.x));
        self.words.push(zigzag(to.y - self.cursor.y));
        self.cursor = to;
    }
}

const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

const fn unzigzag(word: u32) -> i32 {
    (word >> 1) as i32 ^ -((word & 1) as i32)
}

/// The points (one path each), lines or rings that commands draw; rings do not repeat their first vertex.
pub(super) fn paths(words: &[u32]) -> Vec<Vec<Coord<i32>>> {
    let mut paths: Vec<Vec<Coord<i32>>> = Vec::new();
    let mut cursor = Coord::default();
    let mut rest = words;
    while let [command, parameters @ ..] = rest {
        let (id, count) = (command & 7, (command >> 3) as usize);
        if id == CLOSE_PATH {
            rest = parameters;
            continue;
        }
        let (steps, after) = parameters.split_at((2 * count).min(parameters.len()));
        for step in steps.chunks_exact(2) {
            cursor = Coord {
                x: cursor.x + unzigzag(step[0]),
                y: cursor.y + unzigzag(step[1]),
            };
            if id == MOVE_TO {
                paths.push(Vec::new());
            }
            if let Some(path) = paths.last_mut() {
                path.push(cursor);
            }
        }
        rest = after;
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coords(points: &[(i32, i32)]) -> Vec<Coord<i32>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    /// The examples of the specification, sections 4.3.4.2 and 4.3.4.4.
    #[test]
    fn commands_are_those_of_the_specification_s_examples() {
        let mut commands = Commands::default();
        commands.points(&coords(&[(5, 7), (3, 2)]));
        assert_eq!(commands.words, [17, 10, 14, 3, 9]);
        assert_eq!(paths(commands.words()), [coords(&[(5, 7)]), coords(&[(3, 2)])]);
        commands.clear();
        let lines = [coords(&[(2, 2), (2, 10), (10, 10)]), coords(&[(1, 1), (3, 5)])];
        for line in &lines {
            commands.line(line);
        }
        assert_eq!(commands.words, [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);
        assert_eq!(paths(commands.words()), lines);
        commands.clear();
        let ring = coords(&[(3, 6), (8, 12), (20, 34)]);
        commands.ring(&ring);
        assert_eq!(commands.words, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
        assert_eq!(paths(commands.words()), [ring]);
    }
}
