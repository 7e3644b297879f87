//! Turn restrictions: the paths they become, and why some do not.

use super::{Extract, ROAD, built, cross};
use crate::routing::{ArcId, Network, RestrictionKind, osm::LeftOutTurn};

/// Role, `n` or `w`, id.
type Members<'a> = &'a [(&'a str, char, i64)];

/// The same with four ways: 11 to the west, 12 to the east, 13 to the south, 14 to the north, all from the middle.
fn star() -> Extract {
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 0, -1, &[])
        .node(4, 0, 1, &[])
        .node(5, 0, 0, &[]);
    for (way, end) in [(11, 1), (12, 2), (13, 3), (14, 4)] {
        extract.way(way, &[5, end], ROAD);
    }
    extract
}

/// Paths of restrictions as the ways they go along.
fn paths(network: &Network) -> Vec<Vec<i64>> {
    let ways = |path: &Vec<ArcId>| path.iter().map(|arc| network.way(arc.stretch())).collect();
    network
        .restrictions()
        .iter()
        .map(|restriction| ways(&restriction.path))
        .collect()
}

#[test]
fn restrictions_become_paths_of_arcs() {
    let mut extract = star();
    extract.turn(
        1,
        &[("from", 'w', 11), ("via", 'n', 5), ("to", 'w', 14)],
        &[("restriction", "no_left_turn")],
    );
    extract.turn(
        2,
        &[("from", 'w', 13), ("via", 'n', 5), ("to", 'w', 14)],
        &[("restriction", "only_straight_on"), ("except", "hgv")],
    );
    extract.turn(
        3,
        &[("from", 'w', 12), ("via", 'n', 5), ("to", 'w', 12)],
        &[("restriction", "no_u_turn")],
    );
    let (network, report) = built(&extract);
    assert_eq!((report.turns, report.turns_kept), (3, 3));
    assert_eq!(paths(&network), [[11, 14], [13, 14], [12, 12]]);
    let [no_left, only, no_back] = network.restrictions() else {
        panic!("three")
    };
    assert_eq!(
        (no_left.kind, no_left.modes),
        (RestrictionKind::Forbidden, [true, true, false])
    );
    assert_eq!(
        (only.kind, only.modes),
        (RestrictionKind::Mandatory, [true, false, false])
    );
    assert_eq!(no_back.path[0].reversed(), no_back.path[1]);
    assert!(no_left.path[0].is_backward() && !no_left.path[1].is_backward());
}

#[test]
fn ways_that_are_not_split_are_told_apart_by_the_turn() {
    let mut extract = cross();
    let members = [("from", 'w', 1), ("via", 'n', 5), ("to", 'w', 2)];
    extract.way(9, &[2, 1], &[("highway", "footway")]);
    extract.turn(1, &members, &[("restriction", "no_straight_on")]);
    extract.turn(2, &members, &[("restriction", "no_left_turn")]);
    let (network, report) = built(&extract);
    assert_eq!(
        (
            network.restrictions().len(),
            report.turns_left_out[&LeftOutTurn::Ambiguous]
        ),
        (0, 2)
    );

    // With a one-way there is only one way to come from.
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 0, -1, &[])
        .node(4, 0, 1, &[])
        .node(5, 0, 0, &[]);
    extract
        .way(1, &[1, 5, 2], &[("highway", "primary"), ("oneway", "yes")])
        .way(2, &[3, 5, 4], ROAD);
    extract.turn(1, &members, &[("restriction", "no_left_turn")]);
    let (network, _) = built(&extract);
    let [left] = network.restrictions() else { panic!("one") };
    assert_eq!(network.position(network.head(left.path[1])).lat(), 26.001);

    // The arm that leaves to the left bends far to the right behind the junction, and is the left one all the same.
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(3, 5, -9, &[])
        .node(4, 0, 1, &[])
        .node(5, 0, 0, &[])
        .node(6, 0, -1, &[]);
    extract
        .node(7, 9, -5, &[])
        .way(1, &[1, 5], ROAD)
        .way(2, &[3, 6, 5, 4, 7], ROAD);
    extract.turn(1, &members, &[("restriction", "no_left_turn")]);
    let (network, _) = built(&extract);
    let [left] = network.restrictions() else { panic!("one") };
    assert_eq!(network.position(network.head(left.path[1])).lon(), 119.309);
}

#[test]
fn restrictions_by_way_of_other_ways_go_along_all_of_them() {
    let mut extract = Extract::default();
    for (id, east) in [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)] {
        extract.node(id, east, 0, &[]);
    }
    extract.node(6, 2, 1, &[]);
    extract
        .way(1, &[1, 2], ROAD)
        .way(2, &[4, 3, 2], ROAD)
        .way(3, &[4, 5], ROAD)
        .way(4, &[3, 6], ROAD);
    let members = [("from", 'w', 1), ("via", 'w', 2), ("to", 'w', 3)];
    extract.turn(1, &members, &[("restriction", "no_u_turn")]);
    let (network, _) = built(&extract);
    assert_eq!(paths(&network), [[1, 2, 2, 3]]);
    let path = &network.restrictions()[0].path;
    assert!(path[1].is_backward() && path[2].is_backward());
}

#[test]
fn restrictions_that_cannot_hold_are_left_out_and_counted() {
    let mut extract = star();
    extract
        .node(8, 9, 9, &[])
        .node(9, 9, 8, &[])
        .way(20, &[8, 9], ROAD)
        .way(21, &[5, 8], &[("highway", "footway")]);
    let no = [("restriction", "no_left_turn")];
    let turns: [(Members<'_>, LeftOutTurn); 6] = [
        (
            &[("from", 'w', 11), ("via", 'n', 5), ("to", 'w', 99)],
            LeftOutTurn::NoMember,
        ),
        (
            &[("from", 'w', 11), ("via", 'n', 5), ("to", 'w', 20)],
            LeftOutTurn::Apart,
        ),
        (
            &[("from", 'w', 11), ("via", 'n', 5), ("to", 'w', 21)],
            LeftOutTurn::Closed,
        ),
        (&[("from", 'w', 11), ("to", 'w', 12)], LeftOutTurn::Malformed),
        (&[("via", 'n', 5), ("to", 'w', 12)], LeftOutTurn::Malformed),
        (
            &[("from", 'w', 11), ("via", 'n', 5), ("via", 'w', 12), ("to", 'w', 12)],
            LeftOutTurn::Malformed,
        ),
    ];
    for (id, (members, _)) in turns.iter().enumerate() {
        extract.turn(id as i64, members, &no);
    }
    let (network, report) = built(&extract);
    assert_eq!(network.restrictions(), []);
    let counts: Vec<u64> = report.turns_left_out.values().copied().collect();
    let mut expected: Vec<LeftOutTurn> = turns.iter().map(|(_, reason)| *reason).collect();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(report.turns_left_out.keys().copied().collect::<Vec<_>>(), expected);
    assert_eq!(counts.iter().sum::<u64>(), 6);
}

#[test]
fn who_turns_at_a_barrier_has_to_pass_it_first() {
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(4, 0, 1, &[])
        .node(5, 0, 0, &[("barrier", "gate")]);
    extract.way(11, &[5, 1], ROAD).way(14, &[5, 4], ROAD);
    extract.turn(
        1,
        &[("from", 'w', 11), ("via", 'n', 5), ("to", 'w', 14)],
        &[("restriction", "no_left_turn")],
    );
    let (network, report) = built(&extract);
    assert_eq!(
        (
            network.restrictions().len(),
            report.turns_left_out[&LeftOutTurn::AtBarrier]
        ),
        (0, 1)
    );
}
