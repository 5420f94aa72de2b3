//! The frame around every request: its id, its log line, and a response if no handler gives one.
//!
//! Failures are logged here and nowhere else. A panic in a handler becomes a 500, not a lost invocation. Every answer
//! gets the headers that protect it, and is seen by the [`Watch`].

mod headers;

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Instant,
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use runtime::{clock, entropy, telemetry};
use tracing::Instrument;

use self::headers::Asked;
use crate::{
    ApiError, Code, Origin, Watch,
    error::Reported,
    limits::AddressPrefix,
    watch::{Concerned, Seen},
};

/// The id of a request, as API Gateway returns it to the client. An extension of the request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Adds the frame to a function's routes.
pub fn frame(routes: Router, watch: Watch) -> Router {
    let around = move |request: Request, next: Next| around(watch.clone(), request, next);
    routes.fallback(no_route).method_not_allowed_fallback(no_such_method).layer(from_fn(around))
}

async fn no_route() -> ApiError {
    ApiError::not_found("There is no such path.")
}

async fn no_such_method() -> ApiError {
    no_method()
}

/// 405 `method_not_allowed`.
pub(crate) fn no_method() -> ApiError {
    ApiError::new(Code::METHOD_NOT_ALLOWED, "This path does not support this method.")
}

async fn around(watch: Watch, mut request: Request, next: Next) -> Response {
    let concerned = Concerned::default();
    request.extensions_mut().insert(concerned.clone());
    let framed = Framed {
        watch,
        caller: request.extensions().get().copied().unwrap_or(AddressPrefix::UNKNOWN),
        concerned,
        asked: Asked::of(request.method(), request.headers()),
        started: Instant::now(),
        request_id: request.extensions().get::<RequestId>().map_or_else(new_request_id, |RequestId(id)| id.clone()),
        method: request.method().to_string(),
        route: request.extensions().get::<MatchedPath>().map_or("", |path| path.as_str()).to_owned(),
    };
    let origin = Origin { network: framed.watch.pseudonym_of(framed.caller), request_id: framed.request_id.clone() };
    request.extensions_mut().insert(origin);
    let span = tracing::info_span!("request", request_id = framed.request_id);
    let response = match settled(next.run(request).instrument(span.clone())).await {
        Ok(response) => as_problem(response),
        Err(panic) => ApiError::internal(format!("panic: {}", message(panic.as_ref()))).into_response(),
    };
    span.in_scope(|| framed.finish(response))
}

/// The data of a request for its log line.
#[derive(Debug)]
pub(crate) struct Framed {
    started: Instant,
    request_id: String,
    method: String,
    route: String,
    watch: Watch,
    caller: AddressPrefix,
    concerned: Concerned,
    asked: Asked,
}

impl Framed {
    /// Of an event that holds no request.
    pub(crate) fn unread(watch: Watch, started: Instant, request_id: String) -> Self {
        Self {
            started,
            request_id,
            method: String::new(),
            route: String::new(),
            watch,
            caller: AddressPrefix::UNKNOWN,
            concerned: Concerned::default(),
            asked: Asked::UNREAD,
        }
    }

    /// Logs and counts the response, adds the request's id to a problem, and protects the response.
    pub(crate) fn finish(self, mut response: Response) -> Response {
        let Self { started, request_id, method, route, watch, caller, concerned, asked } = self;
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        let status = response.status().as_u16();
        let reported = response.extensions_mut().remove::<Reported>();
        let code = reported.as_ref().map_or("", |reported| reported.problem.code.as_str());
        let cause = reported.as_ref().and_then(|reported| reported.cause.as_deref()).unwrap_or_default();
        if response.status().is_server_error() {
            tracing::error!(method, route, status, code, duration_ms, cause, "{method} {route} failed");
        } else {
            tracing::info!(method, route, status, code, duration_ms, cause, "{method} {route} answered");
        }
        telemetry::count(&route, status, duration_ms);
        let (method, route) = (method.as_str(), route.as_str());
        let seen = Seen { method, route, status: response.status(), code, caller, concerned: &concerned };
        watch.saw(&seen, clock::now());
        headers::protect(&mut response, asked);
        if let Some(mut reported) = reported {
            reported.problem.request_id = Some(request_id);
            *response.body_mut() = reported.problem.body();
        }
        response
    }
}

/// Converts a refusal by axum itself to a problem document. axum refuses a path parameter that is not UTF-8.
fn as_problem(response: Response) -> Response {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if !refused || response.extensions().get::<Reported>().is_some() {
        return response;
    }
    match status {
        StatusCode::BAD_REQUEST => ApiError::not_found("There is no such path.").into_response(),
        _ => ApiError::internal(format!("an unexpected status {status}")).into_response(),
    }
}

/// Creates an id for a request without one.
fn new_request_id() -> String {
    entropy::ulid(clock::now()).map_or_else(|_| String::new(), |ulid| ulid.to_string())
}

/// Runs a future until it ends or panics.
async fn settled<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|context| {
        // After a panic the future is dropped without another poll, so nothing sees its inconsistent state.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::header, routing::get};
    use lambda_runtime::tower::ServiceExt;

    use super::*;

    fn function() -> Router {
        async fn panics() -> &'static str {
            panic!("a panic in a handler")
        }
        async fn refuses() -> ApiError {
            ApiError::forbidden("Only the owner may read this.")
        }
        async fn names(axum::extract::Path(name): axum::extract::Path<String>) -> String {
            name
        }
        let routes = Router::new()
            .route("/names/{name}", get(names))
            .route("/ok", get(|| async { "ok" }))
            .route("/panics", get(panics))
            .route("/refuses", get(refuses));
        frame(routes, Watch::new(&runtime::Config::read(|_| None).unwrap()).unwrap())
    }

    async fn ask(method: &str, path: &str) -> (StatusCode, axum::http::HeaderMap, serde_json::Value) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let (parts, body) = function().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_problem_names_its_request() {
        let (status, headers, problem) = ask("GET", "/refuses").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(problem["code"], "forbidden");
        assert_eq!(problem["detail"], "Only the owner may read this.");
        assert_eq!(problem["request_id"].as_str().unwrap().len(), 26);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_panic_is_an_answer() {
        let (status, _, problem) = ask("GET", "/panics").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("shelf"), "{problem}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn unknown_paths_and_methods_are_problems_too() {
        let (status, _, problem) = ask("GET", "/nowhere").await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
        let (status, headers, problem) = ask("DELETE", "/ok").await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::METHOD_NOT_ALLOWED, Some("method_not_allowed")));
        assert_eq!(headers[header::ALLOW], "GET,HEAD");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_path_that_is_not_utf_8_is_not_found() {
        assert_eq!(ask("GET", "/names/%EB%AF%BC%EC%95%84").await.0, StatusCode::OK);
        let (status, _, problem) = ask("GET", "/names/%FF").await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_answer_passes_untouched() {
        assert_eq!(ask("GET", "/ok").await.0, StatusCode::OK);
    }
}
