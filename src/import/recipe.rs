//! What is needed to read a file again: the mapping file.
//!
//! Owns its form and who wins: the command line over a mapping file that is given, that over the one kept with the
//! layer, and proposals only for what none of them speaks of. A mapping file that is given takes the kept one's place
//! as a whole; an empty one starts afresh.
//!
//! ```toml
//! encoding = "gb18030"        # every key may be left out
//! datum = "gcj02"
//! table = "Sheet1"
//! lon = "经度"
//! lat = "纬度"
//! level_from = "风险等级"      # hazard zones: the column, its levels lowest first, the lowest unsafe one
//! levels = ["低", "中", "高"]
//! unsafe_from = "中"
//!
//! [attributes]                # as [layer.attributes] of region.toml, with the columns of the file
//! name = { zh = "名称", en = "英文名称" }
//! capacity = "容纳人数"
//! suits = { list = "适用灾种", flood = "洪水" }   # or suits = "适用灾种"
//! phone = ""                  # blank: no column, whatever its name
//! ```
//!
//! An import keeps its own as `LAYER-HASH.import.toml` beside the layer file of the same name, so that naming the one in
//! `region.toml` names the other: both are the pack's by the same rename, and go when the layer file goes.

use std::{fs, io::ErrorKind, path::Path};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use super::{Finding, HazardJob, How, ImportError, Job, MeaningKey, mapping::Mapping};
use crate::{
    catalog::{HazardManifest, readers::ReadError},
    geometry::Crs,
};

/// Ends the name of a kept mapping, in the place of the layer file's `.fgb`.
pub(super) const KEPT_SUFFIX: &str = ".import.toml";

/// The keys beside `[attributes]`.
const KEYS: &str = "encoding, datum, table, lon, lat, level_from, levels, unsafe_from, attributes";

/// A mapping file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recipe {
    encoding: Option<String>,
    datum: Option<String>,
    table: Option<String>,
    level_from: Option<String>,
    levels: Vec<String>,
    unsafe_from: Option<String>,
    columns: Vec<(MeaningKey, String)>,
}

/// A column that a meaning is to have; blank: none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) meaning: MeaningKey,
    pub(super) column: String,
    pub(super) how: How,
    /// The mapping file that says so.
    pub(super) source: Option<String>,
}

/// A job with what its mapping file adds.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) job: Job,
    /// One entry per meaning.
    pub(super) asked: Vec<Asked>,
    /// The mapping file that was used.
    file: Option<(String, How)>,
}

impl Recipe {
    fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut recipe = Self::default();
        for (key, value) in table {
            let text = |value: &toml::Value| {
                let text = value.as_str().map(str::to_owned);
                text.ok_or_else(|| format!("`{key}` must be text"))
            };
            match key.as_str() {
                "encoding" => recipe.encoding = Some(text(&value)?),
                "datum" => recipe.datum = Some(text(&value)?),
                "table" => recipe.table = Some(text(&value)?),
                "level_from" => recipe.level_from = Some(text(&value)?),
                "unsafe_from" => recipe.unsafe_from = Some(text(&value)?),
                "lon" => recipe.columns.push((MeaningKey::Lon, text(&value)?)),
                "lat" => recipe.columns.push((MeaningKey::Lat, text(&value)?)),
                "levels" => {
                    let levels = value
                        .as_array()
                        .ok_or("`levels` must be a list of texts, lowest first")?;
                    recipe.levels = levels.iter().map(text).collect::<Result<_, _>>()?;
                }
                "attributes" => {
                    let columns = value.as_table().ok_or("`attributes` must be a table")?;
                    recipe.add_columns("", columns)?;
                }
                _ => return Err(format!("`{key}` is no key of a mapping file; known are {KEYS}")),
            }
        }
        Ok(recipe)
    }

    /// `suits = { flood = "x" }` is `suits.flood = x`.
    fn add_columns(&mut self, prefix: &str, table: &toml::Table) -> Result<(), String> {
        for (key, value) in table {
            let key = format!("{prefix}{key}");
            match value {
                toml::Value::String(column) => {
                    let meaning: MeaningKey = key.parse().map_err(|error| format!("{error}"))?;
                    if meaning.is_position() {
                        return Err(format!("`{key}` stands outside [attributes]"));
                    }
                    self.columns.push((meaning, column.trim().to_owned()));
                }
                toml::Value::Table(inner) if prefix.is_empty() => self.add_columns(&format!("{key}."), inner)?,
                _ => return Err(format!("`{key}` must be the name of a column")),
            }
        }
        Ok(())
    }

    fn read(path: &Path) -> Result<Self, ImportError> {
        let text = fs::read_to_string(path).map_err(ImportError::io(path))?;
        Self::parse(&text).map_err(|problem| ImportError::Mapping {
            path: path.to_owned(),
            problem,
        })
    }

    /// The text of the file, with a comment that says what it is.
    fn to_text(&self) -> String {
        let mut document = DocumentMut::new();
        let texts = [
            ("encoding", &self.encoding),
            ("datum", &self.datum),
            ("table", &self.table),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                document[key] = value(text);
            }
        }
        for (meaning, column) in self.columns.iter().filter(|(meaning, _)| meaning.is_position()) {
            document[&meaning.to_string()] = value(column);
        }
        if let Some(column) = &self.level_from {
            document["level_from"] = value(column);
            document["levels"] = value(self.levels.iter().collect::<Array>());
        }
        if let Some(level) = &self.unsafe_from {
            document["unsafe_from"] = value(level);
        }
        let mut attributes = Table::new();
        for (meaning, column) in self.columns.iter().filter(|(meaning, _)| !meaning.is_position()) {
            self.put(&mut attributes, *meaning, column);
        }
        document["attributes"] = Item::Table(attributes);
        format!(
            "# How the file of this layer was read; the next import of the layer reads its file the same way.\n\
             # --map MEANING=COLUMN and --mapping FILE override it.\n{document}"
        )
    }

    fn put(&self, attributes: &mut Table, meaning: MeaningKey, column: &str) {
        let has_kinds = || self.columns.iter().any(|(other, _)| other.list() == Some(meaning));
        let key = match meaning {
            list if list.listed().is_some() && has_kinds() => format!("{meaning}.list"),
            _ => meaning.to_string(),
        };
        match key.split_once('.') {
            None => attributes[&key] = value(column),
            Some((outer, inner)) => {
                let table = attributes.entry(outer).or_insert(value(InlineTable::new()));
                if let Some(table) = table.as_inline_table_mut() {
                    table.insert(inner, column.into());
                }
            }
        }
    }
}

