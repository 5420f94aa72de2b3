//! The events in `events/`: complete, up to date, and answered as recorded.
//!
//! Every event goes to its function on a sample market of its own, by `pairwork invoke`. With `PAIRWORK_LAMBDA_PORT` they go
//! through `cargo lambda invoke` instead, to the functions that `cargo lambda watch` serves on that port, all on one sample
//! market: those that only read come first.

mod answer;
mod change;
mod request;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use futures_util::StreamExt;
use pairwork::TEMPLATE;
use pairwork::template::Template;
use tokio::process::Command;

use crate::golden::{GeneratedFolder, first_difference, refreshing, repository};
use answer::Answer;
use change::Changes;
use request::{Request, Requests};

/// Markets started at the same time.
const SIMULTANEOUS: usize = 4;

/// The list of events.
pub(crate) fn requests() -> Requests {
    yaml("events/requests.yaml")
}

/// The list of changes.
pub(crate) fn changes() -> Changes {
    yaml("events/changes.yaml")
}

/// Every batch of changes with its name, `FUNCTION/EVENT`.
pub(crate) fn batches(changes: &Changes) -> impl Iterator<Item = (String, &change::Batch)> {
    changes
        .iter()
        .flat_map(|(function, events)| events.iter().map(move |(event, batch)| (format!("{function}/{event}"), batch)))
}

/// Every event with its name, those that only read first: they speak of a market that nobody has changed yet.
pub(crate) fn in_order(requests: &Requests) -> Vec<(String, &Request)> {
    let mut events: Vec<_> = named(requests).collect();
    events.sort_by_key(|(_, request)| !request.is_read());
    events
}

fn yaml<T: serde::de::DeserializeOwned>(path: &str) -> T {
    let text = std::fs::read_to_string(repository().join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    serde_yaml_ng::from_str(&text).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

/// Every event with its name, `FUNCTION/EVENT`.
fn named(requests: &Requests) -> impl Iterator<Item = (String, &Request)> {
    requests.iter().flat_map(|(function, events)| {
        events.iter().map(move |(event, request)| (format!("{function}/{event}"), request))
    })
}

#[test]
fn every_event_is_what_aws_makes_of_its_request_or_changes() {
    let template = Template::parse(TEMPLATE).expect("the template is sound");
    let tokens: BTreeMap<String, String> = yaml("events/tokens.yaml");
    let requests = requests();
    let mut files = GeneratedFolder::new("events", "json");
    for (name, request) in named(&requests) {
        files.compare(&name, &request.event(&name, &template, &tokens));
    }
    let changes = changes();
    for (name, batch) in batches(&changes) {
        files.compare(&name, &batch.event(&name));
    }
    files.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_gets_its_recorded_answer() {
    let port = std::env::var("PAIRWORK_LAMBDA_PORT").ok();
    let requests = requests();
    let asked = in_order(&requests).into_iter().map(|(name, request)| {
        let port = port.as_deref();
        async move {
            let answer = send(&name, port).await.and_then(|reply| Answer::read(&reply));
            (name, request, answer)
        }
    });
    let simultaneous = if port.is_some() { 1 } else { SIMULTANEOUS };
    let answers: Vec<_> = futures_util::stream::iter(asked).buffered(simultaneous).collect().await;

    let mut files = GeneratedFolder::new("tests/snapshots", "json");
    for (name, request, answer) in answers {
        let file = files.expect(&name);
        let verdict = answer.and_then(|answer| judge(request, &answer, &file));
        match verdict {
            Ok(summary) => println!("ok    {name}: {summary}"),
            Err(complaint) => {
                println!("WRONG {name}");
                files.complain(format!("{name}: {complaint}"));
            }
        }
    }
    let changes = changes();
    for (name, batch) in batches(&changes) {
        match send(&name, port.as_deref()).await.and_then(|answer| batch.judge(&answer)) {
            Ok(answer) => {
                println!("ok    {name}");
                files.compare(&name, &answer);
            }
            Err(complaint) => {
                println!("WRONG {name}");
                files.complain(format!("{name}: {complaint}"));
            }
        }
    }
    files.finish();
}

/// Sends an event to its function and returns the function's reply, JSON.
async fn send(name: &str, lambda_port: Option<&str>) -> Result<Vec<u8>, String> {
    let (function, _) = name.split_once('/').expect("a name is function and event");
    let event = repository().join("events").join(format!("{name}.json"));
    let mut command = match lambda_port {
        None => {
            let mut command = Command::new(env!("CARGO_BIN_EXE_pairwork-under-test"));
            command.args(["invoke", function]).arg(event);
            command
        }
        Some(port) => {
            let mut command = Command::new("cargo");
            command.args(["lambda", "invoke", function, "--invoke-address", "127.0.0.1", "--invoke-port", port]);
            command.args(["--output-format", "json", "--data-file"]).arg(event);
            command
        }
    };
    let output = command.stdin(Stdio::null()).output().await.map_err(|problem| problem.to_string())?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    Ok(output.stdout)
}

/// Holds an answer against what the list promises and what was recorded. Returns the answer in short.
fn judge(request: &Request, answer: &Answer, recorded: &Path) -> Result<String, String> {
    let summary = answer.summary();
    if summary != request.answer {
        return Err(format!("answered {summary}, not {}:\n{}", request.answer, answer.to_json()));
    }
    match std::fs::read_to_string(recorded) {
        Ok(recorded) if answer.agrees_with(&recorded) => Ok(summary),
        _ if refreshing() => crate::golden::compare(recorded, &answer.to_json()).map(|()| summary),
        Ok(recorded) => {
            Err(format!("another answer than the recorded one: {}", first_difference(&recorded, &answer.to_json())))
        }
        Err(problem) => Err(format!("no answer is recorded: {problem}")),
    }
}
