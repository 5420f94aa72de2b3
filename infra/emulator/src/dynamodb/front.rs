//! The front of the database: the server that the SDK calls. It checks each call against the caller's role.
//!
//! It runs the calls that read and write items itself ([`calls`]). Every other call, and every call that fails, goes as
//! it came to the database's own server. Each connection of the SDK has a connection of its own to that server, so
//! calls never wait for each other here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use dynoxide::Database;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::calls;
use super::capacity::Meter;
use crate::iam::permissions::Permissions;
use crate::lambda::invocation::random_words;

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
}

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
            let answer = self.answer(request, &upstream).await;
            Ok::<_, Infallible>(answer.unwrap_or_else(|problem| {
                tracing::warn!(%problem, "a call to the database failed on its way");
                gone()
            }))
        });
        let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        if let Err(problem) = served {
            tracing::trace!(%problem, "a connection to the database broke");
        }
    }

    async fn answer(&self, request: Request<Incoming>, upstream: &Upstream) -> hyper::Result<Answer> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        if let Some((access_key, operation)) = call(&parts.headers) {
            if let Err(message) = self.permissions.judge(access_key, operation, &body) {
                return Ok(error(StatusCode::BAD_REQUEST, "AccessDeniedException", &message));
            }
            if std::env::var_os("BASELINE").is_none()
                && is_of_an_sdk(&parts)
                && let Some(reply) = calls::run(&self.database, &self.meter, operation, &body)
            {
                return Ok(succeeded(reply));
            }
        }
        upstream.pass(Request::from_parts(parts, Full::new(body))).await
    }
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
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(body.to_string()))));
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

    use super::{call, new_request_id};

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
    fn a_request_id_is_made_of_52_capital_letters_and_digits() {
        let id = new_request_id();
        assert_eq!(id.len(), 52);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()), "{id}");
        assert_ne!(id, new_request_id());
    }
}
