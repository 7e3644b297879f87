//! Findings and reasons in Chinese.
//!
//! Where something is found it is said in English, as the command line speaks. The catalogue has each such sentence as
//! a template in both languages (keys `told.…`): the English one recognises the sentence and takes the particulars out
//! of it, the Chinese one puts them in again. Particulars that are words of ours and not of the file have templates of
//! their own, told apart by the placeholder that they stand in (keys `phrase.PLACEHOLDER.…`); all others are put in as
//! they are. A sentence that the catalogue does not know stays English.

use std::{cmp::Reverse, collections::HashMap, sync::LazyLock};

use crate::messages::{self, Names};

/// A template, taken apart.
struct Template {
    /// What stands before the first placeholder.
    head: &'static str,
    /// Each placeholder's name and what stands behind it.
    rest: Vec<(&'static str, &'static str)>,
    names: &'static Names,
}

/// Placeholders' names with what stood in them.
type Particulars<'t> = Vec<(&'static str, &'t str)>;

static SENTENCES: LazyLock<Vec<Template>> =
    LazyLock::new(|| sorted(messages::beginning_with("told.").map(|(_, names)| names)));

/// By the placeholder that they stand in.
static PHRASES: LazyLock<HashMap<&'static str, Vec<Template>>> = LazyLock::new(|| {
    let mut families: HashMap<&str, Vec<&'static Names>> = HashMap::new();
    for (key, names) in messages::beginning_with("phrase.") {
        if let Some(placeholder) = key.split('.').nth(1) {
            families.entry(placeholder).or_default().push(names);
        }
    }
    let families = families.into_iter();
    families
        .map(|(name, family)| (name, sorted(family.into_iter())))
        .collect()
});

/// The most telling first: those with the most fixed text.
fn sorted(all: impl Iterator<Item = &'static Names>) -> Vec<Template> {
    let mut templates: Vec<Template> = all.map(Template::new).collect();
    templates.sort_by_key(|template| (Reverse(template.fixed()), template.names.en.as_str()));
    templates
}

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
    fn particulars<'t>(&self, sentence: &'t str) -> Option<Particulars<'t>> {
        let mut found = Vec::with_capacity(self.rest.len());
        let text = sentence.strip_prefix(self.head)?;
        fit(&self.rest, text, false, &mut found).then_some(found)
    }

    /// The Chinese sentence with these particulars.
    fn in_chinese(&self, particulars: &Particulars<'_>) -> String {
        let mut parts = self.names.zh.split('{');
        let mut chinese = parts.next().unwrap_or_default().to_owned();
        for (name, behind) in parts.filter_map(|part| part.split_once('}')) {
            let known = particulars.iter().find(|(known, _)| *known == name);
            let value = known.map_or("", |(_, value)| *value);
            match PHRASES.get(name).and_then(|family| translated(family, value)) {
                Some(phrase) => chinese.push_str(&phrase),
                None => chinese.push_str(value),
            }
            chinese.push_str(behind);
        }
        chinese
    }
}

/// Shares a text out among placeholders, each as little as goes. Where one adjoins the one before, with no fixed text
/// between, it takes a phrase of its own or nothing.
fn fit<'t>(rest: &[(&'static str, &'static str)], text: &'t str, adjoins: bool, found: &mut Particulars<'t>) -> bool {
    let Some(((name, behind), later)) = rest.split_first() else {
        return text.is_empty();
    };
    let is_fit = |value: &str| {
        let is_phrase = |family: &Vec<Template>| translated(family, value).is_some();
        !adjoins || value.is_empty() || PHRASES.get(name).is_some_and(is_phrase)
    };
    if later.is_empty() {
        let value = text.strip_suffix(behind).filter(|value| is_fit(value));
        found.extend(value.map(|value| (*name, value)));
        return value.is_some();
    }
    // What stands behind a placeholder may stand in a particular as well.
    for (at, _) in text.match_indices(behind) {
        if is_fit(&text[..at]) {
            found.push((*name, &text[..at]));
            if fit(later, &text[at + behind.len()..], behind.is_empty(), found) {
                return true;
            }
            found.pop();
        }
    }
    false
}

fn translated(templates: &[Template], text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let known = |template: &Template| Some(template.in_chinese(&template.particulars(text)?));
    templates.iter().find_map(known)
}

/// A finding's message, a refusal's reason or a repair of a [`Report`](super::Report) in Chinese; `None` where the
/// catalogue does not know the sentence.
pub fn to_chinese(sentence: &str) -> Option<String> {
    translated(&SENTENCES, sentence)
}

#[cfg(test)]
mod tests;
