//! The one list of settings: a struct per subsystem, each field with its default and what it means.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use super::{
    ByteSize, ConfigError, ConfigErrors, Layers, LogFilter, LogFormat, OperatorToken, PublicUrl, UpToZoom, Watch,
    value::FromText,
};

/// What is known about a setting without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The table of the configuration file it stands in.
    pub section: &'static str,
    /// Its key there.
    pub key: &'static str,
    /// Its default, as it would be written; empty for none.
    pub default: &'static str,
    /// What it means, with its unit, as written beside the field.
    pub doc: &'static [&'static str],
    /// Whether its value is told to nobody, not even in an error.
    pub secret: bool,
}

impl Setting {
    /// The setting's key in the configuration file, as `section.key`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The setting's command-line flag, without the dashes before it.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// The setting's environment variable.
    pub fn variable(&self) -> String {
        format!("REFUGIA_{}", self.key.to_uppercase())
    }

    /// What it means, on one line.
    pub fn meaning(&self) -> String {
        self.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }
}

/// Makes a configuration struct, its list of settings and how it is read from the layers of sources.
macro_rules! settings {
    ($(#[$meta:meta])* $name:ident = $section:literal {
        $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[doc = $doc])+ pub $field: $type,)+ }

        impl $name {
            /// The settings of this part.
            pub const SETTINGS: &'static [Setting] = &[$(Setting {
                section: $section,
                key: stringify!($field),
                default: $default,
                doc: &[$($doc),+],
                secret: <$type as FromText>::SECRET,
            },)+];

            /// `None` where a value does not fit; what is wrong has then been added to the errors.
            fn resolve(layers: &Layers, errors: &mut Vec<ConfigError>) -> Option<Self> {
                let mut settings = Self::SETTINGS.iter();
                $(let $field = read::<$type>(layers, settings.next()?, errors);)+
                Some(Self { $($field: $field?,)+ })
            }
        }
    };
}

settings! {
    /// Which region is served and how its changes are noticed.
    WorldConfig = "world" {
        /// The folder of the region pack.
        region: PathBuf = "data/fujian",
        /// Layers that are only drawn (points of facilities; reference features and roads of any shape) are answered from
        /// the disk where their imported files have at least so many bytes: 12 bytes of memory a point, 17 any other
        /// feature. The search does not find them.
        disk_layers_from: ByteSize = "256 MiB",
        /// How a changed pack is noticed: `native` (file events), `poll` (looks at sizes and times; for network and
        /// container mounts) or `off`. SIGHUP reloads in any case.
        watch: Watch = "native",
        /// How long a changed pack must be quiet before it is loaded.
        watch_quiet: Duration = "500ms",
        /// How often `poll` looks.
        watch_interval: Duration = "2s",
    }
}

settings! {
    /// Where and how long the server listens and answers.
    ServerConfig = "server" {
        /// Address and port to listen on; port 0 takes a free one and prints it.
        listen: SocketAddr = "127.0.0.1:8080",
        /// The address people reach the server under, for links in styles and TileJSON. Without it links follow the
        /// request's Host header.
        public_url: Option<PublicUrl> = "",
        /// The longest an answer may take before it becomes a 503.
        request_timeout: Duration = "10s",
        /// The longest a client may take to send a request's head, and a connection may be idle between requests.
        header_timeout: Duration = "15s",
        /// The longest a client may go without taking a single byte of its answer.
        write_timeout: Duration = "30s",
        /// The longest that requests under way are waited for after SIGTERM or SIGINT.
        shutdown_timeout: Duration = "10s",
    }
}

settings! {
    /// How much a client may send and how much is done at once.
    LimitsConfig = "limits" {
        /// Connections at once; more wait until one closes.
        max_connections: NonZeroUsize = "4096",
        /// Requests answered at once; more are answered 503 with Retry-After.
        max_requests: NonZeroUsize = "1024",
        /// Bytes of a request's query; more are answered 413.
        max_query_bytes: ByteSize = "2 KiB",
        /// Bytes of a request's body; more are answered 413.
        max_body_bytes: ByteSize = "64 KiB",
        /// Bytes of a file that an operator uploads to import it; more are answered 413.
        max_upload_bytes: ByteSize = "1 GiB",
        /// Bytes of a request's head (request line and headers), at least 8 KiB; more are answered 431. Well above
        /// `max_query_bytes`, so that a query that is too long gets an answer that says so.
        max_head_bytes: ByteSize = "64 KiB",
        /// Headers of a request; more are answered 431.
        max_headers: NonZeroUsize = "64",
    }
}

settings! {
    /// Vector tiles.
    TilesConfig = "tiles" {
        /// Bytes of encoded tiles kept in memory.
        tile_cache_bytes: ByteSize = "64 MiB",
        /// The last zoom whose tiles are rendered ahead, in the background, at the start and after a change of the pack;
        /// `off` for none. At most half of the cache is filled so.
        warm_to_zoom: UpToZoom = "7",
        /// The longest a read from an archive elsewhere may take before the answer is a 503, and for how long it is then
        /// left alone.
        archive_timeout: Duration = "5s",
        /// How often archives are looked at: whether another version is there, and whether one that could not be read
        /// can be now.
        archive_check: Duration = "1m",
    }
}

settings! {
    /// Importing files in the web app, for operators.
    OperatorConfig = "operator" {
        /// The token that operators sign in with to import files in the web app, at least 16 characters; imports are
        /// off without one. Flags can be seen in the list of processes: better set it in the environment or the file.
        operator_token: Option<OperatorToken> = "",
        /// The longest an upload may pause before it is cut off.
        upload_timeout: Duration = "30s",
        /// How long an uploaded file is kept after it was last used. Uploads lie in a private folder below the system's
        /// folder for temporary files (`TMPDIR`) and go when the server stops.
        upload_lifetime: Duration = "2h",
        /// Uploaded files kept at once; another is answered 409.
        max_uploads: NonZeroUsize = "4",
    }
}

