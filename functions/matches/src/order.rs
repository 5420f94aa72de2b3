//! In which order a project's freelancers are shown: by score alone, or with a share of the first places for newcomers.

use axum::http::StatusCode;
use domain::eligibility::ProjectTerms;
use http_api::{ApiError, Code, QueryParameters, operation::ProblemSet};
use jiff::Timestamp;
use matching::{Match, Model, PackedNeed, Ranking, Share, SharedPosition};
use utoipa::IntoParams;

use crate::{
    cursor::{Basis, LeastOverlap, PageRequest, foreign_cursor, plain_share},
    pools::{Best, BestOfBoth, Talents, Wanted},
};

pub(crate) const INVALID_NEWCOMERS: Code =
    Code::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers", "The share for newcomers is out of range");

/// The operation takes `newcomers`.
pub(crate) struct InvalidNewcomers;

impl ProblemSet for InvalidNewcomers {
    fn codes() -> Vec<Code> {
        vec![INVALID_NEWCOMERS]
    }
}

/// How many of the first places newcomers are to have.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewcomersParameter {
    /// Guarantees newcomers (`newcomer`) a share of the first places, 0 to 1: of the first k, whatever k, at least share × k,
    /// rounded down, are newcomers, as long as there are any left. Everybody else stays in the order of their scores, and
    /// no score changes. The guarantee holds across pages; a cursor leads on only with the share that it was made with.
    #[param(minimum = 0, maximum = 1, example = 0.2)]
    #[expect(dead_code, reason = "documents the parameter")]
    newcomers: Option<f64>,
}

/// The order, and the page of it that a request asks for.
#[derive(Debug)]
pub(crate) enum Order {
    ByScore(PageRequest),
    WithShare(Share, PageRequest<SharedPosition>),
}

impl Order {
    /// Reads `newcomers`, `limit` and `cursor` for the matches of `project`.
    ///
    /// # Errors
    /// 422 `invalid_newcomers`; 400 `invalid_limit`, `invalid_cursor` or `invalid_query`.
    pub(crate) fn read(
        parameters: &QueryParameters,
        project: &str,
        model: &Model,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let Some(text) = parameters.one("newcomers")? else {
            return Ok(Self::ByScore(PageRequest::read(parameters, "project matches", project, model, now)?));
        };
        let (share, number) = read_share(text).ok_or_else(|| {
            let detail = "newcomers must be a number from 0 to 1, the share of the first places they are to have.";
            ApiError::new(INVALID_NEWCOMERS, detail)
        })?;
        let name = format!("project matches with {number} for newcomers");
        Ok(Self::WithShare(share, PageRequest::read(parameters, &name, project, model, now)?))
    }

    const fn basis(&self) -> &Basis {
        match self {
            Self::ByScore(page) => &page.basis,
            Self::WithShare(_, page) => &page.basis,
        }
    }

    /// The page, and the cursor behind it.
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
            Some(view) => need.as_seen(view, ranked_at.as_second()).ok_or_else(foreign_cursor)?,
            None => talents.prepare(need, *ranked_at).await?,
        };
        let mut basis = Basis { ranked_at: *ranked_at, everybody: *everybody, view: Some(need.view()), asked: None };
        let wanted = |least: LeastOverlap, everybody| Wanted::new(least.of(need.clone(), everybody), project);
        // One more than asked for tells whether there is a next page.
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
                let behind = |shown: &[Match<u128>]| Some(page.cursor(shown.last()?.position(), basis));
                Ok(cut(ranking, page.limit, behind))
            }
            Self::WithShare(share, page) => {
                let (limit, after) = (page.limit + 1, page.after.unwrap_or_default());
                let best = |everybody| BestOfBoth { wanted: wanted(page.least_overlap, everybody), limit, after };
                let mut both = talents.ask(&best(basis.everybody)).await?;
                if page.is_for_everybody(both.scored) {
                    basis.everybody = true;
                    both = talents.ask(&best(true)).await?;
                }
                let behind = |shown: &[Match<u128>]| Some(page.cursor(after.behind(shown), basis));
                Ok(cut(both.with_share(*share, after.shown, limit), page.limit, behind))
            }
        }
    }
}

/// A page of at most `limit`, and the cursor behind it if there are more.
fn cut(
    mut ranking: Ranking,
    limit: usize,
    behind: impl FnOnce(&[Match<u128>]) -> Option<String>,
) -> (Ranking, Option<String>) {
    let more = ranking.matches.len() > limit;
    ranking.matches.truncate(limit);
    let next_cursor = if more { behind(&ranking.matches) } else { None };
    (ranking, next_cursor)
}

/// A plain decimal number from 0 to 1, and that number.
fn read_share(text: &str) -> Option<(Share, f64)> {
    let number = plain_share(text)?;
    Some((Share::new(number)?, number))
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};

    use super::*;

    async fn read(query: &str) -> Result<Order, Code> {
        let (mut parts, ()) = Request::builder().uri(format!("/?{query}")).body(()).unwrap().into_parts();
        let parameters = QueryParameters::from_request_parts(&mut parts, &()).await.unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        Order::read(&parameters, "prj_1", &Model::shipped().unwrap(), now).map_err(|error| error.code())
    }

    #[test]
    fn a_share_is_a_plain_number_from_nought_to_one() {
        for (text, number) in [("0", 0.0), ("1", 1.0), ("0.2", 0.2), (".5", 0.5), ("1.", 1.0), ("0.20", 0.2)] {
            assert_eq!(read_share(text), Share::new(number).map(|share| (share, number)), "{text}");
        }
        for text in ["", ".", "-0.1", "1.01", "2", "20%", "1e-1", "+0.5", "nan", "inf", "0,2", "0.2 ", "½", "0.1.2"] {
            assert_eq!(read_share(text), None, "{text}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_cursor_leads_on_with_its_own_share_only() {
        let Order::WithShare(share, page) = read("newcomers=0.2").await.unwrap() else {
            panic!("a share was asked for")
        };
        assert_eq!(Some(share), Share::new(0.2));
        let cursor = page.cursor(SharedPosition::default(), page.basis.clone());
        assert!(read(&format!("newcomers=0.20&cursor={cursor}")).await.is_ok());
        for other in ["newcomers=0.3", "limit=10"] {
            assert_eq!(read(&format!("{other}&cursor={cursor}")).await.unwrap_err(), Code::INVALID_CURSOR, "{other}");
        }
        assert!(matches!(read("limit=10").await, Ok(Order::ByScore(_))));
        assert_eq!(read("newcomers=1.5").await.unwrap_err(), INVALID_NEWCOMERS);
        assert_eq!(read("newcomers=0.2&newcomers=0.2").await.unwrap_err(), Code::INVALID_QUERY);
        assert_eq!(read("newcomers=0.2&limit=0").await.unwrap_err(), Code::INVALID_LIMIT);
    }
}