/// The name of the mapping kept with a layer file.
pub(super) fn kept_name(layer_file: &str) -> String {
    let stem = layer_file.strip_suffix(".fgb").unwrap_or(layer_file);
    format!("{stem}{KEPT_SUFFIX}")
}

/// Adds to a job what its mapping file says, or the one kept with the layer file that it replaces.
pub(super) fn settle(job: &Job, replaced: Option<&str>) -> Result<Settled, ImportError> {
    let mut settled = Settled {
        job: job.clone(),
        asked: Vec::new(),
        file: None,
    };
    // The last word counts.
    for (meaning, column) in job.map.iter().rev() {
        settled.ask(*meaning, column, How::Given, None);
    }
    let kept = replaced.map(|file| job.region.join(kept_name(file)));
    let (recipe, how, path) = match (&job.mapping, kept) {
        (Some(path), _) => (Recipe::read(path)?, How::MappingFile, path.clone()),
        (None, Some(path)) => match Recipe::read(&path) {
            Err(ImportError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Ok(settled),
            recipe => (recipe?, How::Kept, path),
        },
        (None, None) => return Ok(settled),
    };
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    for (meaning, column) in &recipe.columns {
        settled.ask(*meaning, column, how, Some(&name));
    }
    settled.fill(recipe, &path)?;
    settled.file = Some((name, how));
    Ok(settled)
}

impl Settled {
    fn ask(&mut self, meaning: MeaningKey, column: &str, how: How, source: Option<&str>) {
        if self.asked.iter().all(|asked| asked.meaning != meaning) {
            self.asked.push(Asked {
                meaning,
                column: column.to_owned(),
                how,
                source: source.map(str::to_owned),
            });
        }
    }

    /// What the job does not say itself.
    fn fill(&mut self, recipe: Recipe, path: &Path) -> Result<(), ImportError> {
        let job = &mut self.job;
        job.encoding = job.encoding.take().or(recipe.encoding);
        job.table = job.table.take().or(recipe.table);
        if job.crs.is_none() {
            let crs = recipe.datum.map(|word| word.parse::<Crs>());
            job.crs = crs.transpose().map_err(|error| ImportError::Mapping {
                path: path.to_owned(),
                problem: error.to_string(),
            })?;
        }
        if let (Some(hazard), Some(column)) = (&mut job.hazard, recipe.level_from) {
            fill_levels(hazard, &column, recipe.levels, recipe.unsafe_from);
        }
        Ok(())
    }

    /// Says that a mapping file was used, and what for beside columns.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let Some((file, how)) = &self.file else {
            return Vec::new();
        };
        let message = if *how == How::Kept {
            format!("columns are read as {file}, kept by the import before, says; --mapping FILE or --map overrides it")
        } else {
            format!("columns are read as {file} says")
        };
        vec![Finding::note("mapping_file_used", message)]
    }

    /// A reader's error, with whose word it may be about.
    pub(super) fn explain(&self, error: ReadError) -> ImportError {
        let positions = [MeaningKey::Lon, MeaningKey::Lat].map(|meaning| self.position(meaning)?.source.as_deref());
        match (error, positions.into_iter().flatten().next()) {
            (ReadError::Header(problem), Some(file)) => ImportError::Request(format!(
                "{problem} (the position's columns are those of {file}; --map lon=COLUMN --map lat=COLUMN overrides it)"
            )),
            (error, _) => error.into(),
        }
    }

    /// The column of the position that was asked for.
    pub(super) fn position(&self, meaning: MeaningKey) -> Option<&Asked> {
        let asked = self.asked.iter().find(|asked| asked.meaning == meaning);
        asked.filter(|asked| !asked.column.is_empty())
    }
}

