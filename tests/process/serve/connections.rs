use std::{
    fs,
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use super::server::Server;

fn talk(server: &Server, request: &[u8]) -> String {
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    client.write_all(request).unwrap();
    let mut answer = Vec::new();
    // The server may close before it has read all that was sent.
    match client.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
        _ => {}
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_client_that_sends_its_head_too_slowly_is_cut_off() {
    let server = Server::start(&["--header-timeout", "500ms"]);
    for beginning in ["", "G", "GET /healthz HTTP/1.1\r\nHost: a\r\n"] {
        let started = Instant::now();
        let answer = talk(&server, beginning.as_bytes());
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(
            (0.3..20.0).contains(&started.elapsed().as_secs_f64()),
            "{beginning:?}: {:?}",
            started.elapsed()
        );
    }
    assert_eq!(server.get("/healthz").0, 200, "others are answered meanwhile and after");
}

#[test]
fn too_much_is_refused_in_its_own_words() {
    let server = Server::start(&[]);
    for length in [4_000, 50_000] {
        let (status, body) = server.get(&format!("/api/search?q={}", "a".repeat(length)));
        assert_eq!(status, 413);
        assert!(body.contains("query_too_long"), "{body}");
    }

    let large_header = format!("GET /healthz HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(66_000));
    assert!(talk(&server, large_header.as_bytes()).starts_with("HTTP/1.1 431"));
    let many = "X: a\r\n".repeat(200);
    let many_headers = format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{many}\r\n");
    assert!(talk(&server, many_headers.as_bytes()).starts_with("HTTP/1.1 431"));
    let large_body = b"POST /api/risk HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n";
    assert!(talk(&server, large_body).starts_with("HTTP/1.1 413"));
    assert!(talk(&server, b"nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert_eq!(server.get("/healthz").0, 200);
    let (_, log) = server.stop();
    assert!(
        !log.contains("WARN") && !log.contains("ERROR"),
        "what clients do wrong is no trouble of ours: {log}"
    );
}

#[test]
fn too_many_at_once_are_asked_to_come_back() {
    // One request at a time, and many clients that ask without pause.
    let server = Server::start(&["--max-requests", "1"]);
    let busy = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let server = &server;
                scope.spawn(move || {
                    (0..60)
                        .filter(|turn| {
                            let (status, body) =
                                server.get(&format!("/tiles/flood/9/{}/{}.mvt", 250 + client, 226 + turn));
                            assert!(matches!(status, 200 | 204 | 503), "{status} {body}");
                            assert!(status != 503 || body.contains("overloaded"), "{body}");
                            status == 503
                        })
                        .count()
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum::<usize>()
    });
    assert!(busy > 0, "no request met a busy server");
    assert_eq!(server.get("/tiles/flood/9/256/256.mvt").0, 200);
}

#[test]
fn one_connection_answers_many_requests() {
    let server = Server::start(&[]);
    let requests = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3)
        + "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = talk(&server, requests.as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 4, "{answers}");
}

/// curl speaks HTTP/2 without TLS when it is told that the server does.
fn curl(server: &Server, path: &str, more: &[&str]) -> String {
    let output = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--http2-prior-knowledge",
            "--max-time",
            "30",
        ])
        .args(more)
        .arg(format!("{}{path}", server.url))
        .output()
        .expect("curl is installed by `make setup`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn http2_gives_the_same_answers() {
    let server = Server::start(&["--header-timeout", "500ms"]);
    let told = curl(
        &server,
        "/tiles/flood.json",
        &["--write-out", "\n%{http_version} %{http_code}"],
    );
    let (body, protocol) = told.rsplit_once('\n').unwrap();
    assert_eq!(protocol, "2 200");
    assert_eq!(body, server.get("/tiles/flood.json").1, "links name the same host");
    let head = curl(&server, "/api/region", &["--head"]);
    assert!(head.starts_with("HTTP/2 200"), "{head}");
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .unwrap()
        .trim();
    let again = curl(
        &server,
        "/api/region",
        &["--header", &format!("If-None-Match: {tag}"), "--include"],
    );
    assert!(again.starts_with("HTTP/2 304"), "{again}");
    // A preface that never ends is a head that comes too slowly.
    assert_eq!(talk(&server, b"PRI * HTTP/2.0\r\n\r\n"), "");
}

/// The same command under a limit of open files, as `ulimit` sets it.
fn with_open_files(limit: &'static str) -> impl FnOnce(&mut Command) {
    move |command| {
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\"")])
            .arg(command.get_program())
            .args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        *command = limited;
    }
}

/// Opens connections, asks once on each and keeps those that are answered.
fn answered(server: &Server, connections: usize) -> Vec<TcpStream> {
    let open = (0..connections).map(|_| TcpStream::connect(server.address()).unwrap());
    open.take_while(|mut client| {
        client.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
        client.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut beginning = [0; 15];
        client.read_exact(&mut beginning).is_ok() && &beginning == b"HTTP/1.1 200 OK"
    })
    .collect()
}

#[test]
fn a_low_limit_of_open_files_is_raised_as_far_as_it_goes() {
    let server = Server::start_with(&["--header-timeout", "60s"], with_open_files("-Sn 64"));
    assert_eq!(answered(&server, 150).len(), 150);
    assert!(!server.log().contains("WARN"), "{}", server.log());
}

#[test]
fn a_server_full_of_connections_loads_its_next_pack() {
    let server = Server::start_with(
        &["--header-timeout", "60s", "--watch", "off"],
        with_open_files("-n 200"),
    );
    let connections = answered(&server, 250);
    assert!((50..200).contains(&connections.len()), "{}", connections.len());
    let manifest = server.pack.join("region.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("Testland", "Elsewhere")).unwrap();
    server.signal("HUP");
    server.until("the changed pack, though no file could be opened", |server| {
        server.log().contains("a changed region pack is served")
    });
    assert!(
        server.log().contains("fewer connections at once than configured"),
        "{}",
        server.log()
    );
}
