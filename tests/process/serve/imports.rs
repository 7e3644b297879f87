//! A file comes in over the network while others are answered, and nothing of it is left when the server ends.

use std::{
    fmt::Write as _,
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    time::Duration,
};

use serde_json::{Value, json};

use super::server::Server;

const TOKEN: &str = "a-token-for-the-process-test";

fn start(folder: &tempfile::TempDir, flags: &[&str]) -> Server {
    Server::start_with(flags, |command| {
        command
            .env("REFUGIA_OPERATOR_TOKEN", TOKEN)
            .env("TMPDIR", folder.path());
    })
}

/// Some megabytes of shelters in Testland.
fn shelters() -> String {
    let mut rows = String::from("id,name,lon,lat,note\n");
    for row in 0..40_000 {
        // Not 0,0, which is refused as the position of nothing.
        let (lon, lat) = (0.001 + f64::from(row % 200) / 1_000.0, f64::from(row / 200) / 1_000.0);
        writeln!(rows, "n{row},Hall {row},{lon:.4},{lat:.4},{}", "x".repeat(80)).unwrap();
    }
    rows
}

fn post(server: &Server, path: &str, body: &[u8]) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent.post(format!("{}{path}", server.url));
    let mut reply = request
        .header("authorization", format!("Bearer {TOKEN}"))
        .send(body)
        .unwrap();
    (
        reply.status().as_u16(),
        reply.body_mut().with_config().limit(1 << 26).read_json().unwrap(),
    )
}

fn left_over(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn a_large_file_comes_in_piece_by_piece_while_others_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    // An upload may take longer than any other request.
    let server = start(&folder, &["--request-timeout", "1s", "--watch", "off"]);
    let world = server.world();
    let rows = shelters();
    assert!(rows.len() > 4 << 20);
    let mut client = TcpStream::connect(server.address()).unwrap();
    let (length, pieces) = (rows.len(), rows.as_bytes().chunks(rows.len() / 12 + 1));
    write!(
        client,
        "POST /api/imports?filename=large.csv HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: \
         {length}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    for piece in pieces {
        client.write_all(piece).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(
            server.json("/api/shelters/nearest?lon=0&lat=0")["features"]
                .as_array()
                .unwrap()
                .len(),
            3
        );
    }
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let draft: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(draft["size_bytes"], length);
    let id = draft["id"].as_str().unwrap();

    let options = json!({ "layer": "large", "role": "shelter", "source": "made for a test" }).to_string();
    let (status, preview) = post(&server, &format!("/api/imports/{id}/preview"), options.as_bytes());
    assert_eq!((status, &preview["report"]["kept"]), (200, &json!(40_000)), "{preview}");
    assert_eq!(server.world(), world);
    let (status, done) = post(&server, &format!("/api/imports/{id}/accept"), options.as_bytes());
    assert_eq!(status, 200, "{done}");
    assert_eq!(done["world"], server.world());
    assert_ne!(server.world(), world);

    assert_eq!(left_over(&folder).len(), 1);
    let (status, log) = server.stop();
    assert_eq!(status.code(), Some(0));
    assert!(
        !log.contains("WARN") && !log.contains("ERROR") && !log.contains(TOKEN),
        "{log}"
    );
    assert_eq!(left_over(&folder), Vec::<PathBuf>::new(), "nothing is left of it");
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(&folder, &[]);
    let mut client = TcpStream::connect(server.address()).unwrap();
    write!(
        client,
        "POST /api/imports?filename=a.csv HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: \
         1000000\r\n\r\nid,lon,lat\n"
    )
    .unwrap();
    let arriving = || {
        let all = left_over(&folder);
        let files = |folder: &PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        all.first().is_some_and(|all| files(all).any(|name| name != ".lock"))
    };
    server.until("the file begins to arrive", |_| arriving());
    drop(client);
    server.until("it is gone", |_| !arriving());
    // A wrong token gets no byte of a file taken.
    let mut client = TcpStream::connect(server.address()).unwrap();
    write!(
        client,
        "POST /api/imports?filename=a.csv HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer wrong\r\nContent-Length: \
         1000000\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 401") && answer.contains("wrong_token"),
        "{answer}"
    );
    assert!(!arriving());
}

#[test]
fn a_token_that_could_be_guessed_is_refused_and_not_shown() {
    let output = super::server::program()
        .arg("serve")
        .env("REFUGIA_OPERATOR_TOKEN", "sesame")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains(
            "operator.operator_token = `(not shown)`, set by the environment variable REFUGIA_OPERATOR_TOKEN"
        )
    );
    assert!(errors.contains("at least 16") && !errors.contains("sesame"), "{errors}");
}
