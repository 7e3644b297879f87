//! A private PostgreSQL with PostGIS: started by the first test that asks, shared by all tests of the process, stopped
//! and thrown away with the last of them.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use geo_types::Geometry;
use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::real::left_out;

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

/// A running server.
pub(crate) struct Server {
    programs: PathBuf,
    scratch: TempDir,
    port: u16,
}

/// The server; `None`, said aloud, where PostgreSQL or PostGIS is not installed and need not be.
pub(crate) fn server() -> Option<Arc<Server>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let Some(programs) = programs() else {
        left_out("PostgreSQL is not installed (Debian: postgresql-15 postgresql-15-postgis-3)");
        return None;
    };
    let server = Arc::new(Server::start(programs));
    if let Err(error) = server.client().batch_execute("CREATE EXTENSION IF NOT EXISTS postgis") {
        left_out(&format!(
            "PostGIS is not installed (Debian: postgresql-15-postgis-3): {error}"
        ));
        return None;
    }
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// The folder of the newest PostgreSQL's programs: Debian's place, or what `pg_config` says.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder).or_else(|| {
        let said = Command::new("pg_config").arg("--bindir").output().ok()?;
        let folder = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
        folder.join("initdb").exists().then_some(folder)
    })
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}

impl Server {
    fn start(programs: PathBuf) -> Self {
        let scratch = TempDir::with_prefix("refugia-oracle-").unwrap();
        if is_root() {
            // PostgreSQL refuses to run as root.
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(scratch.path())
                .status()
                .unwrap();
            assert!(owned.success(), "there must be a user postgres");
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self {
            programs,
            scratch,
            port,
        };
        server.run(
            "initdb",
            &[
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c jit=off -c fsync=off -c full_page_writes=off"
        );
        let log = server.scratch.path().join("log");
        server.run("pg_ctl", &["-w", "-l", log.to_str().unwrap(), "-o", &options, "start"]);
        server
    }

    fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let program: &Path = &self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The server outlives the program that starts it and must not hold on to a pipe of ours.
        command
            .arg("-D")
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.current_dir(self.scratch.path());
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let done = self.command(program).args(arguments).status().unwrap();
        let log = fs::read_to_string(self.scratch.path().join("log")).unwrap_or_default();
        assert!(done.success(), "{program} {arguments:?} failed: {done}\n{log}");
    }

    /// A new connection.
    pub(crate) fn client(&self) -> Client {
        let address = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port);
        Client::connect(&address, NoTls).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.command("pg_ctl").args(["-m", "immediate", "stop"]).status();
        assert!(
            stopped.is_ok_and(|status| status.success()),
            "the server on port {} was not stopped",
            self.port
        );
    }
}

/// Makes a temporary table `name (row int, shape geometry)` of WGS 84 geometries, with its index.
pub(crate) fn load<'g>(client: &mut Client, name: &str, shapes: impl IntoIterator<Item = &'g Geometry<f64>>) {
    client
        .batch_execute("DROP TABLE IF EXISTS text; CREATE TEMP TABLE text (row int, json text)")
        .unwrap();
    let mut copy = client.copy_in("COPY text FROM STDIN").unwrap();
    for (row, shape) in shapes.into_iter().enumerate() {
        writeln!(copy, "{row}\t{}", geojson::Geometry::from(shape)).unwrap();
    }
    copy.finish().unwrap();
    let make = format!(
        "CREATE TEMP TABLE {name} AS SELECT row, ST_SetSRID(ST_GeomFromGeoJSON(json), 4326) AS shape FROM text;
         CREATE INDEX ON {name} USING gist (shape); ANALYZE {name}"
    );
    client.batch_execute(&make).unwrap();
}
