//! Recovery codes: ten random texts for the day when the authenticator app is lost.

use runtime::entropy::{self, NoEntropy};

/// The number of codes.
const CODES: usize = 10;
/// Letters and digits that are not easily confused, 32 of them.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// New codes, such as `k7mq3-x9w2p`: 50 random bits each.
///
/// # Errors
/// The operating system gave no randomness.
pub(super) fn new() -> Result<Vec<String>, NoEntropy> {
    (0..CODES)
        .map(|_| {
            let signs = entropy::bytes::<10>()?.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            let (first, second) = signs.split_at(5);
            Ok(format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>()))
        })
        .collect()
}

/// The hash of a code without its dash. Capitals mean the same.
pub(super) fn hash(code: &str) -> String {
    crate::hash(format!("recovery code\0{}", code.to_ascii_lowercase()).as_bytes())
}
