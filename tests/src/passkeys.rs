//! Passkeys: adding, signing in with one alone, proving one's identity, and every answer that must be refused.

mod authenticator;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use self::authenticator::{Authenticator, decode, encode};
use crate::support::{ApiResponse, Market, Person};

/// Asks for a challenge to add a passkey.
async fn begin(person: &Person<'_>) -> Value {
    let begun = person.post("/accounts/me/passkeys/challenges", &Value::Null).await.expect(StatusCode::CREATED);
    assert_eq!(begun.header("cache-control"), "no-store");
    begun.body
}

/// Sends an authenticator's answer to a challenge of [`begin`].
async fn send(person: &Person<'_>, credential: Value) -> ApiResponse {
    person.post("/accounts/me/passkeys", &json!({"name": "내 휴대전화", "credential": credential})).await
}

/// Adds a passkey.
async fn add(person: &Person<'_>, device: &mut Authenticator) -> ApiResponse {
    let answer = device.create(&begin(person).await);
    send(person, answer).await
}

/// Asks for a challenge to sign in.
async fn challenge(market: &Market) -> Value {
    market.post("/sessions/passkey-challenges", &Value::Null).await.expect(StatusCode::CREATED).body
}

async fn sign_in(market: &Market, credential: &Value) -> ApiResponse {
    market.post("/sessions/passkeys", &json!({"credential": credential})).await
}

/// Asserts that an answer signs nobody in, and in the same words as a wrong password.
async fn expect_nobody(market: &Market, credential: &Value) {
    let refused = sign_in(market, credential).await;
    let refused = refused.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    assert_eq!(refused.body["detail"], "There is no account with this address and password.");
}

