//! The front of the database: the server that the SDK calls. It checks each call's signature and the caller's role.
//!
//! Every call then runs on the database in this process ([`calls`]), with the faults that a profile asks for
//! ([`Faults`]). The database has no other port, so nobody gets around these checks.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dynoxide::Database;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::calls::{self, Failure};
use super::capacity::{ConsumedCapacity, Meter};
use crate::faults::{After, Before, Faults, StoreCallFaults};
use crate::iam::credentials::Credentials;
use crate::iam::permissions::Permissions;
use crate::iam::signature;
use crate::lambda::invocation::random_words;
use crate::server;
use crate::traces::{Caller, OpenCall, Traces};

/// The content type of DynamoDB's protocol.
const AMZ_JSON: &str = "application/x-amz-json-1.0";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-crc32");
/// The largest body of a call (DynamoDB quotas: 16 MB).
const BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

type Answer = Response<Full<Bytes>>;

/// The server and everything that it needs.
pub(crate) struct Front {
    pub(crate) database: Database,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) permissions: Arc<Permissions>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) traces: Arc<Traces>,
    pub(crate) faults: Arc<Faults>,
}

/// How long a call waits for the end of the process that made it.
const KILLED_WITHIN: Duration = Duration::from_secs(5);

/// The connection ends without a reply.
#[derive(Debug, thiserror::Error)]
#[error("an injected fault breaks the connection")]
struct Broken;

/// A call whose signature was checked, and that the caller's role allows.
struct Call<'c> {
    parts: &'c Parts,
    access_key: &'c str,
    operation: &'c str,
}

impl Front {
    /// Serves on `listener` until the future is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let front = Arc::new(self);
        // A caller is known by its signature.
        let anybody = |_| true;
        server::internal(listener, "the database", anybody, move |request| {
            let front = Arc::clone(&front);
            async move { front.answer(request).await }
        })
        .await;
    }

    /// Answers a request, or breaks its connection where a fault asks for it.
    async fn answer(&self, request: Request<Incoming>) -> Result<Answer, Broken> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, BODY_LIMIT_BYTES).collect().await {
            Ok(body) => body.to_bytes(),
            Err(problem) if problem.is::<LengthLimitError>() => {
                let message = "The body is larger than 16 MB.";
                return Ok(error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message));
            }
            Err(_) => {
                return Ok(error(StatusCode::BAD_REQUEST, "SerializationException", "The body ended early."));
            }
        };
        let Some(operation) = operation(&parts) else {
            return Ok(error(StatusCode::BAD_REQUEST, "UnknownOperationException", ""));
        };
        let access_key = match signature::check(&self.credentials, "dynamodb", &parts, &body, SystemTime::now()) {
            Ok(access_key) => access_key,
            Err(refusal) => return Ok(error(StatusCode::BAD_REQUEST, refusal.kind, &refusal.message)),
        };
        // The whole body is judged, before a fault leaves out a part of it.
        if let Err(message) = self.permissions.judge(&access_key, operation, &body) {
            let traced = OpenCall::of(&self.traces, &parts.headers, operation);
            end(traced, ConsumedCapacity::default(), Some("AccessDeniedException".to_owned()));
            return Ok(error(StatusCode::BAD_REQUEST, "AccessDeniedException", &message));
        }
        self.run_or_break(Call { parts: &parts, access_key: &access_key, operation }, body).await
    }

    /// Runs a call with the faults that are injected into it. Faults strike functions only.
    async fn run_or_break(&self, call: Call<'_>, body: Bytes) -> Result<Answer, Broken> {
        let Some(caller) = self.traces.callers.of(&call.parts.headers) else {
            return Ok(self.run(&call, &body, &StoreCallFaults::default()));
        };
        let trace = caller.last().map(|invocation| invocation.recording.id);
        let faults = self.faults.of_call(call.access_key, call.operation, &body, trace);
        tokio::time::sleep(faults.delay).await;
        match &faults.before {
            Some(Before::Refused(status, refusal)) => {
                let traced = OpenCall::of(&self.traces, &call.parts.headers, call.operation);
                let refusal = refusal.to_string();
                end(traced, ConsumedCapacity::default(), Some(exception(refusal.as_bytes())));
                return Ok(answered(*status, refusal.into_bytes()));
            }
            Some(Before::Killed) => return Err(kill(&caller).await),
            None => {}
        }
        let body = faults.body.clone().unwrap_or(body);
        let answer = self.run(&call, &body, &faults);
        match faults.after {
            Some(After::Broken) => Err(Broken),
            Some(After::Killed) => Err(kill(&caller).await),
            Some(After::InternalServerError) => {
                Ok(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The reply is lost."))
            }
            None => Ok(answer),
        }
    }

    fn run(&self, call: &Call<'_>, body: &[u8], faults: &StoreCallFaults) -> Answer {
        let mut traced = OpenCall::of(&self.traces, &call.parts.headers, call.operation);
        match calls::run(&self.database, &self.meter, call.operation, body, traced.as_mut()) {
            Ok((reply, consumed)) => {
                end(traced, consumed, None);
                answered(StatusCode::OK, faults.amend(reply))
            }
            Err(Failure { status, body }) => {
                end(traced, ConsumedCapacity::default(), Some(exception(body.as_bytes())));
                answered(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body.into_bytes())
            }
        }
    }
}

