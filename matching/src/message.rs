//! Encodes the requests and responses of the parts of a divided pool: a version byte, then the value in `postcard`'s
//! format.
//!
//! Floats keep every bit, because a score that differs in its last bit could change a page. Decoded values must meet
//! the same rules as computed ones, so a broken message is refused and never ranked.

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};

/// The version of the format. Every change to the messages raises it.
const VERSION: u8 = 1;

/// Why a value could not be encoded or decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Another build wrote the message.
    #[error("a message of version {got:?}, and this build reads version {VERSION}")]
    Version {
        /// The first byte; `None` for an empty message.
        got: Option<u8>,
    },
    /// The bytes are not such a value, or the value cannot be encoded.
    #[error("a message is malformed: {0}")]
    Malformed(#[from] postcard::Error),
    /// Bytes follow the value.
    #[error("{extra} bytes follow a message")]
    TooLong {
        /// The number of extra bytes.
        extra: usize,
    },
}

/// Encodes a value.
///
/// # Errors
/// [`MessageError::Malformed`] for a type that does not know its length.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, MessageError> {
    Ok(postcard::to_extend(value, vec![VERSION])?)
}

/// Decodes a value.
///
/// # Errors
/// A [`MessageError`] for any bytes that [`encode`] would not write for a value of this type.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, MessageError> {
    let (version, value) = bytes.split_first().ok_or(MessageError::Version { got: None })?;
    if *version != VERSION {
        return Err(MessageError::Version { got: Some(*version) });
    }
    let (value, rest) = postcard::take_from_bytes(value)?;
    if rest.is_empty() { Ok(value) } else { Err(MessageError::TooLong { extra: rest.len() }) }
}

/// Reads a finite number.
pub(crate) fn finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let value = f32::deserialize(deserializer)?;
    if value.is_finite() { Ok(value) } else { Err(D::Error::custom("no finite number")) }
}

/// Reads finite numbers.
pub(crate) fn all_finite<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[f32; N], D::Error>
where
    [f32; N]: Deserialize<'de>,
{
    let values = <[f32; N]>::deserialize(deserializer)?;
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(D::Error::custom("no finite number")) }
}

/// Reads a share: 0 to 1.
pub(crate) fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let value = f32::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(D::Error::custom("no share")) }
}

/// Reads a rank: 1 or more.
pub(crate) fn rank<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let value = usize::deserialize(deserializer)?;
    if value > 0 { Ok(value) } else { Err(D::Error::custom("no rank")) }
}
