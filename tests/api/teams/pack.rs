//! Testland with roads, rescue teams and chemical parks.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::Path,
};

use geo_types::{Geometry, point};
use refugia::{
    catalog::{Field, FieldKind, RawValue, Shape, fgb::Writer},
    geometry::LonLat,
    routing::{NodeId, Stretch},
};

use crate::roads::{Roads, streets};

/// Columns of both layers; a team has no column that its layer does not mean.
const COLUMNS: [&str; 6] = ["id", "name_zh", "name_en", "specialty", "phone", "serves"];

/// A feature: its columns, and where it is.
type Row = ([String; 6], [f64; 2]);

fn row(values: [&str; 6], at: [f64; 2]) -> Row {
    (values.map(str::to_owned), at)
}

fn teams() -> Vec<Row> {
    vec![
        row(
            [
                "t1",
                "学校救援队（演示）",
                "School Team (demo)",
                "hazmat",
                "000-1",
                "p1",
            ],
            [-0.2, 0.1],
        ),
        row(
            ["t2", "东北救援队（演示）", "North-East Team (demo)", "fire", "", ""],
            [0.2, 0.2],
        ),
        row(
            ["t3", "远巷救援队（演示）", "Far Lane Team (demo)", "", "", "p2"],
            [0.41, 0.4],
        ),
        row(
            ["t4", "孤山救援队（演示）", "Lone Hill Team (demo)", "", "", "p1"],
            [0.3, -0.4],
        ),
        row(["t5", "", "", "", "", ""], [0.35, 0.03]),
        row(["t6", "", "", "", "", ""], [0.45, 0.3]),
        row(
            ["t7", "前哨救援队（演示）", "Outpost Team (demo)", "", "", ""],
            [0.45, 0.2],
        ),
    ]
}

/// Testland's roads with more of them in the east, and seven teams of which four can come there.
///
/// A one-way street leads from a yard to the east end of River Road; the yard is also joined with the north-east, and that with an
/// outpost far off. From there a one-way street leads to a team that can only be come to.
pub(crate) fn testland() -> Roads {
    with(&teams())
}

/// The same with more teams, one behind the other in the south, far from any road.
pub(super) fn with_far_teams(count: usize) -> Roads {
    let far = |at: usize| {
        let id = format!("far{at}");
        row([&id, "", "", "", "", ""], [0.2, -0.1 - 0.001 * at as f64])
    };
    with(&teams().into_iter().chain((0..count).rev().map(far)).collect::<Vec<_>>())
}

fn with(teams: &[Row]) -> Roads {
    let mut builder = streets();
    let [east, north_east] = [NodeId(1), NodeId(3)];
    let [yard, outpost, trap] =
        [(0.35, 0.03), (0.45, 0.2), (0.45, 0.3)].map(|(lon, lat)| builder.add_node(LonLat::new(lon, lat).unwrap()));
    for street in [
        // Of two roads as near, a team stands on the first: on this one it can leave either way.
        Stretch::street([yard, north_east], 2_000_000),
        Stretch::one_way([yard, east], 300_000),
        Stretch::street([north_east, outpost], 5_000_000),
        Stretch::one_way([outpost, trap], 400_000),
    ] {
        builder.add_stretch(&street);
    }
    Roads::with(&builder.build().unwrap(), |folder| {
        let meanings = "specialty = \"specialty\"\nphone = \"phone\"\nserves = \"serves\"\n";
        add_layer(folder, "teams", "rescue_team", meanings, teams);
        let parks = ["p1", "p2", "p3"].map(|id| row([id, "", "", "", "", ""], [0.0, -0.3]));
        add_layer(folder, "parks", "chemical_park", "", &parks);
    })
}

fn add_layer(folder: &Path, id: &str, role: &str, meanings: &str, rows: &[Row]) {
    let fields = COLUMNS.map(|name| Field {
        name: name.to_owned(),
        kind: FieldKind::Text,
    });
    let mut writer = Writer::new(id, fields.into(), Shape::Point).unwrap();
    for (values, [lon, lat]) in rows {
        let values = values.iter().map(|text| Some(RawValue::Text(text.as_str().into())));
        writer.push(&Geometry::Point(point!(x: *lon, y: *lat)), values).unwrap();
    }
    let file = File::create(folder.join(format!("{id}.fgb"))).unwrap();
    writer.finish(BufWriter::new(file)).unwrap();
    let layer = format!(
        "\n[[layer]]\nid = \"{id}\"\nrole = \"{role}\"\nnames = {{ zh = \"{id}\", en = \"{id}\" }}\n\
         file = \"{id}.fgb\"\nsource = \"invented\"\nlicence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = true\n\
         [layer.attributes]\nid = \"id\"\nname = {{ zh = \"name_zh\", en = \"name_en\" }}\n{meanings}"
    );
    let manifest = folder.join("region.toml");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + &layer).unwrap();
}
