//! Inputs that real people sent, through the whole system. The rules behind them are tested beside the rules.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Market, PASSWORD, Person, designer, logo_project};

fn with(mut body: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        body[*name] = value.clone();
    }
    body
}

/// The names of the freelancers that a query lists.
async fn listed(market: &Market, query: &str) -> usize {
    market.get(&format!("/freelancers{query}")).await.expect(StatusCode::OK).items().len()
}

fn skills(numbers: std::ops::Range<u32>) -> Value {
    numbers.map(|number| format!("skill number {number}")).collect()
}

#[tokio::test]
async fn fifty_skills_are_listed_and_replaced() {
    let market = Market::start().await;
    let person = market.person("다재다능").await;
    let first = with(designer(), &[("skills", skills(0..50))]);
    person.put("/freelancers/me", &first).await.expect(StatusCode::CREATED);
    for number in [0, 25, 49] {
        assert_eq!(listed(&market, &format!("?skill=skill-number-{number}")).await, 1, "{number}");
        assert_eq!(listed(&market, &format!("?category=DESIGN&skill=Skill_Number_{number}")).await, 1, "{number}");
    }

    let second = with(designer(), &[("skills", skills(50..100)), ("category", json!("branding"))]);
    person.put("/freelancers/me", &second).await.expect(StatusCode::OK);
    for number in [0, 25, 49, 50, 75, 99] {
        let expected = usize::from(number >= 50);
        assert_eq!(listed(&market, &format!("?skill=skill-number-{number}")).await, expected, "{number}");
        let query = format!("?category=branding&skill=skill-number-{number}");
        assert_eq!(listed(&market, &query).await, expected, "{number}");
        assert_eq!(listed(&market, &format!("?category=design&skill=skill-number-{number}")).await, 0, "{number}");
    }

    let sixty = with(designer(), &[("skills", skills(0..60))]);
    let refused = person.put("/freelancers/me", &sixty).await;
    assert_eq!(
        refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed").wrong_fields(),
        ["/skills"]
    );
}

#[tokio::test]
async fn a_new_project_is_open_and_to_come() {
    let market = Market::start().await;
    let client = market.person("의뢰인").await;
    for (name, value) in
        [("status", json!("closed")), ("starts_on", json!("1990-01-01")), ("expires_at", json!("2020-01-01T00:00:00Z"))]
    {
        let refused = client.post("/projects", &with(logo_project(), &[(name, value)])).await;
        let refused = refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(refused.wrong_fields(), [format!("/{name}")]);
    }
    let fixed = json!({"kind": "fixed", "max": 1_000_000.0, "currency": "KRW"});
    let body = with(logo_project(), &[("budget", fixed), ("expires_at", json!("2999-01-01T00:00:00+09:00"))]);
    let posted = client.post("/projects", &body).await.expect(StatusCode::CREATED);
    assert_eq!(posted.body["budget"], json!({"kind": "fixed", "min": null, "max": 1_000_000, "currency": "KRW"}));
    assert_eq!(posted.body["expires_at"], "2998-12-31T15:00:00Z");
}

#[tokio::test]
async fn one_address_has_one_account_in_every_spelling() {
    let market = Market::start().await;
    let register = async |email: &str| {
        let body = json!({"email": email, "password": PASSWORD, "display_name": "이름"});
        market.post("/accounts", &body).await
    };
    register("user@münchen.example").await.expect(StatusCode::CREATED);
    register("User@xn--mnchen-3ya.example").await.expect_problem(StatusCode::CONFLICT, "email_taken");
    for email in ["user@MÜNCHEN.example", "user@xn--mnchen-3ya.example"] {
        market.post("/sessions", &json!({"email": email, "password": PASSWORD})).await.expect(StatusCode::OK);
    }
    let invisible = register("us\u{200B}er@münchen.example").await;
    let invisible = invisible.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(invisible.wrong_fields(), ["/email"]);
}

#[tokio::test]
async fn names_can_be_seen() {
    let market = Market::start().await;
    for name in ["\u{3164}", "\u{200B}", "\u{AD}", "a\u{0}", "\u{202E}a"] {
        let body = json!({"email": "somebody@example.com", "password": PASSWORD, "display_name": name});
        let refused = market.post("/accounts", &body).await;
        let refused = refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(refused.wrong_fields(), ["/display_name"], "{name:?}");
    }
}

/// The number of freelancers that a project of one language is matched with, of a market with one freelancer.
async fn matched(client: &Person<'_>, language: &str, expected: usize) {
    let body = with(logo_project(), &[("languages", json!([language]))]);
    let id = client.post("/projects", &body).await.expect(StatusCode::CREATED).text("/id");
    client.matches(&format!("/projects/{id}/matches"), expected).await;
}

#[tokio::test]
async fn languages_are_shared_in_every_spelling() {
    let market = Market::start().await;
    let person = market.person("번역가").await;
    let body = with(designer(), &[("languages", json!(["he", "nb", "kor"])), ("weekly_hours", json!(10.0))]);
    let put = person.put("/freelancers/me", &body).await.expect(StatusCode::CREATED);
    assert_eq!((&put.body["weekly_hours"], &put.body["languages"]), (&json!(10), &json!(["he", "nb", "kor"])));

    let client = market.person("의뢰인").await;
    for language in ["iw", "no", "nn-NO", "ko-KR"] {
        matched(&client, language, 1).await;
    }
    matched(&client, "ja", 0).await;
    for language in ["kr", "jp", "cn"] {
        let refused = client.post("/projects", &with(logo_project(), &[("languages", json!([language]))])).await;
        let refused = refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(refused.wrong_fields(), ["/languages/0"]);
    }
}
