//! The command as a user meets it: what it prints, how it ends, and what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::{Value, json};

/// `pairwork up` on a free port.
struct Up {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    base_url: String,
}

impl Up {
    fn start() -> Self {
        let mut child = command(&["up", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let base_url = line.trim_end().strip_prefix("ready ").unwrap().to_owned();
        Self { child, stdout, base_url }
    }

    /// The function processes it has started.
    fn functions(&self) -> Vec<u32> {
        let parent = format!("PPid:\t{}\n", self.child.id());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let is_ours = |process: &u32| {
            std::fs::read_to_string(format!("/proc/{process}/status")).is_ok_and(|status| status.contains(&parent))
        };
        processes.filter(is_ours).collect()
    }

    /// Sends a signal, waits for the end, and gives back what else was printed.
    fn end(mut self, signal: &str) -> (ExitStatus, String) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pairwork"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Whether the last thread of a process has ended, be it buried or not.
fn has_ended(process: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return true };
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).map_or(0, Iterator::count);
    stat.contains(") Z ") && threads <= 1
}

async fn health(base_url: &str) -> Value {
    reqwest::get(format!("{base_url}/health")).await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn it_says_when_it_is_ready_serves_and_stops_when_asked() {
    for signal in ["-TERM", "-INT"] {
        let up = Up::start();
        assert!(up.base_url.starts_with("http://127.0.0.1:"), "{}", up.base_url);
        assert!(up.functions().is_empty(), "functions are started when first needed");
        assert_eq!(health(&up.base_url).await["status"], "ok");
        let functions = up.functions();
        assert_eq!(functions.len(), 1);
        let (status, rest) = up.end(signal);
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "{signal}");
        assert!(functions.into_iter().all(has_ended), "{signal}");
    }
}

#[tokio::test]
async fn a_killed_runner_leaves_no_function_behind() {
    let up = Up::start();
    health(&up.base_url).await;
    let functions = up.functions();
    assert_eq!(functions.len(), 1);
    up.end("-KILL");
    while !functions.iter().copied().all(has_ended) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn invoke_prints_the_answer_of_one_function() {
    let directory = tempfile::tempdir().unwrap();
    let event = directory.path().join("health.json");
    let health = json!({
        "version": "2.0",
        "routeKey": "GET /health",
        "rawPath": "/health",
        "rawQueryString": "",
        "headers": {"host": "localhost"},
        "requestContext": {
            "http": {"method": "GET", "path": "/health", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "requestId": "one",
            "stage": "$default",
        },
        "isBase64Encoded": false,
    });
    std::fs::write(&event, health.to_string()).unwrap();
    let event = event.to_str().unwrap();
    let output = command(&["invoke", "market", event]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["statusCode"], 200);

    let output = command(&["invoke", "nothing", event]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "pairwork: no function is called nothing; the template has accounts, erase, market, matches, notify, stream\n"
    );
}

#[test]
fn a_template_of_ones_own_is_read_with_its_nested_stacks() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let template =
        "Resources: { Extra: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: extra.yaml } } }";
    std::fs::write(file("template.yaml"), template).unwrap();
    std::fs::write(file("event.json"), "{}").unwrap();
    let arguments = [file("template.yaml"), file("event.json")].map(|path| path.to_str().unwrap().to_owned());
    let complaint = || {
        let output = command(&["invoke", "--template", &arguments[0], "market", &arguments[1]]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(complaint(), "pairwork: template: Extra.extra.yaml: No such file or directory (os error 2)\n");

    std::fs::write(file("extra.yaml"), "Resources: { Work: { Type: AWS::Serverless::Function } }").unwrap();
    let refused = "Extra.extra.yaml.Work.Type: the emulator does not run a AWS::Serverless::Function of a nested stack";
    assert_eq!(complaint(), format!("pairwork: template: {refused}\n"));

    // Alarms have no effect here, so this template is accepted. It has no function to invoke.
    std::fs::write(file("extra.yaml"), "Resources: { Alarm: { Type: AWS::CloudWatch::Alarm } }").unwrap();
    assert_eq!(complaint(), "pairwork: no function is called market; the template has none\n");
}

#[test]
fn a_byte_order_mark_is_read_over_and_utf_16_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let health = include_str!("../../../events/market/get-health.json");
    let invoke = |name: &str, event: &[u8]| {
        let file = directory.path().join(name);
        std::fs::write(&file, event).unwrap();
        command(&["invoke", "market", file.to_str().unwrap()]).output().unwrap()
    };
    let marked = invoke("marked.json", format!("\u{feff}{health}").as_bytes());
    let answer: Value = serde_json::from_slice(&marked.stdout).unwrap();
    assert_eq!(answer["statusCode"], 200, "{}", String::from_utf8_lossy(&marked.stderr));
    let utf_16: Vec<u8> = health.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let refused = invoke("utf-16.json", &utf_16);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.ends_with("utf-16.json: the file is in UTF-16. Save it as UTF-8\n"), "{said}");
}
