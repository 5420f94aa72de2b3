//! Evaluates weights on Stack Exchange dumps or a market's outcomes; by default the shipped weights on the last fifth.
//!
//! ```text
//! cargo run --release -p matching-training --example evaluate -- DIR… [--report FILE.html]
//! cargo run --release -p matching-training --example evaluate -- DIR… \
//!     --weights NEW/model.safetensors --against OLD/model.safetensors
//! ```
//!
//! `--against` evaluates other weights on the same questions and compares the two with a paired bootstrap. Run it
//! before you deploy new weights. Weights use the `rarity.bin` in their own folder, if there is one.
//!
//! For each question, the program ranks every freelancer who had answered before it (RANK).
//! `matching_training::Metrics` defines the measures. The row `on the first day` hides every feature but skills and
//! text. A row `without …` hides one feature in every pair. The net is trained to work without any of them.

#[path = "../pictures/calibration.rs"]
mod calibration_picture;
mod export;
mod report;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use matching::{Background, Feature, Model, ModelParts};
use matching_training::stackexchange::Dump;
use matching_training::{
    Answers, Comparison, Metrics, Pairs, Query, Side, Split, judge, ndcg_by_question, paired_bootstrap,
};

/// Orders equal scores. The value is arbitrary.
const TIE_SEED: u64 = 0;

/// Print the ranking metrics of the matching net on Stack Exchange dumps.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders with an outcomes.jsonl, or with a dump's Posts.xml and, optionally, Votes.xml.
    #[arg(required = true, value_name = "DIR")]
    dumps: Vec<PathBuf>,
    /// Evaluate these weights instead of the shipped ones. A rarity.bin in their folder is used if there is one.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Compare the ranking with that of these weights, by a paired bootstrap.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write every pair of every question to this file: its features, its label, the net's log-odds.
    #[arg(long, value_name = "FILE.csv")]
    export: Option<PathBuf>,
    /// Write a report to this file: measures with intervals, calibration, effects of the features, exposure.
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// The part of each site's questions to evaluate on.
    #[arg(long, value_enum, default_value_t = Part::Test)]
    split: Part,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    Train,
    Validation,
    Test,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let split = match arguments.split {
        Part::Train => Split::Train,
        Part::Validation => Split::Validation,
        Part::Test => Split::Test,
    };
    let (model, background) = match &arguments.weights {
        None => (Model::shipped()?, Background::shipped().clone()),
        Some(path) => read_weights(path)?,
    };

    let mut pairs = Pairs::with_background(background);
    let mut sites = Vec::new();
    for folder in &arguments.dumps {
        let dump = Dump::read(folder)?;
        pairs.add_site(&dump);
        sites.push((site_name(folder), dump));
    }
    let answers = Answers::of(&model, &pairs, pairs.of_split(split))?;
    println!("model {}, {split:?} questions", model.version());
    println!("{:32}{}", "RANK", Metrics::HEADER);
    for (site, folder) in arguments.dumps.iter().enumerate() {
        let of_site = pairs.of_split(split).filter(|query| query.site == site);
        print_row(&folder.display().to_string(), &pairs, of_site, Side::Match, &answers);
    }
    print_row("together", &pairs, pairs.of_split(split), Side::Match, &answers);
    print_row("interest: who proposes", &pairs, pairs.of_split(split), Side::Interest, &answers);
    print_row("choice: which bid is hired", &pairs, pairs.of_split(split), Side::Choice, &answers);
    if let Some(path) = &arguments.against {
        let dumps = sites.iter().map(|(_, dump)| dump);
        compare(path, dumps, split, &by_question(&pairs, split, &answers))?;
    }
    if let Some(path) = &arguments.report {
        let subject = report::Subject { model: &model, pairs: &pairs, split, answers: &answers, sites: &sites };
        report::write(path, &subject)?;
        println!("report written to {}", path.display());
    }
    let first_day = pairs.without_history();
    let answers = Answers::of(&model, &first_day, first_day.of_split(split))?;
    print_row("together, on the first day", &first_day, first_day.of_split(split), Side::Match, &answers);
    for feature in Feature::ALL {
        let hidden = pairs.without(feature);
        let answers = Answers::of(&model, &hidden, hidden.of_split(split))?;
        let name = format!("without {}", feature.name());
        print_row(&name, &hidden, hidden.of_split(split), Side::Match, &answers);
    }
    if let Some(path) = &arguments.export {
        export::write(path, &pairs, &Answers::of(&model, &pairs, &pairs.queries)?)?;
        println!("all pairs written to {}", path.display());
    }
    Ok(())
}

/// Reads weights and their word rarities: the `rarity.bin` in the same folder, or the shipped one.
fn read_weights(path: &Path) -> Result<(Model, Background)> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let beside = path.with_file_name("rarity.bin");
    let background = if beside.exists() {
        Background::from_bytes(read(&beside)?).with_context(|| beside.display().to_string())?
    } else {
        Background::shipped().clone()
    };
    let parts = ModelParts::from_bytes_with(&read(path)?, &background).with_context(|| path.display().to_string())?;
    if parts.until_now {
        println!(
            "warning: {} was trained with --until-now, so its measures on the outcomes it learned from are too good",
            path.display()
        );
    }
    Ok((Model::new(parts)?, background))
}

/// Compares the ranking with that of other weights and prints the difference.
fn compare<'a>(weights: &Path, dumps: impl Iterator<Item = &'a Dump>, split: Split, ours: &[f64]) -> Result<()> {
    const RESAMPLES: usize = 10_000;
    let (model, background) = read_weights(weights)?;
    let mut pairs = Pairs::with_background(background);
    dumps.for_each(|dump| pairs.add_site(dump));
    let answers = Answers::of(&model, &pairs, pairs.of_split(split))?;
    print_row(&format!("against {}", model.version()), &pairs, pairs.of_split(split), Side::Match, &answers);
    let theirs = by_question(&pairs, split, &answers);
    let Comparison { difference, interval: (low, high), p_value } =
        paired_bootstrap(ours, &theirs, RESAMPLES, TIE_SEED).context("no question can be compared")?;
    println!("NDCG@10 {difference:+.4}, 95 % interval {low:+.4} to {high:+.4}; p = {p_value:.4} that it is not better");
    Ok(())
}

/// NDCG@10 of every question of one part.
fn by_question(pairs: &Pairs, split: Split, answers: &Answers) -> Vec<f64> {
    ndcg_by_question(pairs, pairs.of_split(split), Side::Match, answers.about(Side::Match), TIE_SEED)
}

/// The folder's own name. Its path is private and differs by machine.
fn site_name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "unnamed".to_owned())
}

fn print_row<'a>(name: &str, pairs: &Pairs, queries: impl Iterator<Item = &'a Query>, side: Side, answers: &Answers) {
    match judge(pairs, queries, side, answers.about(side), TIE_SEED) {
        Some(metrics) => println!("{name:32}{metrics}"),
        None => println!("{name:32}not evaluated: no question has a candidate who answered it"),
    }
}
