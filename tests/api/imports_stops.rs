//! `/api/imports`: findings that stop an import, and questions that it ends with.

use std::{fmt::Write as _, fs, path::Path};

use axum::http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::site::{Reply, Site};

const TOKEN: &str = "a-token-that-is-long-enough";

/// An operator at a copy of a pack.
struct Operator {
    site: Site,
    pack: TempDir,
}

impl Operator {
    fn at(pack: &str) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(pack)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        let site = Site::of(
            copy.path().to_str().unwrap(),
            &[("operator-token", TOKEN), ("max-uploads", "100")],
        );
        Self { site, pack: copy }
    }

    async fn send(&self, path: &str, lang: &str, body: Vec<u8>) -> Reply {
        let token = format!("Bearer {TOKEN}");
        let headers = [("authorization", token.as_str()), ("accept-language", lang)];
        self.site.send_body(Method::POST, path, &headers, body.into()).await
    }

    async fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> String {
        let reply = self
            .send(&format!("/api/imports?filename={name}"), "en", bytes.into())
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// `preview` or `accept`.
    async fn order(&self, what: &str, id: &str, lang: &str, options: &Value) -> Reply {
        let path = format!("/api/imports/{id}/{what}");
        self.send(&path, lang, options.to_string().into_bytes()).await
    }

    fn manifest(&self) -> String {
        fs::read_to_string(self.pack.path().join("region.toml")).unwrap()
    }

    /// Goes through a file that a finding stops: nothing happens unless somebody says that it should.
    async fn is_stopped(&self, id: &str, options: &Value, code: &str) {
        let (manifest, world) = (self.manifest(), self.site.app.world().version.to_string());
        let preview = self.order("preview", id, "en", options).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let preview = preview.json();
        assert_eq!(preview["report"]["stopped"], true);
        stop(&preview["report"], code);

        for lang in ["zh", "en"] {
            let refused = self.order("accept", id, lang, options).await;
            refused.problem(409, "import_stopped");
            let finding = stop(&refused.json()["report"], code);
            assert_eq!(finding["message"], finding["messages"][lang], "{finding}");
            assert_eq!(finding["messages"]["en"], stop(&preview["report"], code)["message"]);
        }
        assert_eq!(self.manifest(), manifest, "nothing is stored");
        assert_eq!(self.site.app.world().version.to_string(), world);

        let mut options = options.clone();
        options["accept"] = true.into();
        let done = self.order("accept", id, "en", &options).await;
        assert_eq!(done.status, 200, "{}", done.text());
        let done = done.json();
        assert_eq!(
            (&done["report"]["stopped"], &done["reload"]),
            (&json!(false), &json!("changed"))
        );
        stop(&done["report"], code);
        assert_ne!(done["world"], world);
    }
}

/// The finding of this code, which stops the import.
#[track_caller]
fn stop(report: &Value, code: &str) -> Value {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["code"] == code);
    let found = found.unwrap_or_else(|| panic!("{code} is not in {findings:?}"));
    assert_eq!(found["severity"], "stop");
    found.clone()
}

/// Facilities of Testland, from 1 to a number.
fn facilities(to: u32) -> String {
    let mut csv = "id,name,lon,lat\n".to_owned();
    for row in 1..=to {
        writeln!(csv, "F{row},所{row},{:.3},0.1", f64::from(row) / 100.0).unwrap();
    }
    csv
}

#[tokio::test]
async fn a_next_version_without_a_large_part_of_the_layer_waits_for_a_word() {
    let operator = Operator::at("tests/fixtures/packs/tiny");
    let options = json!({ "layer": "offices", "role": "facility", "map": { "id": "id" } });
    let first = operator.upload("first.csv", facilities(20)).await;
    assert_eq!(operator.order("accept", &first, "en", &options).await.status, 200);
    // A fifth is not suspicious, more is.
    let most = operator.upload("most.csv", facilities(16)).await;
    let preview = operator.order("preview", &most, "en", &options).await.json();
    assert_eq!(
        (&preview["report"]["stopped"], &preview["report"]["update"]["removed"]),
        (&json!(false), &json!(4))
    );
    let few = operator.upload("few.csv", facilities(15)).await;
    operator.is_stopped(&few, &options, "suspicious_loss").await;
    let region = operator.site.json("/api/region").await;
    let layers = region["layers"].as_array().unwrap();
    let layer = layers.iter().find(|layer| layer["id"] == "offices").unwrap();
    assert_eq!(layer["count"], 15);
    // What a person is to read is in the language of the page, with its numbers.
    let less = operator.upload("less.csv", facilities(6)).await;
    let preview = operator.order("preview", &less, "zh", &options).await.json();
    let said = stop(&preview["report"], "suspicious_loss")["message"].clone();
    let said = said.as_str().unwrap();
    assert!(said.contains("原有 15 个要素") && said.contains("其中 9 个"), "{said}");
}

