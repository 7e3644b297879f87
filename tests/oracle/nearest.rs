//! The nearest usable shelters against the rule written down plainly, and against PostGIS.

use std::{collections::BTreeSet, sync::Arc};

use geo::Intersects;
use geo_types::{Geometry, Point};
use refugia::{
    catalog::{HazardKind, Layer, Tri},
    geometry::{LonLat, geodesic},
    hazards::Hazards,
    shelters::{MAX_LISTED, Nearest, NearestQuery, Reason, Shelter, Shelters, Status},
};

use crate::{
    generate::{REGION, Random, ShelterRow, hazard_layer, position, shelter_layer, towns, zones},
    postgis,
};

/// A world of shelters in two layers and of zones of two kinds in three layers.
struct World {
    layers: Vec<Arc<Layer>>,
    shelters: Shelters,
}

fn world(random: &mut Random, count: usize, statuses: &[&'static str], suits: &[&'static str]) -> World {
    let area = [118.0, 25.0, 118.6, 25.6];
    let mut positions = towns(random, count, area);
    for _ in 0..count / 10 {
        positions.push(random.one_of(&positions));
    }
    let rows: Vec<ShelterRow> = positions
        .into_iter()
        .map(|position| ShelterRow {
            id: format!("s{}", random.bits()),
            position,
            status: random.one_of(statuses),
            suits: [random.one_of(suits), random.one_of(suits)],
        })
        .collect();
    let (first, second) = rows.split_at(rows.len() / 3);
    let mut zone_layer = |id, kind, levels: u8| {
        let shapes = zones(random, 40, area);
        let ranks: Vec<u8> = shapes.iter().map(|_| 1 + random.below(levels.into()) as u8).collect();
        hazard_layer(id, kind, levels, shapes, &ranks)
    };
    let layers = vec![
        zone_layer("flood-a", HazardKind::Flood, 4),
        zone_layer("flood-b", HazardKind::Flood, 3),
        zone_layer("slides", HazardKind::Landslide, 5),
        shelter_layer("first", first),
        shelter_layer("second", second),
    ];
    let shelters = Shelters::build(&layers, &Hazards::build(&layers));
    World { layers, shelters }
}

/// What the answer says of one shelter.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Found,
    Unverified,
    /// Layer and rank of the zone.
    InZone(String, u8),
    NotSuited,
    Status,
}

impl World {
    /// The rule, as its documentation says it: danger, unsuitability, status, unknown suitability, found.
    fn rule(&self, shelter: &Shelter, query: &NearestQuery) -> Said {
        let usable = match shelter.status() {
            Status::Open | Status::Standby | Status::Unknown => true,
            Status::Full | Status::Closed => query.include_closed,
            _ => false,
        };
        let Some(kind) = query.hazard else {
            return if usable { Said::Found } else { Said::Status };
        };
        if let Some((layer, rank)) = self.worst_zone(shelter.position(), kind) {
            return Said::InZone(layer, rank);
        }
        match shelter.suits(kind) {
            Tri::No => Said::NotSuited,
            _ if !usable => Said::Status,
            Tri::Unknown => Said::Unverified,
            Tri::Yes => Said::Found,
        }
    }

