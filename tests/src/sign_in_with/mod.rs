//! Signing in with a provider: accounts are opened and linked, and nothing that a provider or a stranger sends gets
//! anybody into an account that is not theirs.

mod provider;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use self::provider::{Answer, Discovery, Provider, SECRET, Signing};
use crate::letters::{letters, secret};
use crate::second_factor::code;
use crate::support::{ApiResponse, Market, PASSWORD};

/// A market with the provider under two ids.
async fn market(provider: &Provider) -> Market {
    let providers = json!([provider.configured("test"), provider.configured("other")]);
    Market::start_with(&["--parameter-overrides", &format!("SignInProviders={providers}")]).await
}

/// A browser: it keeps the cookie of its round trips.
struct Browser<'m> {
    market: &'m Market,
    cookie: String,
}

impl<'m> Browser<'m> {
    fn new(market: &'m Market) -> Self {
        Self { market, cookie: String::new() }
    }

    /// Begins a round trip; `bearer` is the token of a signed-in person.
    async fn begin(&mut self, path: &str, bearer: Option<&str>, body: &Value) -> ApiResponse {
        let mut request = self.market.request(Method::POST, path).header("origin", self.market.url()).json(body);
        if let Some(token) = bearer {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        let reply = request.header("cookie", &self.cookie).send().await;
        if let Some((cookie, _)) = reply.header("set-cookie").split_once(';') {
            self.cookie = cookie.to_owned();
        }
        reply
    }

    /// Begins to sign in, and comes back from the provider.
    async fn visit(&mut self, provider: &Provider) -> Answer {
        let begun = self.begin("/sign-in-providers/test/authorizations", None, &Value::Null).await;
        let begun = begun.expect(StatusCode::CREATED);
        let cookie = begun.header("set-cookie");
        for part in ["__Host-", "Secure", "HttpOnly", "SameSite=Strict", "Path=/;"] {
            assert!(cookie.contains(part), "{part} is missing: {cookie}");
        }
        provider.visit(&begun.text("/authorization_url"))
    }

    async fn send(&self, path: &str, bearer: Option<&str>, body: &Value) -> ApiResponse {
        let mut request = self.market.request(Method::POST, path).header("cookie", &self.cookie).json(body);
        if let Some(token) = bearer {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        request.send().await
    }

    /// Signs in with the provider's present claims.
    async fn sign_in(&mut self, provider: &Provider) -> ApiResponse {
        let answer = self.visit(provider).await;
        self.send("/sessions/providers/test", None, &answer.body()).await
    }
}

async fn get(market: &Market, path: &str, token: &str) -> ApiResponse {
    market.request(Method::GET, path).header("authorization", &format!("Bearer {token}")).send().await
}

#[tokio::test]
async fn a_market_without_providers_knows_none() {
    let market = Market::start().await;
    let listed = market.get("/sign-in-providers").await.expect(StatusCode::OK);
    assert_eq!(listed.body, json!({"items": []}));
    let mut browser = Browser::new(&market);
    let begun = browser.begin("/sign-in-providers/google/authorizations", None, &Value::Null).await;
    begun.expect_problem(StatusCode::NOT_FOUND, "unknown_provider");
}

#[tokio::test]
async fn a_newcomer_opens_an_account_and_signs_in_again() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let listed = market.get("/sign-in-providers").await.expect(StatusCode::OK);
    assert_eq!(listed.body["items"][0], json!({"id": "test", "name": "Test"}));

    let mut browser = Browser::new(&market);
    let answer = browser.visit(&provider).await;
    assert_eq!(answer.redirect_uri, format!("{}/sign-in-providers/test/callback", market.url()));
    // The provider's answer goes on to the page in the fragment.
    let back = format!("{}?state={}&code={}&session_state=x", answer.redirect_uri, answer.state, answer.code);
    let patient = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let led = patient.get(back).send().await.expect("an answer");
    assert_eq!(led.status(), StatusCode::SEE_OTHER);
    let location = format!("/#/sign-in-with/test?state={}&authorization_code={}", answer.state, answer.code);
    assert_eq!(led.headers()["location"], location.as_str());

    let session = browser.send("/sessions/providers/test", None, &answer.body()).await.expect(StatusCode::OK);
    let token = session.text("/access_token");
    let account = get(&market, "/accounts/me", &token).await.expect(StatusCode::OK);
    assert_eq!(account.text("/email"), "mina@example.com");
    assert_eq!(account.text("/display_name"), "김민아");
    let identities = get(&market, "/accounts/me/identities", &token).await.expect(StatusCode::OK);
    assert_eq!(identities.body["has_password"], false);
    assert_eq!(identities.text("/items/0/provider/id"), "test");

    // The address may have changed there: the provider's name for the person counts.
    provider.set_claims(json!({"email": "other@example.com", "email_verified": false}));
    let again = browser.sign_in(&provider).await.expect(StatusCode::OK);
    let same = get(&market, "/accounts/me", &again.text("/access_token")).await.expect(StatusCode::OK);
    assert_eq!(same.text("/id"), account.text("/id"));

    // No password signs in, and the last way to sign in stays.
    let body = json!({"email": "mina@example.com", "password": PASSWORD});
    market.post("/sessions", &body).await.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    let unlink = async |token: String| {
        market.somebody("", &token).request(Method::DELETE, "/accounts/me/identities/test").send().await
    };
    let refused = unlink(again.text("/access_token")).await;
    refused.expect_problem(StatusCode::CONFLICT, "last_way_to_sign_in");

    // A letter lets the owner choose a password.
    market.post("/password-resets", &json!({"email": "mina@example.com"})).await.expect(StatusCode::ACCEPTED);
    let sent = letters(&market, "mina@example.com", 1).await;
    let chosen = market.request(Method::PUT, &format!("/password-resets/{}", secret(&sent[0])));
    chosen.json(&json!({"password": PASSWORD})).send().await.expect(StatusCode::NO_CONTENT);
    let session = market.post("/sessions", &body).await.expect(StatusCode::OK);
    unlink(session.text("/access_token")).await.expect(StatusCode::NO_CONTENT);
    let told = letters(&market, "mina@example.com", 3).await;
    assert!(told[0]["subject"].as_str().is_some_and(|subject| subject.contains("unlinked")), "{:#}", told[0]);
}

#[tokio::test]
async fn an_account_is_not_taken_over_by_its_address_but_links() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let person = market.person("서연").await;
    provider.set_claims(json!({"email": person.email}));
    let mut browser = Browser::new(&market);
    browser.sign_in(&provider).await.expect_problem(StatusCode::CONFLICT, "account_exists");

