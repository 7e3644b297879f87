//! Files that are cut, changed, or something else.

use std::path::Path;

use proptest::prelude::*;

use super::{
    super::testing::{block, field, header, number},
    Extract, ROAD, built, cross, read_bytes,
};
use crate::routing::{
    ArcId, NodeId,
    osm::{OsmError, read},
};

#[test]
fn a_cut_file_is_an_error_at_every_byte_and_names_the_block() {
    let mut extract = cross();
    extract.turn(
        1,
        &[("from", 'w', 1), ("via", 'n', 5), ("to", 'w', 2)],
        &[("restriction", "no_left_turn")],
    );
    let mut bytes = extract.bytes();
    let first = bytes.len();
    let mut more = Extract::default();
    more.node(21, 5, 5, &[]).node(22, 6, 5, &[]).way(9, &[21, 22], ROAD);
    more.is_raw = true;
    bytes.extend(block("OSMData", &more.message(), true));
    for length in 0..bytes.len() {
        match read_bytes(&bytes[..length]) {
            Ok(_) => assert_eq!(length, first, "cut between two blocks it cannot be seen"),
            Err(OsmError::NotPbf { .. } | OsmError::NoRoads { .. }) => assert!(length < first, "{length}"),
            Err(OsmError::Block { number, offset, .. }) => {
                let block = if length < first { 2 } else { 3 };
                assert_eq!(number, block, "cut at {length}");
                assert!(offset <= length as u64 && (block == 2 || offset == first as u64));
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn flipped_bits_never_panic() {
    let mut extract = cross();
    extract
        .node(6, 3, 3, &[("barrier", "gate")])
        .node(7, 4, 3, &[])
        .way(5, &[2, 6, 7], ROAD);
    extract.turn(
        1,
        &[("from", 'w', 1), ("via", 'n', 5), ("to", 'w', 2)],
        &[("restriction", "no_left_turn")],
    );
    extract.is_raw = true;
    let bytes = extract.bytes();
    let mut failed = 0;
    for at in 0..bytes.len() {
        for bit in [0, 3, 7] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            failed += u32::from(read_bytes(&flipped).is_err());
        }
    }
    assert!(failed > 100);
}

#[test]
fn what_is_no_extract_says_so() {
    assert!(matches!(read_bytes(b""), Err(OsmError::NotPbf { .. })));
    assert!(matches!(read_bytes(b"lon,lat\n119,26\n"), Err(OsmError::NotPbf { .. })));
    let history = header(&["OsmSchema-V0.6", "HistoricalInformation"]);
    assert!(
        matches!(read_bytes(&history), Err(OsmError::Feature { feature, .. }) if feature == "HistoricalInformation")
    );
    let empty = header(&["OsmSchema-V0.6"]);
    assert!(matches!(read_bytes(&empty), Err(OsmError::NoRoads { .. })));
    assert!(matches!(
        read(Path::new("/no/such.osm.pbf"), &|_| {}),
        Err(OsmError::Io { .. })
    ));
}

#[test]
fn blocks_that_say_too_much_are_refused_before_anything_is_reserved() {
    let mut too_long = header(&["OsmSchema-V0.6"]);
    let mut head = Vec::new();
    field(1, b"OSMData", &mut head);
    number(3, u64::MAX, &mut head);
    too_long.extend((head.len() as u32).to_be_bytes());
    too_long.extend(head);
    let error = read_bytes(&too_long).unwrap_err().to_string();
    assert!(
        error.contains("block 2, which begins at byte") && error.contains("more than 33554432"),
        "{error}"
    );

    let mut bomb = header(&["OsmSchema-V0.6"]);
    bomb.extend(block("OSMData", &vec![0; 33 << 20], false));
    assert!(
        read_bytes(&bomb)
            .unwrap_err()
            .to_string()
            .contains("more than 33554432")
    );
}

#[test]
fn nodes_off_the_globe_are_as_good_as_missing() {
    let mut extract = cross();
    extract.node(8, 0, 700_000, &[]).way(3, &[4, 8], ROAD);
    let (network, report) = built(&extract);
    assert_eq!(
        (network.stretch_count(), report.nodes_off_globe, report.nodes_missing),
        (4, 1, 1)
    );
    assert_eq!(network.nodes().count(), 5);
    assert_eq!(network.tail(ArcId(0)), NodeId(0));
}

proptest! {
    #[test]
    fn bytes_put_in_the_place_of_others_never_panic(
        at in 0.0..1.0_f64,
        length in 0..20_usize,
        other in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut extract = cross();
        extract.node(6, 3, 3, &[("barrier", "gate")]).way(5, &[2, 6], ROAD);
        extract.turn(
            1,
            &[("from", 'w', 1), ("via", 'n', 5), ("to", 'w', 2)],
            &[("restriction", "no_left_turn")],
        );
        let mut message = extract.message();
        let at = (at * message.len() as f64) as usize;
        let end = (at + length).min(message.len());
        message.splice(at..end, other);
        let mut bytes = header(&["OsmSchema-V0.6"]);
        bytes.extend(block("OSMData", &message, true));
        if let Err(error) = read_bytes(&bytes) {
            let is_told = matches!(error, OsmError::Block { number: 2, .. } | OsmError::NoRoads { .. });
            prop_assert!(is_told, "{}", error);
        }
    }
}
