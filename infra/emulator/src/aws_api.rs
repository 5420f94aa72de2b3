//! The address of the services that functions call seldom: SES and KMS, each at its own wire API.
//!
//! The signature of a call is checked, and the call is judged by its caller's role, like every other call. Bodies are
//! bounded, and so is the time that a caller may take to send one.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::SystemTime;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::iam::condition::Context;
use crate::iam::credentials::Credentials;
use crate::iam::permissions::Permissions;
use crate::iam::signature;
use crate::kms::Kms;
use crate::server;
use crate::ses::Ses;

/// The largest body. SES takes more; a letter without attachments is far smaller.
const BODY_LIMIT_BYTES: usize = 1024 * 1024;

pub(crate) type Answer = Response<Full<Bytes>>;

/// The services behind the address.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) ses: Ses,
    pub(crate) kms: Kms,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) permissions: Arc<Permissions>,
}

/// The server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct AwsApi(JoinHandle<()>);

impl AwsApi {
    /// Serves calls of these services.
    pub(crate) fn serve(listener: TcpListener, services: Services) -> Self {
        let services = Arc::new(services);
        // A caller is known by its signature.
        let anybody = |_| true;
        Self(tokio::spawn(server::internal(listener, "SES and KMS", anybody, move |request| {
            let services = Arc::clone(&services);
            async move { Ok::<_, Infallible>(services.answer(request).await) }
        })))
    }
}

impl Drop for AwsApi {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Services {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, BODY_LIMIT_BYTES).collect().await else {
            let message = format!("the body is late, broken, or larger than {BODY_LIMIT_BYTES} bytes");
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", &message);
        };
        let body = body.to_bytes();
        let target = parts.headers.get("x-amz-target").map(HeaderValue::to_str);
        let service = if target.is_some() { "kms" } else { "ses" };
        let caller = match signature::check(&self.credentials, service, &parts, &body, SystemTime::now()) {
            Ok(access_key) => Caller { access_key, permissions: &self.permissions },
            Err(wrong) => return refusal(StatusCode::FORBIDDEN, wrong.kind, &wrong.message),
        };
        match target {
            Some(Ok(target)) if target.starts_with("TrentService.") => self.kms.answer(target, &body, &caller),
            Some(_) => refusal(StatusCode::BAD_REQUEST, "UnknownOperationException", "no service here has this target"),
            None => self.ses.answer(&parts.method, parts.uri.path(), &body, &caller).await,
        }
    }
}

/// The caller of a request whose signature was checked.
#[derive(Debug)]
pub(crate) struct Caller<'r> {
    access_key: String,
    permissions: &'r Permissions,
}

impl Caller<'_> {
    /// Whether the caller's role allows an action.
    ///
    /// # Errors
    /// The message of an `AccessDeniedException`.
    pub(crate) fn may(&self, action: &'static str, resource: &str, context: &Context) -> Result<(), String> {
        self.permissions.judge_in(&self.access_key, [action], resource, context)
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
