//! The model card: what the weights were made from and how good they are. No date and no path, so that equal
//! trainings give equal cards.

use std::collections::BTreeMap;

use anyhow::Result;
use matching::{FEATURE_NAMES, FEATURE_VERSION};
use matching_training::stackexchange::{Dump, RatingSource};
use matching_training::{Metrics, Plan, Spread};
use serde::Serialize;

use crate::award_card::data;
use crate::models::Models;

/// One dump that was trained on.
#[derive(Debug, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) questions: usize,
    pub(crate) answers: usize,
    pub(crate) votes: usize,
    pub(crate) pairs: usize,
    /// Whether these are a market's own outcomes.
    #[serde(skip)]
    own: bool,
}

impl Site {
    pub(crate) fn new(name: String, dump: &Dump, pairs: usize) -> Self {
        let (questions, answers, votes) = (dump.questions.len(), dump.answers.len(), dump.votes.len());
        Self { name, questions, answers, votes, pairs, own: dump.rating_source == RatingSource::Stars }
    }
}

/// The rarities of words that texts are compared with.
#[derive(Debug, Serialize)]
struct Words {
    fingerprint: String,
    words: usize,
}

/// The test measures over several seeds: how much of one training's result is luck.
#[derive(Debug, Serialize)]
pub(crate) struct OverSeeds {
    pub(crate) seeds: Vec<u64>,
    #[serde(flatten)]
    pub(crate) measures: BTreeMap<&'static str, Spread>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    until_now: Option<&'a str>,
    relevance: &'a str,
    background: Words,
    plan: &'a Plan,
    test_over_seeds: OverSeeds,
    metrics: BTreeMap<&'a str, Metrics>,
    sites: Vec<Site>,
}

/// The card as TOML.
pub(crate) fn write(
    models: &Models,
    plan: &Plan,
    sites: Vec<Site>,
    metrics: &[(&str, Metrics)],
    test_over_seeds: OverSeeds,
) -> Result<String> {
    let Models { net, background, .. } = models;
    let own = sites.iter().all(|site| site.own);
    let card = Card {
        version: net.version(),
        net: "10 -> 64 relu -> 32 relu -> 2 sigmoid (interest, choice), f32; score = interest * choice",
        loss: "binary cross-entropy of both answers, per taker and per bid",
        feature_version: FEATURE_VERSION,
        features: FEATURE_NAMES,
        intended_use: "Ordering freelancers for a project, or projects for a freelancer. Not for judging people.",
        limits: if own {
            "Probabilities are those of the markets that it learned from. Who has been active of late comes first among equals; \
             whoever ranks with it should see to the exposure of others."
        } else {
            "Learned from volunteers who answer questions, in English, without money. Probabilities are those of \
             such sites; on another market read them as an order until trained on its own decisions. Who has been \
             active of late comes first among equals; whoever ranks with it should see to the exposure of others."
        },
        data: data(own),
        split: "By date within each site: first 70 % of questions train, next 10 % validation (calibrates the \
                probabilities), last 20 % test. Every feature is as of the moment before the question; rarities of words and skills \
                from training texts.",
        until_now: net.parts().until_now.then_some(
            "The measures are those of a net trained in this way. The weights of this version were trained afterwards, by \
             the same plan, on the first 90 % of questions, and calibrated on the last 10 %: nothing was left to judge them by.",
        ),
        relevance: "2 accepted answerer, 1 other answerer, 0 anybody else who has answered before. test_interest: who \
                    answered. test_choice: who of those was accepted. test_first_day: all features but skill_overlap \
                    and text_similarity hidden.",
        background: Words { fingerprint: format!("{:08x}", background.fingerprint()), words: background.words() },
        plan,
        test_over_seeds,
        metrics: metrics.iter().copied().collect(),
        sites,
    };
    Ok(toml::to_string(&card)?)
}
