//! Where a page of a ranking ends.

use domain::page::{self, Cursor, Limit};
use http_api::{ApiError, Code, QueryParameters};
use jiff::Timestamp;
use matching::{AwardModel, Model, PoolView, Position, PreparedNeed, SharedPosition, Shown};
use serde::Serialize;
use utoipa::IntoParams;

/// What all pages of a ranking are ranked by, found by the first one. Otherwise scores would have changed by the next page,
/// because activity fades and people join.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Basis {
    /// As of when.
    pub(crate) ranked_at: Timestamp,
    /// Nobody had any of the skills, and so everybody is ranked.
    pub(crate) everybody: bool,
    /// How the pool saw what is asked for.
    pub(crate) view: Option<PoolView>,
    /// What the last project of a page asked for, in a ranking of projects: its [`PackedNeed::fingerprint`].
    ///
    /// [`PackedNeed::fingerprint`]: matching::PackedNeed::fingerprint
    pub(crate) asked: Option<u32>,
}

/// Where a page ends, and what the ranking is made by.
#[derive(Debug, Clone, PartialEq)]
struct End<P> {
    place: P,
    basis: Basis,
}

/// Milliseconds since 1970 (8 bytes, big-endian), 1 for everybody (1 byte), how long what follows is (1 byte): the view, or what was
/// asked for (4 bytes, fewer than any view has), or nothing; then the place.
impl<P: Place> page::Position for End<P> {
    fn to_bytes(&self) -> Vec<u8> {
        let Basis { ranked_at, everybody, view, asked } = &self.basis;
        let asked = || asked.map(|asked| asked.to_be_bytes().to_vec()).unwrap_or_default();
        let view = view.as_ref().map_or_else(asked, PoolView::to_bytes);
        // A project names at most twenty skills.
        let lengths = [u8::from(*everybody), u8::try_from(view.len()).unwrap_or(u8::MAX)];
        [&ranked_at.as_millisecond().to_be_bytes()[..], &lengths, &view, &self.place.to_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (milliseconds, bytes) = bytes.split_first_chunk::<8>()?;
        let ranked_at = Timestamp::from_millisecond(i64::from_be_bytes(*milliseconds)).ok()?;
        let (&[everybody @ (0 | 1), length], bytes) = bytes.split_first_chunk::<2>()? else { return None };
        let (view, place) = bytes.split_at_checked(usize::from(length))?;
        let (view, asked) = match view {
            [] => (None, None),
            &[a, b, c, d] => (None, Some(u32::from_be_bytes([a, b, c, d]))),
            view => (Some(PoolView::from_bytes(view)?), None),
        };
        let basis = Basis { ranked_at, everybody: everybody == 1, view, asked };
        Some(Self { place: P::from_bytes(place)?, basis })
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
    /// `skill_overlap` among a match's reasons, 0 to 1. With 0 every eligible pair is ranked. Without it, only pairs that share at
    /// least one wanted skill are ranked; if there is no such pair, every eligible pair is. A cursor leads on only with the
    /// share that it was made with.
    #[param(minimum = 0, maximum = 1, example = 0.5)]
    #[expect(dead_code, reason = "documents the parameter")]
    min_skill_overlap: Option<f64>,
    /// The `next_cursor` of the page before. Nothing for the best.
    #[expect(dead_code, reason = "documents the parameter")]
    cursor: Option<String>,
}

/// Among whom a place is counted.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LeastOverlapParameter {
    /// The `min_skill_overlap` of the ranking that the place is in.
    #[param(minimum = 0, maximum = 1, example = 0.5)]
    #[expect(dead_code, reason = "documents the parameter")]
    min_skill_overlap: Option<f64>,
}

/// How much of the wanted skills a freelancer must have to be ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum LeastOverlap {
    /// One skill; nothing, where nobody has one.
    OneSkill,
    /// So much of them, 0 to 1.
    Share(f32),
}

impl LeastOverlap {
    /// Reads `min_skill_overlap`.
    ///
    /// # Errors
    /// 400 `invalid_query`.
    pub(crate) fn read(parameters: &QueryParameters) -> Result<Self, ApiError> {
        let Some(text) = parameters.one("min_skill_overlap")? else { return Ok(Self::OneSkill) };
        let detail = "min_skill_overlap must be a number from 0 to 1, the least share of the wanted skills.";
        let share = plain_share(text).ok_or_else(|| ApiError::new(Code::INVALID_QUERY, detail))?;
        Ok(Self::Share(share as f32))
    }

    /// The need, for which only those are ranked who have enough: or `everybody`, where nobody has one skill.
    pub(crate) fn of(self, need: PreparedNeed, everybody: bool) -> PreparedNeed {
        match self {
            Self::OneSkill if everybody => need,
            Self::OneSkill => need.for_any_skill(),
            Self::Share(share) => need.with_least_overlap(share),
        }
    }
}

