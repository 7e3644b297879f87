//! What a block of data holds: nodes, ways and relations.
//!
//! Owns the messages of `osmformat.proto` (OpenStreetMap wiki, "PBF Format") as far as roads need them: who edited what and
//! when is passed over unread. Ids and positions are sums of differences; a sum beyond 64 bits is malformed.

use super::wire::{Fields, Malformed, Packed, zigzag};
use crate::routing::DegreesE7;

/// A block of data, unpacked.
#[derive(Debug)]
pub(super) struct Block<'a> {
    texts: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    /// Nanodegrees of a step.
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Keys and values of an element: numbers of the block's texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Tags<'a, 'b> {
    texts: &'b [&'a [u8]],
    pairs: Vec<[u32; 2]>,
}

/// A node with what it is tagged with.
#[derive(Debug)]
pub(super) struct Node<'a, 'b> {
    pub(super) id: i64,
    /// `None` off the globe.
    pub(super) position: Option<DegreesE7>,
    pub(super) tags: Tags<'a, 'b>,
}

/// A way.
#[derive(Debug)]
pub(super) struct Way<'a, 'b> {
    pub(super) id: i64,
    pub(super) nodes: Vec<i64>,
    pub(super) tags: Tags<'a, 'b>,
}

/// What a member of a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A member of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member<'a> {
    pub(super) kind: MemberKind,
    pub(super) id: i64,
    pub(super) role: &'a str,
}

/// A relation.
#[derive(Debug)]
pub(super) struct Relation<'a, 'b> {
    pub(super) members: Vec<Member<'a>>,
    pub(super) tags: Tags<'a, 'b>,
}

impl<'a> Tags<'a, '_> {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// All keys and values. They were checked when the element was read.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = |index: u32| {
            self.texts
                .get(index as usize)
                .and_then(|text| str::from_utf8(text).ok())
        };
        self.pairs
            .iter()
            .filter_map(move |[key, value]| Some((text(*key)?, text(*value)?)))
    }

    fn check(self) -> Result<Self, Malformed> {
        for text in self.pairs.iter().flatten() {
            text_of(self.texts, u64::from(*text))?;
        }
        Ok(self)
    }
}

fn text_of<'a>(texts: &[&'a [u8]], index: u64) -> Result<&'a str, Malformed> {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    let text = texts.get(index).ok_or(Malformed::NoText)?;
    str::from_utf8(text).map_err(|_not_utf8| Malformed::Utf8)
}

/// Adds the next difference.
fn sum(total: i64, difference: i64) -> Result<i64, Malformed> {
    total.checked_add(difference).ok_or(Malformed::Range)
}

/// The next of two lists that go together; `None` at the end of both.
fn both<T, U>(
    first: Option<Result<T, Malformed>>,
    second: Option<Result<U, Malformed>>,
) -> Result<Option<(T, U)>, Malformed> {
    match (first, second) {
        (Some(first), Some(second)) => Ok(Some((first?, second?))),
        (None, None) => Ok(None),
        _ => Err(Malformed::Lists),
    }
}

impl<'a> Block<'a> {
    pub(super) fn new(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut block = Self {
            texts: Vec::new(),
            groups: Vec::new(),
            granularity: 100,
            lat_offset: 0,
            lon_offset: 0,
        };
        for field in Fields::new(message) {
            match field? {
                (1, value) => {
                    for text in Fields::new(value.bytes()?) {
                        if let (1, text) = text? {
                            block.texts.push(text.bytes()?);
                        }
                    }
                }
                (2, value) => block.groups.push(value.bytes()?),
                (17, value) => block.granularity = value.varint()? as i64,
                (19, value) => block.lat_offset = value.varint()? as i64,
                (20, value) => block.lon_offset = value.varint()? as i64,
                _ => {}
            }
        }
        Ok(block)
    }

