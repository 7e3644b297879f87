//! Seeded sets of features of the demonstration pack, with the noise of real files and the mistakes that are made.

use std::collections::BTreeMap;

use geo_types::Rect;

use crate::{
    catalog::{Attribute, Id, Layer, Region, Role, Shape},
    geometry::{Datum, LonLat},
    import::shift::{
        areas::Grounds,
        detect::{References, judge},
        hypothesis::Hypothesis,
        lines::LinesBuilder,
        pairs::Matcher,
        report::ShiftReport,
        sample::{self, Feature, Sample},
    },
    messages::Lang,
};

/// `SplitMix64` (G. L. Steele and others, 2014).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        (self.bits() % below as u64) as usize
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.between(0.0, 1.0) < share
    }

    /// Normal with a standard deviation of 1 (twelve uniform numbers).
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.between(-0.5, 0.5)).sum()
    }

    /// Moves a position by metres.
    pub(super) fn moved(from: LonLat, east_m: f64, north_m: f64) -> LonLat {
        let lat = from.lat() + north_m / 110_900.0;
        LonLat::new(from.lon() + east_m / (111_320.0 * from.lat().to_radians().cos()), lat).unwrap()
    }

    pub(super) fn jittered(&mut self, from: LonLat, scale_m: f64) -> LonLat {
        let (east, north) = (scale_m * self.normal(), scale_m * self.normal());
        Self::moved(from, east, north)
    }

    /// `count` of these, in mixed order.
    pub(super) fn some<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut all = from.to_vec();
        for index in (1..all.len()).rev() {
            all.swap(index, self.below(index + 1));
        }
        all.truncate(count);
        all
    }
}

/// What a set is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Places,
    Townships,
    ParksAndTowns,
    SheltersAgain,
    NamedCounties,
    CountyOutlines,
    Rivers,
    Coast,
    StatedCoast,
    StatedTowns,
    StatedCoastTowns,
    StatedInland,
    UnnamedInland,
}

impl Kind {
    pub(super) const ALL: [Self; 13] = [
        Self::Places,
        Self::Townships,
        Self::ParksAndTowns,
        Self::SheltersAgain,
        Self::NamedCounties,
        Self::CountyOutlines,
        Self::Rivers,
        Self::Coast,
        Self::StatedCoast,
        Self::StatedTowns,
        Self::StatedCoastTowns,
        Self::StatedInland,
        Self::UnnamedInland,
    ];

    /// Whether the evidence suffices for every mistake.
    pub(super) fn is_decidable(self) -> bool {
        self < Self::StatedCoast
    }

    pub(super) fn role(self) -> Role {
        match self {
            Self::Places | Self::Townships => Role::Settlement,
            Self::ParksAndTowns => Role::Facility,
            Self::NamedCounties => Role::AdminArea,
            Self::CountyOutlines | Self::Rivers | Self::Coast => Role::Reference,
            _ => Role::Shelter,
        }
    }
}

/// What was done to a set: what the file was declared to be, what it was, and what should be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planted {
    pub(super) declared: Datum,
    truth: Datum,
    /// Converted once too often before it was written.
    undone: Option<Datum>,
    pub(super) wanted: Hypothesis,
}

impl Planted {
    pub(super) const fn new(declared: Datum, truth: Datum, wanted: Hypothesis) -> Self {
        Self {
            declared,
            truth,
            undone: None,
            wanted,
        }
    }

    pub(super) const AS_IS: [Self; 3] = [
        Self::new(Datum::Wgs84, Datum::Wgs84, Hypothesis::AsDeclared),
        Self::new(Datum::Gcj02, Datum::Gcj02, Hypothesis::AsDeclared),
        Self::new(Datum::Bd09, Datum::Bd09, Hypothesis::AsDeclared),
    ];

