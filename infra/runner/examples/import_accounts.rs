//! Imports the accounts of another market, with their bcrypt hashes, into a data folder.
//!
//!     cargo run --release -p pairwork --example import_accounts -- accounts.jsonl ~/market
//!
//! Each line of the file is one account:
//!
//!     {"email": "mina@example.com", "display_name": "김민아", "password_hash": "$2b$10$…"}
//!
//! People sign in with their old passwords. The first sign-in replaces the bcrypt hash by argon2id.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use accounts::import::open_account_with_bcrypt;
use anyhow::{Context, anyhow};
use domain::account::Account;
use domain::values::{AccountId, DisplayName, Email};
use jiff::Timestamp;
use pairwork::{LocalMarket, Options};
use runtime::entropy;
use serde::Deserialize;
use store::Transaction;

#[derive(Deserialize)]
struct Line {
    email: String,
    display_name: String,
    password_hash: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(data)) = (arguments.next(), arguments.next()) else {
        return Err(anyhow!("usage: import_accounts FILE DATA"));
    };
    let data = Some(PathBuf::from(data));
    let market = LocalMarket::start(Options { port: 0, data, ..Options::default() }).await?;
    let store = market.store().await?;
    let (mut imported, mut refused) = (0, 0);
    for (number, line) in BufReader::new(std::fs::File::open(file)?).lines().enumerate() {
        let imported_one = async {
            let line: Line = serde_json::from_str(&line?)?;
            let email: Email = line.email.parse().map_err(|refusal| anyhow!("email: {refusal}"))?;
            let display_name: DisplayName =
                line.display_name.parse().map_err(|refusal| anyhow!("display_name: {refusal}"))?;
            let now = Timestamp::now();
            let account =
                Account { id: AccountId::new(entropy::ulid(now)?), display_name, created_at: now, erased_at: None };
            let mut transaction = Transaction::new();
            open_account_with_bcrypt(&mut transaction, &account, &email, &line.password_hash)?;
            store.commit(transaction).await.context("the address has an account, or the store is away")
        };
        match imported_one.await {
            Ok(()) => imported += 1,
            Err(problem) => {
                refused += 1;
                eprintln!("line {}: {problem:#}", number + 1);
            }
        }
    }
    println!("{imported} accounts imported, {refused} refused");
    market.shutdown().await?;
    Ok(())
}
