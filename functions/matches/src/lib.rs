//! The `matches` function: ranks the pool for a project or a freelancer, and scores records and compares bids that are
//! sent to it.
//!
//! A request loads the pool, keeps the eligible candidates, scores each of them with the net, and answers with the
//! best. Nothing is sampled, approximated or stored. This is the only function that carries the model. It may not read
//! credentials, and it writes nothing but the token buckets of its callers.
//!
//! A talent pool that is too large for one function is divided into shards. Each shard is this binary with another
//! configuration, and answers `matches` alone.

mod advice;
mod answer_size;
mod bids;
mod body;
mod cursor;
#[cfg(test)]
mod fuzz;
mod language;
mod mapping;
mod my_matches;
mod obstacle;
mod order;
mod page;
mod pools;
mod project_matches;
mod ranking;
mod scores;
mod sentence;
mod shard;
mod share;

use std::sync::Arc;

use axum::Router;
use http_api::{Function, Limits, access, openapi};
use matching::{AwardModel, Model, ModelError};
use runtime::{Config, Serving, telemetry};
use store::Store;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::pools::Pools;

/// The state of the handlers.
#[derive(Debug, Clone)]
struct Matches {
    store: Store,
    limits: Limits,
    model: Arc<Model>,
    award: Arc<AwardModel>,
    pools: Arc<Pools>,
}

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(live())
}

async fn live() -> Result<(), lambda_runtime::Error> {
    let config = Config::from_env()?;
    if let Some(shard) = &config.pool_shard {
        telemetry::init(&config);
        return shard::run(shard.parse()?, &config).await;
    }
    let function = Function::start().await?;
    http_api::run(&function, router(&function).await?).await
}

/// The function's routes, with the models loaded.
///
/// # Errors
/// The weights can't be read. The tests of `matching` rule that out for the shipped ones.
pub async fn router(function: &Function) -> Result<Router, ModelError> {
    let model = Arc::new(Model::shipped()?);
    let pools = Pools::new(function.store.clone(), Arc::clone(&model), function.config.pool_shards.clone()).await;
    let matches = Matches {
        store: function.store.clone(),
        limits: function.limits.clone(),
        model,
        award: Arc::new(AwardModel::shipped()?),
        pools: Arc::new(pools),
    };
    Ok(access::guard(operations().with_state(matches).into(), function.authenticator.clone()))
}

/// The function's part of the API's description.
pub fn openapi() -> OpenApi {
    operations().into_openapi()
}

fn operations() -> OpenApiRouter<Matches> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(project_matches::list_project_matches))
        .routes(routes!(my_matches::list_my_matches))
        .routes(routes!(advice::get_my_advice))
        .routes(routes!(scores::score_freelancers))
        .routes(routes!(bids::compare_bids))
}
