//! The detector measured: seeded sets of features of the demonstration pack, as they are and with every mistake planted,
//! with the noise of real files. `REFUGIA_SHIFT_SETS` multiplies the number of sets; the numbers of a run are printed.

mod stock;

use std::{fmt::Write as _, path::Path, sync::Mutex, thread};

use self::stock::{Kind, Planted, Random, Stock, bare, displace, judged, run};
use super::{
    hypothesis::Hypothesis,
    report::{ShiftReport, ShiftVerdict},
    sample::{self, Feature, Sample},
};
use crate::{
    catalog::{Field, FieldKind, LayerManifest, RawValue, Region, Role, Shape, fgb},
    geometry::{Datum, LonLat},
    import::Severity,
};

/// What came of the sets of one kind and mistake.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    sets: u32,
    /// The right mistake is named.
    right: u32,
    /// There is an alarm, and it names another one, or one of several.
    caught: u32,
    /// For sets as they are: an alarm.
    alarms: u32,
    undecided: u32,
}

impl Tally {
    fn add(&mut self, report: &ShiftReport, wanted: Hypothesis) {
        self.sets += 1;
        let is_alarm = report.severity > Severity::Note;
        let names_it = report.hypothesis == Some(wanted) && report.or.is_empty();
        match report.verdict {
            ShiftVerdict::Undecided => self.undecided += 1,
            ShiftVerdict::Agrees => self.right += u32::from(wanted == Hypothesis::AsDeclared),
            _ if wanted == Hypothesis::AsDeclared => self.alarms += 1,
            ShiftVerdict::Shifted if names_it && report.severity == Severity::Stop => self.right += 1,
            _ => self.caught += u32::from(is_alarm),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            sets: self.sets + other.sets,
            right: self.right + other.right,
            caught: self.caught + other.caught,
            alarms: self.alarms + other.alarms,
            undecided: self.undecided + other.undecided,
        }
    }
}

type Row = (Kind, &'static str, Tally);

fn measure(stock: &Stock<'_>, kind: Kind, times: usize) -> Vec<Row> {
    let mut random = Random(kind as u64 + 1);
    let mut rows = vec![(kind, "as it is", Tally::default())];
    for number in 0..40 * times {
        let planted = Planted::AS_IS[number % 3];
        let report = run(stock, kind, planted, &mut random);
        if report.severity > Severity::Note {
            println!("false alarm, {kind:?} {number}: {:?}", report.finding());
        }
        rows[0].2.add(&report, planted.wanted);
    }
    for (name, planted) in Planted::MISTAKES {
        let mut tally = Tally::default();
        for _ in 0..8 * times {
            let report = run(stock, kind, planted, &mut random);
            if kind.is_decidable() && report.hypothesis != Some(planted.wanted) {
                println!("missed, {kind:?} {name}: {report:?}");
            }
            tally.add(&report, planted.wanted);
        }
        rows.push((kind, name, tally));
    }
    rows
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<16} {:<12} {:>5} {:>6} {:>6} {:>6} {:>9}\n",
        "kind", "planted", "sets", "right", "other", "alarms", "undecided"
    );
    for (kind, name, tally) in rows {
        let kind = format!("{kind:?}");
        let Tally {
            sets,
            right,
            caught,
            alarms,
            undecided,
        } = tally;
        writeln!(
            text,
            "{kind:<16} {name:<12} {sets:>5} {right:>6} {caught:>6} {alarms:>6} {undecided:>9}"
        )
        .unwrap();
    }
    text
}

fn fujian() -> Region {
    Region::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fujian")).unwrap()
}

