//! The report on a terminal: short, the counts first, then what the layer holds, then what to look at.

use std::fmt::{Display, Formatter, Result as FmtResult};

use super::{
    Refusal, Report,
    table::{Table, one_line},
};
use crate::{
    catalog::FieldKind,
    import::{ColumnStatistics, How, Severity, statistics::GeometryStatistics},
};

/// As many refusals are told in the text; all are in the JSON.
const SHOWN: usize = 20;
/// As many columns are shown.
const SHOWN_COLUMNS: usize = 30;
/// The most places for a column's name, its meaning and its values.
const PLACES: [usize; 3] = [24, 28, 44];

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        let verb = match (self.stopped, self.dry_run) {
            (true, _) => "was stopped and is not",
            (false, true) => "would become",
            (false, false) => "is now",
        };
        let input = one_line(&self.input);
        writeln!(
            f,
            "{input} ({}) {verb} layer {} ({})",
            self.format, self.layer, self.role
        )?;
        writeln!(
            f,
            "  rows     {} read, {} kept, {} refused",
            self.read, self.kept, self.refused
        )?;
        if let Some(encoding) = self.encoding.filter(|encoding| !encoding.goes_without_saying()) {
            writeln!(f, "  encoding {encoding}")?;
        }
        if self.repaired > 0 {
            let rows = if self.repaired == 1 { "row" } else { "rows" };
            writeln!(f, "  repaired {} {rows}: {}", self.repaired, self.repairs.in_words())?;
        }
        if let Some(update) = &self.update {
            update.write(f)?;
        }
        writeln!(f, "  crs      {}", self.crs)?;
        writeln!(f, "  holds    {}", in_words(&self.statistics.geometry))?;
        let [west, south, east, north] = self.bbox.into();
        writeln!(f, "  bbox     {west:.5}, {south:.5}, {east:.5}, {north:.5}")?;
        self.write_levels(f)?;
        self.write_columns(f)?;
        if let Some(shift) = &self.shift {
            write!(f, "{shift}")?;
        }
        self.write_findings(f)?;
        self.write_refusals(f)
    }
}

/// What the geometries are.
fn in_words(geometry: &GeometryStatistics) -> String {
    let counted = [
        (geometry.points, "point", "points"),
        (geometry.lines, "line", "lines"),
        (geometry.polygons, "polygon", "polygons"),
    ];
    let counted = counted.into_iter().filter(|(count, ..)| *count > 0);
    let mut parts: Vec<String> = counted
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    if geometry.lines + geometry.polygons > 0 {
        parts.push(format!("{} vertices", geometry.vertices));
    }
    if geometry.polygons > 0 {
        parts.push(format!("{} km² on the ellipsoid", rounded(geometry.area_km2)));
    }
    parts.join(", ")
}

/// A number with what matters of it: four digits at least.
pub(super) fn rounded(number: f64) -> String {
    let digits = if number == 0.0 {
        0
    } else {
        (3 - number.abs().log10().floor() as i32).clamp(0, 9)
    };
    let text = format!("{number:.*}", digits as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// What stands in a column: its one number or its range, its few values with their counts, or samples.
fn values(column: &ColumnStatistics) -> String {
    if let (Some(min), Some(max), Some(mean)) = (column.min, column.max, column.mean) {
        if min.as_f64() == max.as_f64() {
            return rounded(mean);
        }
        return format!(
            "{} … {}, mean {}",
            rounded(min.as_f64()),
            rounded(max.as_f64()),
            rounded(mean)
        );
    }
    let is_few = !column.more_distinct && 4 * column.distinct <= column.known;
    if is_few {
        let frequent = column
            .frequent
            .iter()
            .map(|frequent| format!("{} ({})", frequent.value, frequent.count));
        let more = (column.frequent.len() as u64) < column.distinct;
        let more = more.then(|| "…".to_owned());
        return frequent.chain(more).collect::<Vec<_>>().join(", ");
    }
    column.samples.join(", ")
}

const fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Bool => "true/false",
        FieldKind::Int => "integer",
        FieldKind::Float => "number",
        FieldKind::Text => "text",
    }
}

impl Report {
    fn write_levels(&self, f: &mut Formatter<'_>) -> FmtResult {
        let Some(hazard) = &self.hazard else { return Ok(()) };
        let levels = hazard.levels.iter().map(|level| {
            let mark = if level.is_unsafe { " (unsafe)" } else { "" };
            format!("{}{mark}", one_line(&level.code))
        });
        let levels = levels.collect::<Vec<_>>().join(" < ");
        match &hazard.level {
            Some(column) => writeln!(f, "  levels   {} by {column}, lowest first: {levels}", hazard.kind),
            None => writeln!(f, "  levels   {}, one for all: {levels}", hazard.kind),
        }
    }

