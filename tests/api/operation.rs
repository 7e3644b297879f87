use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use axum::http::Method;
use refugia::{http::reload, world::World};

use crate::site::Site;

#[tokio::test]
async fn health_and_readiness() {
    let site = Site::tiny();
    assert_eq!(site.json("/healthz").await["status"], "ok");
    let ready = site.json("/readyz").await;
    assert_eq!((&ready["ready"], &ready["stale"]), (&true.into(), &false.into()));
    assert!(ready["last_reload"].is_null());
    assert_eq!(ready["world"], site.app.world().version.to_string());
}

#[tokio::test]
async fn metrics_count_by_route_and_name_nobodys_position() {
    let site = Site::tiny();
    for path in [
        "/api/risk?lon=0.123456&lat=0",
        "/api/risk?lon=0.123456&lat=0",
        "/api/risk",
        "/nothing",
        "/tiles/flood/0/0/0.mvt",
    ] {
        site.get(path).await;
    }
    site.send(Method::from_bytes(b"BREW").unwrap(), "/api/risk", &[]).await;
    site.get("/tiles/flood/0/0/0.mvt").await;
    let text = site.get("/metrics").await.text();
    for line in [
        "refugia_http_requests_total{route=\"/api/risk\",method=\"GET\",status=\"200\"} 2",
        "refugia_http_requests_total{route=\"/api/risk\",method=\"GET\",status=\"400\"} 1",
        "refugia_http_requests_total{route=\"/api/risk\",method=\"other\",status=\"405\"} 1",
        "refugia_http_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1",
        "refugia_http_request_duration_seconds_count{route=\"/api/risk\"} 4",
        "refugia_layer_features{layer=\"shelters\",role=\"shelter\"} 8",
        "refugia_tile_cache_hits_total 1",
        "refugia_tile_cache_misses_total 1",
        "refugia_reloads_total{outcome=\"failed\"} 0",
        "refugia_world_stale 0",
    ] {
        assert!(text.lines().any(|given| given == line), "{line}\n{text}");
    }
    assert!(!text.contains("0.123456"));
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let value = line.rsplit_once(' ').unwrap().1;
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn request_ids_are_kept_where_fit_and_made_where_not() {
    let site = Site::tiny();
    let kept = site.get_with("/healthz", &[("x-request-id", "abc-1.2_3")]).await;
    assert_eq!(kept.header("x-request-id"), "abc-1.2_3");
    for unfit in ["", "a b", &"a".repeat(65)] {
        let made = site.get_with("/healthz", &[("x-request-id", unfit)]).await;
        assert_ne!(made.header("x-request-id"), unfit);
        assert!(!made.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let site = Site::of("data/fujian", &[("request-timeout", "1ms")]);
    // Thousands of zones of the whole province: no machine cuts them out in a millisecond.
    let reply = site
        .get("/tiles/flood,landslide,storm_surge,typhoon,wildfire/7/106/54.mvt")
        .await;
    reply.problem(503, "too_slow");
    assert_eq!(reply.header("retry-after"), "1");
}

/// Testland under a name, last changed so long ago.
fn testland(folder: &Path, name: &str, age: Duration) -> PathBuf {
    let pack = folder.join(name);
    fs::create_dir(&pack).unwrap();
    for file in fs::read_dir("tests/fixtures/packs/tiny").unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), pack.join(file.file_name())).unwrap();
    }
    let manifest = pack.join("region.toml");
    let text = fs::read_to_string(&manifest).unwrap().replace("Testland", name);
    fs::write(manifest, text).unwrap();
    for file in fs::read_dir(&pack).unwrap() {
        let file = File::options().append(true).open(file.unwrap().path()).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }
    pack
}

#[test]
fn a_pack_put_in_the_place_of_one_that_is_being_read_does_not_mix_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let packs =
        [("Old", 7_200), ("New", 3_600)].map(|(name, age)| testland(folder.path(), name, Duration::from_secs(age)));
    let worlds = packs.each_ref().map(|pack| World::load(pack).unwrap());
    let served = folder.path().join("served");
    symlink(&packs[0], &served).unwrap();
    let site = Site::of(served.to_str().unwrap(), &[]);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 1.. {
                let next = folder.path().join("next");
                symlink(&packs[turn % 2], &next).unwrap();
                fs::rename(next, &served).unwrap();
                if done.load(Ordering::Relaxed) {
                    return;
                }
                thread::sleep(Duration::from_micros(500));
            }
        });
        for _ in 0..60 {
            reload(&site.app);
            let (got, known) = (site.app.world(), |world: &World| (world.version, world.as_of));
            if !worlds.iter().any(|world| known(world) == known(&got)) {
                done.store(true, Ordering::Relaxed);
                panic!("{:?} is neither of {:?}", known(&got), worlds.each_ref().map(known));
            }
        }
        done.store(true, Ordering::Relaxed);
    });
}
