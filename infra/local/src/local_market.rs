//! A market on this machine: a [`Cloud`], and the store that its functions share.

use std::ops::Deref;

use anyhow::Context;
use cloud::{Cloud, Options};
use jiff::Timestamp;
use platform::{Config, Store};

use crate::sample::SampleMarket;

/// A market that is running. Dropping it ends its processes; [`LocalMarket::shutdown`] ends it in good order.
#[derive(Debug)]
pub struct LocalMarket(Cloud);

impl Deref for LocalMarket {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.0
    }
}

impl LocalMarket {
    /// Starts a market and returns when it serves. Its functions run in processes of an executable that calls
    /// [`crate::cli`], unless the options say otherwise; they are started when first needed.
    ///
    /// # Errors
    /// As [`Cloud::start`].
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        Ok(Self(Cloud::start(options).await?))
    }

    /// The market's store, for programs that fill it from outside.
    ///
    /// # Errors
    /// When the template gives a function a variable that it could not read.
    pub async fn store(&self) -> anyhow::Result<Store> {
        let variables = self.environment();
        let config = Config::read(|name| variables.get(name).cloned())?;
        Ok(Store::at(&self.dynamodb_url, &config).await)
    }

    /// Puts the [sample market](crate::sample) into this market's store, unless it is there already, and waits until
    /// everything that follows from it is there, too.
    ///
    /// # Errors
    /// The store's.
    pub async fn fill_samples(&self) -> anyhow::Result<()> {
        let filled = SampleMarket::read()?.fill(&self.store().await?, Timestamp::now()).await;
        filled.context("filling the sample market")?;
        self.caught_up().await
    }

    /// Lets running requests finish (for 5 s at most), ends every process, and closes the database.
    ///
    /// # Errors
    /// As [`Cloud::shutdown`].
    pub async fn shutdown(self) -> anyhow::Result<()> {
        self.0.shutdown().await
    }
}
