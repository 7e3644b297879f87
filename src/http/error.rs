//! What goes wrong, as it is answered: problem documents (RFC 9457) with a stable code, in the client's language.
//!
//! Owns the one mapping from a failure to status, code and words. Handlers return a [`Problem`]; the language and the
//! request id are known at the border ([`super::border`]), where it is written out and logged. What only operators may
//! know is the [`Problem::cause`] and goes to the log, never into the answer.

use std::{collections::BTreeMap, fmt::Display, sync::Arc};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::messages::{self, Lang, Names};

/// Makes the list of codes with the status of each.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal, $status:ident;)+) => {
        /// A stable word for each kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ProblemCode)]
        pub(super) enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in answers.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The HTTP status it is answered with.
            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// When it happens.
            pub(super) const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// A query parameter the route does not have.
    UnknownParameter = "unknown_parameter", BAD_REQUEST;
    /// A query parameter given more than once.
    RepeatedParameter = "repeated_parameter", BAD_REQUEST;
    /// A query parameter that must be given and is not.
    MissingParameter = "missing_parameter", BAD_REQUEST;
    /// A value out of range, not a number, not one of the words, empty or too long.
    InvalidParameter = "invalid_parameter", BAD_REQUEST;
    /// Something is asked of the roads, and none are loaded.
    RoadsNotLoaded = "roads_not_loaded", BAD_REQUEST;
    /// A layer given more than once in a tile address.
    RepeatedLayer = "repeated_layer", BAD_REQUEST;
    /// An archive joined with layers, or with another archive, in an address of tiles.
    ArchiveJoined = "archive_joined", BAD_REQUEST;
    /// Tile coordinates that no tile can have.
    ImpossibleTile = "impossible_tile", BAD_REQUEST;
    /// No shelter has this id.
    UnknownShelter = "unknown_shelter", NOT_FOUND;
    /// No layer has this id.
    UnknownLayer = "unknown_layer", NOT_FOUND;
    /// No administrative area has this id.
    UnknownArea = "unknown_area", NOT_FOUND;
    /// No chemical park has this id.
    UnknownPark = "unknown_park", NOT_FOUND;
    /// There is no way at all: the roads do not connect, or what connects them is closed.
    NoRoute = "no_route", NOT_FOUND;
    /// A point is farther from any road than a route can begin or end.
    NoRoadNear = "no_road_near", NOT_FOUND;
    /// No closure has this id.
    UnknownClosure = "unknown_closure", NOT_FOUND;
    /// A closure that would catch no road, or that makes no sense.
    ImpossibleClosure = "impossible_closure", UNPROCESSABLE_ENTITY;
    /// None of the layers has tiles at this zoom.
    ZoomOutsideLayer = "zoom_outside_layer", NOT_FOUND;
    /// The archive has tiles of another format.
    WrongTileFormat = "wrong_tile_format", NOT_FOUND;
    /// The pack has none of these fonts.
    UnknownFont = "unknown_font", NOT_FOUND;
    /// Nothing is at this address.
    NotFound = "not_found", NOT_FOUND;
    /// Part of the web build that this program was built without.
    NotBuilt = "not_built", NOT_FOUND;
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// The query is longer than the server takes.
    QueryTooLong = "query_too_long", PAYLOAD_TOO_LARGE;
    /// The body is longer than the server takes.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// Importing over the web is off: no operator's token is set on the server.
    OperatorOff = "operator_off", FORBIDDEN;
    /// The operator's token is needed and was not given.
    TokenNeeded = "token_needed", UNAUTHORIZED;
    /// The token given is not the operator's.
    WrongToken = "wrong_token", UNAUTHORIZED;
    /// The body is not JSON, or has members it should not have.
    InvalidBody = "invalid_body", BAD_REQUEST;
    /// A member of the body has a value that does not do.
    InvalidOption = "invalid_option", UNPROCESSABLE_ENTITY;
    /// An upload ended before its file was whole.
    UploadCut = "upload_cut", BAD_REQUEST;
    /// An upload that the server's disk does not take.
    UploadNotStored = "upload_not_stored", INSUFFICIENT_STORAGE;
    /// As many uploaded files are kept as may be.
    TooManyUploads = "too_many_uploads", CONFLICT;
    /// No uploaded file has this id, or no longer.
    UnknownUpload = "unknown_upload", NOT_FOUND;
    /// Another import is being worked on.
    ImportBusy = "import_busy", CONFLICT;
    /// A finding stopped the import; the answer has the report.
    ImportStopped = "import_stopped", CONFLICT;
    /// The pack has a layer of this id already, whose features are something else.
    LayerExists = "layer_exists", CONFLICT;
    /// The region pack is faulty as it stands.
    PackFaulty = "pack_faulty", CONFLICT;
    /// The region pack, or the layer on its way there, cannot be written.
    PackNotWritable = "pack_not_writable", CONFLICT;
    /// The pack has a layer of this id already, which is about another hazard.
    LayerOtherHazard = "layer_other_hazard", CONFLICT;
    /// The file cannot be read.
    ImportUnreadable = "import_unreadable", UNPROCESSABLE_ENTITY;
    /// The file's text encoding is not known, or not what it is said to be; `choices` has those that it may be.
    ImportEncoding = "import_encoding", UNPROCESSABLE_ENTITY;
    /// The file is of a format that is not read, or of none.
    ImportFormat = "import_format", UNPROCESSABLE_ENTITY;
    /// The archive is damaged or cut short, or packed in a way that is not read.
    ImportArchive = "import_archive", UNPROCESSABLE_ENTITY;
    /// The file holds several tables, sheets or files, and none of them was named, or one that is not there.
    ImportTable = "import_table", UNPROCESSABLE_ENTITY;
    /// The header row cannot be used: it does not say where the positions stand.
    ImportHeader = "import_header", UNPROCESSABLE_ENTITY;
    /// The file is damaged, cut short or not as its format says.
    ImportDamaged = "import_damaged", UNPROCESSABLE_ENTITY;
    /// The file declares a coordinate system that cannot be used.
    ImportDeclaredCrs = "import_declared_crs", UNPROCESSABLE_ENTITY;
    /// The numbers contradict the coordinate system; `choices` has those that they may be of.
    ImportCrs = "import_crs", UNPROCESSABLE_ENTITY;
    /// The mapping of columns that is kept with the layer cannot be used.
    ImportMapping = "import_mapping", UNPROCESSABLE_ENTITY;
    /// A column is named that the file does not have.
    ImportColumns = "import_columns", UNPROCESSABLE_ENTITY;
    /// A meaning is given that features of this role cannot have.
    ImportUnfit = "import_unfit", UNPROCESSABLE_ENTITY;
    /// The options contradict each other.
    ImportRequest = "import_request", UNPROCESSABLE_ENTITY;
    /// The file has no rows.
    ImportEmpty = "import_empty", UNPROCESSABLE_ENTITY;
    /// The file was changed while it was read.
    ImportChanged = "import_changed", UNPROCESSABLE_ENTITY;
    /// The pack would be faulty with this layer.
    LayerFaulty = "layer_faulty", UNPROCESSABLE_ENTITY;
    /// The import is done, but the disk did not confirm it.
    ImportNotDurable = "import_not_durable", INTERNAL_SERVER_ERROR;
    /// The levels of a hazard layer, or their order, are not known.
    ImportLevels = "import_levels", UNPROCESSABLE_ENTITY;
    /// No row of the file can be used.
    ImportNothingKept = "import_nothing_kept", UNPROCESSABLE_ENTITY;
    /// An error of the server; its log says which.
    Internal = "internal", INTERNAL_SERVER_ERROR;
    /// An archive of tiles is damaged.
    ArchiveDamaged = "archive_damaged", BAD_GATEWAY;
    /// An archive of tiles cannot be read now: it lies elsewhere, or is being replaced.
    ArchiveUnavailable = "archive_unavailable", SERVICE_UNAVAILABLE;
    /// Too many requests at once.
    Overloaded = "overloaded", SERVICE_UNAVAILABLE;
    /// The answer was not ready in time.
    TooSlow = "too_slow", SERVICE_UNAVAILABLE;
    /// The server is stopping.
    ShuttingDown = "shutting_down", SERVICE_UNAVAILABLE;
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    /// Where this kind of problem is described, relative to the server.
    #[schema(example = "/api/docs#missing_parameter", format = "uri-reference")]
    r#type: String,
    /// What kind of problem it is, in the answer's language.
    #[schema(example = "Missing parameter")]
    title: String,
    /// The HTTP status.
    #[schema(example = 400)]
    status: u16,
    /// A stable word for programs.
    #[schema(example = "missing_parameter")]
    code: Code,
    /// What is wrong with this request and what would be right, in the answer's language.
    #[schema(example = "The parameter lon is needed")]
    detail: String,
    /// The parameter at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "lon")]
    parameter: Option<String>,
    /// The import's report, where a finding stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    report: Option<Arc<Value>>,
    /// What to choose from, where the problem is that something must be said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false)]
    choices: Vec<Choice>,
}

