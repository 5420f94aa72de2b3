//! What a match costs over a large pool, on the local market: the first one, which starts `matches` and has it read
//! the pool, the ones after it, and what the process takes for them: milliseconds of a processor for each, and
//! memory.
//!
//! ```text
//! cargo run --release -p pairwork --example match_figures -- 100000 1000000
//! cargo run --release -p pairwork --example match_figures -- 100000 --shards 4
//! ```
//!
//! takes the numbers of freelancers, and measures each pool also divided among so many shards, if that is asked. The
//! rows are packed from made-up records and appended as `stream` appends them; ten specialists for each project are
//! saved as anybody else is, so that the page that is timed is full. Times are those of `GET
//! /projects/{id}/matches?limit=10&min_skill_overlap=0` with filters of language and budget, through the gateway: a
//! little more than the function's own. Everybody who is eligible is scored, also who has none of the skills:
//! without that 0 fewer would be.

mod crowd;
#[path = "../shared/process.rs"]
mod process;

use std::ops::Range;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options};
use pool::{Change, Compaction, Compactor, Revision, Row};
use process::Process;
use serde_json::{Value, json};
use store::Store;
use store::Transaction;
use store::keys::Collection;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const POOL: Collection = Collection::Freelancers;
/// Rows appended together.
const BATCH: u64 = 1_000;
const WRITES_AT_ONCE: usize = 4;
const PROJECTS: u64 = 5;
const SPECIALISTS: u64 = 10;
/// Requests that are timed, of all projects in turn.
const REQUESTS: usize = 200;

fn main() -> ExitCode {
    // The market starts its functions from this executable.
    if std::env::args().nth(1).is_some_and(|argument| argument == "function") {
        return pairwork::cli();
    }
    match print(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("match_figures: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn print(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let number = |text: String| text.parse::<u64>().with_context(|| format!("{text} is no number"));
    let (mut sizes, mut divisions) = (Vec::new(), vec![0]);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--shards" => divisions.push(number(arguments.next().context("--shards of how many?")?)? as usize),
            _ => sizes.push(number(argument)?),
        }
    }
    if sizes.is_empty() {
        sizes.push(100_000);
    }
    println!("freelancers  shards  eligible  bytes a row  first match    p50    p99   processor  memory of `matches`");
    for size in sizes {
        for shards in &divisions {
            println!("{}", Runtime::new()?.block_on(figures(size, *shards))?);
        }
    }
    Ok(())
}

/// A line of the table.
async fn figures(freelancers: u64, pool_shards: usize) -> anyhow::Result<String> {
    let market = LocalMarket::start(Options { pool_shards, ..Options::default() }).await?;
    let store = market.store().await?;
    let bytes = fill(&store, freelancers).await?;
    let client = Client::join(&market.base_url).await?;
    let mut paths = Vec::new();
    for number in 0..PROJECTS {
        let project = crowd::project(number);
        let id = client.post("/projects", &project).await?["id"].as_str().context("a project without id")?.to_owned();
        paths.push(format!("/projects/{id}/matches?limit=10&min_skill_overlap=0"));
        for specialist in number * SPECIALISTS..(number + 1) * SPECIALISTS {
            save(&store, specialist, &project).await?;
        }
    }
    market.caught_up().await?;

    let (first, page) = client.timed(&paths[0]).await?;
    let eligible = page["pool_size"].as_u64().context("a page without pool size")?;
    let mut times = Vec::with_capacity(REQUESTS);
    let used_before = processes_of_matches();
    for path in paths.iter().cycle().take(REQUESTS) {
        let (time, page) = client.timed(path).await?;
        let items = page["items"].as_array().map_or(0, Vec::len);
        ensure!(items == 10, "a page of {items} matches: the specialists are not the best");
        times.push(time);
    }
    times.sort();
    let used = processes_of_matches();
    market.shutdown().await?;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let processor = |used: &[Process]| used.iter().map(|one| one.processor).sum::<Duration>();
    let processor = processor(&used).saturating_sub(processor(&used_before)) / REQUESTS as u32;
    let memory: Vec<String> = used.iter().map(|one| format!("{} MB", one.peak_bytes / 1_000_000)).collect();
    Ok(format!(
        "{freelancers:>11} {pool_shards:>7} {eligible:>9} {:>12.0} {:>10.2} s {:>6.1} {:>6.1} {:>11.2}  {}",
        bytes as f64 / freelancers as f64,
        first.as_secs_f64(),
        ms(times[times.len() / 2]),
        ms(times[times.len() * 99 / 100]),
        ms(processor),
        if memory.is_empty() { "not known here".to_owned() } else { memory.join(", ") },
    ))
}

