//! Measures what requests cost on the local market: latency, throughput, CPU time, and DynamoDB capacity units.
//!
//! ```text
//! cargo run --release -p pairwork --example load
//! cargo run --release -p pairwork --example load -- --seconds 5 --json target/load.json
//! ```
//!
//! The example starts the demo market in memory, as `cargo run --release` does. It calls each route from one caller and
//! then from eight at once. A caller has one connection and sends its next request when the last one is answered. The
//! routes take turns in several rounds, so that a busy moment of the machine does not fall on one of them alone.
//! `POST /projects` comes last, because it changes the market.
//!
//! - The callers share one thread. Times include its work and two passes through the loopback interface.
//! - CPU time is that of the runner's process (`CLOCK_PROCESS_CPUTIME_ID`) without the callers' thread
//!   (`CLOCK_THREAD_CPUTIME_ID`), plus that of the functions' processes (`/proc/PID/task/*/schedstat`). It includes the
//!   work that the `stream` function does after a write.
//! - Units are counted by the emulator's DynamoDB ([`pairwork::ConsumedCapacity`]).

mod caller;
mod cpu;
mod figures;
#[path = "../shared/process.rs"]
mod process;
mod routes;

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use mimalloc::MiMalloc;
use pairwork::{LocalMarket, Options};
use tokio::runtime::{Builder, Runtime};

use self::caller::{Bounds, Client, Turn};
use self::figures::{Figures, Report};
use self::routes::Route;

/// The allocator of `pairwork` itself.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How many callers call at once.
const CALLERS: [usize; 2] = [1, 8];
/// Requests per route and number of callers before anything is measured. They start the functions' processes.
const WARM_UP: usize = 64;

/// Measures latency, throughput, CPU time and capacity units of the local market's main routes.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    /// Measure each route for so long with each number of callers.
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,
    /// Divide that time into so many rounds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Send at most so many requests to each route with each number of callers.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    requests: u32,
    /// Measure only the routes whose names contain this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write the figures to this file, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("{text} is no number of seconds"))?;
    if (0.1..=600.0).contains(&seconds) { Ok(seconds) } else { Err("take 0.1 to 600 seconds".to_owned()) }
}

fn main() -> ExitCode {
    // The market starts its functions from this executable.
    if std::env::args().nth(1).is_some_and(|argument| argument == "function") {
        return pairwork::cli();
    }
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("load: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let started = Instant::now();
    let market = runtime.block_on(async {
        let market = LocalMarket::start(Options::default()).await?;
        market.fill_demo().await?;
        anyhow::Ok(market)
    })?;
    let filled = started.elapsed();
    // The callers have a thread and a runtime of their own, so that their CPU time can be told apart.
    let report = thread::scope(|scope| {
        let callers = scope.spawn(|| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(measure(&market, arguments))
        });
        callers.join().map_err(|_| anyhow!("the callers panicked"))?
    })?;
    let report = Report { filled, ..report };
    println!("{report}");
    if let Some(file) = &arguments.json {
        let json = serde_json::to_string_pretty(&report.json())?;
        std::fs::write(file, json + "\n").with_context(|| format!("writing {}", file.display()))?;
    }
    runtime.block_on(market.shutdown())
}

async fn measure(market: &LocalMarket, arguments: &Arguments) -> anyhow::Result<Report> {
    let client = Client::new(&market.base_url)?;
    let mut routes = routes::of_demo(&client).await?;
    routes.retain(|route| arguments.only.as_ref().is_none_or(|text| route.name.contains(text.as_str())));
    let mut all: Vec<Figures> = routes.iter().flat_map(|_| CALLERS.map(|_| Figures::default())).collect();
    let cells = || routes.iter().flat_map(|route| CALLERS.map(|callers| (route, callers))).enumerate();

    let bar = bar(all.len() * (arguments.rounds as usize + 1))?;
    for (_, (route, callers)) in cells().filter(|(_, (route, _))| !route.writes) {
        bar.set_message(format!("warming up {}", route.name));
        turn(market, &client, route, callers, Bounds { time: Duration::MAX, requests: WARM_UP }).await?;
        bar.inc(1);
    }
    let bounds = Bounds {
        time: Duration::from_secs_f64(arguments.seconds / f64::from(arguments.rounds)),
        requests: arguments.requests.div_ceil(arguments.rounds) as usize,
    };
    for writes in [false, true] {
        for round in 1..=arguments.rounds {
            for (place, (route, callers)) in cells().filter(|(_, (route, _))| route.writes == writes) {
                bar.set_message(format!("round {round}: {}, {callers} at once", route.name));
                let bounds = Bounds { requests: bounds.requests.min(route.most_in_a_round), ..bounds };
                all[place].add(turn(market, &client, route, callers, bounds).await?);
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    let lines = cells().map(|(_, (route, callers))| (route.name, callers)).zip(all).collect();
    Ok(Report { lines, processes: process::of_functions(), filled: Duration::ZERO })
}

/// Calls one route, and reads the counters before and after.
async fn turn(
    market: &LocalMarket,
    client: &Client,
    route: &Route,
    callers: usize,
    bounds: Bounds,
) -> anyhow::Result<Turn> {
    let (cpu, units) = (cpu::used(), market.consumed_capacity());
    let mut turn = client.call(route, callers, bounds).await?;
    if route.writes {
        market.caught_up().await?;
    }
    turn.cpu = cpu::used().saturating_sub(cpu);
    let now = market.consumed_capacity();
    turn.read_units = now.read_units - units.read_units;
    turn.write_units = now.write_units - units.write_units;
    Ok(turn)
}

fn bar(steps: usize) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {elapsed}  {msg}")?.progress_chars("━╸─");
    Ok(ProgressBar::new(steps as u64).with_style(style))
}
