//! A tile between drawing and encoding: what each layer shows, in tile units, with numbered keys and values.
//!
//! Owns that form and nothing else: [`mod@super::render`] fills it, [`super::mvt`] and [`super::mlt`] turn it into bytes.

use super::{
    commands::{Commands, GeometryKind},
    properties::TagTable,
};

/// One layer of one tile.
#[derive(Debug)]
pub(super) struct DrawnLayer<'a> {
    pub(super) name: &'a str,
    pub(super) features: Features,
    /// What the features' tags count into.
    pub(super) table: TagTable<'a>,
    /// Features of the layer with a part in the window, drawn or not.
    pub(super) in_window: u32,
}

impl DrawnLayer<'_> {
    /// Features that are drawn as themselves, not as one of many.
    pub(super) fn shown(&self) -> u32 {
        let mut ids: Vec<u64> = self.features.heads.iter().filter_map(|head| head.id).collect();
        ids.dedup();
        ids.len() as u32
    }
}

/// Features one after the other, their tags and commands in two long rows.
#[derive(Debug, Default)]
pub(super) struct Features {
    heads: Vec<Head>,
    tags: Vec<u32>,
    words: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Head {
    id: Option<u64>,
    kind: GeometryKind,
    /// Where the feature ends in `tags` and in `words`.
    tags_end: u32,
    words_end: u32,
}

/// One feature.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawnFeature<'a> {
    /// Row in the layer counted from 1; none where it stands for several.
    pub(super) id: Option<u64>,
    pub(super) kind: GeometryKind,
    /// Pairs of key and value numbers.
    pub(super) tags: &'a [u32],
    /// Geometry commands.
    pub(super) words: &'a [u32],
}

impl Features {
    /// Adds a feature.
    pub(super) fn push(&mut self, id: Option<u64>, tags: &[u32], kind: GeometryKind, geometry: &Commands) {
        self.tags.extend_from_slice(tags);
        self.words.extend_from_slice(geometry.words());
        self.heads.push(Head {
            id,
            kind,
            tags_end: self.tags.len() as u32,
            words_end: self.words.len() as u32,
        });
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The features in drawing order.
    pub(super) fn iter(&self) -> impl Iterator<Item = DrawnFeature<'_>> {
        let mut start = (0, 0);
        self.heads.iter().map(move |head| {
            let end = (head.tags_end as usize, head.words_end as usize);
            let feature = DrawnFeature {
                id: head.id,
                kind: head.kind,
                tags: &self.tags[start.0..end.0],
                words: &self.words[start.1..end.1],
            };
            start = end;
            feature
        })
    }
}
