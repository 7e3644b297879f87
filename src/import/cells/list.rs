//! Cells that list several things: `水災,震災,土石流`, `洪水:否`, `不适用洪水`.
//!
//! What is listed is yes. What is not listed is unknown, never no: a register that says nothing about a kind has not
//! said no. No is said only in so many words (`不适用洪水`, `洪水:否`, `洪水×`).

use std::collections::BTreeMap;

use super::tri_word;
use crate::{
    catalog::Tri,
    import::{MeaningKey, normal::fold, words::Listed},
};

/// What a cell says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Cell {
    /// Yes or no for the meanings it speaks of; where it says both, nothing.
    pub(in crate::import) said: BTreeMap<MeaningKey, Tri>,
    /// Whether it says in one word that nothing of the kind is there (`无`).
    pub(in crate::import) says_none: bool,
    /// Its words that say nothing to us.
    pub(in crate::import) strangers: Vec<String>,
}

/// Between listed things. Brackets are not: what stands in them is a condition.
const SEPARATORS: &[char] = &[
    ',', '、', ';', '/', '|', '\n', '\r', '&', '·', '・', '，', '；', '+', '。',
];
/// Before a word that is denied.
const NOT: &[&str] = &[
    "不适用于",
    "不适用",
    "不适合",
    "不可用于",
    "不包括",
    "不含",
    "not suitable for",
    "not for",
    "not ",
    "no ",
];
/// Behind one.
const NOT_BEHIND: &[&str] = &["不适用", "不适合", "不可", "除外", "対象外", "对象外"];
/// Before a word that is affirmed.
const YES: &[&str] = &["适用于", "适用", "适合", "可用于", "suitable for "];

/// One word of a cell and what is said of it.
struct Word {
    meanings: Vec<MeaningKey>,
    text: String,
    said: Said,
}

/// How a word stands in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Without more: listed.
    Bare,
    /// With its own yes, no or unknown.
    Paired(Tri),
    /// Affirmed by a word before it.
    Affirmed,
    /// Denied by a word before it, which may be meant for the next ones too.
    Denied,
    /// Denied by a word behind it, which may be meant for those before too.
    DeniedBehind,
}

/// Reads a cell.
pub(in crate::import) fn list(listed: Listed, text: &str) -> Cell {
    let folded = fold(text);
    let mut cell = Cell::default();
    if super::is_placeholder(text) {
        cell.says_none = matches!(folded.as_str(), "无" | "なし" | "none");
        return cell;
    }
    for clause in folded.split([';', '\n', '。', '；']) {
        let mut words = Vec::new();
        let whole = clause.split(SEPARATORS).collect::<String>();
        let whole = listed.meanings(&whole);
        if whole.is_empty() {
            for piece in clause
                .split(SEPARATORS)
                .map(str::trim)
                .filter(|piece| !piece.is_empty())
            {
                read_piece(listed, piece, &mut words);
            }
        } else {
            words.push(Word {
                meanings: whole,
                text: clause.to_owned(),
                said: Said::Bare,
            });
        }
        cell.add(words);
    }
    cell.said.retain(|_, said| *said != Tri::Unknown);
    cell
}

impl Cell {
    /// Takes up a clause. A word that may be meant by its neighbour's no is not taken for a yes.
    fn add(&mut self, words: Vec<Word>) {
        let last_denied_behind = words.iter().rposition(|word| word.said == Said::DeniedBehind);
        let mut denied = false;
        for (index, word) in words.into_iter().enumerate() {
            denied = match word.said {
                Said::Denied => true,
                Said::Affirmed => false,
                _ => denied,
            };
            let in_doubt = denied || last_denied_behind.is_some_and(|last| index < last);
            let said = match word.said {
                Said::Bare if in_doubt => None,
                Said::Bare | Said::Affirmed => Some(Tri::Yes),
                Said::Denied | Said::DeniedBehind => Some(Tri::No),
                Said::Paired(tri) => Some(tri),
            };
            match said {
                Some(said) if !word.meanings.is_empty() => {
                    for meaning in word.meanings {
                        let known = self.said.entry(meaning).or_insert(said);
                        if *known != said {
                            *known = Tri::Unknown;
                        }
                    }
                }
                _ => self.strangers.push(word.text),
            }
        }
    }
}

/// Reads what stands between two separators: one word, a word with its yes or no, or several words with spaces.
fn read_piece(listed: Listed, piece: &str, words: &mut Vec<Word>) {
    if let Some(word) = one_word(listed, piece) {
        words.push(word);
        return;
    }
    let parts: Vec<&str> = piece.split_whitespace().collect();
    if parts.len() < 2 {
        words.push(stranger(piece));
        return;
    }
    let mut start = 0;
    while start < parts.len() {
        // The longest run of words that is known: `storm surge` before `surge`.
        let known = (start + 1..=parts.len()).rev().find_map(|end| {
            let word = one_word(listed, &parts[start..end].join(" "))?;
            Some((word, end))
        });
        let (word, end) = known.unwrap_or_else(|| (stranger(parts[start]), start + 1));
        words.push(word);
        start = end;
    }
}

fn stranger(text: &str) -> Word {
    Word {
        meanings: Vec::new(),
        text: text.to_owned(),
        said: if NOT.iter().any(|not| text.starts_with(not.trim_end())) {
            // `不适用: 洪水, 地震`: what follows is not affirmed.
            Said::Denied
        } else {
            Said::Bare
        },
    }
}

