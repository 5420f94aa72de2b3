//! Records that other systems send to be scored or compared. Nothing of them is stored.

mod bids;
mod records;

pub use bids::{BidInput, BidRecord, BidRecords, BidsInput, MAX_BIDS, Message};
pub use records::{
    ForeignId, FreelancerRecord, FreelancerRecordInput, MAX_FREELANCERS, ProjectRecord, ProjectRecordInput, ScoreInput,
    ScoreRecords,
};
