//! A public Stack Exchange data dump, or a market's own outcomes, read as a talent market.
//!
//! The mapping: a question is a project, its tags are the wanted skills, and its asker is the client. An answer is a
//! proposal, and its author is a freelancer. The asker's acceptance is the hire. These are real, two-sided, dated
//! decisions.
//!
//! A dump's folder needs `Posts.xml` and may have `Votes.xml`. A folder with an `outcomes.jsonl` instead holds a
//! market's own projects, proposals, hires and ratings, one JSON object per line; see [`Dump::read`].
//!
//! - [`Dump`] holds the posts and votes as they are.
//! - [`History`] replays them event by event. At any moment it knows what a market would have known then, and nothing
//!   later. Training needs this.
//! - [`Market`] is the state at the end of the dump, as freelancers and projects. An import needs this.
//!
//! The caller provides the folder. This crate contains none of a dump's content (CC BY-SA).

mod dump;
mod error;
mod history;
mod market;
mod outcomes;
mod plain_text;
mod posts;
mod row;

pub use dump::{Answer, Dump, PostId, Question, RatingSource, UserId, Vote, VoteKind};
pub use error::DumpError;
pub use history::{Event, History, TrackRecord};
pub use market::{Freelancer, Market, Project};
