//! Programs of this machine that were given no credentials, and what the local services tell them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::BTreeMap;

use emulator::template::Template;
use emulator::{Capacity, Emulator, FaultPlan, FaultProfile, HttpLimits, Options, Outcome, Program};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

mod signing;

const TEMPLATE: &str = r#"
Resources:
  Keeper:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: keeper } }
    Properties:
      Timeout: 30
      Policies: [{ DynamoDBReadPolicy: { TableName: !Ref Things } }]
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
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

/// Answers with the environment of its process, and waits if that is asked.
async fn act(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    if let Some(seconds) = event.payload["wait_s"].as_u64() {
        tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    }
    Ok(json!(std::env::vars().collect::<BTreeMap<_, _>>()))
}

async fn start() -> Emulator {
    start_with(None).await
}

async fn start_with(faults: Option<FaultPlan>) -> Emulator {
    let arguments = ["the_function", "--exact", "--nocapture"].map(str::to_owned).to_vec();
    Emulator::start(Options {
        port: 0,
        data: None,
        template: Template::parse(TEMPLATE).unwrap(),
        objects: BTreeMap::new(),
        program: Program::Command(std::env::current_exe().unwrap(), arguments),
        capacity: Capacity::default(),
        http: HttpLimits::default(),
        faults,
        log_level: "warn".to_owned(),
        clock: None,
        local: None,
    })
    .await
    .unwrap()
}

/// Sends bytes, and reads the status and the body of the answer.
async fn exchange(address: &str, request: &str) -> (u16, Value) {
    try_exchange(address, request).await.expect("an answer")
}

/// As [`exchange`]; `None` if nobody answers.
async fn try_exchange(address: &str, request: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, serde_json::from_str(body).unwrap_or_default()))
}

