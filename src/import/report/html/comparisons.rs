//! The layer against others: its old version, itself, and the administrative areas of the pack.

use super::sheet::{Cell, Sheet, grouped};
use crate::import::{
    Duplicates, FeatureName, Misplaced, Update, duplicates::Twins, misplaced::StatedBy, update::MatchedBy,
};

/// What changes against the old version.
pub(super) fn update(sheet: &mut Sheet, update: &Update) {
    sheet.heading("report.update");
    let by = match update.matched_by {
        MatchedBy::Id => "report.by_id",
        MatchedBy::NameAndPlace => "report.by_name_and_place",
    };
    sheet.paragraph(by, &[]);
    sheet.facts(vec![
        ("report.before", Cell::count(update.before)),
        ("report.added", Cell::count(update.added)),
        ("report.removed", Cell::count(update.removed)),
        ("report.changed", Cell::count(update.changed)),
        ("report.moved", Cell::count(update.moved)),
        ("report.unchanged", Cell::count(update.unchanged)),
    ]);
    if update.changed > 0 {
        sheet.paragraph("report.compared", &[("n", &grouped(update.compared))]);
        let geometry = (update.geometry_changed > 0)
            .then(|| [Cell::message("report.geometry"), Cell::count(update.geometry_changed)]);
        let columns = update
            .columns
            .iter()
            .map(|change| [Cell::value(&change.column), Cell::count(change.features)]);
        sheet.table(
            ["report.changed_columns", "report.features"],
            geometry.into_iter().chain(columns),
        );
        let values = update.changed_examples.iter().flat_map(|changed| {
            changed.values.iter().map(|value| {
                [
                    Cell::value(&changed.feature),
                    Cell::value(&value.column),
                    Cell::maybe(value.before.as_ref()),
                    Cell::maybe(value.after.as_ref()),
                ]
            })
        });
        let header = [
            "report.changed",
            "report.column",
            "report.value_before",
            "report.value_after",
        ];
        sheet.list(header, values.collect(), None);
    }
    names(sheet, "report.removed", &update.removed_examples, update.removed);
    names(sheet, "report.added", &update.added_examples, update.added);
    let moved = update.moved_examples.iter().map(|moved| {
        [
            Cell::value(&moved.feature),
            Cell::Number(format!("{:.0}", moved.distance_m)),
        ]
    });
    sheet.list(
        ["report.moved", "report.distance_m"],
        moved.collect(),
        Some(update.moved),
    );
}

fn names(sheet: &mut Sheet, header: &str, features: &[FeatureName], all: u64) {
    let names = features.iter().map(|feature| [Cell::value(feature)]);
    sheet.list([header], names.collect(), Some(all));
}

/// What stands twice.
pub(super) fn duplicates(sheet: &mut Sheet, duplicates: &Duplicates) {
    let twins = |twins: &[Twins]| -> Vec<[Cell; 3]> {
        let rows = twins.iter().map(|twins| {
            let distance = Cell::Number(format!("{:.1}", twins.distance_m));
            [Cell::value(&twins.one), Cell::value(&twins.other), distance]
        });
        rows.collect()
    };
    for (title, about, count, examples) in [
        (
            "report.duplicates",
            "report.duplicates_about",
            duplicates.features,
            &duplicates.examples,
        ),
        (
            "report.other_names",
            "report.other_names_about",
            duplicates.other_names,
            &duplicates.other_name_examples,
        ),
    ] {
        if count > 0 {
            sheet.heading(title);
            sheet.paragraph(about, &[("n", &grouped(count))]);
            sheet.list(
                ["report.one", "report.other", "report.distance_m"],
                twins(examples),
                None,
            );
        }
    }
}

/// What lies elsewhere than it says.
pub(super) fn misplaced(sheet: &mut Sheet, misplaced: &Misplaced) {
    if misplaced.misplaced > 0 {
        sheet.heading("report.misplaced");
        let (checked, count) = (grouped(misplaced.checked), grouped(misplaced.misplaced));
        sheet.paragraph("report.misplaced_about", &[("checked", &checked), ("n", &count)]);
        let header = [
            "report.feature",
            "report.stated",
            "report.stated_by",
            "report.outside_m",
            "report.lies_in",
        ];
        let strays = misplaced.examples.iter().map(|stray| {
            let by = match stray.by {
                StatedBy::AdminCode => "report.by_admin_code",
                StatedBy::Address => "report.by_address",
                StatedBy::Name => "report.by_name",
            };
            [
                Cell::value(&stray.feature),
                Cell::value(&stray.stated),
                Cell::message(by),
                Cell::count(stray.distance_m.max(0.0) as u64),
                stray
                    .lies_in
                    .as_ref()
                    .map_or_else(|| Cell::message("report.nowhere"), Cell::value),
            ]
        });
        sheet.list(header, strays.collect(), Some(misplaced.misplaced));
    }
    if misplaced.outside_areas > 0 {
        sheet.heading("report.outside_areas");
        names(
            sheet,
            "report.feature",
            &misplaced.outside_examples,
            misplaced.outside_areas,
        );
    }
}
