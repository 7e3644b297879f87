//! What `region.toml` says of an archive of tiles: a large basemap that is served as it was made.
//!
//! Owns the entry and the checks of its words; the archive itself is read by the room for tiles, above this one.

use serde::{Deserialize, Serialize};

use super::{Id, is_inside_the_pack, origin_faults};
use crate::messages::Names;

/// How addresses of archives begin.
const SCHEMES: [&str; 4] = ["https://", "http://", "s3://", "file://"];

/// An archive of tiles (`PMTiles` 3) as the manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveManifest {
    /// Unique among the layers and archives of the region.
    pub id: Id,
    /// What people call it.
    pub names: Names,
    /// The archive inside the pack folder; this or `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where else it lies: `https://`, `http://`, `s3://bucket/key`, or `file://` and an absolute path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A `MapLibre` style inside the pack folder that draws it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// Where the data come from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// Of which time, beginning with the year.
    pub vintage: String,
    /// Whether it is made up.
    pub synthetic: bool,
}

impl ArchiveManifest {
    /// The archive as faults, logs and people name it: the file, or the address without what may be a secret in it.
    pub fn place(&self) -> &str {
        let place = self.file.as_deref().or(self.url.as_deref()).unwrap_or_default();
        place.split(['?', '#']).next().unwrap_or_default()
    }

    /// Field and problem of each fault.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let inside = self.file.as_deref().unwrap_or("archive");
        let mut faults = origin_faults(inside, [&self.source, &self.licence], &self.vintage);
        match (&self.file, &self.url) {
            (Some(_), None) => {}
            (None, Some(url)) => faults.extend(url_fault(url).map(|problem| ("url", problem))),
            _ => faults.push(("file", "give either `file` or `url`".to_owned())),
        }
        if let Some(style) = self.style.as_deref().filter(|style| !is_inside_the_pack(style)) {
            faults.push(("style", format!("`{style}` must name a file inside the pack folder")));
        }
        faults
    }
}

fn url_fault(url: &str) -> Option<String> {
    let rest = SCHEMES.into_iter().find_map(|scheme| url.strip_prefix(scheme));
    let Some(rest) = rest else {
        return Some(format!("`{url}` must begin with {}", SCHEMES.join(", ")));
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.contains('@') {
        return Some("must not hold a name or password: give credentials in the environment".to_owned());
    }
    let is_file = url.starts_with("file://");
    let has_key = rest.len() > host.len() + 1 && host.is_empty() == is_file;
    (!has_key || rest.contains(char::is_whitespace)).then(|| format!("`{url}` names no object"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_an_object_and_no_secret() {
        for good in [
            "https://tiles.example/planet.pmtiles",
            "http://127.0.0.1:9000/a/b.pmtiles?x=1",
            "s3://bucket/maps/planet.pmtiles",
            "file:///srv/maps/planet.pmtiles",
        ] {
            assert_eq!(url_fault(good), None, "{good}");
        }
        for bad in [
            "ftp://a/b",
            "/srv/a.pmtiles",
            "https://",
            "https://host",
            "https://host/",
            "https:///path",
            "https://me:secret@host/a",
            "s3://bucket",
            "s3://bucket/",
            "file://relative/a",
            "file:///",
            "https://host/a b",
        ] {
            let problem = url_fault(bad).expect(bad);
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
