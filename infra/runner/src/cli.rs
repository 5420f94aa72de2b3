//! The command line.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Parser, Subcommand};
use emulator::template::Overrides;
use emulator::{log_filter, private_files};
use hyper::body::Bytes;
use jiff::Timestamp;
use runtime::telemetry::is_free_of_secrets;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::audit_trails::Audit;
use crate::import::{self, Imports};
use crate::migration::{Migrated, Migration};
use crate::staff::GiveRole;
use crate::{
    LocalMarket, Options, Outcome, Program, TEMPLATE, access_matrix, demo, fault_plan, openapi, repack, text_file,
};

/// Pairwork on one machine: runs the SAM template with no account, no container and no other program.
#[derive(Debug, Parser)]
#[command(name = "pairwork", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the market and serve it until Ctrl-C.
    Up(Up),
    /// Send one event to a function on a fresh sample market and print its answer, JSON, as Lambda returns it.
    Invoke(Invoke),
    /// Print the description of the HTTP API, OpenAPI 3.1.
    Openapi,
    /// Print who may call which operation, and why.
    AccessMatrix,
    /// Verify or show the audit trails: who did what, when, and from where.
    #[command(subcommand)]
    Audit(Audit),
    /// Give an account a role: for the first admin. Admins give further roles by the API.
    Role(GiveRole),
    /// Run one function against a Lambda Runtime API. The market starts its functions with this.
    #[command(hide = true)]
    Function {
        /// `accounts`, `market`, `matches` or `stream`.
        name: String,
    },
}

