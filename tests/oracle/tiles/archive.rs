//! Archives against the renderer: every tile of the world's upper zooms, and around the data of the lower ones, is in the
//! archive as the renderer draws it, or in neither.

use std::{io::Read as _, path::Path, sync::atomic::Ordering};

use geo::{Coord, Geometry, Point};
use pmtiles::{AsyncPmTilesReader, MmapBackend, TileType};
use refugia::{
    catalog::ZoomRange,
    tiles::{ArchiveError, Bake, BakeProgress, Encoding, TileCoord, TileLayer, render},
};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::{
    coverage,
    layers::{Random, hazard, plain},
    sampling::tiles_over,
};

/// Zones of a region, and points on both sides of the antimeridian, where buffers reach around the world.
fn layers() -> Vec<TileLayer> {
    let mut random = Random(5);
    let isles = (0..20).map(|nth| {
        let lon = random.between(179.9, 180.0) * if nth % 2 == 0 { 1.0 } else { -1.0 };
        Geometry::from(Point(Coord { x: lon, y: -17.0 }))
    });
    vec![
        TileLayer::build(hazard("flood", (0, 10), coverage::make(3, 6, 4))),
        TileLayer::build(plain(
            "isles",
            "facility",
            "zoom = { min = 2, max = 10 }",
            isles.collect(),
        )),
    ]
}

/// Tiles that may or may not hold something.
fn asked() -> Vec<TileCoord> {
    let all = (0..=5).flat_map(|z| (0..1 << z).flat_map(move |x| (0..1 << z).map(move |y| (z, x, y))));
    let mut tiles: Vec<TileCoord> = all.map(|(z, x, y)| TileCoord::new(z, x, y).unwrap()).collect();
    let [west, south, east, north] = coverage::BOX;
    for zoom in 6..=10 {
        tiles.extend(tiles_over([west - 0.5, south - 0.5, east + 0.5, north + 0.5], zoom));
        tiles.extend(tiles_over([179.0, -18.0, 179.999, -16.0], zoom));
        tiles.extend(tiles_over([-180.0, -18.0, -179.0, -16.0], zoom));
    }
    tiles
}

