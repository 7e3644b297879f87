//! Ids of features that stay apart where several layers of a region have the same.

use std::collections::{HashMap, HashSet};

use super::Layer;

/// The id that is a feature's own whatever other layers have: `layer:feature id`.
pub(crate) fn long_id(layer: &Layer, row: usize) -> String {
    format!("{}:{}", layer.id(), layer.feature_id(row))
}

/// An id for each of these features, given by layer and row, no two the same: its feature id where no other of them has the same and
/// none has a long id that reads so; else its long id. O(n) for n features.
pub(crate) fn region_ids(features: &[(&Layer, usize)]) -> Vec<Box<str>> {
    let ids: Vec<_> = features.iter().map(|(layer, row)| layer.feature_id(*row)).collect();
    let mut count: HashMap<&str, u32> = HashMap::new();
    for id in &ids {
        *count.entry(id).or_default() += 1;
    }
    let long_ids: HashSet<String> = features.iter().map(|(layer, row)| long_id(layer, *row)).collect();
    let id_of = |(id, (layer, row)): (_, &(&Layer, usize))| {
        let id: &str = id;
        if count[id] > 1 || long_ids.contains(id) {
            long_id(layer, *row).into()
        } else {
            id.into()
        }
    };
    ids.iter().map(AsRef::as_ref).zip(features).map(id_of).collect()
}
