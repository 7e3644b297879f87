//! The sources of settings one above the other: flags, environment, file, defaults.

use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter, Result as FmtResult},
    path::{Path, PathBuf},
};

use super::{Config, ConfigError, ConfigErrors, Setting};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A command-line flag.
    Flag(String),
    /// An environment variable.
    Variable(String),
    /// The configuration file.
    File(PathBuf),
    /// Nobody set it.
    Default,
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            Self::Flag(flag) => write!(f, "the flag --{flag}"),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The values given by each source, as text.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// By flag.
    flags: BTreeMap<String, String>,
    /// By variable.
    variables: BTreeMap<String, String>,
    /// By `section.key`.
    file: BTreeMap<String, String>,
    path: PathBuf,
}

impl Layers {
    /// The same with values given on the command line, by flag (`listen`, not `--listen`).
    #[must_use]
    pub fn with_flags(mut self, flags: impl IntoIterator<Item = (String, String)>) -> Self {
        self.flags.extend(flags);
        self
    }

    /// The same with environment variables; all may be given, those of other programs are not looked at. An empty one
    /// counts as not set, as compose files write it.
    #[must_use]
    pub fn with_variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.variables.extend(
            variables
                .into_iter()
                .filter(|(name, value)| name.starts_with("REFUGIA_") && !value.is_empty()),
        );
        self
    }

    /// The same with a configuration file read.
    ///
    /// # Errors
    /// A file that cannot be read or is not TOML, and every key that is no setting.
    pub fn with_file(self, path: &Path) -> Result<Self, ConfigErrors> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        self.with_file_text(path, &text)
    }

    fn with_file_text(mut self, path: &Path, text: &str) -> Result<Self, ConfigErrors> {
        let table: toml::Table = toml::from_str(text).map_err(|error| ConfigError::Syntax {
            path: path.to_owned(),
            problem: error.to_string().trim_end().to_owned(),
        })?;
        let mut errors = Vec::new();
        for (section, value) in table {
            let keys: Vec<&Setting> = Config::settings()
                .filter(|setting| setting.section == section)
                .collect();
            match value {
                toml::Value::Table(entries) if !keys.is_empty() => {
                    for (key, value) in entries {
                        match keys.iter().find(|setting| setting.key == key) {
                            Some(setting) => _ = self.file.insert(setting.path(), as_text(&value)),
                            None => errors.push(unknown(path, format!("{section}.{key}"), &keys)),
                        }
                    }
                }
                _ => errors.push(unknown(path, section, &Config::settings().collect::<Vec<_>>())),
            }
        }
        path.clone_into(&mut self.path);
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(ConfigErrors(errors))
        }
    }

    /// The text of a setting and where it comes from.
    pub(super) fn get(&self, setting: &Setting) -> (String, Source) {
        let (flag, variable) = (setting.flag(), setting.variable());
        if let Some(text) = self.flags.get(&flag) {
            (text.clone(), Source::Flag(flag))
        } else if let Some(text) = self.variables.get(&variable) {
            (text.clone(), Source::Variable(variable))
        } else if let Some(text) = self.file.get(&setting.path()) {
            (text.clone(), Source::File(self.path.clone()))
        } else {
            (setting.default.to_owned(), Source::Default)
        }
    }
}

/// Texts stand for themselves; numbers are given the way a flag would give them.
fn as_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unknown(path: &Path, key: String, known: &[&Setting]) -> ConfigError {
    ConfigError::UnknownKey {
        path: path.to_owned(),
        key,
        known: known.iter().map(|setting| setting.path()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<Layers, ConfigErrors> {
        Layers::default().with_file_text(Path::new("x.toml"), text)
    }

    #[test]
    fn the_first_source_wins() {
        let text = "[server]\nlisten = '127.0.0.1:3'\n[limits]\nmax_headers = 10";
        let variables = [
            ("REFUGIA_LISTEN", "127.0.0.1:2"),
            ("REFUGIA_MAX_HEADERS", ""),
            ("PATH", "/bin"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = |layers: &Layers| Config::resolve(layers).unwrap();

        let layers = file(text).unwrap();
        assert_eq!(config(&layers).server.listen.port(), 3);
        let layers = layers.with_variables(variables);
        assert_eq!(config(&layers).server.listen.port(), 2);
        assert_eq!(config(&layers).limits.max_headers.get(), 10);
        let layers = layers.with_flags([("listen".to_owned(), "127.0.0.1:1".to_owned())]);
        assert_eq!(config(&layers).server.listen.port(), 1);
        assert_eq!(config(&Layers::default()).server.listen.port(), 8080);
    }

    #[test]
    fn unknown_keys_and_bad_syntax_are_refused() {
        let errors = file("[server]\nlissten = 'x'\n[servers]\na = 1\nb = 2")
            .unwrap_err()
            .to_string();
        assert!(errors.contains("server.lissten in x.toml: there is no such setting; known here: server.listen"));
        assert!(errors.contains("servers in x.toml"), "{errors}");
        assert!(file("listen =").unwrap_err().to_string().contains("line 1"));
        assert!(file("world = 3").is_err());
        let missing = Layers::default()
            .with_file(Path::new("/nonexistent/refugia.toml"))
            .unwrap_err();
        assert!(missing.to_string().contains("/nonexistent/refugia.toml"), "{missing}");
    }
}
