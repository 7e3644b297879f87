//! Findings and reasons in Chinese.
//!
//! Where something is found it is said in English, as the command line speaks. The catalogue has each such sentence as
//! a template in both languages (keys `told.…`): the English one recognises the sentence and takes the particulars out
//! of it, the Chinese one puts them in again. A sentence that the catalogue does not know stays English.

use std::sync::LazyLock;

use crate::messages::{self, Names};

/// A template, taken apart.
struct Template {
    /// What stands before the first placeholder.
    head: &'static str,
    /// Each placeholder's name and what stands behind it.
    rest: Vec<(&'static str, &'static str)>,
    names: &'static Names,
}

/// The most telling first: those with the most fixed text.
static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let mut templates: Vec<Template> = messages::beginning_with("told.").map(Template::new).collect();
    templates.sort_by_key(|template| (std::cmp::Reverse(template.fixed()), template.names.en.as_str()));
    templates
});

impl Template {
    fn new(names: &'static Names) -> Self {
        let mut parts = names.en.split('{');
        Self {
            head: parts.next().unwrap_or_default(),
            rest: parts.filter_map(|part| part.split_once('}')).collect(),
            names,
        }
    }

    /// Bytes of fixed text.
    fn fixed(&self) -> usize {
        self.head.len() + self.rest.iter().map(|(_, text)| text.len()).sum::<usize>()
    }

    /// The particulars of a sentence of this form.
    fn particulars<'t>(&self, sentence: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        let mut left = sentence.strip_prefix(self.head)?;
        let mut found = Vec::new();
        for (index, (name, behind)) in self.rest.iter().enumerate() {
            let is_last = index + 1 == self.rest.len();
            let end = if is_last {
                left.len().checked_sub(behind.len())?
            } else {
                left.find(behind)?
            };
            found.push((*name, left.get(..end)?));
            left = left.get(end..)?.strip_prefix(behind)?;
        }
        left.is_empty().then_some(found)
    }
}

/// An English sentence in Chinese; `None` where the catalogue does not know it.
pub fn to_chinese(sentence: &str) -> Option<String> {
    let (template, particulars) = TEMPLATES
        .iter()
        .find_map(|template| Some((template, template.particulars(sentence)?)))?;
    let mut chinese = String::new();
    let mut parts = template.names.zh.split('{');
    chinese.push_str(parts.next().unwrap_or_default());
    for (name, behind) in parts.filter_map(|part| part.split_once('}')) {
        let value = particulars
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| *value);
        // Some particulars are sentences themselves.
        chinese.push_str(&to_chinese(value).unwrap_or_else(|| value.to_owned()));
        chinese.push_str(behind);
    }
    Some(chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_said_in_chinese_with_their_particulars() {
        for (english, chinese) in [
            ("must be a number", "应为数"),
            ("the id stands in row 17 already", "编号与第 17 行重复"),
            (
                "latitude 119.4 is outside -90..=90 degrees; are longitude and latitude swapped?",
                "纬度 119.4 超出 -90 至 90 度；经度和纬度是否颠倒？",
            ),
            (
                "a ring crosses or touches itself at 119.5000000,26.5000000",
                "环自相交或自相接（位于 119.5000000,26.5000000）",
            ),
            (
                "2 features have another of the same name within 10 m; such as S1 甲 and S2 甲, 3.0 m apart; all are kept: \
                 mend the register where they are one",
                "2 个要素在 10 米内有同名要素；例如 S1 甲 和 S2 甲，相距 3.0 米；全部保留：若为同一处，请更正台账",
            ),
        ] {
            assert_eq!(to_chinese(english).as_deref(), Some(chinese));
        }
        assert_eq!(to_chinese("something else"), None);
        assert_eq!(to_chinese(""), None);
    }

    #[test]
    fn every_template_knows_its_own_sentence() {
        for names in messages::beginning_with("told.") {
            let sentence = names.en.replace('{', "<").replace('}', ">");
            let expected = names.zh.replace('{', "<").replace('}', ">");
            assert_eq!(to_chinese(&sentence), Some(expected), "{}", names.en);
        }
    }
}
