//! The members of a zip: their names, and which of them is meant.

use std::{
    borrow::Cow,
    io::{Read, Seek},
};

use encoding_rs::GB18030;
use zip::ZipArchive;

use super::super::ReadError;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) index: usize,
    pub(super) name: String,
}

/// Something to import: a file, or the files of a Shapefile, the `.shp` first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) files: Vec<Member>,
}

impl Item {
    fn name(&self) -> &str {
        &self.files[0].name
    }

    /// Whether a word given by the user means this: its whole name, the name without folders, or that without its
    /// ending.
    fn is_called(&self, word: &str) -> bool {
        let name = self.name();
        let short = name.rsplit('/').next().unwrap_or(name);
        [name, short, stem(short)].contains(&word)
    }
}

/// Endings of files that hold a layer.
const LAYERS: [&str; 16] = [
    "shp",
    "gpkg",
    "kml",
    "kmz",
    "fgb",
    "geojson",
    "geojsonl",
    "geojsons",
    "geojsonseq",
    "ndjson",
    "csv",
    "tsv",
    "xlsx",
    "xls",
    "ods",
    "zip",
];

/// Endings of files that may hold a layer, and may be a note about the one beside it.
const PERHAPS: [&str; 4] = ["json", "jsonl", "ndgeojson", "txt"];

/// What belongs to a Shapefile.
const SHAPEFILE: [&str; 4] = ["shx", "dbf", "prj", "cpg"];

/// The document of a KMZ.
pub(super) const DOCUMENT: &str = "doc.kml";

/// As many names of a long list are told.
const TOLD: usize = 20;

/// The files of an archive; folders, and what macOS puts beside files, left out.
pub(super) fn names<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<Member>, ReadError> {
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let entry = archive
            .by_index_data(index)
            .map_err(|error| ReadError::Archive(format!("the zip is damaged: {error}")))?;
        let name = name(entry.name_raw(), || entry.name().ok().map(Cow::into_owned));
        // Windows' own archiver of old wrote its separator.
        let name = name.replace('\\', "/");
        let is_hidden = name
            .split('/')
            .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != ".." && part != "."));
        if !name.ends_with('/') && !is_hidden {
            members.push(Member { index, name });
        }
    }
    Ok(members)
}

/// Whether these are the parts of a document of an office program, and no files of their own.
pub(super) fn is_document(members: &[Member]) -> bool {
    let has = |name: &str| members.iter().any(|member| member.name == name);
    has("xl/workbook.xml") || has("mimetype") && has("content.xml")
}

/// A member's name. Few archivers set the flag that says it is UTF-8; Windows in China writes GBK, and code page 437 is
/// what the standard says.
fn name(raw: &[u8], standard: impl Fn() -> Option<String>) -> String {
    if let Ok(name) = str::from_utf8(raw) {
        return name.to_owned();
    }
    let chinese = GB18030.decode_without_bom_handling_and_without_replacement(raw);
    chinese.map(Cow::into_owned).or_else(standard).unwrap_or_default()
}

/// The item to import, and the table that is meant inside it.
pub(super) fn choose(members: &[Member], wanted: Option<&str>) -> Result<(Item, Option<String>), ReadError> {
    let layers = items(members, &LAYERS);
    let perhaps = items(members, &PERHAPS);
    if let Some(wanted) = wanted {
        let all = || layers.iter().chain(&perhaps);
        let called: Vec<&Item> = all().filter(|item| item.is_called(wanted)).collect();
        if let [item] = called.as_slice() {
            return Ok(((*item).clone(), None));
        }
        if called.len() > 1 {
            return Err(several(
                &called,
                &format!("`{wanted}` means several files of the archive"),
            ));
        }
        // MEMBER/TABLE: a layer of a database in the archive.
        let within = |item: &Item| wanted.strip_prefix(item.name())?.strip_prefix('/').map(str::to_owned);
        if let Some((item, table)) = all().find_map(|item| Some((item, within(item)?))) {
            return Ok((item.clone(), Some(table)));
        }
    }
    let candidates = if layers.is_empty() { perhaps } else { layers };
    match (candidates.as_slice(), wanted) {
        ([], _) => {
            let names = listed(members.iter().map(|member| member.name.as_str()));
            Err(ReadError::Choice(format!(
                "nothing in the archive can be imported; it holds: {names}"
            )))
        }
        ([only], table) => Ok((only.clone(), table.map(str::to_owned))),
        (many, Some(wanted)) => Err(several(
            &many.iter().collect::<Vec<_>>(),
            &format!("the archive has no `{wanted}`, but several files"),
        )),
        (many, None) => {
            // In a KMZ the document comes first and the others are what it links to.
            let document = many.iter().find(|item| item.name() == DOCUMENT);
            let all_kml = many.iter().all(|item| ending(item.name()) == "kml");
            document
                .filter(|_| all_kml)
                .map(|document| (document.clone(), None))
                .ok_or_else(|| several(&many.iter().collect::<Vec<_>>(), "the archive holds several files"))
        }
    }
}

fn several(items: &[&Item], what: &str) -> ReadError {
    let names = listed(items.iter().map(|item| item.name()));
    ReadError::Choice(format!("{what}: {names}; choose one with --table NAME"))
}

/// The items with one of these endings, compressed or not.
fn items(members: &[Member], endings: &[&str]) -> Vec<Item> {
    let is_item = |member: &&Member| {
        let ending = ending(&member.name);
        let inner = if ending == "gz" {
            self::ending(stem(&member.name))
        } else {
            ending
        };
        endings.contains(&inner.as_str())
    };
    let items = members.iter().filter(is_item).map(|member| {
        let mut files = vec![member.clone()];
        if ending(&member.name) == "shp" {
            let is_part = |other: &&Member| {
                stem(&other.name).to_lowercase() == stem(&member.name).to_lowercase()
                    && SHAPEFILE.contains(&ending(&other.name).as_str())
            };
            files.extend(members.iter().filter(is_part).cloned());
        }
        Item { files }
    });
    items.collect()
}

/// A name's ending in small letters, without its dot; blank where it has none.
pub(super) fn ending(name: &str) -> String {
    let short = name.rsplit('/').next().unwrap_or(name);
    short
        .rsplit_once('.')
        .map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// A name without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Names in a row, not too many of them.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.len() {
        0 => "nothing".to_owned(),
        count if count > TOLD => format!("{} and {} more", names[..TOLD].join(", "), count - TOLD),
        _ => names.join(", "),
    }
}
