//! Every operation refuses everybody whom the access table does not name.

use std::collections::{BTreeMap, BTreeSet};

use http_api::access::{ACCESS, Access, Who};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::golden::repository;
use crate::support::{ApiResponse, Market, PASSWORD, logo_project};

/// Calls an operation. Parameters of the path are filled from `ids`.
async fn call(market: &Market, access: &Access, ids: &BTreeMap<&str, String>, bearer: Option<&str>) -> ApiResponse {
    let (method, path) = access.route.split_once(' ').expect("a method and a path");
    let path = ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    assert!(!path.contains('{'), "no value for a parameter of {path}");
    let method: Method = method.parse().expect("a method");
    let has_body = method != Method::GET;
    let mut request = market.request(method, &path);
    if let Some(token) = bearer {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    if has_body { request.json(&json!({})).send().await } else { request.send().await }
}

fn guarded() -> impl Iterator<Item = &'static Access> {
    ACCESS.iter().filter(|access| access.role().is_some())
}

#[test]
fn the_table_and_the_description_name_the_same_operations() {
    let document: Value = serde_json::from_str(&pairwork::openapi::document()).expect("JSON");
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let route = format!("{} {path}", method.to_uppercase());
            let access = ACCESS.iter().find(|access| access.route == route);
            let access = access.unwrap_or_else(|| panic!("functions/shared/http/src/access.rs lacks {route}"));
            let asks = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
            assert_eq!(asks, access.role().is_some(), "{route}: the description and the table differ about a token");
            let examples = &operation["responses"]["401"]["content"]["application/problem+json"]["examples"];
            let proves = !examples["reauthentication_required"].is_null();
            assert_eq!(proves, access.needs_proof, "{route}: the description and the table differ about a proof");
            described.insert(route);
        }
    }
    let stated: BTreeSet<String> = ACCESS.iter().map(|access| access.route.to_owned()).collect();
    assert_eq!(stated, described);
}

#[tokio::test]
async fn nobody_else_gets_in() {
    let market = Market::start_with(&["--samples"]).await;
    let file = std::fs::read_to_string(repository().join("events/tokens.yaml")).expect("the sample tokens");
    let tokens: BTreeMap<String, String> = serde_yaml_ng::from_str(&file).expect("a table of tokens");
    let owner = market.person("Owner").await;
    let other = market.person("Other").await;
    let project = owner.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let session = market.post("/sessions", &json!({"email": owner.email, "password": PASSWORD})).await;
    let session = session.expect(StatusCode::OK);
    let ids = BTreeMap::from([("id", project.clone()), ("project_id", project.clone())]);
    let mut refused = 0;
    for access in guarded() {
        for (caller, bearer) in [
            ("anonymous", None),
            ("a refresh token", Some(session.text("/refresh_token"))),
            ("an expired token", Some(tokens["expired"].clone())),
            ("a foreign token", Some(tokens["foreign"].clone())),
            ("a forged token", Some(tokens["forged"].clone())),
            ("a token of an unknown key", Some(tokens["unknown-key"].clone())),
            ("a token of an account that does not exist", Some(tokens["nobody"].clone())),
        ] {
            let answer = call(&market, access, &ids, bearer.as_deref()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {caller}: {:#}", access.route, answer.body);
            assert_eq!(answer.body["code"], "unauthorized", "{}: {caller}", access.route);
            refused += 1;
        }
        if access.who == Who::Owner {
            let answer = call(&market, access, &ids, Some(&other.token)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}: another member", access.route);
        }
        if access.needs_proof {
            // This person signed in long ago.
            let answer = call(&market, access, &ids, Some(&tokens["minjun"])).await;
            let answer = answer.expect_problem(StatusCode::UNAUTHORIZED, "reauthentication_required");
            assert!(answer.header("www-authenticate").contains("max_age=600"), "{}", access.route);
        }
    }
    assert!(refused >= 7 * 15, "only {refused} tries");
    let foreign_session = BTreeMap::from([("id", session.text("/session_id"))]);
    let end = Access::to("DELETE", "/sessions/{id}").expect("an operation");
    let answer = call(&market, end, &foreign_session, Some(&other.token)).await;
    answer.expect_problem(StatusCode::NOT_FOUND, "not_found");
}
