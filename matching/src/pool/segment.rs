//! A segment: up to 65,536 freelancers, packed by columns. Most of a pool consists of segments.
//!
//! Rows are ordered by id. A row never changes: it dies, and its bytes stay until the segment is merged.

use super::Eligible;
use super::postings::{Gatherer, Postings, ROWS};
use crate::packed::{PackedTalent, State};

/// Columns by row, and inverted lists by skill and by word.
#[derive(Debug, Clone)]
pub(super) struct Segment<T> {
    /// Ascending ids.
    pub(super) ids: Box<[u128]>,
    pub(super) along: Box<[T]>,
    pub(super) states: Box<[State]>,
    /// One bit per row: whether it is alive.
    live: Box<[u64]>,
    live_rows: usize,
    pub(super) skills: Postings,
    pub(super) terms: Postings,
}

impl<T: Copy> Segment<T> {
    /// Packs at most [`ROWS`] rows with ascending ids.
    pub(super) fn of<'a>(rows: impl ExactSizeIterator<Item = (u128, &'a PackedTalent, T)>) -> Self {
        let count = rows.len();
        let (mut ids, mut along, mut states) =
            (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut skills, mut terms) = (Gatherer::default(), Gatherer::default());
        for (row, (id, talent, rides)) in (0..=u16::MAX).zip(rows) {
            ids.push(id);
            along.push(rides);
            states.push(talent.state);
            skills.add(row, talent.skills.iter().copied());
            terms.add(row, talent.terms.iter().copied());
        }
        Self::all_alive(ids, along, states, skills.finish(), terms.finish())
    }

    /// Merges the living rows of several segments, at most [`ROWS`] in total. No id may occur twice.
    pub(super) fn merged(sources: &[&Self]) -> Self {
        let mut order: Vec<(u128, usize, usize)> = Vec::with_capacity(ROWS);
        for (source, segment) in sources.iter().enumerate() {
            order.extend(segment.living().map(|row| (segment.ids[row], source, row)));
        }
        order.sort_unstable_by_key(|&(id, ..)| id);
        let mut places: Vec<Vec<Option<u16>>> = sources.iter().map(|segment| vec![None; segment.ids.len()]).collect();
        for (place, &(_, source, row)) in (0..=u16::MAX).zip(&order) {
            places[source][row] = Some(place);
        }
        let lists = |of: fn(&Self) -> &Postings| {
            let sources: Vec<(&Postings, &[Option<u16>])> =
                sources.iter().zip(&places).map(|(segment, places)| (of(segment), places.as_slice())).collect();
            Postings::merged(&sources)
        };
        Self::all_alive(
            order.iter().map(|&(id, ..)| id).collect(),
            order.iter().map(|&(_, source, row)| sources[source].along[row]).collect(),
            order.iter().map(|&(_, source, row)| sources[source].states[row]).collect(),
            lists(|segment| &segment.skills),
            lists(|segment| &segment.terms),
        )
    }

    fn all_alive(ids: Vec<u128>, along: Vec<T>, states: Vec<State>, skills: Postings, terms: Postings) -> Self {
        let rows = ids.len();
        let live = (0..rows.div_ceil(64)).map(|word| u64::MAX >> (64 - (rows - word * 64).min(64))).collect();
        Self { ids: ids.into(), along: along.into(), states: states.into(), live, live_rows: rows, skills, terms }
    }

    /// The number of rows, including dead ones.
    pub(super) fn rows(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn live_rows(&self) -> usize {
        self.live_rows
    }

    #[inline(always)]
    pub(super) fn is_live(&self, row: usize) -> bool {
        self.live[row / 64] >> (row % 64) & 1 == 1
    }

    /// A bit for each row, 64 in a word: whether the row is alive, eligible and not excluded. It is one loop over all
    /// rows without a branch, so the processor reads the columns ahead and keeps the compared values in registers.
    #[inline(never)]
    pub(super) fn eligible_rows(&self, eligible: &impl Eligible<T>, but: &[u128]) -> Vec<u64> {
        let columns = self.ids.chunks(64).zip(self.along.chunks(64)).zip(&self.live);
        let word = |((ids, along), live): ((&[u128], &[T]), &u64)| {
            let bits = ids.iter().zip(along).enumerate();
            bits.fold(0, |word, (bit, (&id, along))| word | u64::from(eligible.takes(id, along)) << bit) & live
        };
        let mut words: Vec<u64> = columns.map(word).collect();
        for row in but.iter().filter_map(|&id| self.find(id)) {
            words[row / 64] &= !(1 << (row % 64));
        }
        words
    }

    pub(super) fn living(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows()).filter(|&row| self.is_live(row))
    }

    /// The living row of an id.
    pub(super) fn find(&self, id: u128) -> Option<usize> {
        self.ids.binary_search(&id).ok().filter(|&row| self.is_live(row))
    }

    /// Marks a living row as dead.
    pub(super) fn bury(&mut self, row: usize) {
        self.live[row / 64] &= !(1 << (row % 64));
        self.live_rows -= 1;
    }

    /// The number of living rows with a skill.
    pub(super) fn count_skill(&self, skill: u32) -> u32 {
        if self.live_rows == self.rows() {
            return self.skills.count(skill);
        }
        let mut count = 0;
        self.skills.visit(skill, |row, weight| count += u32::from(weight > 0 && self.is_live(usize::from(row))));
        count
    }

    /// Bytes on the heap.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.ids)
            + size_of_val(&*self.along)
            + size_of_val(&*self.states)
            + size_of_val(&*self.live)
            + self.skills.bytes()
            + self.terms.bytes()
    }
}
