//! Lists of places as offices keep them, in every encoding: what is detected, and how honest the confidence is.

use std::fmt::Write;

use encoding_rs::{EUC_JP, SHIFT_JIS};
use proptest::prelude::*;

use super::*;

/// Towns, villages and schools; each word is a name of its own.
const SIMPLIFIED: &str = "鼓楼 台江 仓山 马尾 晋安 长乐 闽侯 连江 罗源 闽清 永泰 平潭 福清 思明 湖里 集美 海沧 同安 翔安 城厢 涵江 \
    荔城 秀屿 仙游 三元 沙县 明溪 清流 宁化 大田 尤溪 将乐 泰宁 建宁 永安 鲤城 丰泽 洛江 泉港 惠安 安溪 永春 德化 石狮 晋江 南安 \
    芗城 龙文 龙海 云霄 漳浦 诏安 东山 南靖 平和 华安 延平 建阳 顺昌 浦城 光泽 松溪 政和 邵武 武夷山 建瓯 新罗 永定 长汀 上杭 武平 \
    连城 漳平 蕉城 霞浦 古田 屏南 寿宁 周宁 柘荣 福安 福鼎 下寨 后溪 岭兜 埔头 洋中 坂头 樟湖 赤石 澳角 罗坑 霍童 杨梅 桂峰 塔下 \
    田螺坑 嵩口 厚塘 蓬壶 崇武 獭窟 浔埔 祥芝 梧林 围头 深沪 金井 官桥 水头 诗山 蟳窟 湄洲 忠门 埭头 笏石 枫亭 榜头 钟山 龙华 黎明";
const TRADITIONAL: &str = "松山 信義 大安 中山 中正 大同 萬華 文山 南港 內湖 士林 北投 板橋 三重 中和 永和 新莊 新店 樹林 鶯歌 三峽 淡水 汐止 瑞芳 \
    土城 蘆洲 五股 泰山 林口 深坑 石碇 坪林 三芝 石門 八里 平溪 雙溪 貢寮 金山 萬里 烏來 桃園 中壢 大溪 楊梅 蘆竹 大園 龜山 八德 龍潭 \
    平鎮 新屋 觀音 復興 竹北 湖口 新豐 新埔 關西 芎林 寶山 竹東 五峰 橫山 尖石 北埔 峨眉 頭份 後龍 通霄 苑裡 卓蘭 豐原 東勢 大甲 清水 \
    沙鹿 梧棲 后里 神岡 潭子 大雅 霧峰 烏日 鹿港 溪湖 田中 埔里 竹山 集集 虎尾 斗南 西螺 朴子 布袋 新營 鹽水 麻豆 佳里 學甲 善化 鳳山 \
    岡山 旗山 美濃 潮州 東港 恆春 羅東 蘇澳 壽豐 瑞穗 玉里 卑南 綠島 澎湖 馬公 望安 金城 烈嶼 南竿 北竿 東引 莒光";
const JAPANESE: &str = "長崎 佐世保 島原 諫早 大村 平戸 松浦 対馬 壱岐 五島 西海 雲仙 南島原 福岡 北九州 久留米 飯塚 柳川 八女 筑後 大川 行橋 豊前 \
    中間 小郡 筑紫野 春日 大野城 宗像 太宰府 古賀 福津 朝倉 糸島 徳島 鳴門 小松島 阿南 吉野川 美馬 三好 日宇地区コミュニティセンター \
    もみじが丘中央公園 さいかい みなみしまばら ハウステンボス しおさい広場 うきは みやま つるぎ まつしげ あいずみ 桜が丘 ひばりが丘 \
    城山 浜町 鍋島 俵町 矢岳 黒髪 早岐 花高 相浦 大野 柚木 世知原 吉井 江迎 鹿町 小佐々 宇久 三川内 針尾 広田 塩浸 烏帽子岳 潮見 干尽 \
    崎岡 指方 有福 宮 江上 萩坂 奥山 折橋 山祇 稲荷 須佐 木風 祇園 天神 福石 若葉 白岳 沖新 卸本町 大塔 もみじ谷 せとうち みどり";

