//! The sentences of the source itself, so that none can be changed without its Chinese.

use std::{fs, path::Path};

use super::super::{PHRASES, to_chinese};

/// Whether a piece of a sentence is known, in whatever place it stands.
fn is_known(text: &str) -> bool {
    // Not by a template that is nothing but a placeholder.
    let mut telling = PHRASES.values().flatten().filter(|template| template.fixed() > 0);
    to_chinese(text).is_some() || telling.any(|template| template.particulars(text).is_some())
}

/// Where findings, remarks, reasons and repairs are put into words.
const SPEAKERS: &[&str] = &[
    "catalog/fgb/geometry.rs",
    "catalog/fgb/properties.rs",
    "catalog/readers/csv.rs",
    "catalog/readers/geopackage.rs",
    "catalog/readers/geopackage/wkb.rs",
    "catalog/readers/json.rs",
    "catalog/readers/kml.rs",
    "catalog/readers/kml/geometry.rs",
    "catalog/readers/sequence.rs",
    "catalog/readers/shapefile.rs",
    "catalog/readers/shapefile/codepage.rs",
    "catalog/readers/shapefile/shapes.rs",
    "catalog/readers/shapefile/table.rs",
    "catalog/readers/table/head.rs",
    "catalog/readers/table/position.rs",
    "catalog/readers/table/wkt.rs",
    "catalog/readers/workbook.rs",
    "geometry/crs/error.rs",
    "geometry/lonlat.rs",
    "geometry/validity/flaw.rs",
    "import/cells/number.rs",
    "import/columns.rs",
    "import/crs.rs",
    "import/crs/question.rs",
    "import/duplicates.rs",
    "import/levels.rs",
    "import/mapping/derive.rs",
    "import/mapping/propose.rs",
    "import/misplaced.rs",
    "import/recipe.rs",
    "import/repair.rs",
    "import/report/repairs.rs",
    "import/rows.rs",
    "import/run.rs",
    "import/shape.rs",
    "import/shift/evidence.rs",
    "import/shift/hypothesis.rs",
    "import/shift/report.rs",
    "import/succession.rs",
    "import/update/words.rs",
];

/// Beginnings of what the same files say elsewhere: errors that end the import, lines of the text for terminals, and
/// parts of sentences that the other tests have whole.
const OTHERS: &[&str] = &[
    "\\n  --datum",
    " (northing first",
    "column_{} =",
    "it has no sheet",
    "it is shorter than its header",
    "most of these positions are displaced alike",
    "repeated position",
    "ring without area",
    "rings without area",
    "sheet `{}`",
    "that is about",
    "these positions look like {ways}",
    "{} and {more} more",
    "{} by {:.0} m",
    "  ",
    ", ",
    " (of ",
    "#",
    ". ",
    "SELECT ",
    " ORDER BY",
    "EPSG:",
    "--levels and",
    "--unsafe-from",
    "Say ",
    "a GeoPackage",
    "a hazard_zone layer needs",
    "as given",
    "as the file declares",
    "at least",
    "column `{column}` has more than",
    "encoding, datum",
    "independent ",
    "into the region",
    "it describes",
    "it does not begin",
    "it is an SQLite",
    "it says it is",
    "it should have",
    "its columns need",
    "its table",
    "its views take longer",
    "its {count} records",
    "no column looks like",
    "nothing says which encoding the .dbf",
    "the .cpg says",
    "the .dbf is",
    "the .dbf was changed",
    "the .shp has",
    "the .shp is damaged",
    "the .{part} is damaged",
    "the GeoPackage has",
    "the columns of longitude",
    "the coordinates",
    "the definition of",
    "the first row",
    "the order of",
    "the pack holds too little",
    "the pack holds nothing",
    "the positions agree",
    "the row above",
    "there is no column",
    "there is no header",
    "there is no layer",
    "there is no place",
    "what the pack holds fits",
    "where it is used",
    "whether longitude",
    "which is taken",
    "which of the levels",
    "without a header",
    "x runs from",
    "{0} has coordinates",
    "{error}; without the .shx",
    "{name} is on",
    "{problem} (the position's",
    "{problem}; the file has",
    "{input} ({}",
    "`levels` must",
    "`attributes` must",
    "`{key}`",
    "`{0}` is no",
    "`{wanted}`",
    "`{}` and `{}` could both",
    "a Shapefile is several files",
    "{} polygons that touched or crossed themselves rebuilt",
    "polygons that touched or crossed themselves rebuilt",
    "polygon that touched or crossed itself rebuilt (",
];

/// The text literals of a source file before its tests.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    let mut before = ' ';
    while let Some(char) = chars.next() {
        if char == '"' && before != '\'' && before != '\\' {
            let mut text = String::new();
            while let Some(char) = chars.next() {
                match char {
                    '"' => break,
                    '\\' => match chars.next() {
                        Some('\n') => while chars.next_if(|char| char.is_whitespace()).is_some() {},
                        Some(escaped) => text.extend(['\\', escaped]),
                        None => {}
                    },
                    other => text.push(other),
                }
            }
            found.push(text);
        }
        before = char;
    }
    found
}

#[test]
fn every_sentence_of_the_source_has_its_chinese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut missing = Vec::new();
    for file in SPEAKERS {
        let source = fs::read_to_string(root.join(file)).unwrap();
        for text in literals(&source) {
            let is_sentence = text.split_whitespace().count() >= 3 && text.contains(' ');
            let is_other = OTHERS.iter().any(|beginning| text.starts_with(beginning));
            // A template of placeholders only puts together what is known by itself.
            let words = text.split(['{', '}']).step_by(2).collect::<String>();
            let is_frame = !words.contains(|char: char| char.is_ascii_lowercase());
            if is_sentence && !is_other && !is_frame && !is_known(&text) {
                missing.push(format!("{file}: {text}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no Chinese in messages/report.json:\n{}",
        missing.join("\n")
    );
}
