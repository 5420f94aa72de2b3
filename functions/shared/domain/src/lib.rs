//! The rules of the market: what a freelancer, a project, a price or a language tag may be, who may meet whom, and what
//! follows from a command.
//!
//! Everything here is pure and synchronous. This crate never reads a clock, draws a random number, awaits, logs, talks
//! HTTP or knows DynamoDB: the time and new identifiers are arguments, and the answer is new state plus the event that led
//! to it. So every rule can be tested by calling it.
//!
//! The map, from the edge inwards:
//!
//! | module | what it holds |
//! |---|---|
//! | [`field`], [`violation`] | reading a request body so that *every* wrong field is named in one answer |
//! | [`id`], [`text`], [`email`], [`tag`], [`language`], [`timezone`], [`money`], [`budget`] | values that carry their rule |
//! | [`freelancer`], [`project`], [`track_record`], [`version`] | the two aggregates and their history |
//! | [`event`] | what a commit is remembered by |
//! | [`listing`] | where a record is listed |
//! | [`eligibility`], [`record`], [`bid`] | who can be paired at all; what other systems send to be scored |
//! | [`page`], [`idempotency`] | bounded lists and retries, decided without I/O |

pub mod bid;
pub mod budget;
pub mod currency;
pub mod eligibility;
pub mod email;
pub mod event;
pub mod field;
pub mod freelancer;
mod hash;
pub mod id;
pub mod idempotency;
pub mod language;
pub mod listing;
pub mod money;
pub mod page;

pub mod project;
pub mod record;
pub mod tag;
pub mod text;
pub mod timezone;
pub mod track_record;
pub mod version;
pub mod violation;
