//! Traces of requests, and the guard of the pages that show them.
//!
//! As in the gateway's tests, the function is this test binary again. It talks to the store as an SDK does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;
use std::sync::Arc;

use emulator::template::Template;
use emulator::traces::{Origin, Trace, TracedInvocation};
use emulator::{Capacity, Emulator, HttpLimits, Inspector, LocalAnswer, LocalPages, Options, Program};
use http_body_util::Full;
use hyper::body::Bytes;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

mod signing;

const TEMPLATE: &str = r#"
Resources:
  Writer:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: writer } }
    Properties:
      Timeout: 30
      MemorySize: 256
      Role: !GetAtt Role.Arn
      Environment: { Variables: { TABLE: !Ref Things } }
      Events:
        Write: { Type: HttpApi, Properties: { Method: POST, Path: "/things/{id}" } }
  Follower:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: follower } }
    Properties:
      Timeout: 30
      Role: !GetAtt Role.Arn
      Environment: { Variables: { TABLE: !Ref Things } }
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Things.StreamArn
            StartingPosition: TRIM_HORIZON
            MaximumRetryAttempts: 0
            DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } }
            FilterCriteria: { Filters: [{ Pattern: '{"dynamodb": {"Keys": {"sk": {"S": ["thing"]}}}}' }] }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ["dynamodb:*", "sqs:SendMessage"]
                Resource: "*"
  Lost:
    Type: AWS::SQS::Queue
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: sk, KeyType: RANGE }]
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
"#;

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(act)));
}

/// The writer gets, puts and reads a thing of its id, and puts it once more under a condition that fails. The follower
/// counts what it sees, and fails with a thing whose id begins with `bad`, until the count of the thing `mended` is
/// there.
async fn act(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let table = std::env::var("TABLE")?;
    let event = event.payload;
    if let Some(records) = event["Records"].as_array() {
        for record in records {
            let id = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap_or_default();
            if id.starts_with("bad") {
                let key = json!({"pk": {"S": "mended"}, "sk": {"S": "seen"}});
                let mended = call("GetItem", &json!({"TableName": table, "Key": key})).await;
                if !mended.contains("Item") {
                    return Err("as asked".into());
                }
            }
            let seen = json!({"TableName": table, "Item": {"pk": {"S": id}, "sk": {"S": "seen"}}});
            call("PutItem", &seen).await;
        }
        return Ok(json!({"batchItemFailures": []}));
    }
    let id = event["pathParameters"]["id"].as_str().unwrap_or_default();
    println!("writing {id}");
    eprintln!("with the token eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl");
    let key = json!({"pk": {"S": id}, "sk": {"S": "thing"}});
    call("GetItem", &json!({"TableName": table, "Key": key, "ConsistentRead": true})).await;
    call("PutItem", &json!({"TableName": table, "Item": key})).await;
    let query = json!({
        "TableName": table,
        "KeyConditionExpression": "#p = :p AND begins_with(sk, :s)",
        "ExpressionAttributeNames": {"#p": "pk"},
        "ExpressionAttributeValues": {":p": {"S": id}, ":s": {"S": "th"}},
    });
    call("Query", &query).await;
    let again = json!({"TableName": table, "Item": key, "ConditionExpression": "attribute_not_exists(pk)"});
    call("PutItem", &again).await;
    let body = json!({"id": id, "access_token": "secret-of-the-answer"}).to_string();
    Ok(json!({"statusCode": 201, "headers": {"content-type": "application/json"}, "body": body}))
}