#[tokio::test]
async fn a_passkey_signs_in_alone_until_it_is_removed() {
    let market = Market::start().await;
    let person = market.person("김민아").await;
    let mut device = Authenticator::new(1, market.url());
    let options = begin(&person).await;
    assert_eq!(options["rp"], json!({"name": "Pairwork", "id": "localhost"}));
    assert_eq!(options["user"]["name"], person.email.as_str());
    assert_eq!(options["user"]["displayName"], "김민아");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["attestation"], "none");
    // A browser refuses to make a passkey on a device that lacks a demanded extension.
    assert_eq!(options["extensions"], json!({}));
    let handle = decode(options["user"]["id"].as_str().expect("a handle"));
    assert_eq!(handle.len(), 64);
    assert!(!String::from_utf8_lossy(&handle).contains(&person.id), "the handle tells nothing about the account");

    let answer = device.create(&options);
    let added = send(&person, answer).await.expect(StatusCode::CREATED);
    let id = added.text("/id");
    assert_eq!(added.header("location"), format!("/accounts/me/passkeys/{id}"));
    let listed = person.get("/accounts/me/passkeys").await.expect(StatusCode::OK);
    assert_eq!(listed.items(), std::slice::from_ref(&added.body));
    assert_eq!(listed.body["items"][0]["name"], "내 휴대전화");
    assert!(listed.body["items"][0]["last_used_at"].is_null());

    // The next device is told which passkeys there are, and keeps the account under the same handle.
    let next = begin(&person).await;
    assert_eq!(next["user"]["id"], options["user"]["id"]);
    assert_eq!(next["excludeCredentials"][0]["id"], encode(&device.credential_id));

    let asked = challenge(&market).await;
    assert_eq!(asked["rpId"], "localhost");
    assert_eq!(asked["userVerification"], "required");
    assert_eq!(asked["allowCredentials"], json!([]));
    let session = sign_in(&market, &device.get(&asked)).await.expect(StatusCode::OK);
    assert_eq!(session.header("cache-control"), "no-store");
    assert!(session.text("/refresh_token").starts_with("prt_"));
    let owner = market.somebody(&person.email, &session.text("/access_token"));
    let me = owner.get("/accounts/me").await.expect(StatusCode::OK);
    assert_eq!(me.text("/id"), person.id);
    let used = owner.get("/accounts/me/passkeys").await.expect(StatusCode::OK);
    assert!(used.body["items"][0]["last_used_at"].is_string());

    // A page keeps the refresh token in its cookie.
    let body = json!({"credential": device.get(&challenge(&market).await), "cookie": true});
    let page = market.post("/sessions/passkeys", &body).await.expect(StatusCode::OK);
    assert!(page.body["refresh_token"].is_null());
    assert!(page.header("set-cookie").starts_with("__Secure-refresh_token=prt_"));

    // The sign-in counts as a proof with two factors, so a sensitive act needs no further one.
    let remove = || owner.request(Method::DELETE, &format!("/accounts/me/passkeys/{id}")).send();
    remove().await.expect(StatusCode::NO_CONTENT);
    remove().await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    let listed = owner.get("/accounts/me/passkeys").await.expect(StatusCode::OK);
    assert!(listed.items().is_empty());
    expect_nobody(&market, &device.get(&challenge(&market).await)).await;

    // A removed passkey may come back.
    add(&person, &mut device).await.expect(StatusCode::CREATED);
    sign_in(&market, &device.get(&challenge(&market).await)).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_answer_that_proves_nothing_signs_nobody_in() {
    let market = Market::start().await;
    let person = market.person("민준").await;
    let mut device = Authenticator::new(2, market.url());
    add(&person, &mut device).await.expect(StatusCode::CREATED);

    let good = device.get(&challenge(&market).await);
    sign_in(&market, &good).await.expect(StatusCode::OK);
    // Sent again: its challenge was used.
    expect_nobody(&market, &good).await;

    for (reason, change) in [
        ("another page", (|it| it.origin = "https://market.example".to_owned()) as fn(&mut Authenticator)),
        ("another port", |it| it.origin = "http://localhost:1".to_owned()),
        ("a page without a name", |it| it.origin = it.origin.replace("localhost", "127.0.0.1")),
        ("another site", |it| it.rp_id = "market.example".to_owned()),
        ("nobody verified", |it| it.verifies_person = false),
        ("an unknown credential", |it| it.credential_id = vec![7; 32]),
        ("another user handle", |it| it.user_handle = encode(&[7; 64])),
        ("a counter that stands still", |it| it.counter -= 1),
        ("a counter that goes back", |it| it.counter = 0),
    ] {
        let mut changed = device.clone();
        change(&mut changed);
        let asked = challenge(&market).await;
        if reason == "a counter that goes back" {
            // One sign-in later, the count of the copy is behind.
            sign_in(&market, &device.get(&challenge(&market).await)).await.expect(StatusCode::OK);
        }
        expect_nobody(&market, &changed.get(&asked)).await;
    }

    let mut tampered = device.get(&challenge(&market).await);
    let mut signature = decode(tampered["response"]["signature"].as_str().expect("a signature"));
    *signature.last_mut().expect("bytes") ^= 1;
    tampered["response"]["signature"] = encode(&signature).into();
    expect_nobody(&market, &tampered).await;
    let mut another_key = Authenticator::new(3, market.url());
    another_key.credential_id.clone_from(&device.credential_id);
    another_key.user_handle.clone_from(&device.user_handle);
    another_key.counter = 1_000;
    expect_nobody(&market, &another_key.get(&challenge(&market).await)).await;
    // A challenge of another ceremony, and one that this market never gave.
    expect_nobody(&market, &device.get(&begin(&person).await)).await;
    expect_nobody(&market, &device.get(&json!({"challenge": encode(&[9; 16])}))).await;

    for wrong in [json!({}), json!("x"), json!({"id": "AA", "type": "public-key"}), Value::Null] {
        let refused = sign_in(&market, &wrong).await;
        let refused = refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(refused.wrong_fields(), ["/credential"], "{wrong}");
    }
    let long = "A".repeat(40_000);
    let refused = sign_in(&market, &json!({"id": long})).await;
    refused.expect_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    // None of it harmed the passkey.
    sign_in(&market, &device.get(&challenge(&market).await)).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_adds_no_passkey() {
    let market = Market::start().await;
    let [person, other] = [market.person("서연").await, market.person("하은").await];
    let mut device = Authenticator::new(4, market.url());
    let refused = async |credential: Value| {
        let answer = send(&person, credential).await;
        answer.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused");
    };
    for change in [
        (|it| it.origin = "https://market.example".to_owned()) as fn(&mut Authenticator),
        |it| it.rp_id = "market.example".to_owned(),
        |it| it.verifies_person = false,
    ] {
        let mut changed = device.clone();
        change(&mut changed);
        refused(changed.create(&begin(&person).await)).await;
    }
    // Somebody else's challenge.
    refused(device.create(&begin(&other).await)).await;
    // A challenge for a sign-in.
    let mut asked = challenge(&market).await;
    asked["user"] = json!({"id": encode(&[1; 64])});
    refused(device.create(&asked)).await;

    let answer = device.create(&begin(&person).await);
    send(&person, answer.clone()).await.expect(StatusCode::CREATED);
    // Sent again: its challenge was used.
    refused(answer).await;
    // A passkey has one owner.
    let stolen = device.create(&begin(&other).await);
    send(&other, stolen).await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused");

    let wrong = person.post("/accounts/me/passkeys", &json!({"name": " ", "credential": {"id": 7}})).await;
    let wrong = wrong.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(wrong.wrong_fields(), ["/credential", "/name"]);
}

#[tokio::test]
async fn an_account_has_at_most_ten_passkeys() {
    let market = Market::start().await;
    let person = market.person("도윤").await;
    for seed in 1..=9 {
        add(&person, &mut Authenticator::new(seed, market.url())).await.expect(StatusCode::CREATED);
    }
    // Two answers that race for the last place.
    let [first, second] = [begin(&person).await, begin(&person).await];
    let [mut ten, mut eleven] = [10, 11].map(|seed| Authenticator::new(seed, market.url()));
    let (ten, eleven) = (ten.create(&first), eleven.create(&second));
    let (one, two) = tokio::join!(send(&person, ten), send(&person, eleven));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::CREATED, StatusCode::CONFLICT], "{:#} {:#}", one.body, two.body);
    let refused = person.post("/accounts/me/passkeys/challenges", &Value::Null).await;
    refused.expect_problem(StatusCode::CONFLICT, "too_many_passkeys");
    let listed = person.get("/accounts/me/passkeys").await.expect(StatusCode::OK);
    assert_eq!(listed.items().len(), 10);
}

