//! Personal data and the seeds of apps: sealed in the store, masked in answers, sealed again after a rotation.

use pairwork::{LocalMarket, Options};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use store::{Condition, Store, Transaction, keys};
use totp_rs::{Builder, Secret};

use crate::support::{Market, PASSWORD};

const PATH: &str = "/accounts/me/personal-data";

fn mina() -> Value {
    json!({
        "legal_name": "김민아", "phone": "010-1234-5678", "phone_country": "KR",
        "payout_account": {"country": "KR", "bank_code": "004", "account_number": "123456-78-901234"},
    })
}

/// The code of an app, for the step that is `steps` away from now.
fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base32")).build_noncompliant();
    let seconds = jiff::Timestamp::now().as_second() + 30 * steps;
    totp.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

#[tokio::test]
async fn personal_data_are_saved_masked_and_guarded_by_their_version() {
    let market = Market::start().await;
    let person = market.person("김민아").await;
    let empty = person.get(PATH).await.expect(StatusCode::OK);
    assert_eq!((&empty.body, empty.header("etag")), (&json!({}), "\"0\""));
    let saved = person.put(PATH, &mina()).await.expect(StatusCode::OK);
    let masked = json!({
        "legal_name": "김민아", "phone": "+821012345678",
        "payout_account": {"country": "KR", "bank_code": "004", "account_number": "••••••••••1234"},
    });
    assert_eq!(saved.body, masked);
    let read = person.get(PATH).await.expect(StatusCode::OK);
    assert_eq!((&read.body, read.header("etag"), read.header("cache-control")), (&masked, "\"1\"", "no-store"));
    let known = person.request(Method::GET, PATH).header("if-none-match", "\"1\"").send().await;
    known.expect(StatusCode::NOT_MODIFIED);

    // The answer can be sent again: the masked account keeps the stored one.
    let mut changed = read.body.clone();
    changed["legal_name"] = json!("Mina Kim");
    let update = |tag: &'static str, body: &Value| person.request(Method::PUT, PATH).header("if-match", tag).json(body);
    let second = update("\"1\"", &changed).send().await.expect(StatusCode::OK);
    assert_eq!(second.body["payout_account"], masked["payout_account"]);
    update("\"1\"", &changed).send().await.expect_problem(StatusCode::PRECONDITION_FAILED, "precondition_failed");
    changed["payout_account"]["account_number"] = json!("••••••••••9999");
    let foreign = update("\"2\"", &changed).send().await;
    let foreign = foreign.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(foreign.body["errors"][0]["pointer"], "/payout_account");

    // A part that is left out is removed, and wrong parts are named without being repeated.
    let removed = person.put(PATH, &json!({"phone": "+82 10-1234-5678"})).await.expect(StatusCode::OK);
    assert_eq!(removed.body, json!({"phone": "+821012345678"}));
    let wrong = json!({"phone": "canary-phone", "payout_account": {"iban": "DE00CANARY0000000"}});
    let refused = person.put(PATH, &wrong).await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    let text = refused.body.to_string().to_lowercase();
    assert!(!text.contains("canary"), "{text}");
    let other = market.person("Other").await;
    assert_eq!(other.get(PATH).await.expect(StatusCode::OK).body, json!({}));
}

/// The stored items of a person, changed as an earlier version would have left them.
async fn inside(folder: &std::path::Path, work: impl AsyncFnOnce(&Store)) {
    let options = Options { data: Some(folder.to_owned()), ..Options::default() };
    let market = LocalMarket::start(options).await.expect("the market starts");
    work(&market.store().await.expect("a store")).await;
    market.shutdown().await.expect("the market stops");
}

async fn item(store: &Store, key: &store::Key) -> Map<String, Value> {
    store.get(key).await.expect("a store").expect("an item")
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_and_personal_data_are_sealed_in_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["--data", folder.path().to_str().expect("a path")];
    let market = Market::start_with(&arguments).await;
    let person = market.person("김민아").await;
    person.put(PATH, &mina()).await.expect(StatusCode::OK);
    let secret = person.post("/accounts/me/totp", &Value::Null).await.expect(StatusCode::CREATED).text("/secret");
    let confirm = json!({"code": code(&secret, -1)});
    person.post("/accounts/me/totp/confirm", &confirm).await.expect(StatusCode::OK);
    let (id, email) = (person.id.clone(), person.email.clone());
    assert_eq!(market.terminate().await, Some(0));

    inside(folder.path(), async |store| {
        let standing = item(store, &keys::standing(&id)).await;
        let stored = serde_json::to_string(&standing).expect("JSON");
        assert!(!stored.contains(&secret) && standing["totp"]["sealed"].is_string(), "{stored}");
        let stored = serde_json::to_string(&item(store, &keys::personal_data(&id)).await).expect("JSON");
        for plain in ["김민아", "1012345678", "78901234"] {
            assert!(!stored.contains(plain), "{stored}");
        }
        // Earlier versions stored the secret in the clear.
        let mut earlier = standing;
        earlier["totp"].as_object_mut().expect("an app").remove("sealed");
        earlier["totp"]["secret"] = json!(secret);
        let mut transaction = Transaction::new();
        transaction.put("standing", keys::standing(&id), &earlier, Condition::Present).expect("an item");
        store.commit(transaction).await.expect("a commit");
    })
    .await;

    let market = Market::start_with(&arguments).await;
    let sign_in = json!({"email": email, "password": PASSWORD, "code": code(&secret, 0)});
    market.post("/sessions", &sign_in).await.expect(StatusCode::OK);
    assert_eq!(market.terminate().await, Some(0));
    inside(folder.path(), async |store| {
        let standing = item(store, &keys::standing(&id)).await;
        assert!(standing["totp"]["sealed"].is_string() && standing["totp"]["secret"].is_null(), "{standing:?}");
    })
    .await;
}
