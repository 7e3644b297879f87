//! How a name is put together: words before, a core, words behind, and nothing else.

use super::parts::ColumnName;
use crate::catalog::Role;

/// The names of one meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a> {
    /// The words that say it, with how well they do.
    pub(super) cores: &'a [(&'a str, u32)],
    /// Words that may stand before and take nothing from it.
    pub(super) before: &'a [&'a str],
    /// Words that may stand behind.
    pub(super) behind: &'a [&'a str],
    /// Whether the features may be named before it (避灾点 + 名称); otherwise the name would be of something else.
    pub(super) with_subject: bool,
    /// Cores that say it only behind the features' word, such as 名 in 場所名.
    pub(super) only_with_subject: &'a [(&'a str, u32)],
    /// What may stand in brackets.
    pub(super) remarks: Remarks<'a>,
}

/// What may stand in brackets behind a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Remarks<'a> {
    /// Instructions and units of any kind.
    Except(&'a [&'a str]),
    /// Only what is known not to narrow the meaning: 容納人數(室內) is not the capacity.
    Only(&'a [&'a str]),
}

impl Remarks<'_> {
    fn allow(self, remark: &str) -> bool {
        remark.is_empty()
            || match self {
                Self::Except(words) => !words.iter().any(|word| remark.contains(word)),
                Self::Only(words) => words.contains(&remark),
            }
    }
}

impl Rule<'_> {
    /// A rule that says nothing, to be filled.
    pub(super) const NONE: Rule<'static> = Rule {
        cores: &[],
        before: &[],
        behind: &[],
        with_subject: true,
        only_with_subject: &[],
        remarks: Remarks::Except(&[]),
    };

    /// How telling a name is; `None` where a part of it is not understood.
    pub(super) fn score(&self, name: &ColumnName, role: Role) -> Option<u32> {
        if !name.remarks.iter().all(|remark| self.remarks.allow(remark)) {
            return None;
        }
        let best = self
            .parse(&name.text, role, Seen::default())
            .or_else(|| self.bilingual(name, role))?;
        Some(best - if name.is_numbered { 30 } else { 0 })
    }

    /// `設施名稱 Name`: both languages say the same.
    fn bilingual(&self, name: &ColumnName, role: Role) -> Option<u32> {
        let at = name
            .text
            .char_indices()
            .find(|(at, char)| *char == ' ' && name.text[..*at].is_ascii() != name.text[at + 1..].is_ascii());
        let (one, other) = name.text.split_at(at?.0);
        let one = self.parse(one, role, Seen::default())?;
        let other = self.parse(other.trim_start(), role, Seen::default())?;
        Some(one.max(other))
    }

    /// Like [`Self::score`] for a name that ends in the middle of a core or of a word behind it.
    pub(super) fn score_cut(&self, name: &ColumnName, role: Role) -> Option<u32> {
        let long_enough = |rest: &str| rest.chars().count() >= if rest.is_ascii() { 5 } else { 2 };
        // A number cut off with the rest would be part of another word.
        if name.is_numbered || !name.remarks.is_empty() {
            return None;
        }
        let mut best = None;
        for (start, weight) in self.beginnings(&name.text, role) {
            let rest = &name.text[start..];
            let cores = self
                .cores
                .iter()
                .filter(|(core, _)| core.len() > rest.len() && core.starts_with(rest));
            let cut_core = cores.map(|(_, weight)| *weight).max().filter(|_| long_enough(rest));
            let whole_core = self.cores.iter().filter_map(|(core, weight)| {
                let behind = strip(rest, core)?;
                let is_cut = self.behind.iter().any(|word| word.starts_with(behind));
                (is_cut && !behind.is_empty()).then_some(*weight)
            });
            let found = cut_core.into_iter().chain(whole_core).max();
            best = best.max(found.map(|core| (core * 100 + weight).saturating_sub(60)));
        }
        best
    }

    /// Positions behind any number of words before, with what those add.
    fn beginnings(&self, text: &str, role: Role) -> Vec<(usize, u32)> {
        let mut found = vec![(0, 0)];
        let mut index = 0;
        while let Some((at, weight)) = found.get(index).copied() {
            for (word, more) in self.words_before(role) {
                if let Some(rest) = strip(&text[at..], word) {
                    let next = (text.len() - rest.len(), weight.max(more));
                    if !found.contains(&next) && found.len() < 64 {
                        found.push(next);
                    }
                }
            }
            index += 1;
        }
        found
    }

    fn words_before(&self, role: Role) -> Vec<(&str, u32)> {
        let mut words: Vec<(&str, u32)> = Vec::new();
        for word in self.before {
            words.push((word, 0));
        }
        for (word, weight) in super::vocabulary::subjects(role).filter(|_| self.with_subject) {
            words.push((word, weight));
        }
        words
    }

    fn parse(&self, text: &str, role: Role, seen: Seen) -> Option<u32> {
        let whole = self
            .cores
            .iter()
            .filter_map(|(core, weight)| self.ends(strip(text, core)?, *weight));
        let with_subject = self.only_with_subject.iter().filter(|_| seen.subject > 0);
        let named = with_subject.filter_map(|(core, weight)| self.ends(strip(text, core)?, *weight));
        let mut best = whole
            .chain(named)
            .max()
            .map(|weight| (weight * 100 + seen.subject).saturating_sub(seen.words * 10));
        if seen.words + u32::from(seen.subject > 0) > 4 {
            return best;
        }
        for (word, subject) in self.words_before(role) {
            let Some(rest) = strip(text, word).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let seen = Seen {
                subject: seen.subject.max(subject),
                words: seen.words + u32::from(subject == 0),
            };
            best = best.max(self.parse(rest, role, seen));
        }
        best
    }

    /// The weight, if only words behind are left.
    fn ends(&self, rest: &str, weight: u32) -> Option<u32> {
        if rest.is_empty() {
            return Some(weight);
        }
        self.behind
            .iter()
            .find_map(|word| self.ends(strip(rest, word)?, weight))
    }
}

/// What stood before the core.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// How telling the features' word was.
    subject: u32,
    /// How many other words.
    words: u32,
}

/// The text behind a word it begins with; a word of letters must end there.
fn strip<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    let ends = rest.is_empty() || rest.starts_with(' ') || !word.ends_with(|char: char| char.is_ascii_alphanumeric());
    ends.then(|| rest.trim_start())
}
