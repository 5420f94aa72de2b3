//! The life of an HTTP function: what it prepares before the first event, and the loop that serves events.

use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use runtime::{BoxFuture, Config, Serving, telemetry};
use store::Store;
use tokens::{Authenticator, Terms};

use crate::frame;

/// How long reading the published keys may take before a function starts without them. Lambda gives init ten seconds.
const WARM_UP: Duration = Duration::from_secs(2);

/// What every HTTP function has at hand.
#[derive(Debug, Clone)]
pub struct Function {
    /// What its environment says.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// Checks bearer tokens.
    pub authenticator: Authenticator,
}

impl Function {
    /// Reads the configuration, starts logging, and reads the published keys while init still runs at full speed. An
    /// unreachable store does not fail this: `GET /health` answers without one.
    ///
    /// # Errors
    /// A variable with an unusable value.
    pub fn start() -> BoxFuture<'static, Result<Self, lambda_http::Error>> {
        Box::pin(async {
            let config = Config::from_env()?;
            telemetry::init(&config);
            let store = Store::connect(&config).await;
            let authenticator = Authenticator::new(store.clone(), Terms::from(&config));
            match tokio::time::timeout(WARM_UP, authenticator.warm(Timestamp::now())).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "starting without the store");
                }
                Err(_) => tracing::warn!("starting without the store, which did not answer in {WARM_UP:?}"),
            }
            Ok(Self { config, store, authenticator })
        })
    }
}

/// Serves API Gateway's events with a function's routes until the Runtime API goes away.
///
/// # Errors
/// The Runtime API's. A request that fails is answered, not returned.
///
/// # Panics
/// Outside of Lambda, if the variables that Lambda sets are missing (`AWS_LAMBDA_FUNCTION_NAME` and others).
pub fn run(routes: Router) -> Serving {
    Box::pin(lambda_http::run(frame(routes)))
}
