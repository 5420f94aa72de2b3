//! `pairwork audit`: verifies the audit trails of a market, and shows one.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use audit::verify;
use clap::{Args, Subcommand};
use domain::values::AccountId;
use runtime::Config;
use store::Store;

use crate::filling::table;
use crate::{LocalMarket, Options};

/// The rows of one request.
const PAGE: usize = 500;
/// The database in a data folder.
const DATABASE: &str = "dynamodb.sqlite";

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Find edited, deleted, swapped, cut and inserted rows. The exit code is 1 if there are any.
    Verify(Place),
    /// Print the trail of one account, newest row first.
    Show {
        #[command(flatten)]
        place: Place,
        /// The account, usr_….
        account: AccountId,
    },
}

/// The tables to read.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The data folder of a market that is not running. Without it, the tables in AWS that the variables AUDIT_TABLE
    /// and TRUST_TABLE name, with the credentials of the environment.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Audit {
    /// Runs the command. Returns the text to print, and whether all is well.
    ///
    /// # Errors
    /// The folder or the tables are not readable.
    pub(crate) async fn run(self) -> anyhow::Result<(String, bool)> {
        let (Self::Verify(place) | Self::Show { place, .. }) = &self;
        let Some(folder) = &place.data else {
            let config = Config::from_env()?;
            return self.answer(&Store::connect(&config).await).await;
        };
        let market = open(folder).await?;
        let answer = self.answer(&market.store().await?).await;
        market.shutdown().await?;
        answer
    }

    async fn answer(&self, store: &Store) -> anyhow::Result<(String, bool)> {
        match self {
            Self::Verify(_) => {
                let verified = verify::everything(store).await.context("reading the audit trails")?;
                let verify::Verified { trails, rows, damages } = verified;
                let mut lines: Vec<String> = damages.iter().map(ToString::to_string).collect();
                lines.push(format!("{trails} trails with {rows} rows: {} damages", damages.len()));
                Ok((lines.join("\n"), damages.is_empty()))
            }
            Self::Show { account, .. } => Ok((shown(store, &account.to_string()).await?, true)),
        }
    }
}

/// Opens a data folder.
pub(crate) async fn open(folder: &Path) -> anyhow::Result<LocalMarket> {
    // Starting a market on an empty folder would make a new one.
    if !folder.join(DATABASE).is_file() {
        bail!("{} is no data folder of a market", folder.display());
    }
    LocalMarket::start(Options { data: Some(folder.to_owned()), ..Options::default() }).await
}

async fn shown(store: &Store, account: &str) -> anyhow::Result<String> {
    let mut rows = table::new(["row", "time", "actor", "act", "subject", "network", "session", "request"]);
    table::align_right(&mut rows, 0);
    let mut before = None;
    loop {
        let page = verify::rows(store, account, before, PAGE).await.context("reading the trail")?;
        let Some(last) = page.last() else { return Ok(rows.to_string()) };
        before = Some(last.sequence);
        for row in page {
            let audit::Row { sequence, at, actor, act, subject, network, session, request, .. } = row;
            let [subject, session] = [subject, session].map(Option::unwrap_or_default);
            rows.add_row([sequence.to_string(), at, actor, act, subject, network, session, request]);
        }
    }
}
