//! What the demo and an import share: ways into a market, a bar that moves meanwhile, and what is shown at the end.
//!
//! [`api`] asks as any client would. What no request may say goes through
//! [`LocalMarket::store`](crate::LocalMarket::store), by the same rules.

pub(crate) mod api;
pub(crate) mod at_once;
pub(crate) mod commands;
pub(crate) mod progress;
pub(crate) mod reason;
pub(crate) mod shortlist;
