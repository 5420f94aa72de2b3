//! Bounded pages of long lists: how many items, and where the next page begins.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ulid::Ulid;

use crate::hash::fnv1a_64;

/// How many items one page holds: 1 to [`Limit::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u8);

/// The text is not a whole number from 1 to [`Limit::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit must be a whole number from 1 to {}", Limit::MAX)]
pub struct InvalidLimit;

impl Limit {
    /// The most items of one page.
    pub const MAX: u8 = 100;
    /// The largest page.
    pub const LARGEST: Self = Self(Self::MAX);
    /// What a list returns when it is not told.
    pub const OF_LISTS: Self = Self(20);
    /// What a ranking returns when it is not told.
    pub const OF_MATCHES: Self = Self(10);

    /// The limit that a query names, or `default` where it names none.
    ///
    /// # Errors
    /// [`InvalidLimit`] unless the text is digits alone and from 1 to [`Limit::MAX`].
    pub fn parse(text: Option<&str>, default: Self) -> Result<Self, InvalidLimit> {
        let Some(text) = text else { return Ok(default) };
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        match text.parse() {
            Ok(limit @ 1..=Self::MAX) if digits => Ok(Self(limit)),
            _ => Err(InvalidLimit),
        }
    }

    /// The number.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// Which list a cursor belongs to: a hash of the list's name and of everything that narrows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query(u64);

impl Query {
    /// The query for the list `name`, narrowed by `parts`. A part that is not given is another query than an empty one.
    pub fn new(name: &str, parts: &[Option<&str>]) -> Self {
        let mut bytes = Vec::new();
        for part in std::iter::once(Some(name)).chain(parts.iter().copied()) {
            // A length before each part, so that no two queries spell the same bytes.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part.unwrap_or_default().as_bytes());
        }
        Self(fnv1a_64(&bytes))
    }
}

/// Where in a list a page ends, as bytes.
pub trait Position: Sized {
    /// The position as bytes.
    fn to_bytes(&self) -> Vec<u8>;

    /// The position that `to_bytes` wrote; `None` for any other bytes.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

/// The last item of a list ordered by id.
impl Position for Ulid {
    fn to_bytes(&self) -> Vec<u8> {
        Ulid::to_bytes(self).to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Ulid::from_bytes)
    }
}

/// The end of one page of one query: the next page begins after it, whatever was added meanwhile.
///
/// A client sees opaque text: base64url of a version byte, the query's hash and the position. It holds no secret and needs
/// no signature: whoever makes one up reads a public list from another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<P> {
    /// The query whose list it stands in.
    pub query: Query,
    /// The last item of the page.
    pub after: P,
}

/// The text is no cursor, one of another version, or one of another query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor was not made by this query")]
pub struct InvalidCursor;

impl<P: Position> Cursor<P> {
    const VERSION: u8 = 1;

    /// The position that a cursor of `query` holds.
    ///
    /// # Errors
    /// [`InvalidCursor`] for anything that `Display` did not print for the same query.
    pub fn parse(text: &str, query: Query) -> Result<P, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let (version, rest) = bytes.split_first().ok_or(InvalidCursor)?;
        let (hash, position) = rest.split_first_chunk::<8>().ok_or(InvalidCursor)?;
        if *version != Self::VERSION || u64::from_be_bytes(*hash) != query.0 {
            return Err(InvalidCursor);
        }
        P::from_bytes(position).ok_or(InvalidCursor)
    }
}

impl<P: Position> fmt::Display for Cursor<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![Self::VERSION];
        bytes.extend_from_slice(&self.query.0.to_be_bytes());
        bytes.extend_from_slice(&self.after.to_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_position(bits: u128, name in "[a-z]{1,9}", part in proptest::option::of(".{0,9}")) {
            let query = Query::new(&name, &[part.as_deref()]);
            let cursor = Cursor { query, after: Ulid(bits) };
            prop_assert_eq!(Cursor::parse(&cursor.to_string(), query), Ok(Ulid(bits)));
        }

        #[test]
        fn a_cursor_of_another_query_is_refused(bits: u128, a in proptest::option::of("[ab]{0,3}"), b in proptest::option::of("[ab]{0,3}")) {
            let cursor = Cursor { query: Query::new("freelancers", &[a.as_deref(), None]), after: Ulid(bits) }.to_string();
            let read = |query| Cursor::<Ulid>::parse(&cursor, query);
            prop_assert_eq!(read(Query::new("freelancers", &[None, a.as_deref()])).is_ok(), a.is_none());
            prop_assert_eq!(read(Query::new("projects", &[a.as_deref(), None])), Err(InvalidCursor));
            prop_assert_eq!(read(Query::new("freelancers", &[b.as_deref(), None])).is_ok(), a == b);
        }

        #[test]
        fn what_is_no_cursor_is_refused(text in "\\PC{0,40}") {
            prop_assert_eq!(Cursor::<Ulid>::parse(&text, Query::new("freelancers", &[])), Err(InvalidCursor));
        }

        #[test]
        fn a_limit_is_a_plain_number_in_range(number in 0..300_u32) {
            let parsed = Limit::parse(Some(&number.to_string()), Limit::OF_LISTS);
            prop_assert_eq!(parsed.is_ok(), (1..=100).contains(&number));
            if let Ok(limit) = parsed {
                prop_assert_eq!(limit.get(), number as usize);
            }
        }
    }

    #[test]
    fn limits_that_are_no_plain_numbers_are_refused() {
        for text in ["", "+5", "-1", "5.0", "five", "٥", " 5", "1e1", "99999999999999999999"] {
            assert_eq!(Limit::parse(Some(text), Limit::OF_LISTS), Err(InvalidLimit), "{text}");
        }
        assert_eq!(Limit::parse(None, Limit::OF_MATCHES), Ok(Limit::OF_MATCHES));
    }

    #[test]
    fn a_truncated_or_padded_cursor_is_refused() {
        let query = Query::new("projects", &[]);
        let text = Cursor { query, after: Ulid(9) }.to_string();
        for wrong in [&text[..text.len() - 1], &format!("{text}="), &format!("{text}A"), ""] {
            assert_eq!(Cursor::<Ulid>::parse(wrong, query), Err(InvalidCursor), "{wrong}");
        }
    }
}
