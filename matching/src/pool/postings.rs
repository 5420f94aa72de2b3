//! Packed inverted lists: for each term, the rows that contain it, with its weight in each.
//!
//! Each list takes the shorter of two forms:
//!
//! - *sparse*: row (2 bytes) and weight (1 byte) for each entry;
//! - *dense*: the distance from the previous row (1 byte) and the weight (1 byte). A greater distance is bridged by
//!   fillers, steps of 255 with weight 0. They are visited like other entries and add nothing.
//!
//! Both forms are read front to back without a branch per entry. Row numbers count within a segment, so 16 bits
//! suffice.

/// The most rows of a segment.
pub(super) const ROWS: usize = 1 << 16;

const SPARSE_BYTES: usize = 3;
const DENSE_BYTES: usize = 2;
const COUNT_BYTES: usize = 2;
/// The greatest step of a dense entry.
const STEP: u16 = 255;
/// A flag in a list's start: the list is dense. Starts themselves are below 2³¹.
const IS_DENSE: u32 = 1 << 31;

/// Inverted lists by term.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    /// Ascending terms.
    terms: Box<[u32]>,
    /// For each term, the start of its list in `bytes`, with the flag [`IS_DENSE`]. One more entry marks the end of the
    /// last list.
    starts: Box<[u32]>,
    /// The lists. A dense list begins with its number of rows, less one (2 bytes).
    bytes: Box<[u8]>,
}

impl Postings {
    /// A term's list, and whether it is dense.
    #[inline]
    fn list(&self, term: u32) -> Option<(&[u8], bool)> {
        let place = self.terms.binary_search(&term).ok()?;
        let (start, end) = (self.starts[place], self.starts[place + 1] & !IS_DENSE);
        Some((&self.bytes[(start & !IS_DENSE) as usize..end as usize], start & IS_DENSE != 0))
    }

    /// Visits a term's list in the order of rows: (row, weight). Fillers have weight 0.
    #[inline]
    pub(super) fn visit(&self, term: u32, mut entry: impl FnMut(u16, u8)) {
        match self.list(term) {
            Some((list, true)) => {
                let mut row = 0u16;
                for &[step, weight] in list[COUNT_BYTES..].as_chunks::<DENSE_BYTES>().0 {
                    row = row.wrapping_add(u16::from(step));
                    entry(row, weight);
                }
            }
            Some((list, false)) => {
                for &[low, high, weight] in list.as_chunks::<SPARSE_BYTES>().0 {
                    entry(u16::from_le_bytes([low, high]), weight);
                }
            }
            None => {}
        }
    }

    /// The number of rows with the term, including dead rows.
    pub(super) fn count(&self, term: u32) -> u32 {
        match self.list(term) {
            Some((list, true)) => u32::from(u16::from_le_bytes([list[0], list[1]])) + 1,
            Some((list, false)) => (list.len() / SPARSE_BYTES) as u32,
            None => 0,
        }
    }

    /// Bytes on the heap.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.terms) + size_of_val(&*self.starts) + self.bytes.len()
    }

    /// Merges the lists of several segments. For each source, `rows` maps each row to its new number, or to `None` if
    /// the row is dropped. New numbers ascend.
    pub(super) fn merged(sources: &[(&Self, &[Option<u16>])]) -> Self {
        let mut all: Vec<u32> = sources.iter().flat_map(|(source, _)| source.terms.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut writer = Writer::default();
        let mut list = Vec::new();
        for term in all {
            list.clear();
            for (source, rows) in sources {
                source.visit(term, |row, weight| {
                    if let (Some(row), 1..) = (rows[usize::from(row)], weight) {
                        list.push((row, weight));
                    }
                });
            }
            list.sort_unstable_by_key(|&(row, _)| row);
            writer.list(term, &list);
        }
        writer.finish()
    }
}

/// Entries in any order of terms, collected row by row.
#[derive(Debug, Default)]
pub(super) struct Gatherer(Vec<Entry>);

/// An entry: term in bits 24 and up, row in bits 8 to 23, weight in bits 0 to 7.
type Entry = u64;

/// Bits of a term that one sorting pass handles.
const DIGIT_BITS: u32 = 11;
/// The lowest bit of the term in an entry.
const TERM_SHIFT: u32 = 24;

impl Gatherer {
    /// Adds a row's terms. Rows must come in ascending order, with weights above 0.
    pub(super) fn add(&mut self, row: u16, terms: impl IntoIterator<Item = (u32, u8)>) {
        let row = u64::from(row) << 8;
        self.0.extend(terms.into_iter().map(|(term, weight)| u64::from(term) << TERM_SHIFT | row | u64::from(weight)));
    }

    /// Builds the lists.
    pub(super) fn finish(self) -> Postings {
        let entries = sorted_by_term(self.0);
        let mut writer = Writer::default();
        let mut list = Vec::new();
        for entries in entries.chunk_by(|left, right| left >> TERM_SHIFT == right >> TERM_SHIFT) {
            list.clear();
            list.extend(entries.iter().map(|entry| ((entry >> 8) as u16, *entry as u8)));
            writer.list((entries[0] >> TERM_SHIFT) as u32, &list);
        }
        writer.finish()
    }
}

