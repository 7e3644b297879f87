//! Uploaded files between their upload and the end of their import.
//!
//! Owns where they lie (one folder for each file, gone with its last user, in the server's own), how many there may be
//! and how long they stay.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher as _, RandomState},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa::ToSchema;

use super::{
    super::error::{Code, Problem},
    file_name::FileName,
    folder::{self, Folder},
    problems::not_stored,
};
use crate::config::OperatorConfig;

/// All uploaded files.
#[derive(Debug)]
pub(in crate::http) struct Drafts {
    kept: Mutex<Kept>,
    /// One permit for each file, finished or still arriving.
    places: Arc<Semaphore>,
    /// One import at a time: each reads its file twice and takes memory for its ids.
    pub(super) turn: Arc<Semaphore>,
    lifetime: Duration,
}

#[derive(Debug, Default)]
struct Kept {
    by_id: BTreeMap<String, Draft>,
    /// Made when the first file arrives.
    folder: Option<Folder>,
    /// The server stops: nothing more is taken.
    closed: bool,
}

/// Where one file lies; the folder goes with this.
#[derive(Debug)]
pub(super) struct Place {
    folder: TempDir,
    name: FileName,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// The file itself.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join(self.name.on_disk())
    }

    /// The report of the last import of the file.
    pub(super) fn report(&self) -> PathBuf {
        self.folder.path().join("report.json")
    }

    /// What the file is called.
    pub(super) fn name(&self) -> &FileName {
        &self.name
    }
}

/// One uploaded file.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    id: String,
    place: Arc<Place>,
    size_bytes: u64,
    expires: Timestamp,
    imported: bool,
}

impl Draft {
    /// Where it lies.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// As it is answered.
    pub(super) fn answer(&self) -> DraftAnswer {
        DraftAnswer {
            id: self.id.clone(),
            filename: self.place.name.shown().to_owned(),
            size_bytes: self.size_bytes,
            expires: self.expires.to_string(),
            imported: self.imported,
        }
    }
}

/// An uploaded file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upload)]
pub(super) struct DraftAnswer {
    /// Names it in addresses.
    id: String,
    /// What the file is called.
    #[schema(example = "shelters.csv")]
    filename: String,
    size_bytes: u64,
    /// When it is forgotten unless it is used before.
    #[schema(format = DateTime)]
    expires: String,
    /// Whether it has been imported.
    imported: bool,
}

