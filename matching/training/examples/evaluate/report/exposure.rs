//! The exposure of groups of freelancers, with and without a share of the first places for newcomers.

use anyhow::{Context as _, Result};
use matching::Share;
use matching_training::{Exposure, Grouping, RELEVANT_RANKS, Rankings, Side, Standing};

use super::Subject;
use super::html::Table;
use crate::TIE_SEED;

/// A freelancer with fewer proposals is a newcomer.
const ESTABLISHED_FROM: u32 = 3;
/// The share for newcomers: one place in five.
const SHARE: f64 = 0.2;

/// The section with exposure by group.
pub(super) fn section(subject: &Subject<'_>) -> Result<String> {
    let pairs = subject.pairs;
    let standings = Standing::of_dumps(pairs, subject.sites.iter().map(|(_, dump)| dump));
    let share = Share::new(SHARE).context("a share lies between 0 and 1")?;
    let is_newcomer = |row: usize| standings[row].proposals < ESTABLISHED_FROM;
    let by_score = Rankings::by_score(subject.queries(), subject.answers.about(Side::Match), TIE_SEED);
    let shared = by_score.with_share(share, is_newcomer);

    let columns = [
        "",
        "Eligible",
        "Proposed",
        "First ten",
        "×",
        "Attention",
        "First ten, with share",
        "×, with share",
        "Attention, with share",
    ];
    let mut table = Table::new("Shares in per cent. ×: first ten divided by eligible; 1 is even", &columns);
    for grouping in [
        Grouping::by_record(&standings, ESTABLISHED_FROM),
        Grouping::by_tenure(subject.queries(), &standings),
        Grouping::by_presence(&pairs.features),
    ] {
        table.group(&format!("By {}", grouping.by));
        let [plain, fair] = [&by_score, &shared].map(|rankings| rankings.exposure(pairs, &grouping));
        for ((name, plain), fair) in grouping.names.iter().zip(plain).zip(fair) {
            let mut cells = vec![name.clone(), per_cent(plain.eligible), per_cent(plain.bids)];
            cells.extend(places(&plain));
            cells.extend(places(&fair));
            table.row(cells);
        }
    }
    let ndcg = |rankings: &Rankings| rankings.ndcg_10(pairs).context("nobody proposed in this period");
    let (before, after) = (ndcg(&by_score)?, ndcg(&shared)?);
    Ok(format!(
        "<h2>Exposure</h2>\n<p>With share: at least {:.0} % of the first places, however many are shown, go to \
         freelancers with fewer than {ESTABLISHED_FROM} proposals; of the first {RELEVANT_RANKS}, {}. NDCG@10 is \
         {before:.3} by score and {after:.3} with the share.</p>\n{}<p class=\"faint\">Attention is \
         1 / log₂(1 + rank) for every place. Every candidate here has answered at least once. The audit replays past \
         decisions: it does not predict who would bid if shown.</p>\n",
        100.0 * SHARE,
        share.of(RELEVANT_RANKS),
        table.finish()
    ))
}

fn places(exposure: &Exposure) -> [String; 3] {
    let ratio = exposure.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
    [per_cent(exposure.first_ten), ratio, per_cent(exposure.attention)]
}

fn per_cent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}
