//! The address of the services that functions call seldom: SES and KMS, each at its own wire API.
//!
//! A call is known by its access key and judged by its caller's role, like every other call. Bodies are bounded, and
//! so is the time that a caller may take to send one.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::dynamodb::front::access_key;
use crate::iam::condition::Context;
use crate::iam::permissions::Permissions;
use crate::kms::Kms;
use crate::ses::Ses;

/// The largest body. SES takes more; a letter without attachments is far smaller.
const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// How long a caller may take to send the head or the body of a request.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) type Answer = Response<Full<Bytes>>;

/// The services behind the address.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) ses: Ses,
    pub(crate) kms: Kms,
    pub(crate) permissions: Arc<Permissions>,
}

/// The server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct AwsApi(JoinHandle<()>);

impl AwsApi {
    /// Serves calls of these services.
    pub(crate) fn serve(listener: TcpListener, services: Services) -> Self {
        Self(tokio::spawn(serve(listener, Arc::new(services))))
    }
}

impl Drop for AwsApi {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(listener: TcpListener, services: Arc<Services>) {
    // Dropped, and its tasks with it, when the server is.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => _ = connections.spawn(connection(stream, Arc::clone(&services))),
                Err(problem) => {
                    tracing::warn!(%problem, "a connection to SES or KMS could not be accepted");
                    // Out of file handles, most likely: those in use must be given back first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, services: Arc<Services>) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(services.answer(request).await) });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    if let Err(problem) = server.serve_connection(TokioIo::new(stream), service).await {
        tracing::trace!(%problem, "a connection to SES or KMS broke");
    }
}

impl Services {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        let Ok(Ok(body)) = timeout(PATIENCE, Limited::new(body, BODY_LIMIT_BYTES).collect()).await else {
            let message = format!("the body is late, broken, or larger than {BODY_LIMIT_BYTES} bytes");
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", &message);
        };
        let Some(caller) = Caller::of(&parts.headers, &self.permissions) else {
            let message = "the request is not signed";
            return refusal(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", message);
        };
        let body = body.to_bytes();
        match parts.headers.get("x-amz-target").map(HeaderValue::to_str) {
            Some(Ok(target)) if target.starts_with("TrentService.") => self.kms.answer(target, &body, &caller),
            Some(_) => refusal(StatusCode::BAD_REQUEST, "UnknownOperationException", "no service here has this target"),
            None => self.ses.answer(&parts.method, parts.uri.path(), &body, &caller).await,
        }
    }
}

/// The caller of a request.
#[derive(Debug)]
pub(crate) struct Caller<'r> {
    access_key: &'r str,
    permissions: &'r Permissions,
}

impl<'r> Caller<'r> {
    fn of(headers: &'r HeaderMap, permissions: &'r Permissions) -> Option<Self> {
        Some(Self { access_key: access_key(headers)?, permissions })
    }

    /// Whether the caller's role allows an action.
    ///
    /// # Errors
    /// The message of an `AccessDeniedException`.
    pub(crate) fn may(&self, action: &'static str, resource: &str, context: &Context) -> Result<(), String> {
        self.permissions.judge_in(self.access_key, [action], resource, context)
    }
}

/// An answer in JSON.
pub(crate) fn reply(body: &Value) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An error as AWS words it: its type stands in a header and in the body.
pub(crate) fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Answer {
    let mut response = reply(&json!({ "__type": kind, "message": message }));
    *response.status_mut() = status;
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(kind));
    response
}
