//! Registration and sign-in, and the facts that strangers must not learn from them.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Market, PASSWORD};

#[tokio::test]
async fn an_account_is_created_and_signs_in() {
    let market = Market::start().await;
    let body = json!({"email": "Ji-hoon@Example.com", "password": PASSWORD, "display_name": "김지훈"});

    let created = market.post("/accounts", &body).await.expect(StatusCode::CREATED);
    assert_eq!(created.body["email"], "Ji-hoon@Example.com");
    assert_eq!(created.body["display_name"], "김지훈");
    assert!(created.text("/id").starts_with("usr_"));
    assert!(created.text("/created_at").ends_with('Z'), "times are RFC 3339 in UTC");
    assert!(created.body.get("password").is_none());

    let session = market.post("/sessions", &json!({"email": "ji-hoon@example.com", "password": PASSWORD})).await;
    let session = session.expect(StatusCode::OK);
    assert_eq!(session.body["token_type"], "Bearer");
    assert!(session.body["expires_in"].as_u64().is_some_and(|seconds| seconds > 0));

    let bearer = format!("Bearer {}", session.text("/access_token"));
    let me = market.request(Method::GET, "/accounts/me").header("authorization", &bearer).send().await;
    let mut own = created.body.clone();
    own["has_second_factor"] = json!(false);
    own["recovery_codes_left"] = json!(0);
    assert_eq!(me.expect(StatusCode::OK).body, own);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let market = Market::start().await;
    let person = market.person("서연").await;

    let wrong = market.post("/sessions", &json!({"email": person.email, "password": "not the password"})).await;
    let unknown = market.post("/sessions", &json!({"email": "nobody@example.com", "password": PASSWORD})).await;

    let wrong = wrong.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let unknown = unknown.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    assert_eq!(wrong.body["detail"], unknown.body["detail"]);
}

#[tokio::test]
async fn every_wrong_field_is_named_in_one_answer() {
    let market = Market::start().await;
    let body = json!({"email": "no-at-sign", "password": "short", "display_name": 7});
    let reply = market.post("/accounts", &body).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(reply.wrong_fields(), ["/display_name", "/email", "/password"]);

    let empty = market.post("/accounts", &json!({})).await;
    let empty = empty.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(empty.wrong_fields(), ["/display_name", "/email", "/password"]);
}

#[tokio::test]
async fn a_taken_address_is_refused_however_it_is_spelled() {
    let market = Market::start().await;
    let person = market.person("민준").await;
    let body = json!({"email": person.email.to_uppercase(), "password": PASSWORD, "display_name": "Other"});
    market.post("/accounts", &body).await.expect_problem(StatusCode::CONFLICT, "email_taken");
}

#[tokio::test]
async fn two_simultaneous_registrations_leave_one_account() {
    let market = Market::start().await;
    // The first registration starts processes; the race should be between registrations, not between starts.
    market.person("warm-up").await;
    for round in 0..5 {
        let body = json!({"email": format!("race-{round}@example.com"), "password": PASSWORD, "display_name": "경주"});
        let (one, two) = tokio::join!(market.post("/accounts", &body), market.post("/accounts", &body));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "round {round}: {:#} {:#}", one.body, two.body);
        market.sign_in(&format!("race-{round}@example.com")).await;
    }
}

#[tokio::test]
async fn the_published_keys_name_the_key_of_every_token() {
    let market = Market::start().await;
    let person = market.person("하은").await;
    let keys = market.get("/.well-known/jwks.json").await.expect(StatusCode::OK);
    let key = &keys.body["keys"][0];
    assert_eq!(key["kty"], "EC");
    assert_eq!(key["crv"], "P-256");
    assert_eq!(key["alg"], "ES256");
    assert!(key.get("d").is_none(), "a private key was published");

    let header = person.token.split('.').next().expect("a JWT has three parts");
    let kid = key["kid"].as_str().expect("a key id");
    let header = String::from_utf8(base64_url(header)).expect("a JWT header is text");
    assert!(header.contains(kid), "{header} does not name {kid}");
}

#[tokio::test]
async fn a_token_that_is_missing_foreign_or_altered_is_refused() {
    let market = Market::start().await;
    let person = market.person("도윤").await;
    let elsewhere = Market::start().await;
    let foreign = elsewhere.person("도윤").await.token;

    // The first character of the signature, not the last: that one also holds unused bits.
    let (signed, signature) = person.token.rsplit_once('.').expect("a JWT has three parts");
    let flipped = if signature.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{signed}.{flipped}{}", &signature[1..]);
    // {"alg":"none"} with the person's own claims.
    let claims = person.token.split('.').nth(1).expect("a JWT has three parts");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");

    for path in ["/accounts/me", "/freelancers/me", "/accounts/me/projects"] {
        let reply = market.get(path).await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
        for token in [&foreign, &altered, &unsigned, "x", ""] {
            let reply = market.request(Method::GET, path).header("authorization", &format!("Bearer {token}")).send();
            reply.await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
        }
    }
}

/// Decodes base64url without padding.
fn base64_url(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).expect("base64url")
}
