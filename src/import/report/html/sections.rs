//! What became of the file and what the layer holds.

use super::sheet::{Cell, SHOWN, Sheet, grouped};
use crate::{
    catalog::FieldKind,
    import::{ColumnStatistics, How, MeaningKey, Report, Severity, report::text::rounded},
    messages::{self, Lang},
};

/// What became of the file, and the counts.
pub(super) fn summary(sheet: &mut Sheet, report: &Report) {
    let key = match (report.stopped, report.dry_run) {
        (true, _) => "report.stopped",
        (false, true) => "report.dry_run",
        (false, false) => "report.done",
    };
    let params = [
        ("input", &*report.input),
        ("format", &*report.format),
        ("layer", &*report.layer),
    ];
    sheet.paragraph(key, &params);
    if report.new_region {
        sheet.paragraph("report.new_region", &[]);
    }
    if report.replaced && !report.stopped && !report.dry_run {
        sheet.paragraph("report.replaced", &[]);
    }
    sheet.heading("report.rows");
    sheet.facts(vec![
        ("report.read", Cell::count(report.read)),
        ("report.kept", Cell::count(report.kept)),
        ("report.repaired", Cell::count(report.repaired)),
        ("report.refused", Cell::count(report.refused)),
    ]);
}

/// The findings, the heaviest first.
pub(super) fn findings(sheet: &mut Sheet, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    sheet.heading("report.findings");
    let mut heaviest_first: Vec<_> = report.findings.iter().collect();
    heaviest_first.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in heaviest_first {
        let weight = match finding.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Stop => "stop",
        };
        sheet.told(weight, &finding.message);
    }
}

/// What the geometries are.
pub(super) fn geometry(sheet: &mut Sheet, report: &Report) {
    let geometry = &report.statistics.geometry;
    sheet.heading("report.geometry");
    let mut facts = Vec::new();
    for (key, count) in [
        ("report.points", geometry.points),
        ("report.lines", geometry.lines),
        ("report.polygons", geometry.polygons),
        ("report.vertices", geometry.vertices),
    ] {
        if count > 0 {
            facts.push((key, Cell::count(count)));
        }
    }
    if geometry.polygons > 0 {
        facts.push(("report.area", Cell::Number(rounded(geometry.area_km2))));
    }
    let corners: [f64; 4] = report.bbox.into();
    let corners = corners.map(|corner| format!("{corner:.5}")).join(", ");
    facts.push(("report.bbox", Cell::Number(corners)));
    sheet.facts(facts);
}

/// The levels of hazard zones.
pub(super) fn levels(sheet: &mut Sheet, report: &Report) {
    let Some(hazard) = &report.hazard else { return };
    sheet.heading("report.levels");
    let levels = hazard.levels.iter().map(|level| {
        let answer = if level.is_unsafe { "report.yes" } else { "report.no" };
        let names = format!("{} · {}", level.names.zh, level.names.en);
        [Cell::value(&level.code), Cell::Value(names), Cell::message(answer)]
    });
    sheet.table(
        ["report.level_code", "report.level_names", "report.level_unsafe"],
        levels,
    );
}

/// Every column: what it means and what stands in it.
pub(super) fn columns(sheet: &mut Sheet, report: &Report) {
    sheet.heading("report.columns");
    let header = [
        "report.column",
        "report.meaning",
        "report.kind",
        "report.known",
        "report.blank",
        "report.distinct",
        "report.values",
    ];
    let held = |column: &str| report.statistics.columns.iter().any(|held| held.column == column);
    let positions = report
        .mapping
        .iter()
        .filter(|assigned| !held(&assigned.column))
        .map(|assigned| {
            let kind = Cell::message("report.position");
            let meaning = meanings(report, &assigned.column);
            [
                Cell::value(&assigned.column),
                meaning,
                kind,
                Cell::Blank,
                Cell::Blank,
                Cell::Blank,
                Cell::Blank,
            ]
        });
    let columns = report.statistics.columns.iter().map(|column| {
        let kind = match column.kind {
            FieldKind::Bool => "field_kind.bool",
            FieldKind::Int => "field_kind.int",
            FieldKind::Float => "field_kind.float",
            FieldKind::Text => "field_kind.text",
        };
        let more = if column.more_distinct { "> " } else { "" };
        [
            Cell::value(&column.column),
            meanings(report, &column.column),
            Cell::message(kind),
            Cell::count(column.known),
            Cell::count(column.blank),
            Cell::Number(format!("{more}{}", grouped(column.distinct))),
            Cell::Value(values(column)),
        ]
    });
    sheet.table(header, positions.chain(columns).collect::<Vec<_>>());
    if report.mapping.iter().any(|assigned| assigned.how == How::Proposed) {
        sheet.paragraph("report.by_its_name", &[]);
    }
}

