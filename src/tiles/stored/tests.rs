//! Tests of reading archives: what the crate writes is read, and nothing that is damaged does harm.

use std::{
    fs::{self, File},
    io::Write as _,
    pin::pin,
    task::{Context, Poll, Waker},
};

use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::*;
use crate::{
    catalog::ArchiveManifest,
    coding::{ContentCoding, Effort},
    tiles::{Encoding, TileCoord, TileFormat},
};

/// What a future that waits for nobody comes to, as those of files do.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a read of a file waits for nobody"),
    }
}

fn content(tile: TileCoord) -> Vec<u8> {
    let length = 1 + (tile.x() * 7 + tile.y() * 13) as usize % 40;
    format!("{tile} ").repeat(length).into_bytes()
}

/// The tiles of a zoom along the Hilbert curve.
fn tiles(zoom: u8) -> Vec<TileCoord> {
    let first = pmtiles::TileId::from(pmtiles::TileCoord::new(zoom, 0, 0).unwrap()).value();
    let numbers = first..first + (1 << (2 * zoom));
    let coord = |number| pmtiles::TileCoord::from(pmtiles::TileId::new(number).unwrap());
    numbers
        .map(coord)
        .map(|coord| TileCoord::new(coord.z(), coord.x(), coord.y()).unwrap())
        .collect()
}

/// An archive of all tiles of a zoom, packed in a coding.
fn archive(zoom: u8, coding: ContentCoding, metadata: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let compression = match coding {
        ContentCoding::Identity => pmtiles::Compression::None,
        ContentCoding::Gzip => pmtiles::Compression::Gzip,
        ContentCoding::Brotli => pmtiles::Compression::Brotli,
        ContentCoding::Zstd => pmtiles::Compression::Zstd,
    };
    let mut writer = pmtiles::PmTilesWriter::new(pmtiles::TileType::Mvt)
        .precompressed(compression)
        .min_zoom(zoom)
        .max_zoom(zoom)
        .bounds(10.0, 20.0, 30.0, 40.0)
        .center(20.0, 30.0)
        .metadata(metadata.to_owned())
        .create(file.reopen().unwrap())
        .unwrap();
    for tile in tiles(zoom) {
        let address = pmtiles::TileCoord::new(tile.z(), tile.x(), tile.y()).unwrap();
        writer
            .add_tile(address, &coding.encode(&content(tile), Effort::Once))
            .unwrap();
    }
    writer.finalize().unwrap();
    file
}

#[test]
fn every_tile_is_found_in_every_coding() {
    for coding in ContentCoding::ALL {
        let file = archive(3, coding, "{}");
        let open = OpenArchive::file(file.path()).unwrap();
        assert_eq!(
            (open.coding(), open.format()),
            (coding, TileFormat::Vector(Encoding::Mvt))
        );
        for tile in tiles(3) {
            let stored = now(open.tile(tile)).unwrap().unwrap();
            assert_eq!(coding.decode(&stored, 10_000).unwrap(), content(tile), "{tile}");
        }
        assert_eq!(now(open.tile(TileCoord::new(2, 0, 0).unwrap())), Ok(None));
        assert_eq!(now(open.tile(TileCoord::new(22, 5, 5).unwrap())), Ok(None));
    }
}

#[test]
fn tiles_are_found_through_directories_of_leaves() {
    let file = archive(8, ContentCoding::Identity, "{}");
    let open = OpenArchive::file(file.path()).unwrap();
    for tile in tiles(8).into_iter().step_by(97) {
        assert_eq!(now(open.tile(tile)).unwrap().unwrap(), content(tile), "{tile}");
    }
    assert_ne!(fs::read(file.path()).unwrap()[48..56], [0; 8], "has leaves");
}

const LAYERS: &str = r#"{"name":"x","version":"4.2","attribution":"<script>","vector_layers":[
    {"id":"roads","description":"Roads","minzoom":3,"maxzoom":14,"fields":{"kind":"String","odd":{"a":1}}},
    {"id":"water","fields":{}}, {"no":"id"}, 7]}"#;

