//! How fast the engine is on one core, against the most that core can multiply and against candle:
//!
//! ```text
//! cargo bench -p matching
//! cargo bench -p matching -- pool 10000 100000 1000000
//! ```
//!
//! Times are CPU time of the one thread. The works take turns and each gets the median of its turns, so what else
//! the machine does happens to all of them alike. `benches/rivals.py` adds ONNX Runtime and PyTorch to the round
//! through [`worker`].

mod inputs;
mod items;
mod market;
mod peak;
mod pool;
mod stopwatch;
mod table;
mod worker;

use std::io::Write as _;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["worker", file] => worker::serve(file.as_ref()),
        // `cargo test` runs a bench to see whether it works, `cargo bench` passes its own name on.
        ["--test", ..] => Ok(()),
        ["pool", sizes @ ..] => {
            let sizes = sizes.iter().filter(|size| **size != "--bench").map(|size| size.parse::<u64>());
            pool::print(&sizes.collect::<Result<Vec<u64>, _>>()?)
        }
        [] | ["--bench"] => {
            table::print()?;
            Ok(std::io::stdout().flush()?)
        }
        other => bail!("unknown arguments: {other:?}"),
    }
}
