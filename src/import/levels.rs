//! The ordered levels of a hazard layer.
//!
//! The order is taken from the user, or from words that have only one (低 < 中 < 高, I above IV as in Chinese
//! warnings). Numbers are not ordered here: 1 is the highest of four grades in one register and the shallowest of six
//! depths in the next, and a hazard map drawn upside down kills.

use super::{Finding, HazardJob, ImportError, names::is_level, normal::fold, palette, survey::Survey};
use crate::{
    catalog::{HazardManifest, Level, MAX_LEVELS},
    messages::Names,
};

/// Words of one scale, lowest first, with their names in both languages.
struct Scale {
    steps: &'static [Step],
}

/// All spellings of a step, folded, and what it is called.
struct Step {
    written: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
}

const fn step(written: &'static [&'static str], zh: &'static str, en: &'static str) -> Step {
    Step { written, zh, en }
}

const SCALES: &[Scale] = &[
    Scale {
        steps: &[
            step(&["极低", "very low", "vl"], "极低", "Very low"),
            // LL to VHL, LF to VHF: susceptibility to landslides and floods (Mines and Geosciences Bureau, Philippines).
            step(&["低", "low", "l", "ls", "ll", "lf"], "低", "Low"),
            step(&["较低", "中低", "中低度", "moderately low"], "较低", "Moderately low"),
            step(&["中", "中等", "moderate", "medium", "m", "ml", "mf"], "中", "Moderate"),
            step(&["较高", "中高", "moderately high"], "较高", "Moderately high"),
            step(&["高", "high", "h", "hl", "hf"], "高", "High"),
            step(
                &["极高", "very high", "vh", "extreme", "vhl", "vhf"],
                "极高",
                "Very high",
            ),
        ],
    },
    Scale {
        steps: &[
            step(&["v", "v级"], "V级", "Level V"),
            step(&["iv", "iv级"], "IV级", "Level IV"),
            step(&["iii", "iii级"], "III级", "Level III"),
            step(&["ii", "ii级"], "II级", "Level II"),
            step(&["i", "i级"], "I级", "Level I"),
        ],
    },
    Scale {
        steps: &[
            step(&["蓝", "蓝色", "blue"], "蓝色", "Blue"),
            step(&["黄", "黄色", "yellow"], "黄色", "Yellow"),
            step(&["橙", "橙色", "orange"], "橙色", "Orange"),
            step(&["红", "红色", "red"], "红色", "Red"),
        ],
    },
];

/// What registers write behind a word of the first scale, folded.
const SUFFIXES: &[&str] = &[
    "风险区",
    "危险区",
    "易发区",
    "风险",
    "危险",
    "易发",
    "潜势",
    "度",
    "级",
    " risk",
    " susceptibility",
    " hazard",
];

fn stem(code: &str) -> String {
    let lower = fold(code);
    let cut = SUFFIXES.iter().find_map(|suffix| lower.strip_suffix(suffix));
    cut.filter(|stem| !stem.is_empty()).unwrap_or(&lower).to_owned()
}

/// Position and step of a code on a scale.
fn find<'s>(scale: &'s Scale, code: &str) -> Option<(usize, &'s Step)> {
    let (whole, stem) = (fold(code), stem(code));
    scale
        .steps
        .iter()
        .enumerate()
        .find(|(_, step)| step.written.contains(&whole.as_str()) || step.written.contains(&stem.as_str()))
}

/// Orders codes lowest first, if one scale has them all at different steps.
fn order(codes: &[String]) -> Option<Vec<String>> {
    SCALES.iter().find_map(|scale| {
        let mut steps: Vec<(usize, &String)> = codes
            .iter()
            .map(|code| Some((find(scale, code)?.0, code)))
            .collect::<Option<_>>()?;
        steps.sort_by_key(|(step, _)| *step);
        let distinct = steps.windows(2).all(|pair| pair[0].0 != pair[1].0);
        distinct.then(|| steps.into_iter().map(|(_, code)| code.clone()).collect())
    })
}

