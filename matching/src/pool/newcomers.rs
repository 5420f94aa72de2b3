//! Rankings of a pool in which newcomers have a share of the first places.
//!
//! Who is a newcomer says [`Features::is_of_newcomer`]; what the share guarantees, and how it is brought about, says
//! [`with_share`]. Everybody is scored once, as without a share. The best newcomers and the best of the others are found
//! separately, and a page goes on in both where the page before ended, so pages have no gap and no repeat.
//!
//! [`Features::is_of_newcomer`]: crate::Features::is_of_newcomer

use super::batch::Candidate;
use super::{Pool, Ranking, by_score, matches};
use crate::error::ScoreError;
use crate::exposure::{Share, Shown, with_share};
use crate::model::Model;
use crate::pair::PreparedNeed;
use crate::rank::{Match, Position, Shortlist};

/// A place in a ranking with a share for newcomers: what a cursor has to remember. The default is the start.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SharedPosition {
    /// How many have been shown, and how many of them were newcomers.
    pub shown: Shown,
    /// The last newcomer shown.
    pub newcomer: Option<Position<u128>>,
    /// The last of the others shown.
    pub other: Option<Position<u128>>,
}

impl SharedPosition {
    /// The place behind those who come next.
    #[must_use]
    pub fn behind(mut self, next: &[Match<u128>]) -> Self {
        for found in next {
            let is_newcomer = found.features.is_of_newcomer();
            self.shown.places += 1;
            self.shown.members += usize::from(is_newcomer);
            let last = if is_newcomer { &mut self.newcomer } else { &mut self.other };
            *last = Some(found.position());
        }
        self
    }
}

impl<T: Copy> Pool<T> {
    /// Scores everybody who is eligible and gives the `limit` best after a place, newcomers having at least their share
    /// of the first places.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub fn rank_with_share(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: impl Fn(u128, &T) -> bool,
        share: Share,
        limit: usize,
        after: &SharedPosition,
    ) -> Result<Ranking, ScoreError> {
        let behind = |place: Option<Position<u128>>| {
            place.map(|place| Position { score: place.score, id: Candidate::at(place.id) })
        };
        let (newcomer, other) = (behind(after.newcomer), behind(after.other));
        let mut newcomers = Shortlist::new(limit, newcomer.as_ref());
        let mut others = Shortlist::new(limit, other.as_ref());
        let scored = self.score_all(model, need, eligible, |batch| {
            let candidate = |place, newcomer| {
                let candidate = batch.candidate(place);
                (candidate.features.is_of_newcomer() == newcomer).then_some(candidate)
            };
            newcomers.scan(batch.scores(), |place| candidate(place, true))?;
            others.scan(batch.scores(), |place| candidate(place, false))
        })?;
        let page = with_share(share, matches(newcomers), matches(others), after.shown, limit, by_score);
        Ok(Ranking { scored, matches: page.collect() })
    }
}
