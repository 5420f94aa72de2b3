//! Reads `events/<function>/requests.yaml` and makes the events that API Gateway sends for those requests.
//!
//! The format is payload version 2.0 of HTTP APIs:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>. Ids that
//! would differ from request to request are derived from the event's name, and time and address are constants. So an
//! event stays the same until its request changes.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pairwork::template::{Route, Template};
use serde::{Deserialize, Serialize};

/// The requests, by function and event.
pub(crate) type Requests = BTreeMap<String, BTreeMap<String, Request>>;

/// One request, and the expected answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// `METHOD PATH`.
    request: String,
    /// The entry of `events/tokens.yaml` whose token the request carries.
    #[serde(rename = "as")]
    signed_in: Option<String>,
    /// Headers added to the usual ones. Names are in lower case.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A body that is sent as JSON. Members keep their order. `<name>` in a text stands for an entry of the tokens.
    body: Option<serde_yaml_ng::Value>,
    /// A body that is sent unchanged.
    text: Option<String>,
    /// `STATUS`, or `STATUS CODE` if the answer is a problem.
    pub(crate) answer: String,
}

/// Every field that API Gateway sends, in its order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    version: &'static str,
    route_key: String,
    raw_path: String,
    raw_query_string: String,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    request_context: RequestContext,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    account_id: &'static str,
    api_id: &'static str,
    domain_name: String,
    domain_prefix: &'static str,
    http: Http,
    request_id: String,
    route_key: String,
    stage: &'static str,
    time: &'static str,
    time_epoch: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    path: String,
    protocol: &'static str,
    source_ip: &'static str,
    user_agent: &'static str,
}

const ACCOUNT: &str = "111122223333"; // the account of AWS's own examples
const API: &str = "k3v9x2m7ab";
const REGION: &str = "ap-northeast-2";
const CLIENT_ADDRESS: &str = "203.0.113.57"; // RFC 5737: documentation
const CLIENT: &str = "curl/8.14.1";
const TIME: &str = "22/Nov/2026:11:49:39 +0000";
const TIME_EPOCH: u64 = 1_795_348_179_000;

impl Request {
    /// Whether the request only reads.
    pub(crate) fn is_read(&self) -> bool {
        self.request.starts_with("GET ")
    }

    /// The place of the request among all: reads and refused requests leave the market as it is, and what a request
    /// deletes is missing for those after it.
    pub(crate) fn order(&self) -> u8 {
        let is_refused = self.answer.starts_with(['4', '5']);
        match self.is_read() || is_refused {
            true => 0,
            false if !self.request.starts_with("DELETE ") => 1,
            false => 2,
        }
    }

    /// The text of the event's file. `name` is `FUNCTION/EVENT`.
    pub(crate) fn event(&self, name: &str, template: &Template, tokens: &BTreeMap<String, String>) -> String {
        let (method, target) = self.request.split_once(' ').expect("a request is a method and a path");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (route, path_parameters) =
            route(template, method, path).unwrap_or_else(|| panic!("{name}: no route takes {method} {path}"));
        let body = self.body(name, tokens);
        let headers = self.headers(name, body.as_deref(), tokens);
        let text = is_text(headers.get("content-type").map_or("", String::as_str));
        let event = Event {
            version: "2.0",
            route_key: route.key(),
            raw_path: percent_decoded(path),
            raw_query_string: query.to_owned(),
            query_string_parameters: query_parameters(query),
            request_context: RequestContext {
                account_id: ACCOUNT,
                api_id: API,
                domain_name: host(),
                domain_prefix: API,
                http: Http {
                    method: method.to_owned(),
                    path: percent_decoded(path),
                    protocol: "HTTP/1.1",
                    source_ip: CLIENT_ADDRESS,
                    user_agent: CLIENT,
                },
                request_id: request_id(name),
                route_key: route.key(),
                stage: "$default",
                time: TIME,
                time_epoch: TIME_EPOCH,
            },
            path_parameters,
            headers,
            is_base64_encoded: body.is_some() && !text,
            body: body.map(|body| if text { body } else { STANDARD.encode(body) }),
        };
        let mut json = serde_json::to_string_pretty(&event).expect("an event is JSON");
        json.push('\n');
        json
    }