#[test]
fn planted_shifts_are_caught_and_named_and_true_positions_raise_no_alarm() {
    let times = std::env::var("REFUGIA_SHIFT_SETS").map_or(1, |times| times.parse().unwrap());
    let region = fujian();
    let stock = Stock::new(&region);
    let (kinds, rows) = (Mutex::new(Kind::ALL.to_vec()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let kind = kinds.lock().unwrap().pop();
                    let Some(kind) = kind else { break };
                    let measured = measure(&stock, kind, times);
                    rows.lock().unwrap().extend(measured);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|(kind, ..)| *kind);
    println!("{}", table(&rows));
    let total = |wanted: &dyn Fn(&Row) -> bool| {
        let rows = rows.iter().filter(|row| wanted(row));
        rows.fold(Tally::default(), |sum, row| sum.plus(row.2))
    };
    let true_sets = total(&|(_, name, _)| *name == "as it is");
    assert!(100 * true_sets.alarms <= true_sets.sets, "{true_sets:?}");
    let planted = total(&|(kind, name, _)| kind.is_decidable() && *name != "as it is");
    assert!(100 * planted.right >= 99 * planted.sets, "{planted:?}");
    let silent = total(&|(kind, ..)| *kind == Kind::UnnamedInland);
    assert_eq!(silent.undecided, silent.sets, "nothing is known of them");
}

#[test]
fn what_is_no_plain_shift_is_told_as_what_it_is() {
    let region = fujian();
    let stock = Stock::new(&region);
    let gcj = Planted::MISTAKES[0].1;
    let code = |report: &ShiftReport| report.finding().map(|finding| (finding.severity, finding.code));

    // A register put together from two sources.
    let shelters = stock.features["shelters"].clone();
    let mut mixed = shelters.clone();
    for feature in mixed.iter_mut().step_by(3) {
        displace(feature, |truth| gcj.stored(truth));
    }
    let earlier = Some(("shelters", shelters.as_slice()));
    let report = judged(&stock, Role::Shelter, mixed, earlier, Datum::Wgs84);
    assert_eq!(code(&report), Some((Severity::Stop, "shift_mixed")), "{report:?}");
    assert_eq!(report.hypothesis, Some(Hypothesis::Gcj02));

    // An old national datum, say.
    let mut offset = stock.features["townships"].clone();
    for feature in &mut offset {
        displace(feature, |truth| Random::moved(truth, -300.0, 250.0));
    }
    let report = judged(&stock, Role::Settlement, offset, None, Datum::Wgs84);
    assert_eq!(
        code(&report),
        Some((Severity::Warning, "offset_suspected")),
        "{report:?}"
    );
    let (east, south) = (report.median_east_m.unwrap(), report.median_south_m.unwrap());
    assert!(
        (east + 300.0).abs() < 3.0 && (south + 250.0).abs() < 3.0,
        "{east} {south}"
    );

    // The new version is right, and the one in the pack was shifted: its rivers and shores know.
    let counties = stock.features["counties"].clone();
    let mut shifted = counties.clone();
    for feature in &mut shifted {
        displace(feature, |truth| gcj.stored(truth));
    }
    let earlier = Some(("amap", shifted.as_slice()));
    let report = judged(&stock, Role::AdminArea, counties, earlier, Datum::Wgs84);
    assert_eq!(
        code(&report),
        Some((Severity::Warning, "shift_contradicted")),
        "{report:?}"
    );
}

#[test]
fn outside_china_only_an_offset_is_looked_for() {
    let region = fujian();
    let stock = Stock::new(&region);
    let mut random = Random(3);
    let place = |random: &mut Random| LonLat::new(random.between(139.0, 140.0), random.between(35.0, 36.0)).unwrap();
    let named = |number: usize, place| Feature {
        id: Some(format!("JP{number}").into()),
        ..bare(place, None)
    };
    let known: Vec<Feature> = (0..40).map(|number| named(number, place(&mut random))).collect();
    let mut features = known.clone();
    let earlier = Some(("sites", known.as_slice()));
    let report = judged(&stock, Role::Shelter, features.clone(), earlier, Datum::Wgs84);
    assert_eq!(
        (report.verdict, report.evidence[0].fits.len()),
        (ShiftVerdict::Agrees, 1)
    );
    // The Tokyo datum taken for WGS 84.
    for feature in &mut features {
        displace(feature, |truth| Random::moved(truth, 290.0, -355.0));
    }
    let report = judged(&stock, Role::Shelter, features, earlier, Datum::Wgs84);
    assert_eq!(report.verdict, ShiftVerdict::Offset);
    insta::assert_snapshot!(report.finding().unwrap().message, @"most of these positions are displaced alike (median offset 290 m east, 355 m south), which no known datum explains: 40 features are also in sites: 0 within 150 m of there as WGS 84. Ask where the coordinates come from, and look at the layer on the map");
}

#[test]
fn a_sample_is_bounded_and_the_same_in_every_run() {
    let field = Field {
        name: "name".to_owned(),
        kind: FieldKind::Text,
    };
    let mut writer = fgb::Writer::new("l", vec![field], Shape::Point).unwrap();
    for number in 0..11_000 {
        let point = geo_types::Point::new(119.0 + f64::from(number) * 1e-4, 26.0);
        writer
            .push(&point.into(), [Some(RawValue::Text(number.to_string().into()))])
            .unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("l.fgb");
    writer.finish(std::fs::File::create(&path).unwrap()).unwrap();
    let manifest: LayerManifest = toml::from_str(
        "id = \"l\"\nrole = \"shelter\"\nnames = { zh = \"l\", en = \"l\" }\nfile = \"l.fgb\"\nsource = \"s\"\n\
         licence = \"l\"\nvintage = \"2026\"\nsynthetic = true\n[attributes]\nname = \"name\"",
    )
    .unwrap();
    let lons = || {
        let sample = Sample::of(&manifest, &path).unwrap();
        sample
            .features
            .iter()
            .map(|feature| feature.place.lon())
            .collect::<Vec<f64>>()
    };
    let first = lons();
    assert_eq!(first.len(), sample::MOST_FEATURES);
    assert_eq!(first, lons());
    let west = first.iter().filter(|lon| **lon < 119.55).count();
    assert!((2_300..2_700).contains(&west), "from all of the file: {west}");
}
