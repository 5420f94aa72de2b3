//! CloudFront: one address in front of the origins of a distribution.
//!
//! The path decides the origin: the HTTP API, or a bucket's objects. Nothing is cached, so a change shows at once.
//! TLS, HTTP/2 and HTTP/3, WAF rules and certificates exist on AWS alone.

mod compression;
mod path_pattern;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use hyper::{Method, Request, StatusCode};

use self::compression::Compression;
use crate::http_api::gateway::Api;
use crate::http_api::reply::HttpResponse;
use crate::s3::{Object, Objects};
use crate::template::{self, AddedHeader, Behavior, Origin};

/// A distribution that answers.
#[derive(Debug)]
pub(crate) struct Distribution {
    described: template::Distribution,
    /// By the buckets' logical ids.
    buckets: BTreeMap<String, Objects>,
    compression: Compression,
}

impl Distribution {
    pub(crate) fn new(described: template::Distribution, buckets: BTreeMap<String, Objects>) -> Self {
        Self { described, buckets, compression: Compression::default() }
    }

    /// Answers from the origin that the path belongs to.
    pub(crate) async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, api: &Api) -> HttpResponse {
        let path = request.uri().path().to_owned();
        let Some(behavior) = self.behavior(&path) else { return refusal(StatusCode::NOT_FOUND) };
        if !behavior.methods.iter().any(|method| method == request.method().as_str()) {
            return refusal(StatusCode::FORBIDDEN);
        }
        let mut response = match &behavior.origin {
            Origin::Api => api.answer(request, peer).await,
            Origin::Bucket(bucket) => self.read(bucket, &path, request.method(), request.headers(), behavior),
        };
        add(&behavior.headers, response.headers_mut());
        response
    }

    fn behavior(&self, path: &str) -> Option<&Behavior> {
        self.described.behaviors.iter().find(|behavior| path_pattern::matches(&behavior.path_pattern, path))
    }

    /// Reads an object. A key that is not there is forbidden, as for any reader that may not list the bucket.
    fn read(
        &self,
        bucket: &str,
        path: &str,
        method: &Method,
        headers: &HeaderMap,
        behavior: &Behavior,
    ) -> HttpResponse {
        let key = match (path, &self.described.root_object) {
            ("/", Some(root)) => root.clone(),
            _ => percent_encoding::percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy().into_owned(),
        };
        let Some(object) = self.buckets.get(bucket).and_then(|objects| objects.get(&key)) else {
            return refusal(StatusCode::FORBIDDEN);
        };
        let Object { content, content_type } = object;
        let etag = format!("\"{:08x}-{:x}\"", crc32fast::hash(&content), content.len());
        let mut response = HttpResponse::default();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        };
        set(ETAG, &etag);
        set(CACHE_CONTROL, "no-cache");
        let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
        if known.flat_map(|tags| tags.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        set(CONTENT_TYPE, &content_type);
        let mut body = content;
        if behavior.compresses && compression::is_worthwhile(&content_type, body.len()) {
            set(VARY, "accept-encoding");
            if accepts_gzip(headers)
                && let Ok(compressed) = self.compression.gzip(&etag, &body)
            {
                set(CONTENT_ENCODING, "gzip");
                body = compressed;
            }
        }
        if *method == Method::HEAD { response } else { response.map(|_| Full::new(body)) }
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = accepted.flat_map(|value| value.split(','));
    codings.any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

fn add(headers: &[AddedHeader], response: &mut HeaderMap) {
    for header in headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(&header.name), HeaderValue::try_from(&header.value)) else {
            continue;
        };
        if header.overrides || !response.contains_key(&name) {
            response.insert(name, value);
        }
    }
}

/// An answer of the distribution itself.
fn refusal(status: StatusCode) -> HttpResponse {
    let reason = status.canonical_reason().unwrap_or_default();
    let mut response = HttpResponse::new(Full::new(Bytes::from(format!("{reason}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
