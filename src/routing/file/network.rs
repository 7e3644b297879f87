//! The sections that hold a network.
//!
//! | section | holds |
//! |---|---|
//! | `network.nodes` | per node longitude and latitude, `i32` ten-millionths of a degree |
//! | `network.ends` | per stretch its two nodes, `u32` |
//! | `network.shape_from` | where a stretch's bends begin, `u32`, one more than stretches |
//! | `network.bends` | per bend longitude and latitude |
//! | `network.length_mm` | per stretch, `u32` |
//! | `network.ways` | per stretch the way's id, `i64` |
//! | `network.classes`, `.traits`, `.layers`, `.access` | per stretch `u8`; `u32`; `i8`; three `u8`, one a mode |
//! | `network.name_ids`, `.name_entries`, `.text_from`, `.text` | per stretch an entry; per entry four texts; texts |
//! | `network.limit_ids`, `.limits` | per stretch an entry; per entry six `u32`: kg, kg of an axle, cm high, wide, long, hazmat |
//! | `network.durations.MODE` | per arc, `u32` milliseconds, 0 where the mode may not pass |
//! | `network.restrictions` | per restriction `u32`s: modes as bits and 8 where mandatory, number of arcs, arcs |
//! | `network.islands.MODE` | `u32`s: per node its strong island, per node its weak one, number of strong ones, their sizes, weak sizes |

use std::path::Path;

use super::{
    FileError, SectionReader, SectionWriter,
    bytes::{Number, from_bytes, to_bytes},
};
use crate::routing::{
    Access, ArcId, DegreesE7, Islands, Limits, Mode, Network, NodeId, Restriction, RestrictionKind, RoadClass, Traits,
    network::{Columns, NameTable, Partition},
};

/// Bit of a restriction that is mandatory.
const MANDATORY: u32 = 8;

/// Stands for a limit that is not there.
const NO_LIMIT: u32 = 0;

/// Adds a network's sections to a file.
///
/// # Errors
/// The file cannot be written.
pub fn write_network(network: &Network, file: &mut SectionWriter) -> Result<(), FileError> {
    let columns = network.columns();
    let positions = |positions: &[DegreesE7]| to_bytes(positions.iter().flat_map(|position| position.steps()));
    file.add("network.nodes", &positions(&columns.nodes))?;
    file.add(
        "network.ends",
        &to_bytes(columns.ends.iter().flatten().map(|node| node.0)),
    )?;
    file.add("network.shape_from", &to_bytes(columns.shape_from.iter().copied()))?;
    file.add("network.bends", &positions(&columns.bends))?;
    file.add("network.length_mm", &to_bytes(columns.length_mm.iter().copied()))?;
    file.add("network.ways", &to_bytes(columns.ways.iter().copied()))?;
    file.add(
        "network.classes",
        &to_bytes(columns.classes.iter().map(|class| class.code())),
    )?;
    file.add(
        "network.traits",
        &to_bytes(columns.traits.iter().map(|traits| traits.0)),
    )?;
    file.add("network.layers", &to_bytes(columns.layers.iter().copied()))?;
    file.add(
        "network.access",
        &to_bytes(columns.access.iter().flatten().map(|access| access.code())),
    )?;
    file.add("network.name_ids", &to_bytes(columns.name_ids.iter().copied()))?;
    file.add(
        "network.name_entries",
        &to_bytes(columns.names.entries.iter().flatten().copied()),
    )?;
    file.add("network.text_from", &to_bytes(columns.names.text_from.iter().copied()))?;
    file.add("network.text", columns.names.text.as_bytes())?;
    file.add("network.limit_ids", &to_bytes(columns.limit_ids.iter().copied()))?;
    file.add(
        "network.limits",
        &to_bytes(columns.limits.iter().flat_map(limits_to_numbers)),
    )?;
    for mode in Mode::ALL {
        let durations = columns.durations_ms[mode.index()].iter().copied();
        file.add(&format!("network.durations.{mode}"), &to_bytes(durations))?;
    }
    file.add(
        "network.restrictions",
        &to_bytes(columns.restrictions.iter().flat_map(restriction_to_numbers)),
    )?;
    for mode in Mode::ALL {
        let numbers = islands_to_numbers(network.islands(mode));
        file.add(&format!("network.islands.{mode}"), &to_bytes(numbers))?;
    }
    Ok(())
}

