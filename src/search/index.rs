//! The search index and its one question: what is called like this?

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use super::{
    areas::{AreaFinder, AreaNumber, Areas},
    fold,
    fuzzy::Vocabulary,
    pinyin::{PinyinIndex, Spelling, Spelt},
    place,
    rank::{self, Match},
    text::{Found, TextIndex},
};
use crate::{
    catalog::{Attribute, Layer},
    geometry::{BBox, LonLat},
    messages::Lang,
};

/// The most characters of a query that are read; what follows is ignored.
pub const MAX_QUERY_CHARS: usize = 100;

/// Areas named in [`Hit::detail`], lowest first.
const DETAIL_AREAS: usize = 2;

/// Something found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The layer it is in.
    pub layer: Arc<Layer>,
    /// Its row there.
    pub row: usize,
    /// How the query fits it.
    pub matched: Match,
    /// Where it is: the point itself, or a point inside an area.
    pub position: LonLat,
    /// The box around it; `None` for a single point.
    pub bbox: Option<BBox>,
    /// Where it lies, in words (`county · city`), in the language asked for.
    pub detail: Option<String>,
}

/// A named feature. Entries are numbered by importance, then layer, then id: the number settles every tie.
#[derive(Debug)]
struct Entry {
    layer: Arc<Layer>,
    row: usize,
    importance: u16,
    position: LonLat,
    /// The position on the unit sphere.
    direction: [f64; 3],
    bbox: Option<BBox>,
    area: Option<AreaNumber>,
}

/// The names of all named features that people look for, read once and sorted.
///
/// Build: O(n log n) for n characters of names. Query: O(log n + candidates), well below a millisecond for tens of
/// thousands of features.
#[derive(Debug, Default)]
pub struct SearchIndex {
    entries: Vec<Entry>,
    areas: Areas,
    by_id: HashMap<String, Vec<u32>>,
    text: TextIndex,
    pinyin: PinyinIndex,
    vocabulary: Vocabulary,
}

impl SearchIndex {
    /// Reads the names of every shelter, chemical park, rescue team, administrative area, settlement and facility.
    /// Features without a name are found by their id alone. On all processors.
    pub fn build(layers: &[Arc<Layer>]) -> Self {
        let finder = AreaFinder::build(layers);
        let entries = entries(layers, &finder);
        let mut by_id: HashMap<String, Vec<u32>> = HashMap::new();
        let mut folded: Vec<Folded> = entries.par_iter().map(Folded::of).collect();
        for (number, folded) in (0_u32..).zip(&mut folded) {
            if let Some(id) = folded.id.take() {
                by_id.entry(id).or_default().push(number);
            }
        }
        let names = || {
            let numbered = (0_u32..).zip(&folded);
            numbered.flat_map(|(number, folded)| folded.names.iter().map(move |name| (number, name.as_str())))
        };
        let (pinyin, (vocabulary, text)) = rayon::join(
            || PinyinIndex::build(names()),
            || rayon::join(|| Vocabulary::build(names()), || TextIndex::build(names())),
        );
        Self {
            pinyin,
            vocabulary,
            text,
            by_id,
            areas: finder.into_areas(),
            entries,
        }
    }

    /// How many features can be found.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to be found.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The best `limit` hits for a query, best first; of equally important ones those nearer to `bias` first. The
    /// same question always gets the same answer; a query without a letter or digit gets none.
    ///
    /// ```
    /// # use refugia::{messages::Lang, search::SearchIndex};
    /// let nothing = SearchIndex::build(&[]);
    /// assert!(nothing.find("福州", 10, None, Lang::Zh).is_empty());
    /// ```
    pub fn find(&self, query: &str, limit: usize, bias: Option<LonLat>, lang: Lang) -> Vec<Hit> {
        let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
        let words = fold::words(&query);
        let mut answer = Answer::new(&self.entries, limit, bias);
        if !words.is_empty() {
            self.fill(&mut answer, &words);
        }
        answer
            .hits
            .into_iter()
            .map(|(entry, matched)| self.hit(entry, matched, lang))
            .collect()
    }