fn processes_of_matches() -> Vec<Process> {
    let mut processes = process::of_functions();
    processes.retain(|process| process.function == "matches");
    processes
}

/// Writes the crowd's rows, several batches at the same time, and compacts them all at once. Gives their bytes.
async fn fill(store: &Store, freelancers: u64) -> anyhow::Result<usize> {
    // Long settled by the time that it is read.
    let now = Timestamp::now() - SignedDuration::from_mins(10);
    let bar = ProgressBar::new(freelancers)
        .with_style(ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len}, {elapsed}")?);
    bar.set_message("writing");
    let batches = (0..freelancers).step_by(BATCH as usize).map(|first| first..(first + BATCH).min(freelancers));
    let mut writes = JoinSet::new();
    let mut bytes = 0;
    for batch in batches {
        if writes.len() == WRITES_AT_ONCE
            && let Some(written) = writes.join_next().await
        {
            bytes += written??;
        }
        bar.set_position(batch.start);
        let store = store.clone();
        writes.spawn(async move { write(&store, batch, now).await });
    }
    for written in writes.join_all().await {
        bytes += written?;
    }
    bar.set_message("compacting");
    let mut compactor = Compactor::new(POOL).at_most(usize::MAX);
    while compactor.compact(store, now + SignedDuration::from_mins(1), Duration::MAX).await? != Compaction::Idle {}
    bar.finish_and_clear();
    Ok(bytes)
}

async fn write(store: &Store, numbers: Range<u64>, now: Timestamp) -> anyhow::Result<usize> {
    let rows = rows(numbers, now)?;
    pool::append(store, POOL, &rows, now).await?;
    Ok(rows.iter().map(|row| if let Change::Put(body) = &row.change { body.len() } else { 0 }).sum())
}

fn rows(numbers: Range<u64>, now: Timestamp) -> anyhow::Result<Vec<Row>> {
    let row = |number| {
        let (freelancer, history) = crowd::freelancer(number, now)?;
        let revision = Revision::new(freelancer.created_at, freelancer.combined_version().get());
        let change = Change::Put(pool::talent_row::pack(&freelancer, &history));
        Ok(Row { id: freelancer.id.ulid(), revision, change })
    };
    numbers.map(row).collect()
}

/// Saves a specialist as the market saves anybody.
async fn save(store: &Store, number: u64, project: &Value) -> anyhow::Result<()> {
    let (introduced, past) = crowd::specialist(number, project, Timestamp::now())?;
    let (mut profile, mut record) = (Transaction::new(), Transaction::new());
    profile.save_freelancer(None, &introduced)?;
    store.commit(profile).await?;
    record.save_past(&introduced.state.track_record, &past)?;
    Ok(store.commit(record).await?)
}

/// A client of the market, signed in.
struct Client {
    http: reqwest::Client,
    base_url: String,
    token: String,
}

impl Client {
    async fn join(base_url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut client = Self { http, base_url: base_url.to_owned(), token: String::new() };
        let account =
            json!({"email": "client@pairwork.example", "password": "match-figures", "display_name": "Client"});
        client.post("/accounts", &account).await?;
        let session = client.post("/sessions", &account).await?;
        session["access_token"].as_str().context("a session without token")?.clone_into(&mut client.token);
        Ok(client)
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.http.post(format!("{}{path}", self.base_url)).bearer_auth(&self.token).json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    async fn timed(&self, path: &str) -> anyhow::Result<(Duration, Value)> {
        let request = self.http.get(format!("{}{path}", self.base_url)).bearer_auth(&self.token);
        let started = Instant::now();
        let reply = request.send().await?.error_for_status()?.bytes().await?;
        Ok((started.elapsed(), serde_json::from_slice(&reply)?))
    }
}