fn unpack(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap();
    plain
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn open(path: &Path) -> AsyncPmTilesReader<MmapBackend> {
    let file = MmapBackend::try_from(path).await.unwrap();
    AsyncPmTilesReader::try_from_source(file).await.unwrap()
}

/// Compares every tile asked for; says how many hold something.
fn compare(
    layers: &[&TileLayer],
    encoding: Encoding,
    zooms: ZoomRange,
    read: impl Fn(TileCoord) -> Option<Vec<u8>>,
) -> u64 {
    let mut held = 0;
    for tile in asked() {
        let drawn = render(layers, tile, encoding).unwrap();
        let expected = (zooms.contains(tile.z()) && !drawn.is_empty()).then_some(drawn);
        assert_eq!(read(tile).map(|body| unpack(&body)), expected, "{tile}");
        held += u64::from(expected.is_some());
    }
    held
}

#[test]
fn pmtiles_hold_what_the_renderer_draws() {
    let (folder, layers) = (TempDir::new().unwrap(), layers());
    let layers: Vec<&TileLayer> = layers.iter().collect();
    let runtime = runtime();
    for (encoding, kind) in [(Encoding::Mvt, TileType::Mvt), (Encoding::Mlt, TileType::Mlt)] {
        let path = folder.path().join("a.pmtiles");
        let progress = BakeProgress::default();
        let bake = Bake::new(layers.clone(), encoding, None, Some(9)).unwrap();
        let baked = bake.write(&path, &progress).unwrap();
        assert_eq!(baked.zooms, ZoomRange { min: 0, max: 9 });
        assert_eq!(
            progress.done.load(Ordering::Relaxed),
            progress.total.load(Ordering::Relaxed)
        );
        assert_eq!(baked.bytes, path.metadata().unwrap().len());
        let archive = runtime.block_on(open(&path));
        let read = |tile: TileCoord| {
            let address = pmtiles::TileCoord::new(tile.z(), tile.x(), tile.y()).unwrap();
            let body = runtime.block_on(archive.get_tile(address)).unwrap()?;
            Some(body.to_vec())
        };
        let held = compare(&layers, encoding, baked.zooms, read);
        assert_eq!(held, baked.tiles, "the archive has no tile that was not asked for");
        let header = archive.get_header();
        assert_eq!((header.tile_type, header.min_zoom, header.max_zoom), (kind, 0, 9));
        assert!(header.clustered(), "tiles lie in the order they are read in");
        let metadata: Value = serde_json::from_str(&runtime.block_on(archive.get_metadata()).unwrap()).unwrap();
        assert_eq!(metadata["vector_layers"][1]["id"], "isles");
        assert_eq!(metadata["vector_layers"][1]["minzoom"], 2);
        assert_eq!(metadata["vector_layers"][0]["maxzoom"], 9);
    }
    let files: Vec<_> = folder.path().read_dir().unwrap().collect();
    assert_eq!(files.len(), 1, "nothing else is left behind: {files:?}");
}

#[test]
fn mbtiles_hold_what_the_renderer_draws() {
    let (folder, layers) = (TempDir::new().unwrap(), layers());
    let layers: Vec<&TileLayer> = layers.iter().collect();
    let path = folder.path().join("a.mbtiles");
    let bake = Bake::new(layers.clone(), Encoding::Mvt, Some(3), None).unwrap();
    let baked = bake.write(&path, &BakeProgress::default()).unwrap();
    let archive = Connection::open(&path).unwrap();
    let read = |tile: TileCoord| {
        let row = (1_u32 << tile.z()) - 1 - tile.y();
        let query = "SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3";
        let body = archive.query_row(query, (tile.z(), tile.x(), row), |row| row.get(0));
        body.optional().unwrap()
    };
    assert_eq!(
        compare(&layers, Encoding::Mvt, ZoomRange { min: 3, max: 10 }, read),
        baked.tiles
    );
    let of = |name: &str| -> String {
        let query = "SELECT value FROM metadata WHERE name = ?1";
        archive.query_row(query, [name], |row| row.get(0)).unwrap()
    };
    assert_eq!(
        (of("format"), of("minzoom"), of("maxzoom")),
        ("pbf".into(), "3".into(), "10".into())
    );
    assert_eq!(of("bounds").split(',').count(), 4);
    let json: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(json["vector_layers"][0]["id"], "flood");
    let mlt = Bake::new(layers, Encoding::Mlt, None, None).unwrap();
    let refused = mlt.write(&path, &BakeProgress::default()).unwrap_err();
    assert!(matches!(refused, ArchiveError::OnlyMvt), "{refused}");
    assert_eq!(
        path.metadata().unwrap().len(),
        baked.bytes,
        "what was there is there still"
    );
}

#[test]
fn what_cannot_be_baked_is_refused() {
    let layers = layers();
    let early = TileLayer::build(hazard("slides", (0, 8), coverage::make(3, 2, 3)));
    let joined = vec![&layers[0], &early];
    let refused = Bake::new(joined.clone(), Encoding::Mvt, None, None)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("layer slides has no tiles beyond zoom 8"), "{refused}");
    assert!(Bake::new(joined, Encoding::Mvt, None, Some(8)).is_ok());
    let nothing = Bake::new(vec![&early], Encoding::Mvt, Some(9), None).unwrap_err();
    assert!(matches!(nothing, ArchiveError::Nothing { min: 9, max: 8 }), "{nothing}");
    assert!(Bake::new(vec![], Encoding::Mvt, None, None).is_err());
    let bake = Bake::new(vec![&early], Encoding::Mvt, None, Some(1)).unwrap();
    let folder = TempDir::new().unwrap();
    for (name, said) in [
        ("a.zip", "end in .pmtiles or .mbtiles"),
        ("gone/a.pmtiles", "gone/a.pmtiles: "),
    ] {
        let refused = bake
            .write(&folder.path().join(name), &BakeProgress::default())
            .unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
}