    /// Adds tier after tier until there is enough.
    fn fill(&self, answer: &mut Answer<'_>, words: &[String]) {
        self.add_texts(answer, &fold::join(words));
        if words.len() > 1 && !answer.is_full() {
            let sets = words
                .iter()
                .map(|word| self.text.find(word).map(|(entry, _)| entry).collect());
            answer.add(Match::Parts, in_all(sets));
        }
        let spelt = Spelt::new(words);
        for (spelling, start, inside) in [
            (Spelling::Syllables, Match::Pinyin, Match::PinyinInside),
            (Spelling::Initials, Match::Initials, Match::InitialsInside),
        ] {
            if !answer.is_full() {
                let found = self.pinyin.find(&spelt, spelling);
                answer.add(
                    start,
                    found.iter().filter(|(_, is_start)| *is_start).map(|(entry, _)| *entry),
                );
                answer.add(inside, found.iter().map(|(entry, _)| *entry));
            }
        }
        if !answer.is_full() {
            let sets = words.iter().map(|word| {
                let exact = self.text.find(word).map(|(entry, _)| entry);
                exact.chain(self.vocabulary.find(word)).collect()
            });
            answer.add(Match::Fuzzy, in_all(sets));
        }
    }

    fn add_texts(&self, answer: &mut Answer<'_>, text: &str) {
        let mut exact = self.by_id.get(text).cloned().unwrap_or_default();
        let (mut prefix, mut word, mut inside) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, found) in self.text.find(text) {
            match found {
                Found::Start(rest) if self.is_whole(entry, rest) => exact.push(entry),
                Found::Start(_) => prefix.push(entry),
                Found::Word => word.push(entry),
                Found::Inside => inside.push(entry),
            }
        }
        answer.add(Match::Exact, exact);
        answer.add(Match::Prefix, prefix);
        answer.add(Match::WordPrefix, word);
        answer.add(Match::Substring, inside);
    }

    fn is_whole(&self, entry: u32, rest: &str) -> bool {
        rest.is_empty() || rank::is_area_word(self.entries[entry as usize].layer.role(), rest)
    }

    fn hit(&self, entry: u32, matched: Match, lang: Lang) -> Hit {
        let entry = &self.entries[entry as usize];
        let areas = self
            .areas
            .chain(entry.area)
            .filter_map(|(layer, row)| layer.name(row, lang));
        let detail: Vec<_> = areas.take(DETAIL_AREAS).collect();
        Hit {
            layer: Arc::clone(&entry.layer),
            row: entry.row,
            matched,
            position: entry.position,
            bbox: entry.bbox,
            detail: (!detail.is_empty()).then(|| detail.join(" · ")),
        }
    }
}

/// All features that can be found, in the order of their numbers.
fn entries(layers: &[Arc<Layer>], finder: &AreaFinder) -> Vec<Entry> {
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    for (order, layer) in layers
        .iter()
        .enumerate()
        .filter(|(_, layer)| rank::is_searchable(layer.role()))
    {
        let rows = layer.geometries().par_iter().enumerate();
        entries.par_extend(rows.filter_map(|(row, geometry)| {
            let position = place::position(geometry)?;
            let entry = Entry {
                layer: Arc::clone(layer),
                row,
                importance: rank::importance(layer, row),
                position,
                direction: on_sphere(position),
                bbox: place::bbox(geometry),
                area: finder.around(layer, row, position),
            };
            Some((order, entry))
        }));
    }
    entries.par_sort_by_cached_key(|(order, entry)| {
        (entry.importance, *order, entry.layer.feature_id(entry.row).into_owned())
    });
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What an entry is called, folded.
struct Folded {
    id: Option<String>,
    /// Each once.
    names: Vec<String>,
}

impl Folded {
    fn of(entry: &Entry) -> Self {
        let names = [Lang::Zh, Lang::En]
            .into_iter()
            .filter_map(|lang| entry.layer.name(entry.row, lang));
        let mut names: Vec<String> = names
            .map(|name| fold::fold(&name))
            .filter(|name| !name.is_empty())
            .collect();
        names.dedup();
        let id = entry.layer.text(entry.row, Attribute::Id);
        Self {
            id: id.map(|id| fold::fold(&id)),
            names,
        }
    }
}

/// The entries that are in every set.
fn in_all(sets: impl Iterator<Item = Vec<u32>>) -> Vec<u32> {
    let sorted = sets.map(|mut set| {
        set.sort_unstable();
        set.dedup();
        set
    });
    let common = |a: Vec<u32>, b: Vec<u32>| a.into_iter().filter(|entry| b.binary_search(entry).is_ok()).collect();
    sorted.reduce(common).unwrap_or_default()
}

/// The hits so far, at most `limit`, each entry in its best tier.
struct Answer<'i> {
    entries: &'i [Entry],
    limit: usize,
    bias: Option<[f64; 3]>,
    seen: Vec<bool>,
    hits: Vec<(u32, Match)>,
}

