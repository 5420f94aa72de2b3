//! Measures how close the net comes to the best possible ranking, in a simulated market with known probabilities:
//!
//! ```text
//! cargo run --release -p matching-training --example simulate
//! ```
//!
//! `matching_training::simulation` provides the market. The net is trained on its first projects by the crate's own
//! training, and evaluated on the last fifth against three oracles. As a control, the same training runs on decisions
//! that are independent of everything. The program fails if the control learns something.

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use matching::Model;
use matching_training::simulation::{Oracle, Scale, Simulation};
use matching_training::{
    Answers, Estimate, Metrics, Pairs, Plan, Query, Resampling, Side, Split, estimates, fit, gaps, judge,
};

/// Orders equal scores. The value is arbitrary.
const TIE_SEED: u64 = 0;
/// The control uses 99 % intervals, so that a false alarm is rare.
const CONTROL: Resampling = Resampling { resamples: 2_000, confidence: 0.99, seed: 1 };

const SIDES: [(Side, &str); 3] = [
    (Side::Interest, "interest: who bids"),
    (Side::Choice, "choice: which bid is hired"),
    (Side::Match, "both: who is hired"),
];

const NOTE: &str = "\
Terms are price and language. Here they affect both sides' decisions and also filter pairs: a pair is excluded if it
shares no language or the rate exceeds the budget. The product only filters by them. The shipped net has learned from
decisions with one language and no prices, so terms are no features. The gap between the oracle without terms and the
oracle with them is the cost. The rest of the net's gap comes from the net itself, and from ten features that summarise
a history. The rows without the filters rank everybody and show what the filters contribute. For `both`, log loss and
ECE describe being hired; the ranking measures also count bids.
Bids do not compete here, everybody sees every project, and nobody changes. A real market is harder to predict.";

/// Train the matching net on a simulated market and compare it with oracles that know the true probabilities.
#[derive(Debug, Parser)]
struct Arguments {
    /// Seeds the market, the training and the control.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Freelancers who join at any time.
    #[arg(long, default_value_t = 300)]
    freelancers: usize,
    /// Projects posted.
    #[arg(long, default_value_t = 2_000)]
    projects: usize,
    /// Passes over the training projects.
    #[arg(long, default_value_t = Plan::default().epochs)]
    epochs: usize,
}

fn main() -> Result<()> {
    let Arguments { seed, freelancers, projects, epochs } = Arguments::parse();
    ensure!(freelancers > 0 && projects > 0, "a market needs freelancers and projects");
    let plan = Plan { seed, epochs, ..Plan::default() };

    let bar = progress_bar("the market", projects, "projects")?;
    let everybody = Simulation::run(&Scale { freelancers, projects, seed }, || bar.inc(1));
    bar.finish_and_clear();
    let market = everybody.eligible();
    println!("{}", summary(&everybody, &market));

    let model = trained(&market.pairs, &plan, "the net")?;
    let answers = Answers::of(&model, &market.pairs, of_test(&market.pairs))?;
    for (side, question) in SIDES {
        println!("\n{question:36}{}", Metrics::HEADER);
        print_row("base rate", &market.pairs, side, &base_rate(&market.pairs, side));
        print_row("the net", &market.pairs, side, answers.about(side));
        for oracle in Oracle::ALL {
            print_row(name_of(oracle), &market.pairs, side, &market.log_odds(oracle, side));
        }
        for oracle in [Oracle::WithoutTerms, Oracle::Observables] {
            let log_odds = market.log_odds(oracle, side);
            print_gap(oracle, &market.pairs, side, answers.about(side), &log_odds)?;
        }
    }
    print_unfiltered(&model, &everybody)?;
    println!("\n{NOTE}");
    control(&market, &plan)
}

/// Prints the net and the oracle on all pairs, without the filters.
fn print_unfiltered(model: &Model, everybody: &Simulation) -> Result<()> {
    let answers = Answers::of(model, &everybody.pairs, of_test(&everybody.pairs))?;
    println!("\n{:36}{}", "both, without the filters", Metrics::HEADER);
    print_row("the net", &everybody.pairs, Side::Match, answers.about(Side::Match));
    let oracle = Oracle::Observables;
    print_row(name_of(oracle), &everybody.pairs, Side::Match, &everybody.log_odds(oracle, Side::Match));
    Ok(())
}

