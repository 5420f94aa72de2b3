//! The hash of stored terms.

/// The 32-bit FNV-1a hash, also at compile time. Hashes are stored, so it never changes.
///
/// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub const fn fnv1a(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u32).wrapping_mul(0x0100_0193);
        place += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn hashes_are_the_published_ones() {
        // From the test vectors of the FNV authors: FNV-1a, 32 bits, of "" and "foobar".
        assert_eq!(fnv1a(b""), 0x811c_9dc5);
        assert_eq!(fnv1a(b"foobar"), 0xbf9c_f968);
    }
}
