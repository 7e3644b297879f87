//! Archives of tiles in a pack, as `refugia check` sees them; also out of a store that speaks S3.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
};

use serde_json::Value;

use crate::harness::Workspace;

/// A pack whose own tiles are its archive, with another line in the manifest's entry.
fn pack(place: &str) -> Workspace {
    let space = Workspace::new();
    space.write("s.csv", "id,name,lon,lat\na,一中,119.3,26.1\n");
    let import = "import --region pack --layer shelters --role shelter --vintage 2026 s.csv";
    space.run(import).exits(0);
    space
        .run("tiles --region pack --out pack/base.pmtiles --max-zoom 6")
        .exits(0);
    let manifest = space.manifest("pack");
    let entry = format!(
        "\n[[archive]]\nid = \"base\"\nnames = {{ zh = \"底图\", en = \"Base\" }}\n{place}\nsource = \"here\"\n\
         licence = \"CC0-1.0\"\nvintage = \"2026\"\nsynthetic = false\n"
    );
    space.write("pack/region.toml", manifest + &entry);
    space
}

#[test]
fn an_archive_is_checked_with_the_pack() {
    let space = pack("file = \"base.pmtiles\"");
    let said = space.run("check pack").exits(0);
    assert!(said.contains("archive base: mvt, zoom 0 to 6, real"), "{said}");
    let json: Value = serde_json::from_str(&space.run("check --json pack").exits(0)).unwrap();
    assert_eq!(
        (&json["archives"][0]["format"], &json["archives"][0]["remote"]),
        (&"mvt".into(), &false.into())
    );
    let whole = space.files("pack")["base.pmtiles"].clone();
    space.write("pack/base.pmtiles", &whole[..whole.len() / 2]);
    let faults = space.run("check pack").exits(1);
    assert!(faults.contains("base.pmtiles: is cut short or damaged"), "{faults}");
}

#[test]
fn a_layer_is_imported_beside_an_archive_and_never_over_it() {
    let space = pack("file = \"base.pmtiles\"");
    space
        .run("import --region pack --layer more --role shelter --vintage 2026 s.csv")
        .exits(0);
    assert!(space.manifest("pack").contains("[[archive]]"));
    let clash = space.refugia(&[
        "import", "--region", "pack", "--layer", "base", "--role", "shelter", "s.csv",
    ]);
    clash.exits(1);
    assert!(!space.manifest("pack").contains("id = \"base\"\nrole"));
}

/// A store with one object for any number of requests; tells the head of each.
fn store(object: Vec<u8>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, heads) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Some(head) = give(stream, &object) {
                _ = sender.send(head);
            }
        }
    });
    (port, heads)
}

fn give(mut stream: TcpStream, object: &[u8]) -> Option<String> {
    let lines = BufReader::new(stream.try_clone().ok()?).lines();
    let head: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let head = head.join("\n");
    let range = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("range: bytes=").map(str::to_owned))?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    let last = last.min(object.len() - 1);
    let body = &object[first..=last];
    let answer = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {first}-{last}/{}\r\nContent-Length: {}\r\nETag: \"1\"\r\n\
         Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: close\r\n\r\n",
        object.len(),
        body.len()
    );
    stream.write_all(answer.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    Some(head)
}

#[test]
fn an_archive_in_a_bucket_is_asked_for_with_the_credentials_of_the_environment() {
    let space = pack("url = \"s3://maps/fujian/base.pmtiles\"");
    let (port, heads) = store(space.files("pack")["base.pmtiles"].clone());
    let check = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_refugia"));
        command
            .arg("check")
            .arg(space.path("pack"))
            .env("NO_PROXY", "127.0.0.1");
        command
    };
    let output = check()
        .env("AWS_ENDPOINT", format!("http://127.0.0.1:{port}"))
        .env("AWS_REGION", "eu-1")
        .env("AWS_ACCESS_KEY_ID", "somebody")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("archive base: mvt, zoom 0 to 6"), "{output:?}");
    let head = heads.recv().unwrap();
    assert!(head.starts_with("GET /maps/fujian/base.pmtiles HTTP/1.1"), "{head}");
    assert!(head.contains("AWS4-HMAC-SHA256 Credential=somebody/"), "{head}");
}

#[test]
fn an_archive_that_cannot_be_reached_is_a_warning() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let space = pack(&format!("url = \"http://127.0.0.1:{port}/base.pmtiles?key=s3cret\""));
    let run = space.run("check pack");
    let warned = run.stderr.clone();
    let said = run.exits(0);
    assert!(said.contains("archive base: not reached"), "{said}");
    assert!(
        warned.contains("warning: archive base, http://127.0.0.1:") && !warned.contains("s3cret"),
        "{warned}"
    );
}
