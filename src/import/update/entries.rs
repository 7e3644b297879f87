//! Every feature of a version in a few bytes.

use geo::CoordsIter;
use geo_types::Geometry;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_64_with_seed};

use crate::{
    catalog::{Faults, LayerWalk, Walked},
    fold,
    import::{nearby::Placed, place::Spot, rows::is_row_column},
    messages::Lang,
};

/// What features are matched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Name,
}

/// A feature. The key is a hash, kept in halves so that an entry needs no padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    key: [u32; 2],
    pub(super) spot: Spot,
    /// A hash of the name; 0 without one.
    pub(super) name: u32,
    /// A hash of what is compared.
    pub(super) content: u32,
    /// The row in its file, from 0.
    pub(super) row: u32,
}

/// All features of a version.
pub(super) type Version = Vec<Entry>;

impl Entry {
    pub(super) const fn new(key: u64, spot: Spot, name: u32, content: u32, row: u32) -> Self {
        let key = [(key >> 32) as u32, key as u32];
        Self {
            key,
            spot,
            name,
            content,
            row,
        }
    }

    /// The hash of the id or name; 0 where features are matched by name and it has none.
    pub(super) fn key(&self) -> u64 {
        (u64::from(self.key[0]) << 32) | u64::from(self.key[1])
    }
}

impl Placed for Entry {
    fn name(&self) -> u64 {
        self.key()
    }

    fn spot(&self) -> Spot {
        self.spot
    }
}

/// The columns of two versions.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) both: Vec<String>,
    pub(super) only_old: Vec<String>,
    pub(super) only_new: Vec<String>,
}

/// Which columns both versions have; columns of row numbers are left out.
pub(super) fn columns(old: &LayerWalk<'_>, new: &LayerWalk<'_>) -> Result<Columns, Faults> {
    let names = |walk: &LayerWalk<'_>| -> Result<Vec<String>, Faults> {
        let fields = walk.fields()?.into_iter().map(|field| field.name);
        Ok(fields.filter(|name| !is_row_column(name)).collect())
    };
    let (old, new) = (names(old)?, names(new)?);
    let (both, only_old): (Vec<String>, Vec<String>) = old.into_iter().partition(|name| new.contains(name));
    let only_new = new.into_iter().filter(|name| !both.contains(name)).collect();
    Ok(Columns {
        both,
        only_old,
        only_new,
    })
}

/// Walks a version once.
pub(super) fn gather(walk: &LayerWalk<'_>, columns: &[String], by: Key) -> Result<Version, Faults> {
    let mut entries = Vec::new();
    let mut reading = Reading::new(columns);
    walk.each(|feature| {
        let folded = feature
            .name(Lang::Zh)
            .map(|name| fold::fold(&name))
            .filter(|name| !name.is_empty());
        let name = folded.map_or(0, |name| xxh3_64(name.as_bytes()).max(1));
        let key = match by {
            Key::Id => xxh3_64(feature.id().as_bytes()),
            Key::Name => name,
        };
        // Imports refuse features without coordinates.
        let spot = Spot::of(&feature.geometry).unwrap_or(Spot {
            lat: i32::MAX,
            lon: i32::MAX,
        });
        entries.push(Entry::new(
            key,
            spot,
            name as u32,
            reading.content(&feature),
            feature.row as u32,
        ));
    })?;
    Ok(entries)
}

/// Values read in the order of the columns that both versions have.
pub(super) struct Reading<'c> {
    columns: &'c [String],
    /// Where each stands in this version; looked up at the first feature.
    places: Option<Vec<Option<usize>>>,
}

impl<'c> Reading<'c> {
    pub(super) const fn new(columns: &'c [String]) -> Self {
        Self { columns, places: None }
    }

    /// A hash of each value, 0 where it is not known, and one of the geometry at the end.
    pub(super) fn hashes(&mut self, feature: &Walked<'_>) -> Vec<u32> {
        let values = (0..self.columns.len()).map(|column| {
            let text = self.text(feature, column);
            text.map_or(0, |text| xxh3_64(text.as_bytes()) as u32)
        });
        let mut hashes: Vec<u32> = values.collect();
        hashes.push(of_geometry(&feature.geometry) as u32);
        hashes
    }

    /// A hash of everything that is compared.
    fn content(&mut self, feature: &Walked<'_>) -> u32 {
        let mut content = of_geometry(&feature.geometry);
        for column in 0..self.columns.len() {
            if let Some(text) = self.text(feature, column) {
                content = content.wrapping_add(xxh3_64_with_seed(text.as_bytes(), column as u64 + 1));
            }
        }
        (content >> 32) as u32 ^ content as u32
    }

    /// A known value as people write it: the same number as an integer and as a float is the same.
    pub(super) fn text(&mut self, feature: &Walked<'_>, column: usize) -> Option<String> {
        let places = self.places.get_or_insert_with(|| {
            let place = |name: &String| feature.fields().iter().position(|field| field.name == *name);
            self.columns.iter().map(place).collect()
        });
        let value = feature.values.get((*places.get(column)?)?)?.as_ref()?;
        Some(value.to_text().into_owned()).filter(|text| !text.is_empty())
    }
}

/// A hash of the coordinates to a ten-millionth of a degree.
fn of_geometry(geometry: &Geometry<f64>) -> u64 {
    let mut hasher = Xxh3::new();
    for coord in geometry.coords_iter() {
        for degrees in [coord.x, coord.y] {
            hasher.update(&((degrees * 1e7).round() as i64).to_le_bytes());
        }
    }
    hasher.digest()
}
