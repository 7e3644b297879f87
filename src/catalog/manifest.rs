//! `region.toml`: the region and its layers, as written and as checked.
//!
//! Owns the manifest's types and the checks that need no data file. What a layer's file must hold is checked in
//! [`super::Layer::new`].

use std::{
    fmt::{Display, Formatter, Result as FmtResult},
    path::{Component, Path},
    str::FromStr,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

mod archive;
mod roads;

pub use archive::ArchiveManifest;
pub use roads::RoadsManifest;

use super::{Fault, Faults, HazardKind, Meaning, Role};
use crate::{geometry::BBox, messages::Names};

/// The manifest's file name inside a pack folder.
pub const MANIFEST_FILE: &str = "region.toml";

/// The format this release reads and writes.
pub const FORMAT: u32 = 1;

/// The most levels a hazard layer can have: more cannot be told apart by colour.
pub const MAX_LEVELS: usize = 12;

/// The id of a region or layer: 1–64 of `a-z`, `0-9`, `_`, `-`, beginning with a letter or digit, so that it can stand
/// in URLs, file names and tile layer names as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// What the server calls layers of its own in tiles: the one that says what is thinned, and those of minutes to a shelter.
/// No layer and no archive of a pack may have an id that begins so.
pub const OWN_LAYERS: [&str; 2] = ["thinned", "minutes_to_shelter"];

/// What is wrong with an id that is kept for the server's own layers.
fn own_layer(id: &Id) -> Option<String> {
    let own = OWN_LAYERS.iter().find(|own| id.as_str().starts_with(**own))?;
    Some(format!(
        "ids that begin with `{own}` are for layers that the server makes; give another"
    ))
}

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id: use 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit")]
pub struct IdError(pub String);

impl Id {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let lower_or_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let valid = text.len() <= 64
            && text.as_bytes().first().is_some_and(lower_or_digit)
            && text
                .bytes()
                .all(|byte| lower_or_digit(&byte) || byte == b'_' || byte == b'-');
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl Display for Id {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(&self.0)
    }
}

/// One of a hazard layer's ordered levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The value in the layer's level column.
    pub code: String,
    /// What people call it.
    pub names: Names,
    /// Fill colour, `#rrggbb`.
    pub colour: String,
    /// Whether nobody should be sent to a shelter inside a zone of this level.
    #[serde(rename = "unsafe", default)]
    pub is_unsafe: bool,
}

/// What a hazard layer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardManifest {
    /// The hazard kind of every zone in the layer.
    pub kind: HazardKind,
    /// The column that holds the level's code; without one every zone has the only level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The levels, lowest first.
    pub levels: Vec<Level>,
}

/// The zooms a layer is drawn at, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoomRange {
    /// First zoom, 0..=22.
    pub min: u8,
    /// Last zoom, 0..=22, not below `min`; clients overzoom beyond it.
    pub max: u8,
}

impl Default for ZoomRange {
    fn default() -> Self {
        Self { min: 0, max: 14 }
    }
}

impl ZoomRange {
    /// The deepest zoom tiles exist for.
    pub const DEEPEST: u8 = 22;

    /// Whether the layer has tiles at this zoom.
    pub fn contains(self, zoom: u8) -> bool {
        (self.min..=self.max).contains(&zoom)
    }
}

/// A layer as the manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerManifest {
    /// Unique in the region; also the layer's name in tiles.
    pub id: Id,
    /// What its features are.
    pub role: Role,
    /// A hint for drawing: `coastline`, `river`, `land` (reference), `town`, `village`, `place` (settlement).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What people call it.
    pub names: Names,
    /// The FlatGeobuf file inside the pack folder.
    pub file: String,
    /// Where the data come from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// Of which time, beginning with the year.
    pub vintage: String,
    /// Whether it is made up.
    pub synthetic: bool,
    /// The zooms it is drawn at.
    #[serde(default)]
    pub zoom: ZoomRange,
    /// What its columns mean.
    #[serde(default)]
    pub attributes: Meaning,
    /// Kind and levels; for hazard zones, and only for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<HazardManifest>,
}

