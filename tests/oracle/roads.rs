//! Road networks of real extracts against the extracts as another reader (`osmpbf`) has them.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::LazyLock,
};

use osmpbf::{Element, ElementReader, RelMemberType};
use refugia::{
    geometry::LonLat,
    routing::{
        ArcId, Mode, Network, RestrictionKind, StretchId, Traits,
        osm::{self, OsmError, Report},
    },
};

use crate::real;

const EXTRACTS: [&str; 6] = [
    "porto",
    "liechtenstein",
    "andorra",
    "helsinki",
    "reisterstown-via-restriction",
    "bristol_reversed_oneway",
];

/// An extract as we read it and as the other reader does.
struct Real {
    name: &'static str,
    network: Network,
    report: Report,
    plain: Plain,
}

/// All extracts, each read once.
static REAL: LazyLock<Vec<Real>> = LazyLock::new(|| {
    let Some(folder) = real::folder() else {
        return Vec::new();
    };
    let real = |name: &'static str| {
        let path = folder.join(format!("roads/{name}.osm.pbf"));
        let (network, report) = osm::read(&path, &|_| {}).unwrap();
        Real {
            name,
            network,
            report,
            plain: plain(&path),
        }
    };
    EXTRACTS.into_iter().map(real).collect()
});

/// A way as the other reader has it.
struct PlainWay {
    nodes: Vec<i64>,
    tags: HashMap<String, String>,
}

/// Everything of an extract, as the other reader has it.
#[derive(Default)]
struct Plain {
    positions: HashMap<i64, [i32; 2]>,
    ways: HashMap<i64, PlainWay>,
    elements: [u64; 3],
    /// Turn restrictions by way of ways.
    by_ways: usize,
}

fn plain(path: &Path) -> Plain {
    let mut all = Plain::default();
    let texts = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    ElementReader::from_path(path)
        .unwrap()
        .for_each(|element| match element {
            Element::Node(node) => {
                all.elements[0] += 1;
                all.positions
                    .insert(node.id(), [node.decimicro_lon(), node.decimicro_lat()]);
            }
            Element::DenseNode(node) => {
                all.elements[0] += 1;
                all.positions
                    .insert(node.id(), [node.decimicro_lon(), node.decimicro_lat()]);
            }
            Element::Way(way) => {
                all.elements[1] += 1;
                let (nodes, tags) = (way.refs().collect(), way.tags().map(texts).collect());
                all.ways.insert(way.id(), PlainWay { nodes, tags });
            }
            Element::Relation(relation) => {
                all.elements[2] += 1;
                let is_turn = relation.tags().any(|tag| tag == ("type", "restriction"));
                let is_via =
                    |role: Result<&str, osmpbf::Error>, kind| role.unwrap() == "via" && kind == RelMemberType::Way;
                let by_ways = relation
                    .members()
                    .any(|member| is_via(member.role(), member.member_type));
                all.by_ways += usize::from(is_turn && by_ways);
            }
        })
        .unwrap();
    all
}

fn named(name: &str) -> Option<&'static Real> {
    REAL.iter().find(|real| real.name == name)
}

fn steps(position: LonLat) -> [i32; 2] {
    [position.lon(), position.lat()].map(|degrees| (degrees * 1e7).round() as i32)
}

fn is_road(network: &Network, stretch: StretchId) -> bool {
    !network.traits(stretch).contains(Traits::BARRIER)
}

#[test]
fn stretches_in_their_order_are_the_ways_again() {
    for Real {
        name,
        network,
        report,
        plain,
    } in &*REAL
    {
        assert_eq!([report.nodes, report.ways, report.relations], plain.elements, "{name}");
        let mut lines: BTreeMap<i64, Vec<Vec<[i32; 2]>>> = BTreeMap::new();
        for stretch in network.stretches().filter(|stretch| is_road(network, *stretch)) {
            let shape: Vec<_> = network.shape(stretch).map(steps).collect();
            lines.entry(network.way(stretch)).or_default().push(shape);
        }
        for (way, stretches) in lines {
            let mut drawn: Vec<[i32; 2]> = Vec::new();
            for stretch in stretches {
                let goes_on = drawn.last() == stretch.first();
                drawn.extend(&stretch[usize::from(goes_on)..]);
            }
            let nodes = &plain.ways[&way].nodes;
            let mut pieces: Vec<Vec<i64>> = nodes
                .split(|node| !plain.positions.contains_key(node))
                .map(<[i64]>::to_vec)
                .collect();
            pieces.iter_mut().for_each(Vec::dedup);
            pieces.retain(|piece| piece.len() > 1);
            let expected: Vec<_> = pieces.concat().iter().map(|node| plain.positions[node]).collect();
            assert_eq!(drawn, expected, "{name}, way {way}");
        }
    }
}

