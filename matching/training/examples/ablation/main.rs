//! Measures the contribution of each part of the training: trains without it, over several seeds, and evaluates.
//!
//! ```text
//! cargo run --release -p matching-training --example ablation -- DUMP_DIR… [--seeds 3]
//! ```
//!
//! A left-out feature is hidden in every pair, in training and in evaluation, so the other features can replace it.
//! The test measures are only reported; no choice depends on them.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use matching::{Feature, Model};
use matching_training::stackexchange::Dump;
use matching_training::{Answers, Division, Metrics, Pairs, Plan, Side, Split, Spread, background_of, fit, judge};

/// Train the matching net without each of its parts.
#[derive(Debug, Parser)]
struct Arguments {
    /// Dump folders with a Posts.xml and, optionally, a Votes.xml.
    #[arg(required = true, value_name = "DUMP_DIR")]
    dumps: Vec<PathBuf>,
    /// The number of trainings per row, with seeds from 1.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Train only the rows whose name contains this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// One row of the table.
struct Variation {
    name: &'static str,
    /// The features hidden in every pair, in training and in evaluation.
    hidden: &'static [Feature],
    plan: Plan,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let dumps: Vec<Dump> = arguments.dumps.iter().map(|folder| Dump::read(folder)).collect::<Result<_, _>>()?;
    let mut pairs = Pairs::with_background(background_of(&dumps, Division::JUDGED));
    for dump in &dumps {
        pairs.add_site(dump);
    }
    println!("means of {} seeds, ± their standard deviation", arguments.seeds);
    println!("{:28}validation NDCG@10   test NDCG@10     R@10     P@1   first day", "");
    for variation in variations().into_iter().filter(|row| row.name.contains(&arguments.only)) {
        let pairs = variation.hidden.iter().fold(pairs.clone(), |pairs, feature| pairs.without(*feature));
        let judged: Vec<Judged> = (1..=arguments.seeds)
            .map(|seed| Judged::of(&pairs, &Plan { seed, ..variation.plan }))
            .collect::<Result<_>>()?;
        let over_seeds = |of: fn(&Judged) -> Metrics| {
            Spread::of(&judged.iter().map(of).collect::<Vec<_>>()).context("no seeds to train with")
        };
        let (validation, test) = (over_seeds(|judged| judged.validation)?, over_seeds(|judged| judged.test)?);
        let first_day = over_seeds(|judged| judged.first_day)?;
        print!("{:28}", variation.name);
        print!("{:12.4} ± {:.4}", validation.mean.ndcg_10, validation.deviation.ndcg_10);
        print!("{:9.4} ± {:.4}", test.mean.ndcg_10, test.deviation.ndcg_10);
        println!("{:9.4}{:8.4}{:12.4}", test.mean.recall_10, test.mean.precision_1, first_day.mean.ndcg_10);
    }
    Ok(())
}

/// The shipped plan, and the same plan without each part.
fn variations() -> Vec<Variation> {
    let shipped = Plan::default();
    let plans = [
        ("as it ships", shipped),
        ("with a listwise loss", Plan { ranking_weight: 1.0, interest_weight: 0.1, choice_weight: 0.1, ..shipped }),
        ("no averaged weights", Plan { averaging: 0.0, ..shipped }),
        ("not monotone", Plan { monotone: false, ..shipped }),
    ];
    let plans = plans.map(|(name, plan)| Variation { name, hidden: &[], plan });
    let hidden: [(_, &'static [Feature]); _] = [
        ("no activity", &[Feature::ActivityWeek, Feature::ActivityMonth, Feature::ActivityHalfYear]),
        ("no text_similarity", &[Feature::TextSimilarity]),
        ("no skills", &[Feature::SkillOverlap, Feature::SkillExperience]),
        ("no rating, no hire_rate", &[Feature::Rating, Feature::HireRate]),
        ("no last_seen", &[Feature::LastSeen]),
        ("no response_time", &[Feature::ResponseTime]),
    ];
    plans.into_iter().chain(hidden.map(|(name, hidden)| Variation { name, hidden, plan: shipped })).collect()
}

/// The measures of one net.
struct Judged {
    validation: Metrics,
    test: Metrics,
    first_day: Metrics,
}

impl Judged {
    fn of(pairs: &Pairs, plan: &Plan) -> Result<Self> {
        let model = Model::new(fit(pairs, plan, |_| {})?.parts)?;
        let on = |pairs: &Pairs, split| {
            let answers = Answers::of(&model, pairs, pairs.of_split(split))?;
            judge(pairs, pairs.of_split(split), Side::Match, answers.about(Side::Match), plan.seed)
                .with_context(|| format!("the {split:?} questions cannot be evaluated: no candidate is relevant"))
        };
        Ok(Self {
            validation: on(pairs, Split::Validation)?,
            test: on(pairs, Split::Test)?,
            first_day: on(&pairs.without_history(), Split::Test)?,
        })
    }
}
