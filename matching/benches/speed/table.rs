//! The table of `cargo bench`.

use std::borrow::Borrow;
use std::hint::black_box;

use anyhow::{Context as _, Result, bail, ensure};
use matching::{
    CandleNet, FEATURE_COUNT, Features, InputColumns, InstructionSet, Model, Pool, PreparedNeed, Scorer, top_scores,
};

use crate::inputs::Inputs;
use crate::items::Rows;
use crate::market;
use crate::peak;
use crate::stopwatch::{Timed, Work, take_turns};

/// Multiply-adds of the net for one pair: the number of its weights.
pub(crate) fn multiply_adds_per_pair(model: &Model) -> usize {
    model.parts().layers.iter().map(|layer| layer.weights.len()).sum()
}

const MANY: usize = 1_000_000;
const FEW: usize = 1_000;
/// Pairs that candle gets at a time. It is much slower with more.
pub(crate) const CANDLE_ROWS: usize = 1_024;
const CANDLE_BATCHES: usize = 32;
const TURNS: usize = 31;

const ROWS_OURS: &str = "1,000 rows → features";
const ROWS_THEIRS: &str = "1,000 items → records";

pub(crate) fn print() -> Result<()> {
    let subjects = Subjects::new()?;
    let mut peak_multiply_adds = 0;
    let peak = Work::new("FMA peak", || peak_multiply_adds = peak::multiply_adds());
    let works = [vec![peak], subjects.net()?, subjects.candle(), subjects.around_the_net()].into_iter().flatten();
    let timed = take_turns(works.collect(), TURNS);
    let [peak, timed @ ..] = timed.as_slice() else { bail!("nothing was timed") };

    let peak_per_second = peak_multiply_adds as f64 / peak.seconds;
    println!("{:28} {:>12} {:>14} {:>12}", "work", "time", "pairs/s", "of FMA peak");
    println!("{:28} {:>12} {:>14} {:>12}", peak.name, "", format!("{:.1} GFMA/s", peak_per_second / 1e9), "1.00");
    let most_pairs_per_second = peak_per_second / multiply_adds_per_pair(&subjects.model) as f64;
    timed.iter().for_each(|timed| print_row(timed, most_pairs_per_second));
    let seconds_of = |wanted: &str| timed.iter().find(|timed| timed.name == wanted).map_or(f64::NAN, |it| it.seconds);
    let ratio = seconds_of(ROWS_OURS) / seconds_of(ROWS_THEIRS);
    println!("stored rows → features, divided by serde_dynamo's from_item: {ratio:.3}");
    Ok(())
}

fn print_row(Timed { name, pairs, seconds }: &Timed, most_pairs_per_second: f64) {
    let (mut speed, mut share) = Default::default();
    if let Some(pairs) = pairs {
        let per_second = *pairs as f64 / seconds;
        (speed, share) = (format!("{:.2} M", per_second / 1e6), format!("{:.2}", per_second / most_pairs_per_second));
    }
    println!("{name:28} {:>12} {speed:>14} {share:>12}", time(*seconds));
}

/// The fused scorer.
fn scorer_of(model: &Model) -> Result<&Scorer> {
    model.scorer().context("the shipped weights have another shape")
}

/// The subjects of the measurements.
struct Subjects {
    model: Model,
    reference: CandleNet,
    inputs: Inputs,
    /// The first inputs, row by row, as candle reads them.
    rows: Vec<f32>,
    /// The scores of all inputs.
    scores: Vec<f32>,
    need: PreparedNeed,
    /// Ten pairs with every feature known, the slowest case of an explanation.
    matches: Vec<Features>,
    stored: Rows,
}

impl Subjects {
    fn new() -> Result<Self> {
        let model = Model::shipped()?;
        let inputs = Inputs::new(MANY);
        let mut scores = vec![0.0; MANY];
        scorer_of(&model)?.score_columns(InputColumns::new(inputs.columns(MANY))?, &mut scores)?;
        let need = Pool::<()>::default().prepare(&market::need(1));
        let pairs = market::freelancers(100).map(|(_, talent, _)| Features::of(&need, &talent));
        let matches: Vec<Features> = pairs.filter(|pair| pair.values().iter().all(Option::is_some)).take(10).collect();
        ensure!(matches.len() == 10, "too few freelancers of the market have every feature");
        Ok(Self {
            reference: CandleNet::new(model.parts())?,
            rows: inputs.by_row(CANDLE_BATCHES * CANDLE_ROWS),
            stored: Rows::new(FEW as u64),
            model,
            inputs,
            scores,
            need,
            matches,
        })
    }

    /// The fused scorer, by instruction set and by number of pairs.
    fn net(&self) -> Result<Vec<Work<'_>>> {
        let mut works = Vec::new();
        for set in InstructionSet::available() {
            let scorer = Scorer::for_instructions(self.model.parts(), set)?;
            works.push(self.score(format!("{}, 1,000 pairs", set.name()), scorer, FEW));
        }
        works.push(self.score("1,000,000 pairs", scorer_of(&self.model)?, MANY));
        works.push(self.score("1 pair", scorer_of(&self.model)?, 1));
        Ok(works)
    }

    fn score<'a>(&'a self, name: impl Into<String>, scorer: impl Borrow<Scorer> + 'a, pairs: usize) -> Work<'a> {
        let columns = InputColumns::new(self.inputs.columns(pairs)).expect("inputs within ± 3");
        let mut scores = vec![0.0; pairs];
        let run = move || scorer.borrow().score_columns(columns, &mut scores).expect("columns of one length");
        Work::new(name, run).scoring(pairs)
    }

    /// The same net in candle.
    fn candle(&self) -> Vec<Work<'_>> {
        let forward = |pairs: usize| move || drop(self.reference.score_inputs(&self.rows[..pairs * FEATURE_COUNT]));
        let many = || {
            for rows in self.rows.chunks(CANDLE_ROWS * FEATURE_COUNT) {
                drop(self.reference.score_inputs(rows));
            }
        };
        vec![
            Work::new("candle, 1 pair", forward(1)).scoring(1),
            Work::new("candle, 1,000 pairs", forward(FEW)).scoring(FEW),
            Work::new("candle, 32 × 1,024 pairs", many).scoring(CANDLE_BATCHES * CANDLE_ROWS),
        ]
    }

    /// The steps before and after scoring.
    fn around_the_net(&self) -> Vec<Work<'_>> {
        let best = || {
            black_box(top_scores(&self.scores, |place| place, 10, None)).expect("finite scores");
        };
        vec![
            Work::new("top 10 of 1,000,000 scores", best),
            Work::new("explanation of 10 matches", || drop(black_box(self.model.explain(&self.matches)))),
            Work::new(ROWS_OURS, || drop(black_box(self.stored.features_of_bytes(&self.need)))),
            Work::counting(ROWS_THEIRS, || self.stored.parse_items()),
        ]
    }
}

/// Formats a time with a suitable unit.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.3} ms", s * 1e3),
    }
}