/// Reads the network of a file. O(n).
///
/// # Errors
/// A section is missing or corrupt, or sections contradict each other.
pub fn read_network(file: &mut SectionReader) -> Result<Network, FileError> {
    let nodes = positions(file, "network.nodes")?;
    let count = nodes.len();
    let columns = Columns {
        nodes,
        ends: tuples(file, "network.ends", |[from, to]: [u32; 2]| {
            Some([NodeId(from), NodeId(to)])
        })?,
        shape_from: numbers(file, "network.shape_from")?,
        bends: positions(file, "network.bends")?,
        length_mm: numbers(file, "network.length_mm")?,
        ways: numbers(file, "network.ways")?,
        classes: tuples(file, "network.classes", |[code]: [u8; 1]| RoadClass::from_code(code))?,
        traits: tuples(file, "network.traits", |[bits]: [u32; 1]| Some(Traits(bits)))?,
        layers: numbers(file, "network.layers")?,
        access: tuples(file, "network.access", access)?,
        name_ids: numbers(file, "network.name_ids")?,
        names: NameTable {
            text: text(file, "network.text")?,
            text_from: numbers(file, "network.text_from")?,
            entries: tuples(file, "network.name_entries", Some)?,
        },
        limit_ids: numbers(file, "network.limit_ids")?,
        limits: tuples(file, "network.limits", limits_from_numbers)?,
        durations_ms: per_mode(|mode| numbers(file, &format!("network.durations.{mode}")))?,
        restrictions: {
            let numbers = numbers(file, "network.restrictions")?;
            let restrictions = restrictions(&numbers);
            restrictions.ok_or_else(|| file.corrupt("network.restrictions", "a restriction is cut"))?
        },
        islands: per_mode(|mode| {
            let name = format!("network.islands.{mode}");
            let numbers = numbers(file, &name)?;
            islands(&numbers, count).ok_or_else(|| file.corrupt(&name, "it does not fit the nodes"))
        })?,
    };
    Network::from_columns(columns).map_err(FileError::network(file.path()))
}

impl Network {
    /// Reads a network file. O(n).
    ///
    /// # Errors
    /// The file cannot be read, is of another version, cut or corrupt.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        read_network(&mut SectionReader::open(path)?)
    }
}

fn per_mode<T>(mut read: impl FnMut(Mode) -> Result<T, FileError>) -> Result<[T; 3], FileError> {
    let [car, truck, foot] = Mode::ALL;
    Ok([read(car)?, read(truck)?, read(foot)?])
}

fn numbers<N: Number>(file: &mut SectionReader, name: &str) -> Result<Vec<N>, FileError> {
    let bytes = file.read(name)?;
    from_bytes(&bytes).ok_or_else(|| file.corrupt(name, "a number is cut"))
}

/// Entries of several numbers.
fn tuples<N: Number, T, const COUNT: usize>(
    file: &mut SectionReader,
    name: &str,
    read: impl Fn([N; COUNT]) -> Option<T>,
) -> Result<Vec<T>, FileError> {
    let numbers: Vec<N> = numbers(file, name)?;
    let (entries, rest) = numbers.as_chunks::<COUNT>();
    if !rest.is_empty() {
        return Err(file.corrupt(name, "an entry is cut"));
    }
    let entries: Option<Vec<T>> = entries.iter().map(|entry| read(*entry)).collect();
    entries.ok_or_else(|| file.corrupt(name, "it holds a value that this release does not know"))
}