    /// The unsafe zone of the highest quarter of its scale, then of the highest share of it.
    fn worst_zone(&self, at: LonLat, kind: HazardKind) -> Option<(String, u8)> {
        let zones = self
            .layers
            .iter()
            .filter(|layer| layer.hazard_kind() == Some(kind))
            .flat_map(|layer| {
                let levels = layer.levels().len() as f64;
                layer.geometries().iter().enumerate().filter_map(move |(row, shape)| {
                    let (rank, level) = layer.level(row)?;
                    let inside = level.is_unsafe && shape.intersects(&Point::from(at));
                    let share = f64::from(rank) / levels;
                    inside.then(|| ((share * 4.0).ceil().max(3.0), share, layer.id().to_string(), rank))
                })
            });
        zones
            .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)))
            .map(|(_, _, layer, rank)| (layer, rank))
    }

    /// Every shelter with its distance and what is said of it, nearest first.
    fn scan(&self, query: &NearestQuery) -> Vec<(f64, &Shelter, Said)> {
        let mut all: Vec<_> = self
            .shelters
            .iter()
            .map(|shelter| {
                let distance = geodesic::distance(query.position, shelter.position()).0;
                (distance, shelter, self.rule(shelter, query))
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id().cmp(b.1.id())));
        all
    }

    fn check(&self, query: &NearestQuery) -> usize {
        let all = self.scan(query);
        let is_found = |entry: &&(f64, &Shelter, Said)| entry.2 == Said::Found;
        let found: Vec<_> = all.iter().filter(is_found).take(query.k).collect();
        let nearer = if found.len() < query.k {
            &all[..]
        } else {
            let last = all
                .iter()
                .position(|entry| entry.1.id() == found[query.k - 1].1.id())
                .unwrap();
            &all[..last]
        };
        let unverified: Vec<_> = nearer
            .iter()
            .filter(|entry| entry.2 == Said::Unverified)
            .take(MAX_LISTED)
            .collect();
        let refused: Vec<_> = nearer
            .iter()
            .filter(|entry| !matches!(entry.2, Said::Found | Said::Unverified))
            .collect();

        let answer = self.shelters.nearest(query);
        let ids = |entries: &[&(f64, &Shelter, Said)]| entries.iter().map(|e| e.1.id().to_owned()).collect::<Vec<_>>();
        let answered = said(&answer);
        assert_eq!(answered.found, ids(&found), "found {query:?}");
        assert_eq!(answered.unverified, ids(&unverified), "unverified {query:?}");
        let listed = &refused[..refused.len().min(MAX_LISTED)];
        let wanted: Vec<_> = listed
            .iter()
            .map(|entry| (entry.1.id().to_owned(), entry.2.clone()))
            .collect();
        assert_eq!(answered.refused, wanted, "refused {query:?}");
        assert_eq!(
            answer.refused_more,
            refused.len() - listed.len(),
            "refused_more {query:?}"
        );
        for (candidate, wanted) in answer.found.iter().zip(&found) {
            assert!((candidate.distance.0 - wanted.0).abs() <= 1e-8 * wanted.0 + 5e-8);
        }
        answer.refused_more
    }
}

struct Answered {
    found: Vec<String>,
    unverified: Vec<String>,
    refused: Vec<(String, Said)>,
}

fn said(answer: &Nearest<'_>) -> Answered {
    let id = |shelter: &Shelter| shelter.id().to_owned();
    let reason = |reason: &Reason| match reason {
        Reason::InZone(zone) => Said::InZone(zone.layer.id().to_string(), zone.rank),
        Reason::NotSuited => Said::NotSuited,
        Reason::Status => Said::Status,
        other => panic!("{other:?}"),
    };
    Answered {
        found: answer.found.iter().map(|candidate| id(candidate.shelter)).collect(),
        unverified: answer
            .unverified
            .iter()
            .map(|candidate| id(candidate.shelter))
            .collect(),
        refused: answer
            .refused
            .iter()
            .map(|r| (id(r.candidate.shelter), reason(&r.reason)))
            .collect(),
    }
}

fn some_query(random: &mut Random, shelters: &Shelters) -> NearestQuery {
    let at = shelters.iter().nth(random.below(shelters.len())).unwrap().position();
    NearestQuery {
        position: match random.below(4) {
            0 => at,
            1 => random.position(REGION),
            2 => position(at.lon() + 180.0, -at.lat()),
            _ => position(
                at.lon() + random.between(-0.1, 0.1),
                at.lat() + random.between(-0.1, 0.1),
            ),
        },
        k: random.one_of(&[1, 2, 3, 5, 20, 50]),
        hazard: random.one_of(&[
            None,
            Some(HazardKind::Flood),
            Some(HazardKind::Landslide),
            Some(HazardKind::Tsunami),
        ]),
        include_closed: random.below(2) == 0,
    }
}

#[test]
fn the_answer_agrees_with_the_rule_written_down_plainly() {
    let mut random = Random::new(6);
    let every: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    let (mut more, mut queries) = (0, 0);
    for (count, statuses, suits) in [
        (5, &every[..], &["yes", "no", "unknown", ""][..]),
        (60, &every[..], &["yes", "no", "unknown"][..]),
        (600, &every[..], &["yes", "no", "unknown", ""][..]),
        (600, &["closed", "unsafe"][..], &["no", "unknown", "yes"][..]),
        (600, &["open"][..], &["no", "no", "no", "no", "yes", "unknown"][..]),
    ] {
        for _ in 0..4 {
            let world = world(&mut random, count, statuses, suits);
            for _ in 0..40 {
                let query = some_query(&mut random, &world.shelters);
                more += usize::from(world.check(&query) > 0);
                queries += 1;
            }
        }
    }
    assert!(more > queries / 10, "too few long lists to tell: {more} of {queries}");
}

