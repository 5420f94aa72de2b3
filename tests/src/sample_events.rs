//! The sample events in `events/` are complete and up to date, and the functions answer them as recorded.
//!
//! `pairwork invoke` sends each event to its function, on a new sample market for every event. With
//! `PAIRWORK_LAMBDA_PORT` set, `cargo lambda invoke` sends them to the functions that `cargo lambda watch` serves on
//! that port. All events then share one sample market, so the events that only read come first.

mod answer;
mod change;
mod request;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use futures_util::StreamExt;
use pairwork::TEMPLATE;
use pairwork::template::Template;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use crate::golden::{GeneratedFolder, first_difference, refreshing, repository};
use answer::Answer;
use change::Changes;
use request::{Request, Requests};

/// How many sample markets run at the same time.
const SIMULTANEOUS: usize = 4;

/// The requests of `events/<function>/requests.yaml`, by function and event.
pub(crate) fn requests() -> Requests {
    of_every_function("requests.yaml")
}

/// The changes of `events/<function>/changes.yaml`, by function and event.
pub(crate) fn changes() -> Changes {
    of_every_function("changes.yaml")
}

/// Every batch of changes with its name, `FUNCTION/EVENT`.
pub(crate) fn batches(changes: &Changes) -> impl Iterator<Item = (String, &change::Batch)> {
    named(changes)
}

/// Every request with its name, `FUNCTION/EVENT`. Requests that change nothing come first: they expect an
/// unchanged market.
pub(crate) fn in_order(requests: &Requests) -> Vec<(String, &Request)> {
    let mut events: Vec<_> = named(requests).collect();
    events.sort_by_key(|(_, request)| request.order());
    events
}

/// Reads the file `name` of every folder in `events/` that holds one.
fn of_every_function<T: DeserializeOwned>(name: &str) -> BTreeMap<String, T> {
    let folders = std::fs::read_dir(repository().join("events")).expect("events/ is readable");
    let folders = folders.map(|entry| entry.expect("events/ is readable").path());
    let lists: BTreeMap<_, _> = folders
        .filter(|folder| folder.join(name).is_file())
        .map(|folder| {
            let function = folder.file_name().and_then(OsStr::to_str).expect("a function's name is UTF-8").to_owned();
            let list = yaml(&format!("events/{function}/{name}"));
            (function, list)
        })
        .collect();
    assert!(!lists.is_empty(), "no folder in events/ holds a {name}");
    lists
}

fn yaml<T: DeserializeOwned>(path: &str) -> T {
    let text = std::fs::read_to_string(repository().join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    serde_yaml_ng::from_str(&text).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

/// Every entry with its name, `FUNCTION/EVENT`.
fn named<T>(by_function: &BTreeMap<String, BTreeMap<String, T>>) -> impl Iterator<Item = (String, &T)> {
    by_function
        .iter()
        .flat_map(|(function, events)| events.iter().map(move |(event, entry)| (format!("{function}/{event}"), entry)))
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

/// Compares an answer with the status that the request names and with the recorded answer. Returns its summary.
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
