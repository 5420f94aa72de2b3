//! What a pool costs, on the local market: the time of reading it, and what a day of matches and changes costs in
//! DynamoDB.
//!
//! ```text
//! cargo run --release -p pairwork --example pool_figures -- 100000 270
//! ```
//!
//! takes the number of freelancers and the bytes of a packed one. The store is in memory, everything is in one
//! process but crosses the network stack, and the times are those of this machine. Units are counted by the
//! database, call by call (`price`).

mod price;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options};
use pool::{Change, Compaction, Compactor, Index, Revision, Row, Tail};
use store::keys::Collection;
use store::{Store, StoreError};
use tokio::runtime::Runtime;
use ulid::Ulid;

const POOL: Collection = Collection::Freelancers;
/// Rows appended together.
const BATCH: usize = 1_000;
const TURNS: usize = 9;

/// Reads every body and keeps none.
#[derive(Debug, Default)]
struct Count {
    rows: usize,
    bytes: usize,
}

impl Index for Count {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if let Change::Put(body) = row.change {
            self.rows += 1;
            self.bytes += body.len();
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    // The market starts its functions from this executable.
    if std::env::args().nth(1).is_some_and(|argument| argument == "function") {
        return pairwork::cli();
    }
    let printed = Runtime::new().map_err(Into::into).and_then(|runtime| runtime.block_on(print()));
    printed.map_or_else(
        |problem: anyhow::Error| {
            eprintln!("pool_figures: {problem:#}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

async fn print() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (freelancers, body_bytes) = (number(100_000)?, number(270)?);
    let market = LocalMarket::start(Options::default()).await?;
    let store = market.store().await?;
    let started = Instant::now();
    let now = fill(&store, freelancers, body_bytes).await?;
    println!("{freelancers} freelancers of {body_bytes} B, written in {:.1} s", started.elapsed().as_secs_f64());

    let mut cold = Vec::new();
    let (mut tail, mut count) = (Tail::new(POOL), Count::default());
    for _ in 0..TURNS {
        tail = Tail::new(POOL);
        let started = Instant::now();
        tail.catch_up(&store, now, &mut count).await?;
        cold.push(started.elapsed());
    }
    println!(
        "cold reading: {} rows, {:.1} MB, p50 {:.3} s",
        count.rows,
        count.bytes as f64 / 1e6,
        median(cold).as_secs_f64()
    );

    let (mut idle, mut changed) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let at = now + SignedDuration::from_secs(30 * (1 + turn as i64));
        let started = Instant::now();
        tail.catch_up(&store, at, &mut count).await?;
        idle.push(started.elapsed());
        pool::append(&store, POOL, &rows(0..10, body_bytes), at).await?;
        let started = Instant::now();
        tail.catch_up(&store, at, &mut count).await?;
        changed.push(started.elapsed());
    }
    let ms = |times| median(times).as_secs_f64() * 1e3;
    println!("looking for changes: none p50 {:.2} ms, ten p50 {:.2} ms", ms(idle), ms(changed));
    println!("{}", price::of_a_day(&market, &store, body_bytes).await?);
    market.shutdown().await
}

/// Writes the rows and compacts them all. Gives the time as of which they are settled.
async fn fill(store: &Store, freelancers: usize, body_bytes: usize) -> anyhow::Result<Timestamp> {
    let mut now = Timestamp::now();
    let mut compactor = Compactor::new(POOL);
    let mut written = 0;
    while written < freelancers {
        let batch = written..(written + BATCH).min(freelancers);
        written = batch.end;
        pool::append(store, POOL, &rows(batch, body_bytes), now).await?;
    }
    now += SignedDuration::from_secs(30);
    // Some megabytes at once, as many times as it takes.
    while compactor.compact(store, now, Duration::MAX).await? != Compaction::Idle {}
    Ok(now)
}

/// Rows of random bytes, the same for the same numbers.
fn rows(numbers: std::ops::Range<usize>, body_bytes: usize) -> Vec<Row> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ numbers.start as u64;
    let mut random = || {
        // xorshift64*, <https://doi.org/10.18637/jss.v008.i14>
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let row = |number: usize| Row {
        id: Ulid::from_parts(1_700_000_000_000 + number as u64, u128::from(random())),
        revision: Revision::from_bits(1),
        change: Change::Put((0..body_bytes).map(|_| random() as u8).collect()),
    };
    numbers.map(row).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