#[derive(Debug, Args)]
struct Up {
    /// Port of the page and the API on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Keep the data in this directory instead of in memory.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Divide the talent pool among this many functions, at most 16. A market too large for one function needs this.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=16))]
    pool_shards: Option<u8>,
    /// Put the sample market into the store, which the events in events/ speak of. Their tokens are public: anybody can
    /// act as one of the sample people. A later start without this option withdraws the tokens.
    #[arg(long)]
    samples: bool,
    /// Write the variables that programs started elsewhere need to use this market's store, as in
    /// `cargo lambda watch --env-file FILE`. They hold a key that is valid for this run, so only you may read the file.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Pack every record anew for matching, as once after a training, or for data of an earlier build.
    #[arg(long)]
    repack: bool,
    /// Fill the market with freelancers and projects in Korean and English, and show one project's matches.
    #[arg(long)]
    demo: bool,
    /// Serve the page's files from this directory instead of those compiled in, so that a change shows at a reload.
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Inject faults: a name (throttling, lost-replies, lagging-streams, duplicates, crashes, clock-jumps, everything)
    /// or a TOML file.
    #[arg(long, value_name = "PROFILE")]
    faults: Option<String>,
    /// The seed that decides which calls the faults hit.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "faults")]
    seed: u64,
    /// Start the market at this time, e.g. 2026-12-01T09:00Z, and let `POST /_clock` advance it. Data of an earlier run
    /// never go back in time.
    #[arg(long, value_name = "TIME")]
    clock: Option<Timestamp>,
    #[command(flatten)]
    import: import::Folders,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Invoke {
    /// The function, e.g. `market` or `MarketFunction`.
    function: String,
    /// The event, JSON; events/ is full of them.
    #[arg(value_name = "EVENT.json")]
    event: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Common {
    /// Run this template instead of the one compiled in.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Run the functions that `cargo lambda build` left in this directory (`target/lambda`) instead of this
    /// program's own.
    #[arg(long, value_name = "DIR")]
    functions: Option<PathBuf>,
    /// Values for the template's parameters, as `sam` takes them: KEY=VALUE KEY="A VALUE". A key may also be a
    /// reference that only an account can resolve, e.g. ssm:/path=VALUE or ImportValue:NAME=VALUE.
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    parameter_overrides: Vec<String>,
    /// What to log on standard error: error, warn, info, debug (with a REPORT line per invocation) or trace.
    #[arg(long, default_value = "warn", env = "PAIRWORK_LOG", value_name = "LEVEL")]
    log: tracing::Level,
}

impl Common {
    fn options(self) -> anyhow::Result<Options> {
        let template = match &self.template {
            Some(file) => text_file::read(file)?,
            None => TEMPLATE.to_owned(),
        };
        let overrides = Overrides::parse(self.parameter_overrides.iter().map(String::as_str))
            .map_err(|problem| anyhow!("--parameter-overrides: {problem}"))?;
        let template_folder = self.template.as_deref().and_then(Path::parent).map(Path::to_owned);
        let program = self.functions.map_or(Program::Itself, Program::Built);
        let log_level = self.log.to_string();
        Ok(Options { template, template_folder, overrides, program, log_level, ..Options::default() })
    }

    fn start_logging(&self) -> anyhow::Result<()> {
        let filter: Targets = log_filter(&self.log.to_string()).parse()?;
        let lines = tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr);
        tracing_subscriber::registry().with(lines).with(filter).with(filter_fn(is_free_of_secrets)).init();
        Ok(())
    }
}

/// The whole program: reads the arguments and runs what they say. Another executable may be it, too, by calling this.
pub fn cli() -> ExitCode {
    let command = Cli::parse().command;
    let command = command.map_or_else(|| Cli::parse_from(["pairwork", "up", "--demo"]).command, Some);
    let result = match command {
        Some(Command::Up(up)) => market_runtime().and_then(|runtime| runtime.block_on(run_up(up))),
        Some(Command::Invoke(invoke)) => market_runtime().and_then(|runtime| runtime.block_on(run_invoke(invoke))),
        Some(Command::Openapi) => say(openapi::document().trim_end()).map(|()| ExitCode::SUCCESS),
        Some(Command::AccessMatrix) => say(&access_matrix::text()).map(|()| ExitCode::SUCCESS),
        Some(Command::Audit(audit)) => market_runtime().and_then(|runtime| {
            let (text, is_well) = runtime.block_on(audit.run())?;
            say(&text)?;
            Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }),
        Some(Command::Role(role)) => {
            market_runtime().and_then(|runtime| say(&runtime.block_on(role.run())?)).map(|()| ExitCode::SUCCESS)
        }
        Some(Command::Function { name }) => run_function(&name),
        None => Ok(ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|problem| {
        eprintln!("pairwork: {problem:#}");
        ExitCode::FAILURE
    })
}

fn market_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(Builder::new_multi_thread().enable_all().build()?)
}

async fn run_up(up: Up) -> anyhow::Result<ExitCode> {
    up.common.start_logging()?;
    let imports = Imports::read(&up.import, up.clock.unwrap_or_else(Timestamp::now))?;
    let options = Options {
        port: up.port,
        data: up.data,
        web: up.web,
        pool_shards: up.pool_shards.map_or(0, usize::from),
        clock: up.clock,
        faults: up.faults.map(|profile| fault_plan(&profile, up.seed)).transpose()?,
        ..up.common.options()?
    };
    // Before the market starts, which puts files into an empty folder.
    let migration = options.data.as_deref().map(Migration::of).transpose()?;
    // Before anything is started: a signal must never meet a half-started market without its handler.
    let mut stop = Stop::listen()?;
    let market = LocalMarket::start(options).await?;
    if up.samples {
        market.fill_samples().await?;
    } else if market.has_store() {
        market.withdraw_samples().await?;
    }
    if let Some(file) = up.env_file {
        let lines: String = market.environment().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        // They hold the key to the store.
        private_files::write(&file, lines).with_context(|| format!("writing {}", file.display()))?;
    }
    say(&format!("ready {}", market.base_url))?;
    let filled = tokio::select! {
        filled = fill(&market, migration, up.repack, up.demo, imports) => match filled {
            Ok(()) => {
                stop.asked().await;
                Ok(())
            }
            Err(problem) => Err(problem),
        },
        () = stop.asked() => Ok(()),
    };
    if let Some(injected) = market.faults().injected() {
        say(&injected.to_string())?;
    }
    tokio::select! {
        ended = market.shutdown() => filled.and(ended).map(|()| ExitCode::SUCCESS),
        () = stop.asked() => bail!("stopped without waiting for the requests that ran"),
    }
}

/// Fills a market that serves already, and says what is in it.
async fn fill(
    market: &LocalMarket,
    migration: Option<Migration>,
    repack: bool,
    demo: bool,
    imports: Imports,
) -> anyhow::Result<()> {
    if let Some(migration) = migration.filter(|_| market.has_store())
        && let Some(Migrated { freelancers, projects }) =
            migration.run(market).await.context("migrating the data of an earlier version")?
    {
        say(&format!("{freelancers} freelancers and {projects} projects of an earlier version migrated"))?;
    }
    if repack {
        let packed = repack::everything(market).await.context("packing records anew")?;
        say(&format!("{packed} records packed anew"))?;
    }
    if demo {
        say(&demo::fill(market).await.context("filling the demo market")?)?;
    }
    for shown in imports.load(market).await.context("importing")? {
        say(&shown)?;
    }
    Ok(())
}

async fn run_invoke(invoke: Invoke) -> anyhow::Result<ExitCode> {
    invoke.common.start_logging()?;
    let event = text_file::read(&invoke.event)?;
    serde_json::from_str::<Value>(&event).with_context(|| format!("{} is not JSON", invoke.event.display()))?;
    let market = LocalMarket::start(invoke.common.options()?).await?;
    if market.has_store() {
        market.fill_samples().await?;
    }
    let outcome = market.invoke(&invoke.function, Bytes::from(event)).await;
    market.shutdown().await?;
    match outcome? {
        Outcome::Answered(answer) => say(&pretty(&answer)).map(|()| ExitCode::SUCCESS),
        Outcome::Failed(error) => bail!("the function failed: {}", pretty(&error)),
        Outcome::Throttled => bail!("the function could not be started in time"),
        Outcome::TooLarge => bail!("the event is larger than Lambda takes (6 MB)"),
    }
}

fn run_function(name: &str) -> anyhow::Result<ExitCode> {
    // However the runner ends, its end of this pipe closes: nothing it started stays behind, not even what hangs.
    std::thread::spawn(|| {
        let ended = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        tracing::debug!(?ended, "the runner is gone");
        std::process::exit(0);
    });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let ended = match name {
        "accounts" => runtime.block_on(accounts::run()),
        "erase" => runtime.block_on(erase::run()),
        "market" => runtime.block_on(market::run()),
        "matches" => runtime.block_on(matches::run()),
        "notify" => runtime.block_on(notify::run()),
        "stream" => runtime.block_on(stream::run()),
        _ => bail!("no function is called {name}; there are accounts, erase, market, matches, notify and stream"),
    };
    ended.map(|()| ExitCode::SUCCESS).map_err(|problem| {
        // A runner that was killed takes its Runtime API with it: the thread above tells that from a fault of our own.
        std::thread::sleep(std::time::Duration::from_millis(100));
        anyhow::anyhow!("{name}: {problem}")
    })
}

/// Prints one line at once, even into a pipe.
fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

fn pretty(json: &[u8]) -> String {
    let value: serde_json::Result<Value> = serde_json::from_slice(json);
    value.map_or_else(|_| String::from_utf8_lossy(json).into_owned(), |value| format!("{value:#}"))
}

/// SIGINT and SIGTERM.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
