//! The rules of the market: the values that records consist of, the pairs that are eligible, and the outcome of each
//! command.
//!
//! Everything here is pure and synchronous. This crate never reads a clock, draws a random number, awaits, logs, talks
//! HTTP or knows DynamoDB. The time and new ids are arguments, and a command returns new state and the event that led
//! to it. So a test can call every rule.
//!
//! | module | what it holds |
//! |---|---|
//! | [`values`] | money, skills, texts, languages, time zones, ids: each type carries its rule |
//! | [`validation`] | reading a request body so that one answer names every wrong field |
//! | [`account`], [`freelancer`], [`project`] | the aggregates |
//! | [`event`] | the record of one commit |
//! | [`eligibility`] | the rules by which a freelancer and a project can be paired at all |
//! | [`scoring`] | records that other systems send to be scored |
//! | [`listing`], [`page`] | the lists that a record is in, and bounded pages of them |
//! | [`idempotency`] | the decision about a request that may have been sent before |

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
