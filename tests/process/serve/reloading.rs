use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use super::server::{Server, copy_pack};

/// Renames the region: the smallest change of a pack.
fn rename(pack: &Path, name: &str) {
    let manifest = pack.join("region.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let line = text.lines().find(|line| line.starts_with("names")).unwrap();
    let changed = text.replacen(line, &format!("names = {{ zh = \"{name}\", en = \"{name}\" }}"), 1);
    // As careful writers do it: whole or not at all.
    let draft = pack.join("region.toml.new");
    fs::write(&draft, changed).unwrap();
    fs::rename(draft, manifest).unwrap();
}

fn name(server: &Server) -> String {
    server.json("/api/region")["names"]["en"].as_str().unwrap().to_owned()
}

#[test]
fn a_changed_pack_is_served_without_losing_a_request() {
    for watch in [["--watch", "native"], ["--watch", "poll"]] {
        let flags = [&watch[..], &["--watch-quiet", "50ms", "--watch-interval", "100ms"]].concat();
        let server = Server::start(&flags);
        let before = server.world();
        let (done, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let nearest = server.json("/api/shelters/nearest?lon=0&lat=0");
                        assert_eq!(nearest["features"].as_array().unwrap().len(), 3);
                        assert_eq!(server.get("/tiles/flood,shelters/5/16/16.mvt").0, 200);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            for turn in ["One", "Two", "Three"] {
                rename(&server.pack, turn);
                server.until("the renamed region", |server| name(server) == turn);
            }
            done.store(true, Ordering::Relaxed);
        });
        assert!(answered.load(Ordering::Relaxed) > 0);
        assert_ne!(server.world(), before);
        let (status, log) = server.stop();
        assert_eq!(status.code(), Some(0));
        assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    }
}

#[test]
fn a_broken_pack_keeps_the_old_world_and_a_mended_one_replaces_it() {
    let server = Server::start(&["--watch", "off"]);
    let before = server.world();
    let flood = fs::read(server.pack.join("flood.fgb")).unwrap();
    fs::write(server.pack.join("flood.fgb"), b"nonsense").unwrap();
    server.signal("HUP");
    server.until("the failed reload", |server| server.json("/readyz")["stale"] == true);
    assert_eq!(server.world(), before);
    assert_eq!(server.get("/tiles/flood/0/0/0.mvt").0, 200);
    let ready = server.json("/readyz");
    assert_eq!(
        (&ready["ready"], &ready["last_reload"]["outcome"]),
        (&true.into(), &"failed".into())
    );
    let metrics = server.get("/metrics").1;
    assert!(
        metrics.contains("refugia_reloads_total{outcome=\"failed\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("refugia_world_stale 1"), "{metrics}");
    assert!(
        server.log().contains("flood.fgb"),
        "each fault is in the log: {}",
        server.log()
    );

    fs::write(server.pack.join("flood.fgb"), flood).unwrap();
    rename(&server.pack, "Mended");
    server.signal("HUP");
    server.until("the mended pack", |server| name(server) == "Mended");
    assert_eq!(server.json("/readyz")["stale"], false);
    assert_ne!(server.world(), before);
}

#[test]
fn sighup_without_a_change_changes_nothing() {
    let server = Server::start(&["--watch", "off"]);
    let before = server.json("/api/region");
    server.signal("HUP");
    server.until("the reload", |server| {
        server.json("/readyz")["last_reload"]["outcome"] == "unchanged"
    });
    assert_eq!(server.json("/api/region"), before);
    assert_eq!(server.stop().0.code(), Some(0));
}

#[test]
fn a_folder_put_in_the_packs_place_is_noticed() {
    let server = Server::start(&["--watch-quiet", "50ms"]);
    let (next, old) = (server.pack.with_extension("next"), server.pack.with_extension("old"));
    copy_pack("tiny", &next);
    rename(&next, "Replaced");
    fs::rename(&server.pack, &old).unwrap();
    fs::rename(&next, &server.pack).unwrap();
    server.until("the folder in its place", |server| name(server) == "Replaced");
    // And what happens inside the new folder.
    rename(&server.pack, "Again");
    server.until("a change in the new folder", |server| name(server) == "Again");
}
