//! What a sheet's cell holds, as a value.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

use crate::catalog::{RawValue, readers::table::Cell};

/// The largest whole numbers that a sheet's numbers hold exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A cell of a streamed sheet.
pub(super) fn cell(data: DataRef<'_>) -> Cell<'_> {
    match data {
        DataRef::Empty => Cell::Blank,
        DataRef::Int(value) => Cell::Value(RawValue::Int(value)),
        DataRef::Float(value) => number(value),
        DataRef::Bool(value) => Cell::Value(RawValue::Bool(value)),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => owned(&text),
        DataRef::DateTime(date) => owned(&date_text(date)),
        DataRef::Error(error) => Cell::Fault(fault(&error)),
    }
}

/// A cell of a sheet that was read whole.
pub(super) fn cell_of(data: &Data) -> Cell<'_> {
    cell(match data {
        Data::Empty => DataRef::Empty,
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::Error(error) => DataRef::Error(error.clone()),
    })
}

fn owned(text: &str) -> Cell<'static> {
    let text = text.trim();
    if text.is_empty() {
        Cell::Blank
    } else {
        Cell::Value(RawValue::Text(text.to_owned().into()))
    }
}

fn number(value: f64) -> Cell<'static> {
    if !value.is_finite() {
        Cell::Fault("#NUM!")
    } else if value.fract() == 0.0 && value.abs() <= EXACT {
        Cell::Value(RawValue::Int(value as i64))
    } else {
        Cell::Value(RawValue::Float(value))
    }
}

/// `2026-07-15`, `2026-07-15T08:30:00`, a time of day `08:30:00`, or a duration `30:15:00`.
fn date_text(date: ExcelDateTime) -> String {
    let days = date.as_f64();
    if date.is_duration() {
        let seconds = (days.abs() * 86_400.0).round() as u64;
        let sign = if days < 0.0 { "-" } else { "" };
        return format!(
            "{sign}{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let time = if milli == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{milli:03}")
    };
    let is_midnight = (hour, minute, second, milli) == (0, 0, 0, 0);
    if (0.0..1.0).contains(&days) {
        time
    } else if is_midnight {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    }
}

const fn fault(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_dates_and_errors_become_what_people_see() {
        let date = |days, kind| cell(DataRef::DateTime(ExcelDateTime::new(days, kind, false))).shown();
        assert_eq!(date(45_943.0, ExcelDateTimeType::DateTime), "2025-10-13");
        assert_eq!(date(45_943.5, ExcelDateTimeType::DateTime), "2025-10-13T12:00:00");
        assert_eq!(date(0.25, ExcelDateTimeType::DateTime), "06:00:00");
        assert_eq!(date(1.25, ExcelDateTimeType::TimeDelta), "30:00:00");
        assert_eq!(cell(DataRef::Float(300.0)), Cell::Value(RawValue::Int(300)));
        assert_eq!(cell(DataRef::Float(26.5)), Cell::Value(RawValue::Float(26.5)));
        assert_eq!(cell(DataRef::Float(f64::INFINITY)), Cell::Fault("#NUM!"));
        assert_eq!(
            cell_of(&Data::String(" 0592 ".to_owned())),
            Cell::Value(RawValue::Text("0592".into()))
        );
        assert_eq!(cell_of(&Data::Error(CellErrorType::NA)), Cell::Fault("#N/A"));
    }
}
