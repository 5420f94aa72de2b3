//! The card of the model that compares bids: what it was made from and how good it is. No date and no path, so that
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

/// What was learned from: markets' own outcomes, or dumps.
pub(crate) const fn data(own: bool) -> &'static str {
    if own {
        "A market's own projects, proposals, hires and ratings."
    } else {
        "Stack Exchange data dumps, Posts.xml and Votes.xml, CC BY-SA, by the sites' authors."
    }
}

/// The card as TOML.
///
/// `version`: of the weights that are written, where they are not the judged model's own but were trained once more, on
/// everything up to now. `own`: learned from markets' own outcomes, not from dumps.
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
        loss: "cross-entropy of who was hired, over a project's bids, and 5 times the squared length of the weights; no \
               weight holds anything better against a bid",
        feature_version: FEATURE_VERSION,
        inputs: Bid::names().to_vec(),
        intended_use: "Ordering the bids of one project for its client to read. Not for deciding unseen, not for \
                       judging people.",
        limits: if own {
            "The price is not looked at. Probabilities suppose that exactly one bid is hired."
        } else {
            "Learned from volunteers whose bid is the work itself, in English, without a price: the text of an \
             answer says more than a cover letter will. Probabilities suppose that exactly one bid is hired."
        },
        data: data(own),
        split: "By the question's date within each site: first 70 % train, next 10 % validation, last 20 % test. \
                Questions with at least two answers of others than the asker, one of them accepted. Every number is as \
                of the moment before the bid. test_as_records: skill_experience and activities hidden, as in POST /matches/bids.",
        until_now: (version != model.version()).then_some(
            "The measures are those of weights learned in this way. The weights of this version were learned afterwards, from \
             all questions: nothing was left to judge them by.",
        ),
        metrics,
    };
    Ok(toml::to_string(&card)?)
}
