//! The next version of a layer: what is told of it, what stops it, what of the old entry stays.

use serde_json::{Value, json};

use crate::harness::{Workspace, square};

const IMPORT: &str = "import --region pack --layer shelters --role shelter --report report.json";

/// Ten shelters, each row by its number, with the changes asked for; `None` leaves a row out.
fn register(change: impl Fn(u32, &str) -> Option<String>) -> String {
    let mut csv = "编号,名称,经度,纬度,容纳人数\n".to_owned();
    for number in 1..=10 {
        let row = format!("S{number},第{number}小学,119.{number:02},26.08,{}", 100 * number);
        csv.extend(change(number, &row).map(|row| row + "\n"));
    }
    csv
}

fn first_version(space: &Workspace) {
    space.write("v1.csv", register(|_, row| Some(row.to_owned())));
    space
        .run(&format!(
            "{IMPORT} --vintage 2025 --licence ours --source the-office --name-zh 避灾点 v1.csv"
        ))
        .exits(0);
}

#[test]
#[expect(clippy::too_many_lines, reason = "two snapshots of one update")]
fn what_came_went_changed_and_moved_is_told() {
    let space = Workspace::new();
    first_version(&space);
    let changed = register(|number, row| match number {
        2 => Some(row.replace(",200", ",250")),
        3 => None,
        4 => Some(row.replace("26.08", "26.0803")),
        5 => Some(row.replace("26.08", "26.09")),
        _ => Some(row.to_owned()),
    });
    space.write("v2.csv", changed + "S11,第11小学,119.11,26.08,\n");
    let output = space.run(&format!("{IMPORT} --vintage 2026 v2.csv")).exits(0);
    insta::assert_snapshot!(output, @r"
    v2.csv (csv) is now layer shelters (shelter)
      rows     10 read, 10 kept, 0 refused
      update   1 added, 3 changed, 1 removed, 6 unchanged of 10 before (by id), 1 moved > 100 m
      changed  geometry 2, 容纳人数 1
      removed  S3 第3小学
      added    S11 第11小学
      moved    S5 第5小学 by 1108 m
      crs      WGS 84, assumed: the file does not say
      holds    10 points
      bbox     119.01000, 26.08000, 119.11000, 26.09000
      column    meaning               type      known  distinct  values
      经度      lon (as before)       position
      纬度      lat (as before)       position
      编号      id (as before)        text      10     10        S4, S2, S1
      名称      name (as before)      text      10     10        第4小学, 第2小学, 第1小学
      容纳人数  capacity (as before)  integer   9      9         100 … 1000, mean 583.3
      datum    not checked: the pack holds too little to compare these positions with
      note     columns are read as shelters-50a80a9ac5dd5249.import.toml, kept by the import before, says; --mapping FILE or --map overrides it
    ");
    let update = &space.report("report.json")["update"];
    insta::assert_json_snapshot!(update, @r#"
    {
      "matched_by": "id",
      "before": 10,
      "added": 1,
      "removed": 1,
      "changed": 3,
      "moved": 1,
      "unchanged": 6,
      "compared": 3,
      "columns": [
        {
          "column": "容纳人数",
          "features": 1
        }
      ],
      "geometry_changed": 2,
      "new_columns": [],
      "lost_columns": [],
      "added_examples": [
        {
          "id": "S11",
          "name": "第11小学"
        }
      ],
      "removed_examples": [
        {
          "id": "S3",
          "name": "第3小学"
        }
      ],
      "changed_examples": [
        {
          "feature": {
            "id": "S2",
            "name": "第2小学"
          },
          "values": [
            {
              "column": "容纳人数",
              "before": "200",
              "after": "250"
            }
          ],
          "geometry": false
        },
        {
          "feature": {
            "id": "S4",
            "name": "第4小学"
          },
          "values": [],
          "geometry": true
        },
        {
          "feature": {
            "id": "S5",
            "name": "第5小学"
          },
          "values": [],
          "geometry": true
        }
      ],
      "moved_examples": [
        {
          "feature": {
            "id": "S5",
            "name": "第5小学"
          },
          "distance_m": 1107.9
        }
      ]
    }
    "#);
    space.run("check pack").exits(0);
}

#[test]
fn a_version_without_a_change_says_so() {
    let space = Workspace::new();
    first_version(&space);
    let before = space.files("pack");
    // Other formats of the same values, and another order of the columns, are no change.
    space.write(
        "same.csv",
        "纬度,经度,容纳人数,名称,编号\n".to_owned()
            + &(1..=10)
                .rev()
                .map(|n| format!("26.080,119.{n:02}0,{}人,第{n}小学,S{n}\n", 100 * n))
                .collect::<Vec<_>>()
                .concat(),
    );
    let output = space.run(&format!("{IMPORT} same.csv")).exits(0);
    assert!(output.contains("the new version is the same"), "{output}");
    assert!(
        output.contains("0 added, 0 changed, 0 removed, 10 unchanged of 10 before (by id)"),
        "{output}"
    );
    let before: Vec<_> = before.keys().collect();
    assert!(space.files("pack").keys().any(|name| before.contains(&name)));
}

#[test]
fn a_suspicious_loss_stops_the_import_until_it_is_accepted() {
    let space = Workspace::new();
    first_version(&space);
    space.write("less.csv", register(|number, row| (number > 3).then(|| row.to_owned())));
    space.write(
        "enough.csv",
        register(|number, row| (number > 2).then(|| row.to_owned())),
    );
    let before = space.files("pack");
    for dry_run in ["--dry-run", ""] {
        let output = space.run(&format!("{IMPORT} {dry_run} less.csv")).exits(5);
        assert!(
            output.contains("stop     3 of the 10 features that the layer has (30 %) are not in the new version"),
            "{output}"
        );
        assert!(
            output.contains("  removed  S1 第1小学, S2 第2小学, S3 第3小学\n"),
            "{output}"
        );
        assert_eq!(space.files("pack"), before);
        assert_eq!(space.report("report.json")["stopped"], true);
    }
    space.run(&format!("{IMPORT} --accept less.csv")).exits(4);
    assert_eq!(space.report("report.json")["update"]["removed"], 3);
    assert_ne!(space.files("pack"), before);

    space.run(&format!("{IMPORT} v1.csv")).exits(0);
    space.run(&format!("{IMPORT} enough.csv")).exits(0);
    space.run(&format!("{IMPORT} v1.csv")).exits(0);
    let replaced = space.run(&format!("{IMPORT} --replace less.csv")).exits(0);
    assert!(!replaced.contains("update"), "{replaced}");
}

#[test]
fn without_ids_features_are_known_by_name_and_place() {
    let space = Workspace::new();
    let without_ids = |csv: String| -> String {
        csv.lines()
            .map(|line| line.split_once(',').unwrap().1.to_owned() + "\n")
            .collect()
    };
    space.write("v1.csv", without_ids(register(|_, row| Some(row.to_owned()))));
    space.run(&format!("{IMPORT} v1.csv")).exits(0);
    let changed = register(|number, row| match number {
        1 => None,
        2 => Some(row.replace("26.08", "26.083")),
        3 => Some(row.replace("26.08", "26.09")),
        _ => Some(row.to_owned()),
    });
    space.write("v2.csv", without_ids(changed));
    space.run(&format!("{IMPORT} v2.csv")).exits(0);
    let update = &space.report("report.json")["update"];
    assert_eq!(update["matched_by"], "name_and_place");
    let counts = ["added", "removed", "changed", "moved", "unchanged"].map(|key| update[key].as_u64().unwrap());
    // The third went farther than a name alone is trusted for.
    assert_eq!(counts, [1, 2, 1, 1, 7]);
    assert_eq!(update["columns"], json!([]), "a row's number is no value");
}

#[test]
fn ids_given_anew_are_not_believed() {
    let space = Workspace::new();
    first_version(&space);
    // The same shelters numbered from the other end: their ids are all there and mean others.
    let renumbered =
        register(|number, row| Some(row.replacen(&format!("S{number},"), &format!("S{},", 11 - number), 1)));
    space.write("v2.csv", renumbered);
    space.run(&format!("{IMPORT} v2.csv")).exits(0);
    let update = &space.report("report.json")["update"];
    assert_eq!(
        (&update["matched_by"], &update["removed"]),
        (&json!("name_and_place"), &json!(0))
    );
    assert_eq!(update["columns"], json!([{ "column": "编号", "features": 10 }]));
}

#[test]
fn what_was_said_of_a_layer_stays_until_something_else_is_said() {
    let space = Workspace::new();
    first_version(&space);
    space.edit_manifest(
        "pack",
        &[("synthetic = false", "synthetic = true\nzoom = { min = 5, max = 16 }")],
    );
    let kept = |text: &str, words: &[&str]| {
        for word in words {
            assert!(text.contains(word), "{word} in {text}");
        }
    };
    let output = space.run(&format!("{IMPORT} --name-en Shelters v1.csv")).exits(0);
    assert!(output.contains("the layer keeps the vintage 2025"), "{output}");
    kept(
        &space.manifest("pack"),
        &[
            "names = { zh = \"避灾点\", en = \"Shelters\" }",
            "source = \"the-office\"",
            "licence = \"ours\"",
            "vintage = \"2025\"",
            "synthetic = true",
            "zoom = { min = 5, max = 16 }",
        ],
    );
    space
        .run(&format!("{IMPORT} --synthetic=false --vintage 2026 v1.csv"))
        .exits(0);
    kept(
        &space.manifest("pack"),
        &["synthetic = false", "vintage = \"2026\"", "licence = \"ours\""],
    );
    space.run(&format!("{IMPORT} --replace --vintage 2026 v1.csv")).exits(0);
    kept(
        &space.manifest("pack"),
        &["licence = \"unknown\"", "source = \"v1.csv\"", "en = \"shelters\""],
    );
}

#[test]
fn hand_made_levels_survive_and_need_not_be_told_again() {
    let space = Workspace::new();
    let zones = |levels: &[&str]| -> String {
        let zone = |(index, level): (usize, &&str)| {
            square(
                &format!(r#""id":"Z{index}","grade":"{level}""#),
                119.0 + index as f64,
                26.0,
                0.5,
            ) + "\n"
        };
        levels.iter().enumerate().map(zone).collect()
    };
    space.write("v1.geojsonl", zones(&["1", "2", "3"]));
    space.write("v2.geojsonl", zones(&["1", "3", "3"]));
    space.write("v3.geojsonl", zones(&["1", "2", "9"]));
    let import = "import --region pack --layer flood --role hazard_zone --report report.json";
    space
        .run(&format!(
            "{import} --hazard flood --level-from grade --levels 3,2,1 v1.geojsonl"
        ))
        .exits(0);
    let colour = space.manifest("pack").split("colour = \"").nth(1).unwrap()[..7].to_owned();
    space.edit_manifest(
        "pack",
        &[
            (&colour, "#123456"),
            (
                "names = { zh = \"3\", en = \"3\" }",
                "names = { zh = \"浅\", en = \"shallow\" }",
            ),
            ("unsafe = false", "unsafe = true"),
        ],
    );
    space.run(&format!("{import} v2.geojsonl")).exits(0);
    let text = space.manifest("pack");
    for kept in ["#123456", "en = \"shallow\"", "level = \"grade\""] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(!text.contains("unsafe = false"), "{text}");
    let codes: Vec<&str> = text.split("code = \"").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(codes, ["3", "2", "1"]);
    let update: &Value = &space.report("report.json")["update"];
    assert_eq!((&update["changed"], &update["unchanged"]), (&json!(1), &json!(2)));

    let unknown = space.run(&format!("{import} v3.geojsonl")).exits(1);
    assert!(unknown.contains("lowest first: --levels"), "{unknown}");
    let other = space.run(&format!("{import} --hazard landslide v2.geojsonl")).exits(1);
    assert!(other.contains("layer `flood` has hazard flood"), "{other}");
}

#[test]
fn an_old_version_that_cannot_be_read_is_not_passed_over() {
    let space = Workspace::new();
    first_version(&space);
    let file = space
        .files("pack")
        .into_keys()
        .find(|name| name.ends_with(".fgb"))
        .unwrap();
    space.write(&format!("pack/{file}"), "fgb");
    let output = space.run(&format!("{IMPORT} v1.csv")).exits(5);
    assert!(
        output.contains("the old version cannot be read and was not compared"),
        "{output}"
    );
    space.run(&format!("{IMPORT} --accept v1.csv")).exits(4);
    space.run("check pack").exits(0);
}

#[test]
fn columns_that_are_gone_are_a_warning() {
    let space = Workspace::new();
    first_version(&space);
    let without_capacity: String = register(|_, row| Some(row.to_owned()))
        .lines()
        .map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n")
        .collect();
    space.write("v2.csv", without_capacity);
    let question = space.run(&format!("{IMPORT} v2.csv")).exits(1);
    assert!(
        question.contains("there is no column `容纳人数` for capacity"),
        "{question}"
    );
    let output = space.run(&format!("{IMPORT} --map capacity= v2.csv")).exits(4);
    assert!(
        output.contains("warning  columns that the layer had are not in the new version: 容纳人数"),
        "{output}"
    );
    assert_eq!(space.report("report.json")["update"]["unchanged"], 10);
}
