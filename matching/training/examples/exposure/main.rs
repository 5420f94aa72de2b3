//! Audits exposure by group over a period, with and without a share of the first places for newcomers.
//!
//! ```text
//! cargo run --release -p matching-training --example exposure                # a simulated market and a net for it
//! cargo run --release -p matching-training --example exposure -- DUMP_DIR…   # the shipped net on real decisions
//! cargo run --release -p matching-training --example exposure -- DUMP_DIR… --out matching/model/exposure.toml
//! ```
//!
//! The period is the last fifth of the projects, which the net has not learned from. Every project is ranked with the
//! features of the moment when it was posted. The window into the local market shows the file that `--out` writes.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use matching::{Model, Share};
use matching_training::simulation::{Scale, Simulation};
use matching_training::stackexchange::Dump;
use matching_training::{
    Answers, Exposure, Grouping, Pairs, Plan, Query, RELEVANT_RANKS, Rankings, Side, Split, Standing, fit,
};
use serde::Serialize;

/// Orders equal scores. The value is arbitrary.
const TIE_SEED: u64 = 0;

/// Print the shares of a period's first places that groups of freelancers get.
#[derive(Debug, Parser)]
struct Arguments {
    /// Dump folders with a Posts.xml and, optionally, a Votes.xml. Without any, a simulated market is audited.
    #[arg(value_name = "DUMP_DIR")]
    dumps: Vec<PathBuf>,
    /// Audit these weights instead of the shipped ones.
    #[arg(long, value_name = "FILE", requires = "dumps")]
    weights: Option<PathBuf>,
    /// The share of the first places that newcomers get at least, 0 to 1.
    #[arg(long, default_value = "0.2", value_parser = share)]
    share: (f64, Share),
    /// A freelancer with fewer proposals is a newcomer.
    #[arg(long, default_value_t = 3, value_name = "PROPOSALS")]
    established_from: u32,
    /// Write the table to this file, too.
    #[arg(long, value_name = "FILE", requires = "dumps")]
    out: Option<PathBuf>,
    /// Seeds the simulated market and the training on it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The audit as a file.
#[derive(Debug, Serialize)]
struct Audit {
    /// The version of the audited net.
    version: String,
    projects: usize,
    /// The share that newcomers get at least.
    share: f64,
    /// NDCG@10 by score, and with the share.
    ndcg_10: [f64; 2],
    groups: Vec<Group>,
}

/// One row of the table. Shares are from 0 to 1.
#[derive(Debug, Serialize)]
struct Group {
    by: &'static str,
    name: String,
    eligible: f64,
    bids: f64,
    /// Its share of the first ten places by score, and with the guaranteed share.
    first_ten: [f64; 2],
}

/// The data of one audit.
struct Period {
    model: Model,
    pairs: Pairs,
    standings: Vec<Standing>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let period = if arguments.dumps.is_empty() {
        Period::simulated(arguments.seed)?
    } else {
        Period::of_dumps(&arguments.dumps, arguments.weights.as_deref())?
    };
    let Period { model, pairs, standings } = &period;
    let (number, share) = arguments.share;
    let is_newcomer = |row: usize| standings[row].proposals < arguments.established_from;

    let answers = Answers::of(model, pairs, period.queries())?;
    let by_score = Rankings::by_score(period.queries(), answers.about(Side::Match), TIE_SEED);
    let shared = by_score.with_share(share, is_newcomer);
    println!("{} projects; shares in per cent; ×: first ten divided by eligible, 1 is even", period.queries().count());
    println!("{:50} | {:25} | with {:.0} % for newcomers", "", "by score", 100.0 * number);
    println!("{:34}eligible    bids | first ten     ×  attention | first ten     ×  attention", "");
    let mut groups = Vec::new();
    for grouping in [
        Grouping::by_record(standings, arguments.established_from),
        Grouping::by_tenure(period.queries(), standings),
        Grouping::by_presence(&pairs.features),
    ] {
        println!("{}", grouping.by);
        let [plain, fair] = [&by_score, &shared].map(|rankings| rankings.exposure(pairs, &grouping));
        for ((name, plain), fair) in grouping.names.iter().zip(plain).zip(fair) {
            print_row(name, &plain, &fair);
            let Exposure { eligible, bids, .. } = plain;
            let first_ten = [plain.first_ten, fair.first_ten];
            groups.push(Group { by: grouping.by, name: name.clone(), eligible, bids, first_ten });
        }
    }