/// One answer to what a problem asks: the options to send again with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ProblemChoice)]
pub(super) struct Choice {
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) names: Option<Names>,
    /// What a line of the file reads like then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sample: Option<String>,
    /// Where the middle of the data lies then: longitude and latitude, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!([119.296, 26.074]))]
    pub(super) position: Option<[f64; 2]>,
    /// The option `datum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) datum: Option<String>,
    /// The option `encoding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<String>,
    /// Members to add to the option `map`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) map: BTreeMap<String, String>,
}

/// A failure on its way to the client.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    code: Code,
    /// Last part of the detail sentence's key.
    sentence: &'static str,
    words: Vec<(&'static str, Names)>,
    parameter: Option<String>,
    report: Option<Arc<Value>>,
    choices: Vec<Choice>,
    cause: Option<Arc<str>>,
}

/// Seconds after which a client that met a busy server may try again.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// What a client needs to be let in (RFC 6750, section 3).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"refugia\"");

impl Problem {
    /// A problem with its ordinary sentence.
    pub(super) const fn new(code: Code) -> Self {
        Self {
            code,
            sentence: "detail",
            words: Vec::new(),
            parameter: None,
            report: None,
            choices: Vec::new(),
            cause: None,
        }
    }

    /// A failure of ours, with what the log should say of it.
    pub(super) fn internal(cause: impl Display) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            ..Self::new(Code::Internal)
        }
    }

    /// The same with what the log should say of it.
    pub(super) fn because(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string().into());
        self
    }

    /// The same with another of its code's sentences.
    pub(super) const fn saying(mut self, sentence: &'static str) -> Self {
        self.sentence = sentence;
        self
    }

    /// The same with a placeholder of its sentence filled in.
    pub(super) fn with(self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        let names = Names {
            zh: value.clone(),
            en: value,
        };
        self.with_names(name, names)
    }

    /// The same with what is said differently in each language.
    pub(super) fn with_names(mut self, name: &'static str, names: Names) -> Self {
        self.words.push((name, names));
        self
    }

    /// The same with what there is to choose from.
    pub(super) fn offering(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// The same about a parameter.
    pub(super) fn about(mut self, parameter: &str) -> Self {
        self.parameter = Some(parameter.to_owned());
        self.with("parameter", parameter)
    }

    /// The same with the report of the import that it is about.
    pub(super) fn with_report(mut self, report: Value) -> Self {
        self.report = Some(Arc::new(report));
        self
    }

    /// The stable code.
    #[cfg(test)]
    pub(super) const fn code(&self) -> Code {
        self.code
    }

    /// The report it comes with.
    #[cfg(test)]
    pub(super) fn report(&self) -> Option<&Value> {
        self.report.as_deref()
    }

    /// What the log says of it beyond the answer.
    pub(super) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer, in a language.
    pub(super) fn write(&self, lang: Lang, request_id: &str) -> Response {
        let document = self.document(lang, request_id);
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (self.code.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        if self.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if self.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }

    fn document(&self, lang: Lang, request_id: &str) -> ProblemDocument {
        let code = self.code.as_str();
        let mut words: Vec<(&str, &str)> = self
            .words
            .iter()
            .map(|(name, names)| (*name, names.get(lang)))
            .collect();
        words.push(("request_id", request_id));
        ProblemDocument {
            r#type: format!("/api/docs#{code}"),
            title: messages::text(lang, &format!("problem.{code}.title"), &[]),
            status: self.code.status().as_u16(),
            code: self.code,
            detail: messages::text(lang, &format!("problem.{code}.{}", self.sentence), &words),
            parameter: self.parameter.clone(),
            report: self.report.clone(),
            choices: self.choices.clone(),
        }
    }
}

impl IntoResponse for Problem {
    /// An empty answer that carries the problem to the border.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words() {
        for code in Code::ALL {
            let title = format!("problem.{}.title", code.as_str());
            assert!(messages::names(&title).is_some(), "{title}");
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            if *code != Code::InvalidParameter {
                let detail = format!("problem.{}.detail", code.as_str());
                assert!(messages::names(&detail).is_some(), "{detail}");
            }
        }
    }

    #[test]
    fn causes_stay_out_of_the_answer() {
        let problem = Problem::internal("/srv/secret: permission denied");
        let document = serde_json::to_string(&problem.document(Lang::En, "r-1")).unwrap();
        assert!(!document.contains("secret") && document.contains("r-1"), "{document}");
        assert_eq!(problem.cause(), Some("/srv/secret: permission denied"));
    }
}
