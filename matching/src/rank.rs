//! Exact ranking: the best of a pool in a fixed order, and the page after any place in it.
//!
//! The order is by falling score, equal scores by rising id. It depends on nothing else, so a shuffled pool ranks
//! the same, and pages neither overlap nor leave a gap.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use crate::error::ScoreError;
use crate::features::Features;
use crate::message;
use crate::model::Model;
use crate::need::PreparedNeed;
use crate::packed::PackedTalent;

/// A place in a ranking: what a cursor has to remember.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position<I> {
    /// The score there; finite.
    #[serde(deserialize_with = "message::finite")]
    pub score: f32,
    /// Whose score it is.
    pub id: I,
}

/// One ranked candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match<I> {
    /// Whom.
    pub id: I,
    /// The net's probability, above 0 and below 1.
    #[serde(deserialize_with = "message::finite")]
    pub score: f32,
    /// Why.
    pub features: Features,
}

impl<I: Clone> Match<I> {
    /// This match's place, to continue after.
    pub fn position(&self) -> Position<I> {
        Position { score: self.score, id: self.id.clone() }
    }
}

/// Scores the whole pool and gives the `limit` best after a place (or from the start).
///
/// # Errors
/// [`ScoreError::EmptyPool`] when the pool has nobody; a page beyond the last candidate is empty, not an error.
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
    // The place in `ids` travels behind the id: it finds the features again and decides nothing.
    let after = after.map(|place| Position { score: place.score, id: (place.id.clone(), usize::MAX) });
    let scored = ids.into_iter().zip(0..).zip(scores);
    let best = top(scored, limit, after.as_ref())?;
    Ok(best.into_iter().map(|Position { score, id: (id, place) }| Match { id, score, features: rows[place] }).collect())
}

/// The `limit` best of scored candidates after a place (or from the start), best first.
///
/// One pass, O(n log limit) at worst, and no more than `limit` candidates held.
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

/// The same for a column of scores, whose ids are asked for only where they matter: a million scores take less than
/// a millisecond.
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

/// The best so far.
pub(crate) struct Shortlist<'a, I> {
    limit: usize,
    after: Option<&'a Position<I>>,
    /// The worst kept is on top of the heap: "greater" means ranked later.
    kept: BinaryHeap<Place<I>>,
}

/// Scores that are compared with the worst kept one at a time, as vectors.
const SCAN_SCORES: usize = 128;

impl<'a, I: Ord + Clone> Shortlist<'a, I> {
    /// Keeps at most `limit` candidates, and only such as rank after a place.
    pub(crate) fn new(limit: usize, after: Option<&'a Position<I>>) -> Self {
        Self { limit, after, kept: BinaryHeap::new() }
    }

    /// A score below this one is not kept.
    fn threshold(&self) -> f32 {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.limit => worst.0.score,
            _ => f32::MIN,
        }
    }

    /// Keeps a candidate if it is among the best, and has an id: `None` is one that does not belong here.
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
        let place = Place(Position { score, id });
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

    /// Considers a column of scores. Most of them are below the worst kept, and nothing else is asked of those.
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

    /// What was kept, best first.
    pub(crate) fn into_sorted(self) -> Vec<Position<I>> {
        self.kept.into_sorted_vec().into_iter().map(|place| place.0).collect()
    }
}

/// Whether some score is not below the threshold, or is no finite number. Without a branch, so that it becomes vector
/// instructions.
fn any_matters(scores: &[f32], threshold: f32) -> bool {
    scores.iter().fold(false, |any, &score| any | !((f32::MIN..threshold).contains(&score)))
}

/// Falling score, then rising id.
fn order<I: Ord>(left: &Position<I>, right: &Position<I>) -> Ordering {
    right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id))
}

/// A [`Position`] that compares by rank.
struct Place<I>(Position<I>);

impl<I: Ord> Ord for Place<I> {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&self.0, &other.0)
    }
}

impl<I: Ord> PartialOrd for Place<I> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<I: Ord> PartialEq for Place<I> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<I: Ord> Eq for Place<I> {}