/// A region as `region.toml` describes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionManifest {
    /// Version of the manifest's format.
    pub format: u32,
    /// The region's id.
    pub id: Id,
    /// What people call it.
    pub names: Names,
    /// The area served.
    pub bbox: BBox,
    /// IANA time zone for times shown to people.
    pub time_zone: String,
    /// The number to call where the map has no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty_phone: Option<String>,
    /// The road network, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roads: Option<RoadsManifest>,
    /// The layers, in drawing order from the bottom.
    #[serde(rename = "layer")]
    pub layers: Vec<LayerManifest>,
    /// Archives of tiles beside them.
    #[serde(rename = "archive", skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<ArchiveManifest>,
}

/// The manifest before its layers are read one by one, so that each faulty layer is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegion {
    format: u32,
    id: Id,
    names: Names,
    bbox: BBox,
    time_zone: String,
    duty_phone: Option<String>,
    roads: Option<toml::Value>,
    #[serde(default)]
    layer: Vec<toml::Value>,
    #[serde(default)]
    archive: Vec<toml::Value>,
}

impl RegionManifest {
    /// Parses and checks a manifest.
    ///
    /// # Errors
    /// Every fault that can be seen without the data files.
    pub fn parse(text: &str) -> Result<Self, Faults> {
        let fault = |problem: &dyn Display| Fault::file(MANIFEST_FILE, problem);
        let raw: RawRegion =
            toml::from_str(text).map_err(|error| fault(&error.to_string().trim_end().replace('\n', " ")))?;
        let mut faults = Vec::new();
        let layers = entries("layer", raw.layer, &mut faults);
        let archives = entries("archive", raw.archive, &mut faults);
        let roads = raw.roads.map(toml::Value::try_into).transpose();
        if let Err(error) = &roads {
            faults.push(fault(&error.message()).field("roads"));
        }
        let manifest = Self {
            format: raw.format,
            id: raw.id,
            names: raw.names,
            bbox: raw.bbox,
            time_zone: raw.time_zone,
            duty_phone: raw.duty_phone,
            roads: roads.unwrap_or_default(),
            layers,
            archives,
        };
        manifest.collect_faults(&mut faults);
        if faults.is_empty() {
            Ok(manifest)
        } else {
            Err(Faults(faults))
        }
    }

    fn collect_faults(&self, faults: &mut Vec<Fault>) {
        let mut add = |field: &str, problem: String| faults.push(Fault::file(MANIFEST_FILE, problem).field(field));
        if self.format != FORMAT {
            add(
                "format",
                format!(
                    "format {} is not known; this release reads format {FORMAT}",
                    self.format
                ),
            );
        }
        if let Err(error) = jiff::tz::TimeZone::get(&self.time_zone) {
            add("time_zone", error.to_string());
        }
        for (field, problem) in self.roads.iter().flat_map(RoadsManifest::faults) {
            add(&format!("roads, {field}"), problem);
        }
        for (index, layer) in self.layers.iter().enumerate() {
            if self.layers[..index].iter().any(|other| other.id == layer.id) {
                add(&format!("layer {}", layer.id), "two layers have this id".to_owned());
            }
            if let Some(problem) = own_layer(&layer.id) {
                add(&format!("layer {}", layer.id), problem);
            }
            for (field, problem) in layer.faults() {
                add(&format!("layer {}, {field}", layer.id), problem);
            }
        }
        for (index, archive) in self.archives.iter().enumerate() {
            let mut others = self.layers.iter().map(|layer| &layer.id);
            let mut before = self.archives[..index].iter().map(|other| &other.id);
            if others.any(|id| *id == archive.id) || before.any(|id| *id == archive.id) {
                let problem = "a layer or another archive has this id";
                add(&format!("archive {}", archive.id), problem.to_owned());
            }
            if let Some(problem) = own_layer(&archive.id) {
                add(&format!("archive {}", archive.id), problem);
            }
            for (field, problem) in archive.faults() {
                add(&format!("archive {}, {field}", archive.id), problem);
            }
        }
    }
}

