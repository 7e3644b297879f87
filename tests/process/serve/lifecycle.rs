use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread::sleep,
    time::{Duration, Instant},
};

use super::server::{Server, program};

#[test]
fn it_tells_what_it_serves_answers_and_stops_clean() {
    let server = Server::start(&[]);
    for told in [
        "测试地",
        "Testland",
        "shelters",
        "5 layers",
        "Synthetic",
        "landslide",
        &server.world(),
    ] {
        assert!(server.printed.contains(told), "{told} is missing:\n{}", server.printed);
    }
    assert!(server.printed.contains("8 features"), "{}", server.printed);
    if cfg!(target_os = "linux") {
        assert!(server.printed.contains("MiB resident"), "{}", server.printed);
    }
    let nearest = server.json("/api/shelters/nearest?lon=0&lat=0&hazard=flood&lang=en");
    assert_eq!(nearest["features"].as_array().unwrap().len(), 2, "{nearest}");
    assert_eq!(server.get("/tiles/flood/0/0/0.mvt").0, 200);
    assert_eq!(server.get("/nothing").0, 404);
    let (status, log) = server.stop();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn an_interrupt_stops_it_too() {
    let mut server = Server::start(&[]);
    server.signal("INT");
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn a_request_under_way_is_finished() {
    let mut server = Server::start_on("data/fujian");
    let region = server.json("/api/region");
    let hazards = region["layers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|layer| layer["role"] == "hazard_zone");
    let ids: Vec<&str> = hazards.map(|layer| layer["id"].as_str().unwrap()).collect();
    let mut client = TcpStream::connect(server.address()).unwrap();
    let path = format!("/tiles/{}/6/53/27.mvt", ids.join(","));
    client
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes())
        .unwrap();
    server.until("the tile is being rendered", |server| {
        server.get("/metrics").1.contains("refugia_tile_cache_misses_total 1\n")
    });
    server.signal("TERM");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).unwrap();
    let head_end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&answer[..head_end]).to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    assert_eq!(
        answer.len() - head_end,
        length.parse::<usize>().unwrap(),
        "the whole tile"
    );
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn who_does_not_finish_is_not_waited_for_longer_than_configured() {
    let mut server = Server::start(&["--shutdown-timeout", "300ms"]);
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n").unwrap();
    sleep(Duration::from_millis(200));
    let asked = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
}

#[test]
fn a_broken_pack_at_start_is_named_fault_by_fault() {
    let folder = tempfile::tempdir().unwrap();
    super::server::copy_pack("tiny", folder.path());
    std::fs::remove_file(folder.path().join("flood.fgb")).unwrap();
    std::fs::write(folder.path().join("towns.fgb"), b"nonsense").unwrap();
    let output = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--region"])
        .arg(folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains("flood.fgb") && errors.contains("towns.fgb") && errors.contains("2 fault(s)"),
        "{errors}"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_taken_address_is_said() {
    let server = Server::start(&[]);
    let output = program()
        .args(["serve", "--listen", server.address(), "--region"])
        .arg(&server.pack)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains(server.address()) && errors.contains("--listen"),
        "{errors}"
    );
}
