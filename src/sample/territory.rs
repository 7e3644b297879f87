//! The land of a sample: a province grown cell by cell, parted into counties, and these joined to prefectures.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
};

use geo_types::Coord;

use super::{
    hexes::{Cell, Lattice},
    profile::Profile,
    random::{Noise, Random},
};

/// Kilometres of a degree of latitude (of the mean sphere, radius 6 371 km).
pub(super) const KM_PER_DEGREE: f64 = 111.195;

/// Cells of a county on average: enough for a shape of its own.
const CELLS_PER_COUNTY: usize = 64;

/// Who owns which land. Counties and prefectures are numbered from 0.
pub(super) struct Territory {
    pub(super) lattice: Lattice,
    county_of: HashMap<Cell, usize>,
    /// The cells of each county, in a fixed order.
    pub(super) counties: Vec<Vec<Cell>>,
    /// The prefecture of each county.
    pub(super) prefecture_of: Vec<usize>,
}

impl Territory {
    pub(super) fn grow(profile: &Profile, seed: u64) -> Self {
        let noise = Noise::new(seed, 1);
        let mut random = Random::new(seed, 2);
        let count = profile.counties * CELLS_PER_COUNTY;
        let area = profile.area_km2 / (KM_PER_DEGREE * KM_PER_DEGREE);
        let radius = (area / (count as f64 * Lattice::cell_area(1.0))).sqrt();
        let [x, y] = profile.middle;
        let lattice = Lattice::new(Coord { x, y }, radius, Noise::new(seed, 3));

        let cost = |cell: Cell| 0.2 + noise.smooth(f64::from(cell.q) / 9.0, f64::from(cell.r) / 9.0).powi(2) * 4.0;
        let middle = Cell { q: 0, r: 0 };
        let land: BTreeSet<Cell> = spread(&[middle], count, Cell::neighbours, |_| true, cost)
            .into_keys()
            .collect();

        let cells: Vec<Cell> = land.iter().copied().collect();
        let seeds = apart(&cells, profile.counties, &mut random, |one, other| {
            let (dq, dr) = (f64::from(one.q - other.q), f64::from(one.r - other.r));
            dq * dq + dr * dr + dq * dr
        });
        let county_of: HashMap<Cell, usize> =
            spread(&seeds, usize::MAX, Cell::neighbours, |cell| land.contains(&cell), cost)
                .into_iter()
                .collect();
        let mut counties = vec![Vec::new(); profile.counties];
        for cell in &cells {
            if let Some(&county) = county_of.get(cell) {
                counties[county].push(*cell);
            }
        }
        let prefecture_of = join(&counties, &county_of, profile.prefectures.len());
        Self {
            lattice,
            county_of,
            counties,
            prefecture_of,
        }
    }

    /// The county at a position, sides of cells taken as straight.
    pub(super) fn county_at(&self, position: Coord<f64>) -> Option<usize> {
        self.county_of.get(&self.lattice.cell_of(position)).copied()
    }

    /// The cells of a prefecture.
    pub(super) fn prefecture_cells(&self, prefecture: usize) -> Vec<Cell> {
        let counties = self.counties.iter().zip(&self.prefecture_of);
        counties
            .filter(|(_, of)| **of == prefecture)
            .flat_map(|(cells, _)| cells.iter().copied())
            .collect()
    }

    /// West, south, east and north of the middles of all cells, degrees.
    pub(super) fn extent(&self) -> [f64; 4] {
        let mut extent = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for cell in self.counties.iter().flatten() {
            let Coord { x, y } = self.lattice.middle(*cell);
            extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
        }
        extent
    }
}

/// Spreads from the seeds over neighbours, cheapest first, until `most` places are owned: who owns what. What a seed
/// owns hangs together.
fn spread<P: Copy + Ord, const N: usize>(
    seeds: &[P],
    most: usize,
    neighbours: impl Fn(P) -> [P; N],
    allowed: impl Fn(P) -> bool,
    cost: impl Fn(P) -> f64,
) -> BTreeMap<P, usize> {
    // Costs are positive, so that their bits are in the order of their values.
    let mut front: BinaryHeap<Reverse<(u64, P, usize)>> = BinaryHeap::new();
    front.extend(seeds.iter().enumerate().map(|(owner, seed)| Reverse((0, *seed, owner))));
    let mut owners = BTreeMap::new();
    while let Some(Reverse((bits, place, owner))) = front.pop() {
        if owners.len() == most || owners.contains_key(&place) {
            continue;
        }
        owners.insert(place, owner);
        for next in neighbours(place) {
            if allowed(next) && !owners.contains_key(&next) {
                front.push(Reverse(((f64::from_bits(bits) + cost(next)).to_bits(), next, owner)));
            }
        }
    }
    owners
}

/// Places far from each other: of ten draws the one furthest from those chosen before (best-candidate sampling,
/// D. Mitchell 1991).
fn apart<P: Copy + PartialEq>(
    places: &[P],
    count: usize,
    random: &mut Random,
    distance: impl Fn(P, P) -> f64,
) -> Vec<P> {
    let mut chosen: Vec<P> = Vec::with_capacity(count);
    while chosen.len() < count.min(places.len()) {
        let reach = |place: &P| {
            let distances = chosen.iter().map(|other| distance(*place, *other));
            distances.fold(f64::MAX, f64::min)
        };
        let draws: Vec<P> = (0..10).filter_map(|_| random.one_of(places).copied()).collect();
        let best = draws
            .into_iter()
            .max_by(|one, other| reach(one).total_cmp(&reach(other)));
        chosen.extend(best.filter(|place| !chosen.contains(place)));
    }
    chosen
}

/// Joins neighbouring counties to prefectures: the smallest prefecture takes a free neighbour until none is left.
fn join(counties: &[Vec<Cell>], county_of: &HashMap<Cell, usize>, count: usize) -> Vec<usize> {
    let mut touching = vec![BTreeSet::new(); counties.len()];
    for (county, cells) in counties.iter().enumerate() {
        let beyond = cells.iter().flat_map(|cell| cell.neighbours());
        touching[county].extend(
            beyond
                .filter_map(|cell| county_of.get(&cell).copied())
                .filter(|other| *other != county),
        );
    }
    // Counties were chosen far from each other in turn, so that the first ones lie all over the province.
    let mut owner: Vec<Option<usize>> = (0..counties.len())
        .map(|county| (county < count).then_some(county))
        .collect();
    loop {
        let size = |prefecture: usize| owner.iter().filter(|of| **of == Some(prefecture)).count();
        let mut takes: Vec<(usize, usize, usize)> = Vec::new();
        for (county, of) in owner.iter().enumerate() {
            let Some(prefecture) = *of else { continue };
            let free = touching[county].iter().find(|other| owner[**other].is_none());
            takes.extend(free.map(|free| (size(prefecture), prefecture, *free)));
        }
        match takes.into_iter().min() {
            Some((_, prefecture, free)) => owner[free] = Some(prefecture),
            None => break,
        }
    }
    owner.into_iter().map(|of| of.unwrap_or(0)).collect()
}
