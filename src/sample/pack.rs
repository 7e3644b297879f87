//! A sample written as a region pack.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use geo_types::{Geometry, Point};

use super::{
    SampleError, outline,
    places::{Settlement, Shelter},
    profile::Profile,
    territory::Territory,
    zones::Zone,
};
use crate::{
    catalog::{
        Attribute, FORMAT, Field, FieldKind, HazardKind, HazardManifest, Id, LayerManifest, Level, MANIFEST_FILE,
        Meaning, NameColumns, RawValue, RegionManifest, Role, Shape, Tri, ZoomRange, fgb::Writer,
    },
    geometry::BBox,
    import::level_colour,
    messages::{self, Names},
};

/// A pack on its way to the disk.
pub(super) struct PackWriter<'a> {
    dir: &'a Path,
    layers: Vec<LayerManifest>,
}

/// A row's geometry and its values in the order of the columns; blank text is unknown.
type Row<'v> = (Geometry<f64>, Vec<RawValue<'v>>);

fn text(text: &str) -> RawValue<'_> {
    RawValue::Text(text.into())
}

const fn int(number: u64) -> RawValue<'static> {
    RawValue::Int(number as i64)
}

fn names(zh: &str, en: &str) -> Names {
    Names {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// A code in the manner of GB/T 2260, from a range that it does not use.
fn county_code(county: usize) -> String {
    format!("{}", 990_000 + county)
}

impl<'a> PackWriter<'a> {
    /// A pack in a folder that is there and empty.
    pub(super) const fn new(dir: &'a Path) -> Self {
        Self {
            dir,
            layers: Vec::new(),
        }
    }

    pub(super) fn divisions(&mut self, territory: &Territory, profile: &Profile) -> Result<(), SampleError> {
        let prefectures: Vec<_> = profile
            .prefectures
            .iter()
            .enumerate()
            .map(|(index, prefecture)| {
                (
                    format!("{}", 9900 + index),
                    &prefecture.names,
                    territory.prefecture_cells(index),
                )
            })
            .filter(|(.., cells)| !cells.is_empty())
            .collect();
        let rows = prefectures.iter().map(|(code, names, cells)| -> Row<'_> {
            let outline = outline::around(&territory.lattice, cells);
            (
                outline.into(),
                vec![text(code), text(&names.zh), text(&names.en), text("city"), text(code)],
            )
        });
        self.admin("cities", names("设区市", "Cities"), 4, rows)?;
        let counties: Vec<_> = territory
            .counties
            .iter()
            .enumerate()
            .filter(|(_, cells)| !cells.is_empty())
            .map(|(index, cells)| {
                (
                    county_code(index),
                    format!("第{}县", index + 1),
                    format!("County {}", index + 1),
                    cells,
                )
            })
            .collect();
        let rows = counties.iter().map(|(code, zh, en, cells)| -> Row<'_> {
            let outline = outline::around(&territory.lattice, cells);
            (
                outline.into(),
                vec![text(code), text(zh), text(en), text("county"), text(code)],
            )
        });
        self.admin("counties", names("县（市、区）", "Counties"), 6, rows)
    }

    fn admin<'v>(
        &mut self,
        id: &str,
        names: Names,
        min: u8,
        rows: impl Iterator<Item = Row<'v>>,
    ) -> Result<(), SampleError> {
        let mut layer = entry(id, Role::AdminArea, names, min)?;
        layer.attributes = meaning(&[(Attribute::AdminLevel, "level"), (Attribute::AdminCode, "admin_code")]);
        let columns = [("level", FieldKind::Text), ("admin_code", FieldKind::Text)];
        self.layer(layer, &columns, Shape::Polygon, rows)
    }

    pub(super) fn zones(&mut self, kind: HazardKind, zones: &[Zone]) -> Result<(), SampleError> {
        let mut layer = entry(kind.as_str(), Role::HazardZone, kind_names(kind), 0)?;
        layer.attributes = meaning(&[(Attribute::AdminCode, "admin_code")]);
        layer.hazard = Some(HazardManifest {
            kind,
            level: Some("grade".to_owned()),
            levels: levels(kind),
        });
        let described: Vec<_> = zones
            .iter()
            .enumerate()
            .map(|(index, zone)| {
                let number = index + 1;
                let id = format!("{kind}-{number}");
                (
                    zone,
                    id,
                    format!("样本{number}号"),
                    format!("Sample zone {number}"),
                    county_code(zone.county),
                )
            })
            .collect();
        let rows = described.iter().map(|(zone, id, zh, en, county)| -> Row<'_> {
            let values = vec![text(id), text(zh), text(en), text(county), int(zone.grade.into())];
            (zone.outline.clone().into(), values)
        });
        let columns = [("admin_code", FieldKind::Text), ("grade", FieldKind::Int)];
        self.layer(layer, &columns, Shape::Polygon, rows)
    }

    pub(super) fn settlements(&mut self, settlements: &[Settlement]) -> Result<(), SampleError> {
        for (id, kind, layer_names, min, is_town) in [
            ("towns", "town", names("乡镇", "Towns"), 7, true),
            ("villages", "village", names("村", "Villages"), 10, false),
        ] {
            let mut layer = entry(id, Role::Settlement, layer_names, min)?;
            layer.kind = Some(kind.to_owned());
            layer.attributes = meaning(&[
                (Attribute::AdminCode, "admin_code"),
                (Attribute::Population, "population"),
            ]);
            let described: Vec<_> = settlements
                .iter()
                .enumerate()
                .filter(|(_, settlement)| settlement.is_town == is_town)
                .map(|(index, settlement)| {
                    (
                        settlement,
                        format!("{kind}-{}", index + 1),
                        county_code(settlement.county),
                    )
                })
                .collect();
            let rows = described.iter().map(|(settlement, id, county)| -> Row<'_> {
                let Names { zh, en } = &settlement.names;
                let values = vec![text(id), text(zh), text(en), text(county), int(settlement.population)];
                (Point(settlement.position).into(), values)
            });
            let columns = [("admin_code", FieldKind::Text), ("population", FieldKind::Int)];
            self.layer(layer, &columns, Shape::Point, rows)?;
        }
        Ok(())
    }

    pub(super) fn shelters(&mut self, shelters: &[Shelter]) -> Result<(), SampleError> {
        let mut layer = entry("shelters", Role::Shelter, names("避灾点", "Shelters"), 0)?;
        layer.attributes = meaning(&[
            (Attribute::AdminCode, "admin_code"),
            (Attribute::Grade, "grade"),
            (Attribute::Capacity, "capacity"),
            (Attribute::Status, "status"),
        ]);
        let suits = HazardKind::ALL.iter().map(|kind| (*kind, format!("suits_{kind}")));
        layer.attributes.suits = suits.collect();
        let mut columns = vec![
            ("admin_code", FieldKind::Text),
            ("grade", FieldKind::Text),
            ("capacity", FieldKind::Int),
            ("status", FieldKind::Text),
        ];
        let flags = layer.attributes.suits.clone();
        columns.extend(flags.values().map(|column| (column.as_str(), FieldKind::Text)));
        let described: Vec<_> = shelters
            .iter()
            .enumerate()
            .map(|(index, shelter)| (shelter, format!("sample-{:05}", index + 1), county_code(shelter.county)))
            .collect();
        let rows = described.iter().map(|(shelter, id, county)| -> Row<'_> {
            let mut values = vec![
                text(id),
                text(&shelter.names.zh),
                text(&shelter.names.en),
                text(county),
                text(shelter.grade),
                int(shelter.capacity),
                text(shelter.status),
            ];
            values.extend(shelter.suits.iter().map(|suits| match suits {
                Tri::Unknown => text(""),
                known => text(known.as_str()),
            }));
            (Point(shelter.position).into(), values)
        });
        self.layer(layer, &columns, Shape::Point, rows)
    }

    /// Writes a layer file whose first columns are id and names.
    fn layer<'v>(
        &mut self,
        manifest: LayerManifest,
        columns: &[(&str, FieldKind)],
        shape: Shape,
        rows: impl Iterator<Item = Row<'v>>,
    ) -> Result<(), SampleError> {
        let always = ["id", "name_zh", "name_en"].map(|name| (name, FieldKind::Text));
        let fields = always.iter().chain(columns).map(|(name, kind)| Field {
            name: (*name).to_owned(),
            kind: *kind,
        });
        let mut writer = Writer::new(manifest.id.as_str(), fields.collect(), shape)?;
        for (geometry, values) in rows {
            writer.push(&geometry, values.into_iter().map(Some))?;
        }
        let path = self.dir.join(&manifest.file);
        let mut file = BufWriter::new(File::create_new(&path).map_err(SampleError::io(&path))?);
        writer.finish(&mut file)?;
        file.flush().map_err(SampleError::io(&path))?;
        self.layers.push(manifest);
        Ok(())
    }

    /// Writes `region.toml`, which makes the folder a pack.
    pub(super) fn finish(self, territory: &Territory, profile: &Profile) -> Result<RegionManifest, SampleError> {
        let [west, south, east, north] = territory.extent();
        let margin = 0.1;
        let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
        let bbox = BBox::new(
            round(west - margin),
            round(south - margin),
            round(east + margin),
            round(north + margin),
        );
        let manifest = RegionManifest {
            format: FORMAT,
            id: id("sample")?,
            names: names("样本省（虚构）", "Sample Province (invented)"),
            bbox: bbox.map_err(|error| SampleError::Profile(error.to_string()))?,
            time_zone: profile.time_zone.clone(),
            duty_phone: None,
            roads: None,
            layers: self.layers,
            archives: Vec::new(),
        };
        let text = toml::to_string_pretty(&manifest).map_err(|error| SampleError::Profile(error.to_string()))?;
        let path = self.dir.join(MANIFEST_FILE);
        fs::write(&path, text).map_err(SampleError::io(&path))?;
        Ok(manifest)
    }
}

