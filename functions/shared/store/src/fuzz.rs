//! Fuzz targets: stored items. An item that nobody of this version wrote is an error, not a panic.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    freelancer::Freelancer,
    idempotency::{Decision, Fingerprint, decide},
    project::Project,
};
use fuzzing::Target;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{idempotency, legacy::LegacyTrackRecord, read::decode};

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
        // Only an equal fingerprint gets the reply.
        let replayed = matches!(decide(Some(&record), &Fingerprint([1; 32]), now), Decision::Replay(_));
        assert_eq!(replayed, replayed && record.fingerprint == Fingerprint([1; 32]));
        true
    });
}

#[test]
fn fuzz_project_item() {
    let seed = r#"{"id":"prj_00000000000000000000000007","owner_id":"acc_00000000000000000000000008","status":"open",
        "version":1,"created_at":"2026-11-22T12:00:00Z","updated_at":"2026-11-22T12:00:00Z","brief":{"title":"t",
        "description":"d","category":"c","skills":["Rust"],"languages":["ko"],
        "budget":{"kind":"fixed","min":5,"max":9,"currency":"KRW"},"expires_at":"2027-01-01T00:00:00Z"}}"#;
    target("project_item").run([seed], |bytes| record::<Project>(bytes).is_some());
}

#[test]
fn fuzz_freelancer_item() {
    let seed = r#"{"id":"acc_00000000000000000000000007","display_name":"박지훈","version":3,
        "created_at":"2026-11-22T12:00:00Z","updated_at":"2026-11-22T12:00:00Z","profile":{"headline":"h","bio":"b",
        "category":"c","skills":["Rust"],"languages":["en-GB"],"hourly_rate":{"amount":65000,"currency":"KRW"},
        "weekly_hours":40}}"#;
    target("freelancer_item").run([seed], |bytes| record::<Freelancer>(bytes).is_some());
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
