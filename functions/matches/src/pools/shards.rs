//! A talent pool in other functions, a shard in each: every question goes to all of them at once.
//!
//! No answer is made without a shard: a page without one would be another page. Who can't be reached makes the request
//! fail as busy.

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

/// A question on its way to a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    /// Which shard is meant, e.g. `2/4`: functions named in the wrong order, or too few of them, would leave somebody
    /// out.
    pub(crate) shard: String,
    /// By which net is ranked: while a new version is deployed, the two sides may differ.
    pub(crate) model: String,
    /// [The text](to_text) of an [`AnyQuestion`].
    pub(crate) question: String,
}

/// The functions that are the shards of the talent pool.
#[derive(Debug)]
pub(crate) struct Shards {
    functions: Functions,
    /// The first shard's first.
    names: Vec<String>,
    model: Arc<Model>,
}

impl Shards {
    pub(crate) fn new(functions: Functions, names: Vec<String>, model: Arc<Model>) -> Self {
        Self { functions, names, model }
    }

    /// Asks every shard, and puts their answers together.
    ///
    /// # Errors
    /// 503 `busy` if a shard does not answer, or not to this question.
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
        // In their own order: a sum of floats depends on it, if only in its last bit.
        answers.sort_by_key(|(place, _)| *place);
        Ok(question.merge(answers.into_iter().map(|(_, answer)| answer).collect()))
    }
}
