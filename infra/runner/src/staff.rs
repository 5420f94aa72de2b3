//! `pairwork role`: gives a role as an operator, such as that of the market's first admin.

use std::path::PathBuf;

use clap::Args;
use domain::{account::Role, values::Email};
use jiff::Timestamp;
use runtime::{Config, clock};
use store::Store;

use crate::audit_trails::open;

#[derive(Debug, Args)]
pub(crate) struct GiveRole {
    /// The data folder of a market that is not running. Without it, the tables in AWS that the variables
    /// CREDENTIALS_TABLE, TRUST_TABLE and AUDIT_TABLE name; infra/give-role sets them.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address of the account.
    email: Email,
    /// member, support or admin.
    role: Role,
}

impl GiveRole {
    /// Gives the role. Returns the text to print.
    ///
    /// # Errors
    /// No account has the address, it is the last admin, or the store's.
    pub(crate) async fn run(self) -> anyhow::Result<String> {
        let Self { data, email, role } = self;
        match data {
            Some(folder) => {
                let market = open(&folder).await?;
                let given = give(&market.store().await?, &email, role, market.clock().now()).await;
                market.shutdown().await?;
                given
            }
            None => give(&Store::connect(&Config::from_env()?).await, &email, role, clock::now()).await,
        }
    }
}

async fn give(store: &Store, email: &Email, role: Role, now: Timestamp) -> anyhow::Result<String> {
    let account_id = accounts::give_as_operator(store, email, role, now).await?;
    Ok(format!("{account_id} has the role {}", role.name()))
}