    let begin = "/accounts/me/identities/test/authorizations";
    let token = Some(person.token.as_str());
    let begun = browser.begin(begin, token, &json!({"purpose": "link"})).await.expect(StatusCode::CREATED);
    let answer = provider.visit(&begun.text("/authorization_url"));
    // A round trip for a link signs nobody in.
    let sign_in = browser.send("/sessions/providers/test", None, &answer.body()).await;
    sign_in.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_authorization");
    // Another account cannot finish it.
    let stranger = market.person("민준").await;
    let theirs = browser.send("/accounts/me/identities/test", Some(&stranger.token), &answer.body()).await;
    theirs.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_authorization");
    browser.send("/accounts/me/identities/test", token, &answer.body()).await.expect(StatusCode::NO_CONTENT);

    let session = browser.sign_in(&provider).await.expect(StatusCode::OK);
    let account = get(&market, "/accounts/me", &session.text("/access_token")).await.expect(StatusCode::OK);
    assert_eq!(account.text("/id"), person.id);

    // The identity has an owner now.
    let theirs = Some(stranger.token.as_str());
    let begun = browser.begin(begin, theirs, &json!({"purpose": "link"})).await.expect(StatusCode::CREATED);
    let answer = provider.visit(&begun.text("/authorization_url"));
    let taken = browser.send("/accounts/me/identities/test", theirs, &answer.body()).await;
    taken.expect_problem(StatusCode::CONFLICT, "identity_taken");

    let unlink = person.request(Method::DELETE, "/accounts/me/identities/test");
    unlink.send().await.expect(StatusCode::NO_CONTENT);
    browser.sign_in(&provider).await.expect_problem(StatusCode::CONFLICT, "account_exists");
}

