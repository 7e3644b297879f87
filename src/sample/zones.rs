//! Hazard zones: cells of a fine lattice graded by smooth noise, neighbours of one grade joined until there are as many
//! zones as asked for. Zones of one layer share their borders position by position and nothing lies between them.

use std::collections::HashMap;

use geo_types::{Coord, MultiPolygon};

use super::{
    hexes::{Cell, Lattice},
    outline,
    profile::Profile,
    random::{Noise, Random},
    territory::{KM_PER_DEGREE, Territory},
};
use crate::catalog::HazardKind;

/// A hazard zone.
pub(super) struct Zone {
    pub(super) outline: MultiPolygon<f64>,
    /// 1 (highest) to 4, as Chinese risk grades count.
    pub(super) grade: u8,
    /// The county of its first cell.
    pub(super) county: usize,
}

/// Shares of the graded land up to each grade, from the lowest.
const GRADES: [(f64, u8); 4] = [(0.45, 4), (0.75, 3), (0.92, 2), (1.0, 1)];
/// The share of the land that has no hazard of a kind.
const SAFE: f64 = 0.25;
/// Cells for each zone, so that there is something to join.
const CELLS_PER_ZONE: f64 = 1.5;

/// Exactly `count` zones of a kind.
pub(super) fn zones(territory: &Territory, profile: &Profile, kind: HazardKind, count: usize, seed: u64) -> Vec<Zone> {
    let purpose = 100 + kind as u64;
    let share = if kind == HazardKind::StormSurge { COAST } else { 1.0 };
    let area = profile.area_km2 / (KM_PER_DEGREE * KM_PER_DEGREE) * share * (1.0 - SAFE);
    let mut radius = (area / (count as f64 * CELLS_PER_ZONE * Lattice::cell_area(1.0))).sqrt();
    let [x, y] = profile.middle;
    loop {
        let lattice = Lattice::new(Coord { x, y }, radius, Noise::new(seed, purpose));
        let graded = grade(territory, &lattice, kind, Noise::new(seed, purpose + 50));
        if graded.len() >= count {
            return join(&lattice, &graded, count, &mut Random::new(seed, purpose));
        }
        radius *= 0.95;
    }
}

/// The share of the province, from the east, that storm surges reach.
const COAST: f64 = 0.3;

/// Grade and county of every cell with a hazard.
fn grade(territory: &Territory, lattice: &Lattice, kind: HazardKind, noise: Noise) -> Vec<(Cell, u8, usize)> {
    let [west, south, east, north] = territory.extent();
    let corner = |x, y| lattice.cell_of(Coord { x, y });
    // Rows run from north to south; columns shift by half a cell from row to row.
    let (top, bottom) = (corner(west, north).r - 1, corner(west, south).r + 1);
    let west = if kind == HazardKind::StormSurge {
        east - (east - west) * COAST
    } else {
        west
    };
    let mut found: Vec<(f64, Cell, usize)> = Vec::new();
    for r in top..=bottom {
        let y = lattice.middle(Cell { q: 0, r }).y;
        let (first, last) = (corner(west, y).q - 1, corner(east, y).q + 1);
        for q in first..=last {
            let cell = Cell { q, r };
            let middle = lattice.middle(cell);
            if let Some(county) = territory.county_at(middle).filter(|_| middle.x >= west) {
                found.push((noise.smooth(middle.x / 0.12, middle.y / 0.12), cell, county));
            }
        }
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let safe = (found.len() as f64 * SAFE) as usize;
    let hazardous = &found[safe..];
    let grade_of = |place: usize| {
        let share = (place as f64 + 0.5) / hazardous.len() as f64;
        GRADES
            .iter()
            .find(|(up_to, _)| share <= *up_to)
            .map_or(1, |(_, grade)| *grade)
    };
    let graded = hazardous.iter().enumerate();
    graded
        .map(|(place, (_, cell, county))| (*cell, grade_of(place), *county))
        .collect()
}

/// Joins neighbours of one grade in a random order until `count` zones are left.
fn join(lattice: &Lattice, graded: &[(Cell, u8, usize)], count: usize, random: &mut Random) -> Vec<Zone> {
    let index: HashMap<Cell, usize> = graded
        .iter()
        .enumerate()
        .map(|(index, (cell, ..))| (*cell, index))
        .collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (one, (cell, grade, _)) in graded.iter().enumerate() {
        let others = cell
            .neighbours()
            .into_iter()
            .filter_map(|other| index.get(&other).copied());
        pairs.extend(
            others
                .filter(|other| *other > one && graded[*other].1 == *grade)
                .map(|other| (one, other)),
        );
    }
    let mut parents: Vec<usize> = (0..graded.len()).collect();
    let mut left = graded.len();
    while left > count && !pairs.is_empty() {
        let (one, other) = pairs.swap_remove(random.below(pairs.len()));
        let (one, other) = (root(&mut parents, one), root(&mut parents, other));
        if one != other {
            parents[other.max(one)] = other.min(one);
            left -= 1;
        }
    }
    let mut groups: Vec<Vec<Cell>> = vec![Vec::new(); graded.len()];
    for (member, (cell, ..)) in graded.iter().enumerate() {
        groups[root(&mut parents, member)].push(*cell);
    }
    let groups = groups.into_iter().zip(graded).filter(|(cells, _)| !cells.is_empty());
    groups
        .map(|(cells, (_, grade, county))| Zone {
            outline: outline::around(lattice, &cells),
            grade: *grade,
            county: *county,
        })
        .collect()
}

/// The group a member belongs to, with the way there halved (R. Tarjan, J. van Leeuwen 1984).
fn root(parents: &mut [usize], mut member: usize) -> usize {
    while parents[member] != member {
        parents[member] = parents[parents[member]];
        member = parents[member];
    }
    member
}
