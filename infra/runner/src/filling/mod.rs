//! Shared by the demo and the imports: ways into a market, a progress bar, and tables to show at the end.
//!
//! [`api`] sends requests, as any client would. Data that no request may send is written through
//! [`LocalMarket::store`](crate::LocalMarket::store), by the same rules.

pub(crate) mod api;
pub(crate) mod at_once;
pub(crate) mod commands;
pub(crate) mod progress;
pub(crate) mod reason;
pub(crate) mod shortlist;
pub(crate) mod table;