fn names(code: &str) -> Names {
    let known = SCALES.iter().find_map(|scale| find(scale, code));
    let (zh, en) = known.map_or((code, code), |(_, step)| (step.zh, step.en));
    // The register's own Chinese word stands; a bare code gets the scale's.
    let zh = if code.is_ascii() { zh } else { code };
    Names {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The `[layer.hazard]` entry.
pub(super) fn manifest(job: &HazardJob, survey: &Survey) -> Result<HazardManifest, ImportError> {
    let Some(column) = &job.level_from else {
        return only_level(job);
    };
    let found = survey.find(column).map(|index| &survey.columns[index]);
    let Some(found) = found else {
        return Err(ImportError::no_column("the level", column, None, survey));
    };
    let codes = if job.levels.is_empty() {
        let Some(values) = found.values.as_ref().filter(|values| values.len() <= MAX_LEVELS) else {
            let problem = format!(
                "column `{column}` has more than {MAX_LEVELS} different values; a layer has at most that many levels"
            );
            return Err(ImportError::Levels(problem));
        };
        let codes: Vec<String> = values.keys().cloned().collect();
        order(&codes).ok_or_else(|| {
            ImportError::Levels(format!(
                "which of the levels in column `{column}` is the lowest? Say their order, lowest first: --levels '{}'",
                codes.join(",")
            ))
        })?
    } else {
        job.levels.clone()
    };
    let unsafe_from = match &job.unsafe_from {
        Some(code) => codes
            .iter()
            .position(|known| known == code)
            .ok_or_else(|| ImportError::Levels(format!("--unsafe-from {code}: the levels are {}", codes.join(", "))))?,
        // The upper half, the middle one of an odd number with it: of two mistakes the safer.
        None => codes.len() / 2,
    };
    let levels = codes.iter().enumerate().map(|(index, code)| Level {
        code: code.clone(),
        names: names(code),
        colour: palette::colour(job.kind, index + 1, codes.len()),
        is_unsafe: index >= unsafe_from,
    });
    Ok(HazardManifest {
        kind: job.kind,
        level: Some(column.clone()),
        levels: levels.collect(),
    })
}

/// Columns that look like the level of a layer that gets only one, which would draw all its zones alike.
pub(super) fn proposed(job: &HazardJob, survey: &Survey) -> Vec<Finding> {
    if job.level_from.is_some() {
        return Vec::new();
    }
    let looks = survey.columns.iter().filter_map(|column| {
        let codes: Vec<String> = column.values.as_ref()?.keys().cloned().collect();
        if !(2..=MAX_LEVELS).contains(&codes.len()) {
            return None;
        }
        let name = &column.name;
        let advice = match order(&codes) {
            Some(ordered) => format!("its values are levels, {}: --level-from '{name}' takes them", ordered.join(" < ")),
            None if is_level(name) => format!(
                "it is called so and has few values: --level-from '{name}' --levels '{}' takes them, put in order, lowest first",
                codes.join(",")
            ),
            None => return None,
        };
        let message = format!("all zones got one level; column `{name}` looks like the level: {advice}");
        Some(Finding::warning("level_column_proposed", message))
    });
    looks.collect()
}

/// A layer without levels: one zone kind, in it or not, and unsafe.
fn only_level(job: &HazardJob) -> Result<HazardManifest, ImportError> {
    if !job.levels.is_empty() || job.unsafe_from.is_some() {
        let problem = "--levels and --unsafe-from need --level-from, the column that tells the levels apart";
        return Err(ImportError::Request(problem.to_owned()));
    }
    Ok(HazardManifest {
        kind: job.kind,
        level: None,
        levels: vec![Level {
            code: "zone".to_owned(),
            names: Names {
                zh: "危险区".to_owned(),
                en: "Hazard zone".to_owned(),
            },
            colour: palette::colour(job.kind, 1, 1),
            is_unsafe: true,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(codes: &[&str]) -> Option<Vec<String>> {
        order(&codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_with_one_order_are_put_in_it() {
        assert_eq!(
            ordered(&["高潛勢", "低潛勢", "中潛勢"]).unwrap(),
            ["低潛勢", "中潛勢", "高潛勢"]
        );
        assert_eq!(ordered(&["I", "II", "III", "IV"]).unwrap(), ["IV", "III", "II", "I"]);
        assert_eq!(ordered(&["HL", "LL", "ML", "VHL"]).unwrap(), ["LL", "ML", "HL", "VHL"]);
        assert_eq!(ordered(&["Ⅰ級", "Ⅳ級"]).unwrap(), ["Ⅳ級", "Ⅰ級"]);
        assert_eq!(ordered(&["低", "持續觀察"]), None);
        assert_eq!(ordered(&["中", "中等"]), None);
    }

    #[test]
    fn words_are_written_in_the_form_they_are_compared_in() {
        let written = SCALES
            .iter()
            .flat_map(|scale| scale.steps)
            .flat_map(|step| step.written);
        for word in written {
            assert_eq!(fold(word), *word);
        }
        for suffix in SUFFIXES {
            assert_eq!(fold(suffix), suffix.trim());
        }
    }

    #[test]
    fn numbers_are_never_guessed() {
        assert_eq!(ordered(&["1", "2", "3", "4"]), None);
        assert_eq!(ordered(&["0.15 m ~ 0.30 m", "0.30 m ~ 0.50 m"]), None);
    }

    #[test]
    fn levels_are_called_in_both_languages() {
        let high = names("高风险");
        assert_eq!((high.zh.as_str(), high.en.as_str()), ("高风险", "High"));
        assert_eq!(names("II").zh, "II级");
        assert_eq!(names("0.5 m").en, "0.5 m");
    }
}
