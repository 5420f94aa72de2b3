//! Trains the net, and the model that compares bids, on markets' own outcomes or public Stack Exchange dumps, and writes what
//! the crate ships:
//!
//! ```text
//! cargo run --release -p matching --example train -- DIR… --out matching/model
//! ```
//!
//! `model.safetensors` (the net's weights), `rarity.bin` (how rare words are), `card.toml` (data, plan, metrics),
//! `learning.svg` and `calibration.svg`; `award.toml` and `award_card.toml` of the model that compares bids. They belong
//! together, because both models count words by the same rarities, and are written when all is done. Equal dumps and flags give
//! equal bytes on one machine. The test questions are looked at when everything is chosen.

#[path = "../award/card.rs"]
mod award_card;
#[path = "../pictures/calibration.rs"]
mod calibration_picture;
mod card;
mod charts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use matching::stackexchange::Dump;
use matching::training::{
    Answers, Contests, FitError, Fitted, Metrics, Pairs, Plan, Side, Split, Spread, background_of, calibration, fit,
    fit_award, indifferent_award, judge,
};
use matching::{AwardModel, Model};

/// Train the net, and what compares bids, on markets' outcomes or Stack Exchange dumps.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders, each with an outcomes.jsonl, or with a dump's Posts.xml and Votes.xml.
    #[arg(required = true, value_name = "DIR")]
    dumps: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Decides the first weights, the order of rows and every other chance.
    #[arg(long, default_value_t = Plan::default().seed)]
    seed: u64,
    /// Also train with this many seeds after the first, and say how far the results lie apart.
    #[arg(long, default_value_t = 4)]
    more_seeds: u64,
    /// Write the weights of every seed here, each as SEED.safetensors, for `evaluate --weights`.
    #[arg(long, value_name = "DIR")]
    keep_seeds: Option<PathBuf>,
    /// Passes over the training questions, 1 to 1000.
    #[arg(long, default_value_t = Plan::default().epochs as u16, value_parser = value_parser!(u16).range(1..=1_000))]
    epochs: u16,
    /// AdamW's step size at the start, above 0 and at most 1.
    #[arg(long, default_value_t = Plan::default().learning_rate, value_parser = learning_rate)]
    learning_rate: f64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = Plan {
        seed: arguments.seed,
        epochs: usize::from(arguments.epochs),
        learning_rate: arguments.learning_rate,
        ..Plan::default()
    };
    std::fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create {}", arguments.out.display()))?;

    let Sites { pairs, contests, described, own } = read_sites(&arguments.dumps)?;
    let award = match fit_award(&contests) {
        Err(FitError::NothingToLearn(_)) => {
            println!(
                "bids: no project of the training time had two bids and one hire; all will be called equally likely"
            );
            indifferent_award(&contests)
        }
        fitted => fitted?,
    };
    let award_weights = award.to_toml()?;
    let award_card = award_card::write(&contests, &AwardModel::new(award)?, own)?;
    let fitted = train(&pairs, &plan)?;
    let bytes = fitted.parts.to_bytes()?;
    let model = Model::new(fitted.parts.clone())?;
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
    keep(&arguments, plan.seed, &bytes, rarities)?;
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
    let card = card::write(&model, pairs.background(), &plan, described, &metrics, over_seeds)?;

    let folder = &arguments.out;
    charts::learning(&folder.join("learning.svg"), &fitted.epochs)?;
    let bins = [Side::Interest, Side::Choice]
        .map(|side| calibration(&pairs, pairs.of_split(Split::Test), side, answers.about(side)));
    charts::calibration(&folder.join("calibration.svg"), &bins)?;
    let files = [
        ("model.safetensors", bytes.as_slice()),
        ("rarity.bin", rarities),
        ("award.toml", award_weights.as_bytes()),
        ("card.toml", card.as_bytes()),
        ("award_card.toml", award_card.as_bytes()),
    ];
    // Whole beside the old ones before the first of them is replaced: a full disk leaves what was there.
    let beside = |name: &str| folder.join(format!("{name}.new"));
    for (name, content) in files {
        std::fs::write(beside(name), content).with_context(|| format!("cannot write {}", beside(name).display()))?;
    }
    for (name, _) in files {
        let path = folder.join(name);
        std::fs::rename(beside(name), &path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("model {}, {} bytes, written to {}", model.version(), bytes.len(), folder.display());
    Ok(())
}

/// A step size that a training can be done with.
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

/// The measures that the card holds, and what the net answers. A small market may have nothing to judge in a part.
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

/// What the names of the test's measures begin with.
const TEST: &str = "test";

/// Writes one seed's weights where the arguments want them, beside the rarities that they belong to.
fn keep(arguments: &Arguments, seed: u64, weights: &[u8], rarities: &[u8]) -> Result<()> {
    let Some(folder) = &arguments.keep_seeds else { return Ok(()) };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, content) in [(format!("{seed}.safetensors"), weights), ("rarity.bin".to_owned(), rarities)] {
        let path = folder.join(name);
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What is learned from.
struct Sites {
    pairs: Pairs,
    contests: Contests,
    /// As the card has them.
    described: Vec<card::Site>,
    /// Whether all are markets' own outcomes.
    own: bool,
}

fn read_sites(folders: &[PathBuf]) -> Result<Sites> {
    let mut seen = BTreeSet::new();
    for folder in folders {
        let place = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
        if !seen.insert(place) {
            bail!("{} is given twice: its decisions would count double", folder.display());
        }
    }
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(std::time::Duration::from_millis(100));
    let mut dumps = Vec::new();
    for folder in folders {
        spinner.set_message(format!("reading {}", site_name(folder)));
        dumps.push(Dump::read(folder)?);
    }
    let mut pairs = Pairs::with_background(background_of(&dumps));
    let mut contests = Contests::with_background(pairs.background().clone());
    let mut described = Vec::new();
    for (folder, dump) in folders.iter().zip(&dumps) {
        let name = site_name(folder);
        spinner.set_message(format!("replaying {name}"));
        let rows_before = pairs.features.len();
        pairs.add_site(dump);
        contests.add_site(dump);
        let site = card::Site::new(name, dump, pairs.features.len() - rows_before);
        println!("{}: {} questions, {} answers, {} pairs", site.name, site.questions, site.answers, site.pairs);
        described.push(site);
    }
    spinner.finish_and_clear();
    Ok(Sites { pairs, contests, described, own: dumps.iter().all(|dump| dump.rates_by_stars) })
}

/// The folder's own name: where it lies is nobody's business and differs by machine.
fn site_name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "unnamed".to_owned())
}

fn progress_bar(plan: &Plan) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{prefix} {bar:30} epoch {pos}/{len}  {msg}  {elapsed}")?;
    let bar = ProgressBar::new(plan.epochs as u64).with_style(style);
    Ok(bar.with_prefix(format!("training, seed {}", plan.seed)))
}
