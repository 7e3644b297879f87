//! What was mended, counted and told row by row.

use serde::Serialize;

use crate::import::{
    Finding,
    repair::{AREA_TOLERANCE, Repair},
};

/// As many entries of repaired rows are kept; the totals count all.
const KEPT: usize = 100_000;

/// Something mended in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// The row in the imported file, from 1, headers not counted.
    pub row: u64,
    /// The part of the row.
    pub field: &'static str,
    /// What stood there, where it can be shown.
    pub value: Option<String>,
    /// What was wrong and is mended.
    pub reason: String,
}

impl Mended {
    /// Notes what was mended in a row, while there is room.
    pub(in crate::import) fn add(mended: &mut Vec<Self>, row: u64, repair: &Repair) {
        for reason in describe(repair) {
            if mended.len() < KEPT {
                mended.push(Self {
                    row,
                    field: "geometry",
                    value: None,
                    reason,
                });
            }
        }
    }
}

/// A repair in words, one for each thing mended.
pub(in crate::import) fn describe(repair: &Repair) -> Vec<String> {
    let mut words = counted([
        repair.closed_rings,
        repair.repeated_positions,
        repair.spikes,
        repair.turned_rings,
        repair.collapsed_rings,
    ]);
    words.extend(repair.rebuilt.map(|change| {
        let share = share(change.abs());
        format!("polygon that touched or crossed itself rebuilt, area changed by {share} %")
    }));
    words
}

/// Counts in words, in the order of the fields of [`Repair`]; what was not mended is left out.
fn counted(counts: [usize; 5]) -> Vec<String> {
    const THINGS: [[&str; 2]; 5] = [
        ["ring closed", "rings closed"],
        ["repeated position dropped", "repeated positions dropped"],
        ["spike dropped", "spikes dropped"],
        ["ring turned", "rings turned"],
        ["ring without area dropped", "rings without area dropped"],
    ];
    let counts = counts.into_iter().zip(THINGS).filter(|(count, _)| *count > 0);
    counts
        .map(|(count, [one, many])| format!("{count} {}", if count == 1 { one } else { many }))
        .collect()
}

/// A share in percent; what rounding leaves nothing of is not said to be nothing.
fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.000_05 {
        "less than 0.0001".to_owned()
    } else {
        format!("{percent:.4}")
    }
}

/// All repairs of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RepairTotals {
    /// Rings that were not closed.
    pub closed_rings: usize,
    /// Positions that repeated the one before.
    pub repeated_positions: usize,
    /// Positions where a ring turned straight back on itself.
    pub spikes: usize,
    /// Rings drawn in the other direction than RFC 7946 asks for.
    pub turned_rings: usize,
    /// Rings without area that were left out.
    pub collapsed_rings: usize,
    /// Polygons that touched, crossed or overlapped themselves and were rebuilt.
    pub rebuilt_polygons: usize,
    /// Of these, polygons whose area changed by more than a thousandth.
    pub changed_polygons: usize,
    /// The largest share of its area that a rebuilt polygon gained or lost.
    pub largest_area_change: f64,
}

impl RepairTotals {
    /// Counts the repairs of one geometry; says whether there were any.
    pub(in crate::import) fn add(&mut self, repair: Repair) -> bool {
        self.closed_rings += repair.closed_rings;
        self.repeated_positions += repair.repeated_positions;
        self.spikes += repair.spikes;
        self.turned_rings += repair.turned_rings;
        self.collapsed_rings += repair.collapsed_rings;
        if let Some(change) = repair.rebuilt {
            self.rebuilt_polygons += 1;
            self.changed_polygons += usize::from(change.abs() > AREA_TOLERANCE);
            self.largest_area_change = self.largest_area_change.max(change.abs());
        }
        repair != Repair::default()
    }

    /// Says when somebody should look at what rebuilding has done to areas.
    pub(in crate::import) fn finding(&self) -> Option<Finding> {
        (self.changed_polygons > 0).then(|| {
            let share = self.largest_area_change * 100.0;
            let message = if self.changed_polygons == 1 {
                format!(
                    "1 polygon was so broken that mending it changed its area by more than 0.1 % (by {share:.1} %): \
                     everything that its rings go around is kept; the report lists it, look at it on the map"
                )
            } else {
                format!(
                    "{} polygons were so broken that mending them changed their areas by more than 0.1 % (by {share:.1} % \
                     at most): everything that their rings go around is kept; the report lists them, look at them on the \
                     map",
                    self.changed_polygons
                )
            };
            Finding::warning("area_changed", message)
        })
    }

    /// The totals in words.
    pub(super) fn in_words(&self) -> String {
        let mut parts = counted([
            self.closed_rings,
            self.repeated_positions,
            self.spikes,
            self.turned_rings,
            self.collapsed_rings,
        ]);
        let share = share(self.largest_area_change);
        // "Less than" says already that it is the most.
        let most = if share.starts_with(|first: char| first.is_ascii_digit()) {
            " at most"
        } else {
            ""
        };
        match self.rebuilt_polygons {
            0 => {}
            1 => parts.push(format!(
                "1 polygon that touched or crossed itself rebuilt (area changed by {share} %)"
            )),
            many => parts.push(format!(
                "{many} polygons that touched or crossed themselves rebuilt (areas changed by {share} %{most})"
            )),
        }
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_are_told_row_by_row_and_the_list_has_an_end() {
        let repair = Repair {
            closed_rings: 1,
            turned_rings: 2,
            rebuilt: Some(-0.000_5),
            ..Repair::default()
        };
        let mut mended = Vec::new();
        Mended::add(&mut mended, 7, &repair);
        Mended::add(&mut mended, 8, &Repair::default());
        let told: Vec<String> = mended
            .iter()
            .map(|mended| format!("{} {}", mended.row, mended.reason))
            .collect();
        assert_eq!(
            told,
            [
                "7 1 ring closed",
                "7 2 rings turned",
                "7 polygon that touched or crossed itself rebuilt, area changed by 0.0500 %"
            ]
        );
        for row in 0..KEPT as u64 {
            Mended::add(&mut mended, row, &repair);
        }
        assert_eq!(mended.len(), KEPT);
    }
}
