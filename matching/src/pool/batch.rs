//! Freelancers on their way through the scorer: a few hundred at a time, by columns that stay in L1.

use std::cmp::Ordering;

use super::postings::{Postings, ROWS};
use crate::features::Features;
use crate::packed::{RAW_COUNT, Shared, State, raw};
use crate::pair::PreparedNeed;
use crate::scorer::{BATCH_ROWS, Scorer};

/// What the rows of a segment share with a need, by row.
#[derive(Debug, Default)]
pub(super) struct Sums {
    skills: Vec<f32>,
    jobs: Vec<f32>,
    terms: Vec<f32>,
}

impl Sums {
    /// Adds up over the lists of the need's skills and words, both in ascending order of their hashes: the order in
    /// which [`Features::of`] adds, so the sums are the same to the last bit.
    pub(super) fn add_up(&mut self, need: &PreparedNeed, skills: &Postings, terms: &Postings, rows: usize) {
        for sums in [&mut self.skills, &mut self.jobs, &mut self.terms] {
            sums.resize(ROWS, 0.0);
            sums[..rows].fill(0.0);
        }
        let (shares, jobs) = (&mut self.skills[..ROWS], &mut self.jobs[..ROWS]);
        for &(skill, share) in need.skills.iter() {
            skills.visit(skill, |row, weight| {
                // A filler adds nothing.
                let (is_entry, row) = (f32::from(u8::from(weight > 0)), usize::from(row));
                shares[row] += share * is_entry;
                jobs[row] += f32::from(weight.saturating_sub(1));
            });
        }
        let sums = &mut self.terms[..ROWS];
        for &(term, weight) in need.terms.iter() {
            terms.visit(term, |row, times| sums[usize::from(row)] += weight * f32::from(times));
        }
    }
}

/// A freelancer of the batch: whom, and how the pair looks. Ordered by id alone.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) id: u128,
    pub(super) features: Features,
}

impl Candidate {
    /// One to compare with, of whom nothing but the id matters.
    pub(super) fn at(id: u128) -> Self {
        Self { id, features: Features::unknown() }
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Candidate {}

/// Up to [`BATCH_ROWS`] freelancers.
pub(super) struct Batch<'a> {
    scorer: &'a Scorer,
    length: usize,
    ids: [u128; BATCH_ROWS],
    /// Rows of a segment, where they come from one.
    rows: [u16; BATCH_ROWS],
    /// Features by column, NaN where not known; before they are finished, raw numbers.
    features: [[f32; BATCH_ROWS]; RAW_COUNT],
    scores: [f32; BATCH_ROWS],
}

impl<'a> Batch<'a> {
    pub(super) fn new(scorer: &'a Scorer) -> Self {
        Self {
            scorer,
            length: 0,
            ids: [0; BATCH_ROWS],
            rows: [0; BATCH_ROWS],
            features: [[f32::NAN; BATCH_ROWS]; RAW_COUNT],
            scores: [0.0; BATCH_ROWS],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn id(&self, place: usize) -> u128 {
        self.ids[place]
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    /// Takes a row of a segment. Whether the batch is then full.
    #[inline(always)]
    pub(super) fn select(&mut self, id: u128, row: usize) -> bool {
        self.ids[self.length] = id;
        self.rows[self.length] = row as u16;
        self.length += 1;
        self.length == BATCH_ROWS
    }

    /// Takes a pair. Whether the batch is then full.
    pub(super) fn add(&mut self, id: u128, features: Features) -> bool {
        self.ids[self.length] = id;
        for (column, value) in self.features.iter_mut().zip(features.row()) {
            column[self.length] = value;
        }
        self.length += 1;
        self.length == BATCH_ROWS
    }

    /// Scores the selected rows.
    pub(super) fn score_rows(&mut self, need: &PreparedNeed, states: &[State], sums: &Sums) {
        let (shares, jobs, terms) = (&sums.skills[..ROWS], &sums.jobs[..ROWS], &sums.terms[..ROWS]);
        for (place, &row) in self.rows[..self.length].iter().enumerate() {
            let row = usize::from(row);
            let shared = Shared { skills: shares[row], jobs: jobs[row], terms: terms[row] };
            for (column, value) in self.features.iter_mut().zip(raw(need, &states[row], shared)) {
                column[place] = value;
            }
        }
        self.scorer.finish(need, &mut self.features, self.length);
        self.score();
    }

    /// Scores pairs whose features are known.
    pub(super) fn score(&mut self) {
        let features = std::array::from_fn(|feature| &self.features[feature][..self.length]);
        self.scorer.score_features(features, &mut self.scores[..self.length]);
    }

    /// What was scored, by place.
    pub(super) fn scores(&self) -> &[f32] {
        &self.scores[..self.length]
    }

    /// Who is at a place, and the pair's features.
    pub(super) fn candidate(&self, place: usize) -> Candidate {
        let features = Features::computed(std::array::from_fn(|feature| self.features[feature][place]));
        Candidate { id: self.ids[place], features }
    }
}
