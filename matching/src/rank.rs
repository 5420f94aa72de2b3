//! Exact ranking: the best of a pool in a fixed order, and the page after any position.
//!
//! The order is by falling score; equal scores are ordered by ascending id. It depends on nothing else. So the order of
//! the pool does not matter, and pages have no overlaps and no gaps.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use crate::error::ScoreError;
use crate::features::Features;
use crate::message;
use crate::model::Model;
use crate::need::PreparedNeed;
use crate::packed::PackedTalent;

/// A position in a ranking: the content of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position<I> {
    /// The score at the position; finite.
    #[serde(deserialize_with = "message::finite")]
    pub score: f32,
    /// The id of the candidate there.
    pub id: I,
}

/// One ranked candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match<I> {
    /// The candidate's id.
    pub id: I,
    /// The net's probability, above 0 and below 1.
    #[serde(deserialize_with = "message::finite")]
    pub score: f32,
    /// The features that explain the score.
    pub features: Features,
}

impl<I: Clone> Match<I> {
    /// This match's position, after which the next page begins.
    pub fn position(&self) -> Position<I> {
        Position { score: self.score, id: self.id.clone() }
    }
}

/// Scores the whole pool and returns the `limit` best after a position, or from the start.
///
/// # Errors
/// [`ScoreError::EmptyPool`] for an empty pool. A page after the last candidate is empty, and no error.
pub fn rank<'a, I: Ord + Clone>(
    model: &Model,
    need: &PreparedNeed,
    pool: impl IntoIterator<Item = (I, &'a PackedTalent)>,
    limit: usize,
    after: Option<&Position<I>>,
) -> Result<Vec<Match<I>>, ScoreError> {
    let (ids, rows): (Vec<I>, Vec<Features>) =
        pool.into_iter().map(|(id, talent)| (id, Features::of(need, talent))).unzip();
    let scores = model.score(&rows)?;
    // The index in `ids` is stored beside the id. It finds the features again and does not affect the order.
    let after = after.map(|place| Position { score: place.score, id: (place.id.clone(), usize::MAX) });
    let scored = ids.into_iter().zip(0..).zip(scores);
    let best = top(scored, limit, after.as_ref())?;
    Ok(best.into_iter().map(|Position { score, id: (id, place) }| Match { id, score, features: rows[place] }).collect())
}

/// The `limit` best of scored candidates after a position, or from the start; best first.
///
/// It takes one pass, O(n log limit) in the worst case, and holds at most `limit` candidates.
///
/// # Errors
/// [`ScoreError::NotFinite`] for a score that is NaN or infinite.
pub fn top<I: Ord + Clone>(
    scored: impl IntoIterator<Item = (I, f32)>,
    limit: usize,
    after: Option<&Position<I>>,
) -> Result<Vec<Position<I>>, ScoreError> {
    let mut shortlist = Shortlist::new(limit, after);
    for (id, score) in scored {
        shortlist.consider(score, || Some(id))?;
    }
    Ok(shortlist.into_sorted())
}

/// The same for a column of scores. It asks for an id only where the score matters: a million scores take less than a
/// millisecond.
///
/// # Errors
/// As [`top`].
pub fn top_scores<I: Ord + Clone>(
    scores: &[f32],
    id_of: impl Fn(usize) -> I,
    limit: usize,
    after: Option<&Position<I>>,
) -> Result<Vec<Position<I>>, ScoreError> {
    let mut shortlist = Shortlist::new(limit, after);
    shortlist.scan(scores, |place| Some(id_of(place)))?;
    Ok(shortlist.into_sorted())
}

/// The best candidates so far.
pub(crate) struct Shortlist<'a, I> {
    limit: usize,
    after: Option<&'a Position<I>>,
    /// The worst kept candidate is at the top of the heap: "greater" means ranked later.
    kept: BinaryHeap<ByRank<I>>,
}

/// Scores that are compared as vectors with the worst kept score in one step.
const SCAN_SCORES: usize = 128;

impl<'a, I: Ord + Clone> Shortlist<'a, I> {
    /// Keeps at most `limit` candidates that rank after a position.
    pub(crate) fn new(limit: usize, after: Option<&'a Position<I>>) -> Self {
        Self { limit, after, kept: BinaryHeap::new() }
    }

    /// Scores below this one are not kept.
    fn threshold(&self) -> f32 {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.limit => worst.0.score,
            _ => f32::MIN,
        }
    }

    /// Keeps a candidate if it is among the best and `id` returns an id. `None` marks a candidate that does not belong
    /// to this list.
    ///
    /// # Errors
    /// [`ScoreError::NotFinite`].
    pub(crate) fn consider(&mut self, score: f32, id: impl FnOnce() -> Option<I>) -> Result<(), ScoreError> {
        if !score.is_finite() {
            return Err(ScoreError::NotFinite { value: score });
        }
        if score < self.threshold() {
            return Ok(());
        }
        let Some(id) = id() else { return Ok(()) };
        let place = ByRank(Position { score, id });
        if self.after.is_some_and(|after| order(&place.0, after) != Ordering::Greater) {
            return Ok(());
        }
        if self.kept.len() < self.limit {
            self.kept.push(place);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && place < *worst
        {
            *worst = place;
        }
        Ok(())
    }

    /// Considers a column of scores. Most are below the worst kept score and need no further work.
    ///
    /// # Errors
    /// [`ScoreError::NotFinite`].
    pub(crate) fn scan(&mut self, scores: &[f32], id_of: impl Fn(usize) -> Option<I>) -> Result<(), ScoreError> {
        for (chunk, scores) in scores.chunks(SCAN_SCORES).enumerate() {
            if !any_matters(scores, self.threshold()) {
                continue;
            }
            for (place, score) in scores.iter().enumerate() {
                self.consider(*score, || id_of(chunk * SCAN_SCORES + place))?;
            }
        }
        Ok(())
    }

    /// The kept candidates, best first.
    pub(crate) fn into_sorted(self) -> Vec<Position<I>> {
        self.kept.into_sorted_vec().into_iter().map(|place| place.0).collect()
    }
}

/// Whether a score reaches the threshold or is not finite. It has no branch, so the compiler uses vector instructions.
fn any_matters(scores: &[f32], threshold: f32) -> bool {
    scores.iter().fold(false, |any, &score| any | !((f32::MIN..threshold).contains(&score)))
}

/// Falling score, then ascending id.
fn order<I: Ord>(left: &Position<I>, right: &Position<I>) -> Ordering {
    right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id))
}

/// A [`Position`] that compares by rank.
struct ByRank<I>(Position<I>);

impl<I: Ord> Ord for ByRank<I> {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&self.0, &other.0)
    }
}

impl<I: Ord> PartialOrd for ByRank<I> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<I: Ord> PartialEq for ByRank<I> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<I: Ord> Eq for ByRank<I> {}
