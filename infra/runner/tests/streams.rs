//! What a function may do with a stream, and what becomes of the records: each is taken, or given up and told.
//!
//! The function is this test binary again, as in the fault tests. It does with each record as the record's item
//! says, and writes down what it was sent in a file, and in another how many records came at once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lambda_runtime::{LambdaEvent, service_fn};
use pairwork::{LocalMarket, Options, Program};
use serde_json::{Value, json};

/// `SETTINGS` and `DIARY` are filled in.
const TEMPLATE: &str = r#"
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
  Lost: { Type: AWS::SQS::Queue, Properties: { SqsManagedSseEnabled: true } }
  Follow:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: follow } }
    Properties:
      Timeout: 5
      Environment: { Variables: { DIARY: "DIARY_PATH" } }
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Things.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 10
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } }
            SETTINGS
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

/// Takes records in order. One whose item says `fail` is named as failed, `poison` fails the event, `name` fails it
/// as the first and otherwise is named, `crash` ends the process the first time. What an item says behind `take` is
/// written down behind its key.
async fn act(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let diary = std::env::var("DIARY")?;
    let append = |file: &str, line: &Value| {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    };
    let note = |line: &Value| append(&diary, line);
    let records = event.payload["Records"].as_array().unwrap();
    append(&format!("{diary}.batches"), &json!(records.len()));
    for record in records {
        let key = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap_or_default();
        let sequence_number = &record["dynamodb"]["SequenceNumber"];
        match record["dynamodb"]["NewImage"]["what"]["S"].as_str() {
            Some("fail") => return Ok(json!({"batchItemFailures": [{"itemIdentifier": sequence_number}]})),
            Some("name") if record != &records[0] => {
                return Ok(json!({"batchItemFailures": [{"itemIdentifier": sequence_number}]}));
            }
            Some("poison" | "name") => return Err("as asked".into()),
            Some("crash") if !Path::new(&format!("{diary}.crashed")).exists() => {
                std::fs::write(format!("{diary}.crashed"), "").unwrap();
                std::process::exit(7);
            }
            Some("show") => note(record),
            what => {
                let more = what.and_then(|what| what.strip_prefix("take")).unwrap_or_default();
                note(&json!(format!("{key}{more}")));
            }
        }
    }
    Ok(json!({"batchItemFailures": []}))
}

/// A market with the function, and its diary.
struct Fixture {
    market: LocalMarket,
    diary: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

impl Fixture {
    async fn start(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let market = Self::open(settings, folder.path(), None).await;
        Self { market, diary: folder.path().join("diary"), _folder: Some(folder) }
    }

    async fn open(settings: &str, folder: &Path, data: Option<PathBuf>) -> LocalMarket {
        let settings = settings.trim().replace('\n', "\n            ");
        let diary = folder.join("diary");
        let template = TEMPLATE.replace("SETTINGS", &settings).replace("DIARY_PATH", diary.to_str().unwrap());
        let program = std::env::current_exe().unwrap();
        let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
        let program = Program::Command(program, arguments);
        LocalMarket::start(Options { template, program, data, ..Options::default() }).await.unwrap()
    }

    fn put(&self, key: &str, what: &str) {
        put(&self.market, key, what);
    }

    fn seen(&self) -> Vec<String> {
        seen(&self.diary)
    }

    /// How many records each event had, in the order in which they came.
    fn batches(&self) -> Vec<usize> {
        let text = std::fs::read_to_string(format!("{}.batches", self.diary.display())).unwrap_or_default();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }
}

/// Every key in a diary, in the order of writing.
fn seen(diary: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(diary).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str::<String>(line).unwrap()).collect()
}

fn put(market: &LocalMarket, key: &str, what: &str) {
    let table = market.table("Things").unwrap();
    let item = json!({"TableName": table, "Item": {"pk": {"S": key}, "what": {"S": what}}});
    market.call_dynamodb("PutItem", item.to_string().as_bytes()).unwrap();
}

