//! Letters: from the outbox through `notify` and the local SES to the mailbox at `/_mail`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use mail::{Language, Letter, LetterKind};
use pairwork::{LocalMarket, Options, Outcome, Program, TEMPLATE};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use store::{Condition, Store, Transaction, keys};
use ulid::Ulid;

const TOKEN: &str = "dG9rZW4tb2YtYS1saW5r";

async fn start(options: Options) -> (LocalMarket, Store) {
    let program = Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork")));
    let market = LocalMarket::start(Options { program, ..options }).await.unwrap();
    let store = market.store().await.unwrap();
    (market, store)
}

/// The shipped template, whose letters are given up after one retry.
fn impatient() -> Options {
    let template = TEMPLATE.replace("MaximumRetryAttempts: 10", "MaximumRetryAttempts: 1");
    assert_eq!(template.matches("MaximumRetryAttempts: 1\n").count(), 1);
    Options { template, ..Options::default() }
}

/// Puts letters into the outbox in one transaction.
async fn put(store: &Store, now: Timestamp, letters: Vec<(u128, &str, Language, LetterKind)>) {
    let mut transaction = Transaction::new();
    for (id, to, language, kind) in letters {
        Letter { to: to.parse().unwrap(), language, kind }.put(&mut transaction, now, Ulid(id)).unwrap();
    }
    store.commit(transaction).await.unwrap();
}

async fn mailbox(market: &LocalMarket, query: &str) -> Value {
    let reply = Client::new().get(format!("{}/_mail{query}", market.base_url)).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    reply.json().await.unwrap()
}

async fn is_in_the_outbox(store: &Store, id: u128) -> bool {
    store.get::<Value>(&keys::letter(Ulid(id))).await.unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_arrives_and_leaves_the_outbox() {
    let (market, store) = start(Options::default()).await;
    let confirm = LetterKind::ConfirmEmail { token: TOKEN.to_owned() };
    let reset = LetterKind::ResetPassword { token: TOKEN.to_owned() };
    put(
        &store,
        Timestamp::now(),
        vec![
            (1, "mina@example.com", Language::English, confirm),
            (2, "seoyeon@münchen.example", Language::Korean, reset),
            (3, "nobody@example.com", Language::English, LetterKind::Nothing),
            // SES writes to no such address.
            (4, "김민아@예시.한국", Language::Korean, LetterKind::AddressHasAccount),
        ],
    )
    .await;
    market.caught_up().await.unwrap();

    let all = mailbox(&market, "").await;
    assert_eq!(all.as_array().unwrap().len(), 2, "{all:#}");
    let mina = &mailbox(&market, "?to=mina%40example.com").await[0];
    assert_eq!(mina["to"], json!(["mina@example.com"]));
    assert_eq!(mina["from"], "Pairwork <letters@market.example>");
    assert_eq!(mina["subject"], "Confirm your e-mail address for Pairwork");
    assert_eq!(mina["links"], json!([format!("{}/#/confirm/{TOKEN}", market.base_url)]));
    assert!(mina["sent_at"].as_str().unwrap().parse::<Timestamp>().is_ok());
    let seoyeon = &mailbox(&market, "?to=seoyeon%40xn--mnchen-3ya.example").await[0];
    assert_eq!(seoyeon["subject"], "Pairwork 비밀번호를 새로 정해 주세요");
    assert_eq!(seoyeon["links"], json!([format!("{}/#/reset/{TOKEN}", market.base_url)]));
    assert_eq!(mailbox(&market, "?to=nobody%40example.com").await, json!([]));

    for id in 1..=4 {
        assert!(!is_in_the_outbox(&store, id).await, "letter {id}");
    }
    assert_eq!(market.dead_letters().len(), 0);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_letter_is_not_sent() {
    let (market, store) = start(Options::default()).await;
    let long_ago = Timestamp::now() - SignedDuration::from_hours(25);
    let kind = LetterKind::ResetPassword { token: TOKEN.to_owned() };
    put(&store, long_ago, vec![(1, "mina@example.com", Language::English, kind)]).await;
    market.caught_up().await.unwrap();
    assert_eq!(mailbox(&market, "").await, json!([]));
    assert!(!is_in_the_outbox(&store, 1).await);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_cannot_be_read_is_given_up_alone() {
    let (market, store) = start(impatient()).await;
    let now = Timestamp::now();
    let mut transaction = Transaction::new();
    let letter =
        |to: &str| Letter { to: to.parse().unwrap(), language: Language::English, kind: LetterKind::PasswordChanged };
    letter("first@example.com").put(&mut transaction, now, Ulid(1)).unwrap();
    transaction.put("poison", keys::letter(Ulid(2)), &json!({"to": "nothing"}), Condition::Absent).unwrap();
    letter("third@example.com").put(&mut transaction, now, Ulid(3)).unwrap();
    store.commit(transaction).await.unwrap();
    market.caught_up().await.unwrap();

    for to in ["first%40example.com", "third%40example.com"] {
        assert!(!mailbox(&market, &format!("?to={to}")).await.as_array().unwrap().is_empty(), "{to}");
    }
    let letters = market.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].queue.as_str(), letters[0].records.len()), ("NotifyDeadLetters", 1));
    assert_eq!(letters[0].records[0]["dynamodb"]["NewImage"]["to"], json!({"S": "nothing"}));
    assert!(is_in_the_outbox(&store, 2).await, "it stays for its day");
    market.shutdown().await.unwrap();
}

