//! The front of the database: every call passes here and is held against the caller's role before the database sees
//! it.
//!
//! It stands between the SDK and dynoxide's own server, on the same threads, and passes bytes on without looking at
//! items. A connection of the SDK gets a connection to the database of its own, so calls never wait for each other
//! here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::iam::permissions::Permissions;

type Answer = Response<Either<Full<Bytes>, Incoming>>;

/// Serves the database behind `database` on `listener`, until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, database: SocketAddr, permissions: Arc<Permissions>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => _ = connections.spawn(connection(stream, database, Arc::clone(&permissions))),
                Err(problem) => tracing::warn!(%problem, "a connection to the database could not be accepted"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, database: SocketAddr, permissions: Arc<Permissions>) {
    let upstream = Upstream { database, connection: Mutex::new(None) };
    let service = service_fn(|request| async {
        let answer = answer(request, &upstream, &permissions).await;
        Ok::<_, Infallible>(answer.unwrap_or_else(|problem| {
            tracing::warn!(%problem, "a call to the database failed on its way");
            error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "the local database is gone")
        }))
    });
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(problem) = served {
        tracing::trace!(%problem, "a connection to the database broke");
    }
}

async fn answer(request: Request<Incoming>, upstream: &Upstream, permissions: &Permissions) -> hyper::Result<Answer> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    if let Some((access_key, operation)) = call(&parts.headers)
        && let Err(message) = permissions.judge(access_key, operation, &body)
    {
        return Ok(error(StatusCode::BAD_REQUEST, "AccessDeniedException", &message));
    }
    upstream.pass(Request::from_parts(parts, Full::new(body))).await
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

fn error(status: StatusCode, kind: &str, message: &str) -> Answer {
    let body = json!({ "__type": format!("com.amazon.coral.service#{kind}"), "Message": message });
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(body.to_string()))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}

/// A connection to the database, opened when first needed and again when it has ended.
struct Upstream {
    database: SocketAddr,
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
        let Some(mut connection) = connection else {
            return Ok(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "the local database is gone"));
        };
        let response = connection.send_request(request).await?;
        *kept = Some(connection);
        Ok(response.map(Either::Right))
    }

    async fn open(&self) -> hyper::Result<Option<SendRequest<Full<Bytes>>>> {
        let Ok(stream) = TcpStream::connect(self.database).await else { return Ok(None) };
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

    use super::call;

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
}