    /// Calls for every node, dense or not.
    pub(super) fn nodes(&self, mut found: impl FnMut(Node<'a, '_>)) -> Result<(), Malformed> {
        for group in &self.groups {
            for field in Fields::new(group) {
                match field? {
                    (1, value) => found(self.node(value.bytes()?)?),
                    (2, value) => self.dense(value.bytes()?, &mut found)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Calls for every way.
    pub(super) fn ways(&self, mut found: impl FnMut(Way<'a, '_>)) -> Result<(), Malformed> {
        self.each(3, |message| self.way(message).map(&mut found))
    }

    /// Calls for every relation.
    pub(super) fn relations(&self, mut found: impl FnMut(Relation<'a, '_>)) -> Result<(), Malformed> {
        self.each(4, |message| self.relation(message).map(&mut found))
    }

    fn each(&self, number: u64, mut read: impl FnMut(&'a [u8]) -> Result<(), Malformed>) -> Result<(), Malformed> {
        for group in &self.groups {
            for field in Fields::new(group) {
                let (field, value) = field?;
                if field == number {
                    read(value.bytes()?)?;
                }
            }
        }
        Ok(())
    }

    /// A position of steps of the block's granularity.
    fn position(&self, lon: i64, lat: i64) -> Option<DegreesE7> {
        let nano = |offset: i64, steps: i64| i128::from(offset) + i128::from(self.granularity) * i128::from(steps);
        let round = |nano: i128| i64::try_from((nano + 50).div_euclid(100)).unwrap_or(i64::MAX);
        DegreesE7::new(round(nano(self.lon_offset, lon)), round(nano(self.lat_offset, lat)))
    }

    fn node(&self, message: &'a [u8]) -> Result<Node<'a, '_>, Malformed> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        for field in Fields::new(message) {
            match field? {
                (1, value) => id = zigzag(value.varint()?),
                (2, value) => keys = Packed::new(value.bytes()?),
                (3, value) => values = Packed::new(value.bytes()?),
                (8, value) => lat = zigzag(value.varint()?),
                (9, value) => lon = zigzag(value.varint()?),
                _ => {}
            }
        }
        Ok(Node {
            id,
            position: self.position(lon, lat),
            tags: self.tags(keys, values)?,
        })
    }

    fn dense(&self, message: &'a [u8], found: &mut impl FnMut(Node<'a, '_>)) -> Result<(), Malformed> {
        let [mut ids, mut lats, mut lons, mut texts] = [const { Packed::new(&[]) }; 4];
        for field in Fields::new(message) {
            match field? {
                (1, value) => ids = Packed::new(value.bytes()?),
                (8, value) => lats = Packed::new(value.bytes()?),
                (9, value) => lons = Packed::new(value.bytes()?),
                (10, value) => texts = Packed::new(value.bytes()?),
                _ => {}
            }
        }
        let has_tags = !texts.is_done();
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        while let Some((difference, (north, east))) =
            both(ids.difference(), both(lats.difference(), lons.difference()).transpose())?
        {
            (id, lat, lon) = (sum(id, difference)?, sum(lat, north)?, sum(lon, east)?);
            let pairs = if has_tags { pairs(&mut texts)? } else { Vec::new() };
            found(Node {
                id,
                position: self.position(lon, lat),
                tags: Tags {
                    texts: &self.texts,
                    pairs,
                }
                .check()?,
            });
        }
        Ok(())
    }

    fn way(&self, message: &'a [u8]) -> Result<Way<'a, '_>, Malformed> {
        let mut id = 0;
        let [mut keys, mut values, mut refs] = [const { Packed::new(&[]) }; 3];
        for field in Fields::new(message) {
            match field? {
                (1, value) => id = value.varint()? as i64,
                (2, value) => keys = Packed::new(value.bytes()?),
                (3, value) => values = Packed::new(value.bytes()?),
                (8, value) => refs = Packed::new(value.bytes()?),
                _ => {}
            }
        }
        let (mut nodes, mut node) = (Vec::new(), 0);
        while let Some(difference) = refs.difference() {
            node = sum(node, difference?)?;
            nodes.push(node);
        }
        Ok(Way {
            id,
            nodes,
            tags: self.tags(keys, values)?,
        })
    }

    fn relation(&self, message: &'a [u8]) -> Result<Relation<'a, '_>, Malformed> {
        let [mut keys, mut values, mut roles, mut ids, mut kinds] = [const { Packed::new(&[]) }; 5];
        for field in Fields::new(message) {
            match field? {
                (2, value) => keys = Packed::new(value.bytes()?),
                (3, value) => values = Packed::new(value.bytes()?),
                (8, value) => roles = Packed::new(value.bytes()?),
                (9, value) => ids = Packed::new(value.bytes()?),
                (10, value) => kinds = Packed::new(value.bytes()?),
                _ => {}
            }
        }
        let (mut members, mut member) = (Vec::new(), 0);
        while let Some((role, (difference, kind))) =
            both(roles.number(), both(ids.difference(), kinds.number()).transpose())?
        {
            member = sum(member, difference)?;
            let kind = match kind {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err(Malformed::Range),
            };
            members.push(Member {
                kind,
                id: member,
                role: text_of(&self.texts, role)?,
            });
        }
        Ok(Relation {
            members,
            tags: self.tags(keys, values)?,
        })
    }

    fn tags(&self, mut keys: Packed<'a>, mut values: Packed<'a>) -> Result<Tags<'a, '_>, Malformed> {
        let mut pairs = Vec::new();
        while let Some((key, value)) = both(keys.number(), values.number())? {
            pairs.push([text_number(key)?, text_number(value)?]);
        }
        Tags {
            texts: &self.texts,
            pairs,
        }
        .check()
    }
}

fn text_number(number: u64) -> Result<u32, Malformed> {
    u32::try_from(number).map_err(|_too_large| Malformed::NoText)
}

/// The tags of the next dense node: keys and values in turn, up to a 0.
fn pairs(texts: &mut Packed<'_>) -> Result<Vec<[u32; 2]>, Malformed> {
    let mut pairs = Vec::new();
    loop {
        let key = texts.number().ok_or(Malformed::Lists)??;
        if key == 0 {
            return Ok(pairs);
        }
        let value = texts.number().ok_or(Malformed::Lists)??;
        pairs.push([text_number(key)?, text_number(value)?]);
    }
}
