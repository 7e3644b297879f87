//! Features and headers as the format's tables.

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs, CrsArgs, Feature, FeatureArgs, Geometry as Table, GeometryArgs, GeometryType,
    Header, HeaderArgs,
};
use geo_types::{Coord, Geometry, LineString, Polygon};

use super::index::{Bounds, NODE_SIZE};
use crate::catalog::{Field, FieldKind, RawValue, Shape};

/// The geometry type of a file whose features are of a shape.
pub(super) const fn geometry_type(shape: Shape) -> GeometryType {
    match shape {
        Shape::Point => GeometryType::Point,
        Shape::Line => GeometryType::MultiLineString,
        Shape::Polygon => GeometryType::MultiPolygon,
        Shape::Mixed => GeometryType::Unknown,
    }
}

/// The size-prefixed header of a file in WGS 84.
pub(super) fn header(name: &str, fields: &[Field], shape: Shape, features: u64, bounds: Bounds) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let columns: Vec<_> = fields
        .iter()
        .map(|field| {
            let args = ColumnArgs {
                name: Some(builder.create_string(&field.name)),
                type_: match field.kind {
                    FieldKind::Bool => ColumnType::Bool,
                    FieldKind::Int => ColumnType::Long,
                    FieldKind::Float => ColumnType::Double,
                    FieldKind::Text => ColumnType::String,
                },
                ..ColumnArgs::default()
            };
            Column::create(&mut builder, &args)
        })
        .collect();
    let crs = CrsArgs {
        org: Some(builder.create_string("EPSG")),
        code: 4326,
        name: Some(builder.create_string("WGS 84")),
        ..CrsArgs::default()
    };
    let args = HeaderArgs {
        name: Some(builder.create_string(name)),
        title: Some(builder.create_string(name)),
        geometry_type: geometry_type(shape),
        columns: Some(builder.create_vector(&columns)),
        crs: Some(Crs::create(&mut builder, &crs)),
        // Without features there are no box and no tree.
        envelope: (features > 0).then(|| builder.create_vector(&bounds.0)),
        index_node_size: if features > 0 { NODE_SIZE } else { 0 },
        features_count: features,
        ..HeaderArgs::default()
    };
    let header = Header::create(&mut builder, &args);
    builder.finish_size_prefixed(header, None);
    builder.finished_data().to_vec()
}

/// Encodes features one after the other in the same buffers.
pub(super) struct Encoder {
    builder: FlatBufferBuilder<'static>,
    shape: Shape,
    properties: Vec<u8>,
    xy: Vec<f64>,
    ends: Vec<u32>,
}

type Offset = WIPOffset<Table<'static>>;