fn keys(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number:02}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_arrive_in_order_and_once_where_nothing_fails() {
    let fixture = Fixture::start("").await;
    let keys = keys("k", 25);
    for key in &keys {
        fixture.put(key, "take");
    }
    fixture.market.caught_up().await.unwrap();
    assert_eq!(fixture.seen(), keys);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_what_lambda_sends() {
    let fixture = Fixture::start("").await;
    fixture.put("first", "take");
    fixture.put("first", "show");
    fixture.market.caught_up().await.unwrap();
    let text = std::fs::read_to_string(&fixture.diary).unwrap();
    let mut record: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let stream = "arn:aws:dynamodb:us-east-1:000000000000:table/pairwork-Things/stream/2026-01-01T00:00:00.000";
    for (pointer, is) in [
        ("/eventID", Value::is_string as fn(&Value) -> bool),
        ("/dynamodb/SequenceNumber", Value::is_string),
        ("/dynamodb/SizeBytes", Value::is_u64),
        ("/dynamodb/ApproximateCreationDateTime", Value::is_u64),
    ] {
        let value = record.pointer_mut(pointer).unwrap().take();
        assert!(is(&value), "{pointer}: {value}");
    }
    let expected = json!({
        "eventID": null, "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": stream,
        "dynamodb": {
            "ApproximateCreationDateTime": null, "SequenceNumber": null, "SizeBytes": null,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "Keys": {"pk": {"S": "first"}},
            "NewImage": {"pk": {"S": "first"}, "what": {"S": "show"}},
            "OldImage": {"pk": {"S": "first"}, "what": {"S": "take"}},
        },
    });
    assert_eq!(record, expected);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_sent_again_from_there_and_given_up_alone() {
    let fixture = Fixture::start("MaximumRetryAttempts: 1\nBisectBatchOnFunctionError: true").await;
    for key in keys("a", 4) {
        fixture.put(&key, "take");
    }
    fixture.put("bad", "name");
    for key in keys("b", 4) {
        fixture.put(&key, "take");
    }
    fixture.market.caught_up().await.unwrap();
    assert_eq!(fixture.seen(), [keys("a", 4), keys("b", 4)].concat());
    let letters = fixture.market.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].queue, "Lost");
    assert_eq!(letters[0].records.len(), 1);
    assert_eq!(letters[0].records[0]["dynamodb"]["Keys"], json!({"pk": {"S": "bad"}}));
    assert_eq!(letters[0].message["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(letters[0].message["requestContext"]["approximateInvokeCount"], 2);
    assert_eq!(letters[0].message["DDBStreamBatchInfo"]["batchSize"], 1);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_record_is_found_by_halving_and_the_rest_goes_through() {
    let fixture = Fixture::start("MaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true").await;
    for (place, key) in keys("k", 10).iter().enumerate() {
        fixture.put(key, if place == 6 { "poison" } else { "take" });
    }
    fixture.market.caught_up().await.unwrap();
    let mut seen = fixture.seen();
    seen.dedup();
    for key in keys("k", 10).iter().filter(|key| *key != "k06") {
        assert!(seen.contains(key), "{key} is missing in {seen:?}");
    }
    let letters = fixture.market.dead_letters();
    let lost: Vec<_> = letters.iter().flat_map(|letter| &letter.records).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0]["dynamodb"]["Keys"]["pk"]["S"], "k06");
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_function_names_as_failed_is_cut_there_and_never_halved() {
    let settings = "MaximumRetryAttempts: 1\nBisectBatchOnFunctionError: true\nMaximumBatchingWindowInSeconds: 2";
    let fixture = Fixture::start(settings).await;
    for (place, key) in keys("k", 5).iter().enumerate() {
        fixture.put(key, if place == 1 { "fail" } else { "take" });
    }
    fixture.market.caught_up().await.unwrap();
    assert_eq!(fixture.seen(), ["k00"]);
    assert_eq!(fixture.batches(), [5, 4, 4], "cut once, then sent whole as often as it may be");
    let letters = fixture.market.dead_letters();
    assert_eq!(letters.iter().map(|letter| letter.records.len()).collect::<Vec<_>>(), [4]);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_halving_the_whole_batch_is_given_up() {
    let fixture = Fixture::start("MaximumRetryAttempts: 1\nMaximumBatchingWindowInSeconds: 1").await;
    for (place, key) in keys("k", 4).iter().enumerate() {
        fixture.put(key, if place == 3 { "poison" } else { "take" });
    }
    fixture.market.caught_up().await.unwrap();
    let letters = fixture.market.dead_letters();
    assert_eq!(letters.iter().map(|letter| letter.records.len()).sum::<usize>(), 4);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_of_a_batch_loses_nothing() {
    let fixture = Fixture::start("").await;
    for (place, key) in keys("k", 8).iter().enumerate() {
        fixture.put(key, if place == 4 { "crash" } else { "take" });
    }
    fixture.market.caught_up().await.unwrap();
    let seen = fixture.seen();
    for key in keys("k", 8) {
        assert!(seen.contains(&key), "{key} is missing in {seen:?}");
    }
    assert_eq!(fixture.market.dead_letters(), []);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_gathers_what_comes_in_it() {
    // Long beside the time that a busy machine needs for the second item.
    let fixture = Fixture::start("MaximumBatchingWindowInSeconds: 3").await;
    let started = Instant::now();
    fixture.put("one", "take");
    // The stream is read in between.
    tokio::time::sleep(Duration::from_millis(300)).await;
    fixture.put("two", "take");
    fixture.market.caught_up().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(3));
    assert_eq!(fixture.seen(), ["one", "two"]);
    assert_eq!(fixture.batches(), [2]);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_a_filter_takes_is_sent() {
    let pattern = r#"'{"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "yes"}]}}}}'"#;
    let fixture = Fixture::start(&format!("FilterCriteria: {{ Filters: [{{ Pattern: {pattern} }}] }}")).await;
    for key in ["yes-1", "no-1", "yes-2", "no-2"] {
        fixture.put(key, "take");
    }
    fixture.market.caught_up().await.unwrap();
    assert_eq!(fixture.seen(), ["yes-1", "yes-2"]);
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_keep_the_order_of_each_item() {
    // In the window all changes come together, ten for each lane: those of one item would be in several if they could.
    let fixture = Fixture::start("ParallelizationFactor: 4\nMaximumBatchingWindowInSeconds: 2").await;
    let (keys, times) = (keys("k", 5), 8);
    for time in 0..times {
        for key in &keys {
            fixture.put(key, &format!("take {time}"));
        }
    }
    fixture.market.caught_up().await.unwrap();
    let seen = fixture.seen();
    assert_eq!(seen.len(), keys.len() * times);
    for key in &keys {
        let of_key: Vec<&String> = seen.iter().filter(|seen| seen.starts_with(key)).collect();
        let written: Vec<String> = (0..times).map(|time| format!("{key} {time}")).collect();
        assert_eq!(of_key, written.iter().collect::<Vec<_>>());
    }
    fixture.market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_runner_goes_on_where_it_was_and_keeps_its_letters() {
    let folder = tempfile::tempdir().unwrap();
    let (data, diary) = (folder.path().join("data"), folder.path().join("diary"));
    let settings = "MaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true";
    let market = Fixture::open(settings, folder.path(), Some(data.clone())).await;
    put(&market, "before", "take");
    put(&market, "bad", "poison");
    market.caught_up().await.unwrap();
    // Nobody waits for this one: whichever runner takes it, it is taken.
    put(&market, "between", "take");
    market.shutdown().await.unwrap();

    let market = Fixture::open(settings, folder.path(), Some(data)).await;
    put(&market, "after", "take");
    market.caught_up().await.unwrap();
    assert_eq!(market.dead_letters().len(), 1);
    market.shutdown().await.unwrap();
    let mut seen = seen(&diary);
    seen.dedup();
    assert_eq!(seen, ["before", "between", "after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_read_the_stream_is_refused_at_the_start() {
    let role = r#"
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Lost.Arn }]
"#;
    let template = TEMPLATE.replace("SETTINGS", "BatchSize: 1").replace("            BatchSize: 10\n", "");
    let template = template.replace("      Timeout: 5\n", "      Role: !GetAtt Role.Arn\n") + role;
    let problem = LocalMarket::start(Options { template, ..Options::default() }).await.unwrap_err().to_string();
    assert!(
        problem
            .starts_with("Follow.Changes: User: arn:aws:sts::000000000000:assumed-role/Role/Follow is not authorized")
            && problem.contains("dynamodb:DescribeStream"),
        "{problem}"
    );
}
