//! The window into the machine: pages at `/_local` and `/docs` that show what happens inside a running market, and the
//! letters that it has sent at `/_mail`, and its clock at `/_clock`.
//!
//! The emulator lets only this machine see them. [`api`] answers their questions in JSON, [`model`] speaks of the net,
//! [`docs`] is the description of the API as a page to try calls from, and [`assets`] are the pages' files.

mod api;
mod assets;
mod clock;
mod docs;
mod explain;
mod mail;
mod model;

use emulator::{Inspector, LocalAnswer, LocalPages, Objects};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;
use serde_json::json;

type Answer = Response<Full<Bytes>>;

/// The policy of the page itself, without WebAssembly.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                           require-trusted-types-for 'script'; trusted-types 'none'";

/// The pages, and the market's page whose modules and styles they share.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) page: Objects,
    /// Whether the template has our API, which `/docs` describes. Another template may have a `/docs` of its own.
    pub(crate) has_docs: bool,
}

impl LocalPages for Window {
    fn takes(&self, path: &str) -> bool {
        let is_below = |own: &str| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_below("/_local") || path == "/_mail" || path == "/_clock" || self.has_docs && is_below("/docs")
    }

    fn answer(&self, request: Request<Bytes>, inspector: Inspector) -> LocalAnswer {
        let page = self.page.clone();
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let (mut answer, policy) = if let Some(question) = path.strip_prefix("/_local/api/") {
                (api::answer(&request, question, &inspector).await, PAGE_POLICY)
            } else if path == "/_clock" {
                (clock::answer(&request, &inspector).await, PAGE_POLICY)
            } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
                (problem(StatusCode::METHOD_NOT_ALLOWED, "a file is only read"), PAGE_POLICY)
            } else if path == "/_mail" {
                (mail::answer(&request, &inspector), PAGE_POLICY)
            } else if let Some(file) = path.strip_prefix("/docs") {
                (docs::answer(file), docs::POLICY)
            } else {
                (assets::answer(path.strip_prefix("/_local").unwrap_or(&path), &page), PAGE_POLICY)
            };
            let headers = answer.headers_mut();
            for (name, value) in [
                (CONTENT_SECURITY_POLICY, policy),
                (X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (X_FRAME_OPTIONS, "DENY"),
                (REFERRER_POLICY, "no-referrer"),
                (CACHE_CONTROL, "no-store"),
                (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
                (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
            answer
        })
    }
}

/// Content of a type.
fn content(content_type: &str, content: impl Into<Bytes>) -> Answer {
    let mut answer = Answer::new(Full::new(content.into()));
    if let Ok(content_type) = HeaderValue::try_from(content_type) {
        answer.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    answer
}

/// A value as JSON.
fn reply(value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(body) => content("application/json", body),
        Err(impossible) => problem(StatusCode::INTERNAL_SERVER_ERROR, &impossible.to_string()),
    }
}

/// A refusal with a sentence.
fn problem(status: StatusCode, detail: &str) -> Answer {
    let mut answer =
        content("application/problem+json", json!({"status": status.as_u16(), "detail": detail}).to_string());
    *answer.status_mut() = status;
    answer
}