    pub(super) const MISTAKES: [(&'static str, Self); 8] = [
        ("GCJ as WGS", Self::new(Datum::Wgs84, Datum::Gcj02, Hypothesis::Gcj02)),
        ("BD as WGS", Self::new(Datum::Wgs84, Datum::Bd09, Hypothesis::Bd09)),
        ("WGS as GCJ", Self::new(Datum::Gcj02, Datum::Wgs84, Hypothesis::Wgs84)),
        ("WGS as BD", Self::new(Datum::Bd09, Datum::Wgs84, Hypothesis::Wgs84)),
        ("BD as GCJ", Self::new(Datum::Gcj02, Datum::Bd09, Hypothesis::Bd09)),
        ("GCJ as BD", Self::new(Datum::Bd09, Datum::Gcj02, Hypothesis::Gcj02)),
        (
            "un-GCJ",
            Self {
                undone: Some(Datum::Gcj02),
                ..Self::new(Datum::Wgs84, Datum::Wgs84, Hypothesis::UnshiftedGcj02)
            },
        ),
        (
            "un-BD",
            Self {
                undone: Some(Datum::Bd09),
                ..Self::new(Datum::Wgs84, Datum::Wgs84, Hypothesis::UnshiftedBd09)
            },
        ),
    ];

    /// Where the import puts what is truly here.
    pub(super) fn stored(self, truth: LonLat) -> LonLat {
        let written = self.undone.map_or(truth, |frame| frame.to_wgs84(truth));
        self.declared.to_wgs84(self.truth.from_wgs84(written))
    }
}

/// The pack, and features of it as an import would read them.
pub(super) struct Stock<'r> {
    region: &'r Region,
    references: References<'r>,
    grounds: Grounds<'r>,
    pub(super) features: BTreeMap<&'static str, Vec<Feature>>,
    /// Positions within 400 m of the shore, on land, with the code of the nearest township's county.
    shore: Vec<Feature>,
}

pub(super) const PACK_LAYERS: [&str; 7] = [
    "places",
    "townships",
    "chemical_parks",
    "shelters",
    "counties",
    "rivers",
    "coastline",
];

pub(super) fn nobody() -> Id {
    "imported".parse().unwrap()
}

pub(super) fn layer<'r>(region: &'r Region, id: &str) -> &'r Layer {
    region.layers.iter().find(|layer| layer.id().as_str() == id).unwrap()
}

impl<'r> Stock<'r> {
    pub(super) fn new(region: &'r Region) -> Self {
        let window = Rect::new((113.0, 21.0), (124.0, 31.0));
        let features = PACK_LAYERS.map(|id| (id, features_of(layer(region, id))));
        let mut stock = Self {
            region,
            references: References::new(region, &nobody(), LinesBuilder::new(window), window),
            grounds: Grounds::new(region, &nobody(), window),
            features: BTreeMap::from(features),
            shore: Vec::new(),
        };
        stock.shore = stock.along_the_shore();
        stock
    }

    pub(super) fn along_the_shore(&self) -> Vec<Feature> {
        let mut random = Random(5);
        let towns = &self.features["townships"];
        let bbox = layer(self.region, "counties").bbox().unwrap();
        let vertices = self.features["coastline"].iter().flat_map(|piece| &piece.vertices);
        let mut shore = Vec::new();
        for &vertex in vertices.filter(|vertex| bbox.contains(**vertex)) {
            let place = random.jittered(vertex, 250.0);
            let squared = |town: &Feature| (town.place.lon() - place.lon()).hypot(town.place.lat() - place.lat());
            let nearest = towns.iter().min_by(|a, b| squared(a).total_cmp(&squared(b))).unwrap();
            if self.grounds.on_land(place) && squared(nearest) < 0.1 {
                shore.push(bare(place, nearest.code.clone()));
            }
        }
        shore
    }

    /// The true features of a set.
    pub(super) fn draw(&self, kind: Kind, random: &mut Random) -> Vec<Feature> {
        let all = |id: &str| &self.features[id];
        let mut some = |from: &[Feature], most: usize| {
            let count = 30 + random.below(most.min(from.len()) - 29);
            random.some(from, count)
        };
        let nameless = |mut features: Vec<Feature>| {
            for feature in &mut features {
                (feature.id, feature.name, feature.code) = (None, None, None);
            }
            features
        };
        match kind {
            Kind::Places => {
                let named: Vec<Feature> = all("places")
                    .iter()
                    .filter(|place| place.name.is_some())
                    .cloned()
                    .collect();
                some(&named, 150)
            }
            Kind::Townships => some(all("townships"), 500),
            Kind::ParksAndTowns => {
                let mut features = some(all("townships"), 150);
                features.extend(all("chemical_parks").iter().cloned());
                features
            }
            Kind::SheltersAgain => some(all("shelters"), 200),
            Kind::NamedCounties => some(all("counties"), 84),
            Kind::CountyOutlines => nameless(some(all("counties"), 84)),
            Kind::Rivers => nameless(some(all("rivers"), 83)),
            Kind::Coast => nameless(some(all("coastline"), 500)),
            Kind::StatedCoast => some(&self.shore, 500),
            Kind::StatedTowns | Kind::StatedCoastTowns => {
                let towns = all("townships").iter();
                let fits = |town: &&Feature| kind == Kind::StatedTowns || self.is_near_the_sea(town.place);
                some(
                    &towns
                        .filter(fits)
                        .map(|town| bare(town.place, town.code.clone()))
                        .collect::<Vec<_>>(),
                    500,
                )
            }
            Kind::StatedInland | Kind::UnnamedInland => {
                let count = 30 + random.below(471);
                (0..count).map(|_| self.inland(kind, random)).collect()
            }
        }
    }

