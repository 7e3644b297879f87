//! Positions computed by `proj4rs`: projections, other meridians than Greenwich, shifts by parameters.
//!
//! Owns the guards around it: numbers that a projection cannot hold are an error, never a position somewhere.

use proj4rs::{Proj, transform::transform};

use super::{
    CrsError, Tie, UnknownCrs,
    definition::{Definition, Shift},
};
use crate::geometry::LonLat;

/// The frame that positions are brought to.
const WGS84: &str = "+proj=longlat +datum=WGS84";

/// How far a position may come back from where it went, metres: a projection gives any point of its own back to
/// micrometres, and one that it does not have somewhere else altogether.
const GUARD_M: f64 = 0.1;

/// A system and the way from it to WGS 84, built once.
#[derive(Debug)]
pub(super) struct Calculation {
    system: Proj,
    wgs84: Proj,
    zone: Option<u32>,
    is_geographic: bool,
    is_transverse: bool,
}

impl Calculation {
    pub(super) fn new(name: &str, definition: &Definition, tie: &Tie) -> Result<Self, UnknownCrs> {
        let wrong = |error: proj4rs::errors::Error| UnknownCrs::Definition {
            name: name.to_owned(),
            problem: error.to_string(),
        };
        let projection = definition.get("proj").unwrap_or_default();
        if projection == "geocent" {
            return Err(UnknownCrs::Geocentric(name.to_owned()));
        }
        let mut definition = definition.clone();
        if !matches!(tie, Tie::Parameters(_)) && definition.shift() != Shift::Unsaid {
            // Taken as equal: longitudes and latitudes are not touched.
            definition = definition.without("towgs84");
        }
        let system = Proj::from_proj_string(&definition.to_string()).map_err(wrong)?;
        if !system.has_inverse() {
            return Err(UnknownCrs::Definition {
                name: name.to_owned(),
                problem: format!("there is no way back from +proj={projection} to longitude and latitude"),
            });
        }
        Ok(Self {
            is_geographic: system.is_latlong(),
            is_transverse: matches!(projection, "tmerc" | "utm" | "etmerc"),
            system,
            wgs84: Proj::from_proj_string(WGS84).map_err(wrong)?,
            zone: definition.zone(),
        })
    }

    pub(super) const fn is_geographic(&self) -> bool {
        self.is_geographic
    }

    pub(super) fn central_meridian(&self) -> Option<f64> {
        self.is_transverse
            .then(|| (self.system.longitude_of_origin() + self.system.from_greenwich()).to_degrees())
    }

    pub(super) fn to_wgs84(&self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        if !(x.is_finite() && y.is_finite()) {
            return Err(CrsError::NotFinite { x, y });
        }
        if self.is_geographic {
            LonLat::new(x, y)?;
        }
        if let Some(zone) = self.zone.filter(|zone| (x / 1e6).floor() != f64::from(*zone)) {
            return Err(CrsError::Zone { x, zone });
        }
        // Why a projection has no such point is of its inside and helps nobody.
        self.computed(x, y).ok_or(CrsError::Beyond { x, y })
    }

    fn computed(&self, x: f64, y: f64) -> Option<LonLat> {
        if self.is_geographic {
            let mut position = (x.to_radians(), y.to_radians(), 0.0);
            transform(&self.system, &self.wgs84, &mut position).ok()?;
            return LonLat::new(wrapped(position.0.to_degrees()), position.1.to_degrees()).ok();
        }
        let mut position = (x, y, 0.0);
        transform(&self.system, &self.wgs84, &mut position).ok()?;
        let found = LonLat::new(position.0.to_degrees(), position.1.to_degrees()).ok()?;
        transform(&self.wgs84, &self.system, &mut position).ok()?;
        let off = (position.0 - x).hypot(position.1 - y) * self.system.to_meter();
        (off < GUARD_M).then_some(found)
    }
}

/// Longitudes of another meridian than Greenwich may run over ±180°.
fn wrapped(lon: f64) -> f64 {
    if (-180.0..=180.0).contains(&lon) {
        lon
    } else {
        (lon + 180.0).rem_euclid(360.0) - 180.0
    }
}
