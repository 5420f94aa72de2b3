//! Recovery codes: ten random texts for the day when the authenticator app is lost.

use runtime::entropy::{self, NoEntropy};

/// The number of codes.
const CODES: usize = 10;
/// Letters and digits that are not easily confused, 32 of them.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// New codes, such as `k7mq3x-9w2pfa-hd65tr-40ysen`: 120 random bits each, so that a fast hash of them tells nothing.
///
/// # Errors
/// The operating system gave no randomness.
pub(super) fn new() -> Result<Vec<String>, NoEntropy> {
    (0..CODES)
        .map(|_| {
            let signs = entropy::bytes::<24>()?.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            let groups: Vec<String> = signs.chunks(6).map(|group| group.iter().collect()).collect();
            Ok(groups.join("-"))
        })
        .collect()
}

/// The hash of a code without its dashes. Capitals mean the same.
pub(super) fn hash(code: &str) -> String {
    crate::hash(format!("recovery code\0{}", code.to_ascii_lowercase()).as_bytes())
}
