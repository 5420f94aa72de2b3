//! Batches of freelancers for the scorer: a few hundred at a time, in columns that stay in the L1 cache.

use std::cmp::Ordering;

use super::postings::{Postings, ROWS};
use crate::error::ScoreError;
use crate::features::{FEATURE_COUNT, Features};
use crate::model::Model;
use crate::need::PreparedNeed;
use crate::packed::{Ingredients, Shared, State};
use crate::scorer::{BATCH_ROWS, Finisher};

/// The sums over common skills and words of a segment's rows and a need, by row.
#[derive(Debug, Default)]
pub(super) struct Sums {
    skills: Vec<f32>,
    jobs: Vec<f32>,
    terms: Vec<f32>,
    /// All rows from this one on are zero.
    used: usize,
}

impl Sums {
    /// A row's share of the wanted skills.
    #[inline]
    pub(super) fn overlap(&self, row: usize) -> f32 {
        self.skills[row]
    }

    /// Adds up over the lists of the need's skills and words, in ascending order of their hashes. [`Features::of`] adds
    /// in the same order, so the sums are equal to the last bit.
    pub(super) fn add_up(&mut self, need: &PreparedNeed, skills: &Postings, terms: &Postings, rows: usize) {
        for sums in [&mut self.skills, &mut self.jobs, &mut self.terms] {
            sums[..self.used].fill(0.0);
            sums.resize(ROWS, 0.0);
        }
        self.used = rows;
        let (shares, jobs) = (&mut self.skills[..ROWS], &mut self.jobs[..ROWS]);
        for &(skill, share) in need.skills.iter() {
            skills.visit(skill, |row, weight| {
                // A filler has weight 0 and adds nothing.
                let (is_entry, row) = (f32::from(u8::from(weight > 0)), usize::from(row));
                shares[row] += share * is_entry;
                jobs[row] += f32::from(weight.saturating_sub(1));
            });
        }
        let sums = &mut self.terms[..ROWS];
        for &(term, weight) in need.terms.iter() {
            let products: [f32; 256] = std::array::from_fn(|times| weight * times as f32);
            terms.visit(term, |row, times| sums[usize::from(row)] += products[usize::from(times)]);
        }
    }
}

/// A freelancer of the batch and the features of the pair. Ordered by id alone.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) id: u128,
    pub(super) features: Features,
}

impl Candidate {
    /// A candidate for comparisons, of which only the id matters.
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
    model: &'a Model,
    finisher: Finisher,
    length: usize,
    /// The ids of the segment, or the open part, that the rows belong to.
    ids: &'a [u128],
    rows: [u16; BATCH_ROWS],
    ingredients: Ingredients<BATCH_ROWS>,
    /// By column; NaN means unknown.
    features: [[f32; BATCH_ROWS]; FEATURE_COUNT],
    scores: [f32; BATCH_ROWS],
}

impl<'a> Batch<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            finisher: Finisher::new(),
            length: 0,
            ids: &[],
            rows: [0; BATCH_ROWS],
            ingredients: Ingredients::none(),
            features: [[f32::NAN; BATCH_ROWS]; FEATURE_COUNT],
            scores: [0.0; BATCH_ROWS],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn id(&self, place: usize) -> u128 {
        self.ids[usize::from(self.rows[place])]
    }

    /// Sets the ids of the segment, or the open part, that the next rows belong to.
    pub(super) fn of_rows_with(&mut self, ids: &'a [u128]) {
        self.ids = ids;
        self.length = 0;
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    /// Adds a row of a segment. Returns whether the batch is then full.
    #[inline(always)]
    pub(super) fn select(&mut self, row: usize) -> bool {
        self.rows[self.length] = row as u16;
        self.length += 1;
        self.length == BATCH_ROWS
    }

    /// Adds a row whose features are known. Returns whether the batch is then full.
    pub(super) fn add(&mut self, row: usize, features: Features) -> bool {
        for (column, value) in self.features.iter_mut().zip(features.row()) {
            column[self.length] = value;
        }
        self.select(row)
    }

    /// Scores the selected rows.
    pub(super) fn score_rows(&mut self, need: &PreparedNeed, states: &[State], sums: &Sums) -> Result<(), ScoreError> {
        let (shares, jobs, terms) = (&sums.skills[..ROWS], &sums.jobs[..ROWS], &sums.terms[..ROWS]);
        for (place, &row) in self.rows[..self.length].iter().enumerate() {
            let row = usize::from(row);
            let shared = Shared { skills: shares[row], jobs: jobs[row], terms: terms[row] };
            self.ingredients.set(place, &states[row], shared);
        }
        self.finisher.finish(need, &self.ingredients, self.length, &mut self.features);
        self.score()
    }

    /// Scores pairs whose features are known.
    pub(super) fn score(&mut self) -> Result<(), ScoreError> {
        let features = self.features.each_ref().map(|column| &column[..self.length]);
        self.model.score_features(features, &mut self.scores[..self.length])
    }

    /// The scores, in the order of the batch.
    pub(super) fn scores(&self) -> &[f32] {
        &self.scores[..self.length]
    }

    /// The freelancer at an index of the batch, and the pair's features.
    pub(super) fn candidate(&self, place: usize) -> Candidate {
        let features = Features::computed(std::array::from_fn(|feature| self.features[feature][place]));
        Candidate { id: self.id(place), features }
    }
}
