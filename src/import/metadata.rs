//! What is said of a layer besides its data, and what an update keeps of it.
//!
//! Owns the defaults and the merge with the entry that the pack has already. A version that is updated keeps what its
//! operator has written: what a job does not say stays. What each word means is [`LayerManifest`]'s part.

use std::{fs, path::Path};

use super::{HazardJob, survey::Survey};
use crate::{
    catalog::{HazardManifest, Id, LayerManifest, Level, ZoomRange},
    messages::Names,
};

/// What is said of a layer; what is not said is kept on an update and gets its default otherwise.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// The Chinese name; the layer's id by default.
    pub name_zh: Option<String>,
    /// The English name; the layer's id by default.
    pub name_en: Option<String>,
    /// A hint for drawing, see [`LayerManifest::kind`]; none by default, and none where it is blank.
    pub kind: Option<String>,
    /// Where the data come from; the file's name by default.
    pub source: Option<String>,
    /// Under which terms; `unknown` by default.
    pub licence: Option<String>,
    /// Of which time; the year of the file by default.
    pub vintage: Option<String>,
    /// Whether they are made up; not by default.
    pub synthetic: Option<bool>,
}

/// The same with nothing left open.
pub(super) struct Settled {
    pub(super) names: Names,
    pub(super) kind: Option<String>,
    pub(super) source: String,
    pub(super) licence: String,
    pub(super) vintage: String,
    pub(super) synthetic: bool,
    pub(super) zoom: ZoomRange,
}

impl Metadata {
    /// What is said, else what the old version says, else the default.
    pub(super) fn settle(&self, layer: &Id, input: &Path, old: Option<&LayerManifest>) -> Settled {
        let said = |said: &Option<String>, kept: fn(&LayerManifest) -> &str| {
            said.clone().or_else(|| old.map(|old| kept(old).to_owned()))
        };
        let file_name = || input.file_name().map(|name| name.to_string_lossy().into_owned());
        let kind = self.kind.clone().or_else(|| old.and_then(|old| old.kind.clone()));
        Settled {
            names: Names {
                zh: said(&self.name_zh, |old| &old.names.zh).unwrap_or_else(|| layer.to_string()),
                en: said(&self.name_en, |old| &old.names.en).unwrap_or_else(|| layer.to_string()),
            },
            kind: kind.filter(|kind| !kind.trim().is_empty()),
            source: said(&self.source, |old| &old.source)
                .or_else(file_name)
                .unwrap_or_else(|| "unknown".to_owned()),
            licence: said(&self.licence, |old| &old.licence).unwrap_or_else(|| "unknown".to_owned()),
            vintage: said(&self.vintage, |old| &old.vintage).unwrap_or_else(|| year_of(input)),
            synthetic: self.synthetic.unwrap_or_else(|| old.is_some_and(|old| old.synthetic)),
            zoom: old.map(|old| old.zoom).unwrap_or_default(),
        }
    }
}

/// The year, in UTC, in which a file was written; this year where that is not known.
fn year_of(file: &Path) -> String {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    let time = modified.and_then(|time| jiff::Timestamp::try_from(time).ok());
    let time = time.unwrap_or_else(jiff::Timestamp::now);
    jiff::tz::TimeZone::UTC.to_datetime(time).year().to_string()
}

/// The hazard asked for, completed by what the old version says: its kind, its level column, and the order of its
/// levels where they still hold every value of that column.
pub(super) fn hazard_job(
    given: Option<&HazardJob>,
    old: Option<&HazardManifest>,
    survey: &Survey,
) -> Option<HazardJob> {
    let Some(old) = old else { return given.cloned() };
    let mut job = given.cloned().unwrap_or(HazardJob {
        kind: old.kind,
        level_from: None,
        levels: Vec::new(),
        unsafe_from: None,
    });
    if job.level_from.is_none() && job.levels.is_empty() {
        job.level_from.clone_from(&old.level);
    }
    if job.levels.is_empty() && job.level_from.is_some() && job.level_from == old.level {
        let known: Vec<String> = old.levels.iter().map(|level| level.code.clone()).collect();
        let column = old.level.as_deref().and_then(|column| survey.find(column));
        let values = column.and_then(|column| survey.columns[column].values.as_ref());
        if values.is_some_and(|values| values.keys().all(|value| known.contains(value))) {
            job.levels = known;
        }
    }
    Some(job)
}

/// Puts the operator's names, colours and marks back on levels whose codes have stayed the same.
pub(super) fn keep_levels(new: &mut HazardManifest, old: &HazardManifest, job: &HazardJob) {
    fn codes(hazard: &HazardManifest) -> impl Iterator<Item = &str> {
        hazard.levels.iter().map(|level| level.code.as_str())
    }
    // The only level of a layer without a level column may be called as one likes.
    let alike = new.level.is_none() && old.level.is_none() || codes(new).eq(codes(old));
    if new.kind != old.kind || !alike {
        return;
    }
    let kept = new.levels.iter().zip(&old.levels).map(|(new, old)| Level {
        is_unsafe: if job.unsafe_from.is_some() {
            new.is_unsafe
        } else {
            old.is_unsafe
        },
        ..old.clone()
    });
    new.levels = kept.collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old() -> LayerManifest {
        toml::from_str(
            "id = \"l\"\nrole = \"settlement\"\nkind = \"town\"\nnames = { zh = \"镇\", en = \"Towns\" }\n\
             file = \"l.fgb\"\nsource = \"the office\"\nlicence = \"ours\"\nvintage = \"2024\"\nsynthetic = true\n\
             zoom = { min = 7, max = 12 }",
        )
        .unwrap()
    }

    #[test]
    fn what_is_said_counts_then_what_the_old_version_says_then_the_default() {
        let (id, file) = ("l".parse().unwrap(), Path::new("/no/such/towns.csv"));
        let metadata = Metadata {
            name_en: Some("Market towns".to_owned()),
            kind: Some(" ".to_owned()),
            synthetic: Some(false),
            ..Metadata::default()
        };
        let kept = metadata.settle(&id, file, Some(&old()));
        assert_eq!((kept.names.zh.as_str(), kept.names.en.as_str()), ("镇", "Market towns"));
        assert_eq!((kept.kind, kept.synthetic), (None, false), "said, and so taken back");
        assert_eq!((kept.source.as_str(), kept.licence.as_str()), ("the office", "ours"));
        assert_eq!((kept.vintage.as_str(), kept.zoom.max), ("2024", 12));

        let fresh = Metadata::default().settle(&id, file, None);
        assert_eq!((fresh.names.zh.as_str(), fresh.source.as_str()), ("l", "towns.csv"));
        assert_eq!((fresh.licence.as_str(), fresh.synthetic), ("unknown", false));
        assert_eq!(fresh.vintage.len(), 4);
        assert!(Metadata::default().settle(&id, file, Some(&old())).synthetic);
    }
}