impl Drafts {
    pub(in crate::http) fn new(config: &OperatorConfig) -> Self {
        if config.operator_token.is_some() {
            folder::remove_stale();
        }
        Self {
            kept: Mutex::default(),
            places: Arc::new(Semaphore::new(config.max_uploads.get())),
            turn: Arc::new(Semaphore::new(1)),
            lifetime: config.upload_lifetime,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a file that is about to arrive. Imported files make way for new ones.
    pub(super) fn make_place(&self, name: FileName) -> Result<Place, Problem> {
        self.expire(Timestamp::now());
        let mut kept = self.kept();
        if kept.closed {
            return Err(Problem::new(Code::ShuttingDown));
        }
        let permit = loop {
            if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
                break permit;
            }
            let imported = kept.by_id.values().filter(|draft| draft.imported);
            let oldest = imported.min_by_key(|draft| draft.expires).map(|draft| draft.id.clone());
            let Some(oldest) = oldest else {
                return Err(Problem::new(Code::TooManyUploads));
            };
            kept.by_id.remove(&oldest);
        };
        let folder = kept.make_folder().map_err(|error| not_stored(&error))?;
        Ok(Place {
            folder,
            name,
            _permit: permit,
        })
    }

    /// Keeps a file that has arrived whole.
    pub(super) fn keep(&self, place: Place, size_bytes: u64) -> DraftAnswer {
        let draft = Draft {
            id: format!("{:016x}", RandomState::new().hash_one(place.folder.path())),
            place: Arc::new(place),
            size_bytes,
            expires: self.expiry(),
            imported: false,
        };
        let answer = draft.answer();
        self.kept().by_id.insert(draft.id.clone(), draft);
        answer
    }

    /// A file to be used, which keeps it longer.
    pub(super) fn find(&self, id: &str) -> Result<Draft, Problem> {
        self.expire(Timestamp::now());
        let expires = self.expiry();
        let mut kept = self.kept();
        let draft = kept.by_id.get_mut(id).ok_or_else(|| unknown(id))?;
        draft.expires = expires;
        Ok(draft.clone())
    }

    /// Remembers that a file has been imported.
    pub(super) fn imported(&self, id: &str) {
        if let Some(draft) = self.kept().by_id.get_mut(id) {
            draft.imported = true;
        }
    }

    /// All files, by id.
    pub(super) fn list(&self) -> Vec<DraftAnswer> {
        self.expire(Timestamp::now());
        self.kept().by_id.values().map(Draft::answer).collect()
    }

    /// Forgets a file; an import that runs keeps it until it is done.
    pub(super) fn discard(&self, id: &str) -> Result<(), Problem> {
        self.kept().by_id.remove(id).map(drop).ok_or_else(|| unknown(id))
    }

    /// Forgets what nobody has used for long.
    pub(in crate::http) fn expire(&self, now: Timestamp) {
        self.kept().by_id.retain(|_, draft| draft.expires > now);
    }

    /// Removes everything and takes nothing more.
    pub(in crate::http) fn close(&self) {
        let mut kept = self.kept();
        *kept = Kept {
            closed: true,
            ..Kept::default()
        };
    }

    fn expiry(&self) -> Timestamp {
        let lifetime = SignedDuration::try_from(self.lifetime).unwrap_or(SignedDuration::MAX);
        Timestamp::now().checked_add(lifetime).unwrap_or(Timestamp::MAX)
    }
}

impl Kept {
    fn make_folder(&mut self) -> io::Result<TempDir> {
        let all = match &mut self.folder {
            Some(folder) => folder,
            none => none.insert(Folder::new()?),
        };
        TempDir::new_in(all.path())
    }
}

fn unknown(id: &str) -> Problem {
    Problem::new(Code::UnknownUpload).with("id", super::super::query::shortened(id))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::{Config, Layers};

    fn drafts() -> Drafts {
        let flags = [("max-uploads".to_owned(), "2".to_owned())];
        Drafts::new(&Config::resolve(&Layers::default().with_flags(flags)).unwrap().operator)
    }

    fn uploaded(drafts: &Drafts, name: &str) -> Result<(String, PathBuf), Problem> {
        let place = drafts.make_place(FileName::new(name))?;
        let path = place.file();
        fs::write(&path, name).unwrap();
        Ok((drafts.keep(place, name.len() as u64).id, path))
    }

    #[test]
    fn files_go_with_their_last_user() {
        let drafts = drafts();
        let (id, path) = uploaded(&drafts, "a.csv").unwrap();
        let user = drafts.find(&id).unwrap();
        drafts.discard(&id).unwrap();
        assert_eq!(drafts.find(&id).unwrap_err().code(), Code::UnknownUpload);
        assert!(path.exists(), "an import may be reading it");
        drop(user);
        assert!(!path.exists());
        // An upload that was cut off.
        let place = drafts.make_place(FileName::new("b.csv")).unwrap();
        let folder = place.folder.path().to_owned();
        drop(place);
        assert!(!folder.exists());
    }

    #[test]
    fn files_that_nobody_uses_expire() {
        let drafts = drafts();
        let (id, path) = uploaded(&drafts, "a.csv").unwrap();
        let soon = Timestamp::now() + SignedDuration::from_mins(60);
        drafts.expire(soon);
        assert!(drafts.find(&id).is_ok());
        drafts.expire(Timestamp::now() + SignedDuration::from_hours(3));
        assert!(drafts.find(&id).is_err() && !path.exists());
    }

    #[test]
    fn imported_files_make_way_and_others_do_not() {
        let drafts = drafts();
        let (first, _) = uploaded(&drafts, "a.csv").unwrap();
        let (second, _) = uploaded(&drafts, "b.csv").unwrap();
        assert_eq!(uploaded(&drafts, "c.csv").unwrap_err().code(), Code::TooManyUploads);
        drafts.imported(&second);
        uploaded(&drafts, "c.csv").unwrap();
        assert!(drafts.find(&first).is_ok() && drafts.find(&second).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them_and_stopping_removes_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let drafts = drafts();
        let (_, path) = uploaded(&drafts, "a.csv").unwrap();
        let all = path.parent().unwrap().parent().unwrap().to_owned();
        assert_eq!(fs::metadata(&all).unwrap().permissions().mode() & 0o077, 0);
        drafts.close();
        assert!(!all.exists());
        assert_eq!(uploaded(&drafts, "b.csv").unwrap_err().code(), Code::ShuttingDown);
    }
}