/// A call to the store, signed with the credentials of the environment as an SDK signs it.
async fn call(operation: &str, body: &Value) -> String {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let (address, body) = (variable("AWS_ENDPOINT_URL_DYNAMODB").replace("http://", ""), body.to_string());
    let (key, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
    let token = variable("AWS_SESSION_TOKEN");
    let request = signing::call(&address, operation, &body, (&key, &secret, Some(&token)));
    exchange(&address, request.as_bytes()).await
}

/// Sends bytes, and reads the answer to its end.
async fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// Pages that answer with their path.
#[derive(Debug)]
struct Echo;

impl LocalPages for Echo {
    fn takes(&self, path: &str) -> bool {
        path == "/_local" || path.starts_with("/_local/")
    }

    fn answer(&self, request: hyper::Request<Bytes>, inspector: Inspector) -> LocalAnswer {
        Box::pin(async move {
            if request.uri().path() == "/_local/wait" {
                inspector.newer_than(u64::MAX).await;
            }
            hyper::Response::new(Full::new(Bytes::from(request.uri().path().to_owned())))
        })
    }
}

async fn start() -> Emulator {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    Emulator::start(Options {
        port: 0,
        data: None,
        template: Template::parse(TEMPLATE).unwrap(),
        objects: BTreeMap::new(),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        faults: None,
        clock: None,
        http: HttpLimits::default(),
        log_level: "warn".to_owned(),
        local: Some(Arc::new(Echo)),
    })
    .await
    .unwrap()
}

fn address(emulator: &Emulator) -> &str {
    emulator.base_url.strip_prefix("http://").unwrap()
}

async fn post(emulator: &Emulator, id: &str, body: &str) -> String {
    let address = address(emulator);
    let request = format!(
        "POST /things/{id}?access_token=secret-of-the-query HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         authorization: Bearer secret-of-the-header\r\ncookie: secret-of-the-cookie\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    exchange(address, request.as_bytes()).await
}

fn traces(emulator: &Emulator) -> Vec<Trace> {
    emulator.inspector().traces_since(0).0
}

/// The traces, once each request's line of the log has arrived. A line that comes after its answer belongs to the next
/// request of the process.
async fn when_written(emulator: &Emulator) -> Vec<Trace> {
    for _ in 0..500 {
        let traces = traces(emulator);
        let requests = requests(&traces);
        if requests.keys().all(|id| is_written(&requests, id)) {
            return traces;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    traces(emulator)
}

fn is_written(requests: &BTreeMap<String, &Trace>, id: &str) -> bool {
    let mut lines = requests.values().flat_map(|trace| &trace.invocations).flat_map(|invocation| &invocation.logs);
    lines.any(|line| *line == format!("writing {id}"))
}

/// The traces of requests, by the thing that each is about.
fn requests(traces: &[Trace]) -> BTreeMap<String, &Trace> {
    let about = |trace: &Trace| match &trace.origin {
        Origin::Request(request) => {
            let path = request.target.split('?').next().unwrap_or_default();
            path.strip_prefix("/things/").map(str::to_owned)
        }
        _ => None,
    };
    traces.iter().filter_map(|trace| Some((about(trace)?, trace))).collect()
}

fn keys_of(invocation: &TracedInvocation) -> Vec<(&str, &str)> {
    let named = invocation.calls.iter().flat_map(|call| call.keys.iter().map(move |key| (&*call.operation, key)));
    named.map(|(operation, key)| (operation, key.partition.as_deref().unwrap_or_default())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_store_call_belongs_to_its_request_under_eight_callers() {
    let emulator = start().await;
    let callers = (0..8).map(|caller| {
        let emulator = &emulator;
        async move {
            for turn in 0..6 {
                let answer = post(emulator, &format!("{caller}-{turn}"), "{}").await;
                assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
            }
        }
    });
    futures_of(callers).await;
    let traces = when_written(&emulator).await;
    let requests = requests(&traces);
    assert_eq!(requests.len(), 48);
    let mut cold = 0;
    for (id, trace) in &requests {
        assert_eq!(trace.outcome.as_deref(), Some("201"));
        let [invocation] = trace.invocations.as_slice() else { panic!("{trace:#?}") };
        let expected = [("GetItem", &**id), ("PutItem", &**id), ("Query", &**id), ("PutItem", &**id)];
        assert_eq!(keys_of(invocation), expected, "{id}");
        let units: Vec<_> = invocation.calls.iter().map(|call| (call.read_units, call.write_units)).collect();
        assert_eq!(units, [(1.0, 0.0), (0.0, 1.0), (0.5, 0.0), (0.0, 0.0)], "{id}");
        let failed: Vec<bool> = invocation.calls.iter().map(|call| call.condition_failed).collect();
        assert_eq!(failed, [false, false, false, true], "{id}");
        assert_eq!(invocation.calls[2].keys[0].sort.as_deref(), Some("begins_with(sk, th)"));
        assert!(is_written(&requests, id), "{id}: {:?}", invocation.logs);
        assert_eq!((invocation.function.as_str(), invocation.memory_mb), ("Writer", 256));
        assert!(invocation.max_memory_mb.is_some_and(|megabytes| megabytes > 0));
        let billed_ms = invocation.duration_ms.unwrap() + invocation.init_ms.unwrap_or_default();
        assert_eq!(invocation.billed_ms, Some(billed_ms.ceil() as u64));
        cold += usize::from(invocation.init_ms.is_some());
        for call in &invocation.calls {
            assert!(call.start_ms >= invocation.start_ms && call.duration_ms >= 0.0, "{call:?}");
            assert!(call.start_ms + call.duration_ms <= trace.duration_ms.unwrap(), "{call:?}");
        }
    }
    let environments: std::collections::BTreeSet<_> =
        requests.values().map(|trace| trace.invocations[0].environment).collect();
    assert_eq!(cold, environments.len(), "each process started cold once");
    emulator.shutdown().await.unwrap();
}

/// Waits for all.
async fn futures_of(futures: impl IntoIterator<Item = impl Future<Output = ()>>) {
    let mut open: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        open.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if open.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_linked_with_the_requests_that_wrote_its_records() {
    let emulator = start().await;
    post(&emulator, "one", "{}").await;
    post(&emulator, "two", "{}").await;
    emulator.caught_up().await.unwrap();
    let traces = traces(&emulator);
    let requests = requests(&traces);
    for (id, request) in &requests {
        let batches: Vec<_> = traces.iter().filter(|trace| request.followed_by.contains(&trace.id)).collect();
        let [batch] = batches.as_slice() else { panic!("{id}: {traces:#?}") };
        assert!(batch.follows.contains(&request.id));
        assert_eq!(batch.outcome.as_deref(), Some("done"));
        let Origin::Batch { mapping, table, records, record_count } = &batch.origin else { panic!("{batch:?}") };
        assert_eq!((mapping.as_str(), table.as_str(), *record_count), ("Follower.Changes", "Things", records.len()));
        let record = records.iter().find(|record| record.partition.as_deref() == Some(&**id)).unwrap();
        assert_eq!((record.event.as_str(), record.written_by), ("INSERT", Some(request.id)));
        let of_item: Vec<_> = keys_of(&batch.invocations[0]).into_iter().filter(|(_, key)| key == id).collect();
        assert_eq!(of_item, [("PutItem", &**id)]);
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_enters_a_trace() {
    let emulator = start().await;
    let body = r#"{"email": "mina@example.com", "password": "secret-of-the-body"}"#;
    let answer = post(&emulator, "one", body).await;
    assert!(answer.contains("secret-of-the-answer"), "the answer itself is as it was: {answer}");
    let traces = traces(&emulator);
    let shown = serde_json::to_string(&traces).unwrap() + &format!("{traces:?}");
    let event = emulator.inspector().sample_event(requests(&traces)["one"]).unwrap();
    let event = String::from_utf8(event.to_vec()).unwrap();
    for secret in ["secret-of", "eyJhbGciOiJFUzI1NiJ9"] {
        assert!(!shown.contains(secret), "{shown}");
        assert!(!event.contains(secret), "{event}");
    }
    assert!(shown.contains("mina@example.com"));

    // The event has the format of API Gateway, and the rest of the request.
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["routeKey"], "POST /things/{id}");
    assert_eq!(event["pathParameters"], json!({"id": "one"}));
    assert_eq!(event["headers"]["authorization"], "[redacted]");
    let body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    assert_eq!(body, json!({"email": "mina@example.com", "password": "[redacted]"}));
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_goes_away_once_its_records_are_delivered() {
    let emulator = start().await;
    let inspector = emulator.inspector();
    post(&emulator, "bad", "{}").await;
    emulator.caught_up().await.unwrap();
    let letters = inspector.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(inspector.replay(&letters[0].id).await.unwrap(), ("failed".to_owned(), false));
    assert_eq!(inspector.dead_letters().len(), 1);
    post(&emulator, "mended", "{}").await;
    emulator.caught_up().await.unwrap();
    assert_eq!(inspector.replay(&letters[0].id).await.unwrap(), ("done".to_owned(), true));
    assert!(inspector.dead_letters().is_empty());
    assert!(inspector.replay(&letters[0].id).await.is_err());
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn items_streams_roles_and_functions_can_be_looked_at() {
    use emulator::inspector::ItemsWanted;
    let emulator = start().await;
    let inspector = emulator.inspector();
    for id in ["a", "b", "c"] {
        post(&emulator, id, "{}").await;
    }
    emulator.caught_up().await.unwrap();
    let page = inspector.items("Things", ItemsWanted { limit: 4, ..ItemsWanted::default() }).await.unwrap();
    let start = page.next.clone();
    let rest = inspector.items("Things", ItemsWanted { limit: 4, start, ..ItemsWanted::default() }).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len()), (4, 2));
    let wanted = |partition: &str, sort_prefix: &str| ItemsWanted {
        partition: Some(partition.to_owned()),
        sort_prefix: Some(sort_prefix.to_owned()),
        start: None,
        limit: 10,
    };
    let of_a = inspector.items("Things", wanted("a", "")).await.unwrap();
    assert_eq!(of_a.items.len(), 2);
    let seen = inspector.items("Things", wanted("a", "se")).await.unwrap();
    assert_eq!(seen.items, [json!({"pk": {"S": "a"}, "sk": {"S": "seen"}})]);
    assert!(inspector.items("Nothing", ItemsWanted::default()).await.is_err());

    // The follower's own writes are behind the first look: they are filtered out, and must be read all the same.
    emulator.caught_up().await.unwrap();
    let streams = inspector.streams().await.unwrap();
    let stream = &streams[0];
    assert_eq!((stream.mapping.as_str(), stream.function.as_str(), stream.behind), ("Follower.Changes", "Follower", 0));
    let grants = inspector.grants();
    assert!(grants.iter().any(|grant| grant.function == "Writer" && grant.action == "dynamodb:*" && grant.used));
    let writer = inspector.functions().into_iter().find(|function| function.function == "Writer").unwrap();
    assert_eq!((writer.routes, writer.environments, writer.waiting), (vec!["POST /things/{id}".to_owned()], 1, 0));
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn local_pages_answer_to_this_machine_and_to_themselves_alone() {
    let emulator = start().await;
    let address = address(&emulator).to_owned();
    let port = address.rsplit_once(':').unwrap().1;
    let status = |headers: String| {
        let address = address.clone();
        async move {
            let request = format!("GET /_local/x HTTP/1.1\r\nconnection: close\r\n{headers}\r\n");
            let answer = exchange(&address, request.as_bytes()).await;
            answer.split(' ').nth(1).unwrap().to_owned()
        }
    };
    assert_eq!(status(format!("host: {address}\r\n")).await, "200");
    assert_eq!(status(format!("host: localhost:{port}\r\n")).await, "200");
    assert_eq!(status(format!("host: {address}\r\norigin: http://{address}\r\n")).await, "200");
    assert_eq!(status(format!("host: {address}\r\nsec-fetch-site: none\r\n")).await, "200");
    assert_eq!(status(format!("host: rebound.example:{port}\r\n")).await, "403");
    assert_eq!(status("host: 127.0.0.1:1\r\n".to_owned()).await, "403");
    assert_eq!(status(format!("host: {address}\r\norigin: https://elsewhere.example\r\n")).await, "403");
    assert_eq!(status(format!("host: {address}\r\nsec-fetch-site: cross-site\r\n")).await, "403");

    // A page that waits for news does not hold up the end.
    let waiting = tokio::spawn({
        let address = address.clone();
        async move {
            let request = format!("GET /_local/wait HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
            exchange(&address, request.as_bytes()).await
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let began = std::time::Instant::now();
    emulator.shutdown().await.unwrap();
    assert!(began.elapsed() < std::time::Duration::from_secs(3));
    assert!(waiting.await.unwrap().ends_with("/_local/wait"));
}
