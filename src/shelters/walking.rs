//! How long a way takes on foot, estimated from the straight line.

use crate::units::{Metres, Seconds};

/// Walking speed, metres a second: that of an old person walking alone, in the tsunami evacuation manual of Japan's
/// Fire and Disaster Management Agency (消防庁). Wrong for people who need help (0.8 and less), in the dark (four fifths)
/// and in water.
pub const WALKING_SPEED: f64 = 1.1;

/// How much longer a way through streets is than the straight line: an assumption, not a measured value, until ways are
/// routed on roads. Rivers, cliffs and motorways make it larger.
pub const STREET_DETOUR: f64 = 1.3;

/// The time on foot over a straight-line distance: distance × [`STREET_DETOUR`] ÷ [`WALKING_SPEED`].
pub fn walking_time(straight: Metres) -> Seconds {
    Seconds(straight.0 * STREET_DETOUR / WALKING_SPEED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilometre_takes_about_twenty_minutes() {
        assert_eq!((walking_time(Metres(1_000.0)).0 / 60.0).round(), 20.0);
    }
}
