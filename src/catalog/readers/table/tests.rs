//! Heads and rows of tables, whatever file they come from.

use proptest::prelude::*;

use super::*;
use crate::catalog::readers::Hints;

/// A table written with bars between its cells.
fn table(text: &str) -> Vec<Vec<String>> {
    let line = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    text.lines().map(line).collect()
}

fn head(text: &str) -> Result<Head, String> {
    Head::find(&table(text), &Hints::default())
}

/// The table's rows: positions, or what is wrong.
fn read(text: &str, hints: &Hints) -> Result<Vec<String>, String> {
    let rows = table(text);
    let head = Head::find(&rows, hints)?;
    let mut reading = Rows::new(&head);
    let mut shown = Vec::new();
    for (number, row) in (1..).zip(&rows[head.above..]) {
        let cells = row.iter().map(|cell| Cell::text(cell)).collect();
        reading.add(number, cells, &mut |names, row| {
            shown.push(match row.content {
                Ok(feature) => {
                    let values = feature.values.iter();
                    let values = values.map(|(column, value)| format!(" {}={}", names[*column], value.to_text()));
                    let place = match feature.geometry {
                        Some(geo_types::Geometry::Point(point)) => format!("{:.5} {:.5}", point.x(), point.y()),
                        other => format!("{other:?}").chars().take(20).collect(),
                    };
                    format!("{} {place}{}", row.number, values.collect::<String>())
                }
                Err(problem) => format!(
                    "{} {} `{}` {}",
                    row.number,
                    problem.field.unwrap_or_default(),
                    problem.value.unwrap_or_default(),
                    problem.reason
                ),
            });
        });
    }
    shown.extend(
        reading
            .tally
            .remarks(&head)
            .into_iter()
            .map(|remark| format!("{}: {}", remark.code, remark.message)),
    );
    Ok(shown)
}

fn plain(text: &str) -> Vec<String> {
    read(text, &Hints::default()).unwrap()
}

