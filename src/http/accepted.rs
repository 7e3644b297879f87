//! Which content codings a client takes, and which of those on offer it is given.

use axum::http::{HeaderMap, header};

use crate::coding::ContentCoding;

/// Bodies that fit one network packet gain nothing from compression.
pub(super) const WORTH_COMPRESSING_BYTES: usize = 1_400;

/// What `Accept-Encoding` says: a quality for each coding it names, and for all others (RFC 9110, section 12.5.3).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Accepted {
    named: [Option<f32>; ContentCoding::ALL.len()],
    any: Option<f32>,
}

impl Accepted {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        let lines = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|line| line.to_str().ok());
        for item in lines.flat_map(|line| line.split(',')) {
            accepted.take(item);
        }
        accepted
    }

    /// One coding with its parameters. Those that nobody here knows say nothing.
    fn take(&mut self, item: &str) {
        let mut parts = item.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let quality = parts.find_map(|part| {
            let part = part.trim();
            part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))
        });
        let quality = quality.map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        if name == "*" {
            self.any = Some(quality);
        }
        let known = ContentCoding::ALL.into_iter().find(|coding| {
            name.eq_ignore_ascii_case(coding.token())
                || (*coding == ContentCoding::Gzip && name.eq_ignore_ascii_case("x-gzip"))
        });
        if let Some(coding) = known {
            self.named[coding as usize] = Some(quality);
        }
    }

    /// The coding to answer in: of those offered the one of the highest quality, the first of equals; the body as it is
    /// where none is wanted, or where that is wanted more by name.
    pub(super) fn best(&self, offered: &[ContentCoding]) -> ContentCoding {
        let quality = |coding: ContentCoding| self.named[coding as usize].or(self.any).unwrap_or(0.0);
        let plain = self.named[ContentCoding::Identity as usize].unwrap_or(0.0);
        let mut best = ContentCoding::Identity;
        for &coding in offered.iter().filter(|coding| **coding != ContentCoding::Identity) {
            let wanted = quality(coding) > 0.0 && quality(coding) >= plain;
            if wanted && (best == ContentCoding::Identity || quality(coding) > quality(best)) {
                best = coding;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn best(value: &'static str, offered: &[ContentCoding]) -> ContentCoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        Accepted::of(&headers).best(offered)
    }

    #[test]
    fn quality_decides() {
        use ContentCoding::{Gzip, Identity};
        assert_eq!(Accepted::default().best(&[Gzip]), Identity);
        for yes in [
            "gzip",
            "br, GZIP",
            "*",
            "gzip;q=0.5",
            "x-gzip",
            "gzip, identity",
            "deflate, gzip;q=1.0, *;q=0.5",
        ] {
            assert_eq!(best(yes, &[Gzip]), Gzip, "{yes}");
        }
        for no in [
            "",
            "br",
            "gzip;q=0",
            "*;q=0",
            "gzip;q=0, *",
            "identity, gzip;q=0.5",
            "gzip;q=x",
        ] {
            assert_eq!(best(no, &[Gzip]), Identity, "{no}");
        }
    }

    #[test]
    fn of_equals_the_first_offered_is_taken() {
        use ContentCoding::{Brotli, Gzip, Identity, Zstd};
        let all = [Brotli, Zstd, Gzip];
        for (value, coding) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("gzip, zstd", Zstd),
            ("gzip;q=1, br;q=0.9", Gzip),
            ("*, br;q=0", Zstd),
            ("identity;q=0.9, br;q=0.5, gzip;q=0.95", Gzip),
            ("deflate", Identity),
        ] {
            assert_eq!(best(value, &all), coding, "{value}");
        }
        assert_eq!(best("br, zstd", &[Gzip]), Identity);
    }
}
