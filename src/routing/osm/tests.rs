//! Small extracts, each with one thing in it.

mod faults;
mod turns;

use super::{
    testing::{Extract, file},
    *,
};
use crate::routing::{Access, Mode, RoadClass, StretchId, Traits};

const ROAD: &[(&str, &str)] = &[("highway", "residential")];

fn read_bytes(bytes: &[u8]) -> Result<(Network, Report), OsmError> {
    let (_dir, path) = file(bytes);
    read(&path, &|_| {})
}

fn built(extract: &Extract) -> (Network, Report) {
    read_bytes(&extract.bytes()).unwrap()
}

/// A cross: way 1 from west (1) by the middle (5) to east (2), way 2 from south (3) by it to north (4).
fn cross() -> Extract {
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 0, -1, &[])
        .node(4, 0, 1, &[])
        .node(5, 0, 0, &[]);
    extract.way(1, &[1, 5, 2], ROAD).way(2, &[3, 5, 4], ROAD);
    extract
}

/// The only stretch of a way.
fn stretch(network: &Network, way: i64) -> StretchId {
    let mut found = network.stretches().filter(|stretch| network.way(*stretch) == way);
    let only = found.next().unwrap();
    assert_eq!(found.next(), None, "way {way} has more than one stretch");
    only
}

fn can(network: &Network, stretch: StretchId, mode: Mode) -> [bool; 2] {
    [stretch.forward(), stretch.backward()].map(|arc| network.duration_ms(arc, mode).is_some())
}

#[test]
fn ways_are_cut_where_they_meet_and_nowhere_else() {
    let mut extract = cross();
    extract.node(6, 2, 1, &[]).node(7, 3, 1, &[]).way(3, &[2, 6, 7], ROAD);
    let (network, report) = built(&extract);
    assert_eq!((network.node_count(), network.stretch_count()), (6, 5));
    let bent = stretch(&network, 3);
    assert_eq!(network.shape(bent).len(), 3);
    assert_eq!(network.shape(bent).next_back(), network.shape(bent).last());
    assert_eq!(
        (report.nodes, report.ways, report.roads, report.as_of),
        (7, 3, 3, Some(1_767_225_600))
    );
    let middle = network.nodes().find(|node| network.leaving(*node).len() == 4).unwrap();
    assert_eq!(
        (network.position(middle).lon(), network.position(middle).lat()),
        (119.3, 26.0)
    );
    assert_eq!(network.islands(Mode::Car).strong_sizes(), [6]);
    // A thousandth of a degree at 26 N is 100.1 m: 14.4 s at 25 km/h, 91 s on foot.
    let first = StretchId(0).forward();
    assert_eq!(network.length_m(StretchId(0)).round(), 100.0);
    assert_eq!(network.duration_ms(first, Mode::Car).map(|ms| ms / 100), Some(144));
    assert_eq!(network.duration_ms(first, Mode::Foot).map(|ms| ms / 1_000), Some(91));
}

#[test]
fn rings_are_cut_once_more() {
    let mut extract = Extract::default();
    extract
        .node(1, 0, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 1, 1, &[])
        .node(4, 0, 1, &[])
        .node(5, -1, 0, &[]);
    extract.way(
        1,
        &[1, 2, 3, 4, 1],
        &[("highway", "residential"), ("junction", "roundabout")],
    );
    extract.way(2, &[5, 1], ROAD);
    let (network, report) = built(&extract);
    assert_eq!((network.stretch_count(), report.rings), (3, 1));
    assert!(
        network
            .stretches()
            .all(|stretch| network.ends(stretch)[0] != network.ends(stretch)[1])
    );
    assert_eq!(can(&network, StretchId(0), Mode::Car), [true, false]);
    assert_eq!(can(&network, StretchId(0), Mode::Foot), [true, true]);
    assert!(network.traits(StretchId(1)).contains(Traits::ROUNDABOUT));
}

#[test]
fn a_square_is_walked_along_its_edge() {
    let mut extract = Extract::default();
    extract.node(1, 0, 0, &[]).node(2, 1, 0, &[]).node(3, 1, 1, &[]);
    extract.way(1, &[1, 2, 3, 1], &[("highway", "pedestrian"), ("area", "yes")]);
    let (network, _) = built(&extract);
    assert_eq!(can(&network, StretchId(0), Mode::Foot), [true, true]);
    assert_eq!(can(&network, StretchId(0), Mode::Car), [false, false]);
    assert!(network.traits(StretchId(0)).contains(Traits::AREA));
}

#[test]
fn an_extract_cut_at_the_border_works_and_says_what_it_lacks() {
    let mut extract = cross();
    extract.way(3, &[2, 77, 78], ROAD).way(4, &[1, 79, 3, 4], ROAD);
    let (network, report) = built(&extract);
    assert_eq!(
        network.stretch_count(),
        5,
        "of way 4 the part from 3 to 4 is left, of way 3 nothing"
    );
    assert_eq!((report.nodes_missing, report.roads_cut, report.roads_lost), (3, 2, 1));
}

#[test]
fn names_and_limits_are_kept() {
    let mut extract = cross();
    let tags: &[(&str, &str)] = &[
        ("highway", "primary"),
        ("name", "五四路"),
        ("name:en", "Wusi Road"),
        ("ref", "G104"),
        ("maxheight", "4.2"),
    ];
    extract.node(6, 5, 5, &[]).way(3, &[4, 6], tags);
    let (network, _) = built(&extract);
    let road = stretch(&network, 3);
    let names = network.names(road).unwrap();
    assert_eq!(
        (names.local, names.zh, names.en, names.reference),
        (Some("五四路"), None, Some("Wusi Road"), Some("G104"))
    );
    assert_eq!(network.limits(road).max_height_cm, Some(420));
    assert_eq!(network.class(road), RoadClass::Primary);
    assert_eq!(network.names(StretchId(0)), None);
}