impl Encoder {
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            builder: FlatBufferBuilder::new(),
            shape,
            properties: Vec::new(),
            xy: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Adds a value to the feature that comes; it must fit its column.
    pub(super) fn value(&mut self, column: u16, value: &RawValue<'_>, kind: FieldKind) {
        let bytes = &mut self.properties;
        bytes.extend(column.to_le_bytes());
        match (value, kind) {
            (RawValue::Bool(value), _) => bytes.push(u8::from(*value)),
            (RawValue::Int(value), FieldKind::Float) => bytes.extend((*value as f64).to_le_bytes()),
            (RawValue::Int(value), _) => bytes.extend(value.to_le_bytes()),
            (RawValue::Float(value), _) => bytes.extend(value.to_le_bytes()),
            (RawValue::Text(value), _) => {
                let text = value.trim();
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
        }
    }

    /// The size-prefixed feature of this geometry and the values added before; `None` where the geometry is of another
    /// shape than the file.
    pub(super) fn feature(&mut self, geometry: &Geometry<f64>) -> Option<&[u8]> {
        self.builder.reset();
        let geometry = self.geometry(geometry, self.shape);
        let properties = self.builder.create_vector(&self.properties);
        self.properties.clear();
        let args = FeatureArgs {
            geometry: Some(geometry?),
            properties: Some(properties),
            ..FeatureArgs::default()
        };
        let feature = Feature::create(&mut self.builder, &args);
        self.builder.finish_size_prefixed(feature, None);
        Some(self.builder.finished_data())
    }

    /// In a mixed file each geometry has its type; in others single parts become the file's multi kind.
    fn geometry(&mut self, geometry: &Geometry<f64>, shape: Shape) -> Option<Offset> {
        let is_mixed = shape == Shape::Mixed;
        let typed = |kind| if is_mixed { kind } else { GeometryType::Unknown };
        if !is_mixed && shape != shape_of(geometry) {
            return None;
        }
        Some(match geometry {
            Geometry::Point(point) => self.flat([&[point.0][..]], typed(GeometryType::Point)),
            Geometry::MultiPoint(points) => {
                let coords: Vec<Coord<f64>> = points.iter().map(|point| point.0).collect();
                self.flat([&coords[..]], typed(GeometryType::MultiPoint))
            }
            Geometry::Line(line) => self.line(&LineString(vec![line.start, line.end]), is_mixed),
            Geometry::LineString(line) => self.line(line, is_mixed),
            Geometry::MultiLineString(lines) => {
                let parts = lines.iter().map(|line| &line.0[..]);
                self.flat(parts, typed(GeometryType::MultiLineString))
            }
            Geometry::Polygon(polygon) => self.polygon(polygon, is_mixed),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon(), is_mixed),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon(), is_mixed),
            Geometry::MultiPolygon(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.rings(part, typed(GeometryType::Polygon)))
                    .collect();
                self.parts(&parts, typed(GeometryType::MultiPolygon))
            }
            Geometry::GeometryCollection(members) => {
                let members: Option<Vec<_>> = members
                    .iter()
                    .map(|member| self.geometry(member, Shape::Mixed))
                    .collect();
                self.parts(&members?, GeometryType::GeometryCollection)
            }
        })
    }

    fn line(&mut self, line: &LineString<f64>, is_mixed: bool) -> Offset {
        let kind = if is_mixed {
            GeometryType::LineString
        } else {
            GeometryType::Unknown
        };
        self.flat([&line.0[..]], kind)
    }

    fn polygon(&mut self, polygon: &Polygon<f64>, is_mixed: bool) -> Offset {
        if is_mixed {
            return self.rings(polygon, GeometryType::Polygon);
        }
        let only = self.rings(polygon, GeometryType::Unknown);
        self.parts(&[only], GeometryType::Unknown)
    }

    fn rings(&mut self, polygon: &Polygon<f64>, kind: GeometryType) -> Offset {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        self.flat(rings.map(|ring| &ring.0[..]), kind)
    }

    /// Positions in one row, and where each piece ends if there are several.
    fn flat<'c>(&mut self, pieces: impl IntoIterator<Item = &'c [Coord<f64>]>, kind: GeometryType) -> Offset {
        self.xy.clear();
        self.ends.clear();
        for piece in pieces {
            self.xy.extend(piece.iter().flat_map(|coord| [coord.x, coord.y]));
            self.ends.push(self.xy.len() as u32 / 2);
        }
        let args = GeometryArgs {
            xy: Some(self.builder.create_vector(&self.xy)),
            ends: (self.ends.len() > 1).then(|| self.builder.create_vector(&self.ends)),
            type_: kind,
            ..GeometryArgs::default()
        };
        Table::create(&mut self.builder, &args)
    }

    fn parts(&mut self, parts: &[Offset], kind: GeometryType) -> Offset {
        let args = GeometryArgs {
            parts: Some(self.builder.create_vector(parts)),
            type_: kind,
            ..GeometryArgs::default()
        };
        Table::create(&mut self.builder, &args)
    }
}

/// Which files of one shape a geometry can be in.
const fn shape_of(geometry: &Geometry<f64>) -> Shape {
    match geometry {
        Geometry::Point(_) => Shape::Point,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Shape::Line,
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Shape::Polygon,
        Geometry::MultiPoint(_) | Geometry::GeometryCollection(_) => Shape::Mixed,
    }
}
