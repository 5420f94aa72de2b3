//! The clock of a run, and what happens by it: schedules, the deletion of expired items, the times of events.
//!
//! As in the gateway's tests, the function is this test binary again. It prints the event that it gets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use emulator::template::Template;
use emulator::traces::{Origin, Trace};
use emulator::{Capacity, ClockError, Emulator, HttpLimits, Options, Program};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TEMPLATE: &str = r#"
Resources:
  Printer:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: printer } }
    Properties:
      Timeout: 30
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } } }
      Policies: [DynamoDBStreamReadPolicy: { TableName: !Ref Things, StreamName: "*" }]
      Events:
        Get: { Type: HttpApi, Properties: { Method: GET, Path: /things } }
        Noon: { Type: Schedule, Properties: { Schedule: "cron(0 12 * * ? *)" } }
        Tick: { Type: Schedule, Properties: { Schedule: rate(1 minute) } }
        Off: { Type: Schedule, Properties: { Schedule: rate(1 minute), Enabled: false } }
        Fails: { Type: ScheduleV2, Properties: { ScheduleExpression: "at(2026-12-20T00:00:00)", Input: '"fail"' } }
        Changes: { Type: DynamoDB, Properties: { Stream: !GetAtt Things.StreamArn, StartingPosition: TRIM_HORIZON } }
  Lost: { Type: AWS::SQS::Queue }
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }
      StreamSpecification: { StreamViewType: KEYS_ONLY }
"#;

/// How long a test waits for something that happens at once on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let print = |event: LambdaEvent<Value>| async move {
        println!("event {}", event.payload);
        if event.payload == "fail" { Err("as asked".into()) } else { Ok::<_, lambda_runtime::Error>(json!({})) }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(print)));
}