#[tokio::test]
async fn a_repeated_request_adds_one_passkey() {
    let market = Market::start().await;
    let person = market.person("지우").await;
    let mut device = Authenticator::new(12, market.url());
    let body = json!({"name": "Key", "credential": device.create(&begin(&person).await)});
    let send = async || {
        let request = person.request(Method::POST, "/accounts/me/passkeys").header("idempotency-key", "one-passkey");
        request.json(&body).send().await.expect(StatusCode::CREATED)
    };
    let [first, again] = [send().await, send().await];
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(person.get("/accounts/me/passkeys").await.items().len(), 1);
}

#[tokio::test]
async fn a_passkey_proves_the_identity_of_its_own_account() {
    let market = Market::start_with(&["--samples"]).await;
    let file = std::fs::read_to_string(crate::golden::repository().join("events/tokens.yaml")).expect("the tokens");
    let tokens: std::collections::BTreeMap<String, String> = serde_yaml_ng::from_str(&file).expect("a table");
    // Minjun signed in long ago.
    let minjun = market.somebody("minjun", &tokens["minjun"]);
    let person = market.person("주원").await;
    let mut device = Authenticator::new(13, market.url());
    add(&person, &mut device).await.expect(StatusCode::CREATED);

    let prove = async |who: &Person<'_>, credential: &Value| {
        who.post("/sessions/current/proof", &json!({"credential": credential})).await
    };
    let answer = device.get(&challenge(&market).await);
    prove(&minjun, &answer).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let proved = prove(&person, &answer).await.expect(StatusCode::OK);
    let person = market.somebody(&person.email, &proved.text("/access_token"));
    prove(&person, &answer).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let unproved = minjun.post("/accounts/me/passkeys/challenges", &Value::Null).await;
    unproved.expect_problem(StatusCode::UNAUTHORIZED, "reauthentication_required");
    // Without either, the password is what is missing.
    let neither = person.post("/sessions/current/proof", &json!({})).await;
    let neither = neither.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(neither.wrong_fields(), ["/password"]);
}

#[tokio::test]
async fn a_market_without_an_address_offers_no_passkeys() {
    let market = Market::start_with(&["--parameter-overrides", "PasskeyOrigin="]).await;
    let person = market.person("시우").await;
    let begun = person.post("/accounts/me/passkeys/challenges", &Value::Null).await;
    begun.expect_problem(StatusCode::NOT_FOUND, "passkeys_not_offered");
    let begun = market.post("/sessions/passkey-challenges", &Value::Null).await;
    begun.expect_problem(StatusCode::NOT_FOUND, "passkeys_not_offered");
}
