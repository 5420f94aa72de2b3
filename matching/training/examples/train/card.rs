//! The model card: the training data of the weights, and their quality. It holds no date and no path, so that equal
//! trainings give equal cards.

use std::collections::BTreeMap;

use anyhow::Result;
use matching::{FEATURE_NAMES, FEATURE_VERSION};
use matching_training::stackexchange::{Dump, RatingSource};
use matching_training::{Metrics, Plan, Spread};
use serde::Serialize;

use crate::award_card::data;
use crate::models::Models;

/// One dump of the training data.
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

/// The word rarities that texts are compared with.
#[derive(Debug, Serialize)]
struct Words {
    fingerprint: String,
    words: usize,
}

/// The test measures over several seeds, which show how much depends on the seed.
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

/// Writes the card as TOML.
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
        loss: "binary cross-entropy of interest and choice, per expected taker and per bid",
        feature_version: FEATURE_VERSION,
        features: FEATURE_NAMES,
        intended_use: "Ordering freelancers for a project, or projects for a freelancer. Not for judging people.",
        limits: if own {
            "The probabilities are those of the markets in the training data. Among otherwise equal candidates, \
             recently active ones rank first. Whoever ranks with this model should check the exposure of the others."
        } else {
            "The training data is volunteers who answer questions, in English, without payment. The probabilities are \
             those of such sites. On another market, use the order only, until the net is trained on that market's \
             decisions. Among otherwise equal candidates, recently active ones rank first. Whoever ranks with this \
             model should check the exposure of the others."
        },
        data: data(own),
        split: "By date within each site: the first 70 % of questions train, the next 10 % validate (and calibrate the \
                probabilities), the last 20 % test. Every feature is as of the moment before the question. The \
                rarities of words and skills come from the training texts.",
        until_now: net.parts().until_now.then_some(
            "The measures are those of a net trained in the same way on the split above. Afterwards, the weights of \
             this version were trained by the same plan on the first 90 % of questions and calibrated on the last \
             10 %. No held-out questions are left to measure them.",
        ),
        relevance: "2: the accepted answerer; 1: another answerer; 0: any other user who has answered before. \
                    test_interest: predicts who answers. test_choice: predicts which answer is accepted. \
                    test_first_day: all features but skill_overlap and text_similarity are hidden.",
        background: Words { fingerprint: format!("{:08x}", background.fingerprint()), words: background.words() },
        plan,
        test_over_seeds,
        metrics: metrics.iter().copied().collect(),
        sites,
    };
    Ok(toml::to_string(&card)?)
}
