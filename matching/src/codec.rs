//! Encodes a [`PackedTalent`] as bytes, the form in which a store keeps a freelancer for matching.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the layout's version, [`LAYOUT`] |
//! | 1 | whether the last two of the following are known, a bit each |
//! | 3 | rating, hire rate, response time: each in 250ths of its range, or 255 |
//! | 4, where known | last seen (seconds since 1970) |
//! | 10, where known | activity: three sums (the upper halves of f32) and when they were true (seconds since 1970) |
//! | 1, and 5 each | skills: how many; hash (4), 1 + jobs (1), hashes rising |
//! | 1, and 5 each | words: how many; hash (4), weight × rarity (1), hashes rising |
//! | 1, where there are words | volume |
//!
//! Numbers are little-endian. Equal talents have equal bytes. Decoding checks everything, so bytes never decode to a
//! talent that could not have been packed.

use crate::activity::HALF_LIVES;
use crate::numbers::NEVER;
use crate::packed::{
    NO_VOLUME, PACKED_SKILLS, PACKED_TERMS, PackedTalent, Rounded, STANDING, State, is_share, term_scale,
};

/// The layout that this build writes and reads.
const LAYOUT: u8 = 2;

const LAST_ACTIVE: u8 = 1;
const ACTIVITY: u8 = 1 << 1;
const ALL: u8 = LAST_ACTIVE | ACTIVITY;

/// Why bytes could not be decoded as a talent or a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The layout's version is unknown to this build.
    #[error("unknown layout: {got}")]
    UnknownLayout {
        /// The layout's version.
        got: u8,
    },
    /// The bytes end too early.
    #[error("the bytes end too early")]
    TooShort,
    /// Bytes follow the end of the layout.
    #[error("{extra} bytes are left over")]
    TooLong {
        /// The number of extra bytes.
        extra: usize,
    },
    /// A part has a value that the encoder never writes.
    #[error("impossible {what}")]
    Impossible {
        /// The part.
        what: &'static str,
    },
}

impl PackedTalent {
    /// Appends this talent's bytes.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        let State { last_active_at, activity_as_of, activity, term_scale: _, standing } = self.state;
        let is_known = |bit: u8, at: u32| if at == NEVER { 0 } else { bit };
        bytes.extend([LAYOUT, is_known(LAST_ACTIVE, last_active_at) | is_known(ACTIVITY, activity_as_of)]);
        bytes.extend(standing);
        if last_active_at != NEVER {
            bytes.extend(last_active_at.to_le_bytes());
        }
        if activity_as_of != NEVER {
            bytes.extend(activity.into_iter().flat_map(Rounded::to_bytes));
            bytes.extend(activity_as_of.to_le_bytes());
        }
        for list in [&self.skills, &self.terms] {
            bytes.push(list.len() as u8); // at most PACKED_SKILLS, PACKED_TERMS
            for (hash, value) in list {
                bytes.extend(hash.to_le_bytes());
                bytes.push(*value);
            }
        }
        if !self.terms.is_empty() {
            bytes.push(self.volume);
        }
    }

    /// Decodes a talent, which must fill the bytes.
    ///
    /// # Errors
    /// A [`CodecError`] for any bytes that [`encode`](Self::encode) would not write.
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
        let standing = reader.array()?;
        if let Some(place) = standing.iter().position(|&byte| !is_share(byte)) {
            return Err(CodecError::Impossible { what: STANDING[place].name() });
        }
        let last_active_at = if known & LAST_ACTIVE == 0 { NEVER } else { reader.seconds("last activity")? };
        let (mut activity, mut activity_as_of) = ([Rounded::default(); HALF_LIVES], NEVER);
        if known & ACTIVITY != 0 {
            for sum in &mut activity {
                *sum = Rounded::from_bytes(reader.array()?).ok_or(CodecError::Impossible { what: "activity" })?;
            }
            activity_as_of = reader.seconds("activity")?;
        }
        let skills = reader.list(PACKED_SKILLS, "skills")?;
        let terms = reader.list(PACKED_TERMS, "words")?;
        let volume = if terms.is_empty() { NO_VOLUME } else { reader.array().map(|[volume]| volume)? };
        if volume == 0 {
            return Err(CodecError::Impossible { what: "volume" });
        }
        reader.end()?;
        let term_scale = term_scale(&terms, volume);
        let state = State { last_active_at, activity_as_of, activity, term_scale, standing };
        Ok(Self { skills, terms, volume, state })
    }
}

/// The bytes that have not been read yet.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads a count of two bytes, then that many chunks of `N` bytes.
    pub(crate) fn chunks<const N: usize>(
        &mut self,
        most: usize,
        what: &'static str,
    ) -> Result<&'a [[u8; N]], CodecError> {
        let count = usize::from(u16::from_le_bytes(self.array()?));
        if count > most {
            return Err(CodecError::Impossible { what });
        }
        let (bytes, rest) = self.0.split_at_checked(count * N).ok_or(CodecError::TooShort)?;
        self.0 = rest;
        Ok(bytes.as_chunks().0)
    }

    /// # Errors
    /// [`CodecError::TooLong`] if bytes are left.
    pub(crate) fn end(&self) -> Result<(), CodecError> {
        match self.0.len() {
            0 => Ok(()),
            extra => Err(CodecError::TooLong { extra }),
        }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(CodecError::TooShort)?;
        self.0 = rest;
        Ok(*array)
    }

    fn seconds(&mut self, what: &'static str) -> Result<u32, CodecError> {
        let seconds = u32::from_le_bytes(self.array()?);
        if seconds == NEVER { Err(CodecError::Impossible { what }) } else { Ok(seconds) }
    }

    /// Reads at most `most` pairs of hash and value. Hashes ascend and values are above 0.
    fn list(&mut self, most: usize, what: &'static str) -> Result<Box<[(u32, u8)]>, CodecError> {
        let [length] = self.array()?;
        let length = usize::from(length);
        if length > most {
            return Err(CodecError::Impossible { what });
        }
        let (bytes, rest) = self.0.split_at_checked(length * 5).ok_or(CodecError::TooShort)?;
        self.0 = rest;
        // Checks while reading, without a branch: hashes ascend, values are above 0.
        let (mut before, mut is_sound) = (-1, true);
        let read = |&[a, b, c, d, value]: &[u8; 5]| {
            let hash = u32::from_le_bytes([a, b, c, d]);
            is_sound &= (i64::from(hash) > before) & (value > 0);
            before = i64::from(hash);
            (hash, value)
        };
        let list: Box<[(u32, u8)]> = bytes.as_chunks::<5>().0.iter().map(read).collect();
        if is_sound { Ok(list) } else { Err(CodecError::Impossible { what }) }
    }
}
