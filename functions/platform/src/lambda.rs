//! The life of a function: what it prepares before the first event, and the loop that serves events.

use std::{pin::Pin, time::Duration};

use axum::Router;
use jiff::Timestamp;

use crate::{
    BoxFuture, Config, Store,
    api::{Authenticator, frame},
    telemetry,
    tokens::Terms,
};

/// How long warming the store may take before a function starts cold. Lambda gives init ten seconds.
const WARM_UP: Duration = Duration::from_secs(2);

/// The life of a function: from its start until the Runtime API goes away. Behind a pointer, as [`BoxFuture`] says.
pub type Life = Pin<Box<dyn Future<Output = Result<(), lambda_http::Error>>>>;

/// What every function has at hand.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Where it runs.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// Who is asking.
    pub authenticator: Authenticator,
}

impl Platform {
    /// Reads the configuration, starts logging, and warms the connection to the store while init still runs at full
    /// speed. An absent store does not fail this: `GET /health` is to answer without one.
    ///
    /// # Errors
    /// A variable with an unusable value.
    pub fn start() -> BoxFuture<'static, Result<Self, lambda_http::Error>> {
        Box::pin(Self::starting())
    }

    async fn starting() -> Result<Self, lambda_http::Error> {
        let config = Config::from_env()?;
        telemetry::init(&config);
        let store = Store::connect(&config).await;
        let authenticator = Authenticator::new(store.clone(), Terms::from(&config));
        match tokio::time::timeout(WARM_UP, authenticator.warm(Timestamp::now())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = &error as &dyn std::error::Error, "starting without the store"),
            Err(_) => tracing::warn!("starting without the store, which did not answer in {WARM_UP:?}"),
        }
        Ok(Self { config, store, authenticator })
    }
}

/// Serves API Gateway's events with a function's routes until the Runtime API goes away.
///
/// # Errors
/// The Runtime API's. A request that fails is answered, not returned.
///
/// # Panics
/// Outside of Lambda, if the variables that Lambda sets are missing (`AWS_LAMBDA_FUNCTION_NAME` and others).
pub fn run(routes: Router) -> Life {
    Box::pin(lambda_http::run(frame(routes)))
}
