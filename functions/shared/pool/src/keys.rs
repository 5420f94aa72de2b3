//! Every key of the table `pool`.
//!
//! | pk | sk | what | read by |
//! |---|---|---|---|
//! | `<collection>#<segment 00–15>` | `<block, 4 digits>` | packed rows | query of all segments at once |
//! | `<collection>#FEED` | `<milliseconds, 13 digits>#<random>` | packed changes | query of what came since |
//! | `<collection>#FOLD` | `FOLD` | how far the feed is in the blocks | get |

use store::keys::{Collection, Key, Partition, Table};

/// How many partitions the blocks of one pool are spread over, so that they are read side by side.
pub(crate) const SEGMENTS: u32 = 16;

/// One segment of a pool's blocks.
pub(crate) fn pool_segment(collection: Collection, segment: u32) -> Partition {
    Partition::new(Table::Pool, format!("{}#{segment:02}", collection.name()))
}

/// One part of a block of a pool, the first being 0. The parts of a block lie behind each other.
pub(crate) fn pool_block(collection: Collection, block: u32, part: u32) -> Key {
    let sk = if part == 0 { format!("{block:04}") } else { format!("{block:04}.{part}") };
    pool_segment(collection, block % SEGMENTS).item(sk)
}

/// The changes of a pool; their sort keys begin with the time.
pub fn pool_feed(collection: Collection) -> Partition {
    Partition::new(Table::Pool, format!("{}#FEED", collection.name()))
}

/// How far a pool's feed is in its blocks.
pub(crate) fn pool_fold(collection: Collection) -> Key {
    Key::new(Table::Pool, format!("{}#FOLD", collection.name()), "FOLD")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_lies_in_a_segment_that_is_read() {
        let segments: Vec<Partition> = (0..SEGMENTS).map(|it| pool_segment(Collection::Projects, it)).collect();
        for block in [0, 1, 16, 1_023] {
            let key = pool_block(Collection::Projects, block, 0);
            assert_eq!(segments.iter().filter(|segment| segment.item(key.sk.clone()) == key).count(), 1, "{key:?}");
        }
        let in_order = [(35, 0), (35, 1), (35, 7), (36, 0)];
        let sort_keys = in_order.map(|(block, part)| pool_block(Collection::Freelancers, block, part).sk);
        assert_eq!(sort_keys[0], "0035");
        assert!(sort_keys.is_sorted(), "{sort_keys:?}");
    }
}