    /// Whether there is sea 2 km away.
    fn is_near_the_sea(&self, place: LonLat) -> bool {
        let ways = [(2_000.0, 0.0), (-2_000.0, 0.0), (0.0, 2_000.0), (0.0, -2_000.0)];
        ways.iter()
            .any(|(east, north)| !self.grounds.on_land(Random::moved(place, *east, *north)))
    }

    /// A place within 5 km of a township away from the shore.
    pub(super) fn inland(&self, kind: Kind, random: &mut Random) -> Feature {
        let towns = &self.features["townships"];
        loop {
            let town = &towns[random.below(towns.len())];
            let place = random.jittered(town.place, 2_500.0);
            let stated = (kind == Kind::StatedInland).then(|| town.code.clone()).flatten();
            if town.place.lon() < 117.6 {
                return bare(place, stated);
            }
        }
    }
}

pub(super) fn bare(place: LonLat, code: Option<Box<str>>) -> Feature {
    Feature {
        id: None,
        name: None,
        code,
        address: None,
        shape: Shape::Point,
        place,
        vertices: Vec::new(),
    }
}

pub(super) fn features_of(layer: &Layer) -> Vec<Feature> {
    let feature = |row: usize| {
        let geometry = &layer.geometries()[row];
        let shape = sample::shape_of(geometry);
        Feature {
            id: Some(layer.feature_id(row).as_ref().into()),
            name: layer.name(row, Lang::Zh).map(|name| name.as_ref().into()),
            code: layer.text(row, Attribute::AdminCode).map(|code| code.as_ref().into()),
            address: None,
            shape,
            place: sample::place_of(geometry).unwrap(),
            vertices: if shape == Shape::Point {
                Vec::new()
            } else {
                sample::thinned(geometry)
            },
        }
    };
    (0..layer.len()).map(feature).collect()
}

/// What surveying and typing do: 5 to 50 m everywhere, kilometres for one in twenty, another name for one in ten; of
/// outlines half the positions are left out.
pub(super) fn dirty(features: &mut [Feature], random: &mut Random) {
    let scale_m = random.between(5.0, 50.0);
    for (number, feature) in features.iter_mut().enumerate() {
        let gross = if random.chance(0.05) {
            random.between(1_000.0, 8_000.0)
        } else {
            0.0
        };
        let (east, north) = (gross * random.normal(), gross * random.normal());
        feature.place = random.jittered(Random::moved(feature.place, east, north), scale_m);
        feature.vertices.retain(|_| random.chance(0.5));
        for vertex in &mut feature.vertices {
            *vertex = random.jittered(Random::moved(*vertex, east, north), scale_m);
        }
        if random.chance(0.1) {
            feature.id = Some(format!("new-{number}").into());
            feature.name = Some(format!("新名{number}").into());
        }
    }
}

pub(super) fn displace(feature: &mut Feature, by: impl Fn(LonLat) -> LonLat) {
    feature.place = by(feature.place);
    for vertex in &mut feature.vertices {
        *vertex = by(*vertex);
    }
}

/// Draws a set, makes it dirty, plants a mistake and judges what is left.
pub(super) fn run(stock: &Stock<'_>, kind: Kind, planted: Planted, random: &mut Random) -> ShiftReport {
    let mut features = stock.draw(kind, random);
    dirty(&mut features, random);
    for feature in &mut features {
        displace(feature, |truth| planted.stored(truth));
    }
    let earlier = (kind == Kind::SheltersAgain).then(|| ("shelters", stock.features["shelters"].as_slice()));
    judged(stock, kind.role(), features, earlier, planted.declared)
}

/// Judges features against the pack and, where given, the earlier version of their layer.
pub(super) fn judged(
    stock: &Stock<'_>,
    role: Role,
    features: Vec<Feature>,
    earlier: Option<(&str, &[Feature])>,
    declared: Datum,
) -> ShiftReport {
    let sample = Sample::new(role, features);
    let mut matcher = Matcher::new(&sample);
    let mut skip = nobody();
    if let Some((layer, known)) = earlier {
        skip = layer.parse().unwrap();
        for feature in known {
            matcher.offer_earlier(feature);
        }
        matcher.end_layer(&skip);
    }
    matcher.search(stock.region, &skip);
    judge(&sample, &matcher, &stock.references, declared)
}
