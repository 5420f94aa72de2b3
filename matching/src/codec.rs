//! A [`PackedTalent`] as bytes: what a store keeps of a freelancer for matching.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the layout's version, [`LAYOUT`] |
//! | 1 | which of the following are known, a bit each |
//! | 4 each, where known | rating, hire rate, response time (f32) |
//! | 4, where known | last seen (seconds since 1970) |
//! | 16, where known | activity: three sums (f32) and when they were true (seconds since 1970) |
//! | 1, and 5 each | skills: how many; hash (4), 1 + jobs (1), hashes rising |
//! | 1, and 5 each | words: how many; hash (4), weight (1), hashes rising |
//!
//! Numbers are little-endian. Equal talents have equal bytes. Reading checks everything: no bytes, however they came
//! about, give a talent that could not have been packed.

use crate::activity::HALF_LIVES;
use crate::features::Feature;
use crate::packed::{NEVER, PACKED_SKILLS, PACKED_TERMS, PackedTalent, State, term_scale};

/// The layout that is written and read.
const LAYOUT: u8 = 1;

const RATING: u8 = 1;
const HIRE_RATE: u8 = 1 << 1;
const RESPONSE_TIME: u8 = 1 << 2;
const LAST_ACTIVE: u8 = 1 << 3;
const ACTIVITY: u8 = 1 << 4;
const ALL: u8 = RATING | HIRE_RATE | RESPONSE_TIME | LAST_ACTIVE | ACTIVITY;

/// Bytes that are no talent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Written by another build, in a way that this one does not know.
    #[error("unknown layout of a talent: {got}, this build reads {LAYOUT}")]
    UnknownLayout {
        /// The layout's version.
        got: u8,
    },
    /// The bytes end in the middle.
    #[error("a talent ends too early")]
    TooShort,
    /// More bytes than the talent needs.
    #[error("{extra} bytes follow a talent")]
    TooLong {
        /// How many.
        extra: usize,
    },
    /// A part that nobody can have.
    #[error("a talent's {what} cannot be")]
    Impossible {
        /// The part.
        what: &'static str,
    },
}

impl PackedTalent {
    /// Appends this talent's bytes.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        let State { rating, hire_rate, response_time, last_active_at, activity, activity_as_of, term_scale: _ } =
            self.state;
        let mut known = 0;
        for (bit, is_known) in [
            (RATING, !rating.is_nan()),
            (HIRE_RATE, !hire_rate.is_nan()),
            (RESPONSE_TIME, !response_time.is_nan()),
            (LAST_ACTIVE, last_active_at != NEVER),
            (ACTIVITY, activity_as_of != NEVER),
        ] {
            known |= if is_known { bit } else { 0 };
        }
        bytes.extend([LAYOUT, known]);
        for value in [rating, hire_rate, response_time].into_iter().filter(|value| !value.is_nan()) {
            bytes.extend(value.to_le_bytes());
        }
        if known & LAST_ACTIVE != 0 {
            bytes.extend(last_active_at.to_le_bytes());
        }
        if known & ACTIVITY != 0 {
            bytes.extend(activity.into_iter().flat_map(f32::to_le_bytes));
            bytes.extend(activity_as_of.to_le_bytes());
        }
        for list in [&self.skills, &self.terms] {
            bytes.push(list.len() as u8); // at most PACKED_SKILLS, PACKED_TERMS
            for (hash, value) in list {
                bytes.extend(hash.to_le_bytes());
                bytes.push(*value);
            }
        }
    }

    /// Reads a talent that fills the bytes.
    ///
    /// # Errors
    /// A [`CodecError`] for every bytes that [`encode`](Self::encode) would not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut reader = Reader(bytes);
        let [layout] = reader.array()?;
        if layout != LAYOUT {
            return Err(CodecError::UnknownLayout { got: layout });
        }
        let [known] = reader.array()?;
        if known & !ALL != 0 {
            return Err(CodecError::Impossible { what: "list of what is known" });
        }
        let mut standing = [f32::NAN; 3];
        for (bit, feature, value) in
            [(RATING, Feature::Rating, 0), (HIRE_RATE, Feature::HireRate, 1), (RESPONSE_TIME, Feature::ResponseTime, 2)]
        {
            if known & bit != 0 {
                let (low, high) = feature.range();
                standing[value] = reader.number(low..=high, feature.name())?;
            }
        }
        let [rating, hire_rate, response_time] = standing;
        let last_active_at = if known & LAST_ACTIVE == 0 { NEVER } else { reader.seconds("last activity")? };
        let (mut activity, mut activity_as_of) = ([0.0; HALF_LIVES], NEVER);
        if known & ACTIVITY != 0 {
            for sum in &mut activity {
                *sum = reader.number(0.0..=f32::MAX, "activity")?;
            }
            activity_as_of = reader.seconds("activity")?;
        }
        let skills = reader.list(PACKED_SKILLS, "skills")?;
        let terms = reader.list(PACKED_TERMS, "words")?;
        if !reader.0.is_empty() {
            return Err(CodecError::TooLong { extra: reader.0.len() });
        }
        let term_scale = term_scale(&terms);
        let state = State { rating, hire_rate, response_time, last_active_at, activity, activity_as_of, term_scale };
        Ok(Self { skills, terms, state })
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(CodecError::TooShort)?;
        self.0 = rest;
        Ok(*array)
    }

    fn number(&mut self, range: std::ops::RangeInclusive<f32>, what: &'static str) -> Result<f32, CodecError> {
        let value = f32::from_le_bytes(self.array()?);
        // A minus zero would be equal to zero and have other bytes.
        let is_possible = range.contains(&value) && value.is_sign_positive();
        if is_possible { Ok(value) } else { Err(CodecError::Impossible { what }) }
    }

    fn seconds(&mut self, what: &'static str) -> Result<u32, CodecError> {
        let seconds = u32::from_le_bytes(self.array()?);
        if seconds == NEVER { Err(CodecError::Impossible { what }) } else { Ok(seconds) }
    }

    /// At most so many (hash, value), hashes rising, values above 0.
    fn list(&mut self, most: usize, what: &'static str) -> Result<Box<[(u32, u8)]>, CodecError> {
        let [length] = self.array()?;
        let length = usize::from(length);
        if length > most {
            return Err(CodecError::Impossible { what });
        }
        let (bytes, rest) = self.0.split_at_checked(length * 5).ok_or(CodecError::TooShort)?;
        self.0 = rest;
        let read = |&[a, b, c, d, value]: &[u8; 5]| (u32::from_le_bytes([a, b, c, d]), value);
        let list: Box<[(u32, u8)]> = bytes.as_chunks::<5>().0.iter().map(read).collect();
        let rises = list.is_sorted_by(|left, right| left.0 < right.0);
        if rises && list.iter().all(|&(_, value)| value > 0) { Ok(list) } else { Err(CodecError::Impossible { what }) }
    }
}