/// The page that a request asks for, in a ranking whose places are `P`.
#[derive(Debug)]
pub(crate) struct PageRequest<P = Position<u128>> {
    query: page::Query,
    pub(crate) limit: usize,
    pub(crate) least_overlap: LeastOverlap,
    pub(crate) after: Option<P>,
    /// What the first page found; if this is the first one, when it is.
    pub(crate) basis: Basis,
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
        let least_overlap = LeastOverlap::read(parameters)?;
        let query =
            page::Query::new(name, &[Some(subject), Some(model.version()), Some(&format!("{least_overlap:?}"))]);
        let limit = Limit::parse(parameters.one("limit")?, Limit::OF_MATCHES)
            .map_err(|error| ApiError::new(Code::INVALID_LIMIT, format!("The {error}.")))?;
        let end = parameters.one("cursor")?.map(|cursor| Cursor::<End<P>>::parse(cursor, query));
        let (after, basis) = match end.transpose().map_err(|_| foreign_cursor())? {
            Some(End { place, basis }) => (Some(place), basis),
            None => (None, Basis { ranked_at: now, everybody: false, view: None, asked: None }),
        };
        Ok(Self { query, limit: limit.get(), least_overlap, after, basis })
    }

    /// Whether everybody is to be ranked after all: nobody on this first page had any of the skills.
    pub(crate) fn is_for_everybody(&self, ranked: usize) -> bool {
        ranked == 0 && self.after.is_none() && self.least_overlap == LeastOverlap::OneSkill
    }

    /// The text of the cursor behind a place.
    pub(crate) fn cursor(&self, place: P, basis: Basis) -> String {
        Cursor { query: self.query, after: End { place, basis } }.to_string()
    }
}

/// 400 `invalid_cursor`.
pub(crate) fn foreign_cursor() -> ApiError {
    ApiError::new(
        Code::INVALID_CURSOR,
        "The cursor was not returned by this ranking, or the project or the model has changed since. Start again without one.",
    )
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
    use matching::{Need, PoolStatistics};
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
        let need = PoolStatistics::default().prepare_need(&Need { skills: vec!["Rust".into()], ..Need::default() });
        for (view, asked, everybody) in [(None, None, true), (Some(need.view()), None, false), (None, Some(7), false)] {
            let ranked_at = Timestamp::from_millisecond(1_800_000_000_123).unwrap();
            let end = End { place, basis: Basis { ranked_at, everybody, view, asked } };
            let bytes = end.to_bytes();
            assert_eq!(End::from_bytes(&bytes), Some(end.clone()));
            assert_eq!(End::<Position<u128>>::from_bytes(&bytes[1..]), None);
            let not_a_number = End { place: Position { score: f32::NAN, ..place }, ..end };
            assert_eq!(End::<Position<u128>>::from_bytes(&not_a_number.to_bytes()), None);
        }
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
        let cursor = first.cursor(place, first.basis.clone());
        let next = read(&format!("limit=3&cursor={cursor}"), "prj_1").await.unwrap();
        assert_eq!(next.after, Some(place));
        assert_eq!(next.basis, first.basis);
        assert_eq!(read(&format!("cursor={cursor}"), "prj_2").await.unwrap_err(), Code::INVALID_CURSOR);
        assert_eq!(read("cursor=AAAA", "prj_1").await.unwrap_err(), Code::INVALID_CURSOR);
        assert_eq!(read("limit=101", "prj_1").await.unwrap_err(), Code::INVALID_LIMIT);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_cursor_leads_on_with_its_own_share_of_the_skills_only() {
        let first = read("min_skill_overlap=0.5", "prj_1").await.unwrap();
        assert_eq!(first.least_overlap, LeastOverlap::Share(0.5));
        let cursor = first.cursor(Position { score: 0.5, id: 7 }, first.basis.clone());
        assert!(read(&format!("min_skill_overlap=.50&cursor={cursor}"), "prj_1").await.is_ok());
        for other in ["min_skill_overlap=0.4", "min_skill_overlap=0", "limit=10"] {
            let refused = read(&format!("{other}&cursor={cursor}"), "prj_1").await.unwrap_err();
            assert_eq!(refused, Code::INVALID_CURSOR, "{other}");
        }
        for wrong in ["1.5", "-1", "50%25", "NaN", "1e-1", ""] {
            let refused = read(&format!("min_skill_overlap={wrong}"), "prj_1").await.unwrap_err();
            assert_eq!(refused, Code::INVALID_QUERY, "{wrong}");
        }
    }
}
