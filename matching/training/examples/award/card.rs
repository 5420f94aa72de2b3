//! The card of the model that compares bids: its training data and its quality. It holds no date and no path, so that
//! equal trainings give equal cards.

use std::collections::BTreeMap;

use anyhow::Result;
use matching::{AwardModel, Bid, FEATURE_VERSION};
use matching_training::{AwardMetrics, Contests, Split};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Card<'a> {
    version: &'a str,
    model: &'a str,
    loss: &'a str,
    feature_version: u32,
    inputs: Vec<&'a str>,
    intended_use: &'a str,
    limits: &'a str,
    data: &'a str,
    split: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until_now: Option<&'a str>,
    metrics: BTreeMap<&'a str, AwardMetrics>,
}

/// Describes the training data: markets' own outcomes, or dumps.
pub(crate) const fn data(own: bool) -> &'static str {
    if own {
        "A market's own projects, proposals, hires and ratings."
    } else {
        "Stack Exchange data dumps, Posts.xml and Votes.xml, CC BY-SA, by the sites' authors."
    }
}

/// Writes the card as TOML.
///
/// `version` is that of the written weights. It differs from the evaluated `model` if these were trained again with
/// `--until-now`. `own` says that the data is markets' own outcomes and not dumps.
pub(crate) fn write(contests: &Contests, model: &AwardModel, version: &str, own: bool) -> Result<String> {
    let records = contests.as_records();
    let mut metrics = BTreeMap::new();
    for (name, contests, split) in [
        ("train", contests, Split::Train),
        ("validation", contests, Split::Validation),
        ("test", contests, Split::Test),
        ("test_as_records", &records, Split::Test),
    ] {
        // A small market may have no contested project in a part.
        metrics.extend(contests.judge(model, split)?.map(|judged| (name, judged)));
    }
    let card = Card {
        version,
        model: "14 -> 1, f32; softmax over a project's bids (conditional logit)",
        loss: "cross-entropy of the hired bid over a project's bids, plus 5 times the squared length of the weights; \
               the signs of the weights are bound, so that a better value never counts against a bid",
        feature_version: FEATURE_VERSION,
        inputs: Bid::names().to_vec(),
        intended_use: "Ordering the bids of one project for its client to read. Not for automatic decisions, not for \
                       judging people.",
        limits: if own {
            "The price is not a feature. The probabilities assume that exactly one bid is hired."
        } else {
            "The training data is volunteers whose bid is the work itself, in English, without a price. The text of an \
             answer is more informative than a cover letter. The probabilities assume that exactly one bid is hired."
        },
        data: data(own),
        split: "By the question's date within each site: the first 70 % train, the next 10 % validate, the last 20 % \
                test. The projects are questions with at least two answers by users other than the asker, one of them \
                accepted. Every feature is as of the moment before the bid. test_as_records: skill_experience and the \
                activities are hidden, as in POST /matches/bids.",
        until_now: (version != model.version()).then_some(
            "The measures are those of weights trained in the same way on the split above. Afterwards, the weights of \
             this version were trained on all questions. No held-out questions are left to measure them.",
        ),
        metrics,
    };
    Ok(toml::to_string(&card)?)
}