#[test]
fn every_highway_is_in_the_network_or_counted() {
    for Real {
        name,
        network,
        report,
        plain,
    } in &*REAL
    {
        let left_out: u64 = report.left_out.values().sum();
        assert_eq!(report.roads + left_out, plain.elements[1], "{name}");
        let mut ways: Vec<i64> = network.stretches().map(|stretch| network.way(stretch)).collect();
        ways.dedup();
        ways.sort_unstable();
        ways.dedup();
        assert_eq!(ways.len() as u64 + report.roads_lost, report.roads, "{name}");
        let turns: u64 = report.turns_left_out.values().sum();
        assert_eq!(report.turns_kept + turns, report.turns, "{name}");
    }
}

#[test]
fn one_ways_run_as_their_tags_say() {
    let mut seen = [0; 3];
    for Real {
        name, network, plain, ..
    } in &*REAL
    {
        for stretch in network.stretches().filter(|stretch| is_road(network, *stretch)) {
            let can = |arc: ArcId| network.duration_ms(arc, Mode::Car).is_some();
            let both = [can(stretch.forward()), can(stretch.backward())];
            let tags = &plain.ways[&network.way(stretch)].tags;
            let is_plain = tags.keys().all(|key| !key.contains("oneway:") && !key.contains("ward"));
            if both == [false, false] || !is_plain {
                continue;
            }
            let tag = |key: &str| tags.get(key).map(String::as_str);
            let expected = match (tag("oneway"), tag("junction"), tag("highway")) {
                (Some("yes"), ..) => ([true, false], 0),
                (Some("-1"), ..) => ([false, true], 1),
                (None, Some("roundabout"), _) | (None, _, Some("motorway")) => ([true, false], 2),
                (None | Some("no"), ..) => ([true, true], 2),
                _ => continue,
            };
            assert_eq!(both, expected.0, "{name}, way {}", network.way(stretch));
            seen[expected.1] += 1;
        }
    }
    // Without the extracts nothing is seen; that was said when they were looked for.
    assert!(REAL.is_empty() || seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn restrictions_by_way_of_ways_are_kept() {
    let Some(Real {
        network, report, plain, ..
    }) = named("reisterstown-via-restriction")
    else {
        return;
    };
    let long = network.restrictions().iter().filter(|restriction| {
        let mut ways: Vec<i64> = restriction.path.iter().map(|arc| network.way(arc.stretch())).collect();
        ways.dedup();
        ways.len() > 2
    });
    assert_eq!((report.turns, report.turns_kept), (36, 35));
    assert_eq!(long.count(), plain.by_ways);
    let mandatory = network
        .restrictions()
        .iter()
        .filter(|restriction| restriction.kind == RestrictionKind::Mandatory);
    assert_eq!((network.restrictions().len(), mandatory.count()), (35, 12));
}

#[test]
fn what_becomes_of_real_extracts_is_known() {
    for name in ["porto", "helsinki", "liechtenstein", "andorra"] {
        let Some(Real { report, .. }) = named(name) else { return };
        insta::assert_snapshot!(name, report.to_string());
    }
}

#[test]
fn a_real_extract_cut_anywhere_is_an_error_that_names_the_block() {
    let Some(folder) = real::folder() else { return };
    let bytes = std::fs::read(folder.join("roads/bristol_reversed_oneway.osm.pbf")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.osm.pbf");
    let mut named = 0;
    for length in (0..bytes.len()).step_by(37) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        match osm::read(&path, &|_| {}) {
            Err(OsmError::Block { number, offset, .. }) => {
                assert!(number > 1 && offset <= length as u64);
                named += 1;
            }
            Err(OsmError::NotPbf { .. } | OsmError::NoRoads { .. }) | Ok(_) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert!(named > bytes.len() / 37 / 2, "{named}");
}
