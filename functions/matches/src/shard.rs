//! This function as a shard of the talent pool: it keeps its part of the freelancers and answers the questions of `matches`.
//!
//! `matches` invokes it directly. It has no route, so no client can reach it.

use std::sync::Arc;

use lambda_runtime::{LambdaEvent, service_fn};
use matching::{Model, ScoreError};
use pool::Shard;
use runtime::{BoxFuture, Config, clock};
use serde_json::Value;
use store::Store;

use crate::pools::{AnyQuestion, Call, Live, Question, TalentPool, freelancers};

/// What a shard has at hand.
struct Answerer {
    shard: Shard,
    store: Store,
    model: Model,
    pool: Live<TalentPool>,
}

/// Answers questions until the Runtime API goes away.
///
/// # Errors
/// The Runtime API's.
pub(crate) async fn run(shard: Shard, config: &Config) -> Result<(), lambda_runtime::Error> {
    let (store, model) = (Store::connect(config).await, Model::shipped()?);
    let answerer = Arc::new(Answerer { shard, store, model, pool: freelancers(shard) });
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Call>| answer(Arc::clone(&answerer), event.payload))).await
}

/// Boxed: with everything below it in its type, the runtime's future is more than the compiler will look into.
fn answer(answerer: Arc<Answerer>, call: Call) -> BoxFuture<'static, Result<Value, lambda_runtime::Error>> {
    Box::pin(async move { answerer.answer(call).await })
}

impl Answerer {
    async fn answer(&self, call: Call) -> Result<Value, lambda_runtime::Error> {
        let (own_shard, own_model) = (self.shard.to_string(), self.model.version());
        if call.shard != own_shard {
            return Err(format!("this is shard {own_shard}, and shard {} was asked", call.shard).into());
        }
        if call.model != own_model {
            return Err(format!("this shard ranks by model {own_model}, and not by {}", call.model).into());
        }
        let pool = self.pool.get(&self.store, clock::now()).await?;
        match call.question {
            AnyQuestion::Counts(question) => as_json(question.answer(&pool, &self.model)),
            AnyQuestion::Best(question) => as_json(question.answer(&pool, &self.model)),
            AnyQuestion::BestOfBoth(question) => as_json(question.answer(&pool, &self.model)),
            AnyQuestion::Places(question) => as_json(question.answer(&pool, &self.model)),
        }
    }
}

fn as_json(answer: Result<impl serde::Serialize, ScoreError>) -> Result<Value, lambda_runtime::Error> {
    Ok(serde_json::to_value(answer?)?)
}
