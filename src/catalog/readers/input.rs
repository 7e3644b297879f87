//! The bytes of an input file: opened, counted, decompressed.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

use super::{ReadError, text::Utf8Reader};

/// How many bytes of a file have been read, counted before decompression; shared with whoever draws a bar.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes read so far, over all passes.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Input {
    path: PathBuf,
    encoding: Option<&'static Encoding>,
    progress: Progress,
}

struct Counting<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Input {
    /// A file that is opened when it is read.
    pub fn new(path: &Path, progress: Progress) -> Self {
        Self {
            path: path.to_owned(),
            encoding: None,
            progress,
        }
    }

    pub(super) fn with_encoding(mut self, label: Option<&str>) -> Result<Self, ReadError> {
        if let Some(label) = label {
            let found = Encoding::for_label(label.trim().as_bytes());
            self.encoding = Some(found.ok_or_else(|| ReadError::UnknownEncoding(label.to_owned()))?);
        }
        Ok(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The content, decompressed where it begins with gzip's magic bytes; files of several gzip members are one.
    pub(super) fn bytes(&self) -> Result<Box<dyn Read>, ReadError> {
        let open = || {
            File::open(&self.path).map_err(|source| ReadError::Open {
                path: self.path.clone(),
                source,
            })
        };
        let mut magic = Vec::new();
        open()?.take(2).read_to_end(&mut magic)?;
        let counting = BufReader::new(Counting {
            inner: open()?,
            progress: self.progress.clone(),
        });
        Ok(if magic == [0x1f, 0x8b] {
            Box::new(MultiGzDecoder::new(counting))
        } else {
            Box::new(counting)
        })
    }

    /// The content as UTF-8 without a byte order mark. A byte order mark decides; then what the user says; then
    /// UTF-8.
    pub(super) fn text(&self) -> Result<BufReader<Utf8Reader<Box<dyn Read>>>, ReadError> {
        let encoding = self.encoding.unwrap_or(UTF_8);
        Ok(BufReader::new(Utf8Reader::new(self.bytes()?, encoding)))
    }
}