async fn start_in(data: Option<&Path>, clock: Option<Timestamp>) -> anyhow::Result<Emulator> {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    let options = Options {
        faults: None,
        clock,
        port: 0,
        data: data.map(Path::to_owned),
        template: Template::parse(TEMPLATE).unwrap(),
        objects: BTreeMap::new(),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        http: HttpLimits::default(),
        log_level: "off".to_owned(),
        local: None,
    };
    Emulator::start(options).await
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn start() -> Emulator {
    start_in(None, Some(at("2026-12-01T09:00:00Z"))).await.unwrap()
}

/// The ended traces of schedules that are wanted, once there are so many; oldest first.
async fn fired(emulator: &Emulator, count: usize, is_wanted: fn(&str) -> bool) -> Vec<Trace> {
    let fired = async {
        loop {
            let (traces, version) = emulator.inspector().traces_since(0);
            let wanted = |trace: &Trace| match &trace.origin {
                Origin::Schedule { schedule, .. } => is_wanted(schedule) && trace.outcome.is_some(),
                _ => false,
            };
            let found: Vec<Trace> = traces.into_iter().filter(wanted).collect();
            if found.len() >= count {
                return found;
            }
            emulator.inspector().newer_than(version).await;
        }
    };
    tokio::time::timeout(PATIENCE, fired).await.unwrap()
}

/// The event that a function printed.
async fn printed(emulator: &Emulator, trace: &Trace) -> Value {
    let printed = async {
        loop {
            // A line may come after the answer.
            let trace = emulator.inspector().trace(trace.id).unwrap();
            let lines = trace.invocations.first().map(|invocation| invocation.logs.clone()).unwrap_or_default();
            if let Some(event) = lines.iter().find_map(|line| line.strip_prefix("event ")) {
                return serde_json::from_str(event).unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, printed).await.unwrap()
}

fn schedule_of(trace: &Trace) -> (&str, String) {
    match &trace.origin {
        Origin::Schedule { schedule, time, .. } => (schedule, time.to_string()),
        other => panic!("no schedule: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_weeks_at_once_fire_each_schedule_once_in_order() {
    let emulator = start().await;
    emulator.clock().advance_to(at("2026-12-15T09:00:30Z")).unwrap();
    let traces = fired(&emulator, 2, |_| true).await;
    let [first, second] = traces.as_slice() else { panic!("{} schedules fired", traces.len()) };
    // The rate became due a minute after the start, and the rule of noon three hours after it.
    assert_eq!(schedule_of(first).0, "Printer.Tick");
    assert_eq!(schedule_of(second), ("Printer.Noon", "2026-12-14T12:00:00Z".to_owned()));
    let event = printed(&emulator, second).await;
    let expected = json!({
        "version": "0",
        "id": event["id"],
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": event["account"],
        "time": "2026-12-14T12:00:00Z",
        "region": event["region"],
        "resources": [event["resources"][0]],
        "detail": {},
    });
    assert_eq!(event, expected);
    let resource = event["resources"][0].as_str().unwrap();
    assert!(resource.starts_with("arn:aws:events:") && resource.ends_with(":rule/pairwork-PrinterNoon"), "{resource}");
    assert_eq!(event["id"].as_str().unwrap().len(), 36);

    emulator.clock().advance_to(at("2026-12-15T09:02:30Z")).unwrap();
    let ticks = fired(&emulator, 2, |schedule| schedule == "Printer.Tick").await;
    let [.., last] = ticks.as_slice() else { panic!("no tick") };
    assert!(printed(&emulator, last).await["time"].as_str().unwrap() > "2026-12-15T09:01");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_fails_is_sent_three_times_with_lambdas_waits() {
    let emulator = start().await;
    let fails = |schedule: &str| schedule == "Printer.Fails";
    emulator.clock().advance_to(at("2026-12-20T00:00:00Z")).unwrap();
    fired(&emulator, 1, fails).await;
    // The first retry is due after a minute, the second after two more.
    for (count, minutes) in [(2, 1), (3, 2), (3, 60)] {
        let mut reached = Vec::new();
        while reached.len() < count {
            // The wait begins when the attempt has ended, so the clock may have to move twice.
            let now = emulator.clock().now();
            emulator.clock().advance_to(now + SignedDuration::from_mins(minutes)).unwrap();
            let found = tokio::time::timeout(Duration::from_secs(5), fired(&emulator, count, fails)).await;
            reached = found.unwrap_or_default();
        }
        let outcomes: Vec<_> = reached.iter().map(|trace| trace.outcome.as_deref()).collect();
        assert_eq!(outcomes, vec![Some("failed"); count]);
    }
    let ids = |trace: &Trace| trace.invocations.first().map(|invocation| invocation.request_id.clone());
    let attempts = fired(&emulator, 3, fails).await;
    assert_eq!(ids(&attempts[0]), ids(&attempts[2]), "all attempts have one request id");

    let letters = async {
        loop {
            let letters = emulator.inspector().dead_letters();
            if !letters.is_empty() {
                return letters;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let letters = tokio::time::timeout(PATIENCE, letters).await.unwrap();
    let [letter] = letters.as_slice() else { panic!("{} letters", letters.len()) };
    let context = &letter.letter.message["requestContext"];
    assert_eq!((&context["condition"], &context["approximateInvokeCount"]), (&json!("RetriesExhausted"), &json!(3)));
    assert_eq!(letter.letter.message["requestPayload"], "fail");
    assert_eq!(letter.letter.queue, "Lost");
    let (outcome, is_gone) = emulator.inspector().replay(&letter.id).await.unwrap();
    assert_eq!((outcome.as_str(), is_gone), ("failed", false));
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_items_go_and_records_carry_the_time_of_the_clock() {
    let emulator = start().await;
    let expires_at = at("2026-12-08T00:00:00Z").as_second().to_string();
    for (pk, expires_at) in [("soon", expires_at.as_str()), ("late", "1900000000")] {
        let item = json!({"pk": {"S": pk}, "expires_at": {"N": expires_at}});
        emulator.call_dynamodb("PutItem", json!({"TableName": "things", "Item": item}).to_string().as_bytes()).unwrap();
    }
    emulator.clock().advance_to(at("2026-12-15T00:00:00Z")).unwrap();
    let left = async {
        loop {
            let scanned = emulator.call_dynamodb("Scan", br#"{"TableName": "things"}"#).unwrap();
            let scanned: Value = serde_json::from_slice(&scanned).unwrap();
            if scanned["Count"] == 1 {
                return scanned["Items"][0]["pk"]["S"].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, left).await.unwrap(), "late");

    tokio::time::timeout(PATIENCE, emulator.caught_up()).await.unwrap().unwrap();
    let (traces, _) = emulator.inspector().traces_since(0);
    let mut times = Vec::new();
    for trace in traces.iter().filter(|trace| matches!(trace.origin, Origin::Batch { .. })) {
        for record in printed(&emulator, trace).await["Records"].as_array().unwrap() {
            let second = record["dynamodb"]["ApproximateCreationDateTime"].as_i64().unwrap();
            times.push((record["eventName"].as_str().unwrap().to_owned(), Timestamp::from_second(second).unwrap()));
        }
    }
    let near = |time: Timestamp, start: &str| (0..120).contains(&time.duration_since(at(start)).as_secs());
    assert_eq!(times.len(), 3, "{times:?}");
    for (name, time) in times {
        let start = if name == "REMOVE" { "2026-12-15T00:00:00Z" } else { "2026-12-01T09:00:00Z" };
        assert!(near(time, start), "{name} at {time}");
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_the_time_of_the_clock() {
    let emulator = start().await;
    let mut stream = TcpStream::connect(emulator.base_url.strip_prefix("http://").unwrap()).await.unwrap();
    let host = emulator.base_url.strip_prefix("http://").unwrap();
    let request = format!("GET /things HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
    let (traces, _) = emulator.inspector().traces_since(0);
    let request = traces.iter().find(|trace| matches!(trace.origin, Origin::Request(_))).unwrap();
    let event = printed(&emulator, request).await;
    let time = Timestamp::from_millisecond(event["requestContext"]["timeEpoch"].as_i64().unwrap()).unwrap();
    assert!((0..120).contains(&time.duration_since(at("2026-12-01T09:00:00Z")).as_secs()), "{time}");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_on_the_same_data_goes_on_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start_in(Some(folder.path()), Some(at("2090-01-01T00:00:00Z"))).await.unwrap();
    emulator.clock().advance_to(at("2090-06-01T00:00:00Z")).unwrap();
    assert!(emulator.environment().contains_key("CLOCK_OFFSET_FILE"));
    emulator.shutdown().await.unwrap();

    let emulator = start_in(Some(folder.path()), None).await.unwrap();
    assert!(emulator.clock().now() >= at("2090-06-01T00:00:00Z"));
    let refused = emulator.clock().advance_to(at("2091-01-01T00:00:00Z"));
    assert!(matches!(refused, Err(ClockError::Fixed)));
    emulator.shutdown().await.unwrap();

    let other = tempfile::tempdir().unwrap();
    start_in(Some(other.path()), None).await.unwrap().shutdown().await.unwrap();
    let problem = start_in(Some(other.path()), Some(at("2020-01-01T00:00:00Z"))).await.unwrap_err().to_string();
    assert!(problem.ends_with("so --clock must not be earlier"), "{problem}");
}
