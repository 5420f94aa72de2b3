//! The report page: the evaluation of a net as one self-contained HTML file.
//!
//! Pictures are inline SVG. The page loads nothing and runs no script. It holds no date and no path, so equal dumps
//! and weights give equal pages.

mod effects;
mod exposure;
mod html;
mod metrics;

use std::path::Path;

use anyhow::{Context as _, Result};
use matching::Model;
use matching_training::stackexchange::Dump;
use matching_training::{Answers, Pairs, Query, Split};

use html::escaped;

/// The net and the data that the page describes.
pub(crate) struct Subject<'a> {
    pub(crate) model: &'a Model,
    pub(crate) pairs: &'a Pairs,
    pub(crate) split: Split,
    /// The net's log-odds of the split's pairs.
    pub(crate) answers: &'a Answers,
    /// The sites' names and dumps, in the order of the pairs.
    pub(crate) sites: &'a [(String, Dump)],
}

impl Subject<'_> {
    fn queries(&self) -> impl Iterator<Item = &Query> {
        self.pairs.of_split(self.split)
    }
}

/// Writes the page.
pub(crate) fn write(path: &Path, subject: &Subject<'_>) -> Result<()> {
    std::fs::write(path, page(subject)?).with_context(|| format!("cannot write {}", path.display()))
}

fn page(subject: &Subject<'_>) -> Result<String> {
    let version = escaped(subject.model.version());
    let names: Vec<String> = subject.sites.iter().map(|(name, _)| escaped(name)).collect();
    let (questions, candidates) =
        subject.queries().fold((0, 0), |(questions, candidates), query| (questions + 1, candidates + query.rows.len()));
    let split = match subject.split {
        Split::Train => "the first 70 %, the training part",
        Split::Validation => "the 10 % after the first 70 %, the validation part",
        Split::Test => "the last 20 %, the held-out test part",
    };
    let (metrics, calibration) = (metrics::section(subject)?, metrics::calibration_section(subject)?);
    let (effects, exposure) = (effects::section(subject)?, exposure::section(subject)?);
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Matching net {version}: report</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
         <h1>Matching net {version}</h1>\n\
         <p>Evaluated on {questions} questions of {names} with {candidates} candidates in all. By date, these are \
         {split} of each site's questions. Every feature is as of the moment before its question.</p>\n\
         {metrics}{calibration}{effects}{exposure}</body>\n</html>\n",
        style = include_str!("page.css"),
        names = names.join(" and "),
    ))
}
