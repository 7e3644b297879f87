//! Which encoding the texts of a `.dbf` are in.

use encoding_rs::{BIG5, GBK, SHIFT_JIS};

use super::{Layer, Told, named, names};

#[test]
fn the_cpg_says_the_encoding_and_the_user_knows_better() {
    for (label, encoding, text) in [
        ("GBK", GBK, "福州避灾点"),
        ("ANSI 936", GBK, "鼓楼"),
        ("cp950", BIG5, "臺北避難所"),
        ("932", SHIFT_JIS, "避難場所"),
        ("UTF8", encoding_rs::UTF_8, "名称"),
    ] {
        let bytes = encoding.encode(text).0;
        let layer = Layer::points(1)
            .with("layer.dbf", named(0, &[&bytes]))
            .with("layer.cpg", label);
        let told = layer.read().unwrap();
        assert_eq!((names(&told), told.remarks), (vec![text.to_owned()], vec![]), "{label}");
    }
    let lying = Layer::points(1)
        .with("layer.dbf", named(0, &[&GBK.encode("福州").0]))
        .with("layer.cpg", "UTF-8");
    assert!(lying.read().unwrap().reasons()[0].contains("not UTF-8 text; say what it is with --encoding"));
    assert_eq!(names(&lying.read_in("gb18030").unwrap()), ["福州"]);
    let strange = lying.with("layer.cpg", "LDID/87").read().unwrap_err().to_string();
    assert!(strange.contains("`LDID/87`, which is no known encoding"), "{strange}");
}

#[test]
fn without_a_cpg_the_language_byte_or_the_texts_decide() {
    let read = |language: u8, text: &[u8]| Layer::points(1).with("layer.dbf", named(language, &[text])).read();
    let of = |told: Told| (names(&told).remove(0), told.remarks);
    let (chinese, taiwanese) = (GBK.encode("福州").0, BIG5.encode("臺北").0);
    assert_eq!(of(read(0x4d, &chinese).unwrap()), ("福州".to_owned(), vec![]));
    assert_eq!(of(read(0x78, &taiwanese).unwrap()), ("臺北".to_owned(), vec![]));
    let schools = GBK.encode("福州第三中学洪山镇").0;
    for language in [0x00, 0x57] {
        assert_eq!(
            of(read(language, &schools).unwrap()),
            ("福州第三中学洪山镇".to_owned(), vec!["encoding_guessed"])
        );
        // Two characters are too few to tell by.
        let question = read(language, &chinese).unwrap_err().to_string();
        assert!(question.contains("`福州` in GB18030"), "{question}");
        assert_eq!(
            of(read(language, "福州".as_bytes()).unwrap()),
            ("福州".to_owned(), vec![])
        );
    }
    // Western, say most writers whatever they write.
    assert_eq!(of(read(0x03, "福州".as_bytes()).unwrap()), ("福州".to_owned(), vec![]));
    assert_eq!(
        of(read(0x03, b"Caf\xe9").unwrap()),
        ("Café".to_owned(), vec!["encoding_guessed"])
    );
    // Texts that are clear outweigh it.
    let towns = BIG5.encode("臺北市立圖書館活動").0;
    for language in [0x00, 0x03] {
        assert_eq!(
            of(read(language, &towns).unwrap()),
            ("臺北市立圖書館活動".to_owned(), vec!["encoding_guessed"])
        );
    }
    let neither = read(0, b"\xff\xfe").unwrap_err().to_string();
    assert!(neither.contains("--encoding"), "{neither}");
}

#[test]
fn a_text_that_its_column_cut_in_a_character_keeps_the_rest() {
    let text = GBK.encode("一二三四五六七八九十末").0;
    let full = [b"x".as_slice(), &text].concat();
    let layer = Layer::points(1).with("layer.dbf", named(0x4d, &[&full[..20]]));
    let told = layer.read().unwrap();
    assert_eq!(
        (names(&told), told.remarks),
        (vec!["x一二三四五六七八九".to_owned()], vec!["cut_texts"])
    );
    // Half a character before blanks was not cut by the column.
    let broken = Layer::points(1).with("layer.dbf", named(0x4d, &[b"x\xd2"]));
    assert_eq!(broken.read().unwrap().reasons().len(), 1);
}