#[test]
fn a_bollard_stops_cars_and_lets_feet_pass() {
    for id in [9, 10] {
        let mut extract = Extract::default();
        extract
            .node(1, 0, 0, &[])
            .node(2, 2, 0, &[])
            .node(id, 1, 0, &[("barrier", "bollard")]);
        extract.way(1, &[1, id, 2], ROAD);
        let (network, report) = built(&extract);
        assert_eq!(
            (network.node_count(), network.stretch_count(), report.barriers),
            (4, 3, 1)
        );
        let bollard = network
            .stretches()
            .find(|stretch| network.traits(*stretch).contains(Traits::BARRIER))
            .unwrap();
        assert_eq!(network.length_m(bollard), 0.0);
        assert_eq!(can(&network, bollard, Mode::Car), [false, false]);
        assert_eq!(network.duration_ms(bollard.forward(), Mode::Foot), Some(1));
        assert_eq!(network.islands(Mode::Car).strong_sizes(), [2, 2]);
        assert_eq!(network.islands(Mode::Foot).strong_sizes(), [4]);
        let [from, to] = network.ends(bollard);
        assert_eq!(network.position(from), network.position(to));
    }
}

#[test]
fn a_barrier_at_a_junction_stands_at_the_entry_of_the_lesser_road() {
    let mut extract = Extract::default();
    extract
        .node(1, -1, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 0, -1, &[])
        .node(4, 0, 0, &[("barrier", "block")]);
    extract
        .way(1, &[3, 4], &[("highway", "service")])
        .way(2, &[1, 4, 2], &[("highway", "primary")]);
    let (network, report) = built(&extract);
    assert_eq!((report.barriers, report.barriers_at_junctions), (1, 1));
    assert_eq!(
        network.islands(Mode::Car).strong_sizes(),
        [3, 2],
        "the primary road goes on"
    );
    assert_eq!(network.islands(Mode::Foot).strong_sizes(), [5]);

    let mut barred = Extract::default();
    barred
        .node(1, -1, 0, &[])
        .node(2, 1, 0, &[])
        .node(3, 0, -1, &[])
        .node(5, 0, 0, &[("barrier", "block")]);
    barred.way(1, &[1, 5], ROAD).way(2, &[5, 2], ROAD).way(3, &[3, 5], ROAD);
    let (network, _) = built(&barred);
    assert_eq!(
        network.islands(Mode::Car).strong_sizes(),
        [2, 2, 2],
        "all of one class: all are barred"
    );
}

#[test]
fn a_barrier_at_a_dead_end_or_on_a_ring_is_in_nobodys_way() {
    let mut extract = Extract::default();
    extract
        .node(1, 0, 0, &[("barrier", "gate")])
        .node(2, 1, 0, &[])
        .way(1, &[1, 2], ROAD);
    let (network, report) = built(&extract);
    assert_eq!((network.stretch_count(), report.barriers), (1, 0));

    let mut ring = Extract::default();
    ring.node(1, 0, 0, &[("barrier", "block")])
        .node(2, 1, 0, &[])
        .node(3, 1, 1, &[])
        .node(4, -1, 0, &[]);
    ring.way(1, &[1, 2, 3, 1], &[("highway", "primary")])
        .way(2, &[4, 1], ROAD);
    let (network, _) = built(&ring);
    assert_eq!(
        network.islands(Mode::Car).strong_sizes(),
        [2, 2],
        "the ring, and the road that is barred from it"
    );
}

#[test]
fn a_private_gate_is_passed_by_those_with_a_key() {
    let mut extract = Extract::default();
    extract
        .node(1, 0, 0, &[])
        .node(2, 2, 0, &[])
        .node(3, 1, 0, &[("barrier", "gate"), ("access", "private")]);
    extract.way(1, &[1, 3, 2], ROAD);
    let (network, _) = built(&extract);
    let gate = network
        .stretches()
        .find(|stretch| network.traits(*stretch).contains(Traits::BARRIER))
        .unwrap();
    assert_eq!(network.access(gate, Mode::Car), Access::Restricted);
    assert_eq!(network.duration_ms(gate.forward(), Mode::Car), Some(60_000));
}

#[test]
fn a_ferry_shares_its_time_among_its_stretches() {
    let mut extract = cross();
    extract.node(6, 4, 0, &[]).node(7, 8, 0, &[]).node(8, 4, 3, &[]);
    extract
        .way(3, &[2, 6, 7], &[("route", "ferry"), ("duration", "00:10")])
        .way(4, &[6, 8], ROAD);
    let (network, _) = built(&extract);
    let ferry: Vec<_> = network
        .stretches()
        .filter(|stretch| network.way(*stretch) == 3)
        .collect();
    let ms: Vec<u32> = ferry
        .iter()
        .map(|stretch| network.duration_ms(stretch.forward(), Mode::Foot).unwrap())
        .collect();
    assert_eq!(ms.iter().sum::<u32>(), 600_000);
    assert!(ms[0].abs_diff(257_143) < 10 && can(&network, ferry[0], Mode::Car) == [false, false]);
}
