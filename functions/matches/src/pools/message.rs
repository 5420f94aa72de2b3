//! Messages to and from a shard as text, because AWS Lambda carries JSON: base64 of what `matching` encodes.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_runtime::Error;
use matching::message::{decode, encode};
use serde::{Serialize, de::DeserializeOwned};

/// The text of a message.
///
/// # Errors
/// For a value that no message holds.
pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String, Error> {
    Ok(BASE64_STANDARD.encode(encode(value)?))
}

/// The value of a message's text.
///
/// # Errors
/// For other text, and for a message of another version.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    Ok(decode(&BASE64_STANDARD.decode(text)?)?)
}
