//! Requests as people and scanners send them, byte by byte, and what the gateway makes of them.
//!
//! The function is this test binary again: started with the filter `the_function`, it runs that "test", which then
//! finds a Runtime API in its environment and polls it. It answers with its event.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;

use emulator::template::Template;
use emulator::{Capacity, Emulator, HttpLimits, Options, Program};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TEMPLATE: &str = r#"
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: echo } }
    Properties:
      Timeout: 30
      Events:
        Echo: { Type: HttpApi, Properties: { Method: ANY, Path: /echo } }
"#;

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let echo =
        |event: LambdaEvent<Value>| async move { Ok::<_, lambda_runtime::Error>(json!({"event": event.payload})) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(echo)));
}

async fn start() -> Emulator {
    start_with(TEMPLATE).await
}

async fn start_with(template: &str) -> Emulator {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    Emulator::start(Options {
        faults: None,
        clock: None,
        port: 0,
        data: None,
        template: Template::parse(template).unwrap(),
        objects: BTreeMap::new(),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        http: HttpLimits::default(),
        log_level: "warn".to_owned(),
        local: None,
    })
    .await
    .unwrap()
}

/// Sends these bytes and reads the answer to its end: its status, and its body if that is JSON.
async fn send(emulator: &Emulator, request: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(emulator.base_url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// A request with one more header line, and `Connection: close`.
fn get(target: &str, header: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_no_host_is_refused_in_the_gateways_words() {
    let emulator = start().await;
    for host in ["x:99999", "a\"b", "exa mple.com", "a/b", "", "user@host", "한글"] {
        let answer = send(&emulator, &get("/echo", &format!("Host: {host}"))).await;
        assert_eq!(answer, (400, json!({"message": "Bad Request"})), "{host}");
    }
    assert_eq!(send(&emulator, &get("/echo", "Accept: */*")).await.0, 400, "no Host at all");
    assert_eq!(send(&emulator, &get("/echo", "Host: a\r\nHost: b")).await.0, 400, "two of them");
    for (host, name, prefix) in
        [("x:80", "x", "x"), ("[::1]:8080", "[::1]", "[::1]"), ("api.example.com", "api.example.com", "api")]
    {
        let (status, body) = send(&emulator, &get("/echo", &format!("Host: {host}"))).await;
        let context = &body["event"]["requestContext"];
        let seen = (status, &body["event"]["headers"]["host"], &context["domainName"], &context["domainPrefix"]);
        assert_eq!(seen, (200, &json!(host), &json!(name), &json!(prefix)));
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_readable_however_it_was_written() {
    let emulator = start().await;
    for (query, expected) in [
        ("filter={%22a%22:1}", json!({"filter": "{\"a\":1}"})),
        ("skill=웹 디자인".replace(' ', "+").as_str(), json!({"skill": "웹 디자인"})),
        ("skill=%EC%9B%B9%20design", json!({"skill": "웹 design"})),
        ("a=1&a=2&b", json!({"a": "1,2", "b": ""})),
        ("a=%FF&%", json!({"a": "\u{fffd}", "%": ""})),
        ("a=b|c^d`e", json!({"a": "b|c^d`e"})),
    ] {
        let (status, body) = send(&emulator, &get(&format!("/echo?{query}"), "Host: x")).await;
        let event = &body["event"];
        let seen = (status, &event["queryStringParameters"], &event["rawQueryString"]);
        assert_eq!(seen, (200, &expected, &json!(query)));
    }
    // A space ends the target of a request line, and a quotation mark must be encoded in it: these are no HTTP
    // requests.
    for query in ["skill=web design", "filter={\"a\":1}"] {
        assert_eq!(send(&emulator, &get(&format!("/echo?{query}"), "Host: x")).await.0, 400);
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_says_by_itself_how_it_was_reached() {
    let emulator = start().await;
    let port = emulator.base_url.rsplit_once(':').unwrap().1.to_owned();
    let claims = "Host: x\r\nX-Forwarded-Proto: https,http\r\nX-Forwarded-Port: 443, 80\r\nX-Forwarded-For: 1.2.3.4";
    let (status, body) = send(&emulator, &get("/echo", claims)).await;
    let headers = &body["event"]["headers"];
    assert_eq!(status, 200);
    assert_eq!(headers["x-forwarded-proto"], "http");
    assert_eq!(headers["x-forwarded-port"], port);
    assert_eq!(headers["x-forwarded-for"], "1.2.3.4, 127.0.0.1");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_the_first_segment_of_every_path() {
    let api = "  ServerlessHttpApi: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }\n";
    let emulator = start_with(&format!("{}{api}", TEMPLATE.trim_start_matches('\n'))).await;
    let (status, body) = send(&emulator, &get("/v1/echo", "Host: x")).await;
    let event = &body["event"];
    assert_eq!(status, 200);
    assert_eq!(event["routeKey"], "ANY /echo");
    assert_eq!(event["rawPath"], "/v1/echo");
    assert_eq!(event["requestContext"]["http"]["path"], "/v1/echo");
    assert_eq!(event["requestContext"]["stage"], "v1");
    for path in ["/echo", "/v1", "/v1x/echo", "/v2/echo", "/"] {
        assert_eq!(send(&emulator, &get(path, "Host: x")).await, (404, json!({"message": "Not Found"})), "{path}");
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_over_the_quota_is_refused() {
    let emulator = start().await;
    let refused = (431, json!({"message": "Request Header Fields Too Large"}));
    let header = format!("Host: x\r\nX-Large: {}", "a".repeat(20_000));
    assert_eq!(send(&emulator, &get("/echo", &header)).await, refused);
    let query = format!("/echo?q={}", "a".repeat(12_000));
    assert_eq!(send(&emulator, &get(&query, "Host: x")).await, refused);
    let query = format!("/echo?q={}", "a".repeat(10_000));
    assert_eq!(send(&emulator, &get(&query, "Host: x")).await.0, 200);
    assert_eq!(send(&emulator, &get(&query, &format!("Host: x\r\nX: {}", "a".repeat(300)))).await, refused);
    emulator.shutdown().await.unwrap();
}
