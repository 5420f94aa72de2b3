//! Where a page of a ranking ends.

use domain::page::{self, Cursor, Limit};
use jiff::Timestamp;
use matching::{AwardModel, Model, Position, SharedPosition, Shown};
use platform::api::{ApiError, Code, QueryParameters};
use serde::Serialize;
use utoipa::IntoParams;

/// A place in a ranking, and the time as of which all pages are ranked: otherwise a score would have changed by the next
/// page, because activity fades.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Dated<P> {
    place: P,
    ranked_at: Timestamp,
}

impl<P: Place> page::Position for Dated<P> {
    fn to_bytes(&self) -> Vec<u8> {
        [&self.place.to_bytes()[..], &self.ranked_at.as_millisecond().to_be_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (place, milliseconds) = bytes.split_last_chunk::<8>()?;
        let ranked_at = Timestamp::from_millisecond(i64::from_be_bytes(*milliseconds)).ok()?;
        Some(Self { place: P::from_bytes(place)?, ranked_at })
    }
}

/// A place in a ranking, as bytes.
pub(crate) trait Place: Sized {
    fn to_bytes(&self) -> Vec<u8>;

    /// The place that `to_bytes` wrote; `None` for any other bytes.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

/// Behind whom: the score's bits (4 bytes) and the id (16 bytes), big-endian.
impl Place for Position<u128> {
    fn to_bytes(&self) -> Vec<u8> {
        [&self.score.to_bits().to_be_bytes()[..], &self.id.to_be_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (score, id) = bytes.split_first_chunk::<4>()?;
        let score = f32::from_bits(u32::from_be_bytes(*score));
        let id = u128::from_be_bytes(id.try_into().ok()?);
        score.is_finite().then_some(Self { score, id })
    }
}

/// The places shown and those of them that went to newcomers (4 bytes each, big-endian), then behind which newcomer and
/// behind which of the others, where there has been one.
impl Place for SharedPosition {
    fn to_bytes(&self) -> Vec<u8> {
        // Nobody turns four billion pages.
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
        let last = |place: &Option<Position<u128>>| place.as_ref().map(Place::to_bytes).unwrap_or_default();
        let Shown { places, members } = self.shown;
        [&count(places)[..], &count(members), &last(&self.newcomer), &last(&self.other)].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        const PLACE_BYTES: usize = 20;
        let (places, bytes) = bytes.split_first_chunk::<4>()?;
        let (members, bytes) = bytes.split_first_chunk::<4>()?;
        let count = |bytes: &[u8; 4]| usize::try_from(u32::from_be_bytes(*bytes)).ok();
        let shown = Shown { places: count(places)?, members: count(members)? };
        let others = shown.places.checked_sub(shown.members)?;
        let (newcomer, other) = bytes.split_at_checked(if shown.members > 0 { PLACE_BYTES } else { 0 })?;
        let last = |count: usize, bytes: &[u8]| match (count, bytes) {
            (0, []) => Some(None),
            (0, _) => None,
            (_, bytes) => Some(Some(Position::from_bytes(bytes)?)),
        };
        Some(Self { shown, newcomer: last(shown.members, newcomer)?, other: last(others, other)? })
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
    /// Leaves out the pairs in which the freelancer has less than this share of the wanted skills, rare ones counting more: the
    /// `skill_overlap` among a match's reasons, 0 to 1. Without it every eligible pair is ranked, as is every project that names
    /// no skills. A cursor leads on only with the share that it was made with.
    #[param(minimum = 0, maximum = 1, example = 0.5)]
    #[expect(dead_code, reason = "documents the parameter")]
    min_skill_overlap: Option<f64>,
    /// The `next_cursor` of the page before. Nothing for the best.
    #[expect(dead_code, reason = "documents the parameter")]
    cursor: Option<String>,
}

/// The page that a request asks for, in a ranking whose places are `P`.
#[derive(Debug)]
pub(crate) struct PageRequest<P = Position<u128>> {
    query: page::Query,
    pub(crate) limit: usize,
    /// Who has less of the wanted skills is left out.
    pub(crate) least_overlap: f32,
    pub(crate) after: Option<P>,
    /// As of when to rank: the first page's time, on every page.
    pub(crate) ranked_at: Timestamp,
}

impl<P: Place> PageRequest<P> {
    /// Reads `limit`, `min_skill_overlap` and `cursor` for the ranking `name` of `subject` by this very model.
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
        let least_overlap = parameters.one("min_skill_overlap")?.map(|text| {
            let detail = "min_skill_overlap must be a number from 0 to 1, the least share of the wanted skills.";
            plain_share(text).ok_or_else(|| ApiError::new(Code::InvalidQuery, detail))
        });
        let least_overlap = least_overlap.transpose()?.unwrap_or_default();
        let of_skills = format!("at least {least_overlap} of the skills");
        let query = page::Query::new(name, &[Some(subject), Some(model.version()), Some(&of_skills)]);
        let limit = Limit::parse(parameters.one("limit")?, Limit::OF_MATCHES)
            .map_err(|error| ApiError::new(Code::InvalidLimit, format!("The {error}.")))?;
        let after = parameters.one("cursor")?.map(|cursor| Cursor::<Dated<P>>::parse(cursor, query));
        let after = after.transpose().map_err(|_| {
            ApiError::new(
                Code::InvalidCursor,
                "The cursor was not returned by this ranking, or the model has changed since. Start again without one.",
            )
        })?;
        let ranked_at = after.as_ref().map_or(now, |after| after.ranked_at);
        let (limit, after) = (limit.get(), after.map(|after| after.place));
        Ok(Self { query, limit, least_overlap: least_overlap as f32, after, ranked_at })
    }

