//! The table of `cargo bench`.

use anyhow::{Result, ensure};
use matching::{Features, InstructionSet, Model, Pool, Reference, Scorer, top_scores};

use crate::inputs::Inputs;
use crate::items::Rows;
use crate::market;
use crate::peak;
use crate::stopwatch::{Work, take_turns};

/// Multiplications and additions of the net for one pair: its weights.
pub(crate) fn multiply_adds_per_pair(model: &Model) -> usize {
    model.parts().layers.iter().map(|(weights, _)| weights.len()).sum()
}

const MANY: usize = 1_000_000;
const FEW: usize = 1_000;
/// Pairs that candle is given at a time: beyond, its speed collapses.
const CANDLE_ROWS: usize = 1_024;
const TURNS: usize = 31;

const ROWS_OURS: &str = "1,000 rows → features";
const ROWS_THEIRS: &str = "1,000 items, parsed";

pub(crate) fn print() -> Result<()> {
    let model = Model::shipped()?;
    let reference = Reference::new(model.parts())?;
    let inputs = Inputs::new(MANY);
    let rows = inputs.by_row(FEW);

    let many_rows = inputs.by_row(32 * CANDLE_ROWS);
    let scorer = model.scorer();
    let (mut one, mut scores) = ([0.0], vec![0.0; MANY]);
    scorer.score_columns(inputs.columns(MANY), &mut scores)?;
    let best = scores.clone();

    let need = Pool::<()>::default().prepare(&market::need(1));
    // Of whom everything is known: no explanation takes longer.
    let pairs = market::freelancers(100).map(|(_, talent, _)| Features::of(&need, &talent));
    let matches: Vec<Features> = pairs.filter(|pair| pair.values().iter().all(Option::is_some)).take(10).collect();
    ensure!(matches.len() == 10, "too few of the market's freelancers have a whole history");

    let stored = Rows::new(FEW as u64);

    let mut peak_multiply_adds = 0;
    let mut works = vec![Work::new("FMA peak", || peak_multiply_adds = peak::multiply_adds())];
    for set in InstructionSet::available() {
        let scorer = Scorer::for_instructions(model.parts(), set)?;
        let mut scores = vec![0.0; FEW];
        let columns = inputs.columns(FEW);
        let run = move || scorer.score_columns(columns, &mut scores).expect("columns of one length");
        works.push(Work::new(format!("{}, 1,000 pairs", set.name()), run));
    }
    works.push(Work::new("1,000,000 pairs", || {
        scorer.score_columns(inputs.columns(MANY), &mut scores).expect("columns of one length");
    }));
    works.push(Work::new("1 pair", || {
        scorer.score_columns(inputs.columns(1), &mut one).expect("columns of one length");
    }));
    works.push(Work::new("candle, 1 pair", || drop(reference.score_inputs(&rows[..10]))));
    works.push(Work::new("candle, 1,000 pairs", || drop(reference.score_inputs(&rows))));
    works.push(Work::new("candle, 32 × 1,024 pairs", || {
        for rows in many_rows.chunks(CANDLE_ROWS * 10) {
            drop(reference.score_inputs(rows));
        }
    }));
    works.push(Work::new("top 10 of 1,000,000 scores", || {
        std::hint::black_box(top_scores(&best, |place| place, 10, None)).expect("finite scores");
    }));
    works.push(Work::new("explanation of 10 matches", || drop(std::hint::black_box(model.explain(&matches)))));
    works.push(Work::new(ROWS_OURS, || drop(std::hint::black_box(stored.features_of_bytes(&need)))));
    works.push(Work::counting(ROWS_THEIRS, || stored.parse_items()));
    take_turns(&mut works, TURNS);
    let seconds: Vec<(String, f64)> = works.iter().map(|work| (work.name.clone(), work.seconds())).collect();
    drop(works);

    let peak_per_second = peak_multiply_adds as f64 / seconds[0].1;
    println!("{:28} {:>12} {:>14} {:>12}", "work", "time", "pairs/s", "of FMA peak");
    println!("{:28} {:>12} {:>14} {:>12}", "FMA peak", "", format!("{:.1} GFMA/s", peak_per_second / 1e9), "1.00");
    for (name, seconds) in &seconds[1..] {
        let pairs = if name.contains("32 ×") {
            32 * CANDLE_ROWS
        } else if name.contains("1,000,000") {
            MANY
        } else if name.contains("1,000") {
            FEW
        } else {
            1
        };
        let per_second = pairs as f64 / seconds;
        let share = per_second * multiply_adds_per_pair(&model) as f64 / peak_per_second;
        let scores_pairs = name.ends_with("pairs") || name.ends_with("pair");
        println!(
            "{name:28} {:>12} {:>14} {:>12}",
            time(*seconds),
            if scores_pairs { format!("{:.2} M", per_second / 1e6) } else { String::new() },
            if scores_pairs { format!("{share:.2}") } else { String::new() },
        );
    }
    let seconds_of = |wanted: &str| seconds.iter().find(|(name, _)| name == wanted).map_or(f64::NAN, |found| found.1);
    let ratio = seconds_of(ROWS_OURS) / seconds_of(ROWS_THEIRS);
    println!("stored rows → features, against serde_dynamo's from_item: {ratio:.3}");
    Ok(())
}

/// With a unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.3} ms", s * 1e3),
    }
}
