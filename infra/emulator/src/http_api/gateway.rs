//! The HTTP API: requests in, events to functions, responses out, with API Gateway's own limits and words.
//!
//! It does not throttle (the template's rates are for AWS), does not authorize, and keeps no access log.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{EXPECT, HeaderName, HeaderValue};
use hyper::{Request, StatusCode};
use tokio::time::timeout;

use crate::clock::Clock;
use crate::http_api::event::{self, Caller};
use crate::http_api::reply::{HttpResponse, refusal, respond};
use crate::http_api::route::Router;
use crate::http_api::{cors, head};
use crate::lambda::function::Function;
use crate::lambda::invocation::{Invocation, Traced};
use crate::template::{Cors, DEFAULT_STAGE, Template};
use crate::traces::{EventContext, HttpRequest, Origin, Recording, Text, Traces};

/// The largest request body (API Gateway quotas: 10 MB).
const BODY_LIMIT_BYTES: usize = 10 * 1024 * 1024;
/// How much of a body that is too large is read to its end, so that a client that is still sending hears the answer.
const DISCARDED_BYTES: usize = 64 * 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// An HTTP API that answers.
#[derive(Debug)]
pub(crate) struct Api {
    router: Router<Target>,
    cors: Option<Cors>,
    /// `$default`, or the first segment of every path.
    stage: String,
    port: u16,
    traces: Arc<Traces>,
    clock: Arc<Clock>,
}

#[derive(Debug)]
struct Target {
    function: Arc<Function>,
    timeout: Duration,
}

impl Api {
    /// The API of the template's routes. `functions` are by logical id, and `port` is where callers find it.
    pub(crate) fn new(
        template: &Template,
        functions: &BTreeMap<String, Arc<Function>>,
        port: u16,
        traces: Arc<Traces>,
        clock: Arc<Clock>,
    ) -> Self {
        let routes = template.functions.iter().flat_map(|described| {
            let function = functions.get(&described.logical_id);
            described.routes.iter().filter_map(move |route| {
                let function = Arc::clone(function?);
                Some((route.clone(), Target { function, timeout: route.timeout }))
            })
        });
        let described = template.api.as_ref();
        let cors = described.and_then(|api| api.cors.clone());
        let stage = described.map_or_else(|| DEFAULT_STAGE.to_owned(), |api| api.stage.clone());
        Self { router: Router::new(routes), cors, stage, port, traces, clock }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> HttpResponse {
        let request_id = event::new_request_id();
        let (parts, body) = request.into_parts();
        let recording = self.traces.begin(Origin::Request(Box::new(HttpRequest::of(&parts))));
        let mut response = self.route(&parts, body, peer, &request_id, &recording).await;
        if let Some(cors) = &self.cors {
            cors::expose(cors, &parts.headers, response.headers_mut());
        }
        if let Ok(request_id) = HeaderValue::try_from(request_id) {
            response.headers_mut().insert(REQUEST_ID, request_id);
        }
        // A clone shares the bytes, and they are all there already.
        let Ok(body) = response.body().clone().collect().await;
        recording.answered(response.status(), response.headers(), &body.to_bytes());
        response
    }

    async fn route(
        &self,
        parts: &hyper::http::request::Parts,
        body: Incoming,
        peer: SocketAddr,
        request_id: &str,
        recording: &Arc<Recording>,
    ) -> HttpResponse {
        let received_at = SystemTime::from(self.clock.now());
        let body = match read(parts, body).await {
            Ok(body) => body,
            Err(status) => return refusal(status),
        };
        let shown = Text::of_body(&body);
        recording.update_request(|request| request.body = shown);
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
        let context = EventContext {
            parameters: found.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect(),
            peer,
            domain_name: domain_name.to_owned(),
            request_id: request_id.to_owned(),
            received_at,
            trace_id: trace_id.clone(),
        };
        recording.update_request(|request| {
            request.route = Some(found.key.to_owned());
            request.context = Some(context);
        });
        let invocation = found.target.function.invoke(Invocation::new(event, trace_id, Traced::first(recording)));
        match timeout(found.target.timeout, invocation).await {
            Ok(outcome) => respond(outcome),
            Err(_) => refusal(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

impl Api {
    /// The event that a traced request was sent as, secrets redacted; `None` if no function was sent it, or its body
    /// was not kept.
    pub(crate) fn sample_event(&self, request: &HttpRequest) -> Option<Bytes> {
        let (context, route_key) = (request.context.as_ref()?, request.route.as_deref()?);
        let body = match (&request.body.text, request.body.size_bytes) {
            (Some(text), _) => Bytes::from(text.clone()),
            (None, 0) => Bytes::new(),
            (None, _) => return None,
        };
        let mut again = Request::builder().method(request.method.as_str()).uri(request.target.as_str());
        for (name, value) in &request.headers {
            again = again.header(name, value);
        }
        let (parts, ()) = again.body(()).ok()?.into_parts();
        let parameters: Vec<_> = context.parameters.iter().map(|(name, value)| (&**name, value.into())).collect();
        let caller = Caller {
            route_key,
            parameters: &parameters,
            peer: context.peer,
            port: self.port,
            domain_name: &context.domain_name,
            stage: &self.stage,
            request_id: &context.request_id,
            received_at: context.received_at,
        };
        let (mut parts, trace_id) = (parts, &context.trace_id);
        parts.headers.insert("x-amzn-trace-id", HeaderValue::try_from(trace_id).ok()?);
        Some(event::build(&parts, &body, &caller).0)
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
