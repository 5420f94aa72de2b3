//! Every key of the table `pool`.
//!
//! | pk | sk | what | read by |
//! |---|---|---|---|
//! | `<collection>#<segment 00–15>` | `<block, 4 digits>`, `….<part>` | packed rows | query of all segments at once |
//! | `<collection>#FEED` | `<milliseconds, 13 digits>#<random>` | packed changes | query of what is new |
//! | `<collection>#CHECKPOINT` | `CHECKPOINT` | how far the feed is compacted into the blocks | get |

use store::keys::{Collection, Key, Partition, Table};

/// The number of partitions of one pool's blocks, which are read in parallel.
pub(crate) const SEGMENTS: u32 = 16;

/// One segment of a pool's blocks.
pub(crate) fn segment(collection: Collection, segment: u32) -> Partition {
    Partition::new(Table::Pool, format!("{}#{segment:02}", collection.name()))
}

/// One part of a block of a pool; the first part is 0. The parts of a block are neighbours in their partition.
pub(crate) fn block(collection: Collection, block: u32, part: u32) -> Key {
    let sk = if part == 0 { format!("{block:04}") } else { format!("{block:04}.{part}") };
    segment(collection, block % SEGMENTS).item(sk)
}

/// The changes of a pool. Their sort keys begin with the time.
pub fn feed(collection: Collection) -> Partition {
    Partition::new(Table::Pool, format!("{}#FEED", collection.name()))
}

/// The checkpoint of a pool: how far its feed is compacted into its blocks.
pub(crate) fn checkpoint(collection: Collection) -> Key {
    Key::new(Table::Pool, format!("{}#CHECKPOINT", collection.name()), "CHECKPOINT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_lies_in_a_segment_that_is_read() {
        let segments: Vec<Partition> = (0..SEGMENTS).map(|it| segment(Collection::Projects, it)).collect();
        for number in [0, 1, 16, 1_023] {
            let key = block(Collection::Projects, number, 0);
            assert_eq!(segments.iter().filter(|segment| segment.item(key.sk.clone()) == key).count(), 1, "{key:?}");
        }
        let in_order = [(35, 0), (35, 1), (35, 7), (36, 0)];
        let sort_keys = in_order.map(|(number, part)| block(Collection::Freelancers, number, part).sk);
        assert_eq!(sort_keys[0], "0035");
        assert!(sort_keys.is_sorted(), "{sort_keys:?}");
    }
}