    fn body(&self, name: &str, tokens: &BTreeMap<String, String>) -> Option<String> {
        let body = self.written_body(name)?;
        Some(tokens.iter().fold(body, |body, (name, token)| body.replace(&format!("<{name}>"), token)))
    }

    fn written_body(&self, name: &str) -> Option<String> {
        match (&self.body, &self.text) {
            (None, None) => None,
            (None, Some(text)) => Some(text.clone()),
            (Some(body), None) => Some(serde_json::to_string(body).expect("a YAML body that JSON can hold")),
            (Some(_), Some(_)) => panic!("{name} has two bodies"),
        }
    }

    fn headers(&self, name: &str, body: Option<&str>, tokens: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let trace_id = format!("Root=1-{:08x}-{:024x}", TIME_EPOCH / 1000, u128::from(fingerprint(name)));
        let usual = [
            ("accept", "*/*".to_owned()),
            ("content-length", body.map_or(0, str::len).to_string()),
            ("host", host()),
            ("user-agent", CLIENT.to_owned()),
            ("x-amzn-trace-id", trace_id),
            ("x-forwarded-for", CLIENT_ADDRESS.to_owned()),
            ("x-forwarded-port", "443".to_owned()),
            ("x-forwarded-proto", "https".to_owned()),
        ];
        let mut headers: BTreeMap<_, _> = usual.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if body.is_some() {
            headers.insert("content-type".to_owned(), "application/json".to_owned());
        }
        if let Some(whose) = &self.signed_in {
            let token = tokens.get(whose).unwrap_or_else(|| panic!("{name}: there is no token {whose}"));
            headers.insert("authorization".to_owned(), format!("Bearer {token}"));
        }
        headers.extend(self.headers.clone());
        headers
    }
}

/// The route that API Gateway picks, with its path parameters. The route with the most literal segments wins.
fn route(template: &Template, method: &str, path: &str) -> Option<(Route, BTreeMap<String, String>)> {
    let routes = template.functions.iter().flat_map(|function| &function.routes);
    let taking = routes.filter(|route| route.method == method).filter_map(|route| {
        let wanted: Vec<&str> = route.path.split('/').collect();
        let given: Vec<&str> = path.split('/').collect();
        if wanted.len() != given.len() {
            return None;
        }
        let mut parameters = BTreeMap::new();
        for (wanted, given) in wanted.iter().zip(&given) {
            match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => _ = parameters.insert(name.to_owned(), percent_decoded(given)),
                None if wanted == given => {}
                None => return None,
            }
        }
        Some((route.clone(), parameters))
    });
    taking.min_by_key(|(_, parameters)| parameters.len())
}

/// Whether API Gateway passes a body of this content type as text. It encodes others in base64, `+json` and forms too.
fn is_text(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.starts_with("text/") || media_type == "application/json"
}

/// The query's parameters. API Gateway joins the values of a repeated one with commas.
fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decoded(value);
        parameters
            .entry(percent_decoded(name))
            .and_modify(|joined| {
                joined.push(',');
                joined.push_str(&value);
            })
            .or_insert(value);
    }
    parameters
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).expect("a path of UTF-8")
}

fn host() -> String {
    format!("{API}.execute-api.{REGION}.amazonaws.com")
}

/// API Gateway's extended request id: eleven bytes in base64.
fn request_id(name: &str) -> String {
    let digits = fingerprint(name).to_be_bytes();
    URL_SAFE.encode([&digits[..], &digits[..3]].concat())
}

/// A number that a name always has.
pub(super) fn fingerprint(name: &str) -> u64 {
    vocabulary::fnv1a_64(name.as_bytes())
}
