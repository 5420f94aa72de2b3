//! Makes a new key for the sample market and new tokens for `events/tokens.yaml`.
//!
//!     cargo run -p pairwork --example sample_tokens
//!     PAIRWORK_REFRESH=1 cargo test -p tests sample_events
//!
//! The program throws the private key away, so no token can be added later: it makes all of them anew.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use domain::values::AccountId;
use jiff::Timestamp;
use pairwork::sample::SampleMarket;
use tokens::published::PublishedKey;
use tokens::{SigningKey, Subject, Terms, issue};

fn main() -> anyhow::Result<()> {
    let key = SigningKey::generate()?;
    let issued_at: Timestamp = "2020-01-01T00:00:00Z".parse()?;
    let expires_at: Timestamp = "2099-01-01T00:00:00Z".parse()?;
    let terms = Terms {
        issuer: "pairwork".to_owned(),
        audience: "pairwork".to_owned(),
        lifetime_seconds: u32::try_from(expires_at.as_second() - issued_at.as_second())?,
    };
    let market = SampleMarket::read()?;
    let mut tokens = BTreeMap::new();
    for (name, account_id) in market.people() {
        tokens.insert(name, issue(&key, &terms, subject(account_id), issued_at)?);
    }
    tokens.insert("yuna-refresh", SampleMarket::refresh_token_of(account_of(&market, "yuna")?));
    let (somebody, victim) = {
        let mut ids = market.people().map(|(_, id)| subject(id));
        (ids.next().context("nobody is there")?, ids.next().context("nobody else is there")?)
    };

    // Tokens that must be refused.
    let one_hour = Terms { lifetime_seconds: 3600, ..terms.clone() };
    tokens.insert("expired", issue(&key, &one_hour, somebody, issued_at)?);
    let elsewhere = Terms { issuer: "elsewhere".to_owned(), ..terms.clone() };
    tokens.insert("foreign", issue(&key, &elsewhere, somebody, issued_at)?);
    tokens.insert("unknown-key", issue(&SigningKey::generate()?, &terms, somebody, issued_at)?);
    tokens.insert("forged", with_payload_of(&tokens["seoyun"], &issue(&key, &terms, victim, issued_at)?)?);
    // The key is right, but the account does not exist.
    let nobody = subject("usr_01M44SW7R00000000000000999".parse()?);
    tokens.insert("nobody", issue(&key, &terms, nobody, issued_at)?);

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let published = PublishedKey { jwk: key.public().to_jwk(), not_after: expires_at };
    std::fs::write(root.join("infra/runner/src/sample/key.json"), serde_json::to_string_pretty(&published)? + "\n")?;
    let mut file =
        "# The example sample_tokens makes this file. The tokens are valid in the sample market and nowhere else.\n"
            .to_owned();
    file.push_str(&serde_yaml_ng::to_string(&tokens)?);
    std::fs::write(root.join("events/tokens.yaml"), file)?;
    println!("{} tokens, signed with {}", tokens.len(), key.public().kid());
    Ok(())
}

fn account_of(market: &SampleMarket, name: &str) -> anyhow::Result<AccountId> {
    market.people().find(|(person, _)| *person == name).map(|(_, id)| id).context("nobody is called so")
}

/// Each sample person has one session.
fn subject(account_id: AccountId) -> Subject {
    Subject { account_id, session_id: SampleMarket::session_of(account_id) }
}

/// One token's header and signature around another's payload.
fn with_payload_of(token: &str, other: &str) -> anyhow::Result<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let payload = other.split('.').nth(1).context("a token has three parts")?;
    let [header, _, signature] = parts[..] else { anyhow::bail!("a token has three parts") };
    Ok(format!("{header}.{payload}.{signature}"))
}
