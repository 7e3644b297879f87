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

/// A vehicle's size and load, as far as limits ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vehicle {
    /// Weight with its load, kilograms.
    pub weight_kg: u32,
    /// Load of its heaviest axle, kilograms.
    pub axle_load_kg: u32,
    /// Height, centimetres.
    pub height_cm: u32,
    /// Width, centimetres.
    pub width_cm: u32,
    /// Length, centimetres.
    pub length_cm: u32,
    /// Whether it carries hazardous goods.
    pub carries_hazmat: bool,
}

impl Vehicle {
    /// The lorry that ways are searched for: as large as a rigid one with three axles may be (GB 1589-2016: 12 m long, 2.55 m wide, 4 m
    /// high, 25 t, 10 t on an axle with twin tyres), which covers fire engines and the usual relief lorry. It carries no
    /// hazardous goods.
    pub const LORRY: Self = Self {
        weight_kg: 25_000,
        axle_load_kg: 10_000,
        height_cm: 400,
        width_cm: 255,
        length_cm: 1_200,
        carries_hazmat: false,
    };

    /// Whether the vehicle keeps within limits.
    pub fn keeps(self, limits: Limits) -> bool {
        let within = |most: Option<u32>, own: u32| most.is_none_or(|most| own <= most);
        within(limits.max_weight_kg, self.weight_kg)
            && within(limits.max_axle_load_kg, self.axle_load_kg)
            && within(limits.max_height_cm, self.height_cm)
            && within(limits.max_width_cm, self.width_cm)
            && within(limits.max_length_cm, self.length_cm)
            && !(limits.hazmat_forbidden && self.carries_hazmat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_counts_and_none_that_is_not_there() {
        let lorry = Vehicle::LORRY;
        assert!(lorry.keeps(Limits::NONE));
        let tight = |change: fn(&mut Limits, u32)| {
            let fits = |value: u32| {
                let mut limits = Limits::NONE;
                change(&mut limits, value);
                lorry.keeps(limits)
            };
            (0..30_000).step_by(5).find(|&value| fits(value))
        };
        assert_eq!(tight(|limits, most| limits.max_weight_kg = Some(most)), Some(25_000));
        assert_eq!(tight(|limits, most| limits.max_axle_load_kg = Some(most)), Some(10_000));
        assert_eq!(tight(|limits, most| limits.max_height_cm = Some(most)), Some(400));
        assert_eq!(tight(|limits, most| limits.max_width_cm = Some(most)), Some(255));
        assert_eq!(tight(|limits, most| limits.max_length_cm = Some(most)), Some(1_200));
        let goods = Limits {
            hazmat_forbidden: true,
            ..Limits::NONE
        };
        assert!(lorry.keeps(goods));
        let tanker = Vehicle {
            carries_hazmat: true,
            ..lorry
        };
        assert!(!tanker.keeps(goods));
    }
}
