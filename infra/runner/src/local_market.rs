//! A market on this machine: an [`Emulator`], and the store that its functions share.

use std::collections::BTreeMap;
use std::ops::Deref;

use anyhow::Context;
use emulator::Emulator;
use runtime::Config;
use store::{AccessKey, Store};

use crate::pool_shards::SHARD;
use crate::sample::SampleMarket;
use crate::{Options, demo};

/// A market that is running. Dropping it ends its processes; [`LocalMarket::shutdown`] ends it in good order.
#[derive(Debug)]
pub struct LocalMarket(Emulator);

impl Deref for LocalMarket {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.0
    }
}

impl LocalMarket {
    /// Starts a market and returns when it serves. Its functions run in processes of an executable that calls
    /// [`crate::cli`], unless the options say otherwise; they are started when first needed.
    ///
    /// # Errors
    /// When the template can't be run here, and as [`Emulator::start`].
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        Ok(Self(Emulator::start(options.emulator()?).await?))
    }

    /// The variables by which a function outside finds this market's store.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut variables = self.0.environment();
        // One function alone is that shard.
        variables.remove(SHARD);
        variables
    }

    /// Whether the template is a market's, and no foreign one.
    pub fn has_store(&self) -> bool {
        self.environment().contains_key("MARKET_TABLE")
    }

    /// The market's store, for programs that fill it from outside.
    ///
    /// # Errors
    /// When the template gives a function a variable that it could not read.
    pub async fn store(&self) -> anyhow::Result<Store> {
        let variables = self.environment();
        let config = Config::read(|name| variables.get(name).cloned())?;
        let variable = |name: &str| variables.get(name).cloned().unwrap_or_default();
        let owner = AccessKey { id: variable("AWS_ACCESS_KEY_ID"), secret: variable("AWS_SECRET_ACCESS_KEY") };
        Ok(Store::at(&self.dynamodb_url, &owner, &config).await)
    }

    /// Puts the [sample market](crate::sample) into this market's store, unless it is there already, and waits until
    /// everything that follows from it is there, too.
    ///
    /// # Errors
    /// The store's.
    pub async fn fill_samples(&self) -> anyhow::Result<()> {
        let filled = SampleMarket::read()?.fill(&self.store().await?, self.clock().now()).await;
        filled.context("filling the sample market")?;
        self.caught_up().await
    }

    /// Withdraws the sample market's public tokens, if this market's store was filled with it before.
    ///
    /// # Errors
    /// The store's.
    pub async fn withdraw_samples(&self) -> anyhow::Result<()> {
        let withdrawn = SampleMarket::read()?.withdraw(&self.store().await?, self.clock().now()).await;
        withdrawn.context("withdrawing the sample market's tokens")
    }

    /// Fills the market with the demo's freelancers and projects, unless that was done before, and waits until
    /// everything that follows from them is there. Returns the text that `pairwork up --demo` prints.
    ///
    /// # Errors
    /// When the market does not answer, or answers something unforeseen.
    pub async fn fill_demo(&self) -> anyhow::Result<String> {
        demo::fill(self).await.context("filling the demo market")
    }

    /// Lets running requests finish (for 5 s at most), ends every process, and closes the database.
    ///
    /// # Errors
    /// As [`Emulator::shutdown`].
    pub async fn shutdown(self) -> anyhow::Result<()> {
        self.0.shutdown().await
    }
}
