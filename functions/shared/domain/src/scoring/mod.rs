//! Records that other systems send to be scored or compared. They are not stored.

mod batch;
mod bids;
mod freelancer;
mod project;
mod score;

pub use batch::{Batch, Record};
pub use bids::{BidRecord, BidRecords, Bids, Message, MessageText};
pub use freelancer::{ForeignId, ForeignIdText, FreelancerRecord};
pub use project::ProjectRecord;
pub use score::{Freelancers, ScoreRecords};
