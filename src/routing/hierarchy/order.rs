//! The order vertices are contracted in.

use cch::inertial_order;

use crate::routing::{Network, graph::Graph};

/// What the bytes of an order begin with: a mark and the version of the format.
const MAGIC: [u8; 8] = *b"RFGORD\x00\x01";

/// A contraction order: every vertex of a graph once, the least important first.
///
/// Nested dissection by inertial flow (A. Schild, C. Sommer: On Balanced Separators in Road Networks, SEA 2015): the
/// vertices whose removal cuts the map in two come last. Depends on the graph and its positions alone, so it outlives all
/// closures. It takes by far the longest of all steps and is therefore kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order(Vec<u32>);

/// Why bytes are no order, or an order not one of a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// The bytes are not those of an order, or are cut short.
    #[error("these bytes are no contraction order")]
    Format,
    /// A vertex stands in it twice, or is none.
    #[error("vertex {vertex} in place {place} is out of range or stands there a second time")]
    NoPermutation {
        /// Where.
        place: usize,
        /// What.
        vertex: u32,
    },
    /// It is the order of another graph.
    #[error("the contraction order is of {found} vertices, the graph has {expected}")]
    Count {
        /// Vertices in the order.
        found: usize,
        /// Vertices of the graph.
        expected: usize,
    },
}

impl Order {
    /// Finds an order for a graph. Deterministic. Some seconds for 300 000 vertices.
    pub fn find(graph: &Graph, network: &Network) -> Self {
        let count = graph.vertex_count() as u32;
        let positions = (0..count).map(|vertex| network.position(graph.node(vertex)));
        let (mut latitudes, mut longitudes) = (Vec::new(), Vec::new());
        for position in positions {
            latitudes.push(position.lat() as f32);
            longitudes.push(position.lon() as f32);
        }
        Self(inertial_order(
            count,
            graph.tails(),
            graph.heads(),
            &latitudes,
            &longitudes,
        ))
    }

    /// The vertices, the least important first.
    pub(super) fn vertices(&self) -> &[u32] {
        &self.0
    }

    /// The order for a file: a mark, the number of vertices and the vertices, 32 bits each, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(MAGIC.len() + 4 * (1 + self.0.len()));
        bytes.extend(MAGIC);
        bytes.extend((self.0.len() as u32).to_le_bytes());
        bytes.extend(self.0.iter().flat_map(|vertex| vertex.to_le_bytes()));
        bytes
    }

    /// The order that [`Order::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are no order, or one that is no permutation. Whether it is of the right graph, [`super::Hierarchy::build`] checks.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OrderError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(OrderError::Format)?;
        let (words, rest) = rest.as_chunks::<4>();
        let (count, vertices) = words.split_first().ok_or(OrderError::Format)?;
        if !rest.is_empty() || u32::from_le_bytes(*count) as usize != vertices.len() {
            return Err(OrderError::Format);
        }
        Self::new(vertices.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }

    fn new(vertices: Vec<u32>) -> Result<Self, OrderError> {
        let mut seen = vec![false; vertices.len()];
        for (place, &vertex) in vertices.iter().enumerate() {
            match seen.get_mut(vertex as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(OrderError::NoPermutation { place, vertex }),
            }
        }
        Ok(Self(vertices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_they_were_written_and_nothing_else_is() {
        let order = Order(vec![2, 0, 3, 1]);
        let bytes = order.to_bytes();
        assert_eq!(Order::from_bytes(&bytes), Ok(order));
        for cut in 0..bytes.len() {
            assert_eq!(Order::from_bytes(&bytes[..cut]), Err(OrderError::Format), "{cut}");
        }
        let twice = Order(vec![1, 0, 1]).to_bytes();
        assert_eq!(
            Order::from_bytes(&twice),
            Err(OrderError::NoPermutation { place: 2, vertex: 1 })
        );
        assert!(matches!(
            Order::from_bytes(&Order(vec![1]).to_bytes()),
            Err(OrderError::NoPermutation { .. })
        ));
        assert_eq!(Order::from_bytes(&Order(Vec::new()).to_bytes()), Ok(Order(Vec::new())));
    }
}
