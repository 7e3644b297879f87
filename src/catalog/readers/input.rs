//! The bytes of an input file: opened, counted, decompressed.
//!
//! A file that was unpacked first lies in a folder of its own, which is there as long as an [`Input`] of it is.

use std::{
    fs::File,
    io::{BufReader, Read, Result as IoResult, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use tempfile::TempDir;

use super::{
    Detected, ReadError,
    encoding::{self, How, Sample},
    text::Utf8Reader,
};

/// How far the readings of a file are; shared with whoever draws a bar.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    bytes: AtomicU64,
    rows: AtomicU64,
    readings: AtomicU64,
}

impl Progress {
    /// Bytes read so far, before decompression, over all readings.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed) / PARTS
    }

    /// Rows read so far, over all readings.
    pub fn rows(&self) -> u64 {
        self.0.rows.load(Ordering::Relaxed)
    }

    /// Readings done so far.
    pub fn readings(&self) -> u64 {
        self.0.readings.load(Ordering::Relaxed)
    }

    /// Counts bytes of the file.
    #[cfg(test)]
    pub(crate) fn count_bytes(&self, bytes: u64) {
        self.count_parts(bytes * PARTS);
    }

    /// Counts parts of bytes of the file.
    fn count_parts(&self, parts: u64) {
        self.0.bytes.fetch_add(parts, Ordering::Relaxed);
    }

    /// Counts a row; called by those who take the rows.
    pub(crate) fn count_row(&self) {
        self.0.rows.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a reading as done.
    pub(crate) fn count_reading(&self) {
        self.0.readings.fetch_add(1, Ordering::Relaxed);
    }
}

/// Progress is counted in parts of a byte, for a byte of an unpacked file may stand for a small part of one.
const PARTS: u64 = 1024;

/// As many bytes as progress will have counted when a file, or the Shapefiles of a folder, has been read once.
pub fn byte_size(path: &Path) -> u64 {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if !path.is_dir() {
        return size(path);
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("shp"))
        })
        .map(|path| size(&path))
        .sum()
}

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Input {
    path: PathBuf,
    given: Option<&'static Encoding>,
    /// The encoding, decided when it is first asked for.
    decided: Arc<OnceLock<Detected>>,
    progress: Progress,
    /// How many bytes of progress one byte of this file is: an unpacked file is larger than the archive that the user
    /// sees, and the parts of a Shapefile together larger than the one named.
    share: f64,
    /// Where the file was unpacked.
    folder: Option<Arc<TempDir>>,
}

/// Counts what is read.
#[derive(Debug)]
pub(super) struct Counting<R> {
    inner: R,
    input: Input,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        let read = self.inner.read(buffer)?;
        self.input.count(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.inner.seek(to)
    }
}

impl Input {
    /// A file that is opened when it is read.
    pub fn new(path: &Path, progress: Progress) -> Self {
        Self {
            path: path.to_owned(),
            given: None,
            decided: Arc::default(),
            progress,
            share: 1.0,
            folder: None,
        }
    }

    /// Another file in its place, of which `share` bytes of progress are one byte.
    pub(super) fn moved_to(&self, path: PathBuf, share: f64) -> Self {
        Self {
            path,
            decided: Arc::default(),
            share: self.share * share,
            ..self.clone()
        }
    }

    /// The same, in a folder that goes when the last input of it has gone.
    pub(super) fn unpacked_to(&self, folder: TempDir, name: &str, share: f64) -> Self {
        let mut unpacked = self.moved_to(folder.path().join(name), share);
        unpacked.folder = Some(Arc::new(folder));
        unpacked
    }

    /// Counts bytes of the file as read.
    pub(super) fn count(&self, bytes: u64) {
        let counted = (bytes as f64 * self.share * PARTS as f64) as u64;
        self.progress.count_parts(counted);
    }

    /// The encoding that the user says it is in.
    pub(super) const fn given_encoding(&self) -> Option<&'static Encoding> {
        self.given
    }

    pub(super) fn with_encoding(mut self, label: Option<&str>) -> Result<Self, ReadError> {
        if let Some(label) = label {
            let found = Encoding::for_label(label.trim().as_bytes());
            self.given = Some(found.ok_or_else(|| ReadError::UnknownEncoding(label.to_owned()))?);
        }
        Ok(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn open(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|source| ReadError::Open {
            path: self.path.clone(),
            source,
        })
    }

    /// The file as it lies on the disk, for formats that are read here and there.
    pub(super) fn file(&self) -> Result<BufReader<Counting<File>>, ReadError> {
        Ok(BufReader::new(Counting {
            inner: self.open()?,
            input: self.clone(),
        }))
    }

    fn is_gzip(&self) -> Result<bool, ReadError> {
        let mut magic = Vec::new();
        self.open()?.take(2).read_to_end(&mut magic)?;
        Ok(magic == [0x1f, 0x8b])
    }

    /// The content, decompressed where it begins with gzip's magic bytes; files of several gzip members are one.
    pub(super) fn bytes(&self) -> Result<Box<dyn Read>, ReadError> {
        let counting = self.file()?;
        Ok(if self.is_gzip()? {
            Box::new(MultiGzDecoder::new(counting))
        } else {
            Box::new(counting)
        })
    }

    /// The encoding of the content: decided once, from its beginning and, where that is possible, from places all
    /// over it.
    pub(super) fn encoding(&self) -> Result<Detected, ReadError> {
        if let Some(decided) = self.decided.get() {
            return Ok(*decided);
        }
        let detected = self.detect()?;
        Ok(*self.decided.get_or_init(|| detected))
    }

    fn detect(&self) -> Result<Detected, ReadError> {
        // Not counted: the bar is drawn for the readings.
        let silent = Self {
            progress: Progress::default(),
            ..self.clone()
        };
        if let Some(given) = self.given {
            let mut start = Vec::new();
            silent.bytes()?.take(3).read_to_end(&mut start)?;
            // As the decoder has it: a mark outweighs what is said.
            return Ok(
                Encoding::for_bom(&start).map_or(Detected::new(given, 1.0, How::Given), |(marked, _)| {
                    Detected::new(marked, 1.0, How::Bom)
                }),
            );
        }
        let mut sample = Sample::stream(silent.bytes()?)?;
        if !self.is_gzip()? {
            sample.add_windows(self.open()?)?;
        }
        encoding::detect(&sample)
    }

    /// The content as UTF-8 without a byte order mark. A byte order mark decides; then what the user says; then what
    /// the bytes look like.
    pub(super) fn text(&self) -> Result<BufReader<Utf8Reader<Box<dyn Read>>>, ReadError> {
        let encoding = self.encoding()?.encoding;
        Ok(BufReader::new(Utf8Reader::new(self.bytes()?, encoding)))
    }

    /// The same, where the content says itself what it is in; a byte order mark and the user know better.
    pub(super) fn text_in(
        &self,
        declared: &'static Encoding,
    ) -> Result<BufReader<Utf8Reader<Box<dyn Read>>>, ReadError> {
        let encoding = self.given.unwrap_or(declared);
        Ok(BufReader::new(Utf8Reader::new(self.bytes()?, encoding)))
    }
}