settings! {
    /// Log lines, written to standard error.
    LogConfig = "log" {
        /// Which lines are written: `error`, `warn`, `info`, `debug` (with one line per request), `trace`, also per
        /// part, as in `refugia=debug,warn`.
        log: LogFilter = "info",
        /// `text` for people, `json` for log collectors.
        log_format: LogFormat = "text",
    }
}

/// The whole configuration, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Which region is served and how its changes are noticed.
    pub world: WorldConfig,
    /// Where and how long the server listens and answers.
    pub server: ServerConfig,
    /// How much a client may send and how much is done at once.
    pub limits: LimitsConfig,
    /// Vector tiles.
    pub tiles: TilesConfig,
    /// Importing files in the web app.
    pub operator: OperatorConfig,
    /// Log lines.
    pub log: LogConfig,
}

/// What stands in errors in place of a secret.
const NOT_SHOWN: &str = "(not shown)";

/// hyper cannot take less for a request's head.
const LEAST_HEAD_BYTES: usize = 8 * 1024;

impl Config {
    /// Every setting there is, in the order of the reference table.
    pub fn settings() -> impl Iterator<Item = &'static Setting> {
        [
            WorldConfig::SETTINGS,
            ServerConfig::SETTINGS,
            LimitsConfig::SETTINGS,
            TilesConfig::SETTINGS,
            OperatorConfig::SETTINGS,
            LogConfig::SETTINGS,
        ]
        .into_iter()
        .flatten()
    }

    /// Reads every setting from the first source that has it.
    ///
    /// # Errors
    /// Every value that does not fit.
    pub fn resolve(layers: &Layers) -> Result<Self, ConfigErrors> {
        let mut errors = Vec::new();
        let world = WorldConfig::resolve(layers, &mut errors);
        let server = ServerConfig::resolve(layers, &mut errors);
        let limits = LimitsConfig::resolve(layers, &mut errors);
        let tiles = TilesConfig::resolve(layers, &mut errors);
        let operator = OperatorConfig::resolve(layers, &mut errors);
        let log = LogConfig::resolve(layers, &mut errors);
        if limits
            .as_ref()
            .is_some_and(|limits| limits.max_head_bytes.0 < LEAST_HEAD_BYTES)
        {
            let setting = LimitsConfig::SETTINGS
                .iter()
                .find(|setting| setting.key == "max_head_bytes");
            errors.extend(setting.map(|setting| wrong(layers, setting, "give at least 8 KiB".to_owned())));
        }
        match (world, server, limits, tiles, operator, log) {
            (Some(world), Some(server), Some(limits), Some(tiles), Some(operator), Some(log)) if errors.is_empty() => {
                Ok(Self {
                    world,
                    server,
                    limits,
                    tiles,
                    operator,
                    log,
                })
            }
            _ => Err(ConfigErrors(errors)),
        }
    }
}

fn read<T: FromText>(layers: &Layers, setting: &Setting, errors: &mut Vec<ConfigError>) -> Option<T> {
    T::from_text(&layers.get(setting).0)
        .map_err(|problem| errors.push(wrong(layers, setting, problem)))
        .ok()
}

fn wrong(layers: &Layers, setting: &Setting, problem: String) -> ConfigError {
    let (value, source_of_value) = layers.get(setting);
    ConfigError::Value {
        key: setting.path(),
        value: if setting.secret { NOT_SHOWN.to_owned() } else { value },
        source_of_value,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn defaults_are_valid_and_no_two_settings_share_a_flag() {
        Config::resolve(&Layers::default()).unwrap();
        let flags: BTreeSet<String> = Config::settings().map(Setting::flag).collect();
        assert_eq!(flags.len(), Config::settings().count());
        assert!(!flags.contains("config"));
    }

    #[test]
    fn every_wrong_value_is_named_with_its_source() {
        let layers = Layers::default()
            .with_flags([("listen".to_owned(), "nowhere".to_owned())])
            .with_variables([("REFUGIA_MAX_HEAD_BYTES".to_owned(), "1 KiB".to_owned())]);
        let errors = Config::resolve(&layers).unwrap_err().to_string();
        assert!(
            errors.contains("server.listen = `nowhere`, set by the flag --listen"),
            "{errors}"
        );
        assert!(
            errors.contains("limits.max_head_bytes = `1 KiB`, set by the environment variable REFUGIA_MAX_HEAD_BYTES"),
            "{errors}"
        );
    }
    #[test]
    fn a_secret_is_in_no_error_and_no_debug_text() {
        let given = |token: &str| {
            let variables = [("REFUGIA_OPERATOR_TOKEN".to_owned(), token.to_owned())];
            Config::resolve(&Layers::default().with_variables(variables))
        };
        for wrong in ["open sesame, open sesame", "sesame", "芝麻开门芝麻开门芝麻开门芝麻开门"] {
            let errors = given(wrong).unwrap_err().to_string();
            assert!(errors.contains("operator.operator_token = `(not shown)`"), "{errors}");
            assert!(errors.contains("at least 16") && !errors.contains(wrong), "{errors}");
        }
        let config = given("a-token-that-is-long-enough").unwrap();
        assert!(!format!("{config:?}").contains("long-enough"));
        let token = config.operator.operator_token.unwrap();
        assert!(token.is(b"a-token-that-is-long-enough"));
        for other in [
            "",
            "a",
            "a-token-that-is-long-enougi",
            "a-token-that-is-long-enougha-token-that-is-long-enough",
        ] {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
        assert!(given("").unwrap().operator.operator_token.is_none());
    }
}
