//! A shard of a pool: the segments that one of several functions holds.

use std::fmt;
use std::str::FromStr;

use ulid::Ulid;

use crate::blocks::block_of;
use crate::keys::SEGMENTS;

/// One of several shards of a pool. It holds whole segments. Written `2/4`; the first of four is `1/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `of`.
    number: u32,
    /// From 1 to [`SEGMENTS`].
    of: u32,
}

/// The text is not a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("PAIRWORK_POOL_SHARD must be a shard and the number of shards, at most 16, e.g. 2/4")]
pub struct ParseShardError;

impl Shard {
    /// The only shard of a pool that is not divided.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// `None` if the number is not from 1 to `of`, or if there are more shards than segments.
    pub fn new(number: usize, of: usize) -> Option<Self> {
        let (number, of) = (u32::try_from(number).ok()?, u32::try_from(of).ok()?);
        (1..=of).contains(&number).then_some(Self { number, of }).filter(|_| of <= SEGMENTS)
    }

    /// Whether a segment belongs to this shard: both numbers have the same remainder.
    pub(crate) fn holds_segment(self, segment: u32) -> bool {
        segment % self.of == self.number % self.of
    }

    /// Whether the row of an id is in one of this shard's segments.
    pub fn holds(self, id: Ulid) -> bool {
        self.holds_segment(block_of(id) % SEGMENTS)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = ParseShardError;

    fn from_str(text: &str) -> Result<Self, ParseShardError> {
        let (number, of) = text.split_once('/').ok_or(ParseShardError)?;
        let read = |text: &str| text.parse().map_err(|_| ParseShardError);
        Self::new(read(number)?, read(of)?).ok_or(ParseShardError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_and_every_segment_is_in_exactly_one_shard() {
        for of in 1..=16 {
            let shards: Vec<Shard> = (1..=of).map(|number| Shard::new(number, of).unwrap()).collect();
            for segment in 0..SEGMENTS {
                assert_eq!(shards.iter().filter(|shard| shard.holds_segment(segment)).count(), 1, "{segment} of {of}");
            }
            for id in 0..100 {
                assert_eq!(shards.iter().filter(|shard| shard.holds(Ulid(id))).count(), 1, "{id} of {of}");
            }
        }
        assert!((0..100).all(|id| Shard::WHOLE.holds(Ulid(id))));
    }

    #[test]
    fn an_id_is_in_the_shard_of_its_block() {
        let shard = Shard::new(2, 4).unwrap();
        for id in (0..1_000).map(Ulid) {
            assert_eq!(shard.holds(id), block_of(id) % SEGMENTS % 4 == 2);
        }
    }

    #[test]
    fn a_shard_prints_the_text_that_it_parses() {
        for text in ["1/1", "2/4", "16/16"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "2", "0/4", "5/4", "1/17", "1/0", "/4", "2/", "2/4/4", "-1/4"] {
            assert_eq!(text.parse::<Shard>(), Err(ParseShardError), "{text}");
        }
    }
}
