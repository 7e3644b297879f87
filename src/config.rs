//! Configuration: what the server can be told, from where, and what each setting means.
//!
//! A setting is taken from the first of: its command-line flag, its environment variable, the configuration file, its
//! default. Owns the settings, their types, the precedence and the reference table in the README, all made from the one
//! list in [`settings`]. What a setting does belongs to the part that uses it.
//!
//! Everything is checked at start: an unknown key or a value that does not fit stops the program before it serves.

mod error;
mod layers;
mod reference;
mod settings;
mod value;

pub use error::{ConfigError, ConfigErrors};
pub use layers::{Layers, Source};
pub use reference::markdown as reference_markdown;
pub use settings::{Config, LimitsConfig, LogConfig, OperatorConfig, ServerConfig, Setting, TilesConfig, WorldConfig};
pub use value::{ByteSize, LogFilter, LogFormat, OperatorToken, PublicUrl, UpToZoom, Watch};
