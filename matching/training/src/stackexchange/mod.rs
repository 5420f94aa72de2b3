//! A public Stack Exchange data dump, or a market's own outcomes, read as a talent market.
//!
//! A question is a project (its tags are the skills wanted, its asker the client), whoever has answered is a
//! freelancer, an answer is a proposal, and the asker's acceptance is the hire: real, two-sided, dated decisions.
//! Only `Posts.xml` and, if it is there, `Votes.xml` of the dump folder are read. A folder with an `outcomes.jsonl`
//! instead holds a market's own projects, proposals, hires and ratings, one JSON object per line; see [`Dump::read`].
//!
//! - [`Dump`] holds the posts and votes as they are.
//! - [`History`] replays them event by event, so that at any moment it knows exactly what a market would have
//!   known then, and nothing later: what training needs.
//! - [`Market`] is the dump at its end, as freelancers and projects: what an import needs.
//!
//! The dump's folder is the caller's; nothing of its content (CC BY-SA) is part of this crate.

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
