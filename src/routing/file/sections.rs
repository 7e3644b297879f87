//! The container: named sections with their checksums.

use std::{
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use xxhash_rust::xxh3::xxh3_64;

use super::{
    FileError,
    bytes::{from_bytes, to_bytes},
};

const MAGIC: &[u8; 8] = b"RFGROADS";

/// The version of the format that this release reads and writes.
const VERSION: u32 = 1;

const HEAD: u64 = 64;
const NAME: usize = 32;
/// Bytes of an entry of the directory.
const ENTRY: usize = NAME + 3 * 8;
/// More are no directory.
const MOST_SECTIONS: u32 = 1 << 12;

/// A section's place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: String,
    begin: u64,
    length: u64,
    hash: u64,
}

/// Writes a file section by section. Nothing is a network file before [`Self::finish`].
#[derive(Debug)]
pub struct SectionWriter {
    path: PathBuf,
    file: BufWriter<File>,
    at: u64,
    entries: Vec<Entry>,
}

impl SectionWriter {
    /// Makes a new file; there must be none of this name.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let file = File::create_new(path).map_err(FileError::io(path))?;
        let mut writer = Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            at: 0,
            entries: Vec::new(),
        };
        writer.put(&[0; HEAD as usize])?;
        Ok(writer)
    }

    /// Adds a section.
    ///
    /// # Errors
    /// The name is empty, longer than 32 bytes or taken; the file cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let is_taken = self.entries.iter().any(|entry| entry.name == name);
        if name.is_empty() || name.len() > NAME || name.contains('\0') || is_taken {
            return Err(FileError::Name(name.to_owned()));
        }
        self.entries.push(Entry {
            name: name.to_owned(),
            begin: self.at,
            length: bytes.len() as u64,
            hash: xxh3_64(bytes),
        });
        self.put(bytes)?;
        self.pad()
    }

    /// Writes directory and head, and makes the file durable. Gives the hash of the directory, which stands for all that is
    /// in the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<u64, FileError> {
        let mut directory = Vec::with_capacity(ENTRY * self.entries.len());
        for entry in &self.entries {
            let mut name = [0; NAME];
            name[..entry.name.len()].copy_from_slice(entry.name.as_bytes());
            directory.extend_from_slice(&name);
            directory.extend(to_bytes([entry.begin, entry.length, entry.hash]));
        }
        let (begin, hash) = (self.at, xxh3_64(&directory));
        self.put(&directory)?;
        let mut head = MAGIC.to_vec();
        head.extend(to_bytes([VERSION, self.entries.len() as u32]));
        head.extend(to_bytes([begin, self.at, hash]));
        head.resize(HEAD as usize - 8, 0);
        head.extend(to_bytes([xxh3_64(&head)]));
        let mut write = || {
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&head)?;
            self.file.flush()?;
            self.file.get_ref().sync_all()
        };
        write().map_err(FileError::io(&self.path))?;
        Ok(hash)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file.write_all(bytes).map_err(FileError::io(&self.path))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn pad(&mut self) -> Result<(), FileError> {
        let padding = self.at.next_multiple_of(8) - self.at;
        self.put(&[0; 8][..padding as usize])
    }
}

/// Reads the sections of a file.
#[derive(Debug)]
pub struct SectionReader {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
    hash: u64,
}