/// Has the calling process killed. The call is not answered while it lives.
async fn kill(caller: &Caller) -> Broken {
    caller.kill();
    tokio::time::sleep(KILLED_WITHIN).await;
    Broken
}

fn end(traced: Option<OpenCall>, consumed: ConsumedCapacity, error: Option<String>) {
    if let Some(traced) = traced {
        traced.end(consumed, error);
    }
}

/// The name of an error, with the reasons of a cancelled transaction: `ConditionalCheckFailedException`.
fn exception(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return "an error without a name".to_owned() };
    let kind = body["__type"].as_str().unwrap_or_default();
    let name = kind.rsplit_once('#').map_or(kind, |(_, name)| name).to_owned();
    let reasons = body["CancellationReasons"].as_array().into_iter().flatten();
    let reasons: Vec<&str> = reasons.filter_map(|reason| reason["Code"].as_str()).collect();
    if reasons.is_empty() { name } else { format!("{name} [{}]", reasons.join(", ")) }
}

/// The operation of a call, e.g. `GetItem`.
fn operation(request: &Parts) -> Option<&str> {
    if request.method != Method::POST || request.uri.path() != "/" {
        return None;
    }
    let target = request.headers.get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix("DynamoDB_20120810.").or_else(|| target.strip_prefix("DynamoDBStreams_20120810."))
}

fn answered(status: StatusCode, body: Vec<u8>) -> Answer {
    let checksum = crc32fast::hash(&body);
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(AMZ_JSON));
    headers.insert(CHECKSUM, HeaderValue::from(checksum));
    if let Ok(request_id) = HeaderValue::try_from(new_request_id()) {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}

/// DynamoDB's request ids have 52 capital letters and digits.
fn new_request_id() -> String {
    let [a, b, c, d] = random_words();
    let [e, f, g, _] = random_words();
    let mut id = format!("{a:08X}{b:08X}{c:08X}{d:08X}{e:08X}{f:08X}{g:08X}");
    id.truncate(52);
    id
}

fn error(status: StatusCode, kind: &str, message: &str) -> Answer {
    let body = json!({ "__type": format!("com.amazon.coral.service#{kind}"), "message": message });
    answered(status, body.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::{exception, new_request_id, operation};

    #[test]
    fn a_call_names_its_operation() {
        let named = |method: &str, path: &str, target: &str| {
            let request = Request::builder().method(method).uri(path).header("x-amz-target", target).body(()).unwrap();
            operation(&request.into_parts().0).map(str::to_owned)
        };
        assert_eq!(named("POST", "/", "DynamoDB_20120810.GetItem").as_deref(), Some("GetItem"));
        assert_eq!(named("POST", "/", "DynamoDBStreams_20120810.GetRecords").as_deref(), Some("GetRecords"));
        assert_eq!(named("POST", "/", "GetItem"), None);
        assert_eq!(named("GET", "/", "DynamoDB_20120810.GetItem"), None);
        assert_eq!(named("POST", "/x", "DynamoDB_20120810.GetItem"), None);
    }

    #[test]
    fn an_exception_is_named_with_its_reasons() {
        let failed = br#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#;
        assert_eq!(exception(failed), "ConditionalCheckFailedException");
        let cancelled = br#"{"__type":"x#TransactionCanceledException",
            "CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed"}]}"#;
        assert_eq!(exception(cancelled), "TransactionCanceledException [None, ConditionalCheckFailed]");
    }

    #[test]
    fn a_request_id_is_made_of_52_capital_letters_and_digits() {
        let id = new_request_id();
        assert_eq!(id.len(), 52);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()), "{id}");
        assert_ne!(id, new_request_id());
    }
}
