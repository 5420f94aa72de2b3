//! The outcomes to learn from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use indicatif::ProgressBar;
use matching_training::stackexchange::{Dump, RatingSource};
use matching_training::{Contests, Division, Pairs, background_of};

use crate::card;

/// Markets' own outcomes, or dumps, as read from their folders.
pub(crate) struct Sites {
    names: Vec<String>,
    dumps: Vec<Dump>,
}

/// The training data made by replaying the sites: features as of each decision, with its outcome.
pub(crate) struct Replayed {
    pub(crate) pairs: Pairs,
    pub(crate) contests: Contests,
    /// The sites' descriptions for the card.
    pub(crate) described: Vec<card::Site>,
}

impl Sites {
    /// Reads the folders, without the projects younger than `settle_days` at the last event.
    pub(crate) fn read(folders: &[PathBuf], settle_days: u16) -> Result<Self> {
        let mut seen = BTreeSet::new();
        for folder in folders {
            let place = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
            if !seen.insert(place) {
                bail!("{} is given twice, so its decisions would count twice", folder.display());
            }
        }
        let spinner = spinner();
        let mut dumps = Vec::new();
        for folder in folders {
            spinner.set_message(format!("reading {}", site_name(folder)));
            let mut dump = Dump::read(folder)?;
            if settle_days > 0 {
                dump.leave_out_younger_than(settle_days);
            }
            dumps.push(dump);
        }
        spinner.finish_and_clear();
        Ok(Self { names: folders.iter().map(|folder| site_name(folder)).collect(), dumps })
    }

    /// Whether all sites are markets' own outcomes.
    pub(crate) fn are_own(&self) -> bool {
        self.dumps.iter().all(|dump| dump.rating_source == RatingSource::Stars)
    }

    pub(crate) fn replay(&self, division: Division) -> Replayed {
        let spinner = spinner();
        let background = background_of(&self.dumps, division);
        let mut contests = Contests::with_background(background.clone()).divided(division);
        let mut pairs = Pairs::with_background(background).divided(division);
        let mut described = Vec::new();
        for (name, dump) in self.names.iter().zip(&self.dumps) {
            spinner.set_message(format!("replaying {name}"));
            let rows_before = pairs.features.len();
            pairs.add_site(dump);
            contests.add_site(dump);
            described.push(card::Site::new(name.clone(), dump, pairs.features.len() - rows_before));
        }
        spinner.finish_and_clear();
        Replayed { pairs, contests, described }
    }
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// The folder's own name. Its path is private and differs by machine.
fn site_name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "unnamed".to_owned())
}
