use crate::site::Site;

#[tokio::test]
async fn by_chinese_pinyin_and_english() {
    let site = Site::tiny();
    for query in [
        "%E6%B2%B3%E6%B9%BE%E5%B0%8F%E5%AD%A6",
        "hewan+xiaoxue",
        "Hewan%20School",
    ] {
        let answer = site.json(&format!("/api/search?q={query}")).await;
        assert_eq!(answer["results"][0]["id"], "s1", "{query}: {answer}");
    }
}

#[tokio::test]
async fn the_shape_of_a_result() {
    let answer = Site::tiny().json("/api/search?q=Hewan&limit=2").await;
    insta::assert_json_snapshot!(answer, { ".world" => "[version]", ".as_of" => "[time]" });
}

#[tokio::test]
async fn nothing_found_is_an_answer() {
    let answer = Site::tiny().json("/api/search?q=zzzzqqq").await;
    assert_eq!(answer["results"], serde_json::json!([]));
}
