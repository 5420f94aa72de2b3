//! Every operation has one name.
//!
//! The handler is a function in `snake_case`, and utoipa makes its name the `operationId`. The event in
//! `infra/template.yaml` is the same words in `PascalCase`. A sample event's name is the same words in `kebab-case`,
//! alone or followed by the case that it shows: `post_project`, `PostProject`, `post-project`,
//! `post-project-wrong-fields`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{read, read_dir, read_to_string};
use std::path::{Path, PathBuf};

use pairwork::template::Function;
use serde_json::Value;

use super::{parsed, resources, template};
use crate::golden::repository;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How to bring generated files up to date.
const REFRESH: &str = "PAIRWORK_REFRESH=1 cargo test -p tests sample_events";

/// An HTTP event of the template.
pub(super) struct Route {
    /// The binary of the function behind it, which is also the function's folder: `market`.
    function: String,
    /// The event's name: `PostProject`.
    event: String,
}

/// The HTTP events of the template by `METHOD PATH`.
pub(super) fn routes() -> BTreeMap<String, Route> {
    let template = template();
    let mut routes = BTreeMap::new();
    for (id, properties) in resources(&template, "AWS::Serverless::Function") {
        let metadata = &template["Resources"][id]["Metadata"];
        let function = metadata["BuildProperties"]["Binary"].as_str().expect("a function names its binary");
        for (event, settings) in properties["Events"].as_object().into_iter().flatten() {
            if settings["Type"] != "HttpApi" {
                continue;
            }
            let word = |name: &str| settings["Properties"][name].as_str().expect("a route has a method and a path");
            let key = format!("{} {}", word("Method"), word("Path"));
            let route = Route { function: function.to_owned(), event: event.clone() };
            assert!(routes.insert(key.clone(), route).is_none(), "infra/template.yaml routes {key} twice");
        }
    }
    routes
}

/// The API's description, as the functions give it.
pub(super) fn openapi() -> Value {
    serde_json::from_str(&pairwork::openapi::document()).expect("the document is JSON")
}

/// Every operation of the API's description by `METHOD PATH`.
pub(super) fn described(openapi: &Value) -> BTreeMap<String, &Value> {
    let paths = openapi["paths"].as_object().expect("a document has paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path holds operations");
        let operations = item.iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    operations.collect()
}

/// The `operationId` of every operation by `METHOD PATH`.
fn operation_ids() -> BTreeMap<String, String> {
    let document = openapi();
    let ids = described(&document).into_iter().map(|(key, operation)| {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{key} has no operationId"));
        (key, id.to_owned())
    });
    ids.collect()
}

#[test]
fn every_route_is_described_and_every_described_operation_has_a_route() {
    let (routes, described) = (routes(), operation_ids());
    let mut complaints = Vec::new();
    for key in routes.keys().filter(|key| !described.contains_key(*key)) {
        complaints.push(format!("infra/template.yaml routes {key}, but no handler describes it: add #[utoipa::path]"));
    }
    for (key, id) in described.iter().filter(|(key, _)| !routes.contains_key(*key)) {
        let event = pascal_case(id);
        complaints.push(format!("{id} answers {key}, but nothing routes it: add the event {event} to its function"));
    }
    finish(&complaints);
}

#[test]
fn the_template_and_the_handlers_call_an_operation_by_one_name() {
    let routes = routes();
    let mut complaints = Vec::new();
    for (key, id) in operation_ids() {
        let Some(route) = routes.get(&key) else { continue };
        let event = pascal_case(&id);
        if route.event != event {
            let written = &route.event;
            let complaint =
                format!("{key}: the template's event is {written}, but the handler is {id}: call it {event}");
            complaints.push(complaint);
        }
        let folder = format!("functions/{}/src", route.function);
        let definition = format!("async fn {id}(");
        let handlers = sources(&repository().join(&folder)).iter().filter(|text| text.contains(&definition)).count();
        if handlers != 1 {
            complaints.push(format!(
                "{key}: its operationId is {id}, so one handler in {folder} must be called that, not {handlers}: \
                 leave `operation_id` out of #[utoipa::path] and rename the handler"
            ));
        }
    }
    finish(&complaints);
}

