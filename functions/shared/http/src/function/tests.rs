//! Tests with events as services send them, and the replies to them.

use axum::{
    extract::Path,
    http::Uri,
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::*;
use crate::{Caller, JsonBody};

fn routes() -> Router {
    let routes = Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/names/{name}", get(|Path(name): Path<String>| async { name }))
        .route("/list", get(|uri: Uri| async move { uri.query().unwrap_or("").to_owned() }))
        .route("/address", get(|caller: Caller| async move { caller.address().to_string() }))
        .route("/echo", post(|body: JsonBody<1_000>| async move { body.value().to_string() }));
    frame(routes, watch())
}

/// The watch of a deployment behind CloudFront.
fn watch() -> Watch {
    Watch::new(&Config::read(|name| (name == "PAIRWORK_EDGE_KEY").then(|| "key".to_owned())).unwrap()).unwrap()
}

/// The event of a request without a body, as API Gateway sends it.
fn event(route_key: &str, raw_path: &str) -> Value {
    let method = route_key.split(' ').next().unwrap();
    json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": raw_path,
        "rawQueryString": "",
        "headers": {
            "host": "k3v9x2m7ab.execute-api.ap-northeast-2.amazonaws.com",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https"
        },
        "requestContext": {
            "accountId": "111122223333",
            "apiId": "k3v9x2m7ab",
            "domainName": "k3v9x2m7ab.execute-api.ap-northeast-2.amazonaws.com",
            "http": {"method": if method == "$default" { "GET" } else { method }, "path": raw_path},
            "requestId": "yV_DSqMIWhLJX8M=",
            "routeKey": route_key,
            "stage": "$default"
        },
        "isBase64Encoded": false
    })
}

async fn reply(event: &Value) -> Value {
    let reply = answer(routes(), watch(), &event.to_string(), "invocation-1".to_owned()).await.expect("an HTTP reply");
    serde_json::to_value(reply).unwrap()
}

/// The status and the body of a reply.
async fn answered(event: &Value) -> (u64, String) {
    let reply = reply(event).await;
    (reply["statusCode"].as_u64().unwrap(), reply["body"].as_str().unwrap().to_owned())
}

async fn refused(event: &Value) -> (u64, Value) {
    let (status, body) = answered(event).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test(flavor = "current_thread")]
async fn a_caller_behind_cloudfront_is_told_by_the_address_that_cloudfront_adds() {
    let mut asked = event("GET /address", "/address");
    asked["requestContext"]["http"]["sourceIp"] = json!("198.51.100.1");
    asked["headers"]["x-forwarded-for"] = json!("10.0.0.1, 203.0.113.9, 198.51.100.1");
    assert_eq!(answered(&asked).await.1, "198.51.100.1");
    asked["headers"]["x-pairwork-edge"] = json!("guessed");
    assert_eq!(answered(&asked).await.1, "198.51.100.1");
    asked["headers"]["x-pairwork-edge"] = json!("key");
    assert_eq!(answered(&asked).await.1, "203.0.113.9");
    asked["headers"]["x-forwarded-for"] = json!("198.51.100.1");
    assert_eq!(answered(&asked).await.1, "unknown");
}

#[tokio::test(flavor = "current_thread")]
async fn the_route_key_determines_the_route() {
    // A custom domain with an API mapping, and a named stage.
    for raw_path in ["/health", "/v1/health", "/prod/health", "", "/nowhere"] {
        assert_eq!(answered(&event("GET /health", raw_path)).await, (200, "ok".to_owned()), "{raw_path}");
    }
    let mut named = event("GET /names/{name}", "/v1/names/민 아");
    named["pathParameters"] = json!({"name": "민 아/100%"});
    assert_eq!(answered(&named).await, (200, "민 아/100%".to_owned()));
}

#[tokio::test(flavor = "current_thread")]
async fn without_a_route_key_the_path_determines_the_route() {
    let mut staged = event("$default", "/prod/names/%EB%AF%BC 아");
    staged["requestContext"]["stage"] = json!("prod");
    assert_eq!(answered(&staged).await, (200, "민 아".to_owned()));
    assert_eq!(answered(&event("$default", "/health")).await, (200, "ok".to_owned()));
    assert_eq!(refused(&event("$default", "/names/%FF")).await.1["code"], "not_found");
}

