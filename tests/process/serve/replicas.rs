//! Two servers on the same pack behind nginx, as the README says.

use std::{
    env, fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::server::Server;

/// What nginx is told, with the ports of this test in place of the README's.
const CONFIG: &str = include_str!("../../fixtures/nginx.conf");

/// How long nginx may take to listen; the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

struct Proxy {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Proxy {
    /// nginx before some servers; `None` where it is not installed, which fails in CI.
    fn start(servers: &[&Server]) -> Option<Self> {
        if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
            assert!(env::var("CI").is_err(), "nginx is missing: tests/setup.sh installs it");
            println!("skipped: nginx is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let servers: Vec<String> = servers
            .iter()
            .map(|server| format!("server {} max_fails=1 fail_timeout=5s;", server.address()))
            .collect();
        let config = CONFIG
            .replace("@servers@", &servers.join("\n"))
            .replace("@listen@", &format!("127.0.0.1:{port}"));
        fs::write(folder.path().join("nginx.conf"), config).unwrap();
        let child = Command::new("nginx")
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let proxy = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        };
        let started = Instant::now();
        while proxy.try_get("/healthz", &[]).is_none() {
            assert!(started.elapsed() < PATIENCE, "nginx does not listen");
            sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    /// Status, entity tag and body.
    fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<(u16, String, Vec<u8>)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut reply = request.call().ok()?;
        let tag = reply.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        let body = reply.body_mut().read_to_vec().unwrap();
        Some((reply.status().as_u16(), tag.unwrap_or_default(), body))
    }

    fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.try_get(path, &[]).unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Asked, not killed, so that its workers end too.
        _ = Command::new("kill").arg(self.child.id().to_string()).status();
        _ = self.child.wait();
    }
}

const KEPT: [&str; 4] = [
    "/tiles/flood,shelters/5/16/16.mvt",
    "/tiles/flood,shelters/5/16/16.mlt",
    "/api/region",
    "/styles/light.json",
];

#[test]
fn replicas_say_the_same_and_one_is_enough() {
    let one = Server::start(&["--watch", "off"]);
    let other = Server::start_on_copy_of(&one.pack);
    let Some(proxy) = Proxy::start(&[&one, &other]) else {
        return;
    };
    assert_eq!(
        one.world(),
        other.world(),
        "a world's version comes from the pack alone"
    );
    for path in KEPT {
        let answers: Vec<_> = (0..6).map(|_| proxy.get(path)).collect();
        let (status, tag, body) = &answers[0];
        assert!(*status == 200 && !tag.is_empty(), "{path}");
        for answer in &answers {
            assert_eq!((&answer.1, answer.2 == *body), (tag, true), "{path}");
            let known = proxy.try_get(path, &[("if-none-match", &answer.1)]).unwrap();
            assert_eq!(known.0, 304, "{path}: what one replica gave is known to the other");
        }
    }
    let asked = |server: &Server| {
        let (_, metrics) = server.get("/metrics");
        metrics.contains("route=\"/tiles/{layers}/{z}/{x}/{file}\"")
    };
    assert!(asked(&one) && asked(&other), "both were asked");

    drop(one);
    for path in KEPT.iter().cycle().take(40) {
        assert_eq!(proxy.get(path).0, 200, "one of two is down");
    }
}