#[test]
fn every_operation_has_a_sample_event_of_its_name() {
    let (routes, ids) = (routes(), operation_ids());
    let mut complaints = Vec::new();
    let mut shown = BTreeSet::new();
    for (function, event, content) in sample_events() {
        let Some(key) = content["routeKey"].as_str() else { continue };
        let file = format!("events/{function}/{event}.json");
        assert_eq!(content["requestContext"]["routeKey"], key, "{file}");
        let (Some(route), Some(id)) = (routes.get(key), ids.get(key)) else {
            complaints.push(format!("{file}: {key} is no route: run {REFRESH}"));
            continue;
        };
        if route.function != function {
            let right = &route.function;
            complaints.push(format!("{file}: {right} answers {key}: move the request to events/{right}/requests.yaml"));
        }
        let name = kebab_case(id);
        if event != name && !event.starts_with(&format!("{name}-")) {
            complaints.push(format!(
                "{file}: the operation is {id}: rename the request in events/{function}/requests.yaml to {name}, or to \
                 {name}-CASE, and run {REFRESH}"
            ));
        }
        shown.insert((function, event));
    }
    for (key, route) in &routes {
        let Some(id) = ids.get(key) else { continue };
        let name = kebab_case(id);
        if !shown.contains(&(route.function.clone(), name.clone())) {
            let list = format!("events/{}/requests.yaml", route.function);
            complaints.push(format!("{key} has no sample event: add the request {name} to {list} and run {REFRESH}"));
        }
    }
    finish(&complaints);
}

#[test]
fn every_stream_reader_has_sample_events() {
    let template = parsed();
    let named = |is_one: fn(&Function) -> bool| {
        let functions = template.functions.iter().filter(move |function| is_one(function));
        functions.map(|function| function.binary.as_str()).collect::<BTreeSet<&str>>()
    };
    let mut without = named(|function| !function.streams.is_empty());
    let (readers, timers) = (without.clone(), named(|function| !function.schedules.is_empty()));
    for (function, event, content) in sample_events() {
        let file = format!("events/{function}/{event}.json");
        if content["routeKey"].is_string() {
            continue;
        }
        if content["detail-type"] == "Scheduled Event" {
            assert!(timers.contains(function.as_str()), "{file} is of a schedule, and {function} has none");
            continue;
        }
        assert!(readers.contains(function.as_str()), "{file} has no routeKey, and {function} reads no stream");
        if let Some(records) = content["Records"].as_array() {
            assert!(records.iter().all(|record| record["eventSource"] == "aws:dynamodb"), "{file}");
            without.remove(function.as_str());
        } else {
            assert!(content["repack"].is_string(), "{file} holds neither records nor a direct invocation");
        }
    }
    assert!(without.is_empty(), "add changes to events/FUNCTION/changes.yaml for {without:?} and run {REFRESH}");
}

/// Every sample event with its function and its name.
fn sample_events() -> Vec<(String, String, Value)> {
    let mut events = Vec::new();
    for folder in entries(&repository().join("events")).into_iter().filter(|path| path.is_dir()) {
        for file in entries(&folder).into_iter().filter(|path| path.extension() == Some(OsStr::new("json"))) {
            let text = |name: Option<&OsStr>| name.and_then(OsStr::to_str).expect("a UTF-8 name").to_owned();
            let content = serde_json::from_slice(&read(&file).expect("a readable event"))
                .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
            events.push((text(folder.file_name()), text(file.file_stem()), content));
        }
    }
    assert!(!events.is_empty(), "events/ holds no event");
    events
}

/// The texts of all Rust files under a folder.
fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if path.extension() == Some(OsStr::new("rs")) {
            texts.push(read_to_string(&path).expect("a readable source file"));
        }
    }
    texts
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = read_dir(folder).unwrap_or_else(|problem| panic!("{}: {problem}", folder.display()));
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}

fn finish(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} wrong:\n{}", complaints.len(), complaints.join("\n"));
}

/// `post_project` as `PostProject`.
fn pascal_case(id: &str) -> String {
    let capitalized = id.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    capitalized.collect()
}

/// `post_project` as `post-project`.
fn kebab_case(id: &str) -> String {
    id.replace('_', "-")
}
