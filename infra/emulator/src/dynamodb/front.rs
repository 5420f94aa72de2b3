//! The front of the database: the server that the SDK calls. It checks each call against the caller's role.
//!
//! It injects the faults that a profile asks for ([`Faults`]). It runs the calls that read and write items itself
//! ([`calls`]). Every other call, and every call that fails, goes as it came to the database's own server. Each
//! connection of the SDK has a connection of its own to that server, so calls never wait for each other here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dynoxide::Database;
use http_body_util::{BodyExt, Collected, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::calls;
use super::capacity::{ConsumedCapacity, Meter};
use crate::faults::{After, Before, Faults, StoreCallFaults};
use crate::iam::permissions::Permissions;
use crate::lambda::invocation::random_words;
use crate::traces::{Caller, OpenCall, Traces};

/// The content type of DynamoDB's protocol.
const AMZ_JSON: &str = "application/x-amz-json-1.0";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-crc32");

type Answer = Response<Either<Full<Bytes>, Incoming>>;

/// The server and everything that it needs.
pub(crate) struct Front {
    pub(crate) database: Database,
    /// The address of the database's own server.
    pub(crate) server: SocketAddr,
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

impl Front {
    /// Serves on `listener` until the future is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let front = Arc::new(self);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => _ = connections.spawn(Arc::clone(&front).connection(stream)),
                    Err(problem) => tracing::warn!(%problem, "a connection to the database could not be accepted"),
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream) {
        let upstream = Upstream { server: self.server, connection: Mutex::new(None) };
        let service = service_fn(|request| async {
            let answer = self.answer_or_break(request, &upstream).await;
            answer.map(|answer| {
                answer.unwrap_or_else(|problem| {
                    tracing::warn!(%problem, "a call to the database failed on its way");
                    gone()
                })
            })
        });
        let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        if let Err(problem) = served {
            tracing::trace!(%problem, "a connection to the database broke");
        }
    }

    /// Answers a call with the faults that are injected into it.
    async fn answer_or_break(
        &self,
        request: Request<Incoming>,
        upstream: &Upstream,
    ) -> Result<hyper::Result<Answer>, Broken> {
        let (parts, body) = request.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(problem) => return Ok(Err(problem)),
        };
        let caller = self.traces.callers.of(&parts.headers);
        let (Some(caller), Some((access_key, operation))) = (caller, call(&parts.headers)) else {
            return Ok(self.answer(parts, body, upstream, &StoreCallFaults::default()).await);
        };
        let faults = self.faults.of_call(access_key, operation, &body, caller.last().is_some());
        tokio::time::sleep(faults.delay).await;
        match &faults.before {
            Some(Before::Refused(status, refusal)) => {
                let traced = OpenCall::of(&self.traces, &parts.headers, operation);
                let refusal = refusal.to_string();
                end(traced, ConsumedCapacity::default(), Some(exception(refusal.as_bytes())));
                return Ok(Ok(refused(*status, refusal)));
            }
            Some(Before::Killed) => return Err(kill(&caller).await),
            None => {}
        }
        let body = faults.body.clone().unwrap_or(body);
        let answer = self.answer(parts, body, upstream, &faults).await;
        match faults.after {
            Some(After::Broken) => Err(Broken),
            Some(After::Killed) => Err(kill(&caller).await),
            Some(After::InternalServerError) => {
                Ok(Ok(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The reply is lost.")))
            }
            None => Ok(answer),
        }
    }

    async fn answer(
        &self,
        parts: Parts,
        body: Bytes,
        upstream: &Upstream,
        faults: &StoreCallFaults,
    ) -> hyper::Result<Answer> {
        let mut traced = None;
        if let Some((access_key, operation)) = call(&parts.headers) {
            traced = OpenCall::of(&self.traces, &parts.headers, operation);
            if let Err(message) = self.permissions.judge(access_key, operation, &body) {
                end(traced, ConsumedCapacity::default(), Some("AccessDeniedException".to_owned()));
                return Ok(error(StatusCode::BAD_REQUEST, "AccessDeniedException", &message));
            }
            if is_of_an_sdk(&parts)
                && let Some((reply, consumed)) =
                    calls::run(&self.database, &self.meter, operation, &body, traced.as_mut())
            {
                end(traced, consumed, None);
                return Ok(succeeded(faults.amend(reply)));
            }
        }
        let answer = upstream.pass(Request::from_parts(parts, Full::new(body))).await?;
        if answer.status().is_success() || traced.is_none() {
            end(traced, ConsumedCapacity::default(), None);
            return Ok(answer);
        }
        // An error is short, and its trace wants to know its name.
        let (head, body) = answer.into_parts();
        let Ok(body) = body.collect().await.map(Collected::to_bytes) else {
            end(traced, ConsumedCapacity::default(), Some("no answer".to_owned()));
            return Ok(gone());
        };
        end(traced, ConsumedCapacity::default(), Some(exception(&body)));
        Ok(Response::from_parts(head, Either::Left(Full::new(body))))
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

/// The access key and the operation of a call, e.g. `ThingsFunction` and `GetItem`.
fn call(headers: &HeaderMap) -> Option<(&str, &str)> {
    let (_, operation) = headers.get("x-amz-target")?.to_str().ok()?.split_once('.')?;
    Some((access_key(headers)?, operation))
}

/// The access key that a call is signed with.
pub(crate) fn access_key(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split('/').next()
}

/// Whether a request has the form that SDKs give it. The database's own server judges every other form.
fn is_of_an_sdk(request: &Parts) -> bool {
    request.method == Method::POST
        && request.uri.path() == "/"
        && request.headers.get(CONTENT_TYPE).is_some_and(|value| value == AMZ_JSON)
        && request.headers.contains_key("x-amz-date")
}

fn succeeded(reply: Vec<u8>) -> Answer {
    let checksum = crc32fast::hash(&reply);
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(reply))));
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

fn gone() -> Answer {
    error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "the local database is gone")
}

fn error(status: StatusCode, kind: &str, message: &str) -> Answer {
    let body = json!({ "__type": format!("com.amazon.coral.service#{kind}"), "Message": message });
    refused(status, body.to_string())
}

fn refused(status: StatusCode, body: String) -> Answer {
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(body))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(AMZ_JSON));
    response
}

