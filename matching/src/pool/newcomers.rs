//! Rankings of a pool in which newcomers have a share of the first places.
//!
//! [`Features::is_of_newcomer`] defines who is a newcomer, and [`with_share`] defines the guarantee and how it is met.
//! Everybody is scored once, as in a ranking without a share. The best newcomers and the best of the others are found
//! separately. The next page continues in both lists, so pages have no gaps and no repeats.
//!
//! [`Features::is_of_newcomer`]: crate::Features::is_of_newcomer

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::batch::Candidate;
use super::{Eligible, Pool, Ranking, best, by_score, matches};
use crate::error::ScoreError;
use crate::exposure::{Share, Shown, with_share};
use crate::model::Model;
use crate::need::PreparedNeed;
use crate::rank::{Match, Position, Shortlist};

/// A position in a ranking with a share for newcomers: the content of a cursor. The default is the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SharedPosition {
    /// The number of places shown, and how many of them went to newcomers.
    #[serde(deserialize_with = "shown")]
    pub shown: Shown,
    /// The last newcomer who was shown.
    pub newcomer: Option<Position<u128>>,
    /// The last of the others who was shown.
    pub other: Option<Position<u128>>,
}

/// Reads the number of places shown and of newcomers, which must not be greater.
fn shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Shown, D::Error> {
    let shown = Shown::deserialize(deserializer)?;
    if shown.members <= shown.places { Ok(shown) } else { Err(D::Error::custom("more newcomers than places")) }
}

impl SharedPosition {
    /// The position after the given next page.
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

/// The best newcomers of a pool and the best of the others, from which a ranking with a share is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwoRankings {
    /// The number of eligible freelancers, all of whom were scored.
    pub scored: usize,
    /// The best newcomers after the requested position, best first.
    pub newcomers: Vec<Match<u128>>,
    /// The best of the others after the requested position, best first.
    pub others: Vec<Match<u128>>,
}

impl TwoRankings {
    /// Merges the results of several parts of a pool. Each part must have been ranked for the same prepared need with
    /// at least this limit.
    pub fn merge(parts: impl IntoIterator<Item = Self>, limit: usize) -> Self {
        let mut whole = Self { scored: 0, newcomers: Vec::new(), others: Vec::new() };
        for part in parts {
            whole.scored += part.scored;
            whole.newcomers.extend(part.newcomers);
            whole.others.extend(part.others);
        }
        best(&mut whole.newcomers, limit);
        best(&mut whole.others, limit);
        whole
    }

    /// Merges both lists into one ranking in which newcomers have at least their share. It continues after the places
    /// that have been `shown`.
    pub fn with_share(self, share: Share, shown: Shown, limit: usize) -> Ranking {
        let page = with_share(share, self.newcomers, self.others, shown, limit, by_score);
        Ranking { scored: self.scored, matches: page.collect() }
    }
}

impl<T: Copy> Pool<T> {
    /// Scores every eligible freelancer and returns the `limit` best after a position. Newcomers have at least their
    /// share of the first places.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub fn rank_with_share(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: &impl Eligible<T>,
        share: Share,
        limit: usize,
        after: &SharedPosition,
    ) -> Result<Ranking, ScoreError> {
        Ok(self.rank_both(model, need, eligible, limit, after)?.with_share(share, after.shown, limit))
    }

    /// Scores every eligible freelancer and returns the `limit` best newcomers and the `limit` best others after a
    /// position.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub fn rank_both(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: &impl Eligible<T>,
        limit: usize,
        after: &SharedPosition,
    ) -> Result<TwoRankings, ScoreError> {
        let behind = |place: Option<Position<u128>>| {
            place.map(|place| Position { score: place.score, id: Candidate::at(place.id) })
        };
        let (newcomer, other) = (behind(after.newcomer), behind(after.other));
        let mut newcomers = Shortlist::new(limit, newcomer.as_ref());
        let mut others = Shortlist::new(limit, other.as_ref());
        let scored = self.score_all(model, need, eligible, eligible.but().as_slice(), |batch| {
            let candidate = |place, newcomer| {
                let candidate = batch.candidate(place);
                (candidate.features.is_of_newcomer() == newcomer).then_some(candidate)
            };
            newcomers.scan(batch.scores(), |place| candidate(place, true))?;
            others.scan(batch.scores(), |place| candidate(place, false))
        })?;
        Ok(TwoRankings { scored, newcomers: matches(newcomers), others: matches(others) })
    }
}
