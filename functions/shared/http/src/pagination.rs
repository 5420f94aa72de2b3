//! Pages of long lists: the parameters `limit` and `cursor`, and the format of cursors.
//!
//! A cursor is opaque text. It holds no secret and needs no signature: a made-up cursor reads a list that its reader
//! may read anyway, from another position.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::page::{InvalidLimit, Limit};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned, de::Error as _};
use sha2::{Digest, Sha256};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::{ApiError, Code, QueryParameters};

/// Which page of a list to return.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Paging<const DEFAULT: u8> {
    /// The most items to return.
    #[serde(default)]
    pub limit: PageLimit<DEFAULT>,
    /// The `next_cursor` of the previous page.
    pub cursor: Option<String>,
}

/// Implemented by hand, because the derive cannot take bounds from constants.
impl<const DEFAULT: u8> IntoParams for Paging<DEFAULT> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, description: &str, schema: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(schema))
                .build()
        };
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(Limit::MAX))
            .default(Some(DEFAULT.into()));
        let cursor = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(LONGEST_CURSOR))
            .pattern(Some("^[A-Za-z0-9_-]+$"));
        let about_cursor = "The `next_cursor` of the previous page, sent with the same parameters as that page. \
                            Leave it out for the first page.";
        vec![parameter("limit", "The most items to return.", limit), parameter("cursor", about_cursor, cursor)]
    }
}

impl<const DEFAULT: u8> QueryParameters for Paging<DEFAULT> {
    fn code(name: &str) -> Code {
        if name == "limit" { Code::INVALID_LIMIT } else { Code::INVALID_QUERY }
    }
}

/// The most items of a page: 1 to [`Limit::MAX`]. A request without a limit gets `DEFAULT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit<const DEFAULT: u8>(pub Limit);

impl<const DEFAULT: u8> Default for PageLimit<DEFAULT> {
    fn default() -> Self {
        Self(const { Limit::new(DEFAULT).expect("the default is a limit") })
    }
}

impl<'de, const DEFAULT: u8> Deserialize<'de> for PageLimit<DEFAULT> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map(Self)
            .map_err(|_: InvalidLimit| D::Error::custom(format!("must be a whole number from 1 to {}", Limit::MAX)))
    }
}

/// The version of the format of cursors. Cursors of another version are refused.
const VERSION: u8 = 2;

/// The longest cursor that is decoded, in characters. Real cursors have at most some 400.
const LONGEST_CURSOR: usize = 2_048;

/// Identifies the list that a cursor belongs to: a hash of the list's name and of everything that narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListId([u8; 8]);

/// The end of a page of a list. The next page begins after it, even if items were added meanwhile.
pub trait Position: Serialize + DeserializeOwned {
    /// Whether a list can have such a position. A client can forge the bytes of a cursor.
    fn is_possible(&self) -> bool {
        true
    }
}

/// The last item of a list that is ordered by id: the id's 128 bits.
impl Position for u128 {}

impl ListId {
    /// The id of the list `name`, narrowed by `parts`. An absent part differs from an empty one.
    pub fn new(name: &str, parts: &[Option<&str>]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(Some(name)).chain(parts.iter().copied()) {
            // A length precedes each part, so that no two lists hash the same bytes.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(part.unwrap_or_default());
        }
        let mut id = [0; 8];
        id.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
        Self(id)
    }

