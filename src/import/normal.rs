//! The form in which names of columns and words of cells are compared.
//!
//! Owns the table of characters that differ between simplified, traditional and Japanese writing, as far as words of
//! registers have them. It is no general conversion: it is only ever used to compare, never to write.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use crate::fold::is_plain;

/// Pairs of characters: as written in Taiwan, Hong Kong or Japan, and simplified.
const PAIRS: &str = "\
    難难災灾場场設设稱称編编號号碼码數数納纳電电話话聯联絡络連连級级類类別别種种積积處处點点園园區区鄉乡鎮镇\
    縣县県县詳详標标狀状態态時时間间內内風风颱台臺台澇涝嘯啸氾泛濫滥適适應应応应對对対对収收團团団团體体單单\
    単单廚厨廁厕備备醫医療疗飲饮無无礙碍寵宠緊紧責责崗岗專专専专業业務务隊队險险険险藍蓝黃黄紅红極极較较潛潜\
    勢势強强規规劃划畫划画划計计預预啟启開开關关閉闭滿满満满資资總总総总戶户戸户畝亩萬万億亿頃顷東东經经経经\
    緯纬圖图図图層层質质學学華华廣广広广運运動动際际會会館馆員员長长緩缓環环綜综戰战產产淺浅傷伤養养護护與与\
    錄录録录歲岁歳岁駅站濱滨浜滨邊边辺边權权権权檢检検检驗验験验効效樣样様样價价氣气訊讯訪访證证參参帶带帯带\
    壓压貯贮儲储營营倉仓導导確确認认實实実实廢废廃废發发発发爲为為为傾倾壞坏給给續续続续網网線线綠绿緑绿簡简\
    織织組组統统繼继圓圆況况決决減减準准測测溫温灣湾熱热獨独現现衆众眾众約约貧贫貴贵過过還还遠远選选鐵铁鉄铁\
    鐘钟門门階阶項项須须領领題题飯饭燈灯爐炉親亲儀仪優优傳传偉伟兩两嚴严廳厅庁厅廠厂歷历圧压變变変变葉叶噸吨\
    圍围囲围國国塊块壩坝墾垦隄堤壯壮聲声復复頭头夾夹獎奖婦妇孫孙寧宁寶宝宮宫寬宽審审壽寿將将爾尔屬属島岛嶺岭\
    峽峡幣币師师幫帮庫库張张彈弹歸归帰归當当憶忆懷怀驚惊擴扩執执報报擔担擬拟擇择撈捞換换據据拠据衛卫\
    語语記记結结読读讀读書书議议車车輪轮農农漁渔橋桥樓楼棟栋築筑構构範范寫写試试調调論论識识維维済济濟济龍龙齢龄齡龄貨货買买賣卖";

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = PAIRS.chars().filter(|char| !char.is_whitespace()).collect();
    chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// Full-width and compatibility forms made plain (NFKC), lower case, characters of other writings simplified, white
/// space trimmed.
pub(super) fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.chars().all(is_plain) {
        return text.chars().map(simplified).collect();
    }
    let folded: String = text.nfkc().flat_map(char::to_lowercase).map(simplified).collect();
    folded.trim().to_owned()
}

fn simplified(char: char) -> char {
    match char {
        '−' => '-',
        ascii if ascii.is_ascii() => ascii,
        other => SIMPLIFIED.get(&other).copied().unwrap_or(other),
    }
}

/// Whether a character is of a script written without spaces: Han and kana.
pub(super) fn is_unspaced(char: char) -> bool {
    matches!(u32::from(char), 0x3005..=0x3007 | 0x3041..=0x30FA | 0x30FC..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// How many single characters must be put in, left out or exchanged to make one text of the other (Levenshtein).
/// O(length²).
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_word_are_one() {
        for (written, folded) in [
            ("設施名稱", "设施名称"),
            ("施設・場所名", "施设・场所名"),
            (" ＣＡＰＡＣＩＴＹ（㎡）", "capacity(m2)"),
            ("颱風", "台风"),
            ("土砂災害", "土砂灾害"),
            ("Ⅳ級", "iv级"),
            ("−5", "-5"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn the_table_has_whole_pairs_and_no_chains() {
        let chars = PAIRS.chars().filter(|char| !char.is_whitespace()).count();
        assert_eq!(chars % 2, 0);
        for (written, simple) in SIMPLIFIED.iter() {
            assert_eq!(simplified(*simple), *simple, "{written} {simple}");
        }
    }

    #[test]
    fn distance_counts_characters() {
        for (one, other, expected) in [
            ("", "ab", 2),
            ("容纳人数", "容纳人口数", 1),
            ("kitten", "sitting", 3),
            ("a", "a", 0),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
