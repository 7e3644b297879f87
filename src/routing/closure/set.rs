//! The closures there are.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{Area, Closure, ClosureError};
use crate::routing::StretchId;

/// The number of a closure; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClosureId(pub u64);

/// All closures: those that hold, will hold and have held. Cheap to clone, as a world snapshot does with every change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Closures {
    last: u64,
    by_id: BTreeMap<ClosureId, Arc<Closure>>,
}

impl Closures {
    /// Takes a closure in.
    ///
    /// # Errors
    /// It makes no sense: see [`Closure::check`].
    pub fn add(&mut self, closure: Closure) -> Result<ClosureId, ClosureError> {
        closure.check()?;
        self.last += 1;
        let id = ClosureId(self.last);
        self.by_id.insert(id, Arc::new(closure));
        Ok(id)
    }

    /// Takes a closure out, as if it had never been.
    pub fn remove(&mut self, id: ClosureId) -> Option<Arc<Closure>> {
        self.by_id.remove(&id)
    }

    /// The same closures on another network: `catch` says which stretches each area catches there. Those that catch nothing
    /// are left out and told in `lost`.
    #[must_use]
    pub fn recaught(&self, catch: impl Fn(&Area) -> Option<Vec<StretchId>>, lost: &mut Vec<ClosureId>) -> Self {
        let mut by_id = BTreeMap::new();
        for (id, closure) in self.iter() {
            match catch(&closure.area).filter(|caught| !caught.is_empty()) {
                Some(caught) => {
                    let closure = Closure {
                        caught,
                        ..Closure::clone(closure)
                    };
                    by_id.insert(id, Arc::new(closure));
                }
                None => lost.push(id),
            }
        }
        Self { last: self.last, by_id }
    }

    /// A closure.
    pub fn get(&self, id: ClosureId) -> Option<&Arc<Closure>> {
        self.by_id.get(&id)
    }

    /// All, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (ClosureId, &Arc<Closure>)> {
        self.by_id.iter().map(|(&id, closure)| (id, closure))
    }

    /// Those that hold at a time.
    pub fn active(&self, at: Timestamp) -> Vec<(ClosureId, Arc<Closure>)> {
        let active = self.iter().filter(|(_, closure)| closure.is_active(at));
        active.map(|(id, closure)| (id, Arc::clone(closure))).collect()
    }

    /// When next a closure starts or ends after a time: until then what is active stays the same.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let times = self
            .by_id
            .values()
            .flat_map(|closure| [Some(closure.starts), closure.ends]);
        times.flatten().filter(|&time| time > after).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::{StretchId, closure::Area};

    fn closure(starts: i64, ends: Option<i64>) -> Closure {
        let time = |second| Timestamp::from_second(second).unwrap();
        Closure {
            area: Area::Ways(vec![1]),
            caught: vec![StretchId(0)],
            modes: [true; 3],
            reason: String::new(),
            source: String::new(),
            starts: time(starts),
            ends: ends.map(time),
        }
    }

    #[test]
    fn closures_hold_from_their_start_until_their_end() {
        let mut closures = Closures::default();
        let first = closures.add(closure(10, Some(20))).unwrap();
        let second = closures.add(closure(15, None)).unwrap();
        let time = |second| Timestamp::from_second(second).unwrap();
        let active = |closures: &Closures, at| closures.active(time(at)).iter().map(|(id, _)| *id).collect::<Vec<_>>();
        assert_eq!(active(&closures, 9), []);
        assert_eq!(active(&closures, 10), [first]);
        assert_eq!(active(&closures, 19), [first, second]);
        assert_eq!(active(&closures, 20), [second]);
        assert_eq!(closures.next_change(time(10)), Some(time(15)));
        assert_eq!(closures.next_change(time(20)), None);
        assert!(closures.remove(second).is_some() && closures.remove(second).is_none());
        assert_ne!(
            closures.add(closure(1, None)).unwrap(),
            second,
            "numbers are not used again"
        );
        assert!(closures.add(closure(10, Some(10))).is_err());
        assert_eq!(
            closures.add(Closure {
                modes: [false; 3],
                ..closure(1, None)
            }),
            Err(ClosureError::NoMode)
        );
    }
}
