use std::fs;

use super::server::Server;

/// A number out of the metrics.
fn metric(server: &Server, name: &str) -> u64 {
    let (status, text) = server.get("/metrics");
    assert_eq!(status, 200);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .unwrap();
    line.parse().unwrap()
}

#[test]
fn low_zooms_are_there_before_anybody_asks_also_after_a_change() {
    let server = Server::start(&["--watch", "off", "--log", "refugia=debug"]);
    let rounds = |server: &Server| server.log().matches("low zooms are rendered").count();
    let warmed = || metric(&server, "refugia_tiles_warmed_total");
    server.until("the first round", |server| rounds(server) == 1);
    let at_start = warmed();
    assert!(at_start > 0);
    // This client takes gzip, which nobody had asked for: from now on that is made ahead, too.
    let flood = "/tiles/flood/5/16/16.mlt";
    assert_eq!(server.get(flood).0, 200);
    let misses = || metric(&server, "refugia_tile_cache_misses_total");
    assert_eq!(misses(), 1);

    let manifest = server.pack.join("region.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replacen("flood.fgb", "flood2.fgb", 1)).unwrap();
    fs::rename(server.pack.join("flood.fgb"), server.pack.join("flood2.fgb")).unwrap();
    let world = server.world();
    server.signal("HUP");
    server.until("the round of the new world", |server| rounds(server) == 2);
    assert_ne!(server.world(), world);
    assert!(warmed() > at_start);
    assert_eq!(server.get(flood).0, 200);
    assert_eq!(misses(), 1, "the changed layer's tile was made ahead");
}

#[test]
fn nothing_is_made_ahead_where_that_is_off() {
    let server = Server::start(&["--warm-to-zoom", "off"]);
    assert_eq!(metric(&server, "refugia_tiles_warmed_total"), 0);
}
