//! An archive of the pack, whichever version of it is there: opened when it is needed, and again when it has changed.
//!
//! Owns that all who ask have the same version, that it is opened once however many ask, and that one that cannot be
//! reached is left alone for a while.

use std::{
    fmt::{Debug, Formatter, Result as FmtResult},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use moka::future::Cache;

use super::{OpenArchive, StoredError, object::Place};
use crate::catalog::{ArchiveManifest, Fault, MANIFEST_FILE};

/// As many reads in a row must fail before others are not even tried: one may fail on any network.
const FAILURES: u32 = 3;

/// An archive of the pack.
pub struct Archive {
    manifest: ArchiveManifest,
    source: Source,
    open: ArcSwapOption<OpenArchive>,
    /// The opening that is under way.
    opening: Cache<(), Arc<OpenArchive>>,
    failures: AtomicU32,
    rest: Mutex<Option<(Instant, StoredError)>>,
}

/// Where an archive lies.
#[derive(Debug)]
enum Source {
    File(PathBuf),
    Object(Place),
}

impl Debug for Archive {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.debug_struct("Archive")
            .field("manifest", &self.manifest)
            .finish_non_exhaustive()
    }
}

impl Archive {
    /// The archive that a manifest's entry names, in the pack's folder or elsewhere. A file here is opened and hashed;
    /// nobody elsewhere is asked yet.
    ///
    /// # Errors
    /// A file here cannot be read or is no archive; an address cannot be used.
    pub fn load(dir: &Path, manifest: &ArchiveManifest) -> Result<Self, Fault> {
        let in_manifest = |problem: &str| {
            Fault::file(MANIFEST_FILE, format_args!("`{}` {problem}", manifest.place()))
                .field(format!("archive {}, url", manifest.id))
        };
        let source = match (manifest.file.as_deref(), manifest.url.as_deref().unwrap_or_default()) {
            (Some(file), _) => Source::File(dir.join(file)),
            (None, url) => match url.strip_prefix("file://") {
                Some(path) => Source::File(PathBuf::from(path)),
                None => Source::Object(Place::parse(url).map_err(|problem| in_manifest(&problem))?),
            },
        };
        let open = match &source {
            Source::File(path) => Some(Arc::new(OpenArchive::file(path).map_err(|error| {
                let problem = match error {
                    StoredError::Unavailable(cause) => format!("cannot be read: {cause}"),
                    other => other.to_string(),
                };
                Fault::file(manifest.place(), problem)
            })?)),
            Source::Object(_) => None,
        };
        Ok(Self {
            manifest: manifest.clone(),
            source,
            open: ArcSwapOption::from(open),
            opening: Cache::builder().max_capacity(1).build(),
            failures: AtomicU32::new(0),
            rest: Mutex::default(),
        })
    }

    /// The manifest's entry.
    pub const fn manifest(&self) -> &ArchiveManifest {
        &self.manifest
    }

    /// The file here that it is.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Object(_) => None,
        }
    }

    /// Whether it lies elsewhere.
    pub const fn is_remote(&self) -> bool {
        matches!(self.source, Source::Object(_))
    }

    /// The version that is open; `None` where none is, or what is at its place cannot be read now.
    pub fn current(&self) -> Option<Arc<OpenArchive>> {
        self.open.load_full()
    }

    /// Opens what is there now, in place of what is open; asked for by many at once it is opened once.
    ///
    /// # Errors
    /// It cannot be opened; what was open stays so.
    pub async fn reopen(&self) -> Result<Arc<OpenArchive>, StoredError> {
        let open = async {
            match &self.source {
                Source::File(path) => OpenArchive::file(path).map(Arc::new),
                Source::Object(place) => OpenArchive::object(place).await.map(Arc::new),
            }
        };
        let opened = self.opening.try_get_with((), open).await;
        let opened = opened.map_err(|error| StoredError::clone(&error))?;
        self.open.store(Some(Arc::clone(&opened)));
        self.opening.invalidate(&()).await;
        Ok(opened)
    }

    /// Lets go of a version that is no longer there, unless another is open by now.
    pub fn forget(&self, stale: &Arc<OpenArchive>) {
        let current = self.open.load();
        if current.as_ref().is_some_and(|open| Arc::ptr_eq(open, stale)) {
            self.open.compare_and_swap(&*current, None);
        }
    }

    /// Whether it may be asked now.
    ///
    /// # Errors
    /// It failed too often of late: with what.
    pub fn rested(&self) -> Result<(), StoredError> {
        let rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match &*rest {
            Some((until, error)) if Instant::now() < *until => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Remembers how a read went; after several failures in a row, and where nothing is open, it is left alone for a
    /// while. Says whether that begins now.
    pub fn note<T>(&self, outcome: &Result<T, StoredError>, pause: Duration) -> bool {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = self.current().is_some();
        let error = match outcome {
            Ok(_) => {
                self.failures.store(0, Ordering::Relaxed);
                *rest = None;
                return false;
            }
            // A tile that is damaged says nothing of the others.
            Err(StoredError::Damaged(_)) if is_open => return false,
            Err(StoredError::Changed) => return false,
            Err(error) => error,
        };
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures < FAILURES && is_open {
            return false;
        }
        let is_new = rest.is_none();
        *rest = Some((Instant::now() + pause, error.clone()));
        is_new
    }
}
