//! Fits only the model that compares bids, to public Stack Exchange dumps. `train` fits it together with the net.
//!
//! ```text
//! cargo run --release -p matching-training --example award -- DIR… --out matching/model
//! ```
//!
//! Writes `award.toml` (the weights) and `award_card.toml` (data and metrics), as `train` does. Nothing is random:
//! equal dumps give equal bytes. The test questions influence no choice.

mod card;
mod export;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;
use matching::AwardModel;
use matching_training::stackexchange::{Dump, RatingSource};
use matching_training::{Contests, Division, Split, background_of, fit_award};

/// Fit the model that compares bids to Stack Exchange dumps.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders with an outcomes.jsonl, or with a dump's Posts.xml and, optionally, Votes.xml.
    #[arg(required = true, value_name = "DIR")]
    dumps: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write every bid to this file: its inputs, whether it was hired, the model's probability.
    #[arg(long, value_name = "FILE.csv")]
    export: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.out).with_context(|| format!("cannot create {}", arguments.out.display()))?;
    let (contests, own) = read_sites(&arguments.dumps)?;

    let parts = fit_award(&contests)?;
    let weights = parts.to_toml()?;
    let model = AwardModel::new(parts)?;
    for (name, contests) in [("", &contests), (", as records", &contests.as_records())] {
        for split in [Split::Train, Split::Validation, Split::Test] {
            let part = format!("{split:?}{name}");
            match contests.judge(&model, split)? {
                Some(metrics) => println!("{part:28}{metrics}"),
                None => println!("{part:28}not evaluated: no project has two bids and one hire"),
            }
        }
    }
    println!("model {}, {} bytes, to {}", model.version(), weights.len(), arguments.out.display());
    write(&arguments.out, "award.toml", &weights)?;
    if let Some(path) = &arguments.export {
        export::write(path, &contests, &model)?;
        println!("all bids written to {}", path.display());
    }
    write(&arguments.out, "award_card.toml", &card::write(&contests, &model, model.version(), own)?)
}

/// Reads the contested projects, and whether all come from markets' own outcomes.
fn read_sites(folders: &[PathBuf]) -> Result<(Contests, bool)> {
    let dumps = folders.iter().map(|folder| Dump::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let mut contests = Contests::with_background(background_of(&dumps, Division::JUDGED));
    for dump in &dumps {
        contests.add_site(dump);
    }
    Ok((contests, dumps.iter().all(|dump| dump.rating_source == RatingSource::Stars)))
}

fn write(folder: &Path, name: &str, content: &str) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
}
