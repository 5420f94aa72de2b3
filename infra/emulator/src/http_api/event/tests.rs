use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::{Duration, UNIX_EPOCH};

use hyper::Request;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{Caller, build, new_request_id};

fn event(request: Request<&[u8]>, route_key: &str, parameters: &[(&str, Cow<'_, str>)]) -> Value {
    let (parts, body) = request.into_parts();
    let caller = Caller {
        route_key,
        parameters,
        peer: SocketAddr::from(([203, 0, 113, 9], 40_000)),
        port: 8080,
        domain_name: "localhost",
        stage: "$default",
        request_id: "LV7fzho-PHcEJPw=",
        received_at: UNIX_EPOCH + Duration::from_millis(1_587_481_701_067),
    };
    let (event, _) = build(&parts, &Bytes::copy_from_slice(body), &caller);
    serde_json::from_slice(&event).unwrap()
}

/// The event AWS records for `curl https://….amazonaws.com/` (aws_lambda_events,
/// `example-apigw-v2-request-no-authorizer.json`), but for the values that name the place.
#[test]
fn the_least_request_is_the_recorded_event() {
    let request = Request::get("/")
        .header("host", "localhost:8080")
        .header("user-agent", "curl/7.58.0")
        .header("accept", "*/*")
        .header("content-length", "0")
        .header("x-amzn-trace-id", "Root=1-5e9f0c65-1de4d666d4dd26aced652b6c")
        .body(&b""[..])
        .unwrap();
    assert_eq!(
        event(request, "$default", &[]),
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": "/",
            "rawQueryString": "",
            "headers": {
                "accept": "*/*",
                "content-length": "0",
                "host": "localhost:8080",
                "user-agent": "curl/7.58.0",
                "x-amzn-trace-id": "Root=1-5e9f0c65-1de4d666d4dd26aced652b6c",
                "x-forwarded-for": "203.0.113.9",
                "x-forwarded-port": "8080",
                "x-forwarded-proto": "http"
            },
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "local",
                "domainName": "localhost",
                "domainPrefix": "localhost",
                "http": {
                    "method": "GET",
                    "path": "/",
                    "protocol": "HTTP/1.1",
                    "sourceIp": "203.0.113.9",
                    "userAgent": "curl/7.58.0"
                },
                "requestId": "LV7fzho-PHcEJPw=",
                "routeKey": "$default",
                "stage": "$default",
                "time": "21/Apr/2020:15:08:21 +0000",
                "timeEpoch": 1_587_481_701_067_u64
            },
            "isBase64Encoded": false
        })
    );
}

#[test]
fn repeated_headers_and_parameters_are_joined_and_cookies_set_apart() {
    let request = Request::post("/things/a%20b?p=1&p=2&q=%ED%95%9C&empty=&plus=a+b")
        .header("accept", "text/html")
        .header("accept", "text/plain")
        .header("cookie", "a=1; b=2")
        .header("cookie", "c=3")
        .header("x-forwarded-for", "198.51.100.7")
        .header("connection", "keep-alive")
        .header("content-type", "application/json; charset=utf-8")
        .body("{\"text\": \"한글\"}".as_bytes())
        .unwrap();
    let event = event(request, "POST /things/{id}", &[("id", Cow::Borrowed("a b"))]);
    assert_eq!(event["rawPath"], "/things/a b");
    assert_eq!(event["rawQueryString"], "p=1&p=2&q=%ED%95%9C&empty=&plus=a+b");
    assert_eq!(event["queryStringParameters"], json!({"p": "1,2", "q": "한", "empty": "", "plus": "a b"}));
    assert_eq!(event["pathParameters"], json!({"id": "a b"}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2", "c=3"]));
    assert_eq!(event["headers"]["accept"], "text/html,text/plain");
    assert_eq!(event["headers"]["x-forwarded-for"], "198.51.100.7, 203.0.113.9");
    assert_eq!(event["headers"].get("cookie"), None);
    assert_eq!(event["headers"].get("connection"), None);
    assert_eq!(event["body"], "{\"text\": \"한글\"}");
    assert_eq!(event["isBase64Encoded"], false);
}

#[test]
fn only_text_is_passed_as_text() {
    let encoded = |content_type: Option<&str>, body: &'static [u8]| {
        let mut request = Request::post("/");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let event = event(request.body(body).unwrap(), "$default", &[]);
        (event["isBase64Encoded"].as_bool().unwrap(), event["body"].as_str().map(str::to_owned))
    };
    let text = |body: &str| (false, Some(body.to_owned()));
    let base64 = |body: &str| (true, Some(body.to_owned()));
    assert_eq!(encoded(Some("application/json"), b"{}"), text("{}"));
    assert_eq!(encoded(Some("TEXT/plain; charset=utf-8"), b"{}"), text("{}"));
    assert_eq!(encoded(Some("application/json"), b"\xff"), base64("/w=="));
    assert_eq!(encoded(Some("application/merge-patch+json"), b"{}"), base64("e30="));
    assert_eq!(encoded(Some("application/x-www-form-urlencoded"), b"a=1"), base64("YT0x"));
    assert_eq!(encoded(None, b"{}"), base64("e30="));
    assert_eq!(encoded(Some("application/json"), b""), (false, None));
}

#[test]
fn a_path_ends_at_a_decoded_question_mark() {
    let event = event(Request::get("/me%3Fadmin=1/x").body(&b""[..]).unwrap(), "$default", &[]);
    assert_eq!(event["rawPath"], "/me");
    assert_eq!(event["requestContext"]["http"]["path"], "/me");
}

#[test]
fn a_request_id_has_the_length_of_api_gateways() {
    let id = new_request_id();
    assert_eq!((id.len(), id.ends_with('=')), (16, true), "{id}");
    assert_ne!(id, new_request_id());
}
