//! What routes are searched on: a network with an index of its roads and a hierarchy for each mode, and the weights of a situation.
//!
//! Owns the parts put together ([`Router`]), the weights laid over them ([`Weights`]) and the ends that a place has on a
//! graph. The router is made once for a network; weights are made anew for every change of the situation, beside the old ones.

use std::sync::Arc;

use super::{
    ArcId, Cost, Costs, Graph, Hierarchy, Metric, Mode, Network, Order, OrderError, Place, Purpose, Situation, Snap,
    Snapper, TooFar,
    route::{self, Piece},
    search::{End, Search},
    verify::ClosedLines,
};
use crate::{geometry::LonLat, units::Metres};

/// A network made ready for searching. Immutable, shared.
#[derive(Debug)]
pub struct Router {
    network: Arc<Network>,
    snapper: Snapper,
    hierarchies: [Arc<Hierarchy>; 3],
}

/// The contraction orders of all modes, by [`Mode::index`]: what takes long to find and is kept with the network.
pub type Orders = [Order; 3];

/// The weights of one mode in one situation. Immutable, shared.
#[derive(Debug)]
pub struct Weights {
    metric: Metric,
    costs: Costs,
    closed: ClosedLines,
}

impl Weights {
    /// What the second look at routes goes by.
    pub(super) const fn closed(&self) -> &ClosedLines {
        &self.closed
    }

    /// The costs of arcs.
    pub const fn metric(&self) -> &Metric {
        &self.metric
    }

    /// The mode.
    pub const fn mode(&self) -> Mode {
        self.metric.mode()
    }

    /// The costs of the hierarchy.
    pub const fn costs(&self) -> &Costs {
        &self.costs
    }
}

impl Router {
    /// Finds the orders of a network: some seconds for each mode of a province.
    pub fn find_orders(network: &Network) -> Orders {
        Mode::ALL.map(|mode| Order::find(&Graph::build(network, mode), network))
    }

    /// Puts a network and its orders together. A second or two for a province.
    ///
    /// # Errors
    /// Orders of another network.
    pub fn build(network: Arc<Network>, orders: &Orders) -> Result<Self, OrderError> {
        let snapper = Snapper::build(&network);
        let hierarchy = |mode: Mode| {
            let graph = Arc::new(Graph::build(&network, mode));
            Hierarchy::build(graph, &orders[mode.index()]).map(Arc::new)
        };
        let hierarchies = [hierarchy(Mode::Car)?, hierarchy(Mode::Truck)?, hierarchy(Mode::Foot)?];
        Ok(Self {
            network,
            snapper,
            hierarchies,
        })
    }

    /// The network.
    pub const fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// The index of its roads.
    pub const fn snapper(&self) -> &Snapper {
        &self.snapper
    }

    /// The hierarchy of a mode.
    pub const fn hierarchy(&self, mode: Mode) -> &Arc<Hierarchy> {
        &self.hierarchies[mode.index()]
    }

    /// The weights of a mode where nothing is closed and nothing threatens: what others are compared with.
    pub fn free(&self, mode: Mode) -> Weights {
        self.customize(Metric::free(&self.network, mode), ClosedLines::default(), None)
    }

    /// The weights of a mode in a situation, made on the threads of the current pool of `rayon`; `spare` are weights that nobody uses any
    /// more, whose memory is used again. A fraction of a second for a province.
    pub fn weigh(&self, mode: Mode, situation: Situation<'_>, spare: Option<Weights>) -> Weights {
        let closures = situation.closures.iter().filter(|(_, closure)| closure.holds_for(mode));
        let closed = closures.flat_map(|(_, closure)| closure.caught.iter().copied());
        let closed = ClosedLines::of(&self.network, closed);
        self.customize(Metric::new(&self.network, mode, situation), closed, spare)
    }

    fn customize(&self, metric: Metric, closed: ClosedLines, spare: Option<Weights>) -> Weights {
        let hierarchy = self.hierarchy(metric.mode());
        let graph = hierarchy.graph();
        let costs = hierarchy.customize(spare.map(|spare| spare.costs), |edge| metric.cost(graph.arc(edge)));
        Weights { metric, costs, closed }
    }

    /// The nearest place on a road that is open under the weights; see [`Snapper::snap`].
    ///
    /// # Errors
    /// There is none within the limit.
    pub fn snap(&self, weights: &Weights, point: LonLat, purpose: Purpose, limit: Metres) -> Result<Snap, TooFar> {
        let is_open = |arc| weights.metric.is_open(arc);
        self.snapper
            .snap(&self.network, point, weights.mode(), purpose, limit, is_open)
    }

    /// The way of least cost from a place to another, and its cost; `None` where there is none. [`super::Scene::route`] tells more.
    pub fn way(&self, weights: &Weights, search: &mut Search, from: Place, to: Place) -> Option<(Vec<Piece>, Cost)> {
        route::legs(self, weights, search, &[from, to]).ok()
    }

    /// The vertices that a way from a place comes to first, and the arc to each: on along the stretch, and back.
    pub(super) fn starts(&self, metric: &Metric, place: Place) -> (Vec<End>, Vec<ArcId>) {
        let graph = self.hierarchy(metric.mode()).graph();
        let (mut ends, mut arcs) = (Vec::new(), Vec::new());
        for arc in [place.stretch.forward(), place.stretch.backward()] {
            // Without history: the first copy.
            let Some(&edge) = graph.copies(arc).first().filter(|_| metric.is_open(arc)) else {
                continue;
            };
            ends.push(End {
                vertex: graph.head(edge),
                cost: metric.rest(&self.network, arc, place),
            });
            arcs.push(arc);
        }
        (ends, arcs)
    }

    /// The vertices that a way to a place leaves last, and the arc from each.
    pub(super) fn goals(&self, metric: &Metric, place: Place) -> (Vec<End>, Vec<ArcId>) {
        let graph = self.hierarchy(metric.mode()).graph();
        let (mut ends, mut arcs) = (Vec::new(), Vec::new());
        for arc in [place.stretch.forward(), place.stretch.backward()] {
            let cost = metric.up_to(&self.network, arc, place);
            for &edge in graph.copies(arc).iter().filter(|_| !cost.is_never()) {
                ends.push(End {
                    vertex: graph.tail(edge),
                    cost,
                });
                arcs.push(arc);
            }
        }
        (ends, arcs)
    }

    /// The way between two places on one stretch that does not leave it: its arc and cost.
    pub(super) fn direct(&self, metric: &Metric, from: Place, to: Place) -> Option<(ArcId, Cost)> {
        if from.stretch != to.stretch {
            return None;
        }
        let arcs = [from.stretch.forward(), from.stretch.backward()].into_iter();
        let ahead = arcs.filter(|&arc| from.along(arc) <= to.along(arc) && metric.is_open(arc));
        let ways = ahead.map(|arc| (arc, metric.part(&self.network, arc, from.along(arc), to.along(arc))));
        ways.min_by_key(|(_, cost)| *cost)
    }
}