fn positions(file: &mut SectionReader, name: &str) -> Result<Vec<DegreesE7>, FileError> {
    tuples(file, name, |[lon, lat]: [i32; 2]| {
        DegreesE7::new(i64::from(lon), i64::from(lat))
    })
}

fn text(file: &mut SectionReader, name: &str) -> Result<String, FileError> {
    let bytes = file.read(name)?;
    String::from_utf8(bytes).map_err(|error| file.corrupt(name, &error.to_string()))
}

fn access(codes: [u8; 3]) -> Option<[Access; 3]> {
    let [car, truck, foot] = codes.map(Access::from_code);
    Some([car?, truck?, foot?])
}

fn limits_to_numbers(limits: &Limits) -> [u32; 6] {
    let number = |limit: Option<u32>| limit.unwrap_or(NO_LIMIT);
    [
        number(limits.max_weight_kg),
        number(limits.max_axle_load_kg),
        number(limits.max_height_cm),
        number(limits.max_width_cm),
        number(limits.max_length_cm),
        u32::from(limits.hazmat_forbidden),
    ]
}

fn limits_from_numbers(numbers: [u32; 6]) -> Option<Limits> {
    let [weight, axle_load, height, width, length, hazmat] = numbers;
    let limit = |number: u32| (number != NO_LIMIT).then_some(number);
    (hazmat <= 1).then_some(Limits {
        max_weight_kg: limit(weight),
        max_axle_load_kg: limit(axle_load),
        max_height_cm: limit(height),
        max_width_cm: limit(width),
        max_length_cm: limit(length),
        hazmat_forbidden: hazmat == 1,
    })
}

fn restriction_to_numbers(restriction: &Restriction) -> impl Iterator<Item = u32> + '_ {
    let modes = Mode::ALL.iter().filter(|mode| restriction.holds_for(**mode));
    let bits = modes.fold(0, |bits, mode| bits | 1 << mode.index());
    let kind = match restriction.kind {
        RestrictionKind::Forbidden => 0,
        RestrictionKind::Mandatory => MANDATORY,
    };
    let arcs = restriction.path.iter().map(|arc| arc.0);
    [bits | kind, restriction.path.len() as u32].into_iter().chain(arcs)
}

fn restrictions(mut numbers: &[u32]) -> Option<Vec<Restriction>> {
    let mut restrictions = Vec::new();
    while let [bits, arcs, rest @ ..] = numbers {
        let (path, rest) = rest.split_at_checked(*arcs as usize)?;
        restrictions.push(Restriction {
            modes: Mode::ALL.map(|mode| bits & (1 << mode.index()) != 0),
            kind: match bits & !7 {
                0 => RestrictionKind::Forbidden,
                MANDATORY => RestrictionKind::Mandatory,
                _ => return None,
            },
            path: path.iter().copied().map(ArcId).collect(),
        });
        numbers = rest;
    }
    numbers.is_empty().then_some(restrictions)
}

fn islands_to_numbers(islands: &Islands) -> Vec<u32> {
    let mut numbers = islands.strong.of.clone();
    numbers.extend_from_slice(&islands.weak.of);
    numbers.push(islands.strong.sizes.len() as u32);
    numbers.extend_from_slice(&islands.strong.sizes);
    numbers.extend_from_slice(&islands.weak.sizes);
    numbers
}

fn islands(numbers: &[u32], nodes: usize) -> Option<Islands> {
    let (strong, rest) = numbers.split_at_checked(nodes)?;
    let (weak, rest) = rest.split_at_checked(nodes)?;
    let (count, sizes) = rest.split_first()?;
    let (strong_sizes, weak_sizes) = sizes.split_at_checked(*count as usize)?;
    let part = |of: &[u32], sizes: &[u32]| Partition {
        of: of.to_vec(),
        sizes: sizes.to_vec(),
    };
    Some(Islands {
        strong: part(strong, strong_sizes),
        weak: part(weak, weak_sizes),
    })
}
