//! The scorer in the browser: scores a project that is being typed, by the code and the weights of
//! `POST /matches/score`.
//!
//! The page writes a `request::Request` into the module's memory and reads an `answer::answer` out of
//! it; `web/core/scorer.js` does both. There is no binding generator: `boundary` exports three functions.
//!
//! This crate has no clock (the page says the time), no network, and no state but the weights.

mod answer;
mod boundary;
mod request;
mod weights;
