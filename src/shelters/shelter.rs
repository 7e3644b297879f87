//! One shelter: a feature of a shelter layer, read through typed accessors.
//!
//! Owns the reading only. Values stay where they are, in the layer's columns; what is unknown is `None` or
//! [`Tri::Unknown`], never a default.

use std::{borrow::Cow, str::FromStr, sync::Arc};

use geo_types::Geometry;

use super::{DurationClass, Function, Grade, LegalKind, Space, Status};
use crate::{
    catalog::{Attribute, Facility, HazardKind, Layer, Tri},
    geometry::LonLat,
    messages::Lang,
    units::{Metres, Persons},
};

/// A shelter (避灾点): the minimum record that GB/T 44013-2024 and its peers share.
#[derive(Debug, Clone)]
pub struct Shelter {
    pub(super) layer: Arc<Layer>,
    pub(super) row: usize,
    pub(super) id: Box<str>,
    pub(super) position: LonLat,
    pub(super) status: Status,
}

impl Shelter {
    /// The id, unique among all shelters of the region: the feature id, or `layer:feature id` where the feature id
    /// alone is not unique among the region's shelter layers (see [`super::Shelters`]).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The layer the shelter is a feature of.
    pub const fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }

    /// The row in that layer.
    pub const fn row(&self) -> usize {
        self.row
    }

    /// The position, WGS 84.
    pub const fn position(&self) -> LonLat {
        self.position
    }

    /// The name in a language, or in the other language where only that is known.
    pub fn name(&self, lang: Lang) -> Option<Cow<'_, str>> {
        self.layer.name(self.row, lang)
    }

    /// The area, or the several points, that the position stands for, WGS 84; `None` where it is a point and no more.
    pub fn footprint(&self) -> Option<Geometry<f64>> {
        self.layer.footprint(self.row)
    }

    /// The status; unknown where nobody has said.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// When the status was true, as the data say it.
    pub fn status_as_of(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::StatusAsOf)
    }

    /// Design capacity.
    pub fn capacity(&self) -> Option<Persons> {
        self.number(Attribute::Capacity)
            .filter(|&persons| persons >= 0.0)
            .map(|persons| Persons(persons as u64))
    }

    /// Effective area in square metres.
    pub fn effective_area_m2(&self) -> Option<f64> {
        self.number(Attribute::EffectiveArea)
    }

    /// Height above sea level.
    pub fn elevation(&self) -> Option<Metres> {
        self.number(Attribute::Elevation).map(Metres)
    }

    /// How far off the position may be.
    pub fn precision(&self) -> Option<Metres> {
        self.number(Attribute::Precision).map(Metres)
    }

    /// Who runs it.
    pub fn grade(&self) -> Option<Grade> {
        self.word(Attribute::Grade)
    }

    /// Indoor or outdoor.
    pub fn space(&self) -> Option<Space> {
        self.word(Attribute::Space)
    }

    /// Comprehensive, single or specific.
    pub fn function(&self) -> Option<Function> {
        self.word(Attribute::Function)
    }

    /// How long people can stay.
    pub fn duration_class(&self) -> Option<DurationClass> {
        self.word(Attribute::Duration)
    }

    /// To flee to or to stay in.
    pub fn legal_kind(&self) -> Option<LegalKind> {
        self.word(Attribute::LegalKind)
    }

    /// Whether it suits a hazard kind.
    pub fn suits(&self, kind: HazardKind) -> Tri {
        self.layer.suits(self.row, kind)
    }

    /// Whether it has a facility.
    pub fn facility(&self, facility: Facility) -> Tri {
        self.layer.facility(self.row, facility)
    }

    /// Street address.
    pub fn address(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::Address)
    }

    /// Code of the administrative area it lies in.
    pub fn admin_code(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::AdminCode)
    }

    /// Telephone number.
    pub fn phone(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::Phone)
    }

    /// The office of the keeper, never a person.
    pub fn keeper_role(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::KeeperRole)
    }

    /// When the record was true, as the data say it.
    pub fn as_of(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::AsOf)
    }

    /// Who says so: the record's own source, or the layer's.
    pub fn source(&self) -> Cow<'_, str> {
        self.text(Attribute::Source)
            .unwrap_or_else(|| Cow::Borrowed(&self.layer.manifest().source))
    }

    /// Whether the record is made up.
    pub fn is_synthetic(&self) -> bool {
        self.layer.is_synthetic(self.row)
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        self.layer.text(self.row, attribute)
    }

    fn number(&self, attribute: Attribute) -> Option<f64> {
        self.layer.number(self.row, attribute)
    }

    fn word<T: FromStr>(&self, attribute: Attribute) -> Option<T> {
        self.text(attribute)?.parse().ok()
    }
}
