//! What was read of an extract, what became of it, and what was left out and why.

use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter, Result as FmtResult},
};

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::routing::{Mode, Network, profile::LeftOut};

/// Why a turn restriction is not in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOutTurn {
    /// It holds at some hours only.
    Conditional,
    /// It is for other modes than ours.
    OtherModes,
    /// Its kind is not known.
    UnknownKind,
    /// It lacks a member, has one too many, or of the wrong kind.
    Malformed,
    /// A member is no road of the extract.
    NoMember,
    /// Its members do not meet.
    Apart,
    /// Nobody may pass all of it in any case.
    Closed,
    /// It does not say which of several arcs it means.
    Ambiguous,
    /// A barrier stands where its members meet.
    AtBarrier,
}

impl LeftOutTurn {
    /// What it says in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conditional => "at some hours only",
            Self::OtherModes => "for other modes",
            Self::UnknownKind => "of an unknown kind",
            Self::Malformed => "members missing or too many",
            Self::NoMember => "a member is no road here",
            Self::Apart => "members do not meet",
            Self::Closed => "nobody may pass there anyway",
            Self::Ambiguous => "several turns could be meant",
            Self::AtBarrier => "at a barrier",
        }
    }
}

/// What became of the network for one mode.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ModeReport {
    /// Kilometres that can be passed in at least one direction.
    pub passable_km: f64,
    /// Of them, kilometres for residents and rescue vehicles only.
    pub restricted_km: f64,
    /// Nodes in the largest part within which every place can be reached from every other.
    pub largest_island_nodes: u32,
    /// Other such parts.
    pub other_islands: u64,
    /// Nodes in them.
    pub other_island_nodes: u64,
}

/// What was read of an extract, and what became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// Of what time the extract is, in seconds since 1970, where it says so.
    pub as_of: Option<i64>,
    /// Nodes read.
    pub nodes: u64,
    /// Ways read.
    pub ways: u64,
    /// Relations read.
    pub relations: u64,
    /// Ways that car, lorry or feet may pass.
    pub roads: u64,
    /// Ways left out, by reason.
    #[serde(serialize_with = "by_reason")]
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Roads with access, speed or the like that depends on the hour: read without it.
    pub conditional_ways: u64,
    /// Roads with nodes that the extract lacks: cut there.
    pub roads_cut: u64,
    /// Of all roads, those without two nodes in the extract: nothing of them is left.
    pub roads_lost: u64,
    /// Nodes that roads use.
    pub nodes_used: u64,
    /// Of them, those that the extract lacks.
    pub nodes_missing: u64,
    /// Of them, those with a position off the globe.
    pub nodes_off_globe: u64,
    /// Barriers and fords that a road passes.
    pub barriers: u64,
    /// Of them, those where more than two branches meet: taken to stand at the entry of the lesser roads.
    pub barriers_at_junctions: u64,
    /// Rings that were cut once more.
    pub rings: u64,
    /// Turn restrictions read.
    pub turns: u64,
    /// Turn restrictions kept.
    pub turns_kept: u64,
    /// Turn restrictions left out, by reason.
    #[serde(serialize_with = "by_reason_of_turn")]
    pub turns_left_out: BTreeMap<LeftOutTurn, u64>,
    /// Nodes of the network.
    pub network_nodes: u64,
    /// Stretches of the network.
    pub network_stretches: u64,
    /// Its length, kilometres.
    pub network_km: f64,
    /// By mode: car, truck, foot.
    #[serde(serialize_with = "by_mode")]
    pub modes: Vec<ModeReport>,
}

fn by_reason<S: Serializer>(counts: &BTreeMap<LeftOut, u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().map(|(reason, count)| (reason.as_str(), count)))
}

fn by_reason_of_turn<S: Serializer>(counts: &BTreeMap<LeftOutTurn, u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().map(|(reason, count)| (reason.as_str(), count)))
}

fn by_mode<S: Serializer>(modes: &[ModeReport], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(modes.len()))?;
    for (mode, report) in Mode::ALL.iter().zip(modes) {
        map.serialize_entry(mode.as_str(), report)?;
    }
    map.end()
}

