//! Shelters: the record of a shelter, and which is the nearest that may be used.
//!
//! Owns the typed reading of shelter layers ([`Shelter`]), the vocabularies of the record ([`Status`], [`Grade`], …), the
//! rule of which shelter may be used for which hazard, and the search for the nearest ([`Shelters::nearest`]) with an
//! account of every nearer one that was left out and why. Distances are straight lines on the ellipsoid; the nearest
//! by road are found a floor above, from the same verdicts.

mod nearest;
mod record;
mod set;
mod shelter;
mod verdict;
mod walking;
mod words;

pub use nearest::{Candidate, Judged, MAX_K, MAX_LISTED, Nearest, NearestQuery, Reason, Refused};
pub use record::Entry;
pub use set::Shelters;
pub use shelter::Shelter;
pub use walking::{STREET_DETOUR, WALKING_SPEED, walking_time};
pub use words::{DurationClass, Function, Grade, LegalKind, Space, Status};