#[tokio::test]
async fn boundaries_in_another_datum_than_the_one_said_wait_for_a_word() {
    let Some(data) = std::env::var_os("REFUGIA_TEST_DATA") else {
        println!("skipped: REFUGIA_TEST_DATA names no folder of real files");
        return;
    };
    let boundaries = fs::read(Path::new(&data).join("fj_boundaries_gcj02.geojson")).unwrap();
    let operator = Operator::at("data/fujian");
    let id = operator.upload("boundaries.geojson", boundaries).await;
    let mut options = json!({ "layer": "boundaries", "role": "admin_area", "datum": "gcj02" });
    let preview = operator.order("preview", &id, "en", &options).await.json();
    assert_eq!(preview["report"]["stopped"], false, "said to be what they are");
    options["datum"] = "wgs84".into();
    operator.is_stopped(&id, &options, "shift_suspected").await;
}

#[tokio::test]
async fn a_question_comes_with_its_answers() {
    let operator = Operator::at("data/fujian");
    // Easting and northing of Fuzhou, CGCS2000 / 3-degree Gauss-Kruger CM 120E.
    let csv = "id,X,Y\na,429500,2885000\nb,430500,2886000\n";
    let id = operator.upload("plane.csv", csv).await;
    let mut options = json!({ "layer": "plane", "role": "facility", "map": { "lon": "X", "lat": "Y" } });
    for (lang, word) in [("en", "degrees"), ("zh", "经纬度")] {
        let reply = operator.order("preview", &id, lang, &options).await;
        reply.problem(422, "import_crs");
        let problem = reply.json();
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
        let choices = problem["choices"].as_array().unwrap();
        let wanted = choices.iter().find(|choice| choice["datum"] == "epsg:4549").unwrap();
        assert!(wanted["names"][lang].as_str().unwrap().contains("CGCS2000"), "{wanted}");
        let lon = wanted["position"][0].as_f64().unwrap();
        assert!((119.0..120.0).contains(&lon), "{wanted}");
    }
    options["datum"] = "epsg:4549".into();
    let preview = operator.order("preview", &id, "en", &options).await;
    assert_eq!(preview.status, 200, "{}", preview.text());

    options["datum"] = "epsg:4549".into();
    let degrees = operator
        .upload("degrees.csv", "id,X,Y\na,119.3,26.1\nb,119.4,26.2\n")
        .await;
    let reply = operator.order("preview", &degrees, "en", &options).await;
    reply.problem(422, "import_crs");
    let datums: Vec<Value> = reply.json()["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| choice["datum"].clone())
        .collect();
    assert_eq!(datums, ["wgs84", "cgcs2000", "gcj02", "bd09"]);

    options["datum"] = "wgs84".into();
    options["map"] = json!({ "lon": "Y", "lat": "X" });
    let swapped = operator.order("preview", &degrees, "en", &options).await;
    swapped.problem(422, "import_crs");
    let choice = swapped.json()["choices"][0].clone();
    assert_eq!(choice["map"], json!({ "lon": "X", "lat": "Y" }), "{choice}");
    options["map"] = choice["map"].clone();
    assert_eq!(operator.order("preview", &degrees, "en", &options).await.status, 200);
}

impl Operator {
    /// Checks that a file fails with a code of its own, told in both languages; the Chinese has a word in it.
    async fn fails(&self, name: &str, bytes: impl Into<Vec<u8>>, options: &Value, (code, word): (&str, &str)) {
        let id = self.upload(name, bytes).await;
        for (lang, word) in [("zh", word), ("en", "")] {
            let reply = self.order("preview", &id, lang, options).await;
            let status = if code == "layer_exists" { 409 } else { 422 };
            reply.problem(status, code);
            let detail = reply.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(word), "{detail}");
            assert!(!detail.contains("refugia-uploads"), "{detail}");
        }
    }
}

