//! What the parts of a divided pool are asked and answer, as bytes: a version, then the value in `postcard`'s format.
//!
//! Floats keep every bit: a score that differs in its last bit would make another page. What is read is held to the
//! same rules as what is computed, so a broken message is refused and never ranked.

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};

/// The version of the format. It is raised with every change to what is sent.
const VERSION: u8 = 1;

/// Why a value was not sent or not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A message of another build.
    #[error("a message of version {got:?}, and this build reads version {VERSION}")]
    Version {
        /// The first byte, if there is one.
        got: Option<u8>,
    },
    /// Bytes that are no such value, or a value that cannot be sent.
    #[error("a message is malformed: {0}")]
    Malformed(#[from] postcard::Error),
    /// More bytes than the value has.
    #[error("{extra} bytes follow a message")]
    TooLong {
        /// How many.
        extra: usize,
    },
}

/// The bytes of a value.
///
/// # Errors
/// [`MessageError::Malformed`] for a type that does not know its length.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, MessageError> {
    Ok(postcard::to_extend(value, vec![VERSION])?)
}

/// The value that the bytes are of.
///
/// # Errors
/// A [`MessageError`] for every bytes that [`encode`] would not write for a value of this type.
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
