//! Converts messages to and from a shard to text, because Lambda carries JSON: base64 of the bytes that `matching`
//! encodes.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_runtime::Error;
use matching::message::{decode, encode};
use serde::{Serialize, de::DeserializeOwned};

/// Encodes a message as text.
///
/// # Errors
/// The value cannot be encoded.
pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String, Error> {
    Ok(BASE64_STANDARD.encode(encode(value)?))
}

/// Decodes the text of a message.
///
/// # Errors
/// The text is not a message, or it has another version.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    Ok(decode(&BASE64_STANDARD.decode(text)?)?)
}
