//! The questions of the pages, answered in JSON.

use std::time::Duration;

use emulator::Inspector;
use emulator::inspector::ItemsWanted;
use emulator::traces::{Origin, Trace};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Answer, content, explain, model, problem, reply};

/// How long a question for news may wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers the question at `/_local/api/<path>`.
pub(super) async fn answer(request: &Request<Bytes>, path: &str, inspector: &Inspector) -> Answer {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let parameter = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["traces"]) => news(inspector, parameter("after")).await,
        (&Method::GET, ["traces", id]) => with_trace(inspector, id, |trace| reply(&whole(inspector, trace))),
        (&Method::GET, ["traces", id, "event"]) => with_trace(inspector, id, |trace| sample_event(inspector, trace)),
        (&Method::GET, ["tables"]) => reply(&tables(inspector)),
        (&Method::GET, ["tables", table, "items"]) => {
            let wanted = ItemsWanted {
                partition: parameter("pk").filter(|pk| !pk.is_empty()).map(str::to_owned),
                sort_prefix: parameter("sk").map(str::to_owned),
                start: parameter("start").and_then(|start| serde_json::from_str(start).ok()),
                limit: parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25),
            };
            items(inspector, table, wanted).await
        }
        (&Method::GET, ["streams"]) => match inspector.streams().await {
            Ok(streams) => reply(&json!({ "streams": streams, "dead_letters": inspector.dead_letters() })),
            Err(why) => problem(StatusCode::INTERNAL_SERVER_ERROR, &format!("{why:#}")),
        },
        (&Method::POST, ["dead-letters", id, "replay"]) => match inspector.replay(id).await {
            Ok((outcome, gone)) => reply(&json!({ "outcome": outcome, "gone": gone })),
            Err(why) => problem(StatusCode::CONFLICT, &format!("{why:#}")),
        },
        (&Method::GET, ["roles"]) => reply(&json!({ "grants": inspector.grants() })),
        (&Method::GET, ["faults"]) => reply(&json!({ "faults": inspector.injected_faults() })),
        (&Method::GET, ["functions"]) => reply(&json!({ "functions": inspector.functions() })),
        (&Method::GET, ["model"]) => match model::card() {
            Ok(card) => reply(&card),
            Err(why) => problem(StatusCode::INTERNAL_SERVER_ERROR, &format!("{why:#}")),
        },
        (&Method::POST, ["model", "score"]) => {
            let scored = serde_json::from_slice(request.body()).map_err(anyhow::Error::from);
            match scored.and_then(|asked| model::score(&asked)) {
                Ok(scored) => reply(&scored),
                Err(why) => problem(StatusCode::UNPROCESSABLE_ENTITY, &format!("{why:#}")),
            }
        }
        (&Method::GET | &Method::POST, _) => problem(StatusCode::NOT_FOUND, "there is no such question"),
        _ => problem(StatusCode::METHOD_NOT_ALLOWED, "questions are asked by GET or POST"),
    }
}

/// The traces that are new since a version. Without a version it answers at once with all; else it waits for news.
async fn news(inspector: &Inspector, after: Option<&str>) -> Answer {
    let after = match after.map(str::parse) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => return problem(StatusCode::BAD_REQUEST, "`after` is the version of an earlier answer"),
    };
    if after > 0 {
        // Nothing new is an answer, too.
        let _ = timeout(PATIENCE, inspector.newer_than(after)).await;
    }
    let (traces, version) = inspector.traces_since(after);
    let summaries: Vec<Value> = traces.iter().map(summary).collect();
    reply(&json!({ "version": version, "traces": summaries }))
}

