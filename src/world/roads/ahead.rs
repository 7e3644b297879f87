//! The roads as they will be when other closures hold than now.
//!
//! Owns which of them are kept: those last asked for. Hazard zones are as they are now.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Roads;
use crate::routing::{Closure, ClosureId};

/// As many are kept, each with the weights that were asked of it.
const MOST: usize = 2;

/// Roads with other closures, the last asked for at the end.
#[derive(Debug, Default)]
pub(super) struct Ahead(Mutex<Vec<Arc<Roads>>>);

impl Roads {
    /// These roads with the closures that hold at a time; none where the same hold now. What was asked for last is kept,
    /// so that many can ask for the same hour; the weights of another are made when they are asked for.
    pub fn at(&self, time: Timestamp) -> Option<Arc<Self>> {
        let then = self.closures.active(time);
        if are_same(&then, &self.active) {
            return None;
        }
        let mut kept = self.ahead.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|roads| are_same(&then, &roads.active));
        let make = || Arc::new(Self::on(Arc::clone(&self.ground), self.closures.clone(), time));
        let roads = known.map_or_else(make, |at| kept.remove(at));
        kept.push(Arc::clone(&roads));
        if kept.len() > MOST {
            kept.remove(0);
        }
        Some(roads)
    }
}

/// Whether the same closures hold. A closure never changes, and its number is never used again.
pub(super) fn are_same(some: &[(ClosureId, Arc<Closure>)], others: &[(ClosureId, Arc<Closure>)]) -> bool {
    some.iter().map(|(id, _)| id).eq(others.iter().map(|(id, _)| id))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::{
        catalog::{MANIFEST_FILE, RegionManifest},
        routing::{Area, Closures, StretchId},
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Roads of which one is closed in each of the seconds 10 to 19, 20 to 29 and so on.
    fn roads(closures: i64) -> Roads {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fujian");
        let manifest = RegionManifest::parse(&fs::read_to_string(pack.join(MANIFEST_FILE)).unwrap()).unwrap();
        let roads = Roads::load(&pack, &manifest.roads.unwrap(), &[]).unwrap();
        let mut all = Closures::default();
        for number in 1..=closures {
            let closure = Closure {
                area: Area::Ways(vec![1]),
                caught: vec![StretchId(number as u32)],
                modes: [true; 3],
                reason: String::new(),
                source: String::new(),
                starts: at(10 * number),
                ends: Some(at(10 * number + 10)),
            };
            all.add(closure).unwrap();
        }
        roads.with_closures(all, at(0))
    }

    #[test]
    fn the_last_asked_for_are_kept_and_no_more() {
        let roads = roads(4);
        assert!(
            roads.at(at(9)).is_none() && roads.at(at(50)).is_none(),
            "nothing is closed, as now"
        );
        let first = roads.at(at(10)).unwrap();
        assert!(first.is_active(ClosureId(1)) && !first.is_active(ClosureId(2)) && !roads.is_active(ClosureId(1)));
        assert!(
            Arc::ptr_eq(&first, &roads.at(at(19)).unwrap()),
            "the same hold at both times"
        );
        let second = roads.at(at(20)).unwrap();
        assert!(Arc::ptr_eq(&first, &roads.at(at(11)).unwrap()));
        let third = roads.at(at(30)).unwrap();
        assert!(third.is_active(ClosureId(3)));
        assert!(
            Arc::ptr_eq(&first, &roads.at(at(12)).unwrap()),
            "asked for after the second"
        );
        assert!(!Arc::ptr_eq(&second, &roads.at(at(20)).unwrap()), "made anew");
        assert_eq!(roads.ahead.0.lock().unwrap().len(), MOST);
    }
}
