//! A server of its own for each test, on a port of its own, with a copy of a pack.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take that is waited for; the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Server {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    pub(super) printed: String,
    pub(super) url: String,
    pub(super) pack: PathBuf,
    _folder: TempDir,
}

/// The program with none of the caller's own settings.
pub(super) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refugia"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("REFUGIA_")) {
        command.env_remove(name);
    }
    command
}

/// Copies a fixture pack into a folder.
pub(super) fn copy_pack(name: &str, to: &Path) {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs");
    copy_folder(&packs.join(name), to);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let copy = to.join(file.file_name());
        fs::copy(file.path(), &copy).unwrap();
        // As `rsync -a` does.
        let times = file.metadata().unwrap().modified().unwrap();
        File::options()
            .write(true)
            .open(copy)
            .unwrap()
            .set_modified(times)
            .unwrap();
    }
}

impl Server {
    pub(super) fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, |_| {})
    }

    /// Starts on a pack of this repository.
    pub(super) fn start_on(pack: &str) -> Self {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join(pack);
        Self::launch(tempfile::tempdir().unwrap(), pack, &[], |_| {})
    }

    /// Starts on a copy of a pack, as on another machine.
    pub(super) fn start_on_copy_of(pack: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("pack");
        copy_folder(pack, &copy);
        Self::launch(folder, copy, &["--watch", "off"], |_| {})
    }

    /// Starts on a copy of Testland.
    pub(super) fn start_with(flags: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pack = folder.path().join("pack");
        copy_pack("tiny", &pack);
        Self::launch(folder, pack, flags, prepare)
    }

    /// Starts on a free port and waits until it listens.
    fn launch(folder: TempDir, pack: PathBuf, flags: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        let mut command = program();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--region"])
            .arg(&pack)
            .args(flags);
        prepare(&mut command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let reader = follow(&mut child, &log);
        let mut printed = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "ended before it listened:\n{printed}\n{}",
                log.lock().unwrap()
            );
            printed.push_str(&line);
            if let Some(url) = line.trim().strip_prefix("Listening on ") {
                break url.to_owned();
            }
        };
        Self {
            child,
            log,
            reader: Some(reader),
            printed,
            url,
            pack,
            _folder: folder,
        }
    }

    /// Status and body, as text where it is; problems are no errors here.
    pub(super) fn get(&self, path: &str) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut reply = agent.get(format!("{}{path}", self.url)).call().unwrap();
        let body = reply.body_mut().read_to_vec().unwrap();
        (reply.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
    }

    pub(super) fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub(super) fn world(&self) -> String {
        self.json("/api/region")["world"].as_str().unwrap().to_owned()
    }

    pub(super) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    pub(super) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until something holds.
    #[track_caller]
    pub(super) fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !holds(self) {
            assert!(
                started.elapsed() < PATIENCE,
                "waited in vain for: {what}\n{}",
                self.log()
            );
            sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to stop and gives what it leaves: how it ended and the whole log.
    pub(super) fn stop(mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.wait()
    }

    pub(super) fn wait(&mut self) -> (ExitStatus, String) {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "does not end\n{}", self.log());
            sleep(Duration::from_millis(20));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        (status, self.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already where the test came to its end.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn follow(child: &mut Child, log: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let (mut stderr, log) = (child.stderr.take().unwrap(), Arc::clone(log));
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = stderr.read(&mut buffer) {
            log.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    })
}
