//! The themes: their names and their colours.

use std::str::FromStr;

use super::colour::Colour;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theme {
    /// For daylight and print.
    Light,
    /// For night and dark rooms.
    Dark,
}

/// A word that is no theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no theme: use light or dark")]
pub struct UnknownTheme(pub String);

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word in URLs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Its colours.
    pub(super) const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(word: &str) -> Result<Self, UnknownTheme> {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .ok_or_else(|| UnknownTheme(word.to_owned()))
    }
}

/// The colours of a theme. Text keeps a contrast of 4.5 : 1 against land and water, marks 3 : 1 (a test recomputes it).
#[derive(Debug)]
pub(super) struct Palette {
    /// Sea, and everything that is not known to be land.
    pub(super) water: Colour,
    /// Land of the region.
    pub(super) land: Colour,
    /// Land around it.
    pub(super) outside: Colour,
    /// Edge of the sea.
    pub(super) coast: Colour,
    /// Rivers.
    pub(super) river: Colour,
    /// Boundaries.
    pub(super) boundary: Colour,
    /// The soft band along the highest boundaries.
    pub(super) casing: Colour,
    /// Roads.
    pub(super) road: Colour,
    /// Anything else the pack brings for reference.
    pub(super) reference: Colour,
    /// Names of cities and counties.
    pub(super) ink: Colour,
    /// Names of towns and villages.
    pub(super) ink_soft: Colour,
    /// Names of waters.
    pub(super) ink_water: Colour,
    /// Around all names.
    pub(super) halo: Colour,
    /// Shelters that take people in, and their names.
    pub(super) shelter: Colour,
    /// Shelters that do not.
    pub(super) shut: Colour,
    /// Shelters nobody should go to.
    pub(super) danger: Colour,
    /// Full shelters, and chemical parks.
    pub(super) amber: Colour,
    /// Rescue teams.
    pub(super) team: Colour,
    /// Other facilities.
    pub(super) facility: Colour,
    /// Opacity of the lowest and of the highest level of a hazard.
    pub(super) hazard_opacity: [f64; 2],
}

const LIGHT: Palette = Palette {
    water: Colour::hex(0xd5_e5ee),
    land: Colour::hex(0xf8_f7f3),
    outside: Colour::hex(0xef_eee9),
    coast: Colour::hex(0xa3_bdcb),
    river: Colour::hex(0xa9_cadd),
    boundary: Colour::hex(0x97_8fa3),
    casing: Colour::hex(0xde_d9e4),
    road: Colour::hex(0xd9_d4c8),
    reference: Colour::hex(0xc9_cec8),
    ink: Colour::hex(0x26_302c),
    ink_soft: Colour::hex(0x4c_5852),
    ink_water: Colour::hex(0x2f_647f),
    halo: Colour::hex(0xfc_fbf9),
    shelter: Colour::hex(0x1b_7f4b),
    shut: Colour::hex(0x6b_7a73),
    danger: Colour::hex(0xc6_2828),
    amber: Colour::hex(0xa8_6200),
    team: Colour::hex(0x1f_5fa8),
    facility: Colour::hex(0x5f_6b66),
    hazard_opacity: [0.50, 0.74],
};

const DARK: Palette = Palette {
    water: Colour::hex(0x13_1b21),
    land: Colour::hex(0x25_2d2f),
    outside: Colour::hex(0x1e_2528),
    coast: Colour::hex(0x43_545e),
    river: Colour::hex(0x34_4f60),
    boundary: Colour::hex(0x7a_7788),
    casing: Colour::hex(0x35_3642),
    road: Colour::hex(0x3d_4645),
    reference: Colour::hex(0x48_524f),
    ink: Colour::hex(0xe4_ebe8),
    ink_soft: Colour::hex(0xb4_c0bb),
    ink_water: Colour::hex(0x8f_bdd6),
    halo: Colour::hex(0x16_1c1e),
    shelter: Colour::hex(0x57_c98b),
    shut: Colour::hex(0x8c_9a94),
    danger: Colour::hex(0xf0_776a),
    amber: Colour::hex(0xe5_a33a),
    team: Colour::hex(0x7f_b4f0),
    facility: Colour::hex(0x9a_a8a2),
    hazard_opacity: [0.30, 0.72],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::colour::MARK_CONTRAST;

    #[test]
    fn text_and_marks_stand_out_from_land_and_water() {
        for theme in Theme::ALL {
            let p = theme.palette();
            for ground in [p.land, p.outside, p.water, p.halo] {
                for (name, text) in [("ink", p.ink), ("ink_soft", p.ink_soft), ("ink_water", p.ink_water)] {
                    let contrast = text.contrast(ground);
                    assert!(contrast >= 4.5, "{theme:?} {name} on {ground}: {contrast:.2}");
                }
                for (name, mark) in [
                    ("shelter", p.shelter),
                    ("shut", p.shut),
                    ("danger", p.danger),
                    ("amber", p.amber),
                    ("team", p.team),
                    ("facility", p.facility),
                ] {
                    let contrast = mark.contrast(ground);
                    assert!(contrast >= MARK_CONTRAST, "{theme:?} {name} on {ground}: {contrast:.2}");
                }
            }
            for text in [p.shelter, p.team, p.amber] {
                assert!(
                    text.contrast(p.halo) >= 4.5,
                    "{theme:?} {text} on its halo: {:.2}",
                    text.contrast(p.halo)
                );
            }
        }
    }

    #[test]
    fn themes_are_known_by_their_words() {
        assert_eq!("dark".parse(), Ok(Theme::Dark));
        assert_eq!("sepia".parse::<Theme>(), Err(UnknownTheme("sepia".to_owned())));
    }
}
