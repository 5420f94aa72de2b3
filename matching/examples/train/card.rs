//! The model card: what the weights were made from and how good they are. No date and no path, so that equal
//! trainings give equal cards.

use std::collections::BTreeMap;

use anyhow::Result;
use matching::stackexchange::Dump;
use matching::training::{Metrics, Plan};
use matching::{FEATURE_NAMES, FEATURE_VERSION, Model};
use serde::Serialize;

/// One dump that was trained on.
#[derive(Debug, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) questions: usize,
    pub(crate) answers: usize,
    pub(crate) votes: usize,
    pub(crate) pairs: usize,
}

impl Site {
    pub(crate) fn new(name: String, dump: &Dump, pairs: usize) -> Self {
        let (questions, answers, votes) = (dump.questions.len(), dump.answers.len(), dump.votes.len());
        Self { name, questions, answers, votes, pairs }
    }
}

#[derive(Debug, Serialize)]
struct Card<'a> {
    version: &'a str,
    net: &'a str,
    loss: &'a str,
    feature_version: u32,
    features: [&'a str; FEATURE_NAMES.len()],
    intended_use: &'a str,
    limits: &'a str,
    data: &'a str,
    split: &'a str,
    relevance: &'a str,
    best_epoch: usize,
    plan: &'a Plan,
    metrics: BTreeMap<&'a str, Metrics>,
    sites: Vec<Site>,
}

/// The card as TOML.
pub(crate) fn write(
    model: &Model,
    plan: &Plan,
    best_epoch: usize,
    sites: Vec<Site>,
    metrics: &[(&str, Metrics)],
) -> Result<String> {
    let card = Card {
        version: model.version(),
        net: "10 -> 64 relu -> 32 relu -> 1 sigmoid, f32",
        loss: "binary cross-entropy on log-odds: will this freelancer propose for this project?",
        feature_version: FEATURE_VERSION,
        features: FEATURE_NAMES,
        intended_use: "Ordering freelancers for a project, or projects for a freelancer. Not for judging people.",
        limits: "Learned from volunteers who answer questions, in English, without money. Probabilities are those of \
                 such sites; on another market read them as an order until trained on its own decisions.",
        data: "Stack Exchange data dumps, Posts.xml and Votes.xml, CC BY-SA, by the sites' authors.",
        split: "By date within each site: first 70 % of questions train, next 10 % validation (chooses the epoch), last \
                20 % test. Every feature is as of the moment before the question; rarities from training texts.",
        relevance: "2 accepted answerer, 1 other answerer, 0 anybody else who has answered before. test_first_day: all \
                    features but skill_overlap and text_similarity hidden.",
        best_epoch,
        plan,
        metrics: metrics.iter().copied().collect(),
        sites,
    };
    Ok(toml::to_string(&card)?)
}
