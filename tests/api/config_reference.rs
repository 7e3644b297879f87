//! The table of settings in the README is made from the settings.

use std::{fs, path::Path};

const BEGIN: &str = "<!-- config:begin -->\n";
const END: &str = "<!-- config:end -->";

#[test]
fn the_readme_lists_every_setting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(BEGIN)
        .expect("README.md has the mark where settings begin");
    let (given, after) = rest.split_once(END).expect("README.md has the mark where settings end");
    let table = refugia::config::reference_markdown();
    if std::env::var_os("REFUGIA_BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert!(
            given == table,
            "the settings in README.md are stale; `make bless` writes them anew"
        );
    }
}
