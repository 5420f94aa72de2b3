//! A distribution in front of a bucket and an API.
//!
//! As in the gateway's tests, the function is this test binary again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;
use std::io::Read;

use emulator::template::Template;
use emulator::{Capacity, Emulator, HttpLimits, Objects, Options, Program};
use flate2::read::GzDecoder;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TEMPLATE: &str = r#"
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Echo:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: echo } }
    Properties:
      Timeout: 30
      Events:
        Echo: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: ANY, Path: /echo } }
  Files:
    Type: AWS::S3::Bucket
  Headers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: files
        SecurityHeadersConfig:
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true }
          ContentTypeOptions: { Override: true }
        CustomHeadersConfig:
          Items: [{ Header: Cache-Control, Value: no-store, Override: false }]
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultRootObject: site/index.html
        Origins:
          - { Id: files, DomainName: !GetAtt Files.RegionalDomainName, S3OriginConfig: {} }
          - { Id: api, DomainName: !Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com", CustomOriginConfig: {} }
        CacheBehaviors:
          - { PathPattern: /, TargetOriginId: files, Compress: true, ResponseHeadersPolicyId: !Ref Headers }
          - { PathPattern: /site/*, TargetOriginId: files, Compress: true, ResponseHeadersPolicyId: !Ref Headers }
        DefaultCacheBehavior: { TargetOriginId: api, AllowedMethods: [GET, HEAD, POST] }
"#;

const INDEX: &[u8] = &[b' '; 5_000];
const OBJECTS: Objects = Objects::Embedded(&[("site/index.html", INDEX), ("site/a.js", b"let a;"), ("secret", b"no")]);

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let echo = |event: LambdaEvent<Value>| async move {
        Ok::<_, lambda_runtime::Error>(json!({"path": event.payload["rawPath"]}))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(echo)));
}

async fn start() -> Emulator {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    Emulator::start(Options {
        faults: None,
        port: 0,
        data: None,
        template: Template::parse(TEMPLATE).unwrap(),
        objects: BTreeMap::from([("Files".to_owned(), OBJECTS)]),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        http: HttpLimits::default(),
        log_level: "warn".to_owned(),
        clock: None,
        local: None,
    })
    .await
    .unwrap()
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

async fn send(emulator: &Emulator, method: &str, path: &str, header: &str) -> Answer {
    let mut stream = TcpStream::connect(emulator.base_url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: a.example\r\n{header}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: answer[end + 4..].to_vec() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_path_decides_who_answers() {
    let emulator = start().await;
    let get = |path: &'static str| send(&emulator, "GET", path, "Accept: */*");

    let root = get("/").await;
    assert_eq!((root.status, root.header("content-type"), &*root.body), (200, Some("text/html; charset=utf-8"), INDEX));
    let script = get("/site/a.js").await;
    assert_eq!(
        (script.status, script.header("content-type"), &*script.body),
        (200, Some("text/javascript; charset=utf-8"), b"let a;".as_slice())
    );
    let echo = get("/echo").await;
    assert_eq!((echo.status, serde_json::from_slice(&echo.body).ok()), (200, Some(json!({"path": "/echo"}))));

    // A key that is not there is forbidden, as for every reader that may not list the bucket.
    assert_eq!(get("/site/none.js").await.status, 403);
    assert_eq!(get("/site/../secret").await.status, 403);
    assert_eq!(get("/secret").await.status, 404);
    assert_eq!(send(&emulator, "POST", "/site/a.js", "Content-Length: 0").await.status, 403);
    assert_eq!(send(&emulator, "DELETE", "/echo", "Accept: */*").await.status, 403, "no method of the behavior");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_behaviors_headers_are_added_to_its_answers_alone() {
    let emulator = start().await;
    for path in ["/", "/site/a.js", "/site/none.js"] {
        let answer = send(&emulator, "GET", path, "Accept: */*").await;
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'self'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    let script = send(&emulator, "GET", "/site/a.js", "Accept: */*").await;
    assert_eq!(script.header("cache-control"), Some("no-cache"), "the policy does not override the origin's");
    assert_eq!(send(&emulator, "GET", "/echo", "Accept: */*").await.header("content-security-policy"), None);
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_compressed_and_revalidated() {
    let emulator = start().await;
    let plain = send(&emulator, "GET", "/", "Accept-Encoding: br").await;
    assert_eq!((plain.header("content-encoding"), plain.body.len()), (None, INDEX.len()));
    let packed = send(&emulator, "GET", "/", "Accept-Encoding: br, gzip;q=0.5").await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), (Some("gzip"), Some("accept-encoding")));
    let mut unpacked = Vec::new();
    GzDecoder::new(&*packed.body).read_to_end(&mut unpacked).unwrap();
    assert_eq!((unpacked.as_slice(), packed.body.len() < 100), (INDEX, true));
    let small = send(&emulator, "GET", "/site/a.js", "Accept-Encoding: gzip").await;
    assert_eq!(small.header("content-encoding"), None, "CloudFront compresses nothing below 1,000 bytes");

    let head = send(&emulator, "HEAD", "/", "Accept: */*").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let known = format!("If-None-Match: \"other\", {}", plain.header("etag").unwrap());
    let unchanged = send(&emulator, "GET", "/", &known).await;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    let other = send(&emulator, "GET", "/", "If-None-Match: \"other\"").await;
    assert_eq!(other.status, 200);
    emulator.shutdown().await.unwrap();
}

#[test]
fn what_a_template_may_ask_of_a_distribution() {
    let read = |from: &str, to: &str| {
        assert!(TEMPLATE.contains(from), "{from}");
        Template::parse(&TEMPLATE.replace(from, to))
    };
    assert!(read("", "").unwrap().notices.is_empty());
    let distribution = read("", "").unwrap().distribution.unwrap();
    assert_eq!(distribution.behaviors.len(), 3);

    let elsewhere = read("!GetAtt Files.RegionalDomainName", "files.example.com");
    let problem = elsewhere.unwrap_err().to_string();
    assert!(
        problem.contains("Files.Type: the emulator does not run a AWS::S3::Bucket that no distribution serves"),
        "{problem}"
    );
    let unknown = read("Enabled: true", "Enabled: true\n        Unknown: 1").unwrap_err().to_string();
    assert!(unknown.contains("Front.Properties.DistributionConfig.Unknown"), "{unknown}");
    let noted = read("Enabled: true", "Enabled: true\n        CustomErrorResponses: []").unwrap();
    assert_eq!(noted.notices, ["CustomErrorResponses (Front)"]);
}