impl Report {
    pub(super) fn leave_out(&mut self, reason: LeftOutTurn) {
        *self.turns_left_out.entry(reason).or_default() += 1;
    }

    /// Counts what came out.
    pub(super) fn count_network(&mut self, network: &Network) {
        self.network_nodes = network.node_count() as u64;
        self.network_stretches = network.stretch_count() as u64;
        self.network_km = network.total_length_m() / 1e3;
        self.modes = Mode::ALL.map(|mode| mode_report(network, mode)).to_vec();
    }
}

fn mode_report(network: &Network, mode: Mode) -> ModeReport {
    let is_open = |stretch: &crate::routing::StretchId| {
        [stretch.forward(), stretch.backward()]
            .iter()
            .any(|arc| network.duration_ms(*arc, mode).is_some())
    };
    let km = |stretches: &mut dyn Iterator<Item = crate::routing::StretchId>| {
        // The sum of nothing is -0.
        stretches.map(|stretch| network.length_m(stretch)).sum::<f64>().abs() / 1e3
    };
    let is_restricted =
        |stretch: &crate::routing::StretchId| network.access(*stretch, mode) == crate::routing::Access::Restricted;
    let sizes = network.islands(mode).strong_sizes();
    ModeReport {
        passable_km: km(&mut network.stretches().filter(is_open)),
        restricted_km: km(&mut network.stretches().filter(is_open).filter(is_restricted)),
        largest_island_nodes: sizes.first().copied().unwrap_or_default(),
        other_islands: sizes.len().saturating_sub(1) as u64,
        other_island_nodes: sizes.iter().skip(1).map(|nodes| u64::from(*nodes)).sum(),
    }
}

/// Lines of a table: what, and how many.
struct Table<'f, 'g>(&'f mut Formatter<'g>);

impl Table<'_, '_> {
    fn row(&mut self, what: &str, count: impl Display) -> FmtResult {
        writeln!(self.0, "  {what:<46} {count:>10}")
    }

    /// A row that is not worth a line where there is nothing.
    fn some(&mut self, what: &str, count: u64) -> FmtResult {
        if count == 0 { Ok(()) } else { self.row(what, count) }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        writeln!(f, "read")?;
        let mut table = Table(f);
        table.row("nodes", self.nodes)?;
        table.row("ways", self.ways)?;
        table.row("relations", self.relations)?;
        writeln!(table.0, "ways")?;
        table.row("roads and paths", self.roads)?;
        for (reason, count) in &self.left_out {
            table.row(&format!("left out: {}", reason.as_str()), count)?;
        }
        table.some("with rules for some hours, read without them", self.conditional_ways)?;
        table.some("cut where the extract lacks nodes", self.roads_cut)?;
        table.some("with less than two nodes in the extract", self.roads_lost)?;
        table.some("nodes of roads that the extract lacks", self.nodes_missing)?;
        table.some("nodes off the globe", self.nodes_off_globe)?;
        table.some("barriers and fords", self.barriers)?;
        table.some(
            "of these at junctions, put on the lesser road",
            self.barriers_at_junctions,
        )?;
        writeln!(table.0, "turn restrictions")?;
        table.row("kept", self.turns_kept)?;
        for (reason, count) in &self.turns_left_out {
            table.row(&format!("left out: {}", reason.as_str()), count)?;
        }
        writeln!(table.0, "network")?;
        table.row("nodes", self.network_nodes)?;
        table.row("stretches", self.network_stretches)?;
        table.row("kilometres", format!("{:.1}", self.network_km))?;
        for (mode, report) in Mode::ALL.iter().zip(&self.modes) {
            table.row(&format!("kilometres by {mode}"), format!("{:.1}", report.passable_km))?;
            table.row(
                "  of these for residents and rescue only",
                format!("{:.1}", report.restricted_km),
            )?;
            table.row("  nodes of the largest island", report.largest_island_nodes)?;
            table.row("  nodes of other islands", report.other_island_nodes)?;
            table.row("  other islands", report.other_islands)?;
        }
        Ok(())
    }
}