#[tokio::test]
async fn each_kind_of_file_that_cannot_be_read_has_a_code_in_both_languages() {
    let operator = Operator::at("tests/fixtures/packs/tiny");
    let options = json!({ "layer": "new", "role": "shelter" });
    let cut = b"{\"type\":\"FeatureCollection\",\"features\":[";
    for (name, bytes, code, word) in [
        ("a.pdf", &b"%PDF-1.7"[..], "import_format", "PDF"),
        ("a.csv", b"", "import_format", "文件是空的"),
        ("a.zip", b"PK\x03\x04 cut", "import_archive", "压缩包"),
        ("a.geojson", cut, "import_damaged", "损坏"),
        ("a.csv", b"id,name\n1,a\n", "import_header", "坐标列与表"),
        ("a.csv", b"id,lon,lat\n1,x,y\n", "import_nothing_kept", "第 1 行"),
    ] {
        operator.fails(name, bytes, &options, (code, word)).await;
    }
}

#[tokio::test]
async fn each_kind_of_option_that_does_not_fit_has_a_code_in_both_languages() {
    let operator = Operator::at("tests/fixtures/packs/tiny");
    for (change, code, word) in [
        (json!({ "encoding": "klingon" }), "import_encoding", "klingon"),
        (
            json!({ "map": { "capacity": "人数" } }),
            "import_columns",
            "没有列“人数”",
        ),
        (
            json!({ "role": "facility", "map": { "capacity": "name" } }),
            "import_unfit",
            "设施",
        ),
        (json!({ "role": "hazard_zone" }), "import_request", "灾种"),
        (json!({ "layer": "flood" }), "layer_exists", "危险区"),
    ] {
        let mut options = json!({ "layer": "new", "role": "shelter" });
        options
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let csv = "id,name,lon,lat\n1,甲,0.1,0.1\n";
        operator.fails("a.csv", csv, &options, (code, word)).await;
    }
    let options = json!({ "layer": "new", "role": "shelter", "encoding": "utf-8" });
    let bytes = b"id,name,lon,lat\n1,\xc3\xc3,0.1,0.1\n";
    operator
        .fails("a.csv", bytes, &options, ("import_encoding", "UTF-8"))
        .await;
}

#[tokio::test]
async fn refused_rows_are_told_in_the_language_asked_for() {
    let operator = Operator::at("tests/fixtures/packs/tiny");
    let id = operator
        .upload("a.csv", "id,name,lon,lat\n1,甲,0.1,0.1\n1,乙,0.2,0.1\n")
        .await;
    let options = json!({ "layer": "new", "role": "shelter", "map": { "id": "id" } });
    for lang in ["zh", "en"] {
        let preview = operator.order("preview", &id, lang, &options).await.json();
        let refusal = &preview["report"]["refusals"][0];
        assert_eq!(
            refusal["reasons"],
            json!({ "zh": "编号与第 1 行重复", "en": "the id stands in row 1 already" })
        );
        assert_eq!(refusal["reason"], refusal["reasons"][lang]);
    }
}

#[tokio::test]
async fn a_shelter_mapped_as_an_area_has_its_outline_in_its_record_and_nowhere_as_text() {
    let operator = Operator::at("tests/fixtures/packs/tiny");
    let square = json!([[[0.1, 0.1], [0.102, 0.1], [0.102, 0.102], [0.1, 0.102], [0.1, 0.1]]]);
    let file = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "id": "park", "name": "公园" }, "geometry": { "type": "Polygon", "coordinates": square } },
        { "type": "Feature", "properties": { "id": "hall", "name": "馆" }, "geometry": { "type": "Point", "coordinates": [0.2, 0.1] } },
    ] });
    let id = operator.upload("parks.geojson", file.to_string()).await;
    let options = json!({ "layer": "parks", "role": "shelter", "map": { "id": "id" } });
    let done = operator.order("accept", &id, "en", &options).await;
    assert_eq!(done.status, 200, "{}", done.text());

    let park = operator.site.json("/api/shelters/park").await;
    assert_eq!(park["footprint"], json!({ "type": "Polygon", "coordinates": square }));
    assert_eq!(park["geometry"]["type"], "Point");
    let fields = park["properties"]["record"].as_array().unwrap();
    assert!(fields.iter().all(|field| field["field"] != "footprint"), "{fields:?}");
    let moved = operator.site.json("/api/shelters/park?datum=gcj02").await;
    assert_eq!(moved["footprint"]["type"], "Polygon");
    let hall = operator.site.json("/api/shelters/hall").await;
    assert!(hall.get("footprint").is_none(), "{hall}");
    let nearest = operator.site.json("/api/shelters/nearest?lon=0.1&lat=0.1").await;
    assert!(
        !nearest.to_string().contains("footprint"),
        "outlines are asked for one by one"
    );
    let tiles = operator.site.json("/tiles/parks.json").await;
    assert!(!tiles.to_string().contains("footprint"), "{tiles}");
}