/// Radix sort by term, in three passes from the lowest digit. It is stable, so rows stay in order.
fn sorted_by_term(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut other = vec![0; entries.len()];
    for pass in 0..3 {
        let digit = |entry: Entry| (entry >> (TERM_SHIFT + pass * DIGIT_BITS)) as usize & ((1 << DIGIT_BITS) - 1);
        let mut places = vec![0u32; 1 << DIGIT_BITS];
        for &entry in &entries {
            places[digit(entry)] += 1;
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for &entry in &entries {
            let place = &mut places[digit(entry)];
            other[*place as usize] = entry;
            *place += 1;
        }
        std::mem::swap(&mut entries, &mut other);
    }
    entries
}

/// Appends lists with ascending terms.
#[derive(Default)]
struct Writer {
    terms: Vec<u32>,
    starts: Vec<u32>,
    bytes: Vec<u8>,
}

impl Writer {
    /// Appends a term's list, with ascending rows and weights above 0. An empty list is skipped.
    fn list(&mut self, term: u32, list: &[(u16, u8)]) {
        let Some(last) = list.len().checked_sub(1) else { return };
        let mut before = 0;
        let fillers: usize = list
            .iter()
            .map(|&(row, _)| usize::from((row - std::mem::replace(&mut before, row)).saturating_sub(1) / STEP))
            .sum();
        let is_dense = COUNT_BYTES + (list.len() + fillers) * DENSE_BYTES < list.len() * SPARSE_BYTES;
        self.terms.push(term);
        self.starts.push(self.bytes.len() as u32 | if is_dense { IS_DENSE } else { 0 });
        if is_dense {
            self.bytes.extend((last as u16).to_le_bytes());
        }
        let mut before = 0;
        for &(row, weight) in list {
            if is_dense {
                let mut step = row - before;
                while step > STEP {
                    self.bytes.extend([STEP as u8, 0]);
                    step -= STEP;
                }
                self.bytes.extend([step as u8, weight]);
                before = row;
            } else {
                let [low, high] = row.to_le_bytes();
                self.bytes.extend([low, high, weight]);
            }
        }
    }

    fn finish(mut self) -> Postings {
        self.starts.push(self.bytes.len() as u32);
        Postings { terms: self.terms.into(), starts: self.starts.into(), bytes: self.bytes.into() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    type Lists = BTreeMap<u32, BTreeMap<u16, u8>>;

    /// Lists with distant rows and with neighbouring rows.
    fn lists() -> impl Strategy<Value = Lists> {
        let close = (any::<u16>(), vec((0u16..4, 1u8..), 1..400)).prop_map(|(start, steps)| {
            let mut row = start;
            let rows = steps.into_iter().map_while(|(step, weight)| {
                let at = row;
                row = row.checked_add(step + 1)?;
                Some((at, weight))
            });
            rows.collect()
        });
        let list = prop_oneof![btree_map(any::<u16>(), 1u8.., 1..40), close];
        btree_map(prop_oneof![Just(0), Just(u32::MAX), any::<u32>()], list, 0..6)
    }

    fn packed(lists: &Lists) -> Postings {
        let mut by_row = BTreeMap::<u16, Vec<(u32, u8)>>::new();
        for (term, list) in lists {
            for (row, weight) in list {
                by_row.entry(*row).or_default().push((*term, *weight));
            }
        }
        let mut gatherer = Gatherer::default();
        for (row, terms) in by_row {
            gatherer.add(row, terms);
        }
        gatherer.finish()
    }

    fn read(postings: &Postings, term: u32) -> BTreeMap<u16, u8> {
        let mut list = BTreeMap::new();
        postings.visit(term, |row, weight| {
            if weight > 0 {
                assert_eq!(list.insert(row, weight), None);
            }
        });
        list
    }

    proptest! {
        #[test]
        fn what_was_added_is_visited(lists in lists()) {
            let postings = packed(&lists);
            for (term, list) in &lists {
                prop_assert_eq!(&read(&postings, *term), list);
                prop_assert_eq!(postings.count(*term) as usize, list.len());
            }
            prop_assert_eq!(postings.count(12_345), 0);
        }

        #[test]
        fn merging_keeps_what_is_alive(left in lists(), right in lists(), dead in any::<u16>()) {
            // The left source keeps its even rows, and the right source its odd rows. One row of each dies.
            let keep = |parity: u16| -> Vec<Option<u16>> {
                (0..=u16::MAX).map(|row| (row % 2 == parity && row != dead).then_some(row)).collect()
            };
            let (even, odd) = (keep(0), keep(1));
            let (l, r) = (packed(&left), packed(&right));
            let merged = Postings::merged(&[(&l, &even), (&r, &odd)]);
            let mut expected = Lists::new();
            for (lists, rows) in [(&left, &even), (&right, &odd)] {
                for (term, list) in lists {
                    for (row, weight) in list {
                        if rows[usize::from(*row)].is_some() {
                            expected.entry(*term).or_default().insert(*row, *weight);
                        }
                    }
                }
            }
            for term in left.keys().chain(right.keys()) {
                prop_assert_eq!(&read(&merged, *term), &expected.get(term).cloned().unwrap_or_default());
            }
        }
    }

    #[test]
    fn a_frequent_term_takes_two_bytes_a_row() {
        let lists = Lists::from([(7, (0..30_000).map(|row| (row * 2, 9)).collect())]);
        let postings = packed(&lists);
        assert_eq!(postings.bytes.len(), 60_002);
    }
}
