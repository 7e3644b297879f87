//! The import's question in which coordinate system a file is, as a problem with its answers.

use std::collections::BTreeMap;

use super::super::error::{Choice, Code, Problem};
use crate::{
    geometry::crs::Candidate,
    import::{CrsDoubt, CrsQuestion},
    messages::{self, Names},
};

/// What numbers that look like degrees may be of.
const DATUMS: [&str; 4] = ["wgs84", "cgcs2000", "gcj02", "bd09"];

/// The question as a problem.
pub(super) fn of_crs(question: &CrsQuestion) -> Problem {
    let (sentence, system) = match &question.doubt {
        CrsDoubt::NoDegrees { system, .. } => ("detail", system),
        CrsDoubt::NoPosition { system, .. } => ("no_position", system),
        CrsDoubt::OnlyDegrees { system, .. } => ("only_degrees", system),
        CrsDoubt::Swapped { system } => ("swapped", system),
    };
    let choices = choices(question);
    let next = if choices.is_empty() { "ask" } else { "choose" };
    let next = messages::names(&format!("problem.import_crs.{next}")).cloned();
    let problem = Problem::new(Code::ImportCrs)
        .saying(sentence)
        .with("system", system)
        .with("x_min", question.x[0])
        .with("x_max", question.x[1])
        .with("y_min", question.y[0])
        .with("y_max", question.y[1])
        .offering(choices);
    match next {
        Some(next) => problem.with_names("next", next),
        None => problem.with("next", ""),
    }
}

fn choices(question: &CrsQuestion) -> Vec<Choice> {
    match &question.doubt {
        CrsDoubt::NoDegrees { .. } | CrsDoubt::NoPosition { .. } => {
            let offered = question.candidates.iter();
            offered
                .filter_map(|candidate| of_candidate(candidate, question))
                .collect()
        }
        CrsDoubt::OnlyDegrees { .. } => DATUMS.iter().map(|datum| of_datum(datum)).collect(),
        CrsDoubt::Swapped { .. } => swapped(question)
            .map(|map| Choice {
                names: messages::names("choice.swapped").cloned(),
                map,
                ..Choice::default()
            })
            .into_iter()
            .collect(),
    }
}

/// A system that the numbers may be of; `None` where it would need geometries turned round, which no option does.
fn of_candidate(candidate: &Candidate, question: &CrsQuestion) -> Option<Choice> {
    let map = if candidate.is_swapped {
        swapped(question)?
    } else {
        BTreeMap::new()
    };
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    Some(Choice {
        names: Some(Names {
            zh: candidate.title.clone(),
            en: candidate.title.clone(),
        }),
        position: Some([round(candidate.position.lon()), round(candidate.position.lat())]),
        datum: Some(candidate.word.clone()),
        map,
        ..Choice::default()
    })
}

fn of_datum(datum: &str) -> Choice {
    Choice {
        names: messages::names(&format!("datum.{datum}")).cloned(),
        datum: Some(datum.to_owned()),
        ..Choice::default()
    }
}

/// The columns of the position, the other way round.
fn swapped(question: &CrsQuestion) -> Option<BTreeMap<String, String>> {
    let [x, y] = question.columns.clone()?;
    Some(BTreeMap::from([("lon".to_owned(), y), ("lat".to_owned(), x)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::LonLat, import::SaidBy};

    fn question(doubt: CrsDoubt, columns: Option<[String; 2]>, is_swapped: bool) -> CrsQuestion {
        CrsQuestion {
            doubt,
            x: [2_880_000.0, 2_890_000.0],
            y: [420_000.0, 430_000.0],
            region: None,
            columns,
            candidates: vec![Candidate {
                word: "epsg:4549".to_owned(),
                title: "CGCS2000 / 3-degree Gauss-Kruger CM 120E".to_owned(),
                position: LonLat::new(119.296_123_4, 26.074_567_8).unwrap(),
                is_swapped,
            }],
        }
    }

    #[test]
    fn a_candidate_comes_with_the_options_that_choose_it() {
        let columns = ["X".to_owned(), "Y".to_owned()];
        let doubt = CrsDoubt::NoDegrees {
            system: "WGS 84".to_owned(),
            said_by: SaidBy::Assumed,
        };
        let offered = choices(&question(doubt.clone(), Some(columns), true));
        assert_eq!(offered[0].datum.as_deref(), Some("epsg:4549"));
        assert_eq!(offered[0].position, Some([119.296_12, 26.074_57]));
        assert_eq!(
            (offered[0].map["lon"].as_str(), offered[0].map["lat"].as_str()),
            ("Y", "X")
        );
        assert!(
            choices(&question(doubt.clone(), None, true)).is_empty(),
            "geometries cannot be turned by an option"
        );
        assert!(choices(&question(doubt, None, false))[0].map.is_empty());
    }
}
