//! A market whose true probabilities are known, to see how near the net comes to what can be known.
//!
//! Real decisions never tell how good a ranking could have been. Here both sides' decisions are drawn from known
//! probabilities (`truth.rs`), in which everybody also has two hidden effects, an eagerness to bid and an ability to
//! convince, that nobody ever sees. So there are oracles to measure against ([`Oracle`]): one that knows everything, one that
//! knows what can be observed, and one that lacks price and language besides, as the net does.
//!
//! - [`Simulation::run`] plays the market: people join, projects are posted, whoever is there decides, and track records
//!   grow from it. Features come from the crate's own [`Talent`](crate::Talent) and [`Need`](crate::Need), and the
//!   pairs are those that [`fit`](crate::training::fit) learns from.
//! - [`Simulation::eligible`] keeps the pairs that pass the product's filters: a shared language, a rate within the budget.
//! - [`Simulation::noise`] draws the decisions anew, from nothing: what is learned from them must be worth nothing.
//!
//! What it leaves out on purpose: bids do not compete (a client may hire nobody, one or several), everybody sees every
//! project, and nobody changes trade, rate or temper.

mod belief;
mod chance;
mod market;
mod person;
mod project;
mod record;
mod truth;
mod vocabulary;

pub use market::{Known, Oracle, Scale, Simulation};
