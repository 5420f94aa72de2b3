//! A function's memory stays bounded, whatever a body holds.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::Market;

/// How much a request may add to the memory of an idle function.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes of a body that API Gateway passes on to a function.
const BODY_BYTES: usize = 5_900_000;

/// `part`, repeated up to the size of the largest body.
fn filled(before: &str, part: &str, last: &str, after: &str) -> Vec<u8> {
    // In the event, every quote and every backslash is escaped.
    let size = part.len() + part.matches(['"', '\\']).count();
    let middle = part.repeat((BODY_BYTES - 1_000) / size);
    format!("{before}{middle}{last}{after}").into_bytes()
}

#[tokio::test]
async fn no_body_takes_more_than_64_mb() {
    let market = Market::start().await;
    let (project, bid) = (r#"{"project":{"skills":["a"]},"#, r#"{"freelancer":{"skills":["a"]}},"#);
    let list = |part, last| filled("[", part, last, "]");
    let bids = |part: &str, last| filled(&format!("{project}\"bids\":["), part, last, "]}");
    let wrong_bids = format!("{project}\"bids\":[{}1]}}", "1,".repeat(999)).into_bytes();
    let skills = format!("{{\"freelancer\":{{\"skills\":[{}1]}}}},", "1,".repeat(990));
    let cases: [(&str, Vec<u8>, StatusCode, &str); 11] = [
        ("numbers", list("1,", "1"), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        ("numbers as bids", bids("1,", "1"), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        ("too many bids", bids(bid, "1"), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        ("bids of the wrong type", wrong_bids, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        ("many skills of many bids", bids(&skills, "1"), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        ("empty lists", list("[],", "1"), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        ("empty objects", bids("{},", "1"), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        (
            "lists of objects",
            list(&format!("[{}0],", "{\"\":0},".repeat(900)), "1"),
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
        ),
        ("deep lists", list("[", "1"), StatusCode::BAD_REQUEST, "malformed_json"),
        ("a long text", filled("\"", "x", "", "\""), StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        (
            "a long escaped text",
            filled("\"", "\\u00e9", "", "\""),
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation_failed",
        ),
    ];
    let small = json!({"project": {"skills": ["a"]}, "bids": [{"freelancer": {"skills": ["a"]}}]});
    market.post("/matches/bids", &small).await.expect(StatusCode::OK);
    let [process] = market.processes("matches").await[..] else { panic!("one process of matches") };
    for (name, body, status, code) in cases {
        let idle = resident_bytes(process, "VmRSS");
        std::fs::write(format!("/proc/{process}/clear_refs"), "5").expect("the peak can be reset");
        let started = Instant::now();
        let bytes = body.len();
        let reply = market.request(Method::POST, "/matches/bids").raw_json(body).send().await;
        let taken = started.elapsed();
        assert_eq!((reply.status, reply.body["code"].as_str()), (status, Some(code)), "{name}: {:#}", reply.body);
        assert_eq!(market.processes("matches").await, [process], "{name} ended the process");
        let more = resident_bytes(process, "VmHWM").saturating_sub(idle);
        println!("{name}: {bytes} bytes, {status}, {} KB more, {taken:?}", more / 1024);
        assert!(more <= MOST_BYTES, "{name} took {more} bytes");
        assert!(taken < Duration::from_secs(10), "{name} took {taken:?}");
    }
}

/// A size that Linux states of a process.
fn resident_bytes(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("a size");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of KB") * 1024
}