fn id(word: &str) -> Result<Id, SampleError> {
    word.parse().map_err(|error| SampleError::Profile(format!("{error}")))
}

fn entry(layer: &str, role: Role, names: Names, min: u8) -> Result<LayerManifest, SampleError> {
    Ok(LayerManifest {
        id: id(layer)?,
        role,
        kind: None,
        names,
        file: format!("{layer}.fgb"),
        source: "refugia sample: 虚构的压力测试数据 · invented for load tests".to_owned(),
        licence: "CC0-1.0".to_owned(),
        vintage: "2026".to_owned(),
        synthetic: true,
        zoom: ZoomRange {
            min,
            ..ZoomRange::default()
        },
        attributes: Meaning::default(),
        hazard: None,
    })
}

/// Id and names, which every layer has, and some more.
fn meaning(columns: &[(Attribute, &str)]) -> Meaning {
    let always = [(Attribute::Id, "id")];
    let columns = always.iter().chain(columns);
    Meaning {
        name: Some(NameColumns::Both {
            zh: "name_zh".to_owned(),
            en: "name_en".to_owned(),
        }),
        columns: columns
            .map(|(attribute, column)| (*attribute, (*column).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        ..Meaning::default()
    }
}

fn kind_names(kind: HazardKind) -> Names {
    let known = messages::names(&format!("kind.{kind}")).cloned();
    known.unwrap_or_else(|| names(kind.as_str(), kind.as_str()))
}

/// Four grades, IV the lowest; the upper half is unsafe.
fn levels(kind: HazardKind) -> Vec<Level> {
    let words = [
        ("4", "低", "Low"),
        ("3", "中", "Moderate"),
        ("2", "较高", "Moderately high"),
        ("1", "高", "High"),
    ];
    let levels = words.iter().enumerate().map(|(index, (code, zh, en))| Level {
        code: (*code).to_owned(),
        names: names(zh, en),
        colour: level_colour(kind, index + 1, words.len()),
        is_unsafe: index >= 2,
    });
    levels.collect()
}
