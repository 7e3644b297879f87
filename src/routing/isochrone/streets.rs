//! Streets as lines in a plane.

use geo_types::Coord;

/// Lines of positions, each of at least one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lines<P> {
    positions: Vec<P>,
    /// Behind the last position of each.
    ends: Vec<usize>,
}

impl<P> Default for Lines<P> {
    fn default() -> Self {
        Self {
            positions: Vec::new(),
            ends: Vec::new(),
        }
    }
}

impl<P> Lines<P> {
    /// Adds a line. One of no position is left out.
    pub(super) fn push(&mut self, line: impl IntoIterator<Item = P>) {
        let from = self.positions.len();
        self.positions.extend(line);
        if self.positions.len() > from {
            self.ends.push(self.positions.len());
        }
    }

    /// All positions of all lines.
    pub(super) fn positions(&self) -> &[P] {
        &self.positions
    }

    /// The lines, in the order they were added.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[P]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(from, &to)| &self.positions[from..to])
    }

    /// The same lines with other positions.
    pub(super) fn map<Q>(&self, position: impl Fn(&P) -> Q) -> Lines<Q> {
        Lines {
            positions: self.positions.iter().map(position).collect(),
            ends: self.ends.clone(),
        }
    }
}

impl<P> FromIterator<Vec<P>> for Lines<P> {
    fn from_iter<I: IntoIterator<Item = Vec<P>>>(lines: I) -> Self {
        let mut all = Self::default();
        lines.into_iter().for_each(|line| all.push(line));
        all
    }
}

/// Streets in a plane, in metres.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Streets {
    /// Those, or the parts of those, that are reached.
    pub(super) reached: Lines<Coord<f64>>,
    /// The others around.
    pub(super) others: Lines<Coord<f64>>,
    /// How far the outline lies from a reached street where no other is near.
    pub(super) margin: f64,
}

/// The box around positions; none around none.
pub(super) fn bounds<'a>(positions: impl IntoIterator<Item = &'a Coord<f64>>) -> Option<[Coord<f64>; 2]> {
    let mut positions = positions.into_iter();
    let first = *positions.next()?;
    let [mut low, mut high] = [first; 2];
    for at in positions {
        low = Coord {
            x: low.x.min(at.x),
            y: low.y.min(at.y),
        };
        high = Coord {
            x: high.x.max(at.x),
            y: high.y.max(at.y),
        };
    }
    Some([low, high])
}
