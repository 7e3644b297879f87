use crate::site::Site;

#[tokio::test]
async fn the_page_may_load_from_this_server_only() {
    let reply = Site::tiny().get("/").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, no-cache");
    let policy = reply.header("content-security-policy");
    assert!(
        policy.contains("default-src 'self'") && !policy.contains("http"),
        "{policy}"
    );
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("web/dist/index.html")
        .exists();
    assert_eq!(
        reply.text().contains("make build"),
        !built,
        "without the web app the page says how to build it"
    );
}

#[tokio::test]
async fn the_api_can_be_read_as_a_page() {
    let reply = Site::tiny().get("/api/docs").await;
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert!(reply.header("content-security-policy").contains("default-src 'self'"));
    assert!(reply.text().contains("/api/shelters/nearest"));
}

#[tokio::test]
async fn files_of_the_web_build_are_kept_for_ever_where_their_name_says_their_content() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
    let Ok(files) = std::fs::read_dir(dist.join("assets")) else {
        println!("skipped: the web app is not built");
        return;
    };
    let site = Site::tiny();
    for file in files {
        let file = file.unwrap().path();
        let path = format!("/assets/{}", file.file_name().unwrap().to_str().unwrap());
        if file.extension().is_some_and(|extension| extension == "br") {
            site.get(&path).await.problem(404, "not_found");
            continue;
        }
        let reply = site.get_with(&path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(
            reply.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        if file.extension().is_some_and(|extension| extension == "js") {
            assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
            assert!(
                reply.body.len() < 1_400 || reply.header("content-encoding") == "gzip",
                "{path}"
            );
            let brotli = site.get_with(&path, &[("accept-encoding", "gzip, br")]).await;
            if brotli.header("content-encoding") == "br" {
                let mut plain = Vec::new();
                std::io::Read::read_to_end(&mut brotli::Decompressor::new(&*brotli.body, 4_096), &mut plain).unwrap();
                assert!(plain == std::fs::read(&file).unwrap(), "{path}");
                assert!(brotli.body.len() < reply.body.len());
            }
        }
    }
    for sprite in ["sprite.json", "sprite.png", "sprite@2x.json", "sprite@2x.png"] {
        let reply = site.get(&format!("/styles/{sprite}")).await;
        assert_eq!(reply.status, 200, "{sprite}");
        assert_eq!(reply.header("cache-control"), "public, no-cache");
    }
    site.get("/assets/gone-0123abcd.js").await.problem(404, "not_found");
}
