use std::{collections::BTreeSet, sync::Arc};

use axum::http::Method;
use refugia::{
    catalog::Region,
    tiles::{Bake, BakeProgress, Encoding, TileLayer},
};
use tokio::task::JoinSet;

use self::{
    elsewhere::{Elsewhere, Manner},
    pack::Pack,
};
use crate::{
    site::{Reply, Site},
    tiles::unpack,
};

mod elsewhere;
mod pack;
mod remote;
mod styles;

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/packs/tiny");

/// The tiny pack's layers baked into one file, and their ids in its order joined.
pub(super) fn baked(encoding: Encoding) -> (Vec<u8>, String) {
    let region = Region::load(TINY.as_ref()).unwrap();
    let layers: Vec<TileLayer> = region
        .layers
        .iter()
        .map(|layer| TileLayer::build(Arc::clone(layer)))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baked.pmtiles");
    let bake = Bake::new(layers.iter().collect(), encoding, None, Some(8)).unwrap();
    bake.write(&path, &BakeProgress::default()).unwrap();
    let ids: Vec<&str> = region.layers.iter().map(|layer| layer.id().as_str()).collect();
    (std::fs::read(path).unwrap(), ids.join(","))
}

/// A server of the tiny pack with its own layers as an archive in a file.
fn site(encoding: Encoding) -> (Site, Pack, String) {
    let (bytes, ids) = baked(encoding);
    let pack = Pack::new()
        .file("base.pmtiles", &bytes)
        .archive("base", "file = \"base.pmtiles\"");
    (pack.site(&[]), pack, ids)
}

/// Addresses of tiles at low zooms over Testland, with some that hold nothing.
fn addresses() -> Vec<String> {
    let mut addresses = Vec::new();
    for zoom in 0..=5_u32 {
        let count = 1_u32 << zoom;
        let around = |at: u32| at.saturating_sub(1)..(at + 2).min(count);
        for x in around(count / 2) {
            addresses.extend(around(count / 2).map(|y| format!("{zoom}/{x}/{y}")));
        }
    }
    addresses
}

#[tokio::test]
async fn tiles_are_those_of_the_layers_they_were_baked_from() {
    for encoding in Encoding::ALL {
        let (site, _pack, ids) = site(encoding);
        let mut full = 0;
        for address in addresses() {
            let extension = encoding.as_str();
            let baked = site.get(&format!("/tiles/base/{address}.{extension}")).await;
            let drawn = site.get(&format!("/tiles/{ids}/{address}.{extension}")).await;
            assert_eq!(baked.status, drawn.status, "{address}");
            assert_eq!(baked.body, drawn.body, "{address}");
            assert_eq!(baked.header("content-type"), drawn.header("content-type"));
            full += usize::from(baked.status == 200);
        }
        assert!(full > 3, "{full}");
    }
}

const TILE: &str = "/tiles/base/5/16/16.mvt";

#[tokio::test]
async fn a_tile_with_everything_caches_need() {
    let (site, _pack, ids) = site(Encoding::Mvt);
    let plain = site.get(TILE).await;
    assert_eq!(plain.status, 200, "{}", plain.text());
    let drawn = site.get(&TILE.replace("base", &ids)).await;
    assert_eq!(plain.header("cache-control"), drawn.header("cache-control"));
    assert_eq!(plain.header("access-control-allow-origin"), "*");
    let mut tags = BTreeSet::from([plain.header("etag").to_owned()]);
    for coding in ["gzip", "br", "zstd"] {
        let asks = [("accept-encoding", coding)];
        let coded = site.get_with(TILE, &asks).await;
        assert_eq!(coded.header("content-encoding"), coding);
        assert!(coded.vary().contains("accept-encoding"));
        assert_eq!(unpack(coding, &coded.body), plain.body, "{coding}");
        let known = [("accept-encoding", coding), ("if-none-match", coded.header("etag"))];
        assert_eq!(site.get_with(TILE, &known).await.status, 304);
        assert_eq!(site.get_with(TILE, &asks).await.body, coded.body, "out of the cache");
        assert!(tags.insert(coded.header("etag").to_owned()));
    }
    // Of equals the one that needs no work.
    let any = site.get_with(TILE, &[("accept-encoding", "zstd, br, gzip")]).await;
    assert_eq!(any.header("content-encoding"), "gzip");
    let head = site.send(Method::HEAD, TILE, &[]).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), plain.body.len().to_string());
    let empty = site
        .get_with("/tiles/base/8/0/0.mvt", &[("accept-encoding", "br")])
        .await;
    assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
}

