//! A foreign project: its own template and its own binaries, built by cargo-lambda, run by `pairwork up`.
//!
//! The binaries are this test binary again: each `bootstrap` of the build folder starts it with the filter
//! `the_function`. It then runs that "test", which finds a Runtime API in its environment and polls it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

#[test]
fn the_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Ends with an error when the runner is gone.
    let _ = runtime.block_on(async {
        let http = aws_smithy_http_client::Builder::new().build_http();
        let client = Client::new(&aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await);
        lambda_runtime::run(service_fn(|event| act(&client, event))).await
    });
}

/// Does what the function of this name does, or answers 403 with what DynamoDB says against it.
async fn act(client: &Client, event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let (table, currency) = (std::env::var("TABLE_NAME")?, std::env::var("CURRENCY")?);
    let event = event.payload;
    let id = AttributeValue::S(event["pathParameters"]["id"].as_str().unwrap_or_default().to_owned());
    let get = |item: &HashMap<String, AttributeValue>| {
        let text = |attribute: &str| item.get(attribute)?.as_s().ok();
        json!({"id": text("id"), "name": text("name"), "currency": currency})
    };
    let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME")?;
    let outcome = match function.as_str() {
        "pairwork-PutProduct" => {
            let body: Value = serde_json::from_str(event["body"].as_str().unwrap_or_default())?;
            let name = AttributeValue::S(body["name"].as_str().unwrap_or_default().to_owned());
            let put = client.put_item().table_name(&table).item("id", id).item("name", name);
            put.send().await.map(|_| (201, Value::Null)).map_err(aws_sdk_dynamodb::Error::from)
        }
        "pairwork-GetProduct" if event["queryStringParameters"]["delete"] == "yes" => {
            let delete = client.delete_item().table_name(&table).key("id", id);
            delete.send().await.map(|_| (204, Value::Null)).map_err(Into::into)
        }
        "pairwork-GetProduct" => {
            let found = client.get_item().table_name(&table).key("id", id).send().await;
            found
                .map(|found| found.item.as_ref().map_or((404, Value::Null), |item| (200, get(item))))
                .map_err(Into::into)
        }
        "pairwork-ListProducts" => {
            let all = client.scan().table_name(&table).send().await;
            all.map(|all| (200, all.items().iter().map(get).collect())).map_err(Into::into)
        }
        _ => {
            let delete = client.delete_item().table_name(&table).key("id", id);
            delete.send().await.map(|_| (204, Value::Null)).map_err(Into::into)
        }
    };
    let (status, body) = outcome.unwrap_or_else(|problem| (403, json!(DisplayErrorContext(problem).to_string())));
    Ok(json!({"statusCode": status, "headers": {"content-type": "application/json"}, "body": body.to_string()}))
}

/// `DIR/NAME/bootstrap` for each name.
fn build(folder: &Path, names: &[&str]) {
    let this = std::env::current_exe().unwrap();
    for name in names {
        let file = folder.join(name).join("bootstrap");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("#!/bin/sh\nexec '{}' the_function --exact --nocapture\n", this.display()))
            .unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// A running `pairwork up`, ended with the value.
struct Runner {
    process: Child,
    base_url: String,
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `pairwork up` with the project's template and this folder of binaries.
fn pairwork(functions: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pairwork"));
    command.args(["up", "--port", "0", "--template"]);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/products/template.yaml"));
    command.arg("--functions").arg(functions).args(more);
    command.stdin(Stdio::null());
    command
}

fn up(functions: &Path, more: &[&str]) -> Runner {
    let mut process = pairwork(functions, more).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base_url = line.trim().strip_prefix("ready ").unwrap_or_default().to_owned();
    Runner { process, base_url }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_project_is_run_from_its_own_template_and_its_own_binaries() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &["put-product", "get-product", "list-products", "delete-product"]);
    let runner = up(folder.path(), &["--parameter-overrides", "Currency=EUR"]);
    let http = reqwest::Client::new();
    let at = |path: &str| format!("{}{path}", runner.base_url);
    let put = http.put(at("/p1")).json(&json!({"name": "책상"})).send().await.unwrap();
    assert_eq!(put.status(), 201);
    let got = http.get(at("/p1")).send().await.unwrap();
    assert_eq!(got.status(), 200);
    let product = json!({"id": "p1", "name": "책상", "currency": "EUR"});
    assert_eq!(got.json::<Value>().await.unwrap(), product);
    let listed = http.get(at("/")).send().await.unwrap();
    assert_eq!(listed.json::<Value>().await.unwrap(), json!([product]));
    // The policy of this function lets it read, and no more.
    let refused = http.get(at("/p1?delete=yes")).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let message = refused.json::<String>().await.unwrap();
    assert!(
        message.contains("GetProductRole/GetProduct is not authorized to perform: dynamodb:DeleteItem"),
        "{message}"
    );
    assert_eq!(http.delete(at("/p1")).send().await.unwrap().status(), 204);
    assert_eq!(http.get(at("/p1")).send().await.unwrap().status(), 404);
}

#[test]
fn a_binary_that_is_missing_is_named_with_its_function() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &["put-product", "list-products", "delete-product"]);
    let ended = pairwork(folder.path(), &[]).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let missing = folder.path().join("get-product/bootstrap");
    assert_eq!(
        said.trim(),
        format!("pairwork: GetProduct: {} is missing. `cargo lambda build` makes it", missing.display())
    );
    assert!(!ended.status.success());
}

#[test]
fn a_value_that_its_parameter_does_not_take_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let ended = pairwork(folder.path(), arguments).output().unwrap();
        assert!(!ended.status.success());
        String::from_utf8(ended.stderr).unwrap().trim().to_owned()
    };
    assert_eq!(
        said(&["--parameter-overrides", "Currency=won Valuta=X"]),
        "pairwork: template: 2 faults\n  \
         --parameter-overrides.Currency: \"won\" does not match AllowedPattern [A-Z]{3}\n  \
         --parameter-overrides.Valuta: the template has no such parameter; it has Currency"
    );
    assert_eq!(
        said(&["--parameter-overrides", "Currency"]),
        "pairwork: --parameter-overrides: expected KEY=VALUE, found Currency"
    );
}