/// A single known word with what is said of it.
fn one_word(listed: Listed, text: &str) -> Option<Word> {
    let found = |word: &str, said: Said| {
        let meanings = listed.meanings(word.trim());
        (!meanings.is_empty()).then(|| Word {
            meanings,
            text: text.to_owned(),
            said,
        })
    };
    let after = |prefixes: &[&str], said| {
        let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))?;
        found(rest.trim_start_matches([':', ' ']), said)
    };
    let paired = || {
        let text = text.strip_suffix(')').unwrap_or(text);
        let (word, value) = text.split_once([':', '=', '('])?;
        found(word, Said::Paired(tri_word(value.trim())?))
    };
    let marked = || {
        let mark = text.chars().next_back()?;
        let value = tri_word(&mark.to_string()).filter(|_| !mark.is_alphanumeric() && mark != '-')?;
        found(&text[..text.len() - mark.len_utf8()], Said::Paired(value))
    };
    found(text, Said::Bare)
        .or_else(|| after(NOT, Said::Denied))
        .or_else(|| after(YES, Said::Affirmed))
        .or_else(|| {
            let rest = NOT_BEHIND.iter().find_map(|suffix| text.strip_suffix(suffix))?;
            found(rest, Said::DeniedBehind)
        })
        .or_else(paired)
        .or_else(marked)
        .or_else(|| lacking(listed, text).and_then(|rest| found(rest, Said::Denied)))
}

/// `无厕所`, `没有厕所`: only of facilities, and only where the whole is none itself (`无障碍`).
fn lacking(listed: Listed, text: &str) -> Option<&str> {
    let is_facility = listed == Listed::Facilities;
    ["没有", "无"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .filter(|_| is_facility)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a cell says, as `+flood -typhoon ?word`.
    fn said(listed: Listed, text: &str) -> String {
        let cell = list(listed, text);
        let known = cell.said.iter().map(|(meaning, said)| {
            let name = meaning.to_string();
            let name = name.split_once('.').unwrap().1.to_owned();
            format!("{}{name}", if *said == Tri::Yes { '+' } else { '-' })
        });
        known
            .chain(cell.strangers.iter().map(|word| format!("?{word}")))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn what_is_listed_is_yes_and_nothing_else_is_said() {
        for (written, meant) in [
            ("水災,震災,土石流", "+flood +waterlogging +debris_flow +earthquake"),
            ("水災，震災", "+flood +waterlogging +earthquake"),
            ("地震、台风；洪水", "+flood +typhoon +earthquake"),
            ("地震/颱風|海嘯", "+typhoon +tsunami +earthquake"),
            ("地震 台风　洪水", "+flood +typhoon +earthquake"),
            ("地震\n津波", "+tsunami +earthquake"),
            ("土砂災害・高潮", "+landslide +debris_flow +storm_surge"),
            ("崖崩れ、土石流及び地滑り", "+landslide +debris_flow"),
            ("flood, storm surge debris flow", "+flood +debris_flow +storm_surge"),
            ("Earthquake & Tsunami", "+tsunami +earthquake"),
            ("地震灾害,洪涝灾害", "+flood +waterlogging +earthquake"),
            ("", ""),
            ("－", ""),
            ("無", ""),
        ] {
            assert_eq!(said(Listed::Hazards, written), meant, "{written}");
        }
    }

    #[test]
    fn no_is_said_in_so_many_words() {
        for (written, meant) in [
            ("不适用洪水", "-flood"),
            ("洪水:否,地震:是", "-flood +earthquake"),
            ("洪水：×，地震：○", "-flood +earthquake"),
            ("洪水× 地震○", "-flood +earthquake"),
            ("洪水(否)", "-flood"),
            ("洪水除外", "-flood"),
            ("地震，不适用洪水", "-flood +earthquake"),
            ("不适用于洪水；适用于地震", "-flood +earthquake"),
            ("洪水:未知", ""),
        ] {
            assert_eq!(said(Listed::Hazards, written), meant, "{written}");
        }
    }

    #[test]
    fn a_word_that_a_neighbours_no_may_mean_is_not_affirmed() {
        for (written, meant) in [
            ("不适用洪水、地震", "-flood ?地震"),
            ("洪水、地震不适用", "-earthquake ?洪水"),
            ("不适用：洪水，地震", "-flood ?地震"),
            ("不适用,洪水,地震", "?不适用 ?洪水 ?地震"),
            ("地震,地震:否", ""),
        ] {
            assert_eq!(said(Listed::Hazards, written), meant, "{written}");
        }
    }

    #[test]
    fn words_that_are_not_ours_and_conditions_are_strangers() {
        for (written, meant) in [
            ("地震,火山", "+earthquake ?火山"),
            ("洪水(2階以上)", "?洪水(2阶以上)"),
            ("各类灾害", "?各类灾害"),
            ("除洪水外均适用", "?除洪水外均适用"),
            ("地震 全区", "+earthquake ?全区"),
            ("-地震", "?-地震"),
        ] {
            assert_eq!(said(Listed::Hazards, written), meant, "{written}");
        }
    }

    #[test]
    fn facilities_are_listed_alike() {
        for (written, meant) in [
            ("厕所、床铺、备用电源", "+toilets +beds +power"),
            ("无障碍，廁所", "+step_free +toilets"),
            ("无厕所；有床铺", "-toilets ?有床铺"),
            ("無", ""),
        ] {
            assert_eq!(said(Listed::Facilities, written), meant, "{written}");
        }
        assert!(list(Listed::Facilities, "無").says_none);
        assert!(!list(Listed::Facilities, "-").says_none);
    }
}
