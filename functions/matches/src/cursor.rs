//! Where a page of a ranking ends.

use domain::page::{self, Cursor, Limit};
use jiff::Timestamp;
use matching::Model;
use platform::api::{ApiError, Code, QueryParameters};
use serde::Serialize;
use ulid::Ulid;
use utoipa::IntoParams;

/// The last item of a page, and the time as of which all pages are ranked: otherwise a score would have changed by the next
/// page, because activity fades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankedPosition {
    pub(crate) score: f32,
    pub(crate) id: Ulid,
    pub(crate) ranked_at: Timestamp,
}

impl page::Position for RankedPosition {
    fn to_bytes(&self) -> Vec<u8> {
        let score = self.score.to_bits().to_be_bytes();
        [&score[..], &self.id.to_bytes(), &self.ranked_at.as_millisecond().to_be_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (score, rest) = bytes.split_first_chunk::<4>()?;
        let (id, milliseconds) = rest.split_first_chunk::<16>()?;
        let score = f32::from_bits(u32::from_be_bytes(*score));
        let milliseconds = i64::from_be_bytes(milliseconds.try_into().ok()?);
        let ranked_at = Timestamp::from_millisecond(milliseconds).ok()?;
        score.is_finite().then(|| Self { score, id: Ulid::from_bytes(*id), ranked_at })
    }
}

/// Which page of a ranking to return.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RankingParameters {
    /// The most matches to return.
    #[param(minimum = 1, maximum = 100, default = 10)]
    #[expect(dead_code, reason = "documents the parameter")]
    limit: Option<u8>,
    /// The `next_cursor` of the page before. Nothing for the best.
    #[expect(dead_code, reason = "documents the parameter")]
    cursor: Option<String>,
}

/// The page that a request asks for.
#[derive(Debug)]
pub(crate) struct PageRequest {
    query: page::Query,
    pub(crate) limit: usize,
    pub(crate) after: Option<RankedPosition>,
    /// As of when to rank: the first page's time, on every page.
    pub(crate) ranked_at: Timestamp,
}

impl PageRequest {
    /// Reads `limit` and `cursor` for the ranking `name` of `subject` by this very model.
    ///
    /// # Errors
    /// 400 `invalid_limit`, `invalid_cursor` or `invalid_query`.
    pub(crate) fn read(
        parameters: &QueryParameters,
        name: &str,
        subject: &str,
        model: &Model,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let query = page::Query::new(name, &[Some(subject), Some(model.version())]);
        let limit = Limit::parse(parameters.one("limit")?, Limit::OF_MATCHES)
            .map_err(|error| ApiError::new(Code::InvalidLimit, format!("The {error}.")))?;
        let after = parameters.one("cursor")?.map(|cursor| Cursor::<RankedPosition>::parse(cursor, query));
        let after = after.transpose().map_err(|_| {
            ApiError::new(
                Code::InvalidCursor,
                "The cursor was not returned by this ranking, or the model has changed since. Start again without one.",
            )
        })?;
        let ranked_at = after.map_or(now, |after| after.ranked_at);
        Ok(Self { query, limit: limit.get(), after, ranked_at })
    }

    /// The text of the cursor behind an item.
    pub(crate) fn cursor(&self, score: f32, id: Ulid) -> String {
        Cursor { query: self.query, after: RankedPosition { score, id, ranked_at: self.ranked_at } }.to_string()
    }
}

/// The net that ranked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Model, example = json!({"version": "1-5f3a9c1e"}))]
pub(crate) struct ModelBody {
    /// Names the weights: equal versions give equal scores.
    version: String,
}

impl From<&Model> for ModelBody {
    fn from(model: &Model) -> Self {
        Self { version: model.version().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};
    use domain::page::Position;

    use super::*;

    async fn read(query: &str, subject: &str) -> Result<PageRequest, Code> {
        let uri = format!("/projects/{subject}/matches?{query}");
        let (mut parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
        let parameters = QueryParameters::from_request_parts(&mut parts, &()).await.unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        PageRequest::read(&parameters, "project matches", subject, &Model::shipped().unwrap(), now)
            .map_err(|error| error.code())
    }

    #[test]
    fn a_position_survives_as_bytes() {
        let position = RankedPosition {
            score: 0.123_456_79,
            id: Ulid(42),
            ranked_at: Timestamp::from_millisecond(1_800_000_000_123).unwrap(),
        };
        let bytes = position.to_bytes();
        assert_eq!(RankedPosition::from_bytes(&bytes), Some(position));
        assert_eq!(RankedPosition::from_bytes(&bytes[1..]), None);
        let not_a_number = RankedPosition { score: f32::NAN, ..position };
        assert_eq!(RankedPosition::from_bytes(&not_a_number.to_bytes()), None);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_cursor_leads_on_in_its_own_ranking_only() {
        let first = read("", "prj_1").await.unwrap();
        assert_eq!((first.limit, first.after), (10, None));
        let cursor = first.cursor(0.5, Ulid(7));
        let next = read(&format!("limit=3&cursor={cursor}"), "prj_1").await.unwrap();
        assert_eq!(next.after.map(|after| (after.score, after.id)), Some((0.5, Ulid(7))));
        assert_eq!(next.ranked_at, first.ranked_at);
        assert_eq!(read(&format!("cursor={cursor}"), "prj_2").await.unwrap_err(), Code::InvalidCursor);
        assert_eq!(read("cursor=AAAA", "prj_1").await.unwrap_err(), Code::InvalidCursor);
        assert_eq!(read("limit=101", "prj_1").await.unwrap_err(), Code::InvalidLimit);
    }
}
