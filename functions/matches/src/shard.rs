//! Runs this function as a shard of the talent pool: it holds its part of the freelancers and answers the questions of
//! `matches`.
//!
//! `matches` invokes it directly. It has no route, so no client can reach it.

use std::sync::Arc;

use lambda_runtime::{LambdaEvent, service_fn};
use matching::{Model, ScoreError};
use pool::Shard;
use runtime::{BoxFuture, Config, clock};
use store::Store;

use crate::pools::{AnyQuestion, Call, Live, Question, TalentPool, freelancers, from_text, to_text};

/// The state of a shard.
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

/// Boxed, because the compiler refuses a future whose type names everything below it.
fn answer(answerer: Arc<Answerer>, call: Call) -> BoxFuture<'static, Result<String, lambda_runtime::Error>> {
    Box::pin(async move { answerer.answer(call).await })
}

impl Answerer {
    async fn answer(&self, call: Call) -> Result<String, lambda_runtime::Error> {
        let (own_shard, own_model) = (self.shard.to_string(), self.model.version());
        if call.shard != own_shard {
            return Err(format!("this is shard {own_shard}, and shard {} was asked", call.shard).into());
        }
        if call.model != own_model {
            return Err(format!("this shard ranks by model {own_model}, and not by {}", call.model).into());
        }
        let pool = self.pool.get(&self.store, clock::now()).await?;
        match from_text(&call.question)? {
            AnyQuestion::Counts(question) => as_text(question.answer(&pool, &self.model)),
            AnyQuestion::Best(question) => as_text(question.answer(&pool, &self.model)),
            AnyQuestion::BestOfBoth(question) => as_text(question.answer(&pool, &self.model)),
            AnyQuestion::Places(question) => as_text(question.answer(&pool, &self.model)),
        }
    }
}

fn as_text(answer: Result<impl serde::Serialize, ScoreError>) -> Result<String, lambda_runtime::Error> {
    to_text(&answer?)
}
