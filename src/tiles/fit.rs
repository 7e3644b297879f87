//! No tile is too large to send: crowded layers are drawn coarser until the tile fits, and the tile says so.
//!
//! Owns the limit, who must give way, and the layer that tells clients. The drawing itself is [`mod@super::render`]'s.

use std::borrow::Cow;

use geo_types::Coord;

use super::{
    EXTENT, Encoding, TileCoord, TileLayer,
    commands::{Commands, GeometryKind},
    drawn::{DrawnLayer, Features},
    mvt,
    properties::TagTable,
    render::COARSEST,
    value::TagValue,
};
use crate::catalog::{FieldKind, OWN_LAYERS, fgb::FgbError};

/// The most bytes of a tile before compression, in either encoding. Larger tiles take phones longer to read than to
/// load.
pub const MAX_TILE_BYTES: usize = 500_000;

/// The layer that says which layers a tile shows coarser than its zoom would have them.
pub(super) const THINNED: &str = OWN_LAYERS[0];
/// Properties of its features, with their types.
pub(super) const THINNED_FIELDS: [(&str, FieldKind); 4] = [
    ("layer", FieldKind::Text),
    ("degree", FieldKind::Int),
    ("features", FieldKind::Int),
    ("shown", FieldKind::Int),
];

/// Renders one tile of joined layers: one layer for each [`TileLayer`] that has features in it, in order, and where
/// some had to be thinned to fit [`MAX_TILE_BYTES`] a layer `thinned`. Empty where none has features, and for a layer at
/// zooms outside its range.
///
/// Extent 4096 units, buffer 64 units. The same layers and tile give the same bytes on every machine, and the same
/// features in either encoding: what fits is measured as a Mapbox Vector Tile, the larger of the two. (Were a MapLibre
/// Tile the larger for once, and too large, it alone would be thinned further.)
///
/// # Errors
/// The file of a layer on the disk can no longer be read.
pub fn render(layers: &[&TileLayer], tile: TileCoord, encoding: Encoding) -> Result<Vec<u8>, FgbError> {
    let mut fitted = Fitted::new(layers, tile)?;
    fitted.fit(mvt::encoded_len)?;
    if encoding == Encoding::Mlt {
        let bytes = fitted.encode(encoding);
        if bytes.len() <= MAX_TILE_BYTES {
            return Ok(bytes);
        }
        fitted.fit(|layer| {
            let mut bytes = Vec::new();
            encoding.encode(layer, &mut bytes);
            bytes.len()
        })?;
    }
    Ok(fitted.encode(encoding))
}

/// A tile while it is made to fit.
struct Fitted<'a> {
    tile: TileCoord,
    layers: Vec<Fitting<'a>>,
}

/// A layer while its tile is made to fit.
struct Fitting<'a> {
    layer: &'a TileLayer,
    degree: u8,
    drawn: DrawnLayer<'a>,
}

impl<'a> Fitted<'a> {
    fn new(layers: &[&'a TileLayer], tile: TileCoord) -> Result<Self, FgbError> {
        let layers = layers.iter().map(|&layer| {
            Ok(Fitting {
                layer,
                degree: 0,
                drawn: layer.draw(tile, 0)?,
            })
        });
        Ok(Self {
            tile,
            layers: layers.collect::<Result<_, FgbError>>()?,
        })
    }

    /// Draws the largest layer a degree coarser, and again, until the tile is small enough; of equals the first. At
    /// most [`COARSEST`] drawings of each layer.
    fn fit(&mut self, size: impl Fn(&DrawnLayer<'_>) -> usize) -> Result<(), FgbError> {
        let size = |layer: &DrawnLayer<'_>| {
            let is_left_out = layer.features.is_empty();
            if is_left_out { 0 } else { size(layer) }
        };
        let mut sizes: Vec<usize> = self.layers.iter().map(|layer| size(&layer.drawn)).collect();
        loop {
            let said = self.thinned().map_or(0, |said| size(&said));
            if sizes.iter().sum::<usize>() + said <= MAX_TILE_BYTES {
                return Ok(());
            }
            let coarsened = (0..sizes.len()).filter(|&index| self.layers[index].degree < COARSEST);
            let Some(largest) = coarsened.rev().max_by_key(|&index| sizes[index]) else {
                return Ok(());
            };
            let fitting = &mut self.layers[largest];
            fitting.degree += 1;
            fitting.drawn = fitting.layer.draw(self.tile, fitting.degree)?;
            sizes[largest] = size(&fitting.drawn);
        }
    }

    fn encode(&self, encoding: Encoding) -> Vec<u8> {
        let mut bytes = Vec::new();
        let shown = self.layers.iter().map(|layer| &layer.drawn);
        for layer in shown.filter(|layer| !layer.features.is_empty()) {
            encoding.encode(layer, &mut bytes);
        }
        if let Some(said) = self.thinned() {
            encoding.encode(&said, &mut bytes);
        }
        bytes
    }

    /// The layer that says what was thinned: a point in the middle of the tile for each layer; `None` for none.
    fn thinned(&self) -> Option<DrawnLayer<'a>> {
        let mut commands = Commands::default();
        commands.points(&[Coord {
            x: EXTENT / 2,
            y: EXTENT / 2,
        }]);
        let mut features = Features::default();
        let mut values = Vec::new();
        let thinned = self.layers.iter().filter(|layer| layer.degree > 0);
        for Fitting { degree, drawn, .. } in thinned {
            let all = [
                TagValue::Text(drawn.name),
                TagValue::Int((*degree).into()),
                TagValue::Int(drawn.in_window.into()),
                TagValue::Int(drawn.shown().into()),
            ];
            let mut tags = Vec::new();
            for (key, value) in (0..).zip(all) {
                tags.extend([key, values.len() as u32]);
                values.push(Cow::Owned(value.encode()));
            }
            features.push(None, &tags, GeometryKind::Point, &commands);
        }
        (!features.is_empty()).then(|| DrawnLayer {
            name: THINNED,
            features,
            table: TagTable {
                keys: THINNED_FIELDS.map(|(key, kind)| (Cow::Borrowed(key), kind)).to_vec(),
                values,
            },
            in_window: 0,
        })
    }
}
