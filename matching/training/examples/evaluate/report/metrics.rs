//! The quality of the rankings and the calibration of the probabilities.

use anyhow::{Context as _, Result};
use matching_training::{Answers, Estimate, Metrics, Pairs, Query, Resampling, Side, calibration, estimates, judge};

use super::Subject;
use super::html::{Table, escaped, figure};
use crate::{TIE_SEED, calibration_picture};

const PICTURE_SIZE: (u32, u32) = (480, 360);

/// The section with the measures and their intervals.
pub(super) fn section(subject: &Subject<'_>) -> Result<String> {
    let Subject { pairs, split, answers, .. } = subject;
    let columns = ["", "Questions", "AUC", "NDCG@10", "R@10", "MRR", "P@1", "Log loss", "ECE"];
    let mut table =
        Table::new("Small: 95 % intervals of 1,000 resamples of the questions; for ECE, its value by chance", &columns);
    table.group("Whom to invite: ranked by score, over all candidates");
    for (site, (name, _)) in subject.sites.iter().enumerate() {
        let of_site = || subject.queries().filter(move |query| query.site == site);
        table.row(row(&escaped(name), pairs, of_site, Side::Match, answers));
    }
    table.row(row("All together", pairs, || subject.queries(), Side::Match, answers));
    let first_day = pairs.without_history();
    let first_answers = Answers::of(subject.model, &first_day, first_day.of_split(*split))?;
    let first_queries = || first_day.of_split(*split);
    table.row(row("All, on the first day", &first_day, first_queries, Side::Match, &first_answers));
    table.group("The two factors of the score");
    table.row(row("Interest: who proposes", pairs, || subject.queries(), Side::Interest, answers));
    table.row(row("Choice: which bid is hired", pairs, || subject.queries(), Side::Choice, answers));
    Ok(format!(
        "<h2>Quality of the rankings</h2>\n{}<p class=\"faint\">AUC: how often a relevant candidate scores above an \
         irrelevant one. NDCG@10, R@10: the first ten, by order and by share of the relevant. MRR: one divided by the \
         rank of the first relevant candidate. P@1: how often the first candidate is relevant. On the first day, all \
         history is hidden, and only skills and text remain. Log loss and ECE (expected calibration error) describe \
          the probabilities of being hired, of proposing, and of being hired given a proposal.</p>\n",
        table.finish()
    ))
}

fn row<'a, Q: Iterator<Item = &'a Query>>(
    name: &str,
    pairs: &Pairs,
    queries: impl Fn() -> Q,
    side: Side,
    answers: &Answers,
) -> Vec<String> {
    let log_odds = answers.about(side);
    let judged = judge(pairs, queries(), side, log_odds, TIE_SEED);
    let resampling = Resampling { seed: TIE_SEED, ..Resampling::default() };
    let found = judged.zip(estimates(pairs, queries(), side, log_odds, &resampling));
    let Some((Metrics { queries, calibration_error, calibration_chance, .. }, found)) = found else {
        return vec![name.to_owned(), "not evaluated".to_owned()];
    };
    let mut cells = vec![name.to_owned(), queries.to_string()];
    cells
        .extend([found.auc, found.ndcg_10, found.recall_10, found.mrr, found.precision_1].map(|found| cell(&found, 3)));
    cells.push(cell(&found.log_loss, 5));
    cells.push(format!("{calibration_error:.4}<small>{calibration_chance:.4}</small>"));
    cells
}

fn cell(estimate: &Estimate, digits: usize) -> String {
    let Estimate { value, interval: (low, high) } = estimate;
    format!("{value:.digits$}<small>{low:.digits$}–{high:.digits$}</small>")
}

/// The section with the calibration curves and their numbers.
pub(super) fn calibration_section(subject: &Subject<'_>) -> Result<String> {
    let sides = [(Side::Interest, "Interest"), (Side::Choice, "Choice")];
    let bins = sides.map(|(side, _)| calibration(subject.pairs, subject.queries(), side, subject.answers.about(side)));
    let picture = figure(
        PICTURE_SIZE,
        "Predicted probability and observed share, for interest and for choice. The numbers are below.",
        "Points on the line are perfectly calibrated. Points with fewer than thirty pairs are not shown.",
        |root| calibration_picture::draw(root, "Calibration", &bins),
    )
    .context("calibration")?;
    let mut table = Table::new("Pairs by their log-odds, in bins one wide", &["", "Predicted", "Observed", "Pairs"]);
    for ((_, name), bins) in sides.iter().zip(&bins) {
        table.group(name);
        for bin in bins {
            let per_cent = |share: f64| format!("{:.3} %", 100.0 * share);
            table.row([String::new(), per_cent(bin.promised), per_cent(bin.happened), bin.pairs.to_string()]);
        }
    }
    Ok(format!(
        "<h2>Calibration of the probabilities</h2>\n{picture}<details><summary>The numbers</summary>\n{}</details>\n",
        table.finish()
    ))
}
