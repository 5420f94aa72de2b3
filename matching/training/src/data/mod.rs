//! The data sets for training and evaluation: pairs and contests of real decisions, built from dumps.

mod background;
mod contests;
mod division;
mod pairs;

pub(crate) use background::Texts;
pub use background::background_of;
pub use contests::{Contest, Contests, SeenBid};
pub use division::{Division, Split};
pub(crate) use pairs::without_history;
pub use pairs::{Pairs, Query};
