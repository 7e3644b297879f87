//! Makes cargo notice a new build of the web app.

use std::{fs, path::Path};

fn main() {
    let dist = Path::new("web/dist");
    // An empty folder to watch where the web app has not been built: cargo would take a missing one for changed at every
    // build. Where it cannot be made, that is all that happens.
    if !dist.exists() {
        _ = fs::create_dir_all(dist);
    }
    println!("cargo::rerun-if-changed=web/dist");
}
