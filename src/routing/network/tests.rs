//! What holds between columns, and islands against a plain search.

use proptest::prelude::*;

use super::*;

fn at(number: u32) -> LonLat {
    LonLat::new(
        119.0 + f64::from(number % 100) / 100.0,
        26.0 + f64::from(number / 100) / 100.0,
    )
    .unwrap()
}

/// A network of so many nodes with one-ways between some.
fn network(nodes: u32, pairs: &[(u32, u32)]) -> Network {
    let mut builder = Network::builder();
    let nodes: Vec<NodeId> = (0..nodes).map(|node| builder.add_node(at(node))).collect();
    for (from, to) in pairs {
        builder.add_stretch(&Stretch::one_way([nodes[*from as usize], nodes[*to as usize]], 0));
    }
    builder.build().unwrap()
}

/// All nodes that can be reached, by a plain search.
fn reached(network: &Network, from: NodeId, mode: Mode) -> Vec<bool> {
    let mut seen = vec![false; network.node_count()];
    let mut stack = vec![from];
    seen[from.index()] = true;
    while let Some(node) = stack.pop() {
        for arc in network
            .leaving(node)
            .iter()
            .filter(|arc| network.duration_ms(**arc, mode).is_some())
        {
            let head = network.head(*arc);
            if !std::mem::replace(&mut seen[head.index()], true) {
                stack.push(head);
            }
        }
    }
    seen
}

#[test]
fn stretches_are_what_was_added() {
    let network = network(3, &[(0, 1), (1, 2), (0, 1)]);
    assert_eq!(
        (network.node_count(), network.stretch_count(), network.arc_count()),
        (3, 3, 6)
    );
    let arc = StretchId(1).backward();
    assert_eq!((network.tail(arc), network.head(arc)), (NodeId(2), NodeId(1)));
    assert_eq!(network.leaving(NodeId(1)), [ArcId(1), ArcId(2), ArcId(5)]);
    assert_eq!(network.shape(StretchId(0)).collect::<Vec<_>>(), [at(0), at(1)]);
    assert_eq!(network.duration_ms(ArcId(0), Mode::Car), Some(1), "never 0");
    assert_eq!(network.islands(Mode::Car).strong_sizes(), [1, 1, 1]);
    assert_eq!(network.islands(Mode::Car).weak_sizes(), [3]);
    assert_eq!(network.islands(Mode::Foot).strong_sizes(), [3]);
    assert_eq!(network.bbox().map(Into::into), Some([119.0, 26.0, 119.02, 26.0]));
}

#[test]
fn what_does_not_fit_is_no_network() {
    let mut loops = Network::builder();
    let node = loops.add_node(at(0));
    loops.add_stretch(&Stretch::street([node, node], 1));
    assert_eq!(loops.build(), Err(NetworkError::Loop { stretch: 0, node }));

    let mut nowhere = Network::builder();
    let node = nowhere.add_node(at(0));
    nowhere.add_stretch(&Stretch::street([node, NodeId(7)], 1));
    assert_eq!(
        nowhere.build(),
        Err(NetworkError::NoSuchNode {
            stretch: 0,
            node: NodeId(7)
        })
    );

    for path in [vec![ArcId(0)], vec![ArcId(0), ArcId(0)], vec![ArcId(0), ArcId(9)]] {
        let mut broken = Network::builder();
        let ends = [broken.add_node(at(0)), broken.add_node(at(1))];
        broken.add_stretch(&Stretch::street(ends, 1));
        broken.add_restriction(Restriction {
            modes: [true; 3],
            kind: RestrictionKind::Forbidden,
            path,
        });
        assert_eq!(broken.build(), Err(NetworkError::BrokenPath { restriction: 0 }));
    }
}

proptest! {
    #[test]
    fn islands_are_those_of_a_plain_search(
        pairs in prop::collection::vec((0..12_u32, 0..12_u32), 0..30),
    ) {
        let pairs: Vec<_> = pairs.into_iter().filter(|(from, to)| from != to).collect();
        let network = network(12, &pairs);
        let reach: Vec<Vec<bool>> = network.nodes().map(|node| reached(&network, node, Mode::Car)).collect();
        let reach_on_foot: Vec<Vec<bool>> = network.nodes().map(|node| reached(&network, node, Mode::Foot)).collect();
        let islands = network.islands(Mode::Car);
        for from in network.nodes() {
            prop_assert_eq!(islands.strong(from).is_none(), network.leaving(from).is_empty());
            for to in network.nodes().filter(|to| islands.strong(*to).is_some()) {
                let Some(island) = islands.strong(from) else { continue };
                let both = reach[from.index()][to.index()] && reach[to.index()][from.index()];
                prop_assert_eq!(Some(island) == islands.strong(to), both);
                // All one-ways can be walked both ways.
                prop_assert_eq!(islands.weak(from) == islands.weak(to), reach_on_foot[from.index()][to.index()]);
                let members = network.nodes().filter(|node| islands.strong(*node) == Some(island)).count();
                prop_assert_eq!(members, island.nodes as usize);
            }
        }
        prop_assert!(islands.strong_sizes().is_sorted_by(|a, b| a >= b));
    }
}
