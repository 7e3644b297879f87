//! `refugia tiles`: a pack baked into a file.

use std::{fs, path::Path};

use crate::harness::Workspace;

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/packs/tiny");

#[test]
fn a_pack_is_baked_and_what_was_there_is_kept() {
    let space = Workspace::new();
    let said = space.run(&format!("tiles --region {PACK} --out tiny.pmtiles")).exits(0);
    assert!(said.contains("tiny.pmtiles: ") && said.contains(" tiles of "), "{said}");
    let file = space.path("tiny.pmtiles");
    let baked = fs::read(&file).unwrap();
    assert!(baked.starts_with(b"PMTiles\x03"));
    let again = space.run(&format!("tiles --region {PACK} --out tiny.pmtiles")).exits(1);
    assert!(again.contains("is there already: --force writes over it"), "{again}");
    let forced = format!("tiles --region {PACK} --layers flood,shelters --encoding mlt --force --out tiny.pmtiles");
    let said = space.run(&forced).exits(0);
    assert!(said.contains(" of 2 layers"), "{said}");
    assert_ne!(fs::read(&file).unwrap(), baked);
}

#[test]
fn wrong_words_are_explained() {
    let space = Workspace::new();
    for (words, code, said) in [
        ("--out a.zip", 1, "archives end in .pmtiles or .mbtiles"),
        (
            "--out a.mbtiles --encoding mlt",
            1,
            "MBTiles hold Mapbox Vector Tiles only",
        ),
        (
            "--out a.mbtiles --layers flood,wind",
            1,
            "there is no layer wind; there are ",
        ),
        ("--out a.mbtiles --layers flood,flood", 1, "layer flood is named twice"),
        ("--out a.mbtiles --max-zoom 23", 2, "23 is not in 0..=22"),
        ("--out gone/a.mbtiles", 1, "gone/a.mbtiles: "),
    ] {
        let answer = space.run(&format!("tiles --region {PACK} {words}"));
        assert_eq!(
            (answer.code, answer.stderr.contains(said)),
            (code, true),
            "{words}: {answer:?}"
        );
    }
    let nowhere = space.run("tiles --region nowhere --out a.pmtiles").exits(1);
    assert!(nowhere.contains("nowhere"), "{nowhere}");
    let left: Vec<_> = Path::read_dir(&space.path(".")).unwrap().collect();
    assert!(left.is_empty(), "nothing is left behind: {left:?}");
}