const HANS_KINDS: [&str; 6] = [
    "中心小学",
    "村委会",
    "社区居委会避灾点",
    "镇第二中学",
    "体育馆",
    "敬老院",
];
const HANT_KINDS: [&str; 6] = ["國民小學", "里活動中心", "區公所", "高級中學", "體育館", "宮"];
const JAPAN_KINDS: [&str; 6] = [
    "小学校",
    "公民館",
    "地区コミュニティセンター",
    "高等学校体育館",
    "保育園",
    "緑地",
];

struct Language {
    header: &'static str,
    places: Vec<&'static str>,
    kinds: [&'static str; 6],
    encodings: Vec<&'static Encoding>,
}

fn languages() -> [Language; 3] {
    let language = |header, words: &'static str, kinds, encodings| Language {
        header,
        places: words.split_whitespace().collect(),
        kinds,
        encodings,
    };
    [
        language("编号,名称,经度,纬度\n", SIMPLIFIED, HANS_KINDS, vec![GB18030]),
        language("編號,名稱,經度,緯度\n", TRADITIONAL, HANT_KINDS, vec![BIG5]),
        language(
            "番号,施設名,緯度,経度\n",
            JAPANESE,
            JAPAN_KINDS,
            vec![SHIFT_JIS, EUC_JP],
        ),
    ]
}

impl Language {
    /// Some rows of a register, from a place of the list on.
    fn register(&self, header: bool, from: usize, rows: usize) -> String {
        let mut text = if header { self.header } else { "id,name,lon,lat\n" }.to_owned();
        for row in from..from + rows {
            let place = self.places[row * 7 % self.places.len()];
            let kind = self.kinds[row * 5 % self.kinds.len()];
            writeln!(text, "{row},{place}{kind},119.{row:04},26.{row:04}").unwrap();
        }
        text
    }
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, failed) = encoding.encode(text);
    assert!(!failed, "{text} in {}", encoding.name());
    bytes.into_owned()
}

#[test]
fn every_list_of_twenty_rows_is_detected() {
    for language in languages() {
        for &encoding in &language.encodings {
            for from in 0..language.places.len() {
                for header in [true, false] {
                    let text = language.register(header, from, 20);
                    let detected = detect(&Sample::whole(&encode(&text, encoding)));
                    let detected = detected.unwrap_or_else(|error| panic!("{} {error}", encoding.name()));
                    assert_eq!(detected.encoding, encoding, "{text}");
                    assert!(detected.confidence > 0.95, "{text} {detected}");
                }
            }
        }
    }
}

#[test]
fn short_lists_are_asked_about_rather_than_taken_wrongly() {
    for rows in [1, 2, 3] {
        for language in languages() {
            for &encoding in &language.encodings {
                let (mut right, mut asked, mut wrong) = (0, 0, Vec::new());
                for from in 0..language.places.len() {
                    let text = language.register(false, from, rows);
                    match detect(&Sample::whole(&encode(&text, encoding))) {
                        Ok(detected) if detected.encoding == encoding => right += 1,
                        Ok(detected) => wrong.push(format!("{text} as {detected}")),
                        Err(_) => asked += 1,
                    }
                }
                println!("{rows} rows of {}: {right} right, {asked} asked", encoding.name());
                assert!(wrong.is_empty(), "{rows} rows of {}: {wrong:?}", encoding.name());
                assert!(
                    rows < 3 || right > 9 * asked,
                    "{rows} rows of {}: {asked} asked",
                    encoding.name()
                );
            }
        }
    }
}