/// The environment of the function's process.
async fn environment(emulator: &Emulator) -> BTreeMap<String, String> {
    match emulator.invoke("keeper", "{}".into()).await.unwrap() {
        Outcome::Answered(body) => serde_json::from_slice(&body).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn exception(body: &Value) -> &str {
    let kind = body["__type"].as_str().unwrap_or_default();
    kind.rsplit_once('#').map_or(kind, |(_, name)| name)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_answers_to_secrets_of_this_run_alone() {
    let emulator = start().await;
    let address = emulator.dynamodb_url.strip_prefix("http://").unwrap().to_owned();
    let variables = emulator.environment();
    let (owner, secret) = (&variables["AWS_ACCESS_KEY_ID"], &variables["AWS_SECRET_ACCESS_KEY"]);
    let scan = r#"{"TableName": "things"}"#;
    let list = async |key: (&str, &str, Option<&str>)| {
        let (status, body) = exchange(&address, &signing::call(&address, "Scan", scan, key)).await;
        (status, exception(&body).to_owned())
    };
    assert_eq!(list((owner, secret, None)).await, (200, String::new()));
    assert_eq!(list((owner, "local", None)).await, (400, "InvalidSignatureException".to_owned()));
    assert_eq!(list(("local", "local", None)).await, (400, "UnrecognizedClientException".to_owned()));
    let unsigned = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-amz-target: DynamoDB_20120810.Scan\r\n\
         content-length: {}\r\n\r\n{scan}",
        scan.len()
    );
    let (status, body) = exchange(&address, &unsigned).await;
    assert_eq!((status, exception(&body)), (400, "MissingAuthenticationTokenException"));

    // A process has a secret of its own, and its role.
    let process = environment(&emulator).await;
    let key = &process["AWS_ACCESS_KEY_ID"];
    let (secret, token) = (&process["AWS_SECRET_ACCESS_KEY"], &process["AWS_SESSION_TOKEN"]);
    assert_eq!(list((key, secret, Some(token))).await, (200, String::new()));
    assert_eq!(list((key, secret, None)).await, (400, "UnrecognizedClientException".to_owned()));
    assert_eq!(list((owner, secret, Some(token))).await, (400, "UnrecognizedClientException".to_owned()));
    let item = r#"{"TableName": "things", "Item": {"pk": {"S": "a"}}}"#;
    let put = signing::call(&address, "PutItem", item, (key, secret, Some(token)));
    assert_eq!(exception(&exchange(&address, &put).await.1), "AccessDeniedException");
    let changed = put.replace(r#"{"S": "a"}"#, r#"{"S": "b"}"#);
    assert_eq!(exception(&exchange(&address, &changed).await.1), "InvalidSignatureException");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_happen_to_permitted_calls_of_functions_alone() {
    let profile = FaultProfile::parse("[store]\nthrottled = 1.0\n").unwrap();
    let emulator = start_with(Some(FaultPlan { name: "test".to_owned(), profile, seed: 1 })).await;
    let address = emulator.dynamodb_url.strip_prefix("http://").unwrap().to_owned();
    let process = environment(&emulator).await;
    let key = &process["AWS_ACCESS_KEY_ID"];
    let (secret, token) = (&process["AWS_SECRET_ACCESS_KEY"], &process["AWS_SESSION_TOKEN"]);
    let call = async |operation: &str, body: &str, key: (&str, &str, Option<&str>)| {
        let (status, body) = exchange(&address, &signing::call(&address, operation, body, key)).await;
        (status, exception(&body).to_owned())
    };
    let (scan, item) = (r#"{"TableName": "things"}"#, r#"{"TableName": "things", "Item": {"pk": {"S": "a"}}}"#);
    let forged = call("Scan", scan, (key, "forged", Some(token))).await;
    assert_eq!(forged, (400, "InvalidSignatureException".to_owned()));
    let denied = call("PutItem", item, (key, secret, Some(token))).await;
    assert_eq!(denied, (400, "AccessDeniedException".to_owned()));
    let owner = emulator.environment();
    let owner = (&*owner["AWS_ACCESS_KEY_ID"], &*owner["AWS_SECRET_ACCESS_KEY"], None);
    assert_eq!(call("PutItem", item, owner).await, (200, String::new()));
    assert_eq!(emulator.faults().injected().unwrap().injected.len(), 0);
    let throttled = call("Scan", scan, (key, secret, Some(token))).await;
    assert_eq!(throttled, (400, "ProvisionedThroughputExceededException".to_owned()));
    assert_eq!(emulator.faults().injected().unwrap().injected["throttled"], 1);
    emulator.shutdown().await.unwrap();
}

/// The ports on which this process listens, by its file descriptors and the kernel's table of sockets.
#[cfg(target_os = "linux")]
fn listening_ports() -> Vec<u16> {
    const LISTEN: &str = "0A";
    let descriptors = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let own: Vec<String> = descriptors
        .filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .filter_map(|link| link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']').map(str::to_owned))
        .collect();
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let sockets = table.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, state, .., inode] = columns[..10] else { return None };
        let port = local.split_once(':').and_then(|(_, port)| u16::from_str_radix(port, 16).ok())?;
        (state == LISTEN && own.iter().any(|own| own == inode)).then_some(port)
    });
    sockets.collect()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn every_port_of_a_run_refuses_a_stranger() {
    let emulator = start().await;
    environment(&emulator).await;
    let database: u16 = emulator.dynamodb_url.rsplit(':').next().unwrap().parse().unwrap();
    let ports = listening_ports();
    assert!(ports.contains(&database), "{ports:?}");
    let mut refused = 0;
    for port in ports {
        let address = format!("127.0.0.1:{port}");
        let request = format!(
            "POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-amz-date: 20261122T000000Z\r\n\
             x-amz-target: DynamoDB_20120810.ListTables\r\ncontent-type: application/x-amz-json-1.0\r\n\
             authorization: AWS4-HMAC-SHA256 Credential=anybody/20261122/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-target, Signature=00\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        // Another test of this process may have closed its port meanwhile.
        let Some((status, body)) = try_exchange(&address, &request).await else { continue };
        assert!(status >= 400, "{address} answered {status}: {body}");
        refused += 1;
    }
    // The API, the database, Lambda, and one Runtime API.
    assert!(refused >= 4, "only {refused} ports answered");
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lambda_ses_and_kms_answer_to_secrets_of_this_run_alone() {
    let emulator = start().await;
    let address = emulator.environment()["AWS_ENDPOINT_URL_LAMBDA"].replace("http://", "");
    let name = environment(&emulator).await["AWS_LAMBDA_FUNCTION_NAME"].clone();
    let request = |headers: &str| {
        format!(
            "POST /2015-03-31/functions/{name}/invocations HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             {headers}content-length: 2\r\n\r\n{{}}"
        )
    };
    assert_eq!(exchange(&address, &request("")).await.0, 403);
    let forged = "x-amz-date: 20261122T000000Z\r\nauthorization: AWS4-HMAC-SHA256 \
                  Credential=local/20261122/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, \
                  Signature=00\r\n";
    assert_eq!(exchange(&address, &request(forged)).await.0, 403);

    // So do SES and KMS.
    for (service, target) in [("KMS", "x-amz-target: TrentService.GenerateDataKey\r\n"), ("SESV2", "")] {
        let address = emulator.environment()[&format!("AWS_ENDPOINT_URL_{service}")].replace("http://", "");
        let request = |headers: &str| {
            format!(
                "POST /v2/email/outbound-emails HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{target}{headers}\
                 content-length: 2\r\n\r\n{{}}"
            )
        };
        assert_eq!(exchange(&address, &request("")).await.0, 403, "{service}");
        assert_eq!(exchange(&address, &request(forged)).await.0, 403, "{service}");
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_api_serves_the_user_of_the_emulator_alone() {
    let emulator = start().await;
    let address = environment(&emulator).await["AWS_LAMBDA_RUNTIME_API"].clone();
    let line = "GET /2018-06-01/runtime/nothing";
    let (host, port) = address.rsplit_once(':').unwrap();
    let ask = format!(
        "exec 3<>/dev/tcp/{host}/{port}; \
         printf '{line} HTTP/1.1\\r\\nhost: {address}\\r\\nconnection: close\\r\\n\\r\\n' >&3; cat <&3"
    );
    let answered = async |command: &mut tokio::process::Command| {
        let output = command.output().await.unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let own = answered(tokio::process::Command::new("bash").args(["-c", &ask])).await;
    assert!(own.starts_with("HTTP/1.1 404"), "{own}");
    // Only root can act as another user.
    let nobody = tokio::process::Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", &ask])
        .output()
        .await;
    if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        let other = nobody.unwrap();
        assert_eq!(String::from_utf8_lossy(&other.stdout), "", "{}", String::from_utf8_lossy(&other.stderr));
    }
    // The stranger took nothing: the process still gets its events.
    assert_eq!(environment(&emulator).await["AWS_LAMBDA_RUNTIME_API"], address);
    emulator.shutdown().await.unwrap();
}
