//! The HTTP API: requests in, events to functions, responses out, with API Gateway's own limits and words.
//!
//! It serves HTTP/1.1 on loopback with connections kept alive. It does not throttle (the template's rates are for AWS),
//! does not authorize, and keeps no access log.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{EXPECT, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::http_api::event::{self, Caller};
use crate::http_api::reply::{HttpResponse, refusal, respond};
use crate::http_api::route::Router;
use crate::http_api::{cors, head};
use crate::lambda::function::Function;
use crate::lambda::invocation::Invocation;
use crate::template::{Cors, DEFAULT_STAGE, Template};

/// The largest request body (API Gateway quotas: 10 MB).
const BODY_LIMIT_BYTES: usize = 10 * 1024 * 1024;
/// How much of a body that is too large is read to its end, so that a client that is still sending hears the answer.
const DISCARDED_BYTES: usize = 64 * 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// The API's server; [`Gateway::stop`] ends it.
#[derive(Debug)]
pub(crate) struct Gateway {
    stopping: watch::Sender<bool>,
    /// Says nothing, and ends when the last connection has ended.
    connections: mpsc::Receiver<Infallible>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Api {
    router: Router<Target>,
    cors: Option<Cors>,
    /// `$default`, or the first segment of every path.
    stage: String,
    port: u16,
}

#[derive(Debug)]
struct Target {
    function: Arc<Function>,
    timeout: Duration,
}

impl Gateway {
    /// Serves the template's routes. `functions` are by logical id.
    pub(crate) fn serve(
        listener: TcpListener,
        template: &Template,
        functions: &BTreeMap<String, Arc<Function>>,
    ) -> std::io::Result<Self> {
        let routes = template.functions.iter().flat_map(|described| {
            let function = functions.get(&described.logical_id);
            described.routes.iter().filter_map(move |route| {
                let function = Arc::clone(function?);
                Some((route.clone(), Target { function, timeout: route.timeout }))
            })
        });
        let port = listener.local_addr()?.port();
        let described = template.api.as_ref();
        let cors = described.and_then(|api| api.cors.clone());
        let stage = described.map_or_else(|| DEFAULT_STAGE.to_owned(), |api| api.stage.clone());
        let api = Arc::new(Api { router: Router::new(routes), cors, stage, port });
        let (stopping, stop) = watch::channel(false);
        let (alive, connections) = mpsc::channel(1);
        let server = tokio::spawn(accept(listener, api, stop, alive));
        Ok(Self { stopping, connections, server })
    }

    /// Takes no more connections, and waits up to `grace` for the requests that run.
    pub(crate) async fn stop(mut self, grace: Duration) {
        self.stopping.send_replace(true);
        if timeout(grace, self.connections.recv()).await.is_err() {
            tracing::warn!("requests were still running when the API stopped");
        }
        self.server.abort();
    }
}

async fn accept(
    listener: TcpListener,
    api: Arc<Api>,
    mut stop: watch::Receiver<bool>,
    alive: mpsc::Sender<Infallible>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(connection(stream, peer, Arc::clone(&api), stop.clone(), alive.clone()));
            }
            Err(problem) => {
                // Out of file handles, most likely: those in use must be given back first.
                tracing::warn!(%problem, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    api: Arc<Api>,
    mut stop: watch::Receiver<bool>,
    _alive: mpsc::Sender<Infallible>,
) {
    let service = service_fn(|request| {
        let api = Arc::clone(&api);
        async move { Ok::<_, Infallible>(api.answer(request, peer).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = async {
        // An error means that the gateway is gone, which is a reason to stop, too.
        let _ = stop.wait_for(|stopping| *stopping).await;
    };
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = stopped => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(problem) = ended {
        tracing::trace!(%problem, "a client's connection broke");
    }
}

impl Api {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> HttpResponse {
        let request_id = event::new_request_id();
        let (parts, body) = request.into_parts();
        let mut response = self.route(&parts, body, peer, &request_id).await;
        if let Some(cors) = &self.cors {
            cors::expose(cors, &parts.headers, response.headers_mut());
        }
        if let Ok(request_id) = HeaderValue::try_from(request_id) {
            response.headers_mut().insert(REQUEST_ID, request_id);
        }
        response
    }

    async fn route(
        &self,
        parts: &hyper::http::request::Parts,
        body: Incoming,
        peer: SocketAddr,
        request_id: &str,
    ) -> HttpResponse {
        let received_at = SystemTime::now();
        let body = match read(parts, body).await {
            Ok(body) => body,
            Err(status) => return refusal(status),
        };
        let domain_name = match head::check(parts) {
            Ok(name) => name,
            Err(status) => return refusal(status),
        };
        let path = in_stage(parts.uri.path(), &self.stage);
        let Some(found) = path.and_then(|path| self.router.find(parts.method.as_str(), path)) else {
            return match &self.cors {
                Some(rules) if cors::is_preflight(&parts.method, &parts.headers) => {
                    cors::preflight(rules, &parts.headers)
                }
                _ => refusal(StatusCode::NOT_FOUND),
            };
        };
        let caller = Caller {
            route_key: found.key,
            parameters: &found.parameters,
            peer,
            port: self.port,
            domain_name,
            stage: &self.stage,
            request_id,
            received_at,
        };
        let (event, trace_id) = event::build(parts, &body, &caller);
        drop(body);
        let invocation = found.target.function.invoke(Invocation::new(event, trace_id));
        match timeout(found.target.timeout, invocation).await {
            Ok(outcome) => respond(outcome),
            Err(_) => refusal(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

/// The part of a path that routes are made for: all of it, or what follows the stage.
fn in_stage<'p>(path: &'p str, stage: &str) -> Option<&'p str> {
    if stage == DEFAULT_STAGE {
        return Some(path);
    }
    let rest = path.strip_prefix('/')?.strip_prefix(stage)?;
    if rest.is_empty() { Some("/") } else { rest.starts_with('/').then_some(rest) }
}

/// The whole body, or what to refuse the request with.
async fn read(parts: &hyper::http::request::Parts, mut body: Incoming) -> Result<Bytes, StatusCode> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced <= BODY_LIMIT_BYTES {
        match Limited::new(&mut body, BODY_LIMIT_BYTES).collect().await {
            Ok(body) => return Ok(body.to_bytes()),
            Err(problem) if problem.is::<http_body_util::LengthLimitError>() => {}
            Err(_) => return Err(StatusCode::BAD_REQUEST),
        }
    }
    // A client that asks first has not begun to send.
    if !parts.headers.contains_key(EXPECT) {
        let mut discarded = 0;
        while discarded < DISCARDED_BYTES
            && let Some(Ok(frame)) = body.frame().await
        {
            discarded += frame.data_ref().map_or(0, Bytes::len);
        }
    }
    Err(StatusCode::PAYLOAD_TOO_LARGE)
}
