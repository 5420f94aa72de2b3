//! The content of a ranking's cursor: the end of the page and the basis of the ranking.

use http_api::pagination;
use jiff::Timestamp;
use matching::{PoolView, Position, SharedPosition};
use serde::{Deserialize, Serialize};

/// The basis of all pages of a ranking. The first page determines it, and the cursors carry it. Without it, scores
/// would change between pages, because activity fades and freelancers join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Basis {
    /// The time of the first page.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub(crate) ranked_at: Timestamp,
    /// Whether no freelancer had any of the skills, so that every eligible freelancer is ranked.
    pub(crate) everybody: bool,
    /// The pool's view of the need.
    pub(crate) view: Option<PoolView>,
    /// In a ranking of projects, the fingerprint of the last project's need: [`PackedNeed::fingerprint`].
    ///
    /// [`PackedNeed::fingerprint`]: matching::PackedNeed::fingerprint
    pub(crate) asked: Option<u32>,
}

impl Basis {
    /// The basis of a first page.
    pub(crate) const fn of_first_page(now: Timestamp) -> Self {
        Self { ranked_at: now, everybody: false, view: None, asked: None }
    }
}

/// The end of a page, and the basis of the ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct End<P> {
    pub(crate) place: P,
    pub(crate) basis: Basis,
}

/// A position in a ranking. `matching` reads and writes positions, and refuses scores that are not finite.
pub(crate) trait RankPosition: Serialize + serde::de::DeserializeOwned {
    /// Whether a ranking can have such a position.
    fn is_possible(&self) -> bool;
}

/// The position after one candidate.
impl RankPosition for Position<u128> {
    fn is_possible(&self) -> bool {
        true
    }
}

/// The position after one newcomer and one of the others, if any of them were shown.
impl RankPosition for SharedPosition {
    fn is_possible(&self) -> bool {
        let others = self.shown.places.checked_sub(self.shown.members);
        let fits = |shown: usize, last: &Option<Position<u128>>| (shown > 0) == last.is_some();
        others.is_some_and(|others| fits(self.shown.members, &self.newcomer) && fits(others, &self.other))
    }
}

impl<P: RankPosition> pagination::Position for End<P> {
    fn is_possible(&self) -> bool {
        self.place.is_possible()
    }
}

#[cfg(test)]
mod tests {
    use http_api::pagination::ListId;
    use matching::{Need, PoolStatistics, Shown};
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Position<u128>> {
        (-1e9_f32..1e9, any::<u128>()).prop_map(|(score, id)| Position { score, id })
    }

    fn first_page() -> Basis {
        Basis::of_first_page(Timestamp::from_millisecond(1_800_000_000_123).unwrap())
    }

    /// The end that is read back from the cursor of `end`.
    fn read_back<P: RankPosition>(end: &End<P>) -> Option<End<P>> {
        let list = ListId::new("ranking", &[]);
        list.position(&list.cursor(end).unwrap()).ok()
    }

    proptest! {
        #[test]
        fn places_survive_in_a_cursor(
            newcomer in prop::option::of(place()),
            other in prop::option::of(place()),
            more: u16,
        ) {
            let members = if newcomer.is_some() { 1 + usize::from(more) } else { 0 };
            let places = members + usize::from(other.is_some());
            let place = SharedPosition { shown: Shown { places, members }, newcomer, other };
            let end = End { place, basis: first_page() };
            prop_assert_eq!(read_back(&end), Some(end));
            if let Some(place) = other {
                let end = End { place, basis: first_page() };
                prop_assert_eq!(read_back(&end), Some(end));
            }
        }

        #[test]
        fn places_that_no_ranking_has_are_refused(
            newcomer in prop::option::of(place()),
            other in prop::option::of(place()),
            places in 0..3_usize,
            members in 0..3_usize,
        ) {
            let place = SharedPosition { shown: Shown { places, members }, newcomer, other };
            let is_possible = members <= places
                && (members > 0) == newcomer.is_some()
                && (places > members) == other.is_some();
            prop_assert_eq!(read_back(&End { place, basis: first_page() }).is_some(), is_possible);
        }
    }

    #[test]
    fn a_basis_survives_in_a_cursor() {
        let place = Position { score: 0.123_456_79, id: u128::MAX };
        let need = PoolStatistics::default().prepare_need(&Need { skills: vec!["Rust".into()], ..Need::default() });
        for (view, asked, everybody) in [(None, None, true), (Some(need.view()), None, false), (None, Some(7), false)] {
            let end = End { place, basis: Basis { everybody, view, asked, ..first_page() } };
            assert_eq!(read_back(&end), Some(end.clone()));
            let not_a_number = End { place: Position { score: f32::NAN, ..place }, ..end };
            assert_eq!(read_back(&not_a_number), None);
        }
    }
}
