//! The worker for comparisons with other programs. It reads one task per line from standard input, and answers with
//! the CPU seconds per call.
//!
//! | line | answer |
//! |---|---|
//! | `peak CALLS` | fused multiply-adds per second of the core |
//! | `pairwork ROWS CALLS` | seconds to score this many pairs |
//! | `candle ROWS CALLS` | the same in candle, in one forward pass |
//! | `work` | fused multiply-adds per pair |
//! | `apart ROWS` | the greatest difference between candle's scores and ours, not seconds |
//!
//! At the start it writes the inputs of all sides to a file: the rows, f32, little-endian, one after the other,
//! followed by our scores.

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use matching::{CandleNet, FEATURE_COUNT, InputColumns, Model};

use crate::inputs::Inputs;
use crate::peak;
use crate::stopwatch::seconds_per_call;
use crate::table::{CANDLE_ROWS, multiply_adds_per_pair};

const ROWS: usize = 1_000_000;

pub(crate) fn serve(file: &Path) -> Result<()> {
    let model = Model::shipped()?;
    let reference = CandleNet::new(model.parts())?;
    let inputs = Inputs::new(ROWS);
    let by_row = inputs.by_row(ROWS);
    let mut ours = vec![0.0; ROWS];
    let scorer = model.scorer().context("the shipped weights have another shape")?;
    scorer.score_columns(InputColumns::new(inputs.columns(ROWS))?, &mut ours)?;
    let mut scores = ours.clone();
    let bytes: Vec<u8> = by_row.iter().chain(&ours).flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(file, bytes)?;
    println!("ready");

    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |word: &str| word.parse::<usize>().with_context(|| format!("{word} is not a number"));
        let answer = match words.as_slice() {
            ["peak", calls] => {
                let mut done = 0;
                let seconds = seconds_per_call(number(calls)?, || done = peak::multiply_adds());
                done as f64 / seconds
            }
            ["pairwork", rows, calls] => {
                let rows = number(rows)?;
                let (columns, scores) = (InputColumns::new(inputs.columns(rows))?, &mut scores[..rows]);
                seconds_per_call(number(calls)?, || {
                    scorer.score_columns(columns, scores).expect("columns of one length");
                })
            }
            ["candle", rows, calls] => {
                let rows = &by_row[..number(rows)? * FEATURE_COUNT];
                seconds_per_call(number(calls)?, || drop(std::hint::black_box(reference.score_inputs(rows))))
            }
            ["work"] => multiply_adds_per_pair(&model) as f64,
            ["apart", rows] => furthest_apart(&reference, &by_row[..number(rows)? * FEATURE_COUNT], &ours)?,
            _ => bail!("unknown line: {line}"),
        };
        println!("{answer:e}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// The greatest difference between candle's scores of some rows and ours; NaN if any score is NaN.
fn furthest_apart(reference: &CandleNet, rows: &[f32], ours: &[f32]) -> Result<f64> {
    let mut furthest: f64 = 0.0;
    for (rows, ours) in rows.chunks(CANDLE_ROWS * FEATURE_COUNT).zip(ours.chunks(CANDLE_ROWS)) {
        for (theirs, ours) in reference.score_inputs(rows)?.iter().zip(ours) {
            let apart = f64::from((theirs - ours).abs());
            if apart > furthest || apart.is_nan() {
                furthest = apart;
            }
        }
    }
    Ok(furthest)
}
