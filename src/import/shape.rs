//! One geometry on its way into the pack: position, range, repair, and the point that a shelter needs.
//!
//! Owns the order of these steps and the point. Mending is [`super::repair`]'s part.

use geo::{InteriorPoint, MapCoords};
use geo_types::{Geometry, Point};
use geojson::GeometryValue;

use super::{
    crs,
    repair::{Repair, mend},
};
use crate::{
    catalog::{
        Role,
        readers::{Problem, RawFeature},
    },
    geometry::{Crs, validity},
};

/// A geometry as it goes into the pack.
#[derive(Debug, PartialEq)]
pub(super) struct Shaped {
    pub(super) geometry: Geometry<f64>,
    pub(super) repair: Repair,
    /// What a shelter's point stands for: its ground or its entrances, as the text of a GeoJSON geometry.
    pub(super) footprint: Option<String>,
}

/// Takes a feature's geometry to WGS 84, checks and mends it. A shelter that is mapped as an area gets a point in it, one
/// that is mapped as several points the first of them.
pub(super) fn prepare(feature: &mut RawFeature, crs: &Crs, role: Role) -> Result<Shaped, Problem> {
    let problem = |reason: String| Problem {
        field: Some("geometry".to_owned()),
        value: None,
        reason,
    };
    let raw = feature
        .geometry
        .take()
        .ok_or_else(|| problem("there is no geometry".to_owned()))?;
    check_role(&raw, role).map_err(problem)?;
    let geometry = raw.try_map_coords(|coord| crs::to_wgs84(crs, coord)).map_err(problem)?;
    let mut repair = Repair {
        closed_rings: feature.open_rings,
        ..Repair::default()
    };
    let mended = mend(geometry, &mut repair).map_err(problem)?;
    if let Some(flaw) = validity::flaw(&mended) {
        return Err(problem(flaw.to_string()));
    }
    let (geometry, footprint) = match role {
        Role::Shelter => site(mended).map_err(problem)?,
        _ => (mended, None),
    };
    Ok(Shaped {
        geometry,
        repair,
        footprint,
    })
}

/// Whether a shelter's geometry is kept beside the point that stands for it.
pub(super) const fn has_footprint(geometry: &Geometry<f64>) -> bool {
    matches!(
        geometry,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::MultiPoint(_)
    )
}

/// The point that stands for a shelter, and what it stands for where that is more.
fn site(geometry: Geometry<f64>) -> Result<(Geometry<f64>, Option<String>), String> {
    let point: Option<Point<f64>> = match &geometry {
        Geometry::Point(_) => return Ok((geometry, None)),
        Geometry::MultiPoint(points) => points.0.first().copied(),
        other => other.interior_point(),
    };
    let point = point.ok_or("no point of it can be found")?;
    let footprint = geojson::Geometry::new(GeometryValue::from(&geometry)).to_string();
    Ok((point.into(), Some(footprint)))
}

fn check_role(geometry: &Geometry<f64>, role: Role) -> Result<(), String> {
    let is_point = matches!(geometry, Geometry::Point(_));
    let is_polygon = matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    match role {
        _ if matches!(geometry, Geometry::GeometryCollection(_)) => {
            Err("a geometry collection; split it into features of one kind".to_owned())
        }
        Role::Shelter if !is_point && !has_footprint(geometry) => {
            Err("a shelter needs a point or an area, and this is a line".to_owned())
        }
        Role::HazardZone if !is_polygon => Err("a hazard zone needs a polygon".to_owned()),
        Role::AdminArea if !is_polygon => Err("an administrative area needs a polygon".to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{MultiPoint, wkt};

    use super::*;

    fn wgs84() -> Crs {
        Crs::from_datum(crate::geometry::Datum::Wgs84)
    }

    fn shelter(geometry: impl Into<Geometry<f64>>) -> Result<Shaped, Problem> {
        let mut feature = RawFeature {
            geometry: Some(geometry.into()),
            ..RawFeature::default()
        };
        prepare(&mut feature, &wgs84(), Role::Shelter)
    }

    #[test]
    fn a_shelter_that_is_an_area_gets_a_point_in_it_and_keeps_its_footprint() {
        // The middle of its box lies outside.
        let horseshoe = wkt!(POLYGON((0. 0.,3. 0.,3. 3.,2. 3.,2. 1.,1. 1.,1. 3.,0. 3.,0. 0.)));
        let shaped = shelter(horseshoe.clone()).unwrap();
        let Geometry::Point(point) = shaped.geometry else {
            panic!("{shaped:?}")
        };
        assert!(horseshoe.contains(&point), "{point:?}");
        let kept: geojson::Geometry = shaped.footprint.unwrap().parse().unwrap();
        assert_eq!(Geometry::try_from(kept.value).unwrap(), horseshoe.into());
    }

    #[test]
    fn of_several_points_the_first_stands_for_the_shelter() {
        let entrances = MultiPoint::from(vec![(119.3, 26.1), (119.4, 26.1)]);
        let shaped = shelter(entrances).unwrap();
        assert_eq!(shaped.geometry, Point::new(119.3, 26.1).into());
        assert!(shaped.footprint.unwrap().contains("119.4"));
        assert!(shelter(wkt!(LINESTRING(1. 2.,3. 4.))).is_err());
    }

    #[test]
    fn swapped_positions_are_refused_with_a_hint() {
        let mut feature = RawFeature {
            geometry: Some(Point::new(26.08, 119.3).into()),
            ..RawFeature::default()
        };
        let problem = prepare(&mut feature, &wgs84(), Role::Shelter).unwrap_err();
        assert_eq!(
            problem.reason,
            "latitude 119.3 is outside -90..=90 degrees; are longitude and latitude swapped?"
        );
    }
}
