//! `/api/imports`: who is let in, how a file comes to the server, what is told of it, and how it becomes a layer.

mod accept;
mod access;
mod options;
mod preview;
mod uploads;

use std::{fs, path::Path};

use axum::{body::Body, http::Method};
use refugia::http::openapi_document;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::site::{Reply, Site};

const TOKEN: &str = "a-token-that-is-long-enough";
const BEARER: (&str, &str) = ("authorization", "Bearer a-token-that-is-long-enough");

/// Three shelters of Testland, and one that is nowhere.
const SHELTERS: &str =
    "id,名称,经度,纬度,容纳人数\nn1,甲馆,0.10,0.10,120\nn2,乙馆,0.20,0.20,\nn3,丙馆,0.30,0.10,80\nn4,丁馆,abc,0.1,5\n";

/// A site on a pack of its own, which an operator can change.
struct Desk {
    site: Site,
    pack: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[(&str, &str)]) -> Self {
        let pack = tempfile::tempdir().unwrap();
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
        for file in fs::read_dir(tiny).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), pack.path().join(file.file_name())).unwrap();
        }
        let flags: Vec<_> = [("operator-token", TOKEN)]
            .into_iter()
            .chain(flags.iter().copied())
            .collect();
        let site = Site::of(pack.path().to_str().unwrap(), &flags);
        Self { site, pack }
    }

    async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let headers = [BEARER, ("accept-language", "en")];
        self.site.send_body(method, path, &headers, body.into()).await
    }

    /// The id of an uploaded file.
    async fn upload(&self, name: &str, bytes: impl Into<Body>) -> String {
        let reply = self
            .send(Method::POST, &format!("/api/imports?filename={name}"), bytes)
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        assert_eq!(reply.header("cache-control"), "no-store");
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    async fn preview(&self, id: &str, options: &Value) -> Reply {
        self.send(Method::POST, &format!("/api/imports/{id}/preview"), options.to_string())
            .await
    }

    async fn accept(&self, id: &str, options: &Value) -> Reply {
        self.send(Method::POST, &format!("/api/imports/{id}/accept"), options.to_string())
            .await
    }

    async fn uploads(&self) -> Value {
        let reply = self.send(Method::GET, "/api/imports", Body::empty()).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    async fn layers(&self) -> Vec<String> {
        let region = self.site.json("/api/region").await;
        let layers = region["layers"].as_array().unwrap().iter();
        layers.map(|layer| layer["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Every file of the pack, but for the lock.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.pack.path()).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> = entries
            .filter(|entry| entry.path().extension().is_none_or(|extension| extension != "lock"))
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    fs::read(entry.path()).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    }
}

fn shelters() -> Value {
    json!({ "layer": "new", "role": "shelter", "names": { "zh": "新避灾点", "en": "New shelters" }, "map": { "id": "id" } })
}

/// Every described operation: method and an address.
fn operations() -> Vec<(Method, String)> {
    let api = openapi_document();
    let mut operations = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if path.starts_with("/api/imports") {
                assert_eq!(operation["security"], json!([{ "operator": [] }]), "{path}");
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operations.push((method, path.replace("{id}", "0123456789abcdef")));
            }
        }
    }
    operations
}
