//! Geometries: from FlatGeobuf's flat arrays to `geo_types`, nothing trusted.

use flatgeobuf::{Geometry as Table, GeometryType};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// A geometry as it was read. `geo_types` closes the rings of a polygon without a word; what it closed is told here.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The geometry.
    pub geometry: Geometry<f64>,
    /// How many rings of polygons were not closed in the file.
    pub open_rings: usize,
}

/// How deep collections may lie in each other.
const MAX_DEPTH: usize = 8;

type Problem = String;

/// Decodes a feature's geometry; empty ones (a point without coordinates) are `None`.
pub(super) fn decode(table: &Table<'_>, of_file: GeometryType) -> Result<Option<Shaped>, Problem> {
    let kind = if of_file == GeometryType::Unknown {
        table.type_()
    } else {
        of_file
    };
    let mut open_rings = 0;
    let geometry = decode_as(table, kind, &mut open_rings, 0)?;
    Ok(geometry.map(|geometry| Shaped { geometry, open_rings }))
}

fn decode_as(
    table: &Table<'_>,
    kind: GeometryType,
    open: &mut usize,
    depth: usize,
) -> Result<Option<Geometry<f64>>, Problem> {
    Ok(match kind {
        GeometryType::Point => match coords(table)?.as_slice() {
            [] => None,
            [coord] if coord.x.is_nan() && coord.y.is_nan() => None,
            [coord] => Some(Point(*coord).into()),
            more => return Err(format!("a point with {} positions", more.len())),
        },
        GeometryType::MultiPoint => Some(MultiPoint(coords(table)?.into_iter().map(Point).collect()).into()),
        GeometryType::LineString => Some(LineString(coords(table)?).into()),
        GeometryType::MultiLineString => Some(MultiLineString(rings(table)?).into()),
        GeometryType::Polygon => Some(polygon(table, open)?.into()),
        GeometryType::MultiPolygon => {
            let parts = table.parts().into_iter().flatten();
            let polygons: Result<_, _> = parts.map(|part| polygon(&part, open)).collect();
            Some(MultiPolygon(polygons?).into())
        }
        GeometryType::GeometryCollection if depth < MAX_DEPTH => {
            let parts = table.parts().into_iter().flatten();
            let members: Result<Vec<_>, _> = parts
                .map(|part| decode_as(&part, part.type_(), open, depth + 1))
                .collect();
            Some(Geometry::GeometryCollection(members?.into_iter().flatten().collect()))
        }
        GeometryType::GeometryCollection => return Err(format!("collections nested deeper than {MAX_DEPTH}")),
        other => return Err(format!("geometries of type {other:?} are not supported")),
    })
}

fn coords(table: &Table<'_>) -> Result<Vec<Coord<f64>>, Problem> {
    let Some(flat) = table.xy() else { return Ok(Vec::new()) };
    if flat.len() % 2 != 0 {
        return Err(format!("{} coordinates do not pair up to positions", flat.len()));
    }
    let mut numbers = flat.iter();
    let mut coords = Vec::with_capacity(flat.len() / 2);
    while let (Some(x), Some(y)) = (numbers.next(), numbers.next()) {
        coords.push(Coord { x, y });
    }
    Ok(coords)
}

/// The positions cut at the ends that the table names; one piece where it names none.
fn rings(table: &Table<'_>) -> Result<Vec<LineString<f64>>, Problem> {
    let coords = coords(table)?;
    let ends: Vec<usize> = table.ends().into_iter().flatten().map(|end| end as usize).collect();
    if ends.is_empty() {
        return Ok(if coords.is_empty() {
            Vec::new()
        } else {
            vec![LineString(coords)]
        });
    }
    let mut start = 0;
    let mut pieces = Vec::with_capacity(ends.len());
    for end in ends {
        let piece = coords.get(start..end).ok_or_else(|| {
            format!(
                "a part from position {start} to {end} does not lie in the {} positions",
                coords.len()
            )
        })?;
        pieces.push(LineString(piece.to_vec()));
        start = end;
    }
    if start != coords.len() {
        return Err(format!("{} positions belong to no part", coords.len() - start));
    }
    Ok(pieces)
}

fn polygon(table: &Table<'_>, open: &mut usize) -> Result<Polygon<f64>, Problem> {
    let mut rings = rings(table)?.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    let interiors: Vec<_> = rings.collect();
    *open += std::iter::once(&exterior)
        .chain(&interiors)
        .filter(|ring| ring.0.first() != ring.0.last())
        .count();
    Ok(Polygon::new(exterior, interiors))
}
