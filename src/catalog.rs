//! The catalog: what a region pack says and the layers it holds.
//!
//! Owns the manifest ([`RegionManifest`]), layers in memory ([`Layer`]: geometries and typed attribute columns) and too
//! large for it ([`DiskLayer`]), the faults a pack can have ([`Fault`]), and reading and writing pack files. What the
//! features mean for people (is this shelter usable, what threatens this point) is decided a floor above.

mod attributes;
mod content;
mod disk_layer;
mod fault;
pub mod fgb;
mod ids;
mod kind;
mod layer;
mod layer_file;
mod manifest;
mod meaning;
mod raw;
pub mod readers;
mod region;
mod region_ids;
mod served_files;
mod walk;

pub use attributes::{Attributes, AttributesBuilder, Field, FieldKind, Value};
pub(crate) use content::{content_name, named_hash, roads_name};
pub use disk_layer::DiskLayer;
pub use fault::{Fault, Faults};
pub(crate) use ids::{Hashed, Ids};
pub(crate) use kind::vocabulary;
pub use kind::{HazardKind, Role, Tri, UnknownWord};
pub use layer::{FOOTPRINT_COLUMN, Layer, LayerVersion, Shape};
pub(crate) use layer_file::check as check_layer;
pub use manifest::{
    ArchiveManifest, FORMAT, HazardManifest, Id, IdError, LayerManifest, Level, MANIFEST_FILE, MAX_LEVELS, OWN_LAYERS,
    RegionManifest, RoadsManifest, ZoomRange,
};
pub use meaning::{Attribute, Facility, Meaning, NameColumns};
pub use raw::RawValue;
pub use region::{AnyLayer, DISK_LAYERS_FROM, Region};
pub(crate) use region_ids::{long_id, region_ids};
pub use served_files::{Fonts, ServedFile, Sprites, first_of_range, served_files};
pub use walk::{LayerWalk, Walked};