#[tokio::test]
async fn the_second_factor_is_asked_for() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    let session = browser.sign_in(&provider).await.expect(StatusCode::OK);
    let person = market.somebody("mina@example.com", &session.text("/access_token"));
    let secret = person.post("/accounts/me/totp", &Value::Null).await.expect(StatusCode::CREATED).text("/secret");
    let confirm = json!({"code": code(&secret, -1)});
    person.post("/accounts/me/totp/confirm", &confirm).await.expect(StatusCode::OK);

    let answer = browser.visit(&provider).await;
    let mut body = answer.body();
    let without = browser.send("/sessions/providers/test", None, &body).await;
    without.expect_problem(StatusCode::UNAUTHORIZED, "second_factor_required");
    body["code"] = "000000".into();
    let wrong = browser.send("/sessions/providers/test", None, &body).await;
    wrong.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_code");
    body["code"] = code(&secret, 0).into();
    // The kept answer belongs to the browser, too.
    let elsewhere = Browser::new(&market).send("/sessions/providers/test", None, &body).await;
    elsewhere.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_authorization");
    browser.send("/sessions/providers/test", None, &body).await.expect(StatusCode::OK);
    body["code"] = code(&secret, 1).into();
    let again = browser.send("/sessions/providers/test", None, &body).await;
    again.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_authorization");
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    let now = jiff::Timestamp::now().as_second();
    for claims in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"aud": "another-client"}),
        json!({"aud": ["market-test", "another-client"]}),
        json!({"iss": "https://elsewhere.example"}),
        json!({"iss": null}),
        json!({"exp": now - 1}),
        json!({"exp": null}),
        json!({"iat": now + 3600, "exp": now + 7200}),
        json!({"sub": null}),
    ] {
        provider.set_claims(claims.clone());
        let refused = browser.sign_in(&provider).await;
        assert_eq!(refused.body["code"], "provider_refused", "{claims}: {:#}", refused.body);
        refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
    }
    provider.set_claims(json!({}));
    for signing in [Signing::None, Signing::Hs256, Signing::AnotherKey, Signing::UnknownKid] {
        provider.set_signing(signing);
        let refused = browser.sign_in(&provider).await;
        refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
    }
    provider.set_signing(Signing::Es256);
    browser.sign_in(&provider).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_answer_works_once_in_the_browser_that_asked() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    let answer = browser.visit(&provider).await;
    let refuse = |reply: ApiResponse| {
        reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_authorization");
    };
    // An attacker's answer in another browser, with its own cookie and without one.
    let mut victim = Browser::new(&market);
    refuse(victim.send("/sessions/providers/test", None, &answer.body()).await);
    victim.visit(&provider).await;
    refuse(victim.send("/sessions/providers/test", None, &answer.body()).await);
    // A page of another site.
    let foreign = market.request(Method::POST, "/sessions/providers/test").header("cookie", &browser.cookie);
    refuse(foreign.header("sec-fetch-site", "cross-site").json(&answer.body()).send().await);
    // Another provider, and a state that nobody knows.
    refuse(browser.send("/sessions/providers/other", None, &answer.body()).await);
    let unknown = json!({"state": "nobody-knows-it", "authorization_code": answer.code});
    refuse(browser.send("/sessions/providers/test", None, &unknown).await);
    // None of these used it up.
    browser.send("/sessions/providers/test", None, &answer.body()).await.expect(StatusCode::OK);
    refuse(browser.send("/sessions/providers/test", None, &answer.body()).await);

    // A code works once at the provider, whatever state comes with it.
    let next = browser.visit(&provider).await;
    let mixed = json!({"state": next.state, "authorization_code": answer.code});
    let refused = browser.send("/sessions/providers/test", None, &mixed).await;
    refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
    // The code of another round trip has another verifier.
    let (one, two) = (browser.visit(&provider).await, browser.visit(&provider).await);
    let mixed = json!({"state": one.state, "authorization_code": two.code});
    let refused = browser.send("/sessions/providers/test", None, &mixed).await;
    refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
}

