//! The words of closed vocabularies as registers write them.

use crate::{catalog::Attribute, import::normal::fold};

/// A word of a vocabulary and what registers write for it, folded.
type Written = (&'static str, &'static [&'static str]);

/// What registers write, folded, for the words of the vocabularies.
const WORDS: &[(Attribute, &[Written])] = &[
    (
        Attribute::Grade,
        &[
            ("province", &["省"]),
            ("city", &["市", "地市", "设区市"]),
            ("county", &["县", "区", "县区", "区县", "县(市、区)", "县(区)"]),
            (
                "township",
                &["乡镇", "乡", "镇", "街道", "乡镇(街道)", "乡镇街道", "镇街"],
            ),
            ("village", &["村", "社区", "村(社区)", "村社区", "村居", "村(居)"]),
        ],
    ),
    (
        Attribute::Space,
        &[("indoor", &["室内", "屋内"]), ("outdoor", &["室外", "屋外", "户外"])],
    ),
    (
        Attribute::Function,
        &[
            ("comprehensive", &["综合"]),
            ("single", &["单一"]),
            ("specific", &["特定"]),
        ],
    ),
    (
        Attribute::Duration,
        &[
            ("emergency", &["紧急", "应急", "紧急避难"]),
            ("short", &["短期", "短期避难"]),
            ("long", &["长期", "长期避难"]),
        ],
    ),
    (
        Attribute::LegalKind,
        &[
            ("flee", &["紧急避险", "指定紧急避难场所", "紧急指定避难场所"]),
            ("stay", &["转移安置", "指定避难所"]),
        ],
    ),
    (
        Attribute::Status,
        &[
            ("planned", &["规划中", "计划中", "在建"]),
            ("standby", &["待命", "备用"]),
            ("open", &["开放", "已开放", "启用", "已启用", "开设", "开设中"]),
            ("full", &["已满", "满员"]),
            ("closed", &["关闭", "已关闭", "停用", "已停用", "闭锁"]),
            ("unsafe", &["不安全"]),
            ("unknown", &["未知", "未确认", "不明", "不详"]),
        ],
    ),
    (
        Attribute::AdminLevel,
        &[
            ("province", &["省", "自治区", "直辖市"]),
            ("city", &["市", "地市", "地级市", "设区市"]),
            ("county", &["县", "区", "区县", "县区", "县市区"]),
            ("township", &["乡镇", "乡", "镇", "街道"]),
            ("village", &["村", "社区", "里"]),
        ],
    ),
];

/// A word of an attribute's vocabulary, given in English or as Chinese and Japanese registers write it (`县级`, `综合性`).
pub(in crate::import) fn word(attribute: Attribute, text: &str) -> Option<&'static str> {
    let vocabulary = attribute.words()?;
    let folded = fold(text);
    if let Some(word) = vocabulary.iter().find(|word| **word == folded) {
        return Some(word);
    }
    let stem = ["级", "性", "型"].iter().find_map(|suffix| folded.strip_suffix(suffix));
    let (_, words) = WORDS.iter().find(|(known, _)| *known == attribute)?;
    let is_written = |text: &str| {
        words
            .iter()
            .find(|(_, written)| written.contains(&text))
            .map(|(word, _)| *word)
    };
    is_written(&folded).or_else(|| stem.and_then(is_written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_in_every_writing() {
        for (attribute, written, word_meant) in [
            (Attribute::Grade, "县级", Some("county")),
            (Attribute::Grade, "縣級", Some("county")),
            (Attribute::Grade, "乡镇（街道）级", Some("township")),
            (Attribute::Function, "综合性", Some("comprehensive")),
            (Attribute::Status, "Ｏｐｅｎ", Some("open")),
            (Attribute::Status, "開放", Some("open")),
            (Attribute::Status, "坏", None),
            (Attribute::Space, "室內型", Some("indoor")),
            (Attribute::LegalKind, "指定緊急避難場所", Some("flee")),
            (Attribute::LegalKind, "指定避難場所", None),
            (Attribute::AdminLevel, "区县", Some("county")),
            (Attribute::Capacity, "open", None),
        ] {
            assert_eq!(word(attribute, written), word_meant, "{written}");
        }
    }

    #[test]
    fn every_word_is_of_its_vocabulary_and_written_folded() {
        for (attribute, words) in WORDS {
            for (word, written) in *words {
                assert!(attribute.words().unwrap().contains(word), "{attribute} {word}");
                for text in *written {
                    assert_eq!(fold(text), *text);
                }
            }
        }
    }
}