    let [before, after] = [&by_score, &shared].map(|rankings| rankings.ndcg_10(pairs));
    let (before, after) = before.zip(after).context("nobody proposed in this period")?;
    println!("NDCG@10 {before:.3} by score, {after:.3} with the share");
    let promised = share.of(RELEVANT_RANKS);
    if let Some(fewest) = shared.fewest_first(promised, is_newcomer) {
        println!("fewest newcomers among the first ten, of projects with at least {promised}: {fewest}");
        ensure!(fewest >= promised, "the share guarantees {promised} places but gives {fewest}");
    }
    if let Some(file) = &arguments.out {
        let (version, projects) = (model.version().to_string(), period.queries().count());
        let audit = Audit { version, projects, share: number, ndcg_10: [before, after], groups };
        std::fs::write(file, toml::to_string(&audit)?).with_context(|| format!("cannot write {}", file.display()))?;
    }
    println!("The replay does not change later decisions: in a market, shown newcomers would become established.");
    Ok(())
}

fn print_row(name: &str, plain: &Exposure, fair: &Exposure) {
    let shown = |exposure: &Exposure| {
        let ratio = exposure.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        format!("{:9.1} {ratio:>5}  {:9.1}", 100.0 * exposure.first_ten, 100.0 * exposure.attention)
    };
    let Exposure { eligible, bids, .. } = plain;
    let (plain, fair) = (shown(plain), shown(fair));
    println!("  {name:32}{:8.1} {:7.1} | {plain} | {fair}", 100.0 * eligible, 100.0 * bids);
}

impl Period {
    fn simulated(seed: u64) -> Result<Self> {
        let scale = Scale { freelancers: 300, projects: 1_500, seed };
        let bar = progress_bar("the market", scale.projects, "projects")?;
        let market = Simulation::run(&scale, || bar.inc(1)).eligible();
        bar.finish_and_clear();
        let plan = Plan { seed, ..Plan::default() };
        let bar = progress_bar("the net", plan.epochs, "epochs")?;
        let fitted = fit(&market.pairs, &plan, |_| bar.inc(1))?;
        bar.finish_and_clear();
        println!("a simulated market with {} freelancers; the net is trained on its first projects", scale.freelancers);
        let standings = market.known.iter().map(|known| known.standing).collect();
        Ok(Self { model: Model::new(fitted.parts)?, pairs: market.pairs, standings })
    }

    fn of_dumps(folders: &[PathBuf], weights: Option<&std::path::Path>) -> Result<Self> {
        let model = match weights {
            None => Model::shipped()?,
            Some(path) => {
                let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                Model::from_bytes(&bytes)?
            }
        };
        let mut pairs = Pairs::default();
        let mut dumps = Vec::new();
        for folder in folders {
            let dump = Dump::read(folder)?;
            pairs.add_site(&dump);
            dumps.push(dump);
        }
        println!(
            "model {}; every candidate has answered before, so a newcomer has at least one answer",
            model.version()
        );
        let standings = Standing::of_dumps(&pairs, &dumps);
        Ok(Self { model, pairs, standings })
    }

    fn queries(&self) -> impl Iterator<Item = &Query> {
        self.pairs.of_split(Split::Test)
    }
}

fn share(text: &str) -> Result<(f64, Share), String> {
    let number: f64 = text.parse().map_err(|_| format!("{text} is not a number"))?;
    Ok((number, Share::new(number).ok_or_else(|| format!("{text} is not between 0 and 1"))?))
}

fn progress_bar(what: &str, steps: usize, unit: &str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template(&format!("{{prefix}} {{bar:30}} {{pos}}/{{len}} {unit}  {{elapsed}}"))?;
    Ok(ProgressBar::new(steps as u64).with_style(style).with_prefix(what.to_owned()))
}
