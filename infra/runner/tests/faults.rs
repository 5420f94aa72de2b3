//! What functions may do wrong, and what it costs: the one request.
//!
//! The function is this test binary again: started with the filter `the_function`, it runs that "test", which then
//! finds a Runtime API in its environment and polls it. It does as the event's query says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lambda_runtime::{LambdaEvent, service_fn};
use pairwork::{Capacity, LocalMarket, Options, Program};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const TEMPLATE: &str = r#"
Resources:
  Fixture:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: fixture } }
    Properties:
      Timeout: 2
      MemorySize: 256
      Events:
        Do: { Type: HttpApi, Properties: { Method: ANY, Path: /do } }
        Brief: { Type: HttpApi, Properties: { Method: GET, Path: /brief, TimeoutInMillis: 300 } }
  Patient:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: patient } }
    Properties:
      Timeout: 30
      Events:
        Do: { Type: HttpApi, Properties: { Method: ANY, Path: /patient } }
  Unstartable:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: unstartable } }
    Properties:
      Environment: { Variables: { FAIL_AT_START: "yes" } }
      Events:
        Never: { Type: HttpApi, Properties: { Method: GET, Path: /never } }
"#;

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    if std::env::var_os("FAIL_AT_START").is_some() {
        std::process::exit(3);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(lambda_runtime::run(service_fn(act)));
}

async fn act(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let event = event.payload;
    let query = |name: &str| event["queryStringParameters"][name].as_str().unwrap_or_default().to_owned();
    let process = std::process::id();
    match query("what").as_str() {
        "panic" => panic!("as asked"),
        "error" => Err("as asked".into()),
        "exit" => std::process::exit(7),
        "hang" => std::future::pending().await,
        "spin" => loop {
            std::hint::spin_loop();
        },
        "sleep" => {
            tokio::time::sleep(Duration::from_millis(query("ms").parse()?)).await;
            Ok(json!({"process": process}))
        }
        "note" => {
            // The effect comes first, the answer later.
            let mut notes = std::fs::OpenOptions::new().create(true).append(true).open(query("file"))?;
            notes.write_all(b"x")?;
            tokio::time::sleep(Duration::from_millis(query("ms").parse()?)).await;
            Ok(json!({"process": process}))
        }
        "exit_after" => {
            std::thread::spawn(|| {
                std::thread::sleep(Duration::from_millis(50));
                std::process::exit(0);
            });
            Ok(json!({"process": process}))
        }
        "answer" => {
            let bytes: usize = query("bytes").parse()?;
            Ok(json!({"statusCode": 200, "body": "a".repeat(bytes)}))
        }
        "nonsense" => Ok(json!({"statusCode": "nonsense"})),
        "length" => Ok(json!({"length": event["body"].as_str().unwrap_or_default().len()})),
        _ => Ok(json!({"process": process, "event": event})),
    }
}

async fn start(capacity: Capacity) -> LocalMarket {
    let program = std::env::current_exe().unwrap();
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    LocalMarket::start(Options {
        template: TEMPLATE.to_owned(),
        program: Program::Command(program, arguments),
        capacity,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Status and body of `GET path`.
async fn get(market: &LocalMarket, path: &str) -> (StatusCode, Value) {
    get_at_once(market, path, 1).await.remove(0)
}

/// Status and body of each of many equal requests at once.
async fn get_at_once(market: &LocalMarket, path: &str, count: usize) -> Vec<(StatusCode, Value)> {
    let url = format!("{}{path}", market.base_url);
    let mut requests = JoinSet::new();
    for _ in 0..count {
        let request = Client::new().get(&url).send();
        requests.spawn(async {
            let response = request.await.unwrap();
            (response.status(), response.json().await.unwrap())
        });
    }
    requests.join_all().await
}

async fn process(market: &LocalMarket) -> u64 {
    let (status, body) = get(market, "/do").await;
    assert_eq!(status, 200);
    body["process"].as_u64().unwrap()
}

fn says(status: u16, message: &str) -> (StatusCode, Value) {
    (StatusCode::from_u16(status).unwrap(), json!({"message": message}))
}

/// Whether the last thread of a process has ended, be it buried or not.
fn has_ended(process: u64) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return true };
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).map_or(0, Iterator::count);
    stat.contains(") Z ") && threads <= 1
}