/// A connection to the database's own server, opened when first needed and again when it has ended.
struct Upstream {
    server: SocketAddr,
    connection: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

impl Upstream {
    async fn pass(&self, request: Request<Full<Bytes>>) -> hyper::Result<Answer> {
        let mut kept = self.connection.lock().await;
        let mut connection = kept.take();
        if let Some(open) = &mut connection
            && open.ready().await.is_err()
        {
            connection = None;
        }
        let connection = match connection {
            Some(connection) => Some(connection),
            None => self.open().await?,
        };
        let Some(mut connection) = connection else { return Ok(gone()) };
        let response = connection.send_request(request).await?;
        *kept = Some(connection);
        Ok(response.map(Either::Right))
    }

    async fn open(&self) -> hyper::Result<Option<SendRequest<Full<Bytes>>>> {
        let Ok(stream) = TcpStream::connect(self.server).await else { return Ok(None) };
        // A call is small: waiting for more to send with it would cost more than the call.
        if let Err(problem) = stream.set_nodelay(true) {
            tracing::debug!(%problem, "the connection to the database stays slow");
        }
        let (sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(Some(sender))
    }
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;

    use super::{call, exception, new_request_id};

    #[test]
    fn a_call_is_known_by_its_access_key() {
        let mut headers = HeaderMap::new();
        let authorization = "AWS4-HMAC-SHA256 Credential=ThingsFunction/20261122/us-east-1/dynamodb/aws4_request, \
                             SignedHeaders=content-type;host;x-amz-target, Signature=00";
        headers.insert("authorization", authorization.parse().unwrap());
        assert_eq!(call(&headers), None);
        headers.insert("x-amz-target", "DynamoDB_20120810.GetItem".parse().unwrap());
        assert_eq!(call(&headers), Some(("ThingsFunction", "GetItem")));
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
