//! A function's reply as an HTTP response, by the rules of payload format 2.0.
//!
//! With a `statusCode` the reply is a response: `headers`, `cookies`, `body`, `isBase64Encoded`. Any other JSON is the
//! body of a 200. What is neither is the function's mistake: 500.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use hyper::{Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::http_api::event::HOP_BY_HOP;
use crate::lambda::invocation::Outcome;

/// When to come again after a function had no process free and its queue was full: about the time in which half of a
/// full queue is worked off. API Gateway itself sends no such header.
const RETRY_AFTER_S: u64 = 5;

pub(crate) type HttpResponse = Response<Full<Bytes>>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse<'a> {
    status_code: Value,
    #[serde(default, borrow)]
    headers: Option<BTreeMap<Cow<'a, str>, Value>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<Cow<'a, str>>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// What the client gets for the outcome of an invocation.
pub(crate) fn respond(outcome: Outcome) -> HttpResponse {
    match outcome {
        Outcome::Answered(reply) => map(&reply).unwrap_or_else(|| {
            tracing::warn!("a function's reply is not a response that API Gateway takes");
            refusal(StatusCode::INTERNAL_SERVER_ERROR)
        }),
        Outcome::Failed(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR),
        Outcome::Throttled => {
            let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
            response
        }
        Outcome::TooLarge => refusal(StatusCode::PAYLOAD_TOO_LARGE),
    }
}

/// An answer of API Gateway itself, in its words.
pub(crate) fn refusal(status: StatusCode) -> HttpResponse {
    let message = match status {
        StatusCode::NOT_FOUND => "Not Found",
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        StatusCode::BAD_REQUEST => "Bad Request",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "Request Header Fields Too Large",
        StatusCode::SERVICE_UNAVAILABLE => "Service Unavailable",
        _ => "Internal Server Error",
    };
    json_response(status, Bytes::from(format!(r#"{{"message":"{message}"}}"#)))
}

fn json_response(status: StatusCode, body: Bytes) -> HttpResponse {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn map(reply: &Bytes) -> Option<HttpResponse> {
    let Ok(FunctionResponse { status_code, headers, cookies, body, is_base64_encoded }) = serde_json::from_slice(reply)
    else {
        return implicit(reply);
    };
    let status = match status_code {
        Value::Number(number) => number.as_u64().and_then(|code| u16::try_from(code).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let status = status.filter(|code| (100..=599).contains(code)).and_then(|code| StatusCode::from_u16(code).ok())?;
    let body = body.unwrap_or_default();
    let body = if is_base64_encoded { STANDARD.decode(&*body).ok()? } else { body.into_owned().into_bytes() };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let kept = response.headers_mut();
    for (name, value) in headers.into_iter().flatten() {
        let value = match value {
            Value::String(text) => text,
            Value::Null => continue,
            Value::Array(_) | Value::Object(_) => return None,
            plain => plain.to_string(),
        };
        let name = HeaderName::try_from(&*name).ok()?;
        // The length is that of the body, whatever the function thinks.
        if !HOP_BY_HOP.contains(&name.as_str()) && name != CONTENT_LENGTH {
            kept.insert(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
        }
    }
    for cookie in cookies.into_iter().flatten() {
        kept.append(SET_COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).ok()?);
    }
    kept.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("text/plain;charset=UTF-8"));
    Some(response)
}

/// A reply without a status is a body.
fn implicit(reply: &Bytes) -> Option<HttpResponse> {
    let reply: Value = serde_json::from_slice(reply).ok()?;
    if reply.get("statusCode").is_some() {
        return None;
    }
    let body = match reply {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(json_response(StatusCode::OK, Bytes::from(body)))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use hyper::body::Bytes;
    use serde_json::{Value, json};

    use super::{Outcome, respond};

    /// Status, headers and body of what the client gets.
    async fn client_sees(outcome: Outcome) -> (u16, Vec<(String, String)>, String) {
        let (parts, body) = respond(outcome).into_parts();
        let headers = parts.headers.iter().map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned())).collect();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), headers, String::from_utf8_lossy(&body).into_owned())
    }

    async fn reply(reply: Value) -> (u16, Vec<(String, String)>, String) {
        client_sees(Outcome::Answered(Bytes::from(reply.to_string()))).await
    }

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const JSON: (&str, &str) = ("content-type", "application/json");
    const TEXT: (&str, &str) = ("content-type", "text/plain;charset=UTF-8");

    #[tokio::test]
    async fn a_whole_reply_is_the_response() {
        let whole = json!({
            "statusCode": 201,
            "headers": {"Content-Type": "application/json", "ETag": "\"1\"", "X-Number": 7, "Content-Length": "999",
                "Transfer-Encoding": "chunked"},
            "multiValueHeaders": {},
            "cookies": ["a=1; Path=/", "b=2"],
            "body": "{\"한\":1}",
            "isBase64Encoded": false,
        });
        let (status, mut seen, body) = reply(whole).await;
        seen.sort();
        let expected = headers(&[
            JSON,
            ("etag", "\"1\""),
            ("set-cookie", "a=1; Path=/"),
            ("set-cookie", "b=2"),
            ("x-number", "7"),
        ]);
        assert_eq!((status, seen, body.as_str()), (201, expected, "{\"한\":1}"));
    }

    #[tokio::test]
    async fn what_is_left_out_has_its_default() {
        assert_eq!(reply(json!({"statusCode": 204})).await, (204, headers(&[TEXT]), String::new()));
        let binary = json!({"statusCode": "200", "body": "aGk=", "isBase64Encoded": true, "headers": null});
        assert_eq!(reply(binary).await, (200, headers(&[TEXT]), "hi".to_owned()));
    }

    #[tokio::test]
    async fn a_reply_without_a_status_is_the_body_of_a_200() {
        assert_eq!(reply(json!({"a": [1]})).await, (200, headers(&[JSON]), "{\"a\":[1]}".to_owned()));
        assert_eq!(reply(json!("hello")).await, (200, headers(&[JSON]), "hello".to_owned()));
        assert_eq!(reply(json!(null)).await, (200, headers(&[JSON]), "null".to_owned()));
    }

    #[tokio::test]
    async fn a_reply_that_is_no_response_and_every_failure_is_worded_by_the_gateway() {
        let said = |status, message: &str| (status, headers(&[JSON]), format!("{{\"message\":\"{message}\"}}"));
        for wrong in [
            json!({"statusCode": 99}),
            json!({"statusCode": "ok"}),
            json!({"statusCode": 200, "body": 7}),
            json!({"statusCode": 200, "body": "%%", "isBase64Encoded": true}),
            json!({"statusCode": 200, "headers": {"bad name": "x"}}),
            json!({"statusCode": 200, "headers": {"x": "a\nb"}}),
            json!({"statusCode": 200, "headers": {"x": {}}}),
        ] {
            assert_eq!(reply(wrong.clone()).await, said(500, "Internal Server Error"), "{wrong}");
        }
        let broken = Outcome::Answered(Bytes::from_static(b"{"));
        assert_eq!(client_sees(broken).await, said(500, "Internal Server Error"));
        assert_eq!(client_sees(Outcome::failed("E", "m")).await, said(500, "Internal Server Error"));
        let (status, mut seen, body) = said(503, "Service Unavailable");
        seen.extend(headers(&[("retry-after", "5")]));
        assert_eq!(client_sees(Outcome::Throttled).await, (status, seen, body));
        assert_eq!(client_sees(Outcome::TooLarge).await, said(413, "Request Entity Too Large"));
    }
}
