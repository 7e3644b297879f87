//! Default colours of hazard levels: one hue family per kind, light for the lowest level and deep for the highest, so
//! that the kinds can be told apart where they overlap. Operators change them in `region.toml`.

use crate::catalog::HazardKind;

type Rgb = [u8; 3];

/// The lightest and the deepest colour of a kind's family.
const fn family(kind: HazardKind) -> (Rgb, Rgb) {
    match kind {
        HazardKind::Flood => ([0xcf, 0xe3, 0xf7], [0x0b, 0x4a, 0x8f]),
        HazardKind::Waterlogging => ([0xd6, 0xe6, 0xf5], [0x1f, 0x5c, 0xb8]),
        HazardKind::FlashFlood => ([0xc6, 0xdb, 0xef], [0x08, 0x30, 0x6b]),
        HazardKind::Landslide => ([0xf1, 0xe0, 0xc0], [0x5c, 0x36, 0x17]),
        HazardKind::DebrisFlow => ([0xee, 0xd9, 0xb5], [0x6e, 0x3f, 0x12]),
        HazardKind::StormSurge => ([0xcd, 0xec, 0xe8], [0x00, 0x5f, 0x5b]),
        HazardKind::Tsunami => ([0xc4, 0xe9, 0xea], [0x04, 0x50, 0x5e]),
        HazardKind::Typhoon => ([0xe6, 0xdc, 0xf3], [0x5b, 0x2a, 0x8c]),
        HazardKind::Wildfire => ([0xfb, 0xdc, 0xc4], [0x9c, 0x2f, 0x14]),
        HazardKind::Earthquake => ([0xea, 0xdd, 0xdd], [0x6b, 0x4a, 0x50]),
        HazardKind::Chemical => ([0xe9, 0xf0, 0xb4], [0x5f, 0x6b, 0x12]),
    }
}

/// The colour of level `rank` (1 = lowest) of `levels`, as `#rrggbb`. The only level of a layer has the deep colour's
/// neighbour, for it stands for a whole danger zone.
pub(crate) fn colour(kind: HazardKind, rank: usize, levels: usize) -> String {
    let (light, deep) = family(kind);
    let share = if levels <= 1 {
        0.7
    } else {
        (rank - 1) as f64 / (levels - 1) as f64
    };
    let mix = |channel: usize| {
        let (from, to) = (f64::from(light[channel]), f64::from(deep[channel]));
        (from + share * (to - from)).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_levels_are_deeper() {
        for kind in HazardKind::ALL {
            let brightness = |rank| {
                let colour = colour(*kind, rank, 4);
                let channel = |at: usize| u32::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
                channel(1) * 299 + channel(3) * 587 + channel(5) * 114
            };
            assert!((1..4).all(|rank| brightness(rank) > brightness(rank + 1)), "{kind}");
        }
    }
}
