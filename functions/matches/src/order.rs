//! The order of a project's freelancers: by score alone, or with a share of the first places for newcomers.

use axum::http::StatusCode;
use domain::eligibility::ProjectTerms;
use http_api::{ApiError, Code, QueryParameters, operation::ProblemSet, pagination::invalid_cursor, query::parsed};
use jiff::Timestamp;
use matching::{Match, Model, PackedNeed, Ranking, Share, SharedPosition};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    cursor::Basis,
    page::{PageRequest, Paging},
    pools::{Best, BestOfBoth, Talents, Wanted},
    share::{DecimalShare, LeastOverlap, Overlap},
};

/// The parameter `newcomers`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Newcomers {
    /// Guarantees newcomers (`newcomer`) a share of the first places, 0 to 1. Of the first k places, for every k, at
    /// least share × k (rounded down) go to newcomers while there are newcomers left. The others stay in the order of
    /// their scores, and no score changes. The guarantee holds across pages.
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = f64, required = false, minimum = 0, maximum = 1, example = 0.2)]
    newcomers: Option<DecimalShare>,
}

const INVALID_NEWCOMERS: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers", "The share for newcomers is out of range");

impl QueryParameters for Newcomers {
    fn code(_name: &str) -> Code {
        INVALID_NEWCOMERS
    }
}

impl ProblemSet for Newcomers {
    fn codes() -> Vec<Code> {
        vec![INVALID_NEWCOMERS]
    }
}

/// The order, and the page of it that a request asks for.
#[derive(Debug)]
pub(crate) enum Order {
    ByScore(PageRequest),
    WithShare(Share, PageRequest<SharedPosition>),
}

impl Order {
    /// The order of the matches of `project` that the parameters ask for.
    ///
    /// # Errors
    /// 400 `invalid_cursor`.
    pub(crate) fn new(
        (newcomers, overlap, paging): &(Newcomers, Overlap, Paging),
        project: &str,
        model: &Model,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let Some(DecimalShare(number)) = newcomers.newcomers else {
            let ranking = ("project matches", project, model);
            return Ok(Self::ByScore(PageRequest::new(ranking, overlap, paging, now)?));
        };
        let share = Share::new(number).ok_or_else(|| ApiError::internal("a share beyond 0 to 1"))?;
        let name = format!("project matches with {number} for newcomers");
        Ok(Self::WithShare(share, PageRequest::new((&name, project, model), overlap, paging, now)?))
    }

    const fn basis(&self) -> &Basis {
        match self {
            Self::ByScore(page) => &page.basis,
            Self::WithShare(_, page) => &page.basis,
        }
    }

    /// Ranks the page, and returns it with the cursor of the next page.
    ///
    /// # Errors
    /// 400 `invalid_cursor` if the project has changed since the first page; otherwise as [`Talents::ask`].
    pub(crate) async fn rank(
        &self,
        talents: &Talents<'_>,
        need: &PackedNeed,
        project: ProjectTerms<'_>,
    ) -> Result<(Ranking, Option<String>), ApiError> {
        let Basis { ranked_at, everybody, view, .. } = self.basis();
        let need = match view {
            Some(view) => need.as_seen(view, ranked_at.as_second()).ok_or_else(invalid_cursor)?,
            None => talents.prepare(need, *ranked_at).await?,
        };
        let mut basis = Basis { ranked_at: *ranked_at, everybody: *everybody, view: Some(need.view()), asked: None };
        let wanted = |least: LeastOverlap, everybody| Wanted::new(least.of(need.clone(), everybody), project);
        // One match more than the limit tells whether there is a next page.
        match self {
            Self::ByScore(page) => {
                let best = |everybody| {
                    let wanted = wanted(page.least_overlap, everybody);
                    Best { wanted, limit: page.limit + 1, after: page.after }
                };
                let mut ranking = talents.ask(&best(basis.everybody)).await?;
                if page.is_for_everybody(ranking.scored) {
                    basis.everybody = true;
                    ranking = talents.ask(&best(true)).await?;
                }
                let behind =
                    |shown: &[Match<u128>]| shown.last().map(|last| page.cursor(last.position(), basis)).transpose();
                cut(ranking, page.limit, behind)
            }
            Self::WithShare(share, page) => {
                let (limit, after) = (page.limit + 1, page.after.unwrap_or_default());
                let best = |everybody| BestOfBoth { wanted: wanted(page.least_overlap, everybody), limit, after };
                let mut both = talents.ask(&best(basis.everybody)).await?;
                if page.is_for_everybody(both.scored) {
                    basis.everybody = true;
                    both = talents.ask(&best(true)).await?;
                }
                let behind = |shown: &[Match<u128>]| page.cursor(after.behind(shown), basis).map(Some);
                cut(both.with_share(*share, after.shown, limit), page.limit, behind)
            }
        }
    }
}

/// A page of at most `limit` matches, and the cursor of the next page if there are more matches.
fn cut(
    mut ranking: Ranking,
    limit: usize,
    behind: impl FnOnce(&[Match<u128>]) -> Result<Option<String>, ApiError>,
) -> Result<(Ranking, Option<String>), ApiError> {
    let more = ranking.matches.len() > limit;
    ranking.matches.truncate(limit);
    let next_cursor = if more { behind(&ranking.matches)? } else { None };
    Ok((ranking, next_cursor))
}

#[cfg(test)]
mod tests {
    use http_api::Query;

    use super::*;

    fn read(query: &str) -> Result<Order, Code> {
        let read = || {
            let Query(parameters) = Query::parse(query)?;
            let now = Timestamp::from_second(1_800_000_000).unwrap();
            Order::new(&parameters, "prj_1", &Model::shipped().unwrap(), now)
        };
        read().map_err(|error: ApiError| error.code())
    }

    #[test]
    fn a_cursor_leads_on_with_its_own_share_only() {
        let Order::WithShare(share, page) = read("newcomers=0.2").unwrap() else { panic!("a share was asked for") };
        assert_eq!(Some(share), Share::new(0.2));
        let cursor = page.cursor(SharedPosition::default(), page.basis.clone()).unwrap();
        assert!(read(&format!("newcomers=0.20&cursor={cursor}")).is_ok());
        for other in ["newcomers=0.3", "limit=10"] {
            assert_eq!(read(&format!("{other}&cursor={cursor}")).unwrap_err(), Code::INVALID_CURSOR, "{other}");
        }
    }

    #[test]
    fn each_wrong_parameter_has_its_code() {
        assert!(matches!(read("limit=10"), Ok(Order::ByScore(_))));
        for (query, code) in [
            ("newcomers=1.5", INVALID_NEWCOMERS),
            ("newcomers=0.2&newcomers=0.2", Code::INVALID_QUERY),
            ("newcomers=0.2&limit=0", Code::INVALID_LIMIT),
            ("newcomer=0.2", Code::INVALID_QUERY),
        ] {
            assert_eq!(read(query).unwrap_err(), code, "{query}");
        }
    }
}
