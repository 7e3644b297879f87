//! What an operator says about a file, and the [`Job`] that becomes of it.
//!
//! Read strictly: an unknown member, a word that is none and a column for no meaning are refused by name. [`Options::job`]
//! is the one place where a job is put together here; the command line's is `cli/import.rs`.

use std::{collections::BTreeMap, fmt::Display, path::Path, str::FromStr};

use axum::body::{Body, to_bytes};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        App,
        error::{Code, Problem},
    },
    drafts::Place,
};
use crate::{
    catalog::{HazardKind, Role, readers::Format},
    import::{HazardJob, Job, MeaningKey, Metadata},
    messages::Names,
};

/// What the file is and where it goes. Empty texts count as not given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportOptions)]
pub(super) struct Options {
    /// The layer's id: a-z, 0-9, _ and -.
    #[schema(example = "shelters")]
    layer: String,
    /// What the features are.
    #[schema(value_type = Role)]
    role: String,
    /// A hint for drawing: `coastline`, `river`, `land` (reference), `town`, `village`, `place` (settlement).
    kind: Option<String>,
    /// What people call the layer; its id where not given.
    names: Option<Names>,
    /// Kind and levels; for `hazard_zone`, and only for it.
    hazard: Option<HazardOptions>,
    /// Which column means what: meaning (`name`, `capacity`, `lon`, `suits.flood` …) to column. An empty column takes a
    /// proposal back.
    #[serde(default)]
    map: BTreeMap<String, String>,
    /// Datum of the coordinates, as for the command line: `wgs84`, `cgcs2000`, `gcj02` …; `wgs84` where not given.
    #[schema(example = "gcj02")]
    datum: Option<String>,
    /// The text encoding, where it is not UTF-8.
    #[schema(example = "gb18030")]
    encoding: Option<String>,
    /// The format, where it is not to be looked for.
    format: Option<String>,
    /// Which table of a file that holds several.
    table: Option<String>,
    /// Where the data come from; the file's name where not given.
    source: Option<String>,
    /// Under which terms they may be used; `unknown` where not given.
    licence: Option<String>,
    /// Of which time they are, beginning with the year; this year where not given.
    vintage: Option<String>,
    /// Whether they are made up.
    #[serde(default)]
    synthetic: bool,
    /// Whether a layer of this id may be there already.
    #[serde(default)]
    replace: bool,
    /// Whether to go on where a finding would stop the import.
    #[serde(default)]
    accept: bool,
}

/// What makes a layer a hazard layer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HazardOptions {
    /// The kind of every zone.
    #[schema(value_type = HazardKind)]
    kind: String,
    /// The column with the level; without one every zone has the same.
    level_from: Option<String>,
    /// The levels as they stand in the column, lowest first; put in order by their words where not given.
    #[serde(default)]
    levels: Vec<String>,
    /// The lowest level that no shelter should lie in; the upper half of the levels where not given.
    unsafe_from: Option<String>,
}

impl Options {
    /// Reads them from a request's body.
    pub(super) async fn read(app: &App, body: Body) -> Result<Self, Problem> {
        let most = app.config.limits.max_body_bytes.0;
        let Ok(bytes) = to_bytes(body, most).await else {
            return Err(Problem::new(Code::BodyTooLarge).with("max", most));
        };
        serde_json::from_slice(&bytes).map_err(|error| Problem::new(Code::InvalidBody).with("reason", error))
    }

    /// The job for a file that lies at a place.
    pub(super) fn job(self, place: &Place, region: &Path, time_zone: &str) -> Result<Job, Problem> {
        let names = self.names.unwrap_or_else(|| Names {
            zh: String::new(),
            en: String::new(),
        });
        Ok(Job {
            input: place.file(),
            region: region.to_owned(),
            layer: parse("layer", &self.layer)?,
            role: parse("role", &self.role)?,
            hazard: self.hazard.map(HazardOptions::job).transpose()?,
            metadata: Metadata {
                name_zh: filled(Some(names.zh)),
                name_en: filled(Some(names.en)),
                kind: filled(self.kind),
                source: filled(self.source).or_else(|| Some(place.name().shown().to_owned())),
                licence: filled(self.licence),
                vintage: filled(self.vintage),
                // What is marked as made up stays so until somebody says otherwise at the command line.
                synthetic: self.synthetic.then_some(true),
            },
            crs: filled(self.datum).map(|word| parse("datum", &word)).transpose()?,
            no_header: false,
            mapping: None,
            format: filled(self.format)
                .map(|word| parse::<Format>("format", &word))
                .transpose()?,
            table: filled(self.table),
            encoding: filled(self.encoding),
            map: self.map.into_iter().map(assignment).collect::<Result<_, _>>()?,
            replace: self.replace,
            accept: self.accept,
            dry_run: false,
            time_zone: time_zone.to_owned(),
        })
    }
}

impl HazardOptions {
    fn job(self) -> Result<HazardJob, Problem> {
        Ok(HazardJob {
            kind: parse::<HazardKind>("hazard.kind", &self.kind)?,
            level_from: filled(self.level_from),
            levels: self
                .levels
                .into_iter()
                .filter_map(|level| filled(Some(level)))
                .collect(),
            unsafe_from: filled(self.unsafe_from),
        })
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn parse<T: FromStr<Err: Display>>(name: &str, word: &str) -> Result<T, Problem> {
    word.trim().parse().map_err(|error: T::Err| invalid(name, error))
}

fn assignment((meaning, column): (String, String)) -> Result<(MeaningKey, String), Problem> {
    let meaning: MeaningKey = meaning.trim().parse().map_err(|error| invalid("map", error))?;
    Ok((meaning, column.trim().to_owned()))
}

fn invalid(name: &str, reason: impl Display) -> Problem {
    Problem::new(Code::InvalidOption).about(name).with("reason", reason)
}
