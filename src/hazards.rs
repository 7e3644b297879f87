//! Hazards: what threatens a point, how badly, and what people there should do.
//!
//! Owns the zones of every `hazard_zone` layer ready to be asked ([`Hazards`]), one zone over one point ([`Threat`]) and
//! the common scale that levels of different layers are compared on ([`Band`]). What a level means and which levels are
//! unsafe is declared by the layer; whether a shelter may be used is decided by [`crate::shelters`].

mod at;
mod band;
mod threat;

pub use at::Hazards;
pub use band::Band;
pub use threat::Threat;