/// Levels belong to their column: those of another are of no use.
fn fill_levels(hazard: &mut HazardJob, column: &str, levels: Vec<String>, unsafe_from: Option<String>) {
    let own = hazard.level_from.get_or_insert_with(|| column.to_owned());
    if *own != column {
        return;
    }
    if hazard.levels.is_empty() {
        hazard.levels = levels;
        hazard.unsafe_from = hazard.unsafe_from.take().or(unsafe_from);
    }
}

/// The text of the mapping to keep with a layer.
pub(super) fn to_keep(
    job: &Job,
    mapping: &Mapping,
    position: Option<(&str, &str)>,
    hazard: Option<&HazardManifest>,
) -> String {
    let mut columns = Vec::new();
    if let Some((lon, lat)) = position {
        columns.push((MeaningKey::Lon, lon.to_owned()));
        columns.push((MeaningKey::Lat, lat.to_owned()));
    }
    let of_file = mapping
        .assigned
        .iter()
        .filter(|assigned| !assigned.meaning.is_position() && assigned.how != How::Numbered);
    columns.extend(of_file.map(|assigned| (assigned.meaning, assigned.column.clone())));
    columns.extend(mapping.taken_back.iter().map(|meaning| (*meaning, String::new())));
    columns.sort();
    let level_from = hazard.and_then(|hazard| hazard.level.clone());
    let levels = hazard.filter(|_| level_from.is_some()).map(|hazard| &hazard.levels);
    let recipe = Recipe {
        encoding: job.encoding.clone(),
        datum: job.crs.as_ref().and_then(Crs::word),
        table: job.table.clone(),
        levels: levels.into_iter().flatten().map(|level| level.code.clone()).collect(),
        unsafe_from: levels
            .and_then(|levels| levels.iter().find(|level| level.is_unsafe))
            .map(|level| level.code.clone()),
        level_from,
        columns,
    };
    recipe.to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "encoding = \"gb18030\"\ndatum = \"gcj02\"\nlon = \"经度\"\nlat = \"纬度\"\nlevel_from = \"等级\"\n\
                    levels = [\"低\", \"高\"]\nunsafe_from = \"高\"\n[attributes]\nname.zh = \"名\"\nname.en = \"en\"\n\
                    phone = \"\"\nsuits = { list = \"灾种\", flood = \"洪水\" }\nfacilities = \"设施\"\n";
        let recipe = Recipe::parse(text).unwrap();
        let written = recipe.to_text();
        insta::assert_snapshot!(written, @r#"
# How the file of this layer was read; the next import of the layer reads its file the same way.
# --map MEANING=COLUMN and --mapping FILE override it.
encoding = "gb18030"
datum = "gcj02"
lat = "纬度"
lon = "经度"
level_from = "等级"
levels = ["低", "高"]
unsafe_from = "高"

[attributes]
facilities = "设施"
name = { en = "en", zh = "名" }
phone = ""
suits = { flood = "洪水", list = "灾种" }
"#);
        let sorted = |mut recipe: Recipe| {
            recipe.columns.sort();
            recipe
        };
        assert_eq!(sorted(Recipe::parse(&written).unwrap()), sorted(recipe));
        assert_eq!(Recipe::parse("").unwrap(), Recipe::default());
    }

    #[test]
    fn what_is_not_known_is_told_with_what_is() {
        for (text, problem) in [
            (
                "delimiter = \";\"",
                "`delimiter` is no key of a mapping file; known are encoding, datum",
            ),
            ("[attributes]\nkapacity = \"x\"", "`kapacity` is no meaning; known are"),
            ("[attributes]\nsuits.fire = \"x\"", "`suits.fire` is no meaning"),
            ("[attributes]\nlon = \"x\"", "stands outside [attributes]"),
            ("[attributes]\ncapacity = 3", "`capacity` must be the name of a column"),
            ("levels = \"低\"", "`levels` must be a list"),
            ("encoding = 8", "`encoding` must be text"),
            ("encoding", "TOML parse error"),
        ] {
            let error = Recipe::parse(text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
