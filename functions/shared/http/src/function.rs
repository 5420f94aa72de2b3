//! The life of an HTTP function: its initialisation and its responses to events.

use std::time::{Duration, Instant};

use axum::{Router, response::IntoResponse};
use lambda_runtime::{Error, LambdaEvent, service_fn, tower::ServiceExt};
use runtime::{BoxFuture, Config, Serving, clock, telemetry};
use serde_json::value::RawValue;
use store::Store;
use tokens::{Authenticator, Terms};

use crate::{
    Watch,
    event::{Event, NotRead},
    frame::{Framed, RequestId, frame},
    limits::Limits,
    reply::FunctionResponse,
};

/// The time for reading the published keys before a function starts without them. Lambda allows ten seconds for init.
const WARM_UP: Duration = Duration::from_secs(2);

/// The shared parts of every HTTP function.
#[derive(Debug, Clone)]
pub struct Function {
    /// The configuration.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// The checker of bearer tokens.
    pub authenticator: Authenticator,
    /// How often a caller may do what costs much.
    pub limits: Limits,
    /// The log's lines about callers.
    pub watch: Watch,
}

impl Function {
    /// Reads the configuration, starts logging, and reads the published keys. Init has a full processor for that. An
    /// unreachable store is no error here: `GET /health` answers without it.
    ///
    /// # Errors
    /// A variable with an unusable value.
    pub fn start() -> BoxFuture<'static, Result<Self, Error>> {
        Box::pin(async {
            let config = Config::from_env()?;
            telemetry::init(&config);
            let store = Store::connect(&config).await;
            let authenticator = Authenticator::new(store.clone(), Terms::from(&config));
            match tokio::time::timeout(WARM_UP, authenticator.warm(clock::now())).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "starting without the store");
                }
                Err(_) => tracing::warn!("starting without the store, which did not answer in {WARM_UP:?}"),
            }
            let limits = Limits::new(store.clone(), &config);
            let watch = Watch::new(&config)?;
            Ok(Self { config, store, authenticator, limits, watch })
        })
    }
}

/// Serves API Gateway's events with a function's routes until the Runtime API goes away.
///
/// # Errors
/// The Runtime API's. A request that fails gets a response and is not returned here.
///
/// # Panics
/// Outside of Lambda, if the variables that Lambda sets are missing (`AWS_LAMBDA_FUNCTION_NAME` and others).
pub fn run(function: &Function, routes: Router) -> Serving {
    let watch = function.watch.clone();
    let routes = frame(routes, watch.clone());
    let answer = move |event: LambdaEvent<Box<RawValue>>| -> BoxFuture<'static, Result<FunctionResponse, Error>> {
        let (routes, watch) = (routes.clone(), watch.clone());
        Box::pin(async move { answer(routes, watch, event.payload.get(), event.context.request_id).await })
    };
    Box::pin(lambda_runtime::run(service_fn(answer)))
}

/// Handles one event in JSON with a function's framed routes. `invocation_id` identifies the request if the event has
/// no id.
///
/// # Errors
/// The event comes from a service that expects no HTTP response. The invocation then fails.
async fn answer(routes: Router, watch: Watch, event: &str, invocation_id: String) -> Result<FunctionResponse, Error> {
    let started = Instant::now();
    let (request_id, request) = match Event::read(event) {
        Ok(event) => {
            (event.request_id().map_or(invocation_id, str::to_owned), event.into_request(watch.edge_key.as_deref()))
        }
        Err(NotRead::Refused(refusal)) => (invocation_id, Err(refusal)),
        Err(NotRead::Foreign(reason)) => return Err(reason.into()),
    };
    let response = match request {
        Ok(mut request) => {
            request.extensions_mut().insert(RequestId(request_id));
            let Ok(response) = routes.oneshot(request).await;
            response
        }
        Err(refusal) => Framed::unread(watch, started, request_id).finish(refusal.into_response()),
    };
    Ok(FunctionResponse::of(response).await?)
}

#[cfg(test)]
mod tests;