    /// The text of the cursor behind a place.
    pub(crate) fn cursor(&self, place: P) -> String {
        Cursor { query: self.query, after: Dated { place, ranked_at: self.ranked_at } }.to_string()
    }
}

/// A plain decimal number from 0 to 1.
pub(crate) fn plain_share(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|number| is_plain && (0.0..=1.0).contains(number))
}

/// What ranked.
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

impl From<&AwardModel> for ModelBody {
    fn from(model: &AwardModel) -> Self {
        Self { version: model.version().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};
    use domain::page::Position as _;
    use proptest::prelude::*;

    use super::*;

    async fn read(query: &str, subject: &str) -> Result<PageRequest, Code> {
        let uri = format!("/projects/{subject}/matches?{query}");
        let (mut parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
        let parameters = QueryParameters::from_request_parts(&mut parts, &()).await.unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        PageRequest::read(&parameters, "project matches", subject, &Model::shipped().unwrap(), now)
            .map_err(|error| error.code())
    }

    fn place() -> impl Strategy<Value = Position<u128>> {
        (any::<f32>(), any::<u128>()).prop_map(|(score, id)| Position { score, id })
    }

    proptest! {
        #[test]
        fn places_survive_as_bytes(
            newcomer in prop::option::of(place()),
            other in prop::option::of(place()),
            more: u16,
        ) {
            let members = if newcomer.is_some() { 1 + usize::from(more) } else { 0 };
            let places = members + usize::from(other.is_some());
            let place = SharedPosition { shown: Shown { places, members }, newcomer, other };
            let bytes = place.to_bytes();
            prop_assert_eq!(SharedPosition::from_bytes(&bytes), Some(place));
            prop_assert_eq!(SharedPosition::from_bytes(&bytes[1..]), None);
            prop_assert_eq!(SharedPosition::from_bytes(&[&bytes[..], &[0]].concat()), None);
            if let Some(place) = other {
                prop_assert_eq!(Position::from_bytes(&place.to_bytes()), Some(place));
            }
        }

        #[test]
        fn any_bytes_are_a_place_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(place) = SharedPosition::from_bytes(&bytes) {
                prop_assert_eq!(place.to_bytes(), bytes);
            }
        }
    }

    #[test]
    fn a_position_survives_as_bytes() {
        let place = Position { score: 0.123_456_79, id: 42 };
        let dated = Dated { place, ranked_at: Timestamp::from_millisecond(1_800_000_000_123).unwrap() };
        let bytes = dated.to_bytes();
        assert_eq!(Dated::from_bytes(&bytes), Some(dated));
        assert_eq!(Dated::<Position<u128>>::from_bytes(&bytes[1..]), None);
        let not_a_number = Dated { place: Position { score: f32::NAN, ..place }, ..dated };
        assert_eq!(Dated::<Position<u128>>::from_bytes(&not_a_number.to_bytes()), None);
    }

    #[test]
    fn more_newcomers_than_places_are_no_place() {
        let place = SharedPosition { shown: Shown { places: 1, members: 2 }, ..SharedPosition::default() };
        assert_eq!(SharedPosition::from_bytes(&place.to_bytes()), None);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_cursor_leads_on_in_its_own_ranking_only() {
        let first = read("", "prj_1").await.unwrap();
        assert_eq!((first.limit, first.after), (10, None));
        let place = Position { score: 0.5, id: 7 };
        let cursor = first.cursor(place);
        let next = read(&format!("limit=3&cursor={cursor}"), "prj_1").await.unwrap();
        assert_eq!(next.after, Some(place));
        assert_eq!(next.ranked_at, first.ranked_at);
        assert_eq!(read(&format!("cursor={cursor}"), "prj_2").await.unwrap_err(), Code::InvalidCursor);
        assert_eq!(read("cursor=AAAA", "prj_1").await.unwrap_err(), Code::InvalidCursor);
        assert_eq!(read("limit=101", "prj_1").await.unwrap_err(), Code::InvalidLimit);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_cursor_leads_on_with_its_own_share_of_the_skills_only() {
        let first = read("min_skill_overlap=0.5", "prj_1").await.unwrap();
        assert_eq!(first.least_overlap, 0.5);
        let cursor = first.cursor(Position { score: 0.5, id: 7 });
        assert!(read(&format!("min_skill_overlap=.50&cursor={cursor}"), "prj_1").await.is_ok());
        for other in ["min_skill_overlap=0.4", "limit=10"] {
            let refused = read(&format!("{other}&cursor={cursor}"), "prj_1").await.unwrap_err();
            assert_eq!(refused, Code::InvalidCursor, "{other}");
        }
        for wrong in ["1.5", "-1", "50%25", "NaN", "1e-1", ""] {
            let refused = read(&format!("min_skill_overlap={wrong}"), "prj_1").await.unwrap_err();
            assert_eq!(refused, Code::InvalidQuery, "{wrong}");
        }
    }
}
