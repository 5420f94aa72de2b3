//! The second factor: sign-in asks for a code, a code works once, and sensitive acts ask for a recent proof.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::{ApiResponse, Market, PASSWORD};

/// The code of an app that was set up from `secret`, for the step that is `steps` away from now.
pub(crate) fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base32")).build_noncompliant();
    let seconds = jiff::Timestamp::now().as_second() + 30 * steps;
    totp.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

async fn sign_in(market: &Market, email: &str, code: Option<&str>) -> ApiResponse {
    market.post("/sessions", &json!({"email": email, "password": PASSWORD, "code": code})).await
}

#[tokio::test]
async fn sign_in_asks_for_a_code_that_works_once() {
    let market = Market::start().await;
    let person = market.person("서연").await;
    let added = person.post("/accounts/me/totp", &Value::Null).await.expect(StatusCode::CREATED);
    let secret = added.text("/secret");
    assert!(added.text("/otpauth_uri").contains(&secret));
    assert!(added.text("/qr_svg").contains("<svg"));
    // Until it is confirmed, nobody is asked for a code.
    sign_in(&market, &person.email, None).await.expect(StatusCode::OK);
    let wrong = person.post("/accounts/me/totp/confirm", &json!({"code": "000000"})).await;
    wrong.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code");
    let confirm = json!({"code": code(&secret, -1)});
    let confirmed = person.post("/accounts/me/totp/confirm", &confirm).await.expect(StatusCode::OK);
    let recovery = confirmed.body["recovery_codes"].as_array().expect("codes").clone();
    assert_eq!(recovery.len(), 10);

    sign_in(&market, &person.email, None).await.expect_problem(StatusCode::UNAUTHORIZED, "second_factor_required");
    let now = code(&secret, 0);
    let session = sign_in(&market, &person.email, Some(&now)).await.expect(StatusCode::OK);
    let again = sign_in(&market, &person.email, Some(&now)).await;
    again.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code");
    let lost = recovery[0].as_str().expect("a code");
    sign_in(&market, &person.email, Some(lost)).await.expect(StatusCode::OK);
    let spent = sign_in(&market, &person.email, Some(lost)).await;
    spent.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code");

    // A wrong password is refused in the same way, with and without a second factor.
    let body = json!({"email": person.email, "password": "not the password"});
    market.post("/sessions", &body).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");

    // The first session was opened before the factor, so it has to prove it for a sensitive act.
    let new_password = json!({"current_password": PASSWORD, "password": "seven paper lanterns"});
    let refused = person.put("/accounts/me/password", &new_password).await;
    let refused = refused.expect_problem(StatusCode::UNAUTHORIZED, "reauthentication_required");
    assert!(refused.header("www-authenticate").contains("insufficient_user_authentication"));
    let bearer = format!("Bearer {}", session.text("/access_token"));
    let changed = market.request(Method::PUT, "/accounts/me/password").header("authorization", &bearer);
    changed.json(&new_password).send().await.expect(StatusCode::NO_CONTENT);
    // The former password counts no more, not even for another change.
    let again = market.request(Method::PUT, "/accounts/me/password").header("authorization", &bearer);
    let again = again.json(&new_password).send().await;
    again.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");

    let me = async || market.request(Method::GET, "/accounts/me").header("authorization", &bearer).send().await.body;
    assert_eq!((&me().await["has_second_factor"], &me().await["recovery_codes_left"]), (&json!(true), &json!(9)));
    // A person who lost the codes makes new ones, and the old ones count no more.
    let made = market.request(Method::POST, "/accounts/me/recovery-codes").header("authorization", &bearer);
    let made = made.send().await.expect(StatusCode::CREATED);
    assert_eq!(me().await["recovery_codes_left"], 10);
    let old = json!({"email": person.email, "password": "seven paper lanterns", "code": recovery[2]});
    let old = market.post("/sessions", &old).await;
    old.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code");
    let recovery = made.body["recovery_codes"].as_array().expect("codes");
    let remove = market.request(Method::DELETE, "/accounts/me/totp").header("authorization", &bearer);
    remove.json(&json!({"code": recovery[1]})).send().await.expect(StatusCode::NO_CONTENT);
    assert_eq!((&me().await["has_second_factor"], &me().await["recovery_codes_left"]), (&json!(false), &json!(0)));
    let made = market.request(Method::POST, "/accounts/me/recovery-codes").header("authorization", &bearer);
    made.send().await.expect_problem(StatusCode::CONFLICT, "no_second_factor");
}

#[tokio::test]
async fn a_proof_makes_a_session_fresh() {
    let market = Market::start().await;
    let person = market.person("민준").await;
    let secret = person.post("/accounts/me/totp", &Value::Null).await.expect(StatusCode::CREATED).text("/secret");
    let confirm = json!({"code": code(&secret, -1)});
    person.post("/accounts/me/totp/confirm", &confirm).await.expect(StatusCode::OK);
    let prove = async |body: Value| person.post("/sessions/current/proof", &body).await;
    prove(json!({"password": PASSWORD})).await.expect_problem(StatusCode::UNAUTHORIZED, "second_factor_required");
    prove(json!({"password": "wrong one", "code": code(&secret, 0)}))
        .await
        .expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let proved = prove(json!({"password": PASSWORD, "code": code(&secret, 0)})).await.expect(StatusCode::OK);
    let new_email = json!({"email": "minjun.new@example.com"});
    // The proof makes new tokens, and the old ones count no more.
    let old = person.put("/accounts/me/email", &new_email).await;
    old.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    let bearer = format!("Bearer {}", proved.text("/access_token"));
    let changed = market.request(Method::PUT, "/accounts/me/email").header("authorization", &bearer);
    changed.json(&new_email).send().await.expect(StatusCode::ACCEPTED);
    let refresh = json!({"refresh_token": proved.text("/refresh_token")});
    market.post("/sessions/refresh", &refresh).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let market = Market::start().await;
    let person = market.person("하은").await;
    let secret = person.post("/accounts/me/totp", &Value::Null).await.expect(StatusCode::CREATED).text("/secret");
    let confirm = json!({"code": code(&secret, -1)});
    person.post("/accounts/me/totp/confirm", &confirm).await.expect(StatusCode::OK);
    let mut refused = 0;
    for _ in 0..8 {
        let answer = sign_in(&market, &person.email, Some("000000")).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 3, "{refused} of 8 codes were not tried");
}