/// A letter is sent at least once: a batch that Lambda sends twice sends it twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_comes_twice_sends_twice_and_harms_nothing() {
    let (market, _) = start(Options::default()).await;
    let event =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/notify/letter-to-confirm-an-address.json"));
    let event = event.unwrap();
    for _ in 0..2 {
        let outcome = market.invoke("notify", event.clone().into()).await.unwrap();
        let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": []}));
    }
    assert_eq!(mailbox(&market, "?to=seoyeon%40example.com").await.as_array().unwrap().len(), 2);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_while_the_role_does_not_allow_to_send_them() {
    // The role names one sender, and the function sends in the name of another.
    let template = impatient().template;
    let template = template.replace("MAIL_FROM: !Ref MailFrom", "MAIL_FROM: somebody@market.example");
    let (market, store) = start(Options { template, ..Options::default() }).await;
    put(&store, Timestamp::now(), vec![(1, "mina@example.com", Language::English, LetterKind::PasswordChanged)]).await;
    market.caught_up().await.unwrap();
    assert_eq!(mailbox(&market, "").await, json!([]));
    assert!(is_in_the_outbox(&store, 1).await);
    assert_eq!(market.dead_letters().len(), 1);
    market.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_for_this_machine_alone_and_survives_with_the_data() {
    let data = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(data.path().to_owned()), ..Options::default() };
    let (market, store) = start(options()).await;
    put(&store, Timestamp::now(), vec![(1, "mina@example.com", Language::English, LetterKind::PasswordChanged)]).await;
    market.caught_up().await.unwrap();
    let kept = mailbox(&market, "").await;
    assert_eq!(kept.as_array().unwrap().len(), 1);
    let client = Client::new();
    let url = format!("{}/_mail", market.base_url);
    for (header, value) in
        [("host", "evil.example"), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]
    {
        let reply = client.get(&url).header(header, value).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::FORBIDDEN, "{header}");
    }
    assert_eq!(client.post(&url).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    for query in ["?from=a", "?to=a&to=b"] {
        assert_eq!(client.get(format!("{url}{query}")).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    }
    market.shutdown().await.unwrap();
    let (market, _) = start(options()).await;
    assert_eq!(mailbox(&market, "").await, kept);
    market.shutdown().await.unwrap();
}