impl SectionReader {
    /// Opens a file and checks its head and directory.
    ///
    /// # Errors
    /// It cannot be read, is no network file, is of another version, was cut, or has a corrupt head or directory.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let mut file = File::open(path).map_err(FileError::io(path))?;
        let length = file.metadata().map_err(FileError::io(path))?.len();
        let head = head(path, &mut file, length)?;
        let mut directory = vec![0; ENTRY * head.sections as usize];
        let mut read = || {
            file.seek(SeekFrom::Start(head.directory))?;
            file.read_exact(&mut directory)
        };
        read().map_err(FileError::io(path))?;
        let corrupt = |problem: &str| corrupt(path, "the directory", problem);
        if xxh3_64(&directory) != head.hash {
            return Err(corrupt("its checksum is another"));
        }
        let entries: Option<Vec<_>> = directory.chunks_exact(ENTRY).map(entry).collect();
        let entries = entries.ok_or_else(|| corrupt("a name is no text"))?;
        let is_inside = |entry: &Entry| {
            entry.begin >= HEAD
                && entry
                    .begin
                    .checked_add(entry.length)
                    .is_some_and(|end| end <= head.directory)
        };
        if !entries.iter().all(is_inside) {
            return Err(corrupt("a section reaches beyond the file"));
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            entries,
            hash: head.hash,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The hash of the directory, which stands for all that is in the file.
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// The names of all sections, in the order they were written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Whether there is a section of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The bytes of a section, checked.
    ///
    /// # Errors
    /// There is none of this name, it cannot be read, or its checksum is another.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, FileError> {
        let entry = self.entries.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| FileError::Missing {
            path: self.path.clone(),
            name: name.to_owned(),
        })?;
        let mut bytes = vec![0; entry.length as usize];
        let (file, begin) = (&mut self.file, entry.begin);
        let mut read = || {
            file.seek(SeekFrom::Start(begin))?;
            file.read_exact(&mut bytes)
        };
        read().map_err(FileError::io(&self.path))?;
        if xxh3_64(&bytes) != entry.hash {
            return Err(self.corrupt(name, "its checksum is another"));
        }
        Ok(bytes)
    }

    /// A section that holds something else than it should, although its checksum is right.
    pub fn corrupt(&self, name: &str, problem: &str) -> FileError {
        corrupt(&self.path, &format!("section `{name}`"), problem)
    }
}

fn corrupt(path: &Path, part: &str, problem: &str) -> FileError {
    FileError::Corrupt {
        path: path.to_owned(),
        part: part.to_owned(),
        problem: problem.to_owned(),
    }
}

/// What the head says.
struct Head {
    sections: u32,
    directory: u64,
    hash: u64,
}

fn head(path: &Path, file: &mut File, found: u64) -> Result<Head, FileError> {
    let mut bytes = Vec::new();
    file.take(HEAD).read_to_end(&mut bytes).map_err(FileError::io(path))?;
    if !bytes.starts_with(MAGIC) {
        return Err(FileError::NotOurs(path.to_owned()));
    }
    let (Some(fields), Some([version, sections])) = (bytes.get(16..), numbers(&bytes, 8..16)) else {
        return Err(FileError::Length {
            path: path.to_owned(),
            expected: HEAD,
            found,
        });
    };
    if version != VERSION {
        return Err(FileError::Version {
            path: path.to_owned(),
            found: version,
            known: VERSION,
        });
    }
    let corrupt = || corrupt(path, "the head", "its checksum is another");
    let checksum = numbers(&bytes, HEAD as usize - 8..HEAD as usize).map(|[checksum]| checksum);
    if checksum != bytes.get(..HEAD as usize - 8).map(xxh3_64) {
        return Err(corrupt());
    }
    let [directory, expected, hash]: [u64; 3] = numbers(fields, 0..24).ok_or_else(corrupt)?;
    let directory_end = directory.checked_add(ENTRY as u64 * u64::from(sections));
    if expected != found {
        return Err(FileError::Length {
            path: path.to_owned(),
            expected,
            found,
        });
    }
    if sections > MOST_SECTIONS || directory_end != Some(expected) {
        return Err(corrupt());
    }
    Ok(Head {
        sections,
        directory,
        hash,
    })
}

/// So many numbers from a range of bytes; `None` where it is not there.
fn numbers<N: super::bytes::Number, const COUNT: usize>(
    bytes: &[u8],
    range: std::ops::Range<usize>,
) -> Option<[N; COUNT]> {
    from_bytes(bytes.get(range)?)?.try_into().ok()
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let name = bytes.get(..NAME)?;
    let name = name.split(|byte| *byte == 0).next()?;
    let [begin, length, hash] = numbers(bytes, NAME..ENTRY)?;
    Some(Entry {
        name: str::from_utf8(name).ok()?.to_owned(),
        begin,
        length,
        hash,
    })
}
