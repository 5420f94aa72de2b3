//! A device that is signed in, as `credentials` stores it.

use axum::http::{HeaderMap, header};
use domain::{account::RefreshState, values::SessionId};
use http_api::limits::Caller;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::refresh_token::RefreshToken;

/// The most characters of a `User-Agent` that are kept.
const USER_AGENT_CHARACTERS: usize = 200;

/// The program that signed in, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Client {
    /// Its `User-Agent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_agent: Option<String>,
    /// Its IP address, or the first 64 bits of an IPv6 address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
}

impl Client {
    /// The client of a request.
    pub(crate) fn of(headers: &HeaderMap, caller: &Caller) -> Self {
        let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = user_agent.map(|text| text.chars().take(USER_AGENT_CHARACTERS).collect());
        Self { user_agent, address: Some(caller.address().to_string()) }
    }
}

/// A device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) refresh: RefreshState,
    /// The hash of the part that all refresh tokens of the session share.
    pub(crate) family: String,
    /// A text that every change replaces.
    pub(crate) stamp: String,
    pub(crate) client: Client,
    /// The end of the session, Unix seconds. DynamoDB deletes the item some time after it.
    #[serde(default)]
    pub(crate) expires_at: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
}

impl Device {
    /// A device that signs in now.
    pub(crate) fn new(token: &RefreshToken, expires_at: i64, client: Client, now: Timestamp) -> Self {
        Self {
            refresh: RefreshState { current: token.hash(), previous: None },
            family: token.family_hash(),
            stamp: String::new(),
            client,
            expires_at,
            created_at: now,
            last_used_at: now,
        }
    }
}

/// A device with its sort key, which is the id of its session.
#[derive(Debug, Deserialize)]
pub(crate) struct Stored {
    pub(crate) sk: SessionId,
    #[serde(flatten)]
    pub(crate) device: Device,
}
