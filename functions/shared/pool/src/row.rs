//! Rows, and their bytes in feed items and blocks.
//!
//! ```text
//! rows   = format (1 byte: 1), row*
//! row    = id (16 bytes, big-endian), revision (8 bytes, big-endian), length (4 bytes, big-endian), body
//! body   = `length` bytes; if `length` is 2³² − 1 the row is a tombstone, and the body is
//!          the time of the removal (8 bytes, big-endian, milliseconds since 1970)
//! ```

use std::cmp::Ordering;

use jiff::Timestamp;
use ulid::Ulid;

/// The version of the format.
const FORMAT: u8 = 1;
/// The length that marks a tombstone.
const TOMBSTONE: u32 = u32::MAX;
/// The size of id, revision and length, in bytes.
const HEADER_BYTES: usize = 16 + 8 + 4;

/// Orders the states of one record: first by its creation, then by version. A record that was deleted and created again
/// starts at version 1 with a later creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// Bits of a version. A record with more commits keeps the last revision. The last row that arrives then wins.
    const VERSION_BITS: u32 = 22;

    /// The revision of a record's state.
    pub fn new(created_at: Timestamp, version: u64) -> Self {
        let created_ms = u64::try_from(created_at.as_millisecond()).unwrap_or(0);
        let newest = (1 << Self::VERSION_BITS) - 1;
        // 42 bits of milliseconds last until 2109.
        Self(created_ms << Self::VERSION_BITS | version.min(newest))
    }

    /// The last revision of a record that was created at this time. It supersedes every other state of the record.
    pub fn last(created_at: Timestamp) -> Self {
        Self::new(created_at, u64::MAX)
    }

    /// The revision as a number, for storing it in columns.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The revision with this number.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

/// One row of a pool, or its tombstone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<B = Vec<u8>> {
    /// The id of the record.
    pub id: Ulid,
    /// The state of the record that the row was made from.
    pub revision: Revision,
    /// The content of the row.
    pub change: Change<B>,
}

/// The content of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<B> {
    /// The record's packed body.
    Put(B),
    /// The record was removed at this time.
    Tombstone(Timestamp),
}

/// Bytes that do not hold rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRows {
    /// The first byte names another format, or there is none.
    #[error("rows of an unknown format")]
    Format,
    /// The bytes end within a row, or a time is out of range.
    #[error("a row is cut off or broken")]
    Row,
}

impl<B: AsRef<[u8]>> Row<B> {
    /// Adds the row's bytes to rows begun by [`begin`].
    pub(crate) fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.id.to_bytes());
        bytes.extend(self.revision.0.to_be_bytes());
        match &self.change {
            Change::Put(body) => {
                let body = body.as_ref();
                // Bodies are a few kilobytes. A body of 4 GB would not be stored anyway.
                bytes.extend(u32::try_from(body.len()).unwrap_or(TOMBSTONE - 1).to_be_bytes());
                bytes.extend(body);
            }
            Change::Tombstone(at) => {
                bytes.extend(TOMBSTONE.to_be_bytes());
                bytes.extend(at.as_millisecond().to_be_bytes());
            }
        }
    }

    /// The number of bytes that [`Row::append_to`] adds.
    pub(crate) fn len(&self) -> usize {
        HEADER_BYTES
            + match &self.change {
                Change::Put(body) => body.as_ref().len(),
                Change::Tombstone(_) => 8,
            }
    }

    /// The same row with a borrowed body.
    pub(crate) fn borrowed(&self) -> Row<&[u8]> {
        let change = match &self.change {
            Change::Put(body) => Change::Put(body.as_ref()),
            Change::Tombstone(at) => Change::Tombstone(*at),
        };
        Row { id: self.id, revision: self.revision, change }
    }

    /// Whether this row replaces `other`, a row of the same record.
    pub(crate) fn supersedes<C>(&self, other: &Row<C>) -> bool {
        self.revision.cmp(&other.revision) != Ordering::Less
    }
}

impl Row<&[u8]> {
    /// The same row with an owned body.
    pub(crate) fn into_owned(self) -> Row {
        let change = match self.change {
            Change::Put(body) => Change::Put(body.to_vec()),
            Change::Tombstone(at) => Change::Tombstone(at),
        };
        Row { id: self.id, revision: self.revision, change }
    }
}

