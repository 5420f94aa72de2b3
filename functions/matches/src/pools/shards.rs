//! A talent pool that is divided among other functions, one shard in each. Every question goes to all of them at once.
//!
//! An answer needs every shard, because a page without one shard would be wrong. If a shard cannot be reached, the
//! request fails as busy.

use std::sync::Arc;

use http_api::ApiError;
use matching::Model;
use pool::Shard;
use runtime::Functions;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::{
    message::{from_text, to_text},
    question::{AnyQuestion, Question},
};

/// A question with its addressee, as sent to a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    /// The shard that is addressed, e.g. `2/4`. The check detects functions that are configured in the wrong order or
    /// number, which would leave freelancers out.
    pub(crate) shard: String,
    /// The version of the net that ranks. While a new version is deployed, caller and shard may differ.
    pub(crate) model: String,
    /// [The text](to_text) of an [`AnyQuestion`].
    pub(crate) question: String,
}

/// The functions that are the shards of the talent pool.
#[derive(Debug)]
pub(crate) struct Shards {
    functions: Functions,
    /// The names of the functions, in the order of the shards.
    names: Vec<String>,
    model: Arc<Model>,
}

impl Shards {
    pub(crate) fn new(functions: Functions, names: Vec<String>, model: Arc<Model>) -> Self {
        Self { functions, names, model }
    }

    /// Asks every shard and merges the answers.
    ///
    /// # Errors
    /// 503 `busy` if a shard does not answer, or refuses the question.
    pub(crate) async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        let text = to_text::<AnyQuestion>(&question.clone().into()).map_err(ApiError::internal)?;
        let mut calls = JoinSet::new();
        for (place, name) in self.names.iter().enumerate() {
            let shard = Shard::new(place + 1, self.names.len());
            let shard = shard.ok_or_else(|| ApiError::internal("more shards than a pool has segments"))?.to_string();
            let call = Call { shard, model: self.model.version().to_owned(), question: text.clone() };
            let event = serde_json::to_vec(&call).map_err(ApiError::internal)?;
            let (functions, name) = (self.functions.clone(), name.clone());
            calls.spawn(async move { (place, functions.invoke(&name, &event).await) });
        }
        let mut answers = Vec::with_capacity(self.names.len());
        while let Some(answered) = calls.join_next().await {
            let (place, answer) = answered.map_err(ApiError::internal)?;
            let answer: String = serde_json::from_slice(&answer.map_err(ApiError::busy)?).map_err(ApiError::busy)?;
            let answer = from_text(&answer).map_err(ApiError::busy)?;
            answers.push((place, answer));
        }
        // Merges in the order of the shards, because the last bit of a sum of floats depends on the order.
        answers.sort_by_key(|(place, _)| *place);
        Ok(question.merge(answers.into_iter().map(|(_, answer)| answer).collect()))
    }
}
