//! Quantities that must not be mixed up: lengths, durations and people counted.
//!
//! Owns the newtypes that public signatures use. Conversions between them live where the rule for the conversion lives
//! (a walking speed belongs to shelters, not here).

use std::fmt::{Display, Formatter, Result as FmtResult};

use serde::{Deserialize, Serialize};

/// A length or distance in metres.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(pub f64);

/// A duration in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

/// A number of people: a capacity, a population, an occupancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Persons(pub u64);

impl Display for Metres {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{} m", self.0)
    }
}

impl Display for Seconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{} s", self.0)
    }
}

impl Display for Persons {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        write!(f, "{} persons", self.0)
    }
}