#[tokio::test]
async fn an_announced_issuer_is_compared() {
    let provider = Provider::start().await;
    provider.announce_iss();
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    for iss in [Value::Null, "https://elsewhere.example".into()] {
        let mut body = browser.visit(&provider).await.body();
        body["iss"] = iss;
        let refused = browser.send("/sessions/providers/test", None, &body).await;
        refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
    }
    let mut body = browser.visit(&provider).await.body();
    body["iss"] = provider.issuer.clone().into();
    browser.send("/sessions/providers/test", None, &body).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_unusable_discovery_document_is_refused() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    for discovery in [Discovery::Huge, Discovery::Redirect, Discovery::Foreign, Discovery::Slow] {
        provider.set_discovery(discovery);
        let refused = browser.begin("/sign-in-providers/test/authorizations", None, &Value::Null).await;
        refused.expect_problem(StatusCode::SERVICE_UNAVAILABLE, "provider_unavailable");
    }
    provider.set_discovery(Discovery::Good);
    browser.sign_in(&provider).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn new_keys_are_read_once_a_minute() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    browser.sign_in(&provider).await.expect(StatusCode::OK);
    assert_eq!(provider.keys_read(), 1);
    provider.rotate(2);
    browser.sign_in(&provider).await.expect(StatusCode::OK);
    assert_eq!(provider.keys_read(), 2);
    provider.rotate(3);
    let refused = browser.sign_in(&provider).await;
    refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "provider_refused");
    assert_eq!(provider.keys_read(), 2);
}

#[tokio::test]
async fn an_account_needs_an_address_that_the_provider_vouches_for() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    for claims in [
        json!({"email_verified": false}),
        json!({"email_verified": null}),
        json!({"email": null}),
        json!({"email": "no-at-sign"}),
    ] {
        provider.set_claims(claims);
        let refused = browser.sign_in(&provider).await;
        refused.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "email_not_verified");
    }
    // Some providers tell it at the user info endpoint alone.
    provider.set_claims(json!({"email": null, "email_verified": null, "name": "Pairwork Support"}));
    provider.set_user_info(json!({"email": "haru@example.com", "email_verified": true, "nickname": "하루"}));
    let session = browser.sign_in(&provider).await.expect(StatusCode::OK);
    let account = get(&market, "/accounts/me", &session.text("/access_token")).await.expect(StatusCode::OK);
    assert_eq!(account.text("/email"), "haru@example.com");
    assert_eq!(account.text("/display_name"), "하루");
}

#[tokio::test]
async fn a_new_sign_in_at_the_provider_proves_the_identity() {
    let provider = Provider::start().await;
    let market = market(&provider).await;
    let mut browser = Browser::new(&market);
    let session = browser.sign_in(&provider).await.expect(StatusCode::OK);
    let token = session.text("/access_token");
    let now = jiff::Timestamp::now().as_second();
    for (claims, status) in [
        (json!({"auth_time": null}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"auth_time": now - 3600}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"auth_time": now, "sub": "subject-2"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"auth_time": now}), StatusCode::OK),
    ] {
        provider.set_claims(claims.clone());
        let begin = "/accounts/me/identities/test/authorizations";
        let begun = browser.begin(begin, Some(&token), &json!({"purpose": "proof"})).await.expect(StatusCode::CREATED);
        let answer = provider.visit(&begun.text("/authorization_url"));
        assert_eq!((answer.asked["max_age"].as_str(), answer.asked["prompt"].as_str()), ("0", "login"));
        let proof = browser.send("/sessions/current/proof/providers/test", Some(&token), &answer.body()).await;
        assert_eq!(proof.status, status, "{claims}: {:#}", proof.body);
    }
}

#[tokio::test]
async fn no_secret_of_a_provider_is_told() {
    let provider = Provider::start().await;
    let log = tempfile::NamedTempFile::new().expect("a file");
    let providers = json!([provider.configured("test")]);
    let providers = format!("SignInProviders={providers}");
    let arguments = ["--parameter-overrides", providers.as_str(), "--log", "trace"];
    let market = Market::start_logging(&arguments, log.reopen().expect("a file")).await;
    let mut browser = Browser::new(&market);
    let answer = browser.visit(&provider).await;
    browser.send("/sessions/providers/test", None, &answer.body()).await.expect(StatusCode::OK);
    let cookie = browser.cookie.split_once('=').expect("a cookie").1.to_owned();
    let refused = browser.send("/sessions/providers/test", None, &answer.body()).await;
    assert!(!refused.body.to_string().contains(SECRET));
    market.terminate().await;
    let told = std::fs::read_to_string(log.path()).expect("the log");
    assert!(told.contains("/sessions/providers/"), "the log tells of the requests");
    for secret in [SECRET, &cookie, &answer.code] {
        assert!(!told.contains(secret), "the log holds {secret}");
    }
}