/// The meanings of a column in both languages, marked where the column's name suggested them.
fn meanings(report: &Report, column: &str) -> Cell {
    let in_words = |lang| {
        let meanings = report.meanings(column).map(|assigned| {
            let mark = if assigned.how == How::Proposed { " *" } else { "" };
            format!("{}{mark}", meaning(lang, assigned.meaning))
        });
        let level = report
            .is_level(column)
            .then(|| messages::text(lang, "meaning.level", &[]));
        meanings.chain(level).collect::<Vec<_>>().join(", ")
    };
    Cell::Both(in_words(Lang::Zh), in_words(Lang::En))
}

fn meaning(lang: Lang, meaning: MeaningKey) -> String {
    match meaning {
        MeaningKey::Suits(kind) => {
            let kind = messages::text(lang, &format!("kind.{kind}"), &[]);
            messages::text(lang, "meaning.suits", &[("kind", &kind)])
        }
        MeaningKey::Facility(facility) => {
            let facility = messages::text(lang, &format!("facility.{facility}"), &[]);
            messages::text(lang, "meaning.facility", &[("facility", &facility)])
        }
        other => messages::text(lang, &format!("meaning.{other}"), &[]),
    }
}

/// The range of numbers, the frequent values, else samples.
fn values(column: &ColumnStatistics) -> String {
    if let (Some(min), Some(max), Some(mean)) = (column.min, column.max, column.mean) {
        return format!(
            "{} … {}, ⌀ {}",
            rounded(min.as_f64()),
            rounded(max.as_f64()),
            rounded(mean)
        );
    }
    let at_least = if column.more_distinct { "≥ " } else { "" };
    let frequent = column
        .frequent
        .iter()
        .map(|frequent| format!("{} ({at_least}{})", frequent.value, grouped(frequent.count)));
    let mut shown: Vec<String> = frequent.collect();
    if shown.is_empty() {
        shown.clone_from(&column.samples);
    }
    shown.join(", ")
}

/// Repaired and refused rows.
pub(super) fn rows(sheet: &mut Sheet, report: &Report) {
    if !report.refusals.is_empty() {
        sheet.heading("report.refusals");
        let header = ["report.row", "report.field", "report.value", "report.reason"];
        let refusals = report.refusals.iter().take(SHOWN).map(|refusal| {
            [
                Cell::count(refusal.row),
                Cell::maybe(refusal.problem.field.as_ref()),
                Cell::maybe(refusal.problem.value.as_ref()),
                Cell::Told(refusal.problem.reason.clone()),
            ]
        });
        sheet.list(header, refusals.collect(), Some(report.refused));
    }
    if !report.repairs_by_row.is_empty() {
        sheet.heading("report.repairs_by_row");
        let repairs = report.repairs_by_row.iter().take(SHOWN).map(|mended| {
            [
                Cell::count(mended.row),
                Cell::value(&mended.field),
                Cell::Told(mended.reason.clone()),
            ]
        });
        let all = report.repairs_by_row.len() as u64;
        sheet.list(
            ["report.row", "report.field", "report.mended"],
            repairs.collect(),
            Some(all),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Attribute, Facility, HazardKind};

    #[test]
    fn every_meaning_has_its_words() {
        use MeaningKey::{Attribute as A, Facility as F, Lat, Lon, Name, NameEn, NameZh, Suits};
        let single = [Lon, Lat, Name, NameZh, NameEn].into_iter();
        let all = single
            .chain(Attribute::ALL.iter().map(|attribute| A(*attribute)))
            .chain(HazardKind::ALL.iter().map(|kind| Suits(*kind)))
            .chain(Facility::ALL.iter().map(|facility| F(*facility)));
        for key in all {
            for lang in [Lang::Zh, Lang::En] {
                let words = meaning(lang, key);
                assert!(
                    !words.contains("meaning.") && !words.contains("kind.") && !words.contains("facility."),
                    "{key}"
                );
            }
        }
    }
}
