//! Exports every bid as a CSV row, so that other models can be compared on the same projects.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use matching::{AwardModel, Bid};
use matching_training::{Contests, Split};

/// Writes the file. Columns: site, question, split, hired (1 or 0), the fourteen inputs (empty where missing), and
/// the model's probability.
pub(crate) fn write(path: &Path, contests: &Contests, model: &AwardModel) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut file = BufWriter::new(file);
    writeln!(file, "site,question,split,hired,{},probability", Bid::names().join(","))?;
    for contest in &contests.contests {
        let split = match contest.split {
            Split::Train => "train",
            Split::Validation => "validation",
            Split::Test => "test",
        };
        let bids = &contests.bids[contest.rows.clone()];
        let rows = bids.iter().zip(model.compare(bids)?).zip(&contests.is_hired[contest.rows.clone()]);
        for ((bid, award), &is_hired) in rows {
            write!(file, "{},{},{split},{},", contest.site, contest.question, u8::from(is_hired))?;
            for value in bid.values() {
                match value {
                    Some(value) => write!(file, "{value},")?,
                    None => write!(file, ",")?,
                }
            }
            writeln!(file, "{}", award.probability)?;
        }
    }
    file.flush().with_context(|| format!("cannot write {}", path.display()))
}