    /// The cursor after a position: base64url of a version byte, the list's id, and the position in `postcard`'s
    /// format.
    ///
    /// # Errors
    /// 500 for a position that does not serialize, which is a mistake in its type.
    pub fn cursor<P: Position>(self, position: &P) -> Result<String, ApiError> {
        let head = [&[VERSION], &self.0[..]].concat();
        let bytes = postcard::to_extend(position, head).map_err(ApiError::internal)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The position that a cursor of this list holds.
    ///
    /// # Errors
    /// 400 `invalid_cursor` for any text that [`ListId::cursor`] does not return for this list.
    pub fn position<P: Position>(self, cursor: &str) -> Result<P, ApiError> {
        self.decode(cursor).ok_or_else(invalid_cursor)
    }

    fn decode<P: Position>(self, cursor: &str) -> Option<P> {
        if cursor.len() > LONGEST_CURSOR {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let position = bytes.strip_prefix(&[VERSION])?.strip_prefix(&self.0)?;
        match postcard::take_from_bytes::<P>(position).ok()? {
            (position, []) if position.is_possible() => Some(position),
            _ => None,
        }
    }
}

/// 400 `invalid_cursor`.
pub fn invalid_cursor() -> ApiError {
    let detail =
        "This list did not return the cursor, or what it lists has changed since. Start again without a cursor.";
    ApiError::new(Code::INVALID_CURSOR, detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Query;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Share(f32);

    impl Position for Share {
        fn is_possible(&self) -> bool {
            (0.0..=1.0).contains(&self.0)
        }
    }

    fn refused(list: ListId, cursor: &str) -> bool {
        list.position::<u128>(cursor).is_err_and(|error| error.code() == Code::INVALID_CURSOR)
    }

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_position(
            id: u128, name in "[a-z]{1,9}", part in proptest::option::of(".{0,9}")
        ) {
            let list = ListId::new(&name, &[part.as_deref()]);
            prop_assert_eq!(list.position::<u128>(&list.cursor(&id).unwrap()).unwrap(), id);
        }

        #[test]
        fn a_cursor_of_another_list_is_refused(
            id: u128, a in proptest::option::of("[ab]{0,3}"), b in proptest::option::of("[ab]{0,3}")
        ) {
            let cursor = ListId::new("freelancers", &[a.as_deref(), None]).cursor(&id).unwrap();
            prop_assert_eq!(refused(ListId::new("freelancers", &[None, a.as_deref()]), &cursor), a.is_some());
            prop_assert!(refused(ListId::new("projects", &[a.as_deref(), None]), &cursor));
            prop_assert_eq!(refused(ListId::new("freelancers", &[b.as_deref(), None]), &cursor), a != b);
        }

        #[test]
        fn other_text_is_refused(text in "\\PC{0,40}") {
            prop_assert!(refused(ListId::new("freelancers", &[]), &text));
        }
    }

    #[test]
    fn a_truncated_padded_or_endless_cursor_is_refused() {
        let list = ListId::new("projects", &[]);
        let cursor = list.cursor(&9_u128).unwrap();
        for wrong in
            [&cursor[..cursor.len() - 1], &format!("{cursor}="), &format!("{cursor}AA"), "", &"A".repeat(9_000)]
        {
            assert!(refused(list, wrong), "{wrong}");
        }
    }

    #[test]
    fn a_cursor_of_the_first_version_is_refused() {
        // The list `freelancers` without filters, after the id 01JD8ZB7M4Q9R2S5T8V1W3X6Y0.
        let list = ListId::new("freelancers", &[]);
        let old = [&[1][..], &list.0, &[0; 16]].concat();
        assert!(refused(list, &BASE64_URL_SAFE_NO_PAD.encode(old)));
    }

    #[test]
    fn an_impossible_position_is_refused() {
        let list = ListId::new("shares", &[]);
        assert_eq!(list.position::<Share>(&list.cursor(&Share(0.5)).unwrap()).unwrap(), Share(0.5));
        for share in [1.5, -0.5, f32::NAN] {
            assert!(list.position::<Share>(&list.cursor(&Share(share)).unwrap()).is_err(), "{share}");
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_in_range() {
        let read = |query: &str| Query::<Paging<20>>::parse(query).map(|Query(paging)| paging.limit.0.get());
        assert_eq!((read("").unwrap(), read("limit=1").unwrap(), read("limit=100").unwrap()), (20, 1, 100));
        for wrong in ["", "0", "101", "%2B5", "-1", "5.0", "five", "%D9%A5", "+5", "1e1", "99999999999999999999"] {
            let error = read(&format!("limit={wrong}")).unwrap_err();
            assert_eq!(
                (error.code(), error.detail()),
                (Code::INVALID_LIMIT, "limit must be a whole number from 1 to 100.")
            );
        }
    }

    #[test]
    fn the_documented_bounds_are_those_of_the_limit() {
        let limit = serde_json::to_value(&Paging::<10>::into_params(|| None)[0]).unwrap();
        let schema = serde_json::json!({"type": "integer", "minimum": 1, "maximum": Limit::MAX, "default": 10});
        assert_eq!((&limit["name"], &limit["required"], &limit["schema"]), (&"limit".into(), &false.into(), &schema));
    }
}
