//! The stored form of a sealed field: base64url of
//!
//! ```text
//! 1           the version of this format
//! 4 bytes     the version of the key, big-endian
//! 2 bytes     the length of the encrypted data key, big-endian
//! …           the data key, encrypted by KMS
//! 12 bytes    the nonce
//! …           the ciphertext and its tag of 16 bytes
//! ```

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::cipher::NONCE_BYTES;

const FORMAT: u8 = 1;
const TAG_BYTES: usize = 16;

/// The longest encrypted data key. KMS makes some 170 bytes.
const MOST_DATA_KEY_BYTES: usize = 6_144;

/// A sealed field. It is stored as text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sealed {
    key_version: u32,
    data_key: Vec<u8>,
    nonce: [u8; NONCE_BYTES],
    ciphertext: Vec<u8>,
}

/// A text that is no sealed field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no sealed field")]
pub struct Malformed;

impl Sealed {
    pub(crate) fn new(key_version: u32, data_key: Vec<u8>, nonce: [u8; NONCE_BYTES], ciphertext: Vec<u8>) -> Self {
        Self { key_version, data_key, nonce, ciphertext }
    }

    /// The version of the key under which the field was sealed.
    pub fn key_version(&self) -> u32 {
        self.key_version
    }

    /// The data key, encrypted by KMS.
    pub(crate) fn data_key(&self) -> &[u8] {
        &self.data_key
    }

    pub(crate) fn nonce(&self) -> &[u8; NONCE_BYTES] {
        &self.nonce
    }

    pub(crate) fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&FORMAT, rest) = bytes.split_first()? else { return None };
        let (key_version, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (data_key, rest) = rest.split_at_checked(length).filter(|_| length <= MOST_DATA_KEY_BYTES)?;
        let (nonce, ciphertext) = rest.split_first_chunk()?;
        let is_whole = !data_key.is_empty() && ciphertext.len() >= TAG_BYTES;
        is_whole.then(|| Self::new(u32::from_be_bytes(*key_version), data_key.to_vec(), *nonce, ciphertext.to_vec()))
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        let Sealed { key_version, data_key, nonce, ciphertext } = sealed;
        // `Kms` accepts no longer data key.
        let length = u16::try_from(data_key.len()).unwrap_or(u16::MAX);
        let head = [&[FORMAT][..], &key_version.to_be_bytes(), &length.to_be_bytes()].concat();
        BASE64_URL_SAFE_NO_PAD.encode([head, data_key, nonce.to_vec(), ciphertext].concat())
    }
}

impl TryFrom<String> for Sealed {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| Self::read(&bytes)).ok_or(Malformed)
    }
}

/// Shows no ciphertext, so that no log collects any.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("key_version", &self.key_version).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sealed_field_survives_storage(
            key_version: u32,
            data_key in proptest::collection::vec(any::<u8>(), 1..300),
            nonce: [u8; NONCE_BYTES],
            ciphertext in proptest::collection::vec(any::<u8>(), TAG_BYTES..200),
        ) {
            let sealed = Sealed::new(key_version, data_key, nonce, ciphertext);
            let text = serde_json::to_string(&sealed).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sealed>(&text).unwrap(), sealed);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let read = Sealed::try_from(BASE64_URL_SAFE_NO_PAD.encode(&bytes));
            if let Ok(sealed) = read {
                prop_assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(String::from(sealed)).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn a_cut_text_is_refused() {
        let whole = String::from(Sealed::new(1, vec![1; 170], [2; NONCE_BYTES], vec![3; TAG_BYTES]));
        assert!(Sealed::try_from(whole.clone()).is_ok());
        for length in 0..whole.len() {
            assert_eq!(Sealed::try_from(whole[..length].to_owned()), Err(Malformed), "{length} characters");
        }
        assert_eq!(Sealed::try_from("no sealed field".to_owned()), Err(Malformed));
    }

    #[test]
    fn fuzz_sealed_field() {
        let bytes = |sealed| BASE64_URL_SAFE_NO_PAD.decode(String::from(sealed)).unwrap();
        let seed = bytes(Sealed::new(1, vec![1; 170], [2; NONCE_BYTES], vec![3; 40]));
        fuzzing::Target::new("sealed_field").run([seed], |input| {
            let read = Sealed::try_from(BASE64_URL_SAFE_NO_PAD.encode(input));
            read.is_ok_and(|sealed| {
                assert_eq!(bytes(sealed), input, "a sealed field has one spelling");
                true
            })
        });
    }
}
