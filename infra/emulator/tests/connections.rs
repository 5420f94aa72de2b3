//! Clients that are slow, many, or ambiguous. The server goes on serving the others.
//!
//! The function is this test binary again, as in the gateway's tests. It answers with the length of the body.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use emulator::template::Template;
use emulator::{Capacity, Emulator, HttpLimits, Options, Program};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const TEMPLATE: &str = r#"
Resources:
  Length:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: length } }
    Properties:
      Timeout: 30
      Events:
        Length: { Type: HttpApi, Properties: { Method: ANY, Path: /length } }
"#;

/// Longer than any limit of these tests, which no connection may outlive.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let length = |event: LambdaEvent<Value>| async move {
        let body = event.payload["body"].as_str().unwrap_or_default().len();
        if let Some(wait_ms) = event.payload["queryStringParameters"]["wait_ms"].as_str() {
            tokio::time::sleep(Duration::from_millis(wait_ms.parse()?)).await;
        }
        Ok::<_, lambda_runtime::Error>(json!({"length": body}))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(length)));
}

async fn start(http: HttpLimits) -> Emulator {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    Emulator::start(Options {
        port: 0,
        data: None,
        template: Template::parse(TEMPLATE).unwrap(),
        objects: BTreeMap::new(),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        http,
        faults: None,
        log_level: "warn".to_owned(),
        clock: None,
        local: None,
    })
    .await
    .unwrap()
}

async fn connect(emulator: &Emulator) -> TcpStream {
    TcpStream::connect(emulator.base_url.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Everything that the server sends until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset is closed, too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn send(emulator: &Emulator, request: &str) -> String {
    let mut stream = connect(emulator).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

const GOOD: &str = "GET /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn half_open_connections_leave_the_others_served_and_end() {
    let limits = HttpLimits { head: Duration::from_secs(2), ..HttpLimits::default() };
    let emulator = start(limits).await;
    let mut silent = Vec::new();
    for number in 0..1_000 {
        let mut stream = connect(&emulator).await;
        if number % 2 == 0 {
            stream.write_all(b"GET /length HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        }
        silent.push(stream);
    }
    let began = Instant::now();
    for _ in 0..10 {
        assert_eq!(status(&send(&emulator, GOOD).await), "200");
    }
    for stream in &mut silent {
        assert_eq!(rest(stream).await, "", "an unfinished request has no answer");
    }
    assert!(began.elapsed() < PATIENCE);
    assert_eq!(status(&send(&emulator, GOOD).await), "200");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_a_body_and_a_pause_have_their_time_and_no_more() {
    let millis = Duration::from_millis;
    let limits = HttpLimits { head: millis(400), body: millis(700), idle: millis(1_000), ..HttpLimits::default() };
    let emulator = start(limits).await;
    let took = async |bytes: &[&str], pause: Duration| {
        let mut stream = connect(&emulator).await;
        let began = Instant::now();
        let mut answer = String::new();
        for part in bytes {
            // The server may have closed it already.
            let _ = stream.write_all(part.as_bytes()).await;
            tokio::time::sleep(pause).await;
        }
        answer += &rest(&mut stream).await;
        (status(&answer).to_owned(), began.elapsed())
    };
    // A head that trickles: each byte is in time, all of them are not.
    let trickled: Vec<&str> = "GET /length HTTP/1.1\r\nHost".split("").collect();
    let (answer, elapsed) = took(&trickled, millis(50)).await;
    assert_eq!(answer, "none");
    assert!(elapsed >= millis(400), "{elapsed:?}");
    let mut body = vec!["POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"];
    body.extend(["x"; 20]);
    let (answer, elapsed) = took(&body, millis(50)).await;
    assert_ne!(answer, "200");
    assert!(elapsed >= millis(700), "{elapsed:?}");
    // An answer, and then nothing more is asked.
    let (answer, elapsed) = took(&["GET /length HTTP/1.1\r\nHost: x\r\n\r\n"], millis(0)).await;
    assert_eq!(answer, "200");
    assert!(elapsed >= millis(1_000), "{elapsed:?}");
    // A function that takes longer than a pause may: the connection is no idle one.
    let (answer, _) = took(&["GET /length?wait_ms=1500 HTTP/1.1\r\nHost: x\r\n\r\n"], millis(0)).await;
    assert_eq!(answer, "200");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_connections_cost_the_one_that_is_idle_for_longest() {
    let emulator = start(HttpLimits { connections: 20, ..HttpLimits::default() }).await;
    let mut first = connect(&emulator).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(connect(&emulator).await);
    }
    assert_eq!(rest(&mut first).await, "");
    assert_eq!(status(&send(&emulator, GOOD).await), "200", "a new one is served");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_two_readings_is_refused_and_its_connection_ends() {
    let emulator = start(HttpLimits::default()).await;
    for (request, expected) in [
        ("GET /length HTTP/1.1\nHost: x\nConnection: close\n\n", "400"),
        ("GET /length HTTP/1.1\r\nHost: x\n\r\n", "400"),
        ("GET /length HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", "400"),
        ("GET /length HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400"),
        ("GET /length HTTP/1.1\r\nHost: a\r\nhost: a\r\nConnection: close\r\n\r\n", "400"),
        ("GET /length HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ("GET /length HTTP/1.1\r\nHost : x\r\n\r\n", "400"),
        ("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", "400"),
        ("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab", "400"),
        ("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\nab", "400"),
        ("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400"),
    ] {
        // The bytes after a refused request are no request.
        let answer = send(&emulator, &format!("{request}{GOOD}")).await;
        assert_eq!(status(&answer), expected, "{request:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{request:?}: {answer}");
    }
    let large = format!("GET /length HTTP/1.1\r\nHost: x\r\nX: {}", "a".repeat(64 * 1024));
    assert_eq!(status(&send(&emulator, &large).await), "431");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn well_formed_requests_pass_in_every_form() {
    let emulator = start(HttpLimits::default()).await;
    let head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n";
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    let sized = format!("{head}Content-Length: 5\r\n\r\nabcde");
    // Three in one write, and one byte at a time.
    let all = format!("{chunked}{sized}\r\n{GOOD}");
    let answer = send(&emulator, &all).await;
    let lengths =
        |answer: &str| answer.matches("{\"length\":5}").count() * 10 + answer.matches("{\"length\":0}").count();
    assert_eq!((answer.matches("HTTP/1.1 200").count(), lengths(&answer)), (3, 21), "{answer}");
    let mut stream = connect(&emulator).await;
    stream.set_nodelay(true).unwrap();
    for byte in all.as_bytes() {
        stream.write_all(&[*byte]).await.unwrap();
    }
    let answer = rest(&mut stream).await;
    assert_eq!((answer.matches("HTTP/1.1 200").count(), lengths(&answer)), (3, 21), "{answer}");
    let large = 5 * 1024 * 1024;
    let body = "a".repeat(large);
    let request = format!("{head}Connection: close\r\nContent-Length: {large}\r\n\r\n{body}");
    assert!(send(&emulator, &request).await.ends_with(&format!("{{\"length\":{large}}}")));
    let old = "GET /length HTTP/1.0\r\n\r\n";
    assert_eq!(status(&send(&emulator, old).await), "200", "HTTP/1.0 has no Host");
    emulator.shutdown().await.unwrap();
}
