//! Map styles: how a region's layers are drawn by MapLibre, in a light and a dark theme.
//!
//! Owns the look: colours, widths, label rules, drawing order. A style is made from the pack alone, by role and kind;
//! nothing here knows a particular region, and a style names no address outside the server's own.
//!
//! A pack may bring styles of its own for its archives of tiles ([`PackStyle`]); fonts for them are joined here
//! ([`joined_glyphs`]).
//!
//! From the bottom: ground < hazards < rivers and coast < boundaries < roads < labels < facilities, teams <
//! shelters < names of the greater settlements < chemical parks (what is drawn later gets its room first). The
//! base map is quiet so that hazards and answers are the loudest things on it.
//!
//! Every style layer is called `<layer id>:<part>` and carries `metadata`: `refugia:layer` (the pack's layer),
//! `refugia:group` (base, hazards, shelters, facilities) and `refugia:default` (whether it is shown before anybody
//! switches anything). There is no `glyphs` key: MapLibre draws labels from the device's own fonts.

mod base;
mod colour;
mod document;
#[cfg(test)]
mod document_tests;
mod glyphs;
mod hazards;
mod labels;
mod marks;
mod pack;
mod part;
mod theme;

pub use document::{joined_sources, style};
pub use glyphs::{DamagedGlyphs, joined_glyphs};
pub use pack::{PackParts, PackStyle};
pub use theme::{Theme, UnknownTheme};
