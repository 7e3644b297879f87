//! Geometries of KML: points, lines, rings, polygons, tracks, and any of them together.

use std::{io::BufRead, mem::discriminant};

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use super::{
    super::{Problem, ReadError},
    xml::Xml,
};

/// How deep multi-geometries may lie in each other.
const MAX_DEPTH: usize = 8;

/// The geometries of a placemark as they are found, and the first thing that is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Found {
    members: Vec<Geometry<f64>>,
    is_multi: bool,
    pub(super) open_rings: usize,
    problem: Option<Problem>,
}

impl Found {
    /// Whether this element is a geometry, or would be one.
    pub(super) fn knows(name: &str) -> bool {
        matches!(
            name,
            "Point" | "LineString" | "LinearRing" | "Polygon" | "MultiGeometry" | "Track" | "MultiTrack" | "Model"
        )
    }

    /// Reads a geometry whose element was just opened.
    pub(super) fn read<R: BufRead>(&mut self, name: &str, xml: &mut Xml<R>, depth: usize) -> Result<(), ReadError> {
        match name {
            "Point" => {
                let coords = self.coordinates(xml)?;
                match coords.as_slice() {
                    [] => {}
                    [coord] => self.members.push(Point(*coord).into()),
                    _ => self.report(Problem::row("a point with several positions")),
                }
            }
            "LineString" | "LinearRing" => {
                let coords = self.coordinates(xml)?;
                self.add_line(coords);
            }
            "Track" => self.track(xml)?,
            "Polygon" => self.polygon(xml)?,
            "MultiGeometry" | "MultiTrack" if depth < MAX_DEPTH => {
                self.is_multi = true;
                while let Some(member) = xml.child()? {
                    if Self::knows(&member.name) {
                        self.read(&member.name, xml, depth + 1)?;
                    } else {
                        xml.skip()?;
                    }
                }
            }
            "Model" => {
                self.report(Problem::row("a model is a body and no surface; export its footprint"));
                xml.skip()?;
            }
            _ => {
                self.report(Problem::row(format!("geometries nested deeper than {MAX_DEPTH}")));
                xml.skip()?;
            }
        }
        Ok(())
    }

    /// All of it as one geometry: of one kind where the members are. `None` without any.
    pub(super) fn finish(mut self) -> Result<Option<Geometry<f64>>, Problem> {
        if let Some(mut problem) = self.problem {
            problem.field.get_or_insert_with(|| "geometry".to_owned());
            return Err(problem);
        }
        if self.members.len() == 1 && !self.is_multi {
            return Ok(self.members.pop());
        }
        Ok(match self.members.first() {
            None => None,
            Some(Geometry::Point(_)) => Some(gathered(self.members, MultiPoint)),
            Some(Geometry::LineString(_)) => Some(gathered(self.members, MultiLineString)),
            Some(_) => Some(gathered(self.members, MultiPolygon)),
        })
    }

    /// The first problem counts.
    fn report(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    fn add_line(&mut self, coords: Vec<Coord<f64>>) {
        if !coords.is_empty() {
            self.members.push(LineString(coords).into());
        }
    }

    /// The positions in the `coordinates` of the element that was just opened.
    fn coordinates<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<Vec<Coord<f64>>, ReadError> {
        let mut coords = Vec::new();
        while let Some(child) = xml.child()? {
            if child.name != "coordinates" {
                xml.skip()?;
                continue;
            }
            match positions(&xml.text()?) {
                Ok(mut more) => coords.append(&mut more),
                Err(problem) => self.report(problem),
            }
        }
        Ok(coords)
    }

    fn polygon<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<(), ReadError> {
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        while let Some(boundary) = xml.child()? {
            let rings = match boundary.name.as_str() {
                "outerBoundaryIs" => &mut outer,
                "innerBoundaryIs" => &mut inner,
                _ => {
                    xml.skip()?;
                    continue;
                }
            };
            while let Some(ring) = xml.child()? {
                if ring.name == "LinearRing" {
                    let coords = self.coordinates(xml)?;
                    rings.extend(Some(coords).filter(|coords| !coords.is_empty()));
                } else {
                    xml.skip()?;
                }
            }
        }
        let is_open = |ring: &&Vec<Coord<f64>>| ring.first() != ring.last();
        self.open_rings += outer.iter().chain(&inner).filter(is_open).count();
        match (outer.pop(), outer.len(), inner.len()) {
            (Some(exterior), 0, _) => {
                let interiors = inner.into_iter().map(LineString).collect();
                self.members.push(Polygon::new(LineString(exterior), interiors).into());
            }
            (None, _, 0) => {}
            (None, ..) => self.report(Problem::row("a polygon with holes and no outer ring")),
            (Some(_), ..) => self.report(Problem::row("a polygon with several outer rings")),
        }
        Ok(())
    }

    /// A track is a line through its positions; when it was where is not kept.
    fn track<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<(), ReadError> {
        let mut coords = Vec::new();
        while let Some(child) = xml.child()? {
            if child.name != "coord" {
                xml.skip()?;
                continue;
            }
            let text = xml.text()?;
            if text.is_empty() {
                continue;
            }
            match tuple(text.split_whitespace()) {
                Some(coord) => coords.push(coord),
                None => self.report(bad(&text)),
            }
        }
        self.add_line(coords);
        Ok(())
    }
}

/// The members as one geometry of their kind, or a collection where they are of several.
fn gathered<T, M>(members: Vec<Geometry<f64>>, multi: impl Fn(Vec<T>) -> M) -> Geometry<f64>
where
    T: TryFrom<Geometry<f64>>,
    M: Into<Geometry<f64>>,
{
    if members
        .windows(2)
        .any(|pair| discriminant(&pair[0]) != discriminant(&pair[1]))
    {
        return Geometry::GeometryCollection(GeometryCollection(members));
    }
    multi(
        members
            .into_iter()
            .filter_map(|member| T::try_from(member).ok())
            .collect(),
    )
    .into()
}

fn bad(text: &str) -> Problem {
    Problem::value(
        "coordinates",
        text,
        "must be longitude,latitude in decimal degrees, then perhaps a height",
    )
}

/// Positions parted by white space, their numbers by commas; some writers put a blank after the comma.
fn positions(text: &str) -> Result<Vec<Coord<f64>>, Problem> {
    let mut coords = Vec::new();
    let mut pieces = text.split_whitespace().peekable();
    let mut joined = String::new();
    while let Some(piece) = pieces.next() {
        joined.push_str(piece);
        let goes_on = pieces
            .peek()
            .is_some_and(|next| joined.ends_with(',') || next.starts_with(','));
        if !goes_on {
            coords.push(tuple(joined.trim_end_matches(',').split(',')).ok_or_else(|| bad(&joined))?);
            joined.clear();
        }
    }
    Ok(coords)
}

fn tuple<'t>(numbers: impl Iterator<Item = &'t str>) -> Option<Coord<f64>> {
    let numbers: Option<Vec<f64>> = numbers
        .map(|number| number.trim().parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    match numbers?.as_slice() {
        [x, y] | [x, y, _] => Some(Coord { x: *x, y: *y }),
        _ => None,
    }
}
