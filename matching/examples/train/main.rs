//! Trains the net on public Stack Exchange dumps and writes what the crate ships:
//!
//! ```text
//! cargo run --release -p matching --example train -- DUMP_DIR… --out matching/model
//! ```
//!
//! `model.safetensors` (the weights), `card.toml` (data, plan, metrics), `learning.svg` and `calibration.svg`. Equal
//! dumps, flags and machine give equal bytes. The test questions are looked at once, after the best epoch is chosen.

mod card;
mod charts;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use matching::Model;
use matching::stackexchange::Dump;
use matching::training::{Metrics, Pairs, Plan, Split, calibration, fit, judge, log_odds_of};

/// Train the matching net on Stack Exchange dumps.
#[derive(Debug, Parser)]
struct Arguments {
    /// Dump folders, each with Posts.xml and Votes.xml.
    #[arg(required = true, value_name = "DUMP_DIR")]
    dumps: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Decides the first weights, the order of rows and every other chance.
    #[arg(long, default_value_t = Plan::default().seed)]
    seed: u64,
    /// Most passes over the training pairs.
    #[arg(long, default_value_t = Plan::default().epochs)]
    epochs: usize,
    /// AdamW's step size at the start.
    #[arg(long, default_value_t = Plan::default().learning_rate)]
    learning_rate: f64,
    /// Share of rows whose history is hidden.
    #[arg(long, default_value_t = Plan::default().history_dropout)]
    history_dropout: f64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = Plan {
        seed: arguments.seed,
        epochs: arguments.epochs,
        learning_rate: arguments.learning_rate,
        history_dropout: arguments.history_dropout,
        ..Plan::default()
    };
    std::fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create {}", arguments.out.display()))?;

    let (pairs, sites) = read_sites(&arguments.dumps)?;
    let bar = progress_bar(plan.epochs)?;
    let fitted = fit(&pairs, &plan, |epoch| {
        bar.set_message(format!("loss {:.4}, NDCG@10 {:.4}", epoch.training_loss, epoch.validation.ndcg_10));
        bar.inc(1);
    })?;
    bar.finish_and_clear();

    let bytes = fitted.parts.to_bytes()?;
    let model = Model::new(fitted.parts)?;
    let log_odds = log_odds_of(&model, &pairs, &pairs.queries)?;
    let first_day = pairs.without_history();
    let first_day_log_odds = log_odds_of(&model, &first_day, first_day.of_split(Split::Test))?;
    let judged = |pairs: &Pairs, log_odds: &[f32], split| {
        judge(pairs, pairs.of_split(split), log_odds, plan.seed)
            .with_context(|| format!("the {split:?} questions have nothing to judge"))
    };
    let metrics = [
        ("train", judged(&pairs, &log_odds, Split::Train)?),
        ("validation", judged(&pairs, &log_odds, Split::Validation)?),
        ("test", judged(&pairs, &log_odds, Split::Test)?),
        ("test_first_day", judged(&first_day, &first_day_log_odds, Split::Test)?),
    ];

    let write = |name: &str, content: &[u8]| {
        let path = arguments.out.join(name);
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    write("model.safetensors", &bytes)?;
    write("card.toml", card::write(&model, &plan, fitted.best_epoch, sites, &metrics)?.as_bytes())?;
    charts::learning(&arguments.out.join("learning.svg"), &fitted.epochs, fitted.best_epoch)?;
    let bins = calibration(&pairs, pairs.of_split(Split::Test), &log_odds);
    charts::calibration(&arguments.out.join("calibration.svg"), &bins)?;

    println!("{:16}{}", "", Metrics::HEADER);
    for (name, metrics) in &metrics {
        println!("{name:16}{metrics}");
    }
    println!(
        "model {}, {} bytes, epoch {} of {}, written to {}",
        model.version(),
        bytes.len(),
        fitted.best_epoch,
        fitted.epochs.len(),
        arguments.out.display()
    );
    Ok(())
}

fn read_sites(folders: &[PathBuf]) -> Result<(Pairs, Vec<card::Site>)> {
    let mut pairs = Pairs::default();
    let mut sites = Vec::new();
    for folder in folders {
        let name = site_name(folder);
        let spinner = ProgressBar::new_spinner().with_message(format!("reading {name}"));
        spinner.enable_steady_tick(std::time::Duration::from_millis(100));
        let dump = Dump::read(folder)?;
        let rows_before = pairs.features.len();
        pairs.add_site(&dump);
        spinner.finish_and_clear();
        let site = card::Site::new(name, &dump, pairs.features.len() - rows_before);
        println!("{}: {} questions, {} answers, {} pairs", site.name, site.questions, site.answers, site.pairs);
        sites.push(site);
    }
    Ok((pairs, sites))
}

/// The folder's own name: where it lies is nobody's business and differs by machine.
fn site_name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "unnamed".to_owned())
}

fn progress_bar(epochs: usize) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("training {bar:30} epoch {pos}/{len}  {msg}  {elapsed}")?;
    Ok(ProgressBar::new(epochs as u64).with_style(style))
}
