//! Gives a group of candidates a guaranteed share of the first places. Newcomers need it: a ranking by past success
//! would never show them.
//!
//! [`with_share`] re-ranks by one rule: *for every k, at least ⌊share × k⌋ of the first k places go to the group, as
//! long as it has members left. Inside the group and outside of it, the order stays that of the score.* It moves nobody
//! further up than the rule needs. This is the ranked group fairness of Zehlike et al., "FA*IR: A Fair Top-k Ranking
//! Algorithm" (CIKM 2017), but with a fixed minimum per prefix instead of a significance test.
//!
//! This module never changes a score and never decides who belongs to the group.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// The group's minimum share of the first places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(f64);

impl Share {
    /// Creates a share; `None` unless it is a number from 0 to 1.
    pub fn new(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }

    /// The fewest members among the first `places` places. The small addend corrects shares that an f64 stores slightly
    /// too small: 0.29 of 100 places are 29.
    pub fn of(self, places: usize) -> usize {
        (self.0 * places as f64 + 1e-9).floor() as usize
    }
}

/// The part of a ranking that has been shown. The next page begins after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The number of places shown.
    pub places: usize,
    /// The number of those places that went to the group.
    pub members: usize,
}

/// Merges two rankings, the `group`'s and the others', and returns the next `limit` places. Each ranking is best first
/// and begins after the part that has been `shown`. `order` compares two candidates by score.
///
/// ```
/// use matching::{Share, Shown, with_share};
///
/// let half = Share::new(0.5).unwrap();
/// let by_score = |a: &(f64, &str), b: &(f64, &str)| b.0.total_cmp(&a.0);
/// let (newcomers, veterans) = ([(0.3, "noa"), (0.2, "jun")], [(0.9, "ada"), (0.8, "bea"), (0.7, "cem")]);
/// let shown = with_share(half, newcomers, veterans, Shown::default(), 4, by_score);
/// assert_eq!(shown.map(|(_, name)| name).collect::<Vec<_>>(), ["ada", "noa", "bea", "jun"]);
/// ```
pub fn with_share<T>(
    share: Share,
    group: impl IntoIterator<Item = T>,
    others: impl IntoIterator<Item = T>,
    mut shown: Shown,
    limit: usize,
    mut order: impl FnMut(&T, &T) -> Ordering,
) -> impl Iterator<Item = T> {
    let (mut group, mut others) = (group.into_iter().peekable(), others.into_iter().peekable());
    std::iter::from_fn(move || {
        let is_due = share.of(shown.places + 1) > shown.members;
        let takes_member = match (group.peek(), others.peek()) {
            (None, None) => return None,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(member), Some(other)) => is_due || order(member, other) != Ordering::Greater,
        };
        shown.places += 1;
        shown.members += usize::from(takes_member);
        if takes_member { group.next() } else { others.next() }
    })
    .take(limit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the candidate is in the group, and the score.
    type Candidate = (bool, u32);

    fn by_score(a: &Candidate, b: &Candidate) -> Ordering {
        b.1.cmp(&a.1)
    }

    fn ranked(share: f64, candidates: &[Candidate], shown: Shown, limit: usize) -> Vec<Candidate> {
        let of = |group: bool| {
            let mut side: Vec<Candidate> =
                candidates.iter().copied().filter(|candidate| candidate.0 == group).collect();
            side.sort_by(by_score);
            side
        };
        let passed = |side: Vec<Candidate>, count: usize| side.into_iter().skip(count);
        let members = passed(of(true), shown.members);
        let others = passed(of(false), shown.places - shown.members);
        with_share(Share::new(share).unwrap(), members, others, shown, limit, by_score).collect()
    }

    #[test]
    fn a_share_is_a_number_from_zero_to_one() {
        assert_eq!(Share::new(-0.1), None);
        assert_eq!(Share::new(1.1), None);
        assert_eq!(Share::new(f64::NAN), None);
        assert_eq!(Share::new(0.29).map(|share| share.of(100)), Some(29));
    }

    proptest! {
        #[test]
        fn every_prefix_holds_the_share_while_there_are_members(
            candidates in prop::collection::vec((any::<bool>(), 0..50_u32), 0..60),
            share in 0.0..=1.0,
        ) {
            let all = ranked(share, &candidates, Shown::default(), usize::MAX);
            prop_assert_eq!(all.len(), candidates.len());
            let members = candidates.iter().filter(|candidate| candidate.0).count();
            for places in 1..=all.len() {
                let shown = all[..places].iter().filter(|candidate| candidate.0).count();
                prop_assert!(shown >= Share::new(share).unwrap().of(places).min(members));
            }
            for group in [false, true] {
                let side: Vec<u32> = all.iter().filter(|candidate| candidate.0 == group).map(|c| c.1).collect();
                prop_assert!(side.is_sorted_by(|a, b| a >= b));
            }
        }

        #[test]
        fn without_a_share_the_order_is_the_scores(
            candidates in prop::collection::vec((any::<bool>(), 0..50_u32), 0..60),
        ) {
            let all = ranked(0.0, &candidates, Shown::default(), usize::MAX);
            prop_assert!(all.is_sorted_by(|a, b| a.1 >= b.1));
        }

        #[test]
        fn pages_are_the_whole_in_pieces(
            candidates in prop::collection::vec((any::<bool>(), 0..50_u32), 0..60),
            share in 0.0..=1.0,
            page in 1..10_usize,
        ) {
            let mut pages = Vec::new();
            let mut shown = Shown::default();
            loop {
                let next = ranked(share, &candidates, shown, page);
                if next.is_empty() {
                    break;
                }
                shown.places += next.len();
                shown.members += next.iter().filter(|candidate| candidate.0).count();
                pages.extend(next);
            }
            prop_assert_eq!(pages, ranked(share, &candidates, Shown::default(), usize::MAX));
        }
    }
}
