//! Settlements and shelters: many where many live, each shelter at a settlement of its prefecture.

use std::collections::HashMap;

use geo_types::Coord;

use super::{
    profile::Profile,
    random::{Noise, Random},
    territory::{KM_PER_DEGREE, Territory},
};
use crate::{
    catalog::{HazardKind, Tri},
    messages::Names,
};

/// A town or a village.
pub(super) struct Settlement {
    pub(super) position: Coord<f64>,
    pub(super) names: Names,
    pub(super) county: usize,
    pub(super) is_town: bool,
    pub(super) population: u64,
}

/// A shelter.
pub(super) struct Shelter {
    pub(super) position: Coord<f64>,
    pub(super) names: Names,
    pub(super) county: usize,
    /// Who runs it: county, township or village.
    pub(super) grade: &'static str,
    pub(super) capacity: u64,
    pub(super) status: &'static str,
    /// By hazard kind, in the order of [`HazardKind::ALL`].
    pub(super) suits: Vec<Tri>,
}

/// Towns first, in a fixed order.
pub(super) fn settlements(territory: &Territory, profile: &Profile, seed: u64) -> Vec<Settlement> {
    let mut random = Random::new(seed, 10);
    let density = Noise::new(seed, 11);
    let [west, south, east, north] = territory.extent();
    let mut settlements = Vec::with_capacity(profile.settlements);
    while settlements.len() < profile.settlements {
        let position = Coord {
            x: random.between(west, east),
            y: random.between(south, north),
        };
        // Valleys fill, mountains stay empty.
        let lives = density.smooth(position.x / 0.4, position.y / 0.4).powi(3);
        let Some(county) = territory.county_at(position).filter(|_| random.unit() < lives) else {
            continue;
        };
        let is_town = settlements.len() < profile.towns;
        let (ending, least, most) = if is_town {
            (["镇", " Town"], 3.9, 5.2)
        } else {
            (["村", " Village"], 2.3, 3.6)
        };
        settlements.push(Settlement {
            position: rounded(position),
            names: profile.name(&mut random, ending),
            county,
            is_town,
            population: 10_f64.powf(random.between(least, most)) as u64,
        });
    }
    settlements
}

/// What shelters are, from the largest: grade, ending of the name, chance, smallest and largest capacity in persons.
/// Smallest capacities are those of the programme that the profile names.
const GRADES: [(&str, [&str; 2], f64, [f64; 2]); 3] = [
    ("county", ["体育馆", " Gymnasium"], 0.015, [300.0, 1_500.0]),
    (
        "township",
        ["中心小学", " Central Primary School"],
        0.14,
        [200.0, 500.0],
    ),
    ("village", ["村委会", " Village Hall"], 1.0, [100.0, 220.0]),
];

/// Statuses and how common they are, in thousandths.
const STATUSES: [(&str, usize); 7] = [
    ("standby", 720),
    ("open", 90),
    ("unknown", 90),
    ("closed", 40),
    ("planned", 35),
    ("full", 20),
    ("unsafe", 5),
];

/// Exactly as many in each prefecture as the profile says.
pub(super) fn shelters(
    territory: &Territory,
    profile: &Profile,
    settlements: &[Settlement],
    seed: u64,
) -> Vec<Shelter> {
    let mut random = Random::new(seed, 20);
    let mut by_prefecture: HashMap<usize, Vec<&Settlement>> = HashMap::new();
    for settlement in settlements {
        let prefecture = territory.prefecture_of[settlement.county];
        by_prefecture.entry(prefecture).or_default().push(settlement);
    }
    let mut shelters = Vec::new();
    for (prefecture, wanted) in profile.prefectures.iter().enumerate() {
        // A prefecture of a small sample may be without a settlement: its shelters stand at those of others.
        let near = by_prefecture.get(&prefecture).cloned();
        let near = near.unwrap_or_else(|| settlements.iter().collect());
        shelters.extend((0..wanted.shelters).filter_map(|_| shelter(random.one_of(&near)?, territory, &mut random)));
    }
    shelters
}

fn shelter(at: &Settlement, territory: &Territory, random: &mut Random) -> Option<Shelter> {
    let draw = random.unit();
    let (grade, [zh, en], _, [least, most]) = GRADES.into_iter().find(|(_, _, chance, _)| draw < *chance)?;
    let thousandth = random.below(STATUSES.iter().map(|(_, share)| share).sum());
    let mut passed = 0;
    let (status, _) = STATUSES.into_iter().find(|(_, share)| {
        passed += share;
        thousandth < passed
    })?;
    // Within a kilometre of the settlement, and in its county where it stands near a border.
    let reach = 1.0 / KM_PER_DEGREE;
    let position = (0..8)
        .map(|_| Coord {
            x: at.position.x + random.between(-reach, reach),
            y: at.position.y + random.between(-reach, reach),
        })
        .find(|position| territory.county_at(*position) == Some(at.county))
        .unwrap_or(at.position);
    Some(Shelter {
        position: rounded(position),
        names: Names {
            zh: format!("{}{zh}避灾点（样本）", at.names.zh),
            en: format!("{}{en} Shelter (sample)", at.names.en),
        },
        county: at.county,
        grade,
        capacity: (random.between(least, most) / 10.0).round() as u64 * 10,
        status,
        suits: HazardKind::ALL.iter().map(|_| suits(random)).collect(),
    })
}

/// Yes for most, and unknown more often than no, as in real registers.
fn suits(random: &mut Random) -> Tri {
    match random.below(100) {
        0..55 => Tri::Yes,
        55..70 => Tri::No,
        _ => Tri::Unknown,
    }
}

/// To a tenth of a metre.
fn rounded(position: Coord<f64>) -> Coord<f64> {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Coord {
        x: round(position.x),
        y: round(position.y),
    }
}
