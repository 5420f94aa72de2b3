//! The rules of the market: what a freelancer, a project, a price or a language tag may be, who may meet whom, and what
//! follows from a command.
//!
//! Everything here is pure and synchronous. This crate never reads a clock, draws a random number, awaits, logs, talks
//! HTTP or knows DynamoDB: the time and new identifiers are arguments, and the answer is new state plus the event that led
//! to it. So every rule can be tested by calling it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`values`] | money, skills, texts, languages, time zones, ids: each type carries its rule |
//! | [`validation`] | reading a request body so that one answer names every wrong field |
//! | [`account`], [`freelancer`], [`project`] | the aggregates |
//! | [`event`] | the record of one commit |
//! | [`eligibility`] | the rules by which a freelancer and a project can be paired at all |
//! | [`scoring`] | records that other systems send to be scored |
//! | [`listing`], [`page`] | the lists a record stands in, and how many items a page of them holds |
//! | [`idempotency`] | what to do with a repeated request |

pub mod account;
pub mod eligibility;
pub mod event;
pub mod freelancer;
pub mod idempotency;
pub mod listing;
pub mod page;
pub mod project;
pub mod scoring;
pub mod validation;
pub mod values;
