//! Positions, boxes and projections: the coordinate frames everything else is said in.
//!
//! Owns checked positions ([`LonLat`]), boxes that may cross the antimeridian ([`BBox`]) and the Web Mercator unit
//! square that tiles are cut from ([`Mercator`]), datums ([`Datum`]), coordinate reference systems ([`crs`]), distances and areas on the ellipsoid
//! ([`geodesic`], [`area`]),
//! polygons ready for point tests ([`PreparedPolygon`]), and whether a geometry is valid ([`validity`]). Knows nothing of layers, indexes or files.
//!
//! Frames: `LonLat` is WGS 84 in degrees (CGCS2000 is taken as equal: they differ by centimetres, far below the
//! precision of shelter and hazard data).

pub mod area;
mod bbox;
pub mod crs;
pub mod datum;
pub mod geodesic;
mod lonlat;
mod mercator;
mod prepared;
mod stand;
pub mod validity;

pub use bbox::{BBox, BBoxError, Extent};
pub use crs::Crs;
pub use datum::Datum;
pub use lonlat::{LonLat, LonLatError};
pub use mercator::{MAX_LATITUDE, Mercator};
pub use prepared::PreparedPolygon;
pub use stand::standing_at;