/// Trains on noise, and fails if the net learned something.
fn control(market: &Simulation, plan: &Plan) -> Result<()> {
    let noise = market.noise(plan.seed.wrapping_add(1));
    let model = trained(&noise, plan, "the control")?;
    let answers = Answers::of(&model, &noise, of_test(&noise))?;
    println!("\nControl: the same pairs with random decisions; AUC with its {:.0} % interval", {
        100.0 * CONTROL.confidence
    });
    let mut learned = Vec::new();
    for (side, question) in SIDES {
        let found = estimates(&noise, of_test(&noise), side, answers.about(side), &CONTROL)
            .with_context(|| format!("{question}: no pairs to evaluate the control on"))?;
        let Estimate { value, interval: (low, high) } = found.auc;
        println!("{question:36}{value:.3} ({low:.3} to {high:.3})");
        if !found.auc.allows(0.5) {
            learned.push(question);
        }
    }
    ensure!(learned.is_empty(), "the net learned something from noise: {}", learned.join("; "));
    println!("The net learned nothing from noise.");
    Ok(())
}

fn trained(pairs: &Pairs, plan: &Plan, what: &str) -> Result<Model> {
    let bar = progress_bar(what, plan.epochs, "epochs")?;
    let fitted = fit(pairs, plan, |_| bar.inc(1))?;
    bar.finish_and_clear();
    Ok(Model::new(fitted.parts)?)
}

fn of_test(pairs: &Pairs) -> impl Iterator<Item = &Query> {
    pairs.of_split(Split::Test)
}

/// The same log-odds for every pair: the base rate of the training projects.
fn base_rate(pairs: &Pairs, side: Side) -> Vec<f32> {
    let counted = |least: u8| {
        let rows = pairs.of_split(Split::Train).flat_map(|query| query.rows.clone());
        rows.filter(|&row| pairs.relevance[row] >= least).count() as f64
    };
    let (happened, of) = match side {
        Side::Interest => (counted(1), counted(0)),
        Side::Choice => (counted(2), counted(1)),
        Side::Match => (counted(2), counted(0)),
    };
    vec![(happened / (of - happened)).ln() as f32; pairs.features.len()]
}

fn name_of(oracle: Oracle) -> &'static str {
    match oracle {
        Oracle::Everything => "the oracle that knows everything",
        Oracle::Observables => "the oracle given observables",
        Oracle::WithoutTerms => "that oracle without terms",
    }
}

fn print_row(name: &str, pairs: &Pairs, side: Side, log_odds: &[f32]) {
    match judge(pairs, of_test(pairs), side, log_odds, TIE_SEED) {
        Some(metrics) => println!("{name:36}{metrics}"),
        None => println!("{name:36}not evaluated: nobody bid"),
    }
}

fn print_gap(oracle: Oracle, pairs: &Pairs, side: Side, net: &[f32], log_odds: &[f32]) -> Result<()> {
    let gap = gaps(pairs, of_test(pairs), side, [net, log_odds], &Resampling::default())
        .context("nobody bid on the last projects")?;
    let [auc, ndcg, log_loss] = [gap.auc, gap.ndcg_10, gap.log_loss].map(|estimate| with_interval(&estimate));
    println!("the net minus {:28}AUC {auc}  NDCG@10 {ndcg}  log loss {log_loss}", name_of(oracle).trim_start());
    Ok(())
}

fn with_interval(estimate: &Estimate) -> String {
    let Estimate { value, interval: (low, high) } = estimate;
    format!("{value:+.3} ({low:+.3} to {high:+.3})")
}

fn summary(everybody: &Simulation, market: &Simulation) -> String {
    let count = |least: u8| market.pairs.relevance.iter().filter(|&&relevance| relevance >= least).count();
    format!(
        "{} projects, {} pairs, {} of them eligible; of those {} bids and {} hires",
        everybody.pairs.queries.len(),
        everybody.known.len(),
        market.known.len(),
        count(1),
        count(2)
    )
}

fn progress_bar(what: &str, steps: usize, unit: &str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template(&format!("{{prefix}} {{bar:30}} {{pos}}/{{len}} {unit}  {{elapsed}}"))?;
    Ok(ProgressBar::new(steps as u64).with_style(style).with_prefix(what.to_owned()))
}
