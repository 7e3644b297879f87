//! `POST /api/imports`: a file is uploaded, straight to the disk.

use std::{
    fs::File,
    future::poll_fn,
    io::{self, Write as _},
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    body::{Body, HttpBody as _},
    extract::State,
    http::StatusCode,
};
use bytes::Bytes;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::spawn_blocking,
    time::timeout,
};

use super::{
    super::{
        App,
        error::{Code, Problem, ProblemDocument},
        path::Answer,
        query::{FromQuery, Strict, Values},
        representation::{Asked, Caching, Representation},
    },
    drafts::DraftAnswer,
    file_name::FileName,
    order::NotLetIn,
    problems::not_stored,
};

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a parameter that is read by hand")]
pub(super) struct UploadParameters {
    /// What the file is called. Its ending helps to tell the format; it is never used as a path.
    #[param(max_length = 255, example = "shelters.csv")]
    filename: String,
}

/// What is asked.
#[derive(Debug)]
pub(in crate::http) struct UploadQuery(FileName);

/// File systems take no longer names.
const MOST_NAME_CHARS: usize = 255;

impl FromQuery for UploadQuery {
    const NAMES: &'static [&'static str] = &["filename"];

    fn from_query(values: &Values) -> Result<Self, Problem> {
        Ok(Self(FileName::new(values.required_text("filename", MOST_NAME_CHARS)?)))
    }
}

/// Upload a file to be imported. The body is the file's bytes, at most `limits.max_upload_bytes` of them. Nothing is
/// imported yet: preview it, then accept it.
#[utoipa::path(
    post, path = "/api/imports", tag = "imports", operation_id = "upload",
    security(("operator" = [])),
    params(UploadParameters),
    request_body(content = Vec<u8>, description = "The file as it is", content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file is there", body = DraftAnswer),
        (status = 400, description = "A parameter is missing or wrong, or the upload was cut off",
            body = ProblemDocument, content_type = "application/problem+json"),
        NotLetIn,
        (status = 409, description = "Too many uploaded files are kept", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 413, description = "The file is larger than the server takes", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 507, description = "The file cannot be stored", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn upload(
    State(app): State<Arc<App>>,
    Strict(UploadQuery(name)): Strict<UploadQuery>,
    asked: Asked,
    body: Body,
) -> Answer {
    let place = app.drafts.make_place(name)?;
    let arriving = Arriving {
        body,
        most_bytes: app.config.limits.max_upload_bytes.0 as u64,
        patience: app.config.operator.upload_timeout,
    };
    let size = arriving.store(place.file()).await?;
    let draft = app.drafts.keep(place, size);
    tracing::info!(bytes = size, "a file was uploaded");
    let mut response = Representation::json(&draft, Caching::Never)?.answer(&asked);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// A file on its way.
struct Arriving {
    body: Body,
    most_bytes: u64,
    patience: Duration,
}

/// Pieces between the network and the disk: a slow disk slows the sender down.
const PIECES_AHEAD: usize = 8;

impl Arriving {
    /// Writes it to a new file and gives its size. What was written of a file that does not arrive whole is the
    /// caller's to remove.
    async fn store(mut self, path: PathBuf) -> Result<u64, Problem> {
        let (sender, pieces) = channel(PIECES_AHEAD);
        let writer = spawn_blocking(move || write(&path, pieces));
        let received = self.receive(sender).await;
        let written = writer.await.map_err(Problem::internal)?;
        written.map_err(|error| not_stored(&error))?;
        received
    }

    async fn receive(&mut self, pieces: Sender<Bytes>) -> Result<u64, Problem> {
        let mut size = 0;
        while let Some(piece) = self.next().await? {
            size += piece.len() as u64;
            if size > self.most_bytes {
                return Err(Problem::new(Code::BodyTooLarge).with("max", self.most_bytes));
            }
            if pieces.send(piece).await.is_err() {
                // The writer has ended, and says why.
                break;
            }
        }
        Ok(size)
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context));
            let Ok(frame) = timeout(self.patience, frame).await else {
                return Err(Problem::new(Code::UploadCut)
                    .saying("paused")
                    .with("seconds", self.patience.as_secs()));
            };
            match frame {
                None => return Ok(None),
                Some(Err(error)) => {
                    tracing::debug!(%error, "an upload ended early");
                    return Err(Problem::new(Code::UploadCut));
                }
                // Anything but data is a trailer.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}

fn write(path: &std::path::Path, mut pieces: Receiver<Bytes>) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    while let Some(piece) = pieces.blocking_recv() {
        file.write_all(&piece)?;
    }
    Ok(())
}
