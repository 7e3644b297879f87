//! The pack's administrative areas, found by code, by name and by place.

use std::{collections::HashMap, path::Path};

use geo_types::{Coord, Rect};

use super::{area::Area, mentions::Mentions};
use crate::{
    catalog::{Faults, Id, LayerWalk, RegionManifest, Role},
    geometry::LonLat,
    index::Boxes,
};

/// Digits of a GB/T 2260 code and the codes below it: province, city, county, township, village.
const CODE_LENGTHS: [usize; 5] = [2, 4, 6, 9, 12];

/// All administrative areas of a pack. An area is named by its position here.
#[derive(Default)]
pub(in crate::import) struct Areas {
    all: Vec<Area>,
    boxes: Boxes<usize>,
    by_code: HashMap<String, usize>,
    mentions: Mentions,
    /// The areas that each lies in.
    above: Vec<Vec<usize>>,
}

impl Areas {
    /// Reads the `admin_area` layers of a pack, but for one that is being imported. Memory: their geometries, twice.
    ///
    /// # Errors
    /// A layer that cannot be read.
    pub(in crate::import) fn read(manifest: &RegionManifest, dir: &Path, without: &Id) -> Result<Self, Faults> {
        let mut areas = Vec::new();
        let others = manifest.layers.iter().filter(|layer| layer.id != *without);
        for layer in others.filter(|layer| layer.role == Role::AdminArea) {
            LayerWalk::new(layer, &dir.join(&layer.file)).each(|feature| areas.extend(Area::new(&feature)))?;
        }
        Ok(Self::new(areas))
    }

    pub(super) fn new(areas: Vec<Area>) -> Self {
        let boxes: Boxes<usize> = areas
            .iter()
            .enumerate()
            .map(|(index, area)| (area.rect, index))
            .collect();
        let above = areas.iter().enumerate().map(|(index, area)| {
            let over = boxes.covering(area.inside).copied().filter(|other| *other != index);
            over.filter(|&other| areas[other].square_metres > area.square_metres && areas[other].covers(area.inside))
                .collect()
        });
        let above = above.collect();
        // A code that two layers have is the same area twice: the first will do.
        let mut by_code = HashMap::new();
        for (index, area) in areas.iter().enumerate() {
            if let Some(code) = &area.code {
                by_code.entry(plain_code(code).to_owned()).or_insert(index);
            }
        }
        let mentions = Mentions::new(areas.iter().enumerate().flat_map(|(index, area)| {
            area.names
                .iter()
                .map(move |name| (name.as_str(), area.code.as_deref(), index))
        }));
        Self {
            all: areas,
            boxes,
            by_code,
            mentions,
            above,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn label(&self, area: usize) -> &str {
        &self.all[area].label
    }

    pub(super) fn covers(&self, area: usize, position: LonLat) -> bool {
        self.all[area].covers(position)
    }

    /// Metres outside an area, 0 inside; infinity where that is known to be more than `enough`.
    pub(super) fn distance_m(&self, area: usize, position: LonLat, enough: f64) -> f64 {
        if self.covers(area, position) {
            return 0.0;
        }
        self.all[area].to_outline_m(position, enough)
    }

    /// The area with a code, or the nearest area above it that there is.
    pub(super) fn by_code(&self, code: &str) -> Option<usize> {
        let code = plain_code(code);
        if let Some(area) = self.by_code.get(code) {
            return Some(*area);
        }
        let is_chinese = code.bytes().all(|byte| byte.is_ascii_digit()) && CODE_LENGTHS.contains(&code.len());
        let above = CODE_LENGTHS
            .iter()
            .rev()
            .filter(|length| is_chinese && **length < code.len());
        above
            .filter_map(|length| self.by_code.get(&code[..*length]))
            .copied()
            .next()
    }

    /// The one area that a folded text names: of areas that lie in each other the innermost.
    pub(super) fn mentioned(&self, text: &str) -> Option<usize> {
        let named = self.mentions.find(text);
        let is_above = |area: usize| named.iter().any(|&other| self.above[other].contains(&area));
        let mut innermost = named.iter().copied().filter(|&area| !is_above(area));
        let first = innermost.next()?;
        innermost.next().is_none().then_some(first)
    }

    /// The smallest area over a position.
    pub(super) fn smallest_over(&self, position: LonLat) -> Option<usize> {
        let over = self
            .boxes
            .covering(position)
            .copied()
            .filter(|&area| self.covers(area, position));
        over.min_by(|&one, &other| self.all[one].square_metres.total_cmp(&self.all[other].square_metres))
    }

    /// Whether any area lies within a distance.
    pub(super) fn any_within(&self, position: LonLat, metres: f64) -> bool {
        if self.boxes.covering(position).any(|&area| self.covers(area, position)) {
            return true;
        }
        let lat = metres / 110_000.0;
        let lon = (lat / position.lat().to_radians().cos().max(1e-6)).min(360.0);
        let corner = |sign: f64| Coord {
            x: position.lon() + sign * lon,
            y: position.lat() + sign * lat,
        };
        let around = Rect::new(corner(-1.0), corner(1.0));
        let mut near = self.boxes.meeting(around);
        near.any(|&area| self.all[area].to_outline_m(position, metres) <= metres)
    }
}

/// A code without the zeros that stand for "all of it": 350100 is the city 3501.
fn plain_code(code: &str) -> &str {
    let code = code.trim();
    if !code.bytes().all(|byte| byte.is_ascii_digit()) || !CODE_LENGTHS.contains(&code.len()) {
        return code;
    }
    let mut plain = code;
    for (shorter, length) in CODE_LENGTHS.iter().zip(&CODE_LENGTHS[1..]).rev() {
        if plain.len() == *length && plain[*shorter..].bytes().all(|byte| byte == b'0') {
            plain = &plain[..*shorter];
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_and_without_their_zeros() {
        for (code, plain) in [
            ("350000", "35"),
            ("350100", "3501"),
            ("350102", "350102"),
            ("350102001000", "350102001"),
            ("350102000000", "350102"),
            (" 63000 ", "63000"),
            ("JP-100", "JP-100"),
            ("00", "00"),
        ] {
            assert_eq!(plain_code(code), plain, "{code}");
        }
    }
}
