use crate::site::Site;

#[tokio::test]
async fn styles_name_no_address_but_this_servers() {
    let site = Site::tiny();
    for theme in ["light", "dark"] {
        let style = site.json(&format!("/styles/{theme}.json")).await;
        assert_eq!(style["version"], 8);
        assert!(!style["layers"].as_array().unwrap().is_empty());
        let text = style.to_string();
        for (at, _) in text.match_indices("://") {
            let before = &text[..at];
            assert!(
                before.ends_with("http") && text[at..].starts_with("://map.example/"),
                "{}",
                &text[at - 8..at + 40]
            );
        }
    }
}

#[tokio::test]
async fn styles_can_be_kept_and_confirmed() {
    let site = Site::tiny();
    let first = site.get("/styles/light.json?lang=zh").await;
    let other = site.get("/styles/light.json?lang=en").await;
    assert_ne!(first.header("etag"), other.header("etag"));
    let again = site
        .get_with("/styles/light.json?lang=zh", &[("if-none-match", first.header("etag"))])
        .await;
    assert_eq!(again.status, 304);
}