#[test]
fn ids_are_plain_where_they_are_unique_and_long_where_they_are_not() {
    let row = |id: &str, lon: f64| ShelterRow {
        id: id.to_owned(),
        position: position(lon, 25.0),
        status: "open",
        suits: ["", ""],
    };
    let layers = [
        shelter_layer("a", &[row("1", 118.0), row("2", 118.1), row("b:3", 118.2)]),
        shelter_layer("b", &[row("2", 118.3), row("3", 118.4)]),
    ];
    let shelters = Shelters::build(&layers, &Hazards::build(&layers));
    let ids: BTreeSet<&str> = shelters.iter().map(Shelter::id).collect();
    // `b:3` of layer a reads like the long id of layer b's 3, and is lengthened to be told from it.
    assert_eq!(ids, BTreeSet::from(["1", "a:2", "b:2", "3", "a:b:3"]));
    let lon = |id: &str| shelters.get(id).map(|shelter| shelter.position().lon());
    assert_eq!([lon("1"), lon("a:1")], [Some(118.0); 2]);
    assert_eq!([lon("2"), lon("b:2"), lon("a:2")], [None, Some(118.3), Some(118.1)]);
    assert_eq!(
        [lon("b:3"), lon("3"), lon("a:b:3")],
        [Some(118.4), Some(118.4), Some(118.2)]
    );
    assert_eq!(lon("c:1"), None);
}

#[test]
fn distances_and_order_agree_with_postgis_geography() {
    let Some(server) = postgis::server() else { return };
    let mut random = Random::new(7);
    let mut places = towns(&mut random, 3_000, REGION);
    places.extend((0..1_000).map(|_| random.on_globe()));
    places.extend((0..200).map(|_| position(180.0 + random.between(-0.5, 0.5), random.between(-60.0, 60.0))));
    places.extend((0..100).map(|_| position(random.between(-180.0, 180.0), 90.0 - random.between(0.0, 0.5))));
    let rows: Vec<ShelterRow> = places
        .iter()
        .enumerate()
        .map(|(row, &position)| ShelterRow {
            id: row.to_string(),
            position,
            status: "open",
            suits: ["", ""],
        })
        .collect();
    let layers = [shelter_layer("all", &rows)];
    let shelters = Shelters::build(&layers, &Hazards::default());

    let mut client = server.client();
    let shapes: Vec<Geometry<f64>> = places.iter().map(|&place| Geometry::Point(place.into())).collect();
    postgis::load(&mut client, "places", &shapes);
    client
        .batch_execute(
            "ALTER TABLE places ADD geog geography; UPDATE places SET geog = shape::geography; ANALYZE places",
        )
        .unwrap();
    // `geography <->` orders by distances on a sphere: only ST_Distance is on the ellipsoid, so every distance is asked.
    let query = "SELECT row, ST_Distance(geog, q.at) FROM places, \
                 (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography AS at) AS q ORDER BY 2, 1 LIMIT 5";
    let statement = client.prepare(query).unwrap();
    for round in 0..300 {
        let near = random.one_of(&places);
        let from = match round % 4 {
            0 => random.on_globe(),
            1 => position(180.0 + random.between(-1.0, 1.0), random.between(-60.0, 60.0)),
            2 => position(random.between(-180.0, 180.0), 90.0 - random.between(0.0, 1.0)),
            _ => position(
                near.lon() + random.between(-0.05, 0.05),
                near.lat() + random.between(-0.05, 0.05),
            ),
        };
        let ask = NearestQuery {
            position: from,
            k: 5,
            hazard: None,
            include_closed: false,
        };
        let found = shelters.nearest(&ask).found;
        let wanted = client.query(&statement, &[&from.lon(), &from.lat()]).unwrap();
        assert_eq!(wanted.len(), 5);
        for (found, wanted) in found.iter().zip(&wanted) {
            let (row, metres): (i32, f64) = (wanted.get(0), wanted.get(1));
            assert_eq!(found.shelter.id(), row.to_string(), "from {from}");
            assert!(
                (found.distance.0 - metres).abs() <= 1e-6 * metres,
                "from {from}: {} {metres}",
                found.distance
            );
        }
    }
}
