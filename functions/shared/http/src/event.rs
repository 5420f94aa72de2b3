//! API Gateway's event for a function, and the HTTP request in it.
//!
//! The format is that of HTTP APIs, payload format version 2.0. The event's route key names the requested route. The
//! path in the event may begin with a stage or with the mapping of a custom domain. No event makes this module panic:
//! an event that is not a request is refused.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

mod path;

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, Uri, header::COOKIE},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, de::IgnoredAny};

use crate::{ApiError, Code, limits::AddressPrefix};

/// The only format that functions read, as refusals name it.
pub(crate) const EXPECTED: &str =
    "This function reads events of API Gateway HTTP APIs (and of function URLs), payload format version 2.0.";

/// The bytes that are not allowed in a query string. `%` is kept, because it begins an escape.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The header by which CloudFront shows that a request comes from it.
const EDGE_HEADER: &str = "x-pairwork-edge";

/// The event of one request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    version: Option<String>,
    route_key: String,
    raw_path: Option<String>,
    raw_query_string: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    cookies: Option<Vec<String>>,
    path_parameters: Option<BTreeMap<String, String>>,
    request_context: Context,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    request_id: Option<String>,
    stage: Option<String>,
    http: Http,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    source_ip: Option<String>,
}

/// Why an event could not be read.
#[derive(Debug)]
pub(crate) enum NotRead {
    /// The sender waits for an HTTP response.
    Refused(ApiError),
    /// The sender does not wait for an HTTP response. It would take a response for success, so the invocation fails.
    Foreign(String),
}

impl Event {
    /// Reads an event, JSON.
    ///
    /// # Errors
    /// The event is of another kind or format.
    pub(crate) fn read(json: &str) -> Result<Self, NotRead> {
        match serde_json::from_str::<Self>(json) {
            Ok(event) if event.version.as_deref().is_none_or(|version| version == "2.0") => Ok(event),
            Ok(event) => {
                let version = event.version.unwrap_or_default();
                Err(NotRead::Refused(unsupported(format!("{EXPECTED} This event has version {version:?}."))))
            }
            Err(error) => Err(match sender(json) {
                Some(sender) => NotRead::Refused(unsupported(format!("{EXPECTED} This event is one of {sender}."))),
                None => NotRead::Foreign(format!("{EXPECTED} This event is another one: {error}.")),
            }),
        }
    }

    /// API Gateway's id of the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_context.request_id.as_deref()
    }

    /// Where the request comes from. API Gateway names the other end of its connection. Behind CloudFront, that is a
    /// server of CloudFront, which adds the address of the caller to `X-Forwarded-For` before API Gateway adds the
    /// server's. A caller may invent what stands before, and may call API Gateway directly. So `edge_key` tells
    /// CloudFront's requests from others: CloudFront sends it in a header of its own.
    fn caller(&self, edge_key: Option<&str>) -> AddressPrefix {
        let header = |name: &str| self.headers.as_ref()?.get(name).map(String::as_str);
        if edge_key.is_some() && header(EDGE_HEADER) == edge_key {
            let addresses = header("x-forwarded-for").unwrap_or_default();
            return addresses.rsplit(',').nth(1).map_or(AddressPrefix::UNKNOWN, |it| AddressPrefix::read(it.trim()));
        }
        self.request_context.http.source_ip.as_deref().map_or(AddressPrefix::UNKNOWN, AddressPrefix::read)
    }

    /// The request in the event. Its URI has no host: no operation depends on one.
    ///
    /// # Errors
    /// 400 `unsupported_event` for a method, path, header or body that HTTP does not allow.
    pub(crate) fn into_request(self, edge_key: Option<&str>) -> Result<Request, ApiError> {
        let address = self.caller(edge_key);
        let raw_path = self.raw_path.as_deref().unwrap_or_default();
        let path = path::of_route(&self.route_key, self.path_parameters.as_ref())
            .unwrap_or_else(|| path::of_raw(raw_path, self.request_context.stage.as_deref()));
        let query = utf8_percent_encode(self.raw_query_string.as_deref().unwrap_or_default(), NOT_IN_QUERIES);
        let uri: Uri = format!("{path}?{query}").parse().map_err(|_| unreadable("path or query"))?;
        let method: Method = self.request_context.http.method.parse().map_err(|_| unreadable("method"))?;
        let mut request = Request::new(body(self.body, self.is_base64_encoded)?);
        *request.uri_mut() = uri;
        *request.method_mut() = method;
        request.extensions_mut().insert(address);
        for (name, value) in self.headers.into_iter().flatten() {
            let name: HeaderName = name.parse().map_err(|_| unreadable("headers"))?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unreadable("headers"))?;
            request.headers_mut().append(name, value);
        }
        if let Some(cookies) = self.cookies.filter(|cookies| !cookies.is_empty()) {
            let value = HeaderValue::from_bytes(cookies.join("; ").as_bytes()).map_err(|_| unreadable("cookies"))?;
            request.headers_mut().insert(COOKIE, value);
        }
        Ok(request)
    }
}

fn body(body: Option<String>, is_base64_encoded: bool) -> Result<Body, ApiError> {
    let body = body.unwrap_or_default();
    if !is_base64_encoded {
        return Ok(body.into());
    }
    Ok(BASE64_STANDARD.decode(body).map_err(|_| unreadable("body"))?.into())
}

/// 400 `unsupported_event`.
fn unsupported(detail: impl Into<String>) -> ApiError {
    ApiError::new(Code::UNSUPPORTED_EVENT, detail)
}

fn unreadable(part: &str) -> ApiError {
    unsupported(format!("The {part} of this event can't be read. {EXPECTED}"))
}

/// The service that sent an event of another format, if it waits for an HTTP response.
fn sender(json: &str) -> Option<&'static str> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Other {
        http_method: Option<IgnoredAny>,
        request_context: Option<OtherContext>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct OtherContext {
        elb: Option<IgnoredAny>,
        connection_id: Option<IgnoredAny>,
    }
    let Other { http_method, request_context } = serde_json::from_str(json).ok()?;
    match request_context? {
        OtherContext { elb: Some(_), .. } => Some("an Application Load Balancer"),
        OtherContext { connection_id: Some(_), .. } => Some("a WebSocket API"),
        _ => http_method.map(|_| "a REST API, or of an HTTP API with payload format version 1.0"),
    }
}
