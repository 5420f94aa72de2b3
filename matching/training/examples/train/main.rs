//! Trains the net and the model that compares bids, on markets' own outcomes or public Stack Exchange dumps. Writes
//! the files that the crate ships:
//!
//! ```text
//! cargo run --release -p matching-training --example train -- DIR… --out matching/model
//! ```
//!
//! - `model.safetensors`: the net's weights.
//! - `rarity.bin`: the word rarities.
//! - `award.toml`: the weights of the model that compares bids.
//! - `card.toml` and `award_card.toml`: data, plan and metrics of the two models.
//! - `learning.svg` and `calibration.svg`: pictures of the training.
//!
//! The files belong together, because both models use the same word rarities. They are written at the end, all at
//! once. Equal dumps and flags give equal bytes on one machine. The test questions influence no choice.
//!
//! The last fifth of the outcomes is held out for evaluation. With `--until-now`, both models are trained again after
//! the evaluation: the net on all but the last tenth, which calibrates it, and the other model on everything. Deploy
//! these. In a running market, use `--settle-days` to leave out projects whose outcome is not known yet.

#[path = "../award/card.rs"]
mod award_card;
#[path = "../pictures/calibration.rs"]
mod calibration_picture;
mod card;
mod charts;
mod models;
mod sites;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use matching::{AwardModel, AwardParts, Model};
use matching_training::{
    Answers, Contests, Division, FitError, Fitted, Metrics, Pairs, Plan, Query, Side, Split, Spread, calibration, fit,
    fit_award, indifferent_award, judge,
};
use models::Models;
use sites::{Replayed, Sites};

/// Train the net, and the model that compares bids, on markets' outcomes or Stack Exchange dumps.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders with an outcomes.jsonl, or with a dump's Posts.xml and, optionally, Votes.xml.
    #[arg(required = true, value_name = "DIR")]
    dumps: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seeds the first weights, the order of rows and every other draw.
    #[arg(long, default_value_t = Plan::default().seed)]
    seed: u64,
    /// After the evaluation, train both models again on the latest outcomes too, and write these weights. Deploy
    /// them. `evaluate` cannot measure them on the same outcomes; the cards hold the measures from before.
    #[arg(long)]
    until_now: bool,
    /// Leave out projects younger than this many days at the last event. Their outcome is not known yet, and they
    /// would count as projects without a hire. Choose the time that nearly all hires take.
    #[arg(long, default_value_t = 0, value_name = "DAYS")]
    settle_days: u16,
    /// Also train with this many further seeds, and report the spread of the results.
    #[arg(long, default_value_t = 4)]
    more_seeds: u64,
    /// Write the weights of every seed to this folder, each as SEED.safetensors, for `evaluate --weights`.
    #[arg(long, value_name = "DIR")]
    keep_seeds: Option<PathBuf>,
    /// Passes over the training questions, 1 to 1000.
    #[arg(long, default_value_t = Plan::default().epochs as u16, value_parser = value_parser!(u16).range(1..=1_000))]
    epochs: u16,
    /// AdamW's initial learning rate, above 0 and at most 1.
    #[arg(long, default_value_t = Plan::default().learning_rate, value_parser = learning_rate)]
    learning_rate: f64,
}