#[test]
fn titles_and_notes_above_the_header_are_passed_over_and_told() {
    insta::assert_snapshot!(plain(
        "福建省避灾点登记表||||\n填报单位：福州市||填报时间：2026年||\n||||\n编号|名称|经度（°）|纬度（°）|容纳人数\n\
         S1|福州一中|119.3|26.08|300\n||||\nS2|鼓楼|119.31|26.09|\n填表人：张三||||"
    ).join("\n"), @r"
    1 119.30000 26.08000 编号=S1 名称=福州一中 容纳人数=300
    3 119.31000 26.09000 编号=S2 名称=鼓楼
    4 经度（°） `` there is no position
    rows_above_header: 2 rows above the header are taken as title and left out: `福建省避灾点登记表`; `填报单位：福州市 填报时间：2026年`
    ");
}

#[test]
fn positions_in_every_form_are_found() {
    for (text, expected) in [
        (
            "名称|经度|纬度\na|东经119度18分|北纬26°4′48″",
            "1 119.30000 26.08000 名称=a",
        ),
        ("NO|緯度|経度\n1|26.08|119.3", "1 119.30000 26.08000 NO=1"),
        (
            "名称|X坐标|Y坐标\na|446512.5|2886123.25",
            "1 446512.50000 2886123.25000 名称=a",
        ),
        ("POINT_X|POINT_Y\n119.3|26.08", "1 119.30000 26.08000"),
        (
            "name|Longitude (deg)|Latitude (deg)\na|119.3E|26.08N",
            "1 119.30000 26.08000 name=a",
        ),
        ("名称|经纬度\na|119.3,26.08", "1 119.30000 26.08000 名称=a"),
        ("名称|坐标\na|26.08，119.3", "1 119.30000 26.08000 名称=a"),
        ("名称|坐标\na|N26°4′48″, E119°18′", "1 119.30000 26.08000 名称=a"),
        ("name|lat,lon\na|26.08 45.5", "1 45.50000 26.08000 name=a"),
        ("name|wkt\na|POINT (119.3 26.08)", "1 119.30000 26.08000 name=a"),
        (
            "name|geometry\na|SRID=4490;POINT(119.3 26.08)",
            "1 119.30000 26.08000 name=a",
        ),
        ("lon|lat|x|y\n119.3|26.08|1|2", "1 119.30000 26.08000 x=1 y=2"),
        ("lon|lat\n119,3|26,08", "1 119.30000 26.08000"),
        (
            "a|lon|lat|\n1|119.3|26.08|left over",
            "1 119.30000 26.08000 a=1 column_4=left over",
        ),
    ] {
        assert_eq!(plain(text), [expected], "{text}");
    }
}

/// Whatever looks through all columns once for each column takes minutes here.
#[test]
fn a_header_of_a_hundred_thousand_columns_is_read_in_a_moment() {
    let blank = "|".repeat(100_000);
    let rows = plain(&format!("lon|lat{blank}\n1|2{blank}x"));
    assert_eq!(rows[0], "1 1.00000 2.00000 column_100002=x");
    let named = "|a|b|c".repeat(30_000);
    assert_eq!(
        plain(&format!("lon|lat{named}\n1|2|x{blank}"))[0],
        "1 1.00000 2.00000 a=x"
    );
    let question = head(&named).unwrap_err();
    assert!(question.ends_with("and 89941 more"), "{}", question.len());
}

#[test]
fn rows_without_a_usable_position_say_why() {
    insta::assert_snapshot!(plain(
        "名称|经度|纬度\na||26.08\nb|119.3|\nc|0|0\nd|26.08N|119.3\ne|约119|26\nf|446,512|26\ng|119.3|26.08"
    ).join("\n"), @r"
    1 经度 `` there is no position
    2 纬度 `` there is no position
    3 经度 `0, 0` position 0,0 lies off Africa; registers write it where they know no position
    4 经度 `26.08N` is a latitude, in the column of longitudes
    5 经度 `约119` must be a number such as 119.2965, or degrees, minutes and seconds such as 119°17′47.4″
    6 经度 `446,512` must be a number such as 119.2965, or degrees, minutes and seconds such as 119°17′47.4″
    7 119.30000 26.08000 名称=g
    ");
    insta::assert_snapshot!(plain("name|lon|lat\na|26.08|119.3\nb|26.09|119.4\nc|119.5|26.1").join("\n"), @r"
    1 26.08000 119.30000 name=a
    2 26.09000 119.40000 name=b
    3 119.50000 26.10000 name=c
    swapped_columns: in 2 of 3 rows `lat` is beyond 90 degrees and `lon` is not: longitude and latitude look swapped; --map 'lon=lat' --map 'lat=lon' takes them the other way round
    ");
}

#[test]
fn heads_that_cannot_be_understood_are_asked_about() {
    let asked = [
        "name|a|b\nx|1|2",
        "福州一中|119.3|26.08\n鼓楼|119.31|26.09",
        "name|坐标\na|26.08,45.5",
        "经度(WGS84)|经度(GCJ02)|纬度\n1|2|3",
        "lon|y\n1|2",
        "||\n||",
        "",
    ]
    .map(|text| head(text).unwrap_err());
    insta::assert_snapshot!(asked.join("\n"), @r"
    no column looks like the longitude; say which with --map lon=COLUMN; the file has: name, a, b
    the first row looks like data, not like names of columns: add a header, or give --no-header and say where the position stands, such as --map lon=column_2 --map lat=column_3; the first row has: column_1 = 福州一中, column_2 = 119.3, column_3 = 26.08
    whether longitude or latitude comes first in `坐标` cannot be told; --map 'lon=坐标' --map 'lat=坐标' takes the longitude first; the file has: name, 坐标
    `经度(WGS84)` and `经度(GCJ02)` could both be it; say which with --map lon=COLUMN --map lat=COLUMN; the file has: 经度(WGS84), 经度(GCJ02), 纬度
    the columns of longitude and latitude do not go together; say which with --map lon=COLUMN --map lat=COLUMN; the file has: lon, y
    there is no header row
    there is no header row
    ");
}

#[test]
fn a_table_without_a_header_is_read_when_told() {
    let mut hints = Hints {
        no_header: true,
        ..Hints::default()
    };
    let text = "福州一中|119.3|26.08\n鼓楼|119.31|26.09";
    insta::assert_snapshot!(read(text, &hints).unwrap_err(), @"without a header it must be said where the position stands: --map lon=column_1 --map lat=column_2; the first row has: column_1 = 福州一中, column_2 = 119.3, column_3 = 26.08");
    hints.lon = Some("column_2".to_owned());
    hints.lat = Some("column_3".to_owned());
    assert_eq!(
        read(text, &hints).unwrap(),
        [
            "1 119.30000 26.08000 column_1=福州一中",
            "2 119.31000 26.09000 column_1=鼓楼"
        ]
    );
}

proptest! {
    #[test]
    fn any_cells_are_read_or_refused(
        rows in proptest::collection::vec(
            proptest::collection::vec("lon|lat|x|y|坐标|wkt|经度|119.3|26,08|POINT \\(1 2\\)|-|.{0,4}|", 0..6),
            0..8,
        ),
        no_header in any::<bool>(),
        given in any::<bool>(),
    ) {
        let given = |name: &str| given.then(|| name.to_owned());
        let hints = Hints { no_header, lon: given("column_1"), lat: given("column_2"), ..Hints::default() };
        if let Ok(head) = Head::find(&rows, &hints) {
            let mut reading = Rows::new(&head);
            for (number, row) in (1..).zip(&rows[head.above..]) {
                let cells: Vec<_> = row.iter().map(|cell| Cell::text(cell)).collect();
                reading.add(number, cells, &mut |names, row| {
                    assert!(row.content.is_err() || row.content.unwrap().values.iter().all(|(column, _)| *column < names.len()));
                });
            }
            reading.tally.remarks(&head);
        }
    }
}
