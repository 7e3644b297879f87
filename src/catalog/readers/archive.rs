//! What a folder, a zip or a gzip holds: the one thing in it that can be imported.
//!
//! | given | read |
//! |---|---|
//! | a folder | the Shapefile in it |
//! | a zip, a KMZ | the one layer file in it, or the one that `--table` names, unpacked |
//! | a gzip of a zip or of a GeoPackage, which are not read from the front | the same, unpacked |
//!
//! A spreadsheet of Excel or `OpenDocument` is a zip too, and left as it is. Files are unpacked to a folder of their own under names of our own,
//! so that no name in an archive leads anywhere; its owner alone may read it, and it goes with the last
//! [`super::Input`] of it. An archive that would unpack to more than `MOST_UNPACKED`, or grows beyond
//! `MOST_RATIO`, is refused while it is unpacked, whatever it says its sizes are.

mod members;
mod unpack;

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use self::{members::Member, unpack::Budget};
use super::{Hints, Input, ReadError};

/// Archives in archives (a zip of a KMZ, a gzip of a zip) are unpacked as deep as this.
const MAX_DEPTH: usize = 3;

/// What a file is on the outside.
enum Wrapping {
    None,
    Folder,
    Zip,
    /// A gzip around something that has to be read back and forth.
    Gzip,
}

/// Takes the wrapping off: the file to read, and what the hints still say about it.
pub(super) fn unpacked(mut input: Input, hints: &Hints) -> Result<(Input, Hints), ReadError> {
    let mut hints = hints.clone();
    let mut budget = Budget::default();
    for _ in 0..=MAX_DEPTH {
        match wrapping(input.path())? {
            Wrapping::None => return Ok((input, hints)),
            Wrapping::Folder => {
                let (file, share) = shapefile_in(input.path(), hints.table.take().as_deref())?;
                input = input.moved_to(file, share);
            }
            Wrapping::Gzip => input = unpack::gzip(&input, &mut budget)?,
            Wrapping::Zip => {
                let mut archive = open(input.path())?;
                let mut names = members::names(&archive)?;
                if members::is_document(&names) {
                    return Ok((input, hints));
                }
                leave_out_contents(&mut archive, &mut names)?;
                let (item, table) = members::choose(&names, hints.table.as_deref())?;
                hints.table = table;
                input = unpack::zip(&input, &mut archive, &item, &mut budget)?;
            }
        }
    }
    Err(ReadError::Archive(format!(
        "archives lie in each other deeper than {MAX_DEPTH}; unpack it and give the file in it"
    )))
}

fn wrapping(path: &Path) -> Result<Wrapping, ReadError> {
    if path.is_dir() {
        return Ok(Wrapping::Folder);
    }
    let mut file = File::open(path).map_err(ReadError::open(path))?;
    let mut magic = Vec::new();
    (&mut file).take(4).read_to_end(&mut magic)?;
    if is_zip(&magic) {
        return Ok(Wrapping::Zip);
    }
    if !magic.starts_with(&[0x1f, 0x8b]) {
        return Ok(Wrapping::None);
    }
    let mut inner = Vec::new();
    let decoder = MultiGzDecoder::new(File::open(path).map_err(ReadError::open(path))?);
    // What is wrong with the gzip is told by whoever reads it.
    let read = decoder.take(16).read_to_end(&mut inner);
    let back_and_forth = is_zip(&inner) || inner.starts_with(b"SQLite format 3\0");
    Ok(if read.is_ok() && back_and_forth {
        Wrapping::Gzip
    } else {
        Wrapping::None
    })
}

/// A zip begins with a member or, where it has none, with its directory's end.
fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, ReadError> {
    let file = File::open(path).map_err(ReadError::open(path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| match error {
        zip::result::ZipError::Io(error) => ReadError::Io(error),
        error => ReadError::Archive(format!("the zip is damaged or cut short: {error}")),
    })
}

/// Leaves out the `doc.kml` of a KMZ that is only a table of contents: GDAL writes one that links to a document for each
/// layer and has no placemarks of its own.
fn leave_out_contents<R: Read + Seek>(archive: &mut ZipArchive<R>, members: &mut Vec<Member>) -> Result<(), ReadError> {
    let documents = members
        .iter()
        .filter(|member| members::ending(&member.name) == "kml")
        .count();
    let Some(at) = members.iter().position(|member| member.name == members::DOCUMENT) else {
        return Ok(());
    };
    if documents > 1 && !unpack::has_word(archive, &members[at], b"Placemark")? {
        members.remove(at);
    }
    Ok(())
}

/// The Shapefile of a folder, and how many bytes of progress one of its bytes is.
fn shapefile_in(folder: &Path, wanted: Option<&str>) -> Result<(std::path::PathBuf, f64), ReadError> {
    let entries = folder.read_dir().map_err(ReadError::open(folder))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    let is_shapefile = |name: &&String| members::ending(name) == "shp";
    let found: Vec<&String> = names.iter().filter(is_shapefile).collect();
    let chosen = match wanted {
        Some(wanted) => found
            .iter()
            .find(|name| name.as_str() == wanted || members::stem(name) == wanted),
        None => found.first().filter(|_| found.len() == 1),
    };
    let Some(chosen) = chosen else {
        return Err(no_shapefile(folder, &found, &names, wanted));
    };
    Ok((folder.join(chosen), 1.0))
}

fn no_shapefile(folder: &Path, found: &[&String], names: &[String], wanted: Option<&str>) -> ReadError {
    let folder = folder.display();
    let all = members::listed(names.iter().map(String::as_str));
    let shapefiles = members::listed(found.iter().map(|name| name.as_str()));
    ReadError::Choice(match (found, wanted) {
        ([], _) if names.iter().any(|name| members::ending(name) == "gdbtable") => {
            format!("{folder} is an Esri file geodatabase, which is not read; convert it: ogr2ogr out.gpkg {folder}")
        }
        ([], _) => format!("there is no Shapefile in the folder {folder}; give one of its files: {all}"),
        (_, Some(wanted)) => format!("there is no Shapefile `{wanted}` in {folder}; it has: {shapefiles}"),
        (_, None) => format!("{folder} holds several Shapefiles: {shapefiles}; choose one with --table NAME"),
    })
}

#[cfg(test)]
mod tests;
