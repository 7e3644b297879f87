//! An archive that lies elsewhere: on a web server, or in a store that speaks S3.
//!
//! Owns asking for ranges of it, each on the condition that the object is still the one that was opened. How long an
//! answer may take is for who asks to say.

use std::{ops::Range, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use object_store::{
    BackoffConfig, ClientOptions, Error, GetOptions, GetRange, ObjectMeta, ObjectStore, RetryConfig,
    aws::AmazonS3Builder, http::HttpBuilder, path::Path,
};
use rustls::crypto::ring;

use super::StoredError;

/// The longest it may take until a server takes a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// The longest that one request may take. Who waits for a tile gives up sooner.
const REQUEST: Duration = Duration::from_secs(30);
/// How often a request is made again that failed in passing.
const RETRIES: usize = 2;

/// An object elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Place {
    store: Arc<dyn ObjectStore>,
    path: Path,
}

/// What tells one version of an object from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    tag: Option<String>,
    modified_ms: i64,
    length: u64,
}

impl Stamp {
    fn of(object: &ObjectMeta) -> Self {
        Self {
            tag: object.e_tag.clone(),
            modified_ms: object.last_modified.timestamp_millis(),
            length: object.size,
        }
    }

    /// Whether another version would have another stamp for certain.
    const fn is_telling(&self) -> bool {
        self.tag.is_some() || self.modified_ms != 0
    }

    /// A tag that a range may be asked for by: weak ones match nothing (RFC 9110, section 13.1.1).
    fn condition(&self) -> Option<&String> {
        self.tag.as_ref().filter(|tag| !tag.starts_with("W/"))
    }

    /// Bytes of the object.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// What of it is the same on every server that has the object.
    pub(super) fn as_text(&self) -> String {
        match &self.tag {
            Some(tag) => format!("{} {tag}", self.length),
            None => format!("{} {}", self.length, self.modified_ms),
        }
    }
}

impl Place {
    /// The object at an address. Credentials for S3 come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT` …).
    /// Asks nobody yet.
    ///
    /// # Errors
    /// The address, or the environment, cannot be used.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        // Of one process all connections have the same provider; that it is set already is as good.
        _ = ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_allow_http(true)
            .with_connect_timeout(CONNECT)
            .with_timeout(REQUEST);
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(1),
                base: 2.0,
            },
            max_retries: RETRIES,
            retry_timeout: REQUEST,
        };
        let failed = |error: Error| error.to_string();
        if let Some(object) = url.strip_prefix("s3://") {
            let (bucket, key) = object.split_once('/').ok_or("names no object")?;
            let store = AmazonS3Builder::from_env()
                .with_bucket_name(bucket)
                .with_client_options(client)
                .with_retry(retry)
                .build()
                .map_err(failed)?;
            let path = Path::parse(key).map_err(|error| error.to_string())?;
            return Ok(Self {
                store: Arc::new(store),
                path,
            });
        }
        let (base, path) = split(url).ok_or("names no object")?;
        let store = HttpBuilder::new()
            .with_url(base)
            .with_client_options(client)
            .with_retry(retry)
            .build()
            .map_err(failed)?;
        let path = Path::from_url_path(path).map_err(|error| error.to_string())?;
        Ok(Self {
            store: Arc::new(store),
            path,
        })
    }

    /// The object's first bytes, and what tells this version of it.
    ///
    /// # Errors
    /// It cannot be reached, or its server does not say what would tell another version.
    pub(super) async fn first(&self, bytes: u64) -> Result<(Bytes, Stamp), StoredError> {
        let options = GetOptions::new().with_range(Some(GetRange::Bounded(0..bytes)));
        let (bytes, object) = self.get(options, bytes).await?;
        let stamp = Stamp::of(&object);
        if !stamp.is_telling() {
            let problem = "its server gives neither ETag nor Last-Modified, so that a change could not be noticed";
            return Err(StoredError::damaged(problem));
        }
        Ok((bytes, stamp))
    }

    /// A range of the version with this stamp.
    ///
    /// # Errors
    /// It cannot be reached, or is another by now.
    pub(super) async fn read(&self, range: Range<u64>, stamp: &Stamp) -> Result<Bytes, StoredError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let length = range.end - range.start;
        let options = GetOptions::new()
            .with_range(Some(GetRange::Bounded(range)))
            .with_if_match(stamp.condition());
        let (bytes, object) = self.get(options, length).await?;
        // Servers may overlook the condition.
        if Stamp::of(&object) != *stamp {
            return Err(StoredError::Changed);
        }
        if bytes.len() as u64 != length {
            return Err(StoredError::Unavailable(
                "its server sent less than it announced".to_owned(),
            ));
        }
        Ok(bytes)
    }

    /// Whether the object is another by now.
    ///
    /// # Errors
    /// It cannot be reached.
    pub(super) async fn has_changed(&self, stamp: &Stamp) -> Result<bool, StoredError> {
        // A range of one byte: servers that answer HEAD otherwise than GET are common.
        match self.read(0..1, stamp).await {
            Ok(_) => Ok(false),
            Err(StoredError::Changed) => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn get(&self, options: GetOptions, most: u64) -> Result<(Bytes, ObjectMeta), StoredError> {
        let answer = self.store.get_opts(&self.path, options).await.map_err(told)?;
        let object = answer.meta.clone();
        let mut stream = answer.into_stream();
        let mut bytes = BytesMut::new();
        while let Some(more) = stream.next().await {
            bytes.extend_from_slice(&more.map_err(told)?);
            if bytes.len() as u64 > most {
                return Err(StoredError::Unavailable(
                    "its server sent more than was asked for".to_owned(),
                ));
            }
        }
        Ok((bytes.freeze(), object))
    }
}

fn told(error: Error) -> StoredError {
    match error {
        Error::Precondition { .. } => StoredError::Changed,
        Error::NotSupported { .. } => StoredError::damaged("its server does not answer range requests"),
        Error::NotFound { .. } => StoredError::Unavailable("nothing is at its address".to_owned()),
        // The library's texts tell the whole address and body; the first line is what went wrong.
        other => StoredError::Unavailable(first_line(&other.to_string())),
    }
}

fn first_line(text: &str) -> String {
    let words = text.lines().next().unwrap_or_default().split(' ');
    // Queries may hold keys.
    let without_query = words.map(|word| word.split('?').next().unwrap_or_default());
    let line: Vec<&str> = without_query.collect();
    line.join(" ").chars().take(200).collect()
}

/// Scheme and host with the query, and the path: the store puts them together again for each request.
fn split(url: &str) -> Option<(String, &str)> {
    let (address, query) = url
        .split_once('?')
        .map_or((url, None), |(address, query)| (address, Some(query)));
    let host_at = address.find("://")? + "://".len();
    let path_at = host_at + address[host_at..].find('/')?;
    let (host, path) = address.split_at(path_at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    (path.len() > 1).then(|| (format!("{host}/{query}"), &path[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        for (url, base, path) in [
            ("https://a.example/b/c.pmtiles", "https://a.example/", "b/c.pmtiles"),
            ("http://127.0.0.1:9/c?key=1/2", "http://127.0.0.1:9/?key=1/2", "c"),
        ] {
            assert_eq!(split(url), Some((base.to_owned(), path)));
            Place::parse(url).unwrap();
        }
        assert_eq!(split("https://a.example"), None);
        assert_eq!(split("https://a.example/"), None);
    }

    #[test]
    fn what_may_be_secret_stays_out_of_the_log() {
        assert_eq!(
            first_line("GET http://a/b?key=secret failed\nbody"),
            "GET http://a/b failed"
        );
    }
}
