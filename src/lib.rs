//! Refugia: a hazard and disaster-shelter map server.
//!
//! This page is the map of the house. Data flow one way: pack files become a [`catalog`], are indexed, and are
//! answered from. A room uses only rooms listed above it here.
//!
//! | room | owns |
//! |---|---|
//! | [`units`], [`geometry`] | quantities, positions, boxes, projections, datums, geodesics |
//! | [`messages`] | every word a user sees, in Chinese and English |
//! | [`coding`] | content codings: gzip, Brotli, Zstandard |
//! | `fold`, `html` | names brought to one form for comparing; pages written without letting a value in as markup |
//! | [`index`] | points on the globe and boxes: nearest, covering, window |
//! | [`catalog`] | the region pack: manifest, layers, typed attribute columns, faults, readers |
//! | [`import`] | other people's files into layers of a pack: mapping, repair, report, atomic commit |
//! | [`sample`] | an invented province at true size, for benchmarks and load tests |
//! | [`tiles`] | vector tiles on the fly: simplify, clip, repair, encode; TileJSON; the tile cache; archives made elsewhere |
//! | [`style`] | MapLibre styles made from a pack, and those that come with it; glyphs of several fonts joined |
//! | [`hazards`] | what threatens a point, how badly, and what to do |
//! | [`search`] | finding named things in Chinese, pinyin and English |
//! | [`routing`] | the road network, its file, and the ways through it |
//! | [`shelters`] | the shelter record, and the nearest shelter that may be used |
//! | [`rescue`] | the rescue team's record |
//! | [`world`] | the immutable snapshot of a region, its version and the swap to the next |
//! | [`config`] | settings from flags, environment, file and defaults |
//! | [`http`] | routes, problems, limits, metrics, reloading: the server |
//! | [`cli`] | the command line: one file per subcommand |
//!
//! # Glossary
//!
//! - **region**, **region pack** (区域, 区域包): an area served, and the folder that describes it.
//! - **layer**, **role** (图层, 用途): features of one schema, and what they mean.
//! - **hazard kind** (灾种), **risk level** (风险等级): what threatens, and the ordered classes a layer declares.
//! - **suitability** (适用灾种): per shelter and hazard kind yes, no or unknown; unknown is never taken for either.
//! - **status**, **occupancy** (状态, 在位人数): an officer's decision; a counted number with a time.
//! - **world** (态势快照): the immutable snapshot every answer is computed from.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::absolute_paths))]
// Without the rooms above imports nobody uses some of what is for them.
#![cfg_attr(fuzzing, allow(unused_imports))]

// What stands above imports is left out where `tests/fuzz` builds the readers: it would take most of the time.
pub mod catalog;
#[cfg(not(fuzzing))]
pub mod cli;
#[cfg(not(fuzzing))]
pub mod coding;
#[cfg(not(fuzzing))]
pub mod config;
mod fold;
pub mod geometry;
#[cfg(not(fuzzing))]
pub mod hazards;
mod html;
#[cfg(not(fuzzing))]
pub mod http;
pub mod import;
pub mod index;
pub mod messages;
#[cfg(not(fuzzing))]
pub mod rescue;
#[cfg(not(fuzzing))]
pub mod routing;
#[cfg(not(fuzzing))]
pub mod sample;
#[cfg(not(fuzzing))]
pub mod search;
#[cfg(not(fuzzing))]
pub mod shelters;
#[cfg(not(fuzzing))]
pub mod style;
#[cfg(not(fuzzing))]
pub mod tiles;
pub mod units;
#[cfg(not(fuzzing))]
pub mod world;
