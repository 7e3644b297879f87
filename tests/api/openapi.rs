//! The description is what is served, and what is served is described.

use std::{fs, path::Path};

use refugia::http::openapi_document;
use serde_json::Value;

use crate::{site::Site, teams};

/// The committed copy, which the web app's types are made from.
const COPY: &str = "web/src/api/openapi.json";

#[tokio::test]
async fn the_committed_description_is_the_served_one() {
    let served = Site::tiny().get("/api/openapi.json").await;
    assert_eq!(served.json(), openapi_document());
    let mut text = serde_json::to_string_pretty(&openapi_document()).unwrap();
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(COPY);
    if std::env::var_os("REFUGIA_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{COPY} is not what the server describes; `make bless` writes it anew"
    );
}

#[tokio::test]
async fn every_described_address_is_there_and_takes_the_described_parameters() {
    let roads = teams::testland();
    let site = &roads.site;
    let api = openapi_document();
    for (path, item) in api["paths"].as_object().unwrap() {
        if path.starts_with("/api/imports") {
            // For operators only; `imports.rs` goes through them.
            continue;
        }
        // What changes something is gone through by the tests of its own.
        let Some(operation) = item.get("get") else { continue };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let (mut address, mut query) = (path.clone(), Vec::new());
        for parameter in &parameters {
            let name = parameter["name"].as_str().unwrap();
            let value = example(path, name);
            if parameter["in"] == "path" {
                address = address.replace(&format!("{{{name}}}"), value);
            } else {
                query.push(format!("{name}={value}"));
            }
            let described = parameter["description"].as_str().is_some_and(|text| !text.is_empty());
            assert!(described, "{path}: {name} is not described");
        }
        let reply = site.get(&format!("{address}?{}", query.join("&"))).await;
        // Icons are part of the web build, which may be missing; this pack has no fonts and sprites of its own.
        let may_be_missing = path == "/styles/{sprite}" || path.starts_with("/fonts/") || path.starts_with("/sprites/");
        let ok = reply.status == 200 || may_be_missing;
        assert!(ok, "{path}: {}", reply.text());
        assert!(operation["responses"]["200"]["description"].is_string(), "{path}");
    }
}

fn example(path: &str, name: &str) -> &'static str {
    match (path, name) {
        ("/api/shelters/nearest" | "/api/isochrone" | "/api/teams/nearest", "lon") => "-0.1",
        ("/api/shelters/nearest" | "/api/isochrone" | "/api/teams/nearest", "lat") => "0.03",
        (_, "serves") => "p1",
        ("/api/isochrone", "direction") => "to",
        (_, "minutes") => "5",
        (_, "area") => "region",
        (_, "lon" | "lat" | "z" | "x" | "y") => "0",
        (_, "k" | "limit") => "2",
        (_, "hazard" | "layers") => "flood",
        (_, "by") => "foot",
        (_, "from") => "-0.1,0.03",
        (_, "to") => "0.2,0.03",
        (_, "via") => "0.2,0.2",
        (_, "mode") => "car",
        (_, "depart") => "2126-01-01T00:00:00Z",
        (_, "encoding") => "mlt",
        (_, "include_closed") => "true",
        (_, "datum") => "gcj02",
        (_, "lang") => "en",
        (_, "q") => "hewan",
        (_, "id") => "s1",
        (_, "v") => "1",
        (_, "theme") => "light",
        (_, "sprite" | "file") => "sprite.json",
        (_, "fontstack") => "Noto",
        (_, "range") => "0-255",
        _ => panic!("{path} has a parameter {name} that this test does not know"),
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(entries) => {
                found.extend(entries.get("$ref").and_then(Value::as_str));
                entries.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let api = openapi_document();
    let mut found = Vec::new();
    references(&api, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(api.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}
