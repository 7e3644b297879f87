//! The types a setting can have, each read from text in one way whatever source it comes from.

use std::{
    fmt::{Debug, Display, Formatter, Result as FmtResult},
    hint::black_box,
    net::SocketAddr,
    num::NonZeroUsize,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use hyper::Uri;
use jiff::SignedDuration;
use tracing_subscriber::EnvFilter;

use crate::catalog::ZoomRange;

/// A type that a setting's text is read as. The error says what is wrong and what would be right.
pub(super) trait FromText: Sized {
    /// Whether values of this type are told to nobody.
    const SECRET: bool = false;

    fn from_text(text: &str) -> Result<Self, String>;
}

impl FromText for SocketAddr {
    fn from_text(text: &str) -> Result<Self, String> {
        let hint = "give an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; port 0 takes a free one";
        text.parse().map_err(|error| format!("{error}; {hint}"))
    }
}

impl FromText for PathBuf {
    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("give a path".to_owned())
        } else {
            Ok(Self::from(text))
        }
    }
}

impl FromText for Duration {
    fn from_text(text: &str) -> Result<Self, String> {
        let hint = "give a time above zero with its unit, such as 500ms, 10s or 2m";
        let duration: SignedDuration = text.parse().map_err(|error| format!("{error}; {hint}"))?;
        Self::try_from(duration)
            .ok()
            .filter(|duration| !duration.is_zero())
            .ok_or_else(|| hint.to_owned())
    }
}

impl FromText for NonZeroUsize {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error| format!("{error}; give a whole number from 1"))
    }
}

impl<T: FromText> FromText for Option<T> {
    const SECRET: bool = T::SECRET;

    /// Empty text is no value.
    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Ok(None)
        } else {
            T::from_text(text).map(Some)
        }
    }
}

/// A number of bytes above zero, written `4096`, `64 KiB` or `16 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub usize);

impl FromText for ByteSize {
    fn from_text(text: &str) -> Result<Self, String> {
        let hint = || "give bytes from 1, such as 4096, 64 KiB or 16 MiB".to_owned();
        let (number, factor) = match text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())) {
            (number, "") => (number, 1),
            (number, unit) => match unit.trim_start() {
                "B" => (number, 1),
                "KiB" => (number, 1 << 10),
                "MiB" => (number, 1 << 20),
                "GiB" => (number, 1 << 30),
                _ => return Err(hint()),
            },
        };
        let bytes = number.parse::<usize>().ok().and_then(|n| n.checked_mul(factor));
        bytes.filter(|&bytes| bytes > 0).map(Self).ok_or_else(hint)
    }
}

/// The last zoom of something, or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpToZoom(pub Option<u8>);

impl FromText for UpToZoom {
    fn from_text(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let zoom = text.parse().ok().filter(|zoom| *zoom <= ZoomRange::DEEPEST);
        zoom.map(|zoom| Self(Some(zoom)))
            .ok_or_else(|| format!("give a zoom from 0 to {}, or off", ZoomRange::DEEPEST))
    }
}

/// Makes an enum whose words are the values of a setting.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_meta])* $variant,)+ }

        impl FromText for $name {
            fn from_text(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("give one of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

words! {
    /// How a changed pack is noticed.
    Watch {
        /// By the operating system's file events.
        Native = "native",
        /// By looking at the files' sizes and times at an interval: for network and container mounts without events.
        Poll = "poll",
        /// Not at all; SIGHUP still reloads.
        Off = "off",
    }
}

words! {
    /// How log lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object a line, for log collectors.
        Json = "json",
    }
}

/// Which log lines are written, in the syntax of `tracing`'s filter: `info`, `refugia=debug,warn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The filter as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromText for LogFilter {
    fn from_text(text: &str) -> Result<Self, String> {
        match EnvFilter::try_new(text) {
            Ok(_) if !text.trim().is_empty() => Ok(Self(text.to_owned())),
            Ok(_) => Err("give a filter, such as info or refugia=debug,warn".to_owned()),
            Err(error) => Err(format!("{error}; give a filter, such as info or refugia=debug,warn")),
        }
    }
}

/// The address people reach the server under, without a slash at the end: `https://map.example.org/refugia`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for PublicUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str(&self.0)
    }
}

impl FromText for PublicUrl {
    fn from_text(text: &str) -> Result<Self, String> {
        let hint = "give http:// or https://, a host and maybe a path, such as https://map.example.org";
        let uri = Uri::from_str(text).map_err(|error| format!("{error}; {hint}"))?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if web && uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none() {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err(hint.to_owned())
        }
    }
}

/// What operators sign in with. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorToken(String);

/// Fewer characters could be guessed.
const LEAST_TOKEN_CHARS: usize = 16;

impl OperatorToken {
    /// Whether this is what was given. Takes equally long for every text of one length, so that nobody can feel their
    /// way to the token.
    pub fn is(&self, given: &[u8]) -> bool {
        let token = self.0.as_bytes();
        let differences = given
            .iter()
            .zip(token.iter().cycle())
            .fold(token.len() ^ given.len(), |differences, (one, other)| {
                differences | usize::from(one ^ other)
            });
        black_box(differences) == 0
    }
}

impl Debug for OperatorToken {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str("OperatorToken(…)")
    }
}

impl FromText for OperatorToken {
    const SECRET: bool = true;

    fn from_text(text: &str) -> Result<Self, String> {
        if text.len() >= LEAST_TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "give at least {LEAST_TOKEN_CHARS} letters, digits and signs of ASCII without blanks, such as `openssl \
                 rand -hex 24` makes"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_need_a_sensible_unit() {
        assert_eq!(ByteSize::from_text("4096"), Ok(ByteSize(4096)));
        assert_eq!(ByteSize::from_text("64 KiB"), Ok(ByteSize(65_536)));
        assert_eq!(ByteSize::from_text("16MiB"), Ok(ByteSize(16 << 20)));
        for bad in [
            "",
            "0",
            "-1",
            "1 KB",
            "KiB",
            "99999999999999999999",
            "9999999999999 GiB",
        ] {
            assert!(ByteSize::from_text(bad).is_err(), "{bad}");
        }
        assert_eq!(Duration::from_text("500ms"), Ok(Duration::from_millis(500)));
        for bad in ["", "10", "0s", "-1s", "soon"] {
            assert!(Duration::from_text(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_of_the_server_are_checked() {
        assert_eq!(
            PublicUrl::from_text("https://a.example/x/").unwrap().as_str(),
            "https://a.example/x"
        );
        for bad in ["a.example", "ftp://a.example", "https://a.example/?q", "/x"] {
            assert!(PublicUrl::from_text(bad).is_err(), "{bad}");
        }
        assert!(
            SocketAddr::from_text("localhost")
                .unwrap_err()
                .contains("127.0.0.1:8080")
        );
    }
}
