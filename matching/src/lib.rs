//! The matching engine: which freelancers fit a project, and why.
//!
//! A [`Talent`] (what a market knows of a freelancer) and a [`Need`] (a project) become ten named numbers
//! ([`Features`]); a small neural net ([`Model`]) turns them into a probability; a [`Pool`] keeps everybody in
//! memory and ranks them by it, exactly, page by page. The same code computes the features that the net was trained on
//! and the features that are served, and the weights file names the [`FEATURE_VERSION`] and the rarities of words
//! ([`Background`]) that it was trained with.
//!
//! ```
//! use matching::{Everybody, Model, Need, PackedTalent, Pool, Talent, TermVector};
//!
//! let rustacean = Talent {
//!     skills: vec!["rust".into(), "aws".into()],
//!     terms: TermVector::of_profile("Serverless engineer", "Lambda functions in Rust"),
//!     ..Talent::default()
//! };
//! let painter = Talent {
//!     skills: vec!["oil painting".into()],
//!     terms: TermVector::of_profile("Portrait painter", "Portraits from photographs"),
//!     ..Talent::default()
//! };
//! let need = Need {
//!     skills: vec!["rust".into()],
//!     terms: TermVector::of_project("A Lambda function", "Our back end is Rust on AWS Lambda."),
//!     ranked_at: 1_700_000_600,
//! };
//!
//! let pool = Pool::from_rows([(1, PackedTalent::of(&rustacean), "ada"), (2, PackedTalent::of(&painter), "bea")]);
//! let model = Model::shipped()?;
//! let ranking = pool.rank(&model, &pool.prepare(&need), &Everybody, 10, None)?;
//! assert_eq!(pool.get(ranking.matches[0].id), Some("ada"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What this crate never does: no accounts, no HTTP, no AWS, no async, no clock (every time is an argument, in
//! seconds since 1970), no sampling and no approximate retrieval. Who may be matched at all (languages, budget,
//! openness) is decided before; here everybody in the pool is scored.

mod activity;
mod award;
mod background;
#[cfg(feature = "candle")]
mod candle;
mod codec;
mod error;
mod explain;
mod exposure;
mod features;
pub mod message;
mod model;
mod need;
mod need_codec;
mod net;
mod numbers;
mod packed;
mod pool;
mod rank;
mod record;
mod scorer;
mod statistics;
mod talent;
mod text;
mod view;
mod wanted;

pub use activity::{Activity, Pace};
pub use award::{
    AWARD_INPUTS, Award, AwardModel, AwardParts, BID_FEATURE_COUNT, Bid, BidFeature, BidFeatures, Proposal,
};
pub use background::Background;
#[cfg(feature = "candle")]
pub use candle::{CandleNet, forward};
pub use codec::CodecError;
pub use error::{ModelError, ScoreError};
pub use explain::Explanation;
pub use exposure::{Share, Shown, with_share};
pub use features::{Better, FEATURE_COUNT, FEATURE_NAMES, FEATURE_VERSION, Feature, FeatureError, Features, Reason};
pub use model::Model;
pub use need::{NEED_TERMS, Need, PackedNeed, PreparedNeed};
pub use net::{HEAD_COUNT, INPUT_LIMIT, Layer, ModelParts, NET_WIDTHS, Standardization};
pub use packed::{PACKED_SKILLS, PACKED_TERMS, PackedTalent};
pub use pool::{Eligible, Everybody, Place, Pool, Ranking, SharedPosition, TwoRankings};
pub use rank::{Match, Position, rank, top, top_scores};
pub use record::TalentRecord;
pub use scorer::{InputColumns, InstructionSet, Scorer};
pub use statistics::PoolStatistics;
pub use talent::Talent;
pub use text::{MAX_WORK_TERMS, TermVector, term_hash, tokens};
pub use view::PoolView;
