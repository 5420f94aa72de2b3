//! Measures the engine on one core, against the core's multiply-add peak and against candle:
//!
//! ```text
//! cargo bench -p matching
//! cargo bench -p matching -- pool 10000 100000 1000000
//! ```
//!
//! Times are CPU time of the one thread. All measurements take turns, and each reports the median of its turns, so
//! other load on the machine affects all of them alike. `benches/rivals.py` adds ONNX Runtime and PyTorch through
//! [`worker`].

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
        // `cargo test` runs a bench only to see whether it works. `cargo bench` passes `--bench`.
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
