//! Files there and back, cut, and changed.

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{
    geometry::LonLat,
    routing::{
        Access, ArcId, DegreesE7, Limits, Network, NodeId, Restriction, RestrictionKind, RoadClass, RoadNames, Stretch,
        Traits,
    },
};

/// A network with something in every column.
fn network() -> Network {
    let mut builder = Network::builder();
    let nodes: Vec<NodeId> = (0..4)
        .map(|at| builder.add_node(LonLat::new(119.3 + 0.01 * f64::from(at), 26.0).unwrap()))
        .collect();
    builder.add_stretch(&Stretch::street([nodes[0], nodes[1]], 1_000));
    let bends = [DegreesE7::new(1_193_150_000, 260_010_000).unwrap()];
    builder.add_stretch(&Stretch {
        bends: &bends,
        way: -7,
        class: RoadClass::Ferry,
        traits: Traits::BRIDGE | Traits::FORD,
        layer: -2,
        names: RoadNames {
            zh: Some("五四路"),
            ..RoadNames::local("Wusi Lu")
        },
        limits: Limits {
            max_height_cm: Some(420),
            hazmat_forbidden: true,
            ..Limits::NONE
        },
        access: [Access::Restricted, Access::Destination, Access::Public],
        ..Stretch::one_way([nodes[1], nodes[2]], 2_000)
    });
    builder.add_restriction(Restriction {
        modes: [true, false, true],
        kind: RestrictionKind::Mandatory,
        path: vec![ArcId(0), ArcId(2)],
    });
    builder.build().unwrap()
}

fn written(network: &Network, more: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.network");
    let mut file = SectionWriter::create(&path).unwrap();
    write_network(network, &mut file).unwrap();
    for (name, bytes) in more {
        file.add(name, bytes).unwrap();
    }
    file.finish().unwrap();
    (dir, path)
}

#[test]
fn a_network_comes_back_as_it_was() {
    let (_dir, path) = written(&network(), &[]);
    assert_eq!(Network::open(&path).unwrap(), network());
    let empty = Network::builder().build().unwrap();
    let (_dir, path) = written(&empty, &[]);
    assert_eq!(Network::open(&path).unwrap(), empty);
}

#[test]
fn others_may_add_sections() {
    let (_dir, path) = written(&network(), &[("order.car", b"1234567"), ("nothing", b"")]);
    let mut file = SectionReader::open(&path).unwrap();
    assert_eq!(file.read("order.car").unwrap(), b"1234567");
    assert_eq!(file.read("nothing").unwrap(), b"");
    assert!(file.has("nothing") && !file.has("order.truck") && file.names().last() == Some("nothing"));
    assert!(matches!(file.read("order.truck"), Err(FileError::Missing { name, .. }) if name == "order.truck"));
    assert_eq!(read_network(&mut file).unwrap(), network());
}

#[test]
fn names_of_sections_are_short_and_stand_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = SectionWriter::create(&dir.path().join("a")).unwrap();
    file.add("a", b"").unwrap();
    for name in ["a", "", "x\0", &"x".repeat(33)] {
        assert!(matches!(file.add(name, b""), Err(FileError::Name(_))), "{name}");
    }
    file.add(&"x".repeat(32), b"").unwrap();
    assert!(
        SectionWriter::create(&dir.path().join("a")).is_err(),
        "a file that is there is not overwritten"
    );
}

#[test]
fn a_later_version_is_refused_with_the_command_that_rebuilds_it() {
    let (_dir, path) = written(&network(), &[]);
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = 2;
    fs::write(&path, &bytes).unwrap();
    let error = Network::open(&path).unwrap_err().to_string();
    assert!(error.ends_with(
        "has format 2, this release reads format 1; build it again: refugia roads --region DIR FILE.osm.pbf"
    ));
    fs::write(&path, b"something else").unwrap();
    assert!(matches!(Network::open(&path), Err(FileError::NotOurs(_))));
}

#[test]
fn an_unfinished_file_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let mut file = SectionWriter::create(&path).unwrap();
    write_network(&network(), &mut file).unwrap();
    drop(file);
    assert!(Network::open(&path).is_err());
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let (_dir, path) = written(&network(), &[]);
    let bytes = fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(Network::open(&path).is_err(), "{length}");
    }
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    fs::write(&path, longer).unwrap();
    assert!(matches!(Network::open(&path), Err(FileError::Length { .. })));
}

#[test]
fn a_section_that_contradicts_another_is_an_error_although_its_checksum_is_right() {
    let (_dir, path) = written(&network(), &[]);
    let mut old = SectionReader::open(&path).unwrap();
    let names: Vec<String> = old.names().map(str::to_owned).collect();
    for broken in &names {
        for change in 0..2 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("b");
            let mut file = SectionWriter::create(&path).unwrap();
            for name in &names {
                let mut bytes = old.read(name).unwrap();
                if name == broken && change == 0 {
                    bytes.extend_from_slice(&[0xff; 9]);
                } else if name == broken {
                    bytes.iter_mut().take(4).for_each(|byte| *byte = 0xff);
                }
                file.add(name, &bytes).unwrap();
            }
            file.finish().unwrap();
            // Where all ones are a value like others: positions, numbers, "none".
            let may_be_anything = [
                "nodes",
                "bends",
                "traits",
                "length_mm",
                "ways",
                "layers",
                "limits",
                "name_entries",
                "durations.car",
                "durations.truck",
                "durations.foot",
                "islands.car",
                "islands.truck",
                "islands.foot",
            ];
            let is_free = change == 1 && may_be_anything.iter().any(|name| broken.ends_with(name));
            assert!(is_free || Network::open(&path).is_err(), "{broken} {change}");
        }
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_found_and_never_panic(at in 0.0..1.0_f64, byte in 1..=u8::MAX) {
        let (_dir, path) = written(&network(), &[]);
        let mut bytes = fs::read(&path).unwrap();
        let at = (at * bytes.len() as f64) as usize;
        bytes[at] ^= byte;
        fs::write(&path, &bytes).unwrap();
        // Only the zeros between sections are nobody's.
        match Network::open(&path) {
            Ok(read) => prop_assert_eq!(read, network()),
            Err(error) => prop_assert!(error.to_string().contains("refugia roads"), "{}", error),
        }
    }
}
