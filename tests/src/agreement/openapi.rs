//! The description of the API, `infra/openapi.json`, is up to date and complete.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operations::{described, openapi};
use crate::golden::{compare, repository};

#[test]
fn the_openapi_document_is_up_to_date() {
    let path = repository().join("infra/openapi.json");
    if let Err(complaint) = compare(&path, &pairwork::openapi::document()) {
        panic!("{complaint}\nRun the test with PAIRWORK_REFRESH=1, or: pairwork openapi > infra/openapi.json");
    }
}

#[test]
fn the_openapi_document_is_complete() {
    let document = openapi();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    for field in ["title", "description", "license"] {
        assert!(!document["info"][field].is_null(), "info.{field} is missing");
    }
    assert!(document["servers"].as_array().is_some_and(|servers| !servers.is_empty()));
    assert_eq!(document["components"]["securitySchemes"]["access_token"]["scheme"], "bearer");

    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for (route, operation) in described(&document) {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{route} has no operationId"));
        assert!(ids.insert(id.to_owned()), "{route}: the operationId {id} is given twice");
        assert!(operation["summary"].is_string(), "{route} has no summary");
        let tagged: Vec<_> = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(!tagged.is_empty() && tagged.iter().all(|tag| tags.contains(tag)), "{route}: tags {tagged:?}");

        let responses = operation["responses"].as_object().expect("responses");
        let signed_in = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
        let refusals = &codes_of(responses, "401");
        assert_eq!(signed_in, refusals.contains(&"unauthorized"), "{route}: security and 401 {refusals:?}");
        let refused: Vec<_> = responses.keys().filter(|status| status.starts_with('4')).collect();
        assert!(!refused.is_empty() || route == "GET /health", "{route} is never refused");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            // API Gateway itself answers 429, and its body is no problem document.
            let own = *status == "429";
            let media_type = if own { "application/json" } else { "application/problem+json" };
            let schema = &response["content"][media_type]["schema"];
            assert!(schema.is_object(), "{route}: {status} is no {media_type}");
            assert!(
                own || schema["$ref"] == "#/components/schemas/Problem",
                "{route}: {status} has a shape of its own"
            );
        }
    }
}

#[test]
fn every_reference_in_the_openapi_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
            _ => {}
        }
    }
    let document = openapi();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("references stay inside the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn no_default_in_the_openapi_document_contradicts_its_type() {
    fn defaults(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                let nullable = members.get("type").is_none_or(|kind| kind.to_string().contains("null"));
                assert!(members.get("default") != Some(&Value::Null) || nullable, "{place} is null by default");
                members.iter().for_each(|(name, member)| defaults(member, &format!("{place}/{name}")));
            }
            Value::Array(elements) => elements.iter().for_each(|element| defaults(element, place)),
            _ => {}
        }
    }
    defaults(&openapi(), "");
}

/// The codes of the problems that a status stands for.
fn codes_of<'a>(responses: &'a serde_json::Map<String, Value>, status: &str) -> Vec<&'a str> {
    let examples = responses.get(status).map(|response| &response["content"]["application/problem+json"]["examples"]);
    examples.and_then(Value::as_object).into_iter().flatten().map(|(code, _)| code.as_str()).collect()
}
