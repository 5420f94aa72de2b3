//! API Gateway's event for a function: payload format 2.0 of HTTP APIs.
//!
//! Oddities are kept, because functions meet them on AWS: `rawPath` is percent-decoded and ends at a decoded `?`,
//! repeated headers and query parameters are joined by commas, cookies leave the headers, and only a handful of content
//! types count as text.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderValue, USER_AGENT};
use hyper::http::request::Parts;
use jiff::Timestamp;
use serde::Serialize;

use crate::http_api::route::decode;
use crate::lambda::invocation::{new_trace_id, random_words};
use crate::template::ACCOUNT;
use crate::template::scope::API_ID;

/// What API Gateway knows of a request beside the request itself.
#[derive(Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) route_key: &'a str,
    pub(crate) parameters: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) peer: SocketAddr,
    /// The port the API is served on.
    pub(crate) port: u16,
    /// The name in the request's Host.
    pub(crate) domain_name: &'a str,
    pub(crate) stage: &'a str,
    /// Extended request id, as in the `apigw-requestid` header of the answer.
    pub(crate) request_id: &'a str,
    pub(crate) received_at: SystemTime,
}

/// The header that carries X-Ray's trace id.
const TRACE_ID: &str = "x-amzn-trace-id";

/// Headers between two hops (RFC 9110, 7.6.1), which a gateway keeps to itself.
pub(crate) const HOP_BY_HOP: [&str; 7] =
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    version: &'static str,
    route_key: &'a str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookies: Option<Vec<Cow<'a, str>>>,
    headers: BTreeMap<&'a str, Cow<'a, str>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    is_base64_encoded: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    account_id: &'static str,
    api_id: &'static str,
    domain_name: &'a str,
    domain_prefix: &'a str,
    http: Http<'a>,
    request_id: &'a str,
    route_key: &'a str,
    stage: &'a str,
    time: String,
    time_epoch: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: String,
    user_agent: Cow<'a, str>,
}

/// The event for a request, and the trace id it carries.
pub(crate) fn build(request: &Parts, body: &Bytes, caller: &Caller<'_>) -> (Bytes, String) {
    let path = decode(request.uri.path());
    let path = path.split('?').next().unwrap_or_default();
    let source_ip = caller.peer.ip().to_string();
    let trace_id = match request.headers.get(TRACE_ID) {
        Some(value) => text(value).into_owned(),
        None => new_trace_id(),
    };
    let (body, is_base64_encoded) = encode(&request.headers, body);
    let event = Event {
        version: "2.0",
        route_key: caller.route_key,
        raw_path: path,
        raw_query_string: request.uri.query().unwrap_or_default(),
        cookies: cookies(&request.headers),
        headers: headers(request, caller, &source_ip, &trace_id),
        query_string_parameters: query(request.uri.query().unwrap_or_default()),
        request_context: RequestContext {
            account_id: ACCOUNT,
            api_id: API_ID,
            domain_name: caller.domain_name,
            domain_prefix: caller.domain_name.split('.').next().unwrap_or_default(),
            http: Http {
                method: request.method.as_str(),
                path,
                protocol: "HTTP/1.1",
                source_ip: source_ip.clone(),
                user_agent: request.headers.get(USER_AGENT).map(text).unwrap_or_default(),
            },
            request_id: caller.request_id,
            route_key: caller.route_key,
            stage: caller.stage,
            time: common_log_time(caller.received_at),
            time_epoch: millis(caller.received_at),
        },
        path_parameters: caller.parameters.iter().map(|(name, value)| (*name, &**value)).collect(),
        body,
        is_base64_encoded,
    };
    // Maps of texts, numbers and truths: there is nothing in it that JSON could not hold.
    let event = serde_json::to_vec(&event).unwrap_or_default();
    (Bytes::from(event), trace_id)
}

/// API Gateway's extended request id: 15 characters and a `=`.
pub(crate) fn new_request_id() -> String {
    let [a, b, c, _] = random_words();
    let bytes: Vec<u8> = [a, b, c].into_iter().flat_map(u32::to_be_bytes).take(11).collect();
    base64::engine::general_purpose::URL_SAFE.encode(bytes)
}

fn headers<'a>(
    request: &'a Parts,
    caller: &Caller<'_>,
    source_ip: &str,
    trace_id: &str,
) -> BTreeMap<&'a str, Cow<'a, str>> {
    let mut headers: BTreeMap<&str, Cow<'_, str>> = BTreeMap::new();
    for (name, value) in &request.headers {
        let name = name.as_str();
        if name == COOKIE.as_str() || HOP_BY_HOP.contains(&name) {
            continue;
        }
        join(headers.entry(name).or_default(), text(value), ",");
    }
    join(headers.entry("x-forwarded-for").or_default(), Cow::Owned(source_ip.to_owned()), ", ");
    headers.insert("x-forwarded-port", Cow::Owned(caller.port.to_string()));
    headers.insert("x-forwarded-proto", Cow::Borrowed("http"));
    headers.insert(TRACE_ID, Cow::Owned(trace_id.to_owned()));
    headers
}

fn join<'a>(joined: &mut Cow<'a, str>, value: Cow<'a, str>, separator: &str) {
    if joined.is_empty() {
        *joined = value;
    } else {
        let joined = joined.to_mut();
        joined.push_str(separator);
        joined.push_str(&value);
    }
}

fn cookies(headers: &HeaderMap) -> Option<Vec<Cow<'_, str>>> {
    let mut cookies = Vec::new();
    for header in headers.get_all(COOKIE) {
        match text(header) {
            Cow::Borrowed(header) => cookies.extend(header.split("; ").map(Cow::Borrowed)),
            Cow::Owned(header) => cookies.extend(header.split("; ").map(|one| Cow::Owned(one.to_owned()))),
        }
    }
    (!cookies.is_empty()).then_some(cookies)
}

fn query(query: &str) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
    let mut parameters: BTreeMap<_, Cow<'_, str>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match parameters.entry(name) {
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(value);
            }
            std::collections::btree_map::Entry::Occupied(mut occupied) => {
                let joined = occupied.get_mut().to_mut();
                joined.push(',');
                joined.push_str(&value);
            }
        }
    }
    parameters
}

/// The body as text where API Gateway takes it for text, and in base64 otherwise.
fn encode<'a>(headers: &HeaderMap, body: &'a Bytes) -> (Option<Cow<'a, str>>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    match std::str::from_utf8(body) {
        Ok(text) if is_text(headers.get(CONTENT_TYPE)) => (Some(Cow::Borrowed(text)), false),
        _ => (Some(Cow::Owned(STANDARD.encode(body))), true),
    }
}

/// Observed on AWS: neither a missing content type nor forms nor `+json` types count as text.
fn is_text(content_type: Option<&HeaderValue>) -> bool {
    let media_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&media_type.as_str())
}

/// Header values are bytes; what isn't UTF-8 in them becomes U+FFFD.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

fn millis(time: SystemTime) -> u64 {
    u64::try_from(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// `22/Nov/2026:11:49:39 +0000`.
fn common_log_time(time: SystemTime) -> String {
    Timestamp::try_from(time).unwrap_or_default().strftime("%d/%b/%Y:%H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests;
