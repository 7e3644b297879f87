//! What can be wrong with a geometry.

use geo_types::Coord;

/// What makes a geometry invalid, and where: positions in the geometry's own coordinates.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// A coordinate is infinite or not a number.
    #[error("a coordinate is not a finite number")]
    NotFinite,
    /// A line without length.
    #[error("a line{} has fewer than two different positions", place(*at))]
    ShortLine {
        /// Its only position, if it has one.
        at: Option<Coord<f64>>,
    },
    /// A polygon without an outline, or a ring that encloses nothing.
    #[error("a ring{} has fewer than three different positions", place(*at))]
    ShortRing {
        /// Its first position, if it has one.
        at: Option<Coord<f64>>,
    },
    /// A ring meets itself.
    #[error("a ring crosses or touches itself{}", place(Some(*at)))]
    SelfIntersection {
        /// Where.
        at: Coord<f64>,
    },
    /// Two rings cross, or share a stretch.
    #[error("two rings cross or run along each other{}", place(Some(*at)))]
    RingsCross {
        /// Where.
        at: Coord<f64>,
    },
    /// A hole that is not inside its polygon.
    #[error("a hole lies outside its polygon{}", place(Some(*at)))]
    HoleOutside {
        /// A position of the hole.
        at: Coord<f64>,
    },
    /// A hole inside another one.
    #[error("a hole lies in another hole{}", place(Some(*at)))]
    HoleInHole {
        /// A position of the inner hole.
        at: Coord<f64>,
    },
    /// A part of a multipolygon inside another one.
    #[error("two parts overlap{}", place(Some(*at)))]
    PartsOverlap {
        /// A position of the inner part.
        at: Coord<f64>,
    },
}

fn place(at: Option<Coord<f64>>) -> String {
    at.map(|at| format!(" at {:.7},{:.7}", at.x, at.y)).unwrap_or_default()
}
