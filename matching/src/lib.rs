//! The matching engine: it finds the freelancers who fit a project, and explains why.
//!
//! A [`Talent`] (the market's knowledge of a freelancer) and a [`Need`] (a project) become ten named numbers
//! ([`Features`]). A small neural net ([`Model`]) turns them into a probability. A [`Pool`] keeps all freelancers in
//! memory and ranks them by this probability, exactly and page by page. Training and serving compute the features with
//! the same code. The weights file names the [`FEATURE_VERSION`] and the word rarities ([`Background`]) that it was
//! trained with.
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
//! This crate has no accounts, no HTTP, no AWS, no async and no clock (every time is an argument, in seconds since
//! 1970). It never samples and never retrieves approximately. The caller decides who may be matched at all (languages,
//! budget, availability) before the crate scores them.

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
pub use pool::{Eligible, Everybody, Pool, Ranking, SharedPosition, Standing, TwoRankings};
pub use rank::{Match, Position, rank, top, top_scores};
pub use record::TalentRecord;
pub use scorer::{InputColumns, InstructionSet, Scorer};
pub use statistics::PoolStatistics;
pub use talent::Talent;
pub use text::{MAX_WORK_TERMS, TermVector, term_hash, tokens};
pub use view::PoolView;