#[test]
fn unicode_is_told_with_and_without_a_mark() {
    let text = languages()[0].register(true, 0, 3);
    let utf16 = |swap: bool, mark: bool| {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        let bytes = units.map(|unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
        bytes.collect::<Vec<_>>().concat()
    };
    for (bytes, encoding, how) in [
        (utf16(false, true), UTF_16LE, How::Bom),
        (utf16(true, true), UTF_16BE, How::Bom),
        (utf16(false, false), UTF_16LE, How::Guessed),
        (utf16(true, false), UTF_16BE, How::Guessed),
        (format!("\u{feff}{text}").into_bytes(), UTF_8, How::Bom),
        (text.clone().into_bytes(), UTF_8, How::Strict),
        (b"id,lon,lat\n1,2,3\n".to_vec(), UTF_8, How::Strict),
        (Vec::new(), UTF_8, How::Strict),
    ] {
        let detected = detect(&Sample::whole(&bytes)).unwrap();
        assert_eq!((detected.encoding, detected.how), (encoding, how), "{text}");
    }
}

#[test]
fn damaged_and_foreign_text_is_not_taken_for_chinese() {
    let damaged = languages()[0].register(true, 0, 20).replacen("鼓楼", "\u{1}", 1);
    let damaged: Vec<u8> = damaged
        .bytes()
        .map(|byte| if byte == 1 { 0xb9 } else { byte })
        .collect();
    assert_eq!(detect(&Sample::whole(&damaged)).unwrap().encoding, UTF_8);
    let mut cut = encode(&languages()[0].register(true, 0, 60), GB18030);
    let place = cut.iter().position(|byte| !byte.is_ascii()).unwrap();
    // Half a character before a line end, as where a field was cut by bytes.
    cut.extend_from_slice(&[b'9', b',', cut[place], b'\n']);
    assert_eq!(detect(&Sample::whole(&cut)).unwrap().encoding, GB18030);
    let western = "name,lon,lat\nIslas Niño,1,2\nPeñablanca,2,3\nÄlmhult,3,4\nLüderitz,3,4\n".repeat(3);
    let western = encode(&western, encoding_rs::WINDOWS_1252);
    match detect(&Sample::whole(&western)) {
        Ok(detected) => assert_eq!(detected.encoding, encoding_rs::WINDOWS_1252),
        Err(error) => assert!(error.to_string().contains("windows-1252"), "{error}"),
    }
}

#[test]
fn a_few_sequences_of_two_bytes_are_utf8_only_where_they_make_sense() {
    for text in ["Islas Niño", "119°17'", "Москва"] {
        let detected = detect(&Sample::whole(format!("id,name\n1,{text}\n").as_bytes())).unwrap();
        assert_eq!(detected.encoding, UTF_8, "{text}");
    }
    let error = detect(&Sample::whole(&encode("id,name\n1,一\n", GB18030))).unwrap_err();
    insta::assert_snapshot!(error, @"the text encoding cannot be told: a line reads `1,һ` in UTF-8, or `1,一` in GB18030; say which with --encoding utf-8 or --encoding gb18030");
}

#[test]
fn what_is_asked_shows_the_line_both_ways() {
    let error = detect(&Sample::whole(b"id,name\n1,\xb0\xa1\n")).unwrap_err();
    insta::assert_snapshot!(error, @"the text encoding cannot be told: a line reads `1,啊` in GB18030, or `1,陛` in Big5; say which with --encoding gb18030 or --encoding big5");
}

#[test]
fn half_width_kana_are_japanese() {
    let text = "ID,ﾒｲｼｮｳ,LON,LAT\n".to_owned() + &"1,ﾆｼｼﾝﾃﾞﾝ ｺｳﾐﾝｶﾝ,1,2\n2,ﾋｶﾞｼﾊﾏ ｼｮｳｶﾞｯｺｳ 体育館,1,2\n".repeat(10);
    assert_eq!(
        detect(&Sample::whole(&encode(&text, SHIFT_JIS))).unwrap().encoding,
        SHIFT_JIS
    );
}

proptest! {
    #[test]
    fn any_bytes_are_decided_or_asked(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(detected) = detect(&Sample::whole(&bytes)) {
            prop_assert!((0.0..=1.0).contains(&detected.confidence));
        }
    }
}
