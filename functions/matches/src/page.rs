//! The page of a ranking that a request asks for.

use http_api::{
    ApiError,
    pagination::{self, ListId},
};
use jiff::Timestamp;
use matching::{Model, Position};

use crate::{
    cursor::{Basis, End, RankPosition},
    share::{LeastOverlap, Overlap},
};

/// `limit` and `cursor`. A ranking returns 10 matches unless the request names another limit.
pub(crate) type Paging = pagination::Paging<10>;

/// The page that a request asks for, in a ranking whose places are `P`.
#[derive(Debug)]
pub(crate) struct PageRequest<P = Position<u128>> {
    list: ListId,
    pub(crate) limit: usize,
    pub(crate) least_overlap: LeastOverlap,
    /// The end of the previous page. `None`: this is the first page.
    pub(crate) after: Option<P>,
    /// The basis of the ranking, from the first page.
    pub(crate) basis: Basis,
}

impl<P: RankPosition> PageRequest<P> {
    /// The page of the ranking `name` of `subject` by `model`.
    ///
    /// # Errors
    /// 400 `invalid_cursor`.
    pub(crate) fn new(
        (name, subject, model): (&str, &str, &Model),
        overlap: &Overlap,
        paging: &Paging,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let least_overlap = overlap.least();
        let list = ListId::new(name, &[Some(subject), Some(model.version()), Some(&format!("{least_overlap:?}"))]);
        let end = paging.cursor.as_deref().map(|cursor| list.position::<End<P>>(cursor)).transpose()?;
        let (after, basis) = match end {
            Some(End { place, basis }) => (Some(place), basis),
            None => (None, Basis::of_first_page(now)),
        };
        Ok(Self { list, limit: paging.limit.0.get(), least_overlap, after, basis })
    }

    /// Whether every eligible freelancer must be ranked: this is the first page, and nobody had any of the skills.
    pub(crate) fn is_for_everybody(&self, ranked: usize) -> bool {
        ranked == 0 && self.after.is_none() && self.least_overlap == LeastOverlap::OneSkill
    }

    /// The cursor after a position.
    ///
    /// # Errors
    /// As [`ListId::cursor`].
    pub(crate) fn cursor(&self, place: P, basis: Basis) -> Result<String, ApiError> {
        self.list.cursor(&End { place, basis })
    }
}

#[cfg(test)]
mod tests {
    use http_api::{Code, Query};

    use super::*;

    fn read(query: &str, subject: &str) -> Result<PageRequest, Code> {
        let read = || {
            let Query((overlap, paging)) = Query::<(Overlap, Paging)>::parse(query)?;
            let now = Timestamp::from_second(1_800_000_000).unwrap();
            PageRequest::new(("project matches", subject, &Model::shipped().unwrap()), &overlap, &paging, now)
        };
        read().map_err(|error: ApiError| error.code())
    }

    #[test]
    fn a_cursor_leads_on_in_its_own_ranking_only() {
        let first = read("", "prj_1").unwrap();
        assert_eq!((first.limit, first.after), (10, None));
        let place = Position { score: 0.5, id: 7 };
        let cursor = first.cursor(place, first.basis.clone()).unwrap();
        let next = read(&format!("limit=3&cursor={cursor}"), "prj_1").unwrap();
        assert_eq!(next.after, Some(place));
        assert_eq!(next.basis, first.basis);
        assert_eq!(read(&format!("cursor={cursor}"), "prj_2").unwrap_err(), Code::INVALID_CURSOR);
        assert_eq!(read("cursor=AAAA", "prj_1").unwrap_err(), Code::INVALID_CURSOR);
        assert_eq!(read("limit=101", "prj_1").unwrap_err(), Code::INVALID_LIMIT);
    }

    #[test]
    fn a_cursor_leads_on_with_its_own_share_of_the_skills_only() {
        let first = read("min_skill_overlap=0.5", "prj_1").unwrap();
        let cursor = first.cursor(Position { score: 0.5, id: 7 }, first.basis.clone()).unwrap();
        assert!(read(&format!("min_skill_overlap=.50&cursor={cursor}"), "prj_1").is_ok());
        for other in ["min_skill_overlap=0.4", "min_skill_overlap=0", "limit=10"] {
            let refused = read(&format!("{other}&cursor={cursor}"), "prj_1").unwrap_err();
            assert_eq!(refused, Code::INVALID_CURSOR, "{other}");
        }
    }
}
