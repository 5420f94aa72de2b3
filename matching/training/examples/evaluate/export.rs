//! Exports every pair as a CSV row, so that other models can be compared on the same questions.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use matching::FEATURE_NAMES;
use matching_training::{Answers, Pairs, Side, Split};

/// Writes the file. Columns: site, question, split, freelancer, relevance, the ten features (empty where missing),
/// and the log-odds of the score, of interest and of choice.
pub(crate) fn write(path: &Path, pairs: &Pairs, answers: &Answers) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut file = BufWriter::new(file);
    writeln!(file, "site,question,split,freelancer,relevance,{},log_odds,interest,choice", FEATURE_NAMES.join(","))?;
    for query in &pairs.queries {
        let split = match query.split {
            Split::Train => "train",
            Split::Validation => "validation",
            Split::Test => "test",
        };
        for row in query.rows.clone() {
            let (freelancer, relevance) = (pairs.freelancers[row], pairs.relevance[row]);
            write!(file, "{},{},{split},{freelancer},{relevance},", query.site, query.question)?;
            for value in pairs.features[row].values() {
                match value {
                    Some(value) => write!(file, "{value},")?,
                    None => write!(file, ",")?,
                }
            }
            let [score, interest, choice] =
                [Side::Match, Side::Interest, Side::Choice].map(|side| answers.about(side)[row]);
            writeln!(file, "{score},{interest},{choice}")?;
        }
    }
    file.flush().with_context(|| format!("cannot write {}", path.display()))
}
