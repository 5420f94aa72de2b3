//! FNV-1a: short hashes that are the same in every build and on every machine. Not for secrets.
//!
//! Source: Fowler, Noll, Vo; draft-eastlake-fnv, section 2.

/// The 64-bit hash of `bytes`.
pub fn fnv1a_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The 32-bit hash of `bytes`.
pub fn fnv1a_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of draft-eastlake-fnv, appendix C.
    #[test]
    fn both_hashes_give_the_published_values() {
        let vectors: [(&str, u32, u64); 3] = [
            ("", 0x811c_9dc5, 0xcbf2_9ce4_8422_2325),
            ("a", 0xe40c_292c, 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0xbf9c_f968, 0x8594_4171_f739_67e8),
        ];
        for (text, short, long) in vectors {
            assert_eq!((fnv1a_32(text.as_bytes()), fnv1a_64(text.as_bytes())), (short, long), "{text}");
        }
    }
}
