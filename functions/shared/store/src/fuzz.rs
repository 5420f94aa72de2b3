//! Fuzz targets: stored items. An item that nobody of this version wrote is an error, not a panic.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    freelancer::{Freelancer, FreelancerProfile},
    idempotency::{Decision, Fingerprint, decide},
    project::{Project, ProjectBrief},
    validation::read,
    values::{AccountId, ProjectId},
};
use fuzzing::Target;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::json;
use ulid::Ulid;

use crate::{idempotency, legacy::LegacyTrackRecord, read::decode};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// The record in an item, which stands here as JSON.
fn record<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let json: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let item: std::collections::HashMap<String, AttributeValue> = serde_dynamo::to_item(json).ok()?;
    decode(item).ok()
}

/// A target whose input becomes JSON and attributes before the reader sees it.
fn target(name: &'static str) -> Target {
    Target { bytes_per_byte: 2_048, ..Target::new(name) }
}

#[test]
fn fuzz_idempotency_record() {
    let seeds = [
        r#"{"fingerprint":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","stamp":"s","expires_at":1795435200,
            "lease_until":"2026-11-22T12:00:00Z"}"#,
        r#"{"fingerprint":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","stamp":"s.done","expires_at":1795435200,
            "reply":{"status":201,"headers":[["location","/projects/prj_1"]],"body":"{}"}}"#,
    ];
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    target("idempotency_record").run(seeds, |bytes| {
        let Some(Ok(record)) = record::<idempotency::Item>(bytes).map(idempotency::Item::record) else { return false };
        let other = Fingerprint([1; 32]);
        let replayed = matches!(decide(Some(&record), &other, now), Decision::Replay(_));
        assert!(!replayed || record.fingerprint == other, "another request gets the reply");
        true
    });
}

#[test]
fn fuzz_project_item() {
    let body = json!({
        "title": "t", "description": "d", "category": "c", "skills": ["Rust"], "languages": ["ko"],
        "budget": {"kind": "fixed", "min": 5, "max": 9, "currency": "KRW"}, "expires_at": "2027-01-01T00:00:00Z",
    });
    let brief = ProjectBrief::of_new(&body, NOW).unwrap();
    let seed = Project::post(ProjectId::new(Ulid(7)), AccountId::new(Ulid(8)), brief, NOW).state;
    target("project_item").run([json!(seed).to_string()], |bytes| record::<Project>(bytes).is_some());
}

#[test]
fn fuzz_freelancer_item() {
    let body = json!({
        "headline": "h", "bio": "b", "category": "c", "skills": ["Rust"], "languages": ["en-GB"],
        "hourly_rate": {"amount": 65_000, "currency": "KRW"}, "weekly_hours": 40,
    });
    let profile = read::<FreelancerProfile>(&body).unwrap();
    let seed = Freelancer::introduce(AccountId::new(Ulid(7)), "박지훈".parse().unwrap(), profile, NOW).state;
    target("freelancer_item").run([json!(seed).to_string()], |bytes| record::<Freelancer>(bytes).is_some());
}

#[test]
fn fuzz_legacy_track_record() {
    let seed = r#"{"rating":4.5,"rated_jobs":3,"proposals":9,"completed_jobs":3,"response_minutes":12.5,
        "last_active_at":"2026-11-22T12:00:00Z","skill_jobs":{"rust":2},"work_terms":[[3,0.5]]}"#;
    target("legacy_track_record").run([seed], |bytes| {
        let Some(legacy) = record::<LegacyTrackRecord>(bytes) else { return false };
        let _ = legacy.split(Timestamp::UNIX_EPOCH);
        true
    });
}
