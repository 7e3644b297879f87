//! Unpacking into a folder of its own, within bounds.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Seek, Write},
};

use tempfile::TempDir;
use zip::{CompressionMethod, ZipArchive, read::ZipFile, result::ZipError};

use super::{
    super::{Input, ReadError},
    members::{Item, Member, ending, stem},
};

/// The most bytes that are unpacked for one import: 13 million census records are about 6 GB as text, and a disk that is
/// full stops more than an import.
const MOST_UNPACKED: u64 = 32 << 30;

/// How many times larger than packed a file may be. Tables of numbers and GeoJSON of one kind come to 20 or 50; what
/// comes to thousands was made to fill a disk.
const MOST_RATIO: u64 = 500;

/// Files smaller than this are not asked for their ratio: short ones of one repeated row may well exceed it.
const RATIO_COUNTS_FROM: u64 = 64 << 20;

/// What may still be unpacked.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: MOST_UNPACKED }
    }
}

/// Unpacks a gzip next to nothing else.
pub(super) fn gzip(input: &Input, budget: &mut Budget) -> Result<Input, ReadError> {
    let packed = input.path().metadata()?.len();
    let folder = folder()?;
    // The name decides nothing: what is unpacked here is known by its first bytes.
    let unpacked = copy(input_without_count(input)?, &folder, "data", packed, "the gzip", budget)?;
    Ok(input.unpacked_to(folder, "data", share(packed, unpacked)))
}

/// The bytes of a gzip, read for unpacking; progress counts when the unpacked file is read.
fn input_without_count(input: &Input) -> Result<impl Read, ReadError> {
    let file = File::open(input.path()).map_err(ReadError::open(input.path()))?;
    Ok(flate2::read::MultiGzDecoder::new(BufReader::new(file)))
}

/// Unpacks the files of an item.
pub(super) fn zip<R: Read + Seek>(
    input: &Input,
    archive: &mut ZipArchive<R>,
    item: &Item,
    budget: &mut Budget,
) -> Result<Input, ReadError> {
    let folder = folder()?;
    let mut first = None;
    for member in &item.files {
        let file = open(archive, member)?;
        let packed = file.compressed_size();
        let name = own_name(member);
        let unpacked = copy(file, &folder, &name, packed, &member.name, budget)?;
        first.get_or_insert((name, unpacked));
    }
    let (name, unpacked) = first.unwrap_or_default();
    let whole = input.path().metadata()?.len();
    Ok(input.unpacked_to(folder, &name, share(whole, unpacked)))
}

/// A member's content as it is read.
fn open<'a, R: Read + Seek>(archive: &'a mut ZipArchive<R>, member: &Member) -> Result<ZipFile<'a, R>, ReadError> {
    let file = archive.by_index(member.index).map_err(|error| broken(member, error))?;
    if !matches!(
        file.compression(),
        CompressionMethod::Stored | CompressionMethod::Deflated
    ) {
        return Err(unknown_packing(member, &file.compression()));
    }
    Ok(file)
}

/// Whether a word of ASCII stands in a member, in UTF-16 too. What is looked through is bounded as what is unpacked.
pub(super) fn has_word<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    member: &Member,
    word: &[u8],
) -> Result<bool, ReadError> {
    let mut content = open(archive, member)?.take(MOST_UNPACKED);
    let mut chunk = vec![0; 64 * 1024];
    let mut window: Vec<u8> = Vec::new();
    loop {
        let read = content
            .read(&mut chunk)
            .map_err(|error| damaged(&member.name, &error))?;
        if read == 0 {
            return Ok(false);
        }
        window.extend(chunk[..read].iter().filter(|byte| **byte != 0));
        if window.windows(word.len()).any(|stretch| stretch == word) {
            return Ok(true);
        }
        // The word may begin here and end in the next piece.
        window.drain(..window.len().saturating_sub(word.len() - 1));
    }
}

fn damaged(shown: &str, error: &std::io::Error) -> ReadError {
    ReadError::Archive(format!("{shown} is damaged or cut short: {error}"))
}

fn broken(member: &Member, error: ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ReadError::Archive(format!(
            "{} is encrypted in the archive; unpack it with its password and give the file",
            member.name
        )),
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => unknown_packing(member, &error),
        ZipError::Io(error) => ReadError::Io(error),
        error => ReadError::Archive(format!("{} is damaged in the archive: {error}", member.name)),
    }
}

fn unknown_packing(member: &Member, how: &dyn std::fmt::Display) -> ReadError {
    ReadError::Archive(format!(
        "{} is packed in a way that is not read ({how}); unpack it and give the file",
        member.name
    ))
}

/// The name a member gets outside: its ending is kept, for it may say what the content does not.
fn own_name(member: &Member) -> String {
    let known = |ending: &str| !ending.is_empty() && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let last = ending(&member.name);
    let before = ending(stem(&member.name));
    match (last.as_str(), before.as_str()) {
        ("gz", before) if known(before) => format!("data.{before}.gz"),
        (last, _) if known(last) => format!("data.{last}"),
        _ => "data".to_owned(),
    }
}

fn share(packed: u64, unpacked: u64) -> f64 {
    packed as f64 / unpacked.max(1) as f64
}

fn folder() -> Result<TempDir, ReadError> {
    let parent = std::env::temp_dir();
    TempDir::with_prefix("refugia-").map_err(|error| cannot_write(&parent, &error))
}

fn cannot_write(folder: &std::path::Path, error: &std::io::Error) -> ReadError {
    ReadError::Archive(format!(
        "cannot unpack into {}: {error}; the environment variable TMPDIR chooses another folder",
        folder.display()
    ))
}

/// Writes what is read to a file and gives its length.
fn copy(
    mut from: impl Read,
    folder: &TempDir,
    name: &str,
    packed: u64,
    shown: &str,
    budget: &mut Budget,
) -> Result<u64, ReadError> {
    let parent = std::env::temp_dir();
    let written = |error: std::io::Error| cannot_write(&parent, &error);
    let mut to = BufWriter::new(File::create_new(folder.path().join(name)).map_err(written)?);
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        let read = from.read(&mut buffer).map_err(|error| damaged(shown, &error))?;
        if read == 0 {
            to.flush().map_err(written)?;
            return Ok(length);
        }
        length += read as u64;
        budget.left = budget
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| ReadError::Archive(format!("{shown} unpacks to more than {} GB", MOST_UNPACKED >> 30)))?;
        if length > RATIO_COUNTS_FROM && length / packed.max(1) > MOST_RATIO {
            return Err(ReadError::Archive(format!(
                "{shown} unpacks to more than {MOST_RATIO} times its size, as files do that are made to fill a disk; \
                 if it is none, unpack it and give the file"
            )));
        }
        to.write_all(&buffer[..read]).map_err(written)?;
    }
}
