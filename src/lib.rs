//! Refugia: a hazard and disaster-shelter map server.
//!
//! This page is the map of the house. Data flow one way: pack files become a [`catalog`], are indexed, and are
//! answered from. A room uses only rooms listed above it here.
//!
//! | room | owns |
//! |---|---|
//! | [`units`], [`geometry`] | quantities, positions, boxes, projections, datums |
//! | [`messages`] | every word a user sees, in Chinese and English |
//! | [`catalog`] | the region pack: manifest, layers, typed attribute columns, faults, readers |
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

pub mod catalog;
pub mod geometry;
pub mod messages;
pub mod units;
