//! Road networks of made-up extracts and of changed network files.

use std::fs;

use refugia::{
    geometry::LonLat,
    routing::{
        Network, Restriction, RestrictionKind, RoadNames, Stretch,
        file::{FileError, SectionReader, SectionWriter, read_network, write_network},
        osm,
    },
};

use crate::{
    reading::{assert_tells, tell},
    scratch,
};

/// An extract: a network both times or the same error, and what is written of the network is read back.
///
/// # Panics
/// A promise is broken.
pub fn extract(data: &[u8]) {
    let path = scratch::file("input.osm.pbf", data);
    let read = || osm::read(&path, &|_| {});
    match (read(), read()) {
        (Ok((network, _)), Ok((again, _))) => {
            tell(&|| format!("{} stretches", network.stretch_count()));
            assert!(network == again, "two readings differ");
            let back = open(&write(&sections_of(&network))).expect("what is written is read");
            assert!(back == network, "what is written is read back");
        }
        (Err(error), Err(again)) => {
            tell(&|| error.to_string());
            assert_tells(&error.to_string());
            assert_eq!(error.to_string(), again.to_string());
        }
        (one, other) => panic!("two readings differ: {:?} {:?}", one.err(), other.err()),
    }
}

/// A network file with some bytes of its sections changed and its checksums right: each four bytes of the input choose a
/// section, a place in it, and what stands there; or, from 128 on, that the section ends there.
///
/// # Panics
/// A promise is broken.
pub fn network(data: &[u8]) {
    let mut sections = sections_of(&town());
    for change in data.chunks_exact(4) {
        let section = usize::from(change[0] & 127) % sections.len();
        let bytes = &mut sections[section].1;
        let at = usize::from(u16::from_le_bytes([change[1], change[2]])) % (bytes.len() + 1);
        if change[0] >= 128 {
            bytes.truncate(at);
        } else if let Some(byte) = bytes.get_mut(at) {
            *byte = change[3];
        }
    }
    match open(&write(&sections)) {
        Ok(network) => {
            tell(&|| format!("{} stretches", network.stretch_count()));
            for stretch in network.stretches() {
                assert!(network.shape(stretch).len() >= 2);
                _ = (
                    network.names(stretch),
                    network.limits(stretch),
                    network.length_m(stretch),
                );
            }
            let back = open(&write(&sections_of(&network))).expect("what is written is read");
            assert!(back == network, "what is written is read back");
        }
        Err(error) => {
            tell(&|| error.to_string());
            assert_tells(&error.to_string());
        }
    }
}

fn open(path: &std::path::Path) -> Result<Network, FileError> {
    read_network(&mut SectionReader::open(path)?)
}

fn sections_of(network: &Network) -> Vec<(String, Vec<u8>)> {
    let path = scratch::path("network");
    _ = fs::remove_file(&path);
    let mut writer = SectionWriter::create(&path).expect("a file can be made");
    write_network(network, &mut writer).expect("a network can be written");
    writer.finish().expect("a file can be written");
    let mut reader = SectionReader::open(&path).expect("what is written opens");
    let names: Vec<String> = reader.names().map(str::to_owned).collect();
    let section = |name: String| {
        let bytes = reader.read(&name).expect("a section is read");
        (name, bytes)
    };
    names.into_iter().map(section).collect()
}

fn write(sections: &[(String, Vec<u8>)]) -> std::path::PathBuf {
    let path = scratch::path("changed.network");
    _ = fs::remove_file(&path);
    let mut writer = SectionWriter::create(&path).expect("a file can be made");
    for (name, bytes) in sections {
        writer.add(name, bytes).expect("a section can be written");
    }
    writer.finish().expect("a file can be written");
    path
}

/// A few streets with names, one of them one-way, and a turn that is forbidden.
fn town() -> Network {
    let mut builder = Network::builder();
    let nodes = [
        (119.3, 26.0),
        (119.31, 26.0),
        (119.31, 26.01),
        (119.3, 26.01),
        (119.5, 26.2),
        (119.51, 26.2),
    ]
    .map(|(lon, lat)| builder.add_node(LonLat::new(lon, lat).expect("a position")));
    let names = RoadNames::local("东街");
    let streets = [[0, 1], [1, 2], [2, 3], [3, 0], [4, 5]].map(|ends| {
        let ends = ends.map(|end| nodes[end]);
        builder.add_stretch(&Stretch {
            names,
            ..Stretch::street(ends, 60_000)
        })
    });
    builder.add_stretch(&Stretch::one_way([nodes[0], nodes[2]], 90_000));
    builder.add_restriction(Restriction {
        kind: RestrictionKind::Forbidden,
        path: vec![streets[0].forward(), streets[1].forward()],
        modes: [true, true, false],
    });
    builder.build().expect("the town is a network")
}