fn is_running(process: u64) -> bool {
    PathBuf::from(format!("/proc/{process}")).exists()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_after_the_other_is_served_by_the_same_process() {
    let market = start(Capacity::default()).await;
    let first = process(&market).await;
    for _ in 0..50 {
        assert_eq!(process(&market).await, first);
    }
    market.shutdown().await.unwrap();
    assert!(!is_running(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_or_an_error_costs_its_request_and_not_the_process() {
    let market = start(Capacity::default()).await;
    let before = process(&market).await;
    for what in ["panic", "error", "nonsense"] {
        assert_eq!(get(&market, &format!("/do?what={what}")).await, says(500, "Internal Server Error"), "{what}");
    }
    assert_eq!(process(&market).await, before);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_or_a_hang_costs_its_request_and_the_process() {
    let market = start(Capacity::default()).await;
    for what in ["exit", "hang", "spin"] {
        let before = process(&market).await;
        let started = Instant::now();
        assert_eq!(get(&market, &format!("/do?what={what}")).await, says(500, "Internal Server Error"), "{what}");
        let took = started.elapsed();
        if what != "exit" {
            assert!((Duration::from_secs(2)..Duration::from_secs(6)).contains(&took), "{what} took {took:?}");
        }
        assert_ne!(process(&market).await, before);
        assert!(!is_running(before), "{what}");
    }
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_between_requests_costs_none() {
    let market = start(Capacity::default()).await;
    for _ in 0..3 {
        let (status, body) = get(&market, "/do?what=exit_after").await;
        assert_eq!(status, 200);
        let gone = body["process"].as_u64().unwrap();
        while !has_ended(gone) {
            tokio::task::yield_now().await;
        }
        assert_ne!(process(&market).await, gone);
    }
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_does_not_start_fails_each_request() {
    let market = start(Capacity::default()).await;
    for answer in get_at_once(&market, "/never", 3).await {
        assert_eq!(answer, says(500, "Internal Server Error"));
    }
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn api_gateway_does_not_wait_longer_than_its_route_says() {
    let market = start(Capacity::default()).await;
    assert_eq!(get(&market, "/brief?what=sleep&ms=1000").await, says(503, "Service Unavailable"));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_are_taken_up_to_six_megabytes() {
    let market = start(Capacity::default()).await;
    let frame = json!({"statusCode": 200, "body": ""}).to_string().len();
    let fitting = 6 * 1024 * 1024 + 100 - frame;
    let client = Client::new();
    let url = |bytes: usize| format!("{}/patient?what=answer&bytes={bytes}", market.base_url);
    let whole = client.get(url(fitting)).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(whole.len(), fitting);
    let answer = client.get(url(fitting + 1)).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"message": "Internal Server Error"}));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_taken_up_to_lambdas_six_and_the_gateways_ten_megabytes() {
    let market = start(Capacity::default()).await;
    let send = async |megabytes: usize| {
        let response = Client::new()
            .post(format!("{}/patient?what=length", market.base_url))
            .header("content-type", "text/plain")
            .body("a".repeat(megabytes * 1024 * 1024))
            .send()
            .await
            .unwrap();
        (response.status(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(send(5).await, (StatusCode::OK, json!({"length": 5 * 1024 * 1024})));
    assert_eq!(send(7).await, says(413, "Request Entity Too Large"), "more than Lambda takes");
    assert_eq!(send(12).await, says(413, "Request Entity Too Large"), "more than API Gateway takes");
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn load_starts_processes_up_to_the_limit_and_no_process_runs_two_events() {
    let market = start(Capacity { processes: 3, ..Capacity::default() }).await;
    let mut processes: Vec<_> = Vec::new();
    for (status, body) in get_at_once(&market, "/do?what=sleep&ms=50", 12).await {
        assert_eq!(status, 200);
        processes.push(body["process"].as_u64().unwrap());
    }
    processes.sort_unstable();
    processes.dedup();
    assert!((2..=3).contains(&processes.len()), "{processes:?}");
    market.shutdown().await.unwrap();
    assert!(!processes.into_iter().any(is_running));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_throttles() {
    let market = start(Capacity { processes: 1, queue: 1, ..Capacity::default() }).await;
    process(&market).await;
    let answers = get_at_once(&market, "/do?what=sleep&ms=300", 4).await;
    let served = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(served, 2, "one runs, one waits");
    assert!(answers.into_iter().filter(|(status, _)| *status != 200).all(|it| it == says(503, "Service Unavailable")));
    market.shutdown().await.unwrap();
}

/// How often a function took the event of `what=note`.
fn notes(file: &std::path::Path) -> usize {
    std::fs::read(file).map_or(0, |notes| notes.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_refused_at_once_and_what_was_refused_has_no_effect() {
    let market = start(Capacity { processes: 2, queue: 10, ..Capacity::default() }).await;
    process(&market).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes");
    let url = format!("{}/do?what=note&ms=100&file={}", market.base_url, file.display());
    let began = Instant::now();
    let mut requests = JoinSet::new();
    for _ in 0..100 {
        let request = Client::new().get(&url).send();
        requests.spawn(async move {
            let response = request.await.unwrap();
            let retry_after = response.headers().get("retry-after").map(|after| after.to_str().unwrap().to_owned());
            (response.status().as_u16(), retry_after, began.elapsed())
        });
    }
    let answers = requests.join_all().await;
    let served = answers.iter().filter(|(status, ..)| *status == 200).count();
    let last_served = answers.iter().filter(|(status, ..)| *status == 200).map(|(.., after)| *after).max().unwrap();
    for (status, retry_after, after) in answers.iter().filter(|(status, ..)| *status != 200) {
        assert_eq!((*status, retry_after.as_deref()), (503, Some("5")));
        assert!(*after < last_served, "refused after {after:?}, while the last was served after {last_served:?}");
    }
    assert!((12..60).contains(&served), "two run and ten wait: {served} were served");
    // Long enough for all that might still run.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(notes(&file), served);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_waits_is_forgotten_when_its_caller_has_an_answer_or_is_gone() {
    let capacity = Capacity { processes: 1, patience: Duration::from_millis(200), ..Capacity::default() };
    let market = start(capacity).await;
    let before = process(&market).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes");
    let note = format!("what=note&ms=0&file={}", file.display());
    let busy = tokio::spawn(reqwest::get(format!("{}/do?what=sleep&ms=900", market.base_url)));
    tokio::time::sleep(Duration::from_millis(100)).await;
    // It waits for longer than an event may.
    assert_eq!(get(&market, &format!("/do?{note}")).await, says(503, "Service Unavailable"));
    // Its client gives up before that.
    let hasty = Client::builder().timeout(Duration::from_millis(50)).build().unwrap();
    hasty.get(format!("{}/do?{note}", market.base_url)).send().await.unwrap_err();
    busy.await.unwrap().unwrap();
    assert_eq!(process(&market).await, before, "the process goes on");
    assert_eq!(notes(&file), 0);
    assert_eq!(get(&market, &format!("/do?{note}")).await.0, 200);
    assert_eq!(notes(&file), 1);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_processes_go_away() {
    let market = start(Capacity { idle: Duration::from_millis(100), ..Capacity::default() }).await;
    let first = process(&market).await;
    let patience = Instant::now() + Duration::from_secs(10);
    while is_running(first) && Instant::now() < patience {
        tokio::task::yield_now().await;
    }
    assert!(!is_running(first));
    assert_ne!(process(&market).await, first);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_does_not_stop_the_function_or_lose_its_process() {
    let market = start(Capacity { processes: 1, ..Capacity::default() }).await;
    let before = process(&market).await;
    let client = Client::builder().timeout(Duration::from_millis(50)).build().unwrap();
    client.get(format!("{}/do?what=sleep&ms=300", market.base_url)).send().await.unwrap_err();
    assert_eq!(process(&market).await, before);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_route_takes_is_answered_by_the_gateway() {
    let market = start(Capacity::default()).await;
    assert_eq!(get(&market, "/elsewhere").await, says(404, "Not Found"));
    let response = reqwest::get(format!("{}/elsewhere", market.base_url)).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.headers().contains_key("apigw-requestid"));
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said_with_a_way_out() {
    let market = start(Capacity::default()).await;
    let port: u16 = market.base_url.rsplit_once(':').unwrap().1.parse().unwrap();
    let problem = LocalMarket::start(Options { port, ..Options::default() }).await.unwrap_err().to_string();
    assert_eq!(
        problem,
        format!(
            "port {port} is taken. Take another with `--port {}`, any free one with `--port 0`, \
             or stop what listens there (`ss -ltnp 'sport = :{port}'` names it)",
            port.wrapping_add(1)
        )
    );
    market.shutdown().await.unwrap();
}
