//! The packed R-tree between header and features, written node by node: leaves come in the features' order, and each
//! level goes to its own place in the file, so that no level is ever in memory.

use std::io::{self, Seek, SeekFrom, Write};

use geo_types::Rect;

/// Children of a node: the format's usual number.
pub(super) const NODE_SIZE: u16 = 16;

/// Bytes of a node: four corners and an offset.
pub(super) const NODE_BYTES: u64 = 40;

/// A place in the output that grows by itself, while other places grow beside it.
#[derive(Debug)]
pub(super) struct Region {
    at: u64,
    buffer: Vec<u8>,
    /// As much is gathered before it is written.
    gather: usize,
}

impl Region {
    pub(super) const fn new(at: u64, gather: usize) -> Self {
        Self {
            at,
            buffer: Vec::new(),
            gather,
        }
    }

    pub(super) fn put(&mut self, bytes: &[u8], out: &mut (impl Write + Seek)) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.gather {
            self.flush(out)?;
        }
        Ok(())
    }

    pub(super) fn flush(&mut self, out: &mut (impl Write + Seek)) -> io::Result<()> {
        out.seek(SeekFrom::Start(self.at))?;
        out.write_all(&self.buffer)?;
        self.at += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// A box in degrees; empty until it is grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds(pub(super) [f64; 4]);

impl Bounds {
    pub(super) const EMPTY: Self = Self([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);

    pub(super) fn of(rect: Option<Rect<f64>>) -> Self {
        rect.map_or(Self::EMPTY, |rect| {
            Self([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
        })
    }

    pub(super) fn grow(&mut self, Self(other): Self) {
        let Self(own) = self;
        *own = [
            own[0].min(other[0]),
            own[1].min(other[1]),
            own[2].max(other[2]),
            own[3].max(other[3]),
        ];
    }

    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (place, number) in bytes.chunks_exact_mut(8).zip(self.0) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut numbers = [0.0; 4];
        for (number, place) in numbers.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *number = f64::from_le_bytes(*place);
        }
        Self(numbers)
    }
}

/// One level of the tree, the leaves being level 0.
#[derive(Debug)]
struct Level {
    region: Region,
    /// Number of the next node, counted over the whole tree from the root, which is stored first.
    next: u64,
    /// The node that gathers children.
    open: Bounds,
    first_child: u64,
    children: u16,
}

/// Writes the tree as leaves come.
#[derive(Debug)]
pub(super) struct IndexWriter {
    levels: Vec<Level>,
}

impl IndexWriter {
    /// A tree of this many leaves, stored from `at` on.
    pub(super) fn new(leaves: u64, at: u64) -> Self {
        let mut sizes = vec![leaves];
        // Over a single leaf, too, there is a root.
        while sizes.len() < 2 || sizes.last().is_some_and(|size| *size > 1) {
            let below = sizes.last().copied().unwrap_or_default();
            sizes.push(below.div_ceil(u64::from(NODE_SIZE)));
        }
        let mut start: u64 = sizes.iter().sum();
        let levels = sizes.iter().map(|size| {
            start -= size;
            Level {
                region: Region::new(at + start * NODE_BYTES, 1 << 16),
                next: start,
                open: Bounds::EMPTY,
                first_child: 0,
                children: 0,
            }
        });
        Self {
            levels: levels.collect(),
        }
    }

    /// Adds the next leaf: a feature's box and where it begins among the features.
    pub(super) fn push(&mut self, bounds: Bounds, offset: u64, out: &mut (impl Write + Seek)) -> io::Result<()> {
        self.push_to(0, bounds, offset, out)
    }

    fn push_to(&mut self, level: usize, bounds: Bounds, offset: u64, out: &mut (impl Write + Seek)) -> io::Result<()> {
        let own = &mut self.levels[level];
        let number = own.next;
        own.next += 1;
        own.region.put(&bounds.to_bytes(), out)?;
        own.region.put(&offset.to_le_bytes(), out)?;
        let Some(parent) = self.levels.get_mut(level + 1) else {
            return Ok(());
        };
        if parent.children == 0 {
            parent.first_child = number;
        }
        parent.open.grow(bounds);
        parent.children += 1;
        if parent.children == NODE_SIZE {
            self.close(level + 1, out)?;
        }
        Ok(())
    }

    /// Writes the node that gathers children at a level.
    fn close(&mut self, level: usize, out: &mut (impl Write + Seek)) -> io::Result<()> {
        let own = &mut self.levels[level];
        let bounds = std::mem::replace(&mut own.open, Bounds::EMPTY);
        own.children = 0;
        let first_child = own.first_child;
        self.push_to(level, bounds, first_child, out)
    }

    /// Writes the nodes that are not full.
    pub(super) fn finish(mut self, out: &mut (impl Write + Seek)) -> io::Result<()> {
        for level in 1..self.levels.len() {
            if self.levels[level].children > 0 {
                self.close(level, out)?;
            }
        }
        self.levels.iter_mut().try_for_each(|level| level.region.flush(out))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent};

    use super::*;

    #[test]
    fn the_tree_is_the_one_that_the_format_builds_in_memory() {
        for leaves in [1_usize, 2, 15, 16, 17, 255, 256, 257, 4_096, 4_097, 10_000] {
            let nodes: Vec<NodeItem> = (0..leaves)
                .map(|leaf| {
                    let (x, y) = ((leaf * 7 % 360) as f64, (leaf * 13 % 170) as f64);
                    NodeItem {
                        offset: leaf as u64 * 100,
                        ..NodeItem::bounds(x, y, x + 1.0, y + (leaf % 3) as f64)
                    }
                })
                .collect();
            let mut plain = Vec::new();
            let tree = PackedRTree::build(&nodes, &calc_extent(&nodes), NODE_SIZE).unwrap();
            tree.stream_write(&mut plain).unwrap();
            let mut out = Cursor::new(Vec::new());
            let mut index = IndexWriter::new(leaves as u64, 0);
            for node in &nodes {
                let bounds = Bounds([node.min_x, node.min_y, node.max_x, node.max_y]);
                index.push(bounds, node.offset, &mut out).unwrap();
            }
            index.finish(&mut out).unwrap();
            assert!(out.into_inner() == plain, "{leaves} leaves");
        }
    }
}