/// Starts a list of rows.
pub(crate) fn begin() -> Vec<u8> {
    vec![FORMAT]
}

/// Reads the rows in the order in which they were appended.
pub(crate) fn read(bytes: &[u8]) -> impl Iterator<Item = Result<Row<&[u8]>, MalformedRows>> {
    let (mut rest, mut refusal) = match bytes.split_first() {
        Some((&FORMAT, rows)) => (rows, None),
        _ => (&[][..], Some(MalformedRows::Format)),
    };
    std::iter::from_fn(move || {
        if let Some(refusal) = refusal.take() {
            return Some(Err(refusal));
        }
        if rest.is_empty() {
            return None;
        }
        let Some((row, behind)) = split_row(rest) else {
            rest = &[];
            return Some(Err(MalformedRows::Row));
        };
        rest = behind;
        Some(Ok(row))
    })
}

fn split_row(bytes: &[u8]) -> Option<(Row<&[u8]>, &[u8])> {
    let (id, bytes) = bytes.split_first_chunk::<16>()?;
    let (revision, bytes) = bytes.split_first_chunk::<8>()?;
    let (length, bytes) = bytes.split_first_chunk::<4>()?;
    let (change, rest) = match u32::from_be_bytes(*length) {
        TOMBSTONE => {
            let (at, rest) = bytes.split_first_chunk::<8>()?;
            (Change::Tombstone(Timestamp::from_millisecond(i64::from_be_bytes(*at)).ok()?), rest)
        }
        length => {
            let (body, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
            (Change::Put(body), rest)
        }
    };
    let revision = Revision(u64::from_be_bytes(*revision));
    Some((Row { id: Ulid::from_bytes(*id), revision, change }, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let body = prop::collection::vec(any::<u8>(), 0..40);
        let change = prop_oneof![
            body.prop_map(Change::Put),
            (0..4_000_000_000_000_i64).prop_map(|milliseconds| Change::Tombstone(at(milliseconds))),
        ];
        let row = (any::<u128>(), any::<u64>(), change).prop_map(|(id, revision, change)| Row {
            id: Ulid(id),
            revision: Revision(revision),
            change,
        });
        prop::collection::vec(row, 0..8)
    }

    fn bytes_of(rows: &[Row]) -> Vec<u8> {
        let mut bytes = begin();
        rows.iter().for_each(|row| row.append_to(&mut bytes));
        bytes
    }

    fn owned(row: Row<&[u8]>) -> Row {
        let change = match row.change {
            Change::Put(body) => Change::Put(body.to_vec()),
            Change::Tombstone(at) => Change::Tombstone(at),
        };
        Row { id: row.id, revision: row.revision, change }
    }

    proptest! {
        #[test]
        fn rows_survive_as_bytes(rows in rows()) {
            let bytes = bytes_of(&rows);
            prop_assert_eq!(bytes.len(), 1 + rows.iter().map(Row::len).sum::<usize>());
            let again: Result<Vec<_>, _> = read(&bytes).map(|row| row.map(owned)).collect();
            prop_assert_eq!(again, Ok(rows));
        }

        #[test]
        fn a_cut_is_noticed(rows in rows(), cut in 1..20_usize) {
            let bytes = bytes_of(&rows);
            let Some(short) = bytes.len().checked_sub(cut).filter(|length| *length > 0) else { return Ok(()) };
            let read: Vec<_> = read(&bytes[..short]).collect();
            // A cut between two rows cannot be detected, but then a row is missing.
            prop_assert!(read.len() < rows.len() || read.last() == Some(&Err(MalformedRows::Row)));
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes).count() <= bytes.len() + 1);
        }
    }

    #[test]
    fn another_format_is_refused() {
        assert_eq!(read(&[]).collect::<Vec<_>>(), [Err(MalformedRows::Format)]);
        assert_eq!(read(&[9, 1, 2]).collect::<Vec<_>>(), [Err(MalformedRows::Format)]);
    }

    #[test]
    fn revisions_rise_with_commits_and_with_later_creations() {
        let rising = [
            Revision::new(at(1_000), 1),
            Revision::new(at(1_000), 2),
            Revision::new(at(1_000), u64::MAX),
            Revision::new(at(1_001), 1),
            Revision::new("2100-01-01T00:00:00Z".parse().unwrap(), 1),
        ];
        assert!(rising.is_sorted_by(|earlier, later| earlier < later), "{rising:?}");
    }
}