#[test]
fn an_archive_is_described() {
    let file = archive(3, ContentCoding::Gzip, LAYERS);
    let open = OpenArchive::file(file.path()).unwrap();
    let manifest: ArchiveManifest = toml::from_str(
        "id = 'base'\nnames = { zh = '底图', en = 'Base' }\nfile = 'b.pmtiles'\nsource = 'A & B'\nlicence = 'ODbL'\n\
         vintage = '2026'\nsynthetic = false",
    )
    .unwrap();
    let document = describe(&manifest, &open, "https://map.example");
    insta::assert_json_snapshot!(document, {
        ".tiles[]" => insta::dynamic_redaction(|value, _| value.as_str().unwrap().split_once("?v=").unwrap().0.to_owned()),
    }, @r#"
    {
      "tilejson": "3.0.0",
      "tiles": [
        "https://map.example/tiles/base/{z}/{x}/{y}.mvt"
      ],
      "vector_layers": [
        {
          "id": "roads",
          "description": "Roads",
          "minzoom": 3,
          "maxzoom": 14,
          "fields": {
            "kind": "String",
            "odd": "{\"a\":1}"
          }
        },
        {
          "id": "water",
          "description": "",
          "minzoom": 3,
          "maxzoom": 3,
          "fields": {}
        }
      ],
      "attribution": "A &amp; B (ODbL)",
      "bounds": [
        10.0,
        20.0,
        30.0,
        40.0
      ],
      "center": [
        20.0,
        30.0,
        3.0
      ],
      "minzoom": 3,
      "maxzoom": 3,
      "name": "底图 · Base",
      "scheme": "xyz",
      "version": "4.2"
    }
    "#);
}

#[test]
fn equal_files_have_equal_versions_and_another_byte_another() {
    let file = archive(3, ContentCoding::Gzip, "{}");
    let version = |path| OpenArchive::file(path).unwrap().content();
    let before = version(file.path());
    let copy = NamedTempFile::new().unwrap();
    fs::copy(file.path(), copy.path()).unwrap();
    assert_eq!(version(copy.path()), before);
    let mut bytes = fs::read(file.path()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(copy.path(), bytes).unwrap();
    assert_ne!(version(copy.path()), before);
}

#[test]
fn a_file_written_over_is_noticed_before_anything_of_it_is_given() {
    let file = archive(3, ContentCoding::Gzip, "{}");
    let open = OpenArchive::file(file.path()).unwrap();
    assert_eq!(now(open.has_changed()), Ok(false));
    let mut writer = File::options().append(true).open(file.path()).unwrap();
    writer.write_all(b"more").unwrap();
    assert_eq!(now(open.tile(tiles(3)[0])), Err(StoredError::Changed));
    assert_eq!(now(open.has_changed()), Ok(true));
}

#[test]
fn what_is_no_archive_is_named() {
    let whole = fs::read(archive(3, ContentCoding::Gzip, "{}").path()).unwrap();
    let changed = |at: usize, bytes: &[u8]| {
        let mut other = whole.clone();
        other[at..at + bytes.len()].copy_from_slice(bytes);
        other
    };
    let far = u64::MAX.to_le_bytes();
    let faults: Vec<String> = [
        b"GIF89a".to_vec(),
        Vec::new(),
        b"PM\x02\x00".to_vec(),
        whole[..100].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        changed(7, &[2]),
        changed(8, &far),
        changed(16, &far),
        changed(32, &(10_u64 << 20).to_le_bytes()),
        changed(48, &far),
        changed(64, &far),
        changed(97, &[0]),
        changed(97, &[9]),
        changed(98, &[0]),
        changed(99, &[0]),
        changed(100, &[30, 31]),
        changed(127, &[0; 8]),
    ]
    .into_iter()
    .map(|bytes| {
        let file = NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        OpenArchive::file(file.path()).unwrap_err().to_string()
    })
    .collect();
    insta::assert_snapshot!(faults.join("\n"), @r"
    is no PMTiles archive
    is cut short in its header
    is PMTiles of an old version; version 3 is read: `pmtiles convert` makes it
    is cut short in its header
    is cut short or damaged: its tiles would end beyond the 18186 bytes it has
    is PMTiles of version 2; version 3 is read: `pmtiles convert` makes it
    is cut short or damaged: its root directory would end beyond the 18187 bytes it has
    is cut short or damaged: its root directory would end beyond the 18187 bytes it has
    is cut short or damaged: its metadata would end beyond the 18187 bytes it has
    is cut short or damaged: its leaf directories would end beyond the 18187 bytes it has
    is cut short or damaged: its tiles would end beyond the 18187 bytes it has
    does not say how its directories are compressed
    has a header that is not understood: Invalid compression
    does not say how its tiles are compressed
    does not say of which format its tiles are
    has tiles at the zooms 30 to 31; they must lie in 0..=22
    a directory holds damaged gzip data
    ");
}

/// Opens bytes as an archive and reads some of its tiles; what becomes of it does not matter.
fn read_all(bytes: &[u8]) {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    if let Ok(open) = OpenArchive::file(file.path()) {
        for tile in tiles(2) {
            _ = now(open.tile(tile)).map(|tile| tile.map(|tile| open.coding().decode(&tile, MOST_TILE_BYTES)));
        }
    }
}

#[test]
fn an_archive_cut_anywhere_is_an_error() {
    let whole = fs::read(archive(2, ContentCoding::Gzip, LAYERS).path()).unwrap();
    let file = NamedTempFile::new().unwrap();
    for cut in (0..whole.len()).step_by(3) {
        fs::write(file.path(), &whole[..cut]).unwrap();
        let opened = OpenArchive::file(file.path());
        assert!(matches!(opened, Err(StoredError::Damaged(_))), "{cut}");
    }
}

#[test]
fn directories_that_lead_to_each_other_come_to_an_end() {
    // One entry, from tile 0 on, that leads to a directory of five bytes at the beginning of the leaves: to itself.
    let root = [1, 0, 0, 5, 1];
    let mut bytes = fs::read(archive(0, ContentCoding::Identity, "{}").path()).unwrap();
    bytes[127..132].copy_from_slice(&root);
    for (at, value) in [(8, 127_u64), (16, 5), (24, 0), (32, 0), (40, 127), (48, 5)] {
        bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    bytes[97] = 1;
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let open = OpenArchive::file(file.path()).unwrap();
    let problem = now(open.tile(TileCoord::new(0, 0, 0).unwrap()))
        .unwrap_err()
        .to_string();
    assert!(problem.contains("without end"), "{problem}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_bytes_are_too_odd(
        changes in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..6),
        in_head in any::<bool>(),
        is_plain in any::<bool>(),
    ) {
        let coding = if is_plain { ContentCoding::Identity } else { ContentCoding::Gzip };
        let mut bytes = fs::read(archive(2, coding, LAYERS).path()).unwrap();
        if is_plain {
            bytes[97] = 1;
        }
        let room = if in_head { 200.min(bytes.len()) } else { bytes.len() };
        for (at, byte) in changes {
            bytes[(room as f64 * at) as usize] = byte;
        }
        read_all(&bytes);
    }
}