/// With fewer projects, a trained net mostly reflects chance.
const FEW_PROJECTS: usize = 200;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = Plan {
        seed: arguments.seed,
        epochs: usize::from(arguments.epochs),
        learning_rate: arguments.learning_rate,
        ..Plan::default()
    };
    std::fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create {}", arguments.out.display()))?;

    let sites = Sites::read(&arguments.dumps, arguments.settle_days)?;
    let Replayed { pairs, contests, described } = sites.replay(Division::JUDGED);
    for site in &described {
        println!("{}: {} questions, {} answers, {} pairs", site.name, site.questions, site.answers, site.pairs);
    }
    let is_answered = |query: &&Query| pairs.relevance[query.rows.clone()].iter().any(|&relevance| relevance > 0);
    let answered = pairs.of_split(Split::Train).filter(is_answered).count();
    if answered < FEW_PROJECTS {
        println!(
            "warning: only {answered} training projects have proposals; with fewer than {FEW_PROJECTS}, results are \
             mostly chance"
        );
    }
    let award = award_of(&contests)?;
    let Fitted { parts, epochs } = train(&pairs, &plan)?;
    let model = Model::new(parts.clone())?;
    let (metrics, answers) = judged(&model, &pairs, plan.seed)?;

    println!("{:28}{}", "", Metrics::HEADER);
    for (name, metrics) in &metrics {
        println!("{name:28}{metrics}");
    }

    let mut seeds = vec![plan.seed];
    let mut measured: BTreeMap<&str, Vec<Metrics>> = BTreeMap::new();
    let mut count = |metrics: &[(&'static str, Metrics)]| {
        for (name, metrics) in metrics.iter().filter(|(name, _)| name.starts_with(TEST)) {
            measured.entry(name).or_default().push(*metrics);
        }
    };
    count(&metrics);
    let rarities = pairs.background().as_bytes();
    keep(&arguments, plan.seed, &parts.to_bytes()?, rarities)?;
    for seed in plan.seed + 1..=plan.seed + arguments.more_seeds {
        let parts = train(&pairs, &Plan { seed, ..plan })?.parts;
        keep(&arguments, seed, &parts.to_bytes()?, rarities)?;
        count(&judged(&Model::new(parts)?, &pairs, seed)?.0);
        seeds.push(seed);
    }
    let measures: BTreeMap<_, _> =
        measured.iter().filter_map(|(&name, nets)| Some((name, Spread::of(nets)?))).collect();
    if arguments.more_seeds > 0 {
        println!("{:28}{}", format!("mean of {} seeds", seeds.len()), Metrics::HEADER);
        for (name, Spread { mean, deviation }) in &measures {
            println!("{name:28}{mean}\n{:28}{deviation}", "  standard deviation");
        }
    }
    let over_seeds = card::OverSeeds { seeds, measures };
    let folder = &arguments.out;
    charts::learning(&folder.join("learning.svg"), &epochs)?;
    let bins = [Side::Interest, Side::Choice]
        .map(|side| calibration(&pairs, pairs.of_split(Split::Test), side, answers.about(side)));
    charts::calibration(&folder.join("calibration.svg"), &bins)?;

    let judged_award = AwardModel::new(award.clone())?;
    let models = if arguments.until_now {
        println!("training again on the latest outcomes:");
        let now = sites.replay(Division::UNTIL_NOW);
        Models::new(train(&now.pairs, &plan)?.parts, award_of(&now.contests)?, now.pairs.background().clone())?
    } else {
        Models::new(parts, award, pairs.background().clone())?
    };
    let card = card::write(&models, &plan, described, &metrics, over_seeds)?;
    let award_card = award_card::write(&contests, &judged_award, models.award.version(), sites.are_own())?;
    models.write(folder, &card, &award_card)
}

/// Fits the model that compares bids. Without a contested project, all bids are equally likely.
fn award_of(contests: &Contests) -> Result<AwardParts> {
    match fit_award(contests) {
        Err(FitError::NothingToLearn(_)) => {
            println!("warning: no training project has two bids and one hire; all bids will be equally likely");
            Ok(indifferent_award(contests))
        }
        fitted => Ok(fitted?),
    }
}

/// Parses a valid learning rate.
fn learning_rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate > 0.0 && rate <= 1.0 { Ok(rate) } else { Err("must be above 0 and at most 1".to_owned()) }
}

fn train(pairs: &Pairs, plan: &Plan) -> Result<Fitted> {
    let bar = progress_bar(plan)?;
    let fitted = fit(pairs, plan, |epoch| {
        bar.set_message(format!("loss {:.4}, NDCG@10 {:.4}", epoch.training_loss, epoch.validation.ndcg_10));
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    Ok(fitted)
}

/// Evaluates the net: the measures for the card, and its log-odds. A small market may lack measures in a part.
fn judged(model: &Model, pairs: &Pairs, seed: u64) -> Result<(Vec<(&'static str, Metrics)>, Answers)> {
    let of = |pairs: &Pairs, answers: &Answers, split, side: Side| {
        judge(pairs, pairs.of_split(split), side, answers.about(side), seed)
    };
    let answers = Answers::of(model, pairs, &pairs.queries)?;
    let first_day = pairs.without_history();
    let first_day_answers = Answers::of(model, &first_day, first_day.of_split(Split::Test))?;
    let metrics = [
        ("train", of(pairs, &answers, Split::Train, Side::Match)),
        ("validation", of(pairs, &answers, Split::Validation, Side::Match)),
        (TEST, of(pairs, &answers, Split::Test, Side::Match)),
        ("test_interest", of(pairs, &answers, Split::Test, Side::Interest)),
        ("test_choice", of(pairs, &answers, Split::Test, Side::Choice)),
        ("test_first_day", of(&first_day, &first_day_answers, Split::Test, Side::Match)),
    ];
    Ok((metrics.into_iter().filter_map(|(name, metrics)| Some((name, metrics?))).collect(), answers))
}

/// The prefix of the test measures' names.
const TEST: &str = "test";

/// Writes one seed's weights and the word rarities to the folder of `--keep-seeds`, if it is given.
fn keep(arguments: &Arguments, seed: u64, weights: &[u8], rarities: &[u8]) -> Result<()> {
    let Some(folder) = &arguments.keep_seeds else { return Ok(()) };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, content) in [(format!("{seed}.safetensors"), weights), ("rarity.bin".to_owned(), rarities)] {
        let path = folder.join(name);
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn progress_bar(plan: &Plan) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{prefix} {bar:30} epoch {pos}/{len}  {msg}  {elapsed}")?;
    let bar = ProgressBar::new(plan.epochs as u64).with_style(style);
    Ok(bar.with_prefix(format!("training, seed {}", plan.seed)))
}