#[tokio::test(flavor = "current_thread")]
async fn a_raw_query_string_is_still_readable() {
    for (raw, value) in [
        ("skill=web design", "web design"),
        (r#"skill={"a":[1]}"#, r#"{"a":[1]}"#),
        ("skill=웹디자인", "웹디자인"),
        ("skill=%EC%9B%B9+a|b^c`", "웹 a|b^c`"),
        ("skill=\u{0}\u{7f}#", "\u{0}\u{7f}#"),
    ] {
        let mut event = event("GET /list", "/list");
        event["rawQueryString"] = json!(raw);
        let (status, query) = answered(&event).await;
        let read: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((status, read), (200, vec![("skill".to_owned(), value.to_owned())]), "{raw}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn no_host_or_protocol_is_needed() {
    for (name, value) in [
        ("x-forwarded-proto", "https,http"),
        ("x-forwarded-proto", ""),
        ("host", "x:99999"),
        ("host", "a\"b"),
        ("host", "exa mple.com"),
        ("host", ""),
        ("x-name", "민아"),
    ] {
        let mut event = event("GET /health", "/health");
        event["headers"][name] = json!(value);
        assert_eq!(answered(&event).await.0, 200, "{name}: {value}");
    }
    let mut without = event("GET /health", "/health");
    without["headers"] = Value::Null;
    assert_eq!(answered(&without).await.0, 200);
}

#[tokio::test(flavor = "current_thread")]
async fn requests_that_http_does_not_allow_are_refused() {
    let with = |pointer: &str, value: Value| {
        let mut event = event("POST /echo", "/echo");
        event["pathParameters"] = json!({});
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let mut bodies = with("/isBase64Encoded", json!(true));
    bodies["body"] = json!("no base64!");
    for event in [
        with("/requestContext/http/method", json!("GE T")),
        with("/headers", json!({"x": "a\nb"})),
        with("/headers", json!({"a b": "x"})),
        bodies,
    ] {
        let (status, problem) = refused(&event).await;
        assert_eq!((status, &problem["code"]), (400, &json!("unsupported_event")), "{event}");
        assert_eq!(problem["request_id"], "yV_DSqMIWhLJX8M=");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn events_of_other_formats_are_refused_by_name() {
    let rest = json!({
        "resource": "/health", "path": "/health", "httpMethod": "GET",
        "headers": {"Host": "x.execute-api.eu-central-1.amazonaws.com"}, "multiValueHeaders": {},
        "queryStringParameters": null, "pathParameters": null, "stageVariables": null,
        "requestContext": {"resourceId": "123456", "resourcePath": "/health", "httpMethod": "GET", "stage": "prod",
                           "requestId": "c6af9ac6", "identity": {"sourceIp": "127.0.0.1"}, "apiId": "1234567890"},
        "body": null, "isBase64Encoded": false
    });
    let mut first_version = rest.clone();
    first_version["version"] = json!("1.0");
    let balancer = json!({
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/x/1"}},
        "httpMethod": "GET", "path": "/health", "queryStringParameters": {}, "headers": {"host": "lb.example"},
        "body": "", "isBase64Encoded": false
    });
    let socket = json!({
        "requestContext": {"routeKey": "$connect", "eventType": "CONNECT", "connectionId": "I_oXscP3LPECJfA=",
                           "stage": "prod", "requestId": "I_oXsGCILPEFzPw=", "apiId": "1234567890"},
        "isBase64Encoded": false
    });
    let mut third_version = event("GET /health", "/health");
    third_version["version"] = json!("3.0");
    for (event, sender) in [
        (&rest, "This event is one of a REST API, or of an HTTP API with payload format version 1.0."),
        (&first_version, "This event is one of a REST API, or of an HTTP API with payload format version 1.0."),
        (&balancer, "This event is one of an Application Load Balancer."),
        (&socket, "This event is one of a WebSocket API."),
        (&third_version, "This event has version \"3.0\"."),
    ] {
        let (status, problem) = refused(event).await;
        assert_eq!((status, &problem["code"]), (400, &json!("unsupported_event")), "{event}");
        assert_eq!(problem["detail"], format!("{} {sender}", crate::event::EXPECTED));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn an_event_without_a_request_fails_the_invocation() {
    for event in ["{}", "[]", "null", r#"{"Records": [{"eventSource": "aws:s3"}]}"#] {
        let error = answer(routes(), watch(), event, String::new()).await.unwrap_err().to_string();
        assert!(error.starts_with(crate::event::EXPECTED), "{error}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_body_arrives_as_text_or_in_base64() {
    let mut event = event("POST /echo", "/echo");
    event["body"] = json!(r#"{"name":"민아"}"#);
    assert_eq!(answered(&event).await, (200, r#"{"name":"민아"}"#.to_owned()));
    event["body"] = json!(BASE64_STANDARD.encode("\u{feff}{\"a\":1}"));
    event["isBase64Encoded"] = json!(true);
    assert_eq!(answered(&event).await, (200, r#"{"a":1}"#.to_owned()), "a byte order mark is ignored");
    event["headers"]["content-encoding"] = json!("gzip");
    let reply = reply(&event).await;
    assert_eq!((&reply["statusCode"], &reply["headers"]["accept-encoding"]), (&json!(415), &json!("identity")));
}
