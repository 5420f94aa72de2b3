//! Random workloads under random faults, by seed.
//!
//! Each seed has a market of its own: the real functions behind the emulator, with a profile of faults. People take
//! random steps of the [workloads], and send each request until its outcome is certain. Then the faults stop, the
//! streams drain, and each workload checks the market against what was acknowledged.
//!
//! `PAIRWORK_SEEDS=1000` runs so many seeds, `PAIRWORK_SEED=7` only that one. `PAIRWORK_LOG=error` shows what the
//! functions log. A new capability adds a [`workloads::Workload`] and
//! a line to [`workloads::all`].

mod random;
pub(crate) mod workloads;
pub(crate) mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use pairwork::{FAULT_PROFILES, LocalMarket, Options, Program, fault_plan};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub(crate) use self::random::Random;
pub(crate) use self::world::World;

/// Seeds of the normal suite. `tests/simulate` runs a thousand.
const SEEDS: u64 = 24;
/// Seeds that run at the same time. Most of a seed's time is spent waiting: for retries, streams and leases.
const AT_ONCE: usize = 8;
/// Steps of a seed.
const STEPS: std::ops::Range<u64> = 20..40;

/// The events of one seed.
struct Ran {
    requests: u64,
    injected: BTreeMap<&'static str, u64>,
}

#[tokio::test(flavor = "multi_thread")]
async fn random_workloads_survive_random_faults() {
    let variable = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().expect("a number"));
    let seeds = match variable("PAIRWORK_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("PAIRWORK_SEEDS").unwrap_or(SEEDS),
    };
    let (started, count) = (Instant::now(), seeds.end - seeds.start);
    let places = Arc::new(Semaphore::new(AT_ONCE));
    // One client for all: making one reads the certificates of the machine.
    let http = reqwest::Client::new();
    let mut running = JoinSet::new();
    let mut by_task = BTreeMap::new();
    for seed in seeds {
        let (places, http) = (Arc::clone(&places), http.clone());
        let task = running.spawn(async move {
            let _place = places.acquire_owned().await.expect("nobody closes the semaphore");
            run(seed, http).await
        });
        by_task.insert(task.id(), seed);
    }
    let (mut failed, mut requests, mut injected) = (Vec::new(), 0, BTreeMap::new());
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(ran) => {
                requests += ran.requests;
                for (fault, count) in ran.injected {
                    *injected.entry(fault).or_insert(0) += count;
                }
            }
            Err(panicked) => {
                let seed = by_task[&panicked.id()];
                eprintln!("seed {seed} failed. Run it again: PAIRWORK_SEED={seed} {COMMAND}");
                failed.push(seed);
            }
        }
    }
    failed.sort_unstable();
    println!("{count} seeds in {:.0} s: {requests} requests, {injected:?}", started.elapsed().as_secs_f64());
    assert!(failed.is_empty(), "{} of {count} seeds failed: {failed:?}", failed.len());
    assert!(count < FAULT_PROFILES.len() as u64 || injected.values().sum::<u64>() > 0, "no fault was injected");
}

const COMMAND: &str = "cargo test -p tests simulation -- --nocapture";

/// The profile of a seed: the shipped ones take turns.
fn profile(seed: u64) -> &'static str {
    FAULT_PROFILES[(seed % FAULT_PROFILES.len() as u64) as usize].0
}

async fn run(seed: u64, http: reqwest::Client) -> Ran {
    let options = Options {
        program: Program::Like(PathBuf::from(env!("CARGO_BIN_EXE_pairwork-under-test"))),
        faults: Some(fault_plan(profile(seed), seed).expect("a shipped profile")),
        // Faults that are survived are no news.
        log_level: std::env::var("PAIRWORK_LOG").unwrap_or_else(|_| "off".to_owned()),
        ..Options::default()
    };
    let market = LocalMarket::start(options).await.expect("the market starts");
    let mut world = World::new(&market, seed, http);
    let mut workloads = workloads::all();
    for workload in &mut workloads {
        workload.begin(&mut world).await;
    }
    for _ in 0..world.random.between(STEPS) {
        let workload = world.random.below(workloads.len() as u64) as usize;
        workloads[workload].step(&mut world).await;
    }
    market.faults().pause();
    market.caught_up().await.expect("the streams are readable");
    for workload in &mut workloads {
        workload.check(&mut world).await;
    }
    let letters = market.dead_letters();
    assert!(letters.is_empty(), "records of good changes were given up: {letters:#?}");
    let ran =
        Ran { requests: world.requests, injected: market.faults().injected().expect("a profile of faults").injected };
    market.shutdown().await.expect("the market stops");
    ran
}
