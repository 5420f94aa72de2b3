//! What a match costs with the talent pool whole and in shards, on this machine: time, and memory by function.
//!
//! ```text
//! cargo run --release -p pairwork --example shard_figures -- 100000 4
//! ```
//!
//! takes the number of freelancers and of shards. Every function is a process of its own and speaks the cloud's
//! protocols; the store is in memory. A cold match starts the functions and reads the pool, a warm one takes both
//! rounds. The freelancers are in the pool alone: who is on the page has no profile in the market, and is left out of
//! the answer when all is done.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use domain::field::Object;
use domain::freelancer::{Freelancer, FreelancerInput};
use domain::id::AccountId;
use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options, Outcome};
use platform::store::Store;
use platform::store::keys::Collection;
use platform::store::pool::{Change, Folded, Folding, Revision, Row};
use serde_json::{Value, json};
use ulid::Ulid;

const POOL: Collection = Collection::Freelancers;
/// Rows appended together.
const BATCH: usize = 1_000;
/// Warm matches.
const TURNS: usize = 41;
/// Different words in what freelancers write.
const WORDS: u64 = 4_000;

fn main() -> ExitCode {
    // The market starts its functions by running this program again.
    if std::env::args().nth(1).as_deref() == Some("function") {
        return pairwork::cli();
    }
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn measure() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (freelancers, shards) = (number(100_000)?, number(4)?);
    let rows = rows(freelancers)?;
    let event = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/matches/match-project.json");
    let event = std::fs::read(&event).with_context(|| format!("reading {}", event.display()))?;
    println!("{freelancers} freelancers     cold match   warm match, p50   memory by function");
    for pool_shards in [0, shards] {
        let market = LocalMarket::start(Options { pool_shards, ..Options::default() }).await?;
        market.fill_samples().await?;
        fill(&market.store().await?, &rows).await?;
        let cold = ask(&market, &event, freelancers).await?;
        let mut warm = Vec::new();
        for _ in 0..TURNS {
            warm.push(ask(&market, &event, freelancers).await?);
        }
        warm.sort();
        let pool = if pool_shards == 0 { "whole".to_owned() } else { format!("{pool_shards} shards") };
        let (cold, warm) = (cold.as_secs_f64(), warm[TURNS / 2].as_secs_f64() * 1e3);
        println!("{pool:>12} {cold:>18.2} s {warm:>14.1} ms   {}", memory()?);
        market.shutdown().await?;
    }
    Ok(())
}

/// One match, and how long it took.
async fn ask(market: &LocalMarket, event: &[u8], freelancers: usize) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let outcome = market.invoke("matches", event.to_vec().into()).await?;
    let took = started.elapsed();
    let Outcome::Answered(reply) = outcome else { bail!("{outcome:?}") };
    let reply: Value = serde_json::from_slice(&reply)?;
    let body: Value = serde_json::from_str(reply["body"].as_str().context("an answer without a body")?)?;
    // The sample market's own designers may come along.
    let scored = body["pool_size"].as_u64().with_context(|| format!("no matches: {body}"))?;
    anyhow::ensure!(scored >= freelancers as u64, "only {scored} were scored");
    Ok(took)
}

/// Writes the rows and folds them all into blocks.
async fn fill(store: &Store, rows: &[Row]) -> anyhow::Result<()> {
    let long_ago = Timestamp::now() - SignedDuration::from_mins(2);
    for batch in rows.chunks(BATCH) {
        store.append_to_pool(POOL, batch, long_ago).await?;
    }
    let mut folding = Folding::new(POOL);
    while folding.fold(store, Timestamp::now(), Duration::MAX).await? != Folded::Nothing {}
    Ok(())
}

/// Freelancers who can all be paired with the sample café: they speak its language and name no price.
fn rows(freelancers: usize) -> anyhow::Result<Vec<Row>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |end: u64| {
        // xorshift64*, <https://doi.org/10.18637/jss.v008.i14>
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    };
    let now = Timestamp::now();
    let mut rows = Vec::with_capacity(freelancers);
    for number in 0..freelancers {
        // Low numbers are frequent words.
        let bio: Vec<String> = (0..40).map(|_| format!("word{}", below(WORDS) * below(WORDS) / WORDS)).collect();
        let skills = ["logo".to_owned(), format!("skill {}", below(50)), format!("craft {}", below(1_000))];
        let profile = json!({
            "headline": "Somebody of many words", "bio": bio.join(" "), "category": "Design",
            "skills": skills[below(3) as usize..], "languages": ["ko"],
        });
        let input: Object<FreelancerInput> = serde_json::from_value(profile)?;
        let Ok(profile) = input.0.validate() else { bail!("a profile that the market refuses") };
        let id = Ulid::from_parts(1_700_000_000_000 + number as u64, u128::from(below(u64::MAX >> 33)));
        let introduced = Freelancer::introduce(AccountId::new(id), "Somebody".parse()?, profile, now);
        let change = Change::Put(pool::pack(&introduced.state));
        rows.push(Row { id, revision: Revision::from_bits(1), change });
    }
    Ok(rows)
}

/// What each process of a function that ranks holds in memory.
fn memory() -> anyhow::Result<String> {
    let parent = format!("PPid:\t{}\n", std::process::id());
    let mut all = Vec::new();
    for process in std::fs::read_dir("/proc")?.flatten() {
        let read = |file: &str| std::fs::read_to_string(process.path().join(file)).unwrap_or_default();
        let status = read("status");
        if !status.contains(&parent) || !read("cmdline").ends_with("function\0matches\0") {
            continue;
        }
        let environment = read("environ");
        let shard = environment.split('\0').find_map(|variable| variable.strip_prefix("PAIRWORK_POOL_SHARD="));
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kilobytes: u64 = resident.trim().trim_end_matches("kB").trim().parse()?;
        all.push(format!("{} {} MB", shard.unwrap_or("matches"), kilobytes / 1_000));
    }
    all.sort();
    Ok(all.join(", "))
}
