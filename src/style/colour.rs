//! Colours as numbers: contrast, and making a colour stand out enough.

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    str::FromStr,
};

use serde::{Serialize, Serializer};

/// Contrast that marks keep against their ground (WCAG 2.2, success criterion 1.4.11).
pub(super) const MARK_CONTRAST: f64 = 3.0;

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

impl Colour {
    /// The colour `0xrrggbb`.
    pub(super) const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red, green, blue])
    }

    /// Relative luminance, 0 (black) to 1 (white) (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with a share (0 to 1) of another.
    pub(super) fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |at: usize| {
            let (from, to) = (f64::from(self.0[at]), f64::from(other.0[at]));
            (from + (to - from) * share).round() as u8
        };
        Self([mix(0), mix(1), mix(2)])
    }

    /// This colour, mixed with as much of the first of these others as it takes to be a mark on this ground, or of the
    /// next where even that one is none; black or white in the end.
    pub(super) fn as_mark_on(self, ground: Self, others: &[Self]) -> Self {
        let shares = (0..=20).map(|step| f64::from(step) / 20.0);
        others
            .iter()
            .chain(&[Self::hex(0), Self::hex(0xff_ffff)])
            .flat_map(|other| shares.clone().map(|share| self.mixed(*other, share)))
            .find(|mark| mark.contrast(ground) >= MARK_CONTRAST)
            .unwrap_or(self)
    }
}

/// A text that is no `#rrggbb`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoColour;

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)
            .ok_or(NoColour)?;
        u32::from_str_radix(digits, 16)
            .map(Self::hex)
            .map_err(|_not_hex| NoColour)
    }
}

impl Display for Colour {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((Colour::hex(0).contrast(Colour::hex(0xff_ffff)) - 21.0).abs() < 1e-9);
        assert!((Colour::hex(0x77_7777).contrast(Colour::hex(0xff_ffff)) - 4.478).abs() < 1e-3);
    }

    #[test]
    fn a_mark_stands_out_and_keeps_its_hue() {
        let land = Colour::hex(0xf7_f6f1);
        let pale: Colour = "#cfe3f7".parse().unwrap();
        let deep: Colour = "#1f5fa8".parse().unwrap();
        for others in [&[deep][..], &[]] {
            let mark = pale.as_mark_on(land, others);
            assert!(mark.contrast(land) >= MARK_CONTRAST);
            assert!(mark.0[2] > mark.0[0], "still blue: {mark}");
        }
        assert_eq!(deep.as_mark_on(land, &[]), deep);
        assert_eq!("#12345".parse::<Colour>(), Err(NoColour));
    }
}