impl<'i> Answer<'i> {
    fn new(entries: &'i [Entry], limit: usize, bias: Option<LonLat>) -> Self {
        Self {
            entries,
            limit,
            bias: bias.map(on_sphere),
            seen: vec![false; entries.len()],
            hits: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Adds the best entries of a tier.
    fn add(&mut self, tier: Match, entries: impl IntoIterator<Item = u32>) {
        let wanted = self.limit - self.hits.len();
        if wanted == 0 {
            return;
        }
        let mut keys = Vec::new();
        for number in entries {
            if !std::mem::replace(&mut self.seen[number as usize], true) {
                keys.push(sort_key(&self.entries[number as usize], number, self.bias));
            }
        }
        if keys.len() > wanted {
            keys.select_nth_unstable(wanted);
            keys.truncate(wanted);
        }
        keys.sort_unstable();
        self.hits.extend(keys.into_iter().map(|(.., number)| (number, tier)));
    }
}

/// Importance, nearness to the bias, number. Squared chords order as distances do, and the bits of numbers that are
/// not negative as the numbers.
fn sort_key(entry: &Entry, number: u32, bias: Option<[f64; 3]>) -> (u16, u64, u32) {
    let chord = bias.map_or(0.0, |bias| {
        bias.iter()
            .zip(entry.direction)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>()
    });
    (entry.importance, chord.to_bits(), number)
}

/// The position on the unit sphere.
fn on_sphere(position: LonLat) -> [f64; 3] {
    let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
    let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Region;

    fn tiny() -> SearchIndex {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/packs/tiny");
        SearchIndex::build(&Region::load(&pack).unwrap().layers)
    }

    fn shown(hits: &[Hit], lang: Lang) -> Vec<String> {
        let show = |hit: &Hit| {
            let name = hit.layer.name(hit.row, lang).unwrap_or_default();
            format!("{name} ({}) {:?}", hit.detail.as_deref().unwrap_or("-"), hit.matched)
        };
        hits.iter().map(show).collect()
    }

    #[test]
    fn a_hit_says_where_it_lies() {
        let index = tiny();
        let found = |query, lang| shown(&index.find(query, 2, None, lang), lang);
        assert_eq!(
            found("hewan", Lang::En),
            [
                "Hewan Town (West District) Exact",
                "Hewan School (demo) (West District) Prefix"
            ]
        );
        assert_eq!(
            found("gao po", Lang::Zh),
            ["高坡乡 (东区) Pinyin", "高坡礼堂（演示） (西区) Pinyin"]
        );
        assert_eq!(found("XQ", Lang::Zh)[0], "西区 (-) Initials");
    }

    #[test]
    fn an_area_has_a_box_and_a_point_inside_and_a_point_has_none() {
        let index = tiny();
        for hit in index
            .find("district", 50, None, Lang::En)
            .iter()
            .chain(&index.find("区", 50, None, Lang::Zh))
        {
            let bbox = hit.bbox.filter(|_| hit.layer.id().as_str() == "districts");
            assert_eq!(bbox.is_some(), hit.layer.id().as_str() == "districts");
            assert!(bbox.is_none_or(|bbox| bbox.contains(hit.position)));
        }
    }

    #[test]
    fn queries_of_any_length_and_kind_are_survived() {
        let index = tiny();
        for query in [
            "",
            "  ",
            "·",
            &"福".repeat(10_000),
            &"fu".repeat(10_000),
            &"\u{fdfa}".repeat(100),
            "%_\\\"",
            "a 1 区",
        ] {
            assert!(index.find(query, 5, None, Lang::Zh).len() <= 5);
        }
        assert!(index.find("", 5, None, Lang::Zh).is_empty());
        assert!(index.find("区", 0, None, Lang::Zh).is_empty());
    }
}
