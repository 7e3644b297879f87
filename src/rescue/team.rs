//! One rescue team: a feature of a team layer, read through typed accessors.
//!
//! Owns the reading only. Values stay in the layer's columns; what is unknown is `None`.

use std::{borrow::Cow, sync::Arc};

use crate::{
    catalog::{Attribute, Layer},
    geometry::LonLat,
    messages::Lang,
};

/// A rescue team (救援队) and where it is stationed.
#[derive(Debug, Clone)]
pub struct Team {
    pub(super) layer: Arc<Layer>,
    pub(super) row: usize,
    pub(super) id: Box<str>,
    pub(super) position: LonLat,
}

impl Team {
    /// The id, unique among all teams of the region: the feature id, or `layer:feature id` where the feature id alone is not unique
    /// among the region's team layers.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The layer the team is a feature of.
    pub const fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }

    /// Where it is stationed, WGS 84.
    pub const fn position(&self) -> LonLat {
        self.position
    }

    /// The name in a language, or in the other language where only that is known.
    pub fn name(&self, lang: Lang) -> Option<Cow<'_, str>> {
        self.layer.name(self.row, lang)
    }

    /// What it is trained for.
    pub fn specialty(&self) -> Option<Cow<'_, str>> {
        self.layer.text(self.row, Attribute::Specialty)
    }

    /// Telephone number.
    pub fn phone(&self) -> Option<Cow<'_, str>> {
        self.layer.text(self.row, Attribute::Phone)
    }

    /// Id of the chemical park it belongs to.
    pub fn serves(&self) -> Option<Cow<'_, str>> {
        self.layer.text(self.row, Attribute::Serves)
    }

    /// Whether the record is made up.
    pub fn is_synthetic(&self) -> bool {
        self.layer.is_synthetic(self.row)
    }
}
