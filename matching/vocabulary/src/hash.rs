//! FNV-1a: a short hash that never changes between builds or machines, so that it can be stored. It is not for secrets.
//!
//! Source: Fowler, Noll, Vo; draft-eastlake-fnv, section 2.

/// The 32-bit hash, also at compile time.
pub const fn fnv1a_32(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u32).wrapping_mul(0x0100_0193);
        place += 1;
    }
    hash
}

/// The 64-bit hash, also at compile time.
pub const fn fnv1a_64(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of draft-eastlake-fnv, appendix C.
    #[test]
    fn hashes_are_the_published_ones() {
        let published = [
            ("", 0x811c_9dc5, 0xcbf2_9ce4_8422_2325),
            ("a", 0xe40c_292c, 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0xbf9c_f968, 0x8594_4171_f739_67e8),
        ];
        for (text, short, long) in published {
            assert_eq!((fnv1a_32(text.as_bytes()), fnv1a_64(text.as_bytes())), (short, long), "{text:?}");
        }
    }
}