/// Reads the entries of a kind one by one, so that each faulty one is named.
fn entries<T: DeserializeOwned>(kind: &str, values: Vec<toml::Value>, faults: &mut Vec<Fault>) -> Vec<T> {
    let mut read = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let id = value.get("id").and_then(|id| id.as_str());
        let name = id.map_or(format!("{kind} {}", index + 1), str::to_owned);
        match value.try_into() {
            Ok(entry) => read.push(entry),
            Err(error) => {
                faults.push(Fault::file(MANIFEST_FILE, error.message()).field(format!("{kind} {name}")));
            }
        }
    }
    read
}

impl LayerManifest {
    /// Field and problem of each fault inside one layer's entry.
    fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        let mut add = |field: &str, problem: String| faults.push((field.to_owned(), problem));
        for (field, problem) in origin_faults(&self.file, [&self.source, &self.licence], &self.vintage) {
            add(field, problem);
        }
        if self.zoom.min > self.zoom.max || self.zoom.max > ZoomRange::DEEPEST {
            add(
                "zoom",
                format!(
                    "{}..={} must lie in 0..={}",
                    self.zoom.min,
                    self.zoom.max,
                    ZoomRange::DEEPEST
                ),
            );
        }
        for attribute in self
            .attributes
            .columns
            .keys()
            .filter(|attribute| !attribute.fits(self.role))
        {
            add(
                &format!("attributes.{attribute}"),
                format!("a {} layer cannot have it", self.role),
            );
        }
        if self.role != Role::Shelter && !(self.attributes.suits.is_empty() && self.attributes.facilities.is_empty()) {
            add(
                "attributes.suits",
                "only shelters have suitability and facilities".to_owned(),
            );
        }
        match (&self.hazard, self.role) {
            (None, Role::HazardZone) => add("hazard", "a hazard_zone layer needs [layer.hazard]".to_owned()),
            (Some(hazard), Role::HazardZone) => faults.extend(hazard.faults()),
            (Some(_), role) => add("hazard", format!("a {role} layer cannot have [layer.hazard]")),
            (None, _) => {}
        }
        faults
    }
}

impl HazardManifest {
    fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        let mut add = |problem: String| faults.push(("hazard.levels".to_owned(), problem));
        if self.levels.is_empty() || self.levels.len() > MAX_LEVELS {
            add(format!(
                "{} levels; give 1 to {MAX_LEVELS}, lowest first",
                self.levels.len()
            ));
        }
        if self.level.is_none() && self.levels.len() > 1 {
            add("more than one level needs `level`, the column that tells them apart".to_owned());
        }
        for (index, level) in self.levels.iter().enumerate() {
            if self.levels[..index].iter().any(|other| other.code == level.code) {
                add(format!("level `{}` stands twice", level.code));
            }
            let hex = level.colour.strip_prefix('#').filter(|hex| hex.len() == 6);
            if !hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                add(format!(
                    "level `{}`: colour `{}` is not #rrggbb",
                    level.code, level.colour
                ));
            }
            if self.levels[..index].iter().any(|lower| lower.is_unsafe) && !level.is_unsafe {
                add(format!(
                    "level `{}` is above an unsafe level and must be unsafe too",
                    level.code
                ));
            }
        }
        faults
    }
}

/// Field and problem of what is said of a file's place and origin.
fn origin_faults(file: &str, [source, licence]: [&String; 2], vintage: &str) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    if !is_inside_the_pack(file) {
        faults.push(("file", format!("`{file}` must name a file inside the pack folder")));
    }
    for (field, text) in [("source", source), ("licence", licence)] {
        if text.trim().is_empty() {
            faults.push((field, "must not be blank: say what is known, or `unknown`".to_owned()));
        }
    }
    let year = vintage
        .get(..4)
        .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    if year.is_none() {
        faults.push(("vintage", format!("`{vintage}` must begin with a year")));
    }
    faults
}

fn is_inside_the_pack(file: &str) -> bool {
    let path = Path::new(file);
    !file.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests;