#[tokio::test]
async fn an_archive_is_described_and_its_version_lasts() {
    let (site, pack, _) = site(Encoding::Mvt);
    let description = site.json("/tiles/base.json").await;
    assert_eq!(description["attribution"], "The &lt;source&gt; (ODbL-1.0)");
    assert_eq!(
        (&description["minzoom"], &description["maxzoom"]),
        (&0.into(), &8.into())
    );
    assert!(
        description["vector_layers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|layer| layer["id"] == "flood")
    );
    let template = description["tiles"][0].as_str().unwrap();
    let (path, version) = template.split_once("?v=").unwrap();
    assert_eq!(path, "http://map.example/tiles/base/{z}/{x}/{y}.mvt");
    let kept = site.get(&format!("{TILE}?v={version}")).await;
    assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
    let other = pack.site(&[]).json("/tiles/base.json").await;
    assert_eq!(other, description, "on every server");
    let region = site.json("/api/region").await;
    insta::assert_json_snapshot!(region["archives"], { "[].version" => "[version]" }, @r#"
    [
      {
        "id": "base",
        "names": {
          "zh": "底图",
          "en": "Basemap"
        },
        "source": "The <source>",
        "licence": "ODbL-1.0",
        "vintage": "2026",
        "synthetic": true,
        "remote": false,
        "available": true,
        "format": "mvt",
        "bbox": [
          -0.5,
          -0.5,
          0.5,
          0.5
        ],
        "zoom": {
          "min": 0,
          "max": 8
        },
        "version": "[version]",
        "tilejson": "http://map.example/tiles/base.json",
        "style": null
      }
    ]
    "#);
}

#[tokio::test]
async fn what_an_archive_does_not_have() {
    let (site, _pack, _) = site(Encoding::Mvt);
    for extension in ["mlt", "png", "jpg", "webp", "avif"] {
        let reply = site.get(&TILE.replace("mvt", extension)).await;
        reply.problem(404, "wrong_tile_format");
        assert!(reply.json()["detail"].as_str().unwrap().contains(".mvt"));
    }
    site.get(&TILE.replace("mvt", "pbf")).await.problem(404, "not_found");
    site.get("/tiles/flood/5/16/16.png").await.problem(404, "not_found");
    site.get("/tiles/base.json?encoding=mlt")
        .await
        .problem(404, "wrong_tile_format");
    for ids in ["base,flood", "flood,base", "base,base"] {
        site.get(&format!("/tiles/{ids}.json"))
            .await
            .problem(400, "archive_joined");
        site.get(&format!("/tiles/{ids}/0/0/0.mvt"))
            .await
            .problem(400, "archive_joined");
    }
    site.get("/tiles/base/9/0/0.mvt")
        .await
        .problem(404, "zoom_outside_layer");
    site.get("/tiles/base/5/32/0.mvt").await.problem(400, "impossible_tile");
}

#[tokio::test]
async fn pictures_are_given_as_they_are() {
    let picture = b"\x89PNG\r\n\x1a\n and so on";
    let bytes = pack::archive_of(
        pmtiles::TileType::Png,
        pmtiles::Compression::None,
        &[((0, 0, 0), picture)],
    );
    let pack = Pack::new()
        .file("relief.pmtiles", &bytes)
        .archive("relief", "file = \"relief.pmtiles\"");
    let site = pack.site(&[]);
    let reply = site
        .get_with("/tiles/relief/0/0/0.png", &[("accept-encoding", "br, gzip")])
        .await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(
        (reply.body.as_slice(), reply.header("content-encoding")),
        (picture.as_slice(), "")
    );
    let description = site.json("/tiles/relief.json").await;
    assert!(description["tiles"][0].as_str().unwrap().contains(".png?v="));
}

#[tokio::test]
async fn a_tile_of_nothing_and_a_damaged_one() {
    let nothing = pack::gzip(b"");
    let bytes = pack::archive_of(
        pmtiles::TileType::Mvt,
        pmtiles::Compression::Gzip,
        &[
            ((1, 0, 0), &nothing),
            ((1, 0, 1), b"no gzip at all, but long enough for one"),
        ],
    );
    let pack = Pack::new()
        .file("odd.pmtiles", &bytes)
        .archive("odd", "file = \"odd.pmtiles\"");
    let site = pack.site(&[]);
    for coding in ["gzip", "br", "identity"] {
        let reply = site
            .get_with("/tiles/odd/1/0/0.mvt", &[("accept-encoding", coding)])
            .await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0), "{coding}");
    }
    let damaged = site.get("/tiles/odd/1/0/1.mvt").await;
    damaged.problem(502, "archive_damaged");
    assert_eq!(
        site.get("/tiles/odd/1/0/0.mvt").await.status,
        204,
        "the others are served"
    );
}

#[tokio::test]
async fn a_file_put_in_place_of_another_is_served_at_once() {
    let tile = |text: &str| {
        let packed = pack::gzip(text.as_bytes());
        pack::archive_of(
            pmtiles::TileType::Mvt,
            pmtiles::Compression::Gzip,
            &[((0, 0, 0), &packed)],
        )
    };
    let pack = Pack::new()
        .file("a.pmtiles", &tile("before"))
        .archive("a", "file = \"a.pmtiles\"");
    let site = pack.site(&[]);
    let before = site.get("/api/region").await.json();
    assert_eq!(site.get("/tiles/a/0/0/0.mvt").await.text(), "before");
    pack.put("a.pmtiles", &tile("after"));
    assert_eq!(refugia::http::reload(&site.app), refugia::http::Outcome::Changed);
    assert_eq!(site.get("/tiles/a/0/0/0.mvt").await.text(), "after");
    let after = site.get("/api/region").await.json();
    assert_ne!(before["world"], after["world"]);
    assert_ne!(before["archives"][0]["version"], after["archives"][0]["version"]);
    pack.put("a.pmtiles", b"PMTiles");
    assert_eq!(refugia::http::reload(&site.app), refugia::http::Outcome::Failed);
    assert_eq!(site.get("/tiles/a/0/0/0.mvt").await.text(), "after");
}

/// The text of a 200.
fn text(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text()
}