/// One line of the list.
fn summary(trace: &Trace) -> Value {
    let (kind, title, route) = match &trace.origin {
        Origin::Request(request) => {
            ("request", format!("{} {}", request.method, request.target), request.route.clone())
        }
        Origin::Event { function } => ("event", function.clone(), None),
        Origin::Schedule { schedule, time, attempt, .. } => {
            let attempt = if *attempt == 1 { String::new() } else { format!(", attempt {attempt}") };
            ("schedule", format!("{schedule}: {time}{attempt}"), None)
        }
        Origin::Batch { mapping, record_count, .. } => {
            let records = if *record_count == 1 { "record" } else { "records" };
            ("batch", format!("{mapping}: {record_count} {records}"), None)
        }
    };
    let calls = || trace.invocations.iter().flat_map(|invocation| &invocation.calls);
    json!({
        "id": trace.id,
        "started_at": trace.started_at,
        "kind": kind,
        "title": title,
        "route": route,
        "outcome": trace.outcome,
        "duration_ms": trace.duration_ms,
        "cold": trace.invocations.iter().any(|invocation| invocation.init_ms.is_some()),
        "functions": trace.invocations.iter().map(|invocation| &invocation.function).collect::<Vec<_>>(),
        "calls": calls().count(),
        "read_units": calls().map(|call| call.read_units).sum::<f64>(),
        "write_units": calls().map(|call| call.write_units).sum::<f64>(),
        "condition_failed": calls().any(|call| call.condition_failed),
        "follows": trace.follows,
        "followed_by": trace.followed_by,
    })
}

/// A trace with the batches that followed it, each key with its meaning.
fn whole(inspector: &Inspector, trace: &Trace) -> Value {
    let batches = trace.followed_by.iter().filter_map(|id| inspector.trace(*id));
    json!({
        "trace": explained(trace),
        "batches": batches.map(|batch| explained(&batch)).collect::<Vec<_>>(),
        "has_event": inspector.sample_event(trace).is_some(),
    })
}

fn explained(trace: &Trace) -> Value {
    let mut shown = serde_json::to_value(trace).unwrap_or_default();
    let invocations = shown["invocations"].as_array_mut().into_iter().flatten();
    let calls = invocations.flat_map(|invocation| invocation["calls"].as_array_mut().into_iter().flatten());
    for key in calls.flat_map(|call| call["keys"].as_array_mut().into_iter().flatten()) {
        let text = |name: &str| key[name].as_str().unwrap_or_default().to_owned();
        // A query's sort key is a condition.
        let sort = Some(text("sort")).filter(|_| key["action"] != "Query");
        let meaning = explain::explain(&text("table"), &text("partition"), sort.as_deref());
        key["meaning"] = serde_json::to_value(meaning).unwrap_or_default();
    }
    shown
}

fn with_trace(inspector: &Inspector, id: &str, answer: impl FnOnce(&Trace) -> Answer) -> Answer {
    match id.parse().ok().and_then(|id| inspector.trace(id)) {
        Some(trace) => answer(&trace),
        None => problem(StatusCode::NOT_FOUND, "this trace is not kept any more; only the latest 500 are"),
    }
}

/// The event in the format of `events/`.
fn sample_event(inspector: &Inspector, trace: &Trace) -> Answer {
    let event = inspector.sample_event(trace).and_then(|event| serde_json::from_slice::<Value>(&event).ok());
    match event {
        Some(event) => content("application/json", format!("{event:#}\n")),
        None => problem(StatusCode::CONFLICT, "no function was sent this request, or its body was too long to keep"),
    }
}

fn tables(inspector: &Inspector) -> Value {
    let tables = inspector.template().tables.iter().map(|table| {
        json!({
            "table": table.logical_id,
            "name": explain::short_name(&table.logical_id),
            "key_schema": table.definition["KeySchema"],
            "stream": table.stream_view,
            "expires_at": table.expires_at,
        })
    });
    json!({ "tables": tables.collect::<Vec<_>>(), "patterns": explain::all() })
}

async fn items(inspector: &Inspector, table: &str, wanted: ItemsWanted) -> Answer {
    match inspector.items(table, wanted).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.into_iter().map(|item| explain::item(table, item)).collect();
            reply(&json!({ "items": items, "next": page.next.map(|next| next.to_string()) }))
        }
        Err(why) => problem(StatusCode::UNPROCESSABLE_ENTITY, &format!("{why:#}")),
    }
}
