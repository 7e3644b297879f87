//! What styles of a pack need: themselves, fonts and sprites.

use serde_json::{Value, json};

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn style() -> Value {
    json!({
        "version": 8,
        "sources": {
            "base": { "type": "vector", "url": "/tiles/base.json" },
            "flood": { "type": "vector", "url": "/tiles/flood.json" },
        },
        "glyphs": "/fonts/{fontstack}/{range}.pbf",
        "sprite": "/sprites/icons",
        "layers": [
            { "id": "names", "type": "symbol", "source": "base", "source-layer": "towns",
              "layout": { "text-font": ["Noto Sans Regular"], "text-field": ["get", "name_zh"] } },
        ],
    })
}

/// A glyph file of fields as they are: each code point below 128 with the font's letter.
fn glyphs(letter: u8, code_points: &[u8]) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| {
        let mut field = vec![number << 3 | 2, u8::try_from(bytes.len()).unwrap()];
        field.extend(bytes);
        field
    };
    let mut stack = field(1, &[letter]);
    for code_point in code_points {
        stack.extend(field(3, &[1 << 3, *code_point, 2 << 3 | 2, 1, letter]));
    }
    field(1, &stack)
}

fn pack_with(style: &Value) -> Pack {
    Pack::new()
        .file("base.pmtiles", &baked(Encoding::Mvt).0)
        .archive("base", "file = \"base.pmtiles\"\nstyle = \"base.style.json\"")
        .file("base.style.json", style.to_string().as_bytes())
        .file("fonts/Noto Sans Regular/0-255.pbf", &glyphs(b'N', &[65, 66]))
        .file("fonts/Noto Sans Regular/256-511.pbf", &glyphs(b'N', &[7]))
        .file("fonts/Other/0-255.pbf", &glyphs(b'O', &[66, 67]))
        .file("sprites/icons.json", b"{}")
        .file("sprites/icons.png", PNG)
        .file("sprites/icons@2x.json", b"{}")
        .file("sprites/icons@2x.png", PNG)
}

#[tokio::test]
async fn a_style_is_completed_with_this_servers_address() {
    let pack = pack_with(&style());
    let site = pack.site(&[]);
    let served = site.json("/styles/base.json").await;
    assert_eq!(served["sources"]["base"]["url"], "http://map.example/tiles/base.json");
    assert_eq!(served["glyphs"], "http://map.example/fonts/{fontstack}/{range}.pbf");
    assert_eq!(served["sprite"], "http://map.example/sprites/icons");
    let tag = site.get("/styles/base.json").await.header("etag").to_owned();
    assert_eq!(
        site.get_with("/styles/base.json", &[("if-none-match", &tag)])
            .await
            .status,
        304
    );
    let region = site.json("/api/region").await;
    assert_eq!(region["archives"][0]["style"], "http://map.example/styles/base.json");
    site.get("/styles/other.json").await.problem(404, "not_found");
    site.get("/styles/base.style.json").await.problem(404, "not_found");
    let changed = pack.file(
        "base.style.json",
        style().to_string().replace("names", "towns").as_bytes(),
    );
    assert_eq!(refugia::http::reload(&site.app), refugia::http::Outcome::Changed);
    assert_eq!(site.json("/styles/base.json").await["layers"][0]["id"], "towns");
    drop(changed);
}

#[tokio::test]
async fn fonts_are_served_alone_and_joined() {
    let pack = pack_with(&style());
    let site = pack.site(&[]);
    let path = "/fonts/Noto%20Sans%20Regular/0-255.pbf";
    let alone = site.get(path).await;
    assert_eq!(alone.body, glyphs(b'N', &[65, 66]));
    assert_eq!(alone.header("content-type"), "application/x-protobuf");
    assert_eq!(alone.header("access-control-allow-origin"), "*");
    let known = [("if-none-match", alone.header("etag"))];
    assert_eq!(site.get_with(path, &known).await.status, 304);
    // Fonts that are not there are passed over.
    let fallback = site.get("/fonts/Nowhere,Noto%20Sans%20Regular/0-255.pbf").await;
    assert_eq!(fallback.body, alone.body);
    let joined = site.get("/fonts/Noto%20Sans%20Regular,Other/0-255.pbf").await;
    let letters: Vec<u8> = joined
        .body
        .windows(3)
        .filter(|part| part[..2] == [2 << 3 | 2, 1])
        .map(|part| part[2])
        .collect();
    assert_eq!(letters, b"NNO", "of each code point the first font's");
    let empty = site.get("/fonts/Other/256-511.pbf").await;
    assert_eq!(empty.status, 200);
    assert!(!empty.body.windows(2).any(|part| part == [2 << 3 | 2, 1]));
    site.get("/fonts/Nowhere/0-255.pbf").await.problem(404, "unknown_font");
}

#[tokio::test]
async fn no_address_leads_out_of_the_folders() {
    let pack = pack_with(&style())
        .file("secret.pbf", b"secret")
        .file("fonts/Other/OFL.txt", b"secret");
    let site = pack.site(&[]);
    for path in [
        "/fonts/../0-255.pbf",
        "/fonts/..%2f..%2fsecret/0-255.pbf",
        "/fonts/Other/..%2f..%2fsecret.pbf",
        "/fonts/Other/OFL.txt",
        "/fonts/Other/1-256.pbf",
        "/fonts/Other/0-255",
        "/fonts/%2e%2e/secret.pbf",
        "/fonts/Other%2F0-255.pbf/0-255.pbf",
        "/sprites/..%2fsecret.pbf",
        "/sprites/../region.toml",
        "/sprites/%2e%2e%2fregion.toml",
        "/sprites/icons",
        "/sprites/.json",
    ] {
        let reply = site.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn sprites_are_served() {
    let pack = pack_with(&style());
    let site = pack.site(&[]);
    for (name, kind) in [("icons.json", "application/json"), ("icons@2x.png", "image/png")] {
        let reply = site.get(&format!("/sprites/{name}")).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, kind));
        let known = [("if-none-match", reply.header("etag"))];
        assert_eq!(site.get_with(&format!("/sprites/{name}"), &known).await.status, 304);
    }
    site.get("/sprites/other.png").await.problem(404, "not_found");
}

#[test]
fn faults_of_everything_are_named_at_once() {
    let mut outside = style();
    outside["sources"]["flood"]["url"] = json!("https://tiles.example/x.json");
    outside["sprite"] = json!("https://tiles.example/sprite");
    let pack = pack_with(&outside)
        .file("base.pmtiles", b"GIF89a")
        .file("fonts/Other/1-255.pbf", b"")
        .file("sprites/lone.png", PNG)
        .archive(
            "light",
            "url = \"https://tiles.example/light.pmtiles\"\nstyle = \"base.style.json\"",
        )
        .archive("gone", "file = \"gone.pmtiles\"\nstyle = \"gone.json\"");
    insta::assert_snapshot!(pack.faults().join("\n"), @r"
    fonts/Other/1-255.pbf: must be named after its 256 code points, as in 0-255.pbf
    sprites/lone.png: needs sprites/lone.json beside it
    base.pmtiles: is no PMTiles archive
    base.style.json: sprite: `https://tiles.example/sprite` leads away from this server: write /sprites/{name}
    base.style.json: sources.flood.url: `https://tiles.example/x.json` leads away from this server: write `url` with /tiles/{id}.json
    base.style.json: /styles/light.json is the server's own: give the archive another id
    gone.pmtiles: cannot be read: No such file or directory (os error 2)
    gone.json: cannot be read: No such file or directory (os error 2)
    ");
}