    fn write_columns(&self, f: &mut Formatter<'_>) -> FmtResult {
        let [name, meaning, shown] = PLACES;
        let mut table = Table::new([
            ("column", name),
            ("meaning", meaning),
            ("type", 10),
            ("known", 20),
            ("distinct", 20),
            ("values", shown),
        ]);
        let held = |column: &str| self.statistics.columns.iter().any(|held| held.column == column);
        for assigned in self.mapping.iter().filter(|assigned| !held(&assigned.column)) {
            let blank = [(); 3].map(|()| String::new());
            let [known, distinct, values] = blank;
            let meaning = self.meaning(&assigned.column);
            table.push(&[
                assigned.column.clone(),
                meaning,
                "position".to_owned(),
                known,
                distinct,
                values,
            ]);
        }
        for column in self.statistics.columns.iter().take(SHOWN_COLUMNS) {
            let more = if column.more_distinct { "> " } else { "" };
            table.push(&[
                column.column.clone(),
                self.meaning(&column.column),
                kind(column.kind).to_owned(),
                column.known.to_string(),
                format!("{more}{}", column.distinct),
                values(column),
            ]);
        }
        table.write(f, "  ")?;
        let hidden = self.statistics.columns.len().saturating_sub(SHOWN_COLUMNS);
        if hidden > 0 {
            writeln!(f, "  … and {hidden} more columns; --report FILE has them all")?;
        }
        if self.mapping.iter().any(|assigned| assigned.how == How::Proposed) {
            writeln!(
                f,
                "  * taken by the column's name; --map MEANING=COLUMN chooses another"
            )?;
        }
        Ok(())
    }

    /// The meanings of a column, marked where they were not given.
    fn meaning(&self, column: &str) -> String {
        let meanings = self.meanings(column).map(|assigned| {
            let mark = match assigned.how {
                How::Proposed => " *".to_owned(),
                How::Numbered => " (row numbers)".to_owned(),
                How::MappingFile => " (mapping file)".to_owned(),
                How::Kept => " (as before)".to_owned(),
                How::Derived => format!(" (from {})", one_line(&assigned.from.join(", "))),
                How::Given => String::new(),
            };
            format!("{}{mark}", assigned.meaning)
        });
        let level = self.is_level(column).then(|| "level".to_owned());
        meanings.chain(level).collect::<Vec<_>>().join(", ")
    }

    fn write_findings(&self, f: &mut Formatter<'_>) -> FmtResult {
        let mut heaviest_first: Vec<_> = self.findings.iter().collect();
        heaviest_first.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in heaviest_first {
            let label = match finding.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Stop => "stop",
            };
            writeln!(f, "  {label:<8} {}", one_line(&finding.message))?;
        }
        Ok(())
    }

    fn write_refusals(&self, f: &mut Formatter<'_>) -> FmtResult {
        for Refusal { row, problem } in self.refusals.iter().take(SHOWN) {
            write!(f, "  refused  row {row}")?;
            if let Some(field) = &problem.field {
                write!(f, ", {}", one_line(field))?;
            }
            if let Some(value) = problem.value.as_ref().filter(|value| !value.is_empty()) {
                write!(f, " `{}`", one_line(value))?;
            }
            writeln!(f, ": {}", one_line(&problem.reason))?;
        }
        let told = self.refusals.len().min(SHOWN) as u64;
        if self.refused > told {
            let rows = if self.refused - told == 1 { "row" } else { "rows" };
            // The file's list has an end too.
            let listed = self.refusals.len() as u64;
            let listed = if listed < self.refused {
                format!("the first {listed} refused rows")
            } else {
                "all of them".to_owned()
            };
            writeln!(
                f,
                "  refused  … and {} more {rows}; --report FILE.json lists {listed}",
                self.refused - told
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_matters() {
        for (number, text) in [
            (750.0, "750"),
            (13_067_000.4, "13067000"),
            (0.012_345_6, "0.01235"),
            (-1.5, "-1.5"),
            (0.0, "0"),
            (119.296_54, "119.3"),
            (1e-12, "0"),
        ] {
            assert_eq!(rounded(number), text);
        }
    }
}
