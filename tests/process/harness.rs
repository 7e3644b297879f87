//! Running the binary in a folder of its own, and looking at what it leaves.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};
use refugia::import::to_chinese;
use tempfile::TempDir;

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Whatever a test makes an import find must be said in the Chinese report as well.
    #[track_caller]
    fn is_said_in_chinese(&self) {
        for line in self.stdout.lines() {
            let labels = ["  note     ", "  warning  ", "  stop     "];
            let finding = labels.iter().find_map(|label| line.strip_prefix(label));
            // Text that is broken up over lines or cut is shown on one line.
            let is_whole = |finding: &&str| !finding.contains(['…', '\u{fffd}']);
            if let Some(finding) = finding.filter(is_whole) {
                assert!(to_chinese(finding).is_some(), "the catalogue does not have: {finding}");
            }
        }
    }

    /// Standard output, after checking the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> String {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        if code == 1 {
            self.stdout + &self.stderr
        } else {
            self.stdout
        }
    }
}

/// A folder to work in.
pub(crate) struct Workspace {
    dir: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes an input file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs `refugia` in the folder.
    pub(crate) fn refugia(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_refugia"))
            .args(args)
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let run = Run {
            code: output.status.code().expect("the program ends by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        run.is_said_in_chinese();
        run
    }

    /// Runs a command line whose words have no blanks in them.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.refugia(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// The JSON report that an import wrote.
    pub(crate) fn report(&self, name: &str) -> serde_json::Value {
        let report: serde_json::Value = serde_json::from_slice(&fs::read(self.path(name)).unwrap()).unwrap();
        for list in ["refusals", "repairs_by_row"] {
            for entry in report[list].as_array().into_iter().flatten() {
                let reason = entry["reason"].as_str().unwrap();
                assert!(to_chinese(reason).is_some(), "the catalogue does not have: {reason}");
            }
        }
        report
    }

    /// The manifest of a pack.
    pub(crate) fn manifest(&self, pack: &str) -> String {
        fs::read_to_string(self.path(pack).join("region.toml")).unwrap()
    }

    /// Changes words of a pack's manifest, as an operator would.
    #[track_caller]
    pub(crate) fn edit_manifest(&self, pack: &str, edits: &[(&str, &str)]) {
        let mut text = self.manifest(pack);
        for (from, to) in edits {
            assert!(text.contains(from), "{from} in {text}");
            text = text.replace(from, to);
        }
        fs::write(self.path(pack).join("region.toml"), text).unwrap();
    }

    /// Every file of a folder with its bytes, but for the lock.
    pub(crate) fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.path(name)) else {
            return BTreeMap::new();
        };
        entries
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
            .filter(|(name, _)| !name.ends_with(".lock"))
            .map(|(name, path)| {
                (
                    name,
                    if path.is_dir() {
                        b"a folder".to_vec()
                    } else {
                        fs::read(path).unwrap()
                    },
                )
            })
            .collect()
    }
}

/// A square feature of GeoJSON, `size` degrees wide, by its south-western corner.
pub(crate) fn square(properties: &str, west: f64, south: f64, size: f64) -> String {
    let (east, north) = (west + size, south + size);
    format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Real data, where there is any: printed and left out on a developer's machine, required in CI.
pub(crate) fn real_data(name: &str) -> Option<PathBuf> {
    let Some(dir) = std::env::var_os("REFUGIA_TEST_DATA") else {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "CI must set REFUGIA_TEST_DATA"
        );
        println!("skipped: REFUGIA_TEST_DATA is not set");
        return None;
    };
    let path = Path::new(&dir).join(name);
    assert!(path.exists(), "{} is missing", path.display());
    Some(path)
}
