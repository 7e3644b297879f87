//! How large and heavy a vehicle may be.

/// Limits of size and load on a stretch; `None` where none is signposted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Limits {
    /// Most weight of the loaded vehicle, kilograms.
    pub max_weight_kg: Option<u32>,
    /// Most load of one axle, kilograms.
    pub max_axle_load_kg: Option<u32>,
    /// Most height, centimetres.
    pub max_height_cm: Option<u32>,
    /// Most width, centimetres.
    pub max_width_cm: Option<u32>,
    /// Most length, centimetres.
    pub max_length_cm: Option<u32>,
    /// No hazardous goods.
    pub hazmat_forbidden: bool,
}

impl Limits {
    /// No limit.
    pub const NONE: Self = Self {
        max_weight_kg: None,
        max_axle_load_kg: None,
        max_height_cm: None,
        max_width_cm: None,
        max_length_cm: None,
        hazmat_forbidden: false,
    };
}
