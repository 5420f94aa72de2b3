//! What the parts of a divided pool are asked and answer, as serde writes and reads it: every bit as it was.
//!
//! Floats and ids travel as whole numbers of 32 bits. JSON has no NaN, and not every reader of decimals or of long
//! numbers gives back the number that was written; a score that differs in its last bit would make another page. What
//! is read is held to the same rules as what is computed, so a broken message is refused and never ranked.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::activity::{HALF_LIVES, Pace};
use crate::exposure::Shown;
use crate::features::{FEATURE_COUNT, Features};
use crate::pair::PreparedNeed;
use crate::pool::{Place, Ranking, SharedPosition, TwoRankings};
use crate::rank::{Match, Position};
use crate::statistics::PoolStatistics;
use crate::wanted::Wanted;

/// What words of 32 bits and lists of them say exactly.
trait Words: Sized {
    /// As serde writes it.
    type Words: Serialize + DeserializeOwned;

    fn to_words(&self) -> Self::Words;

    /// `None` for what [`to_words`](Self::to_words) never gives.
    fn from_words(words: Self::Words) -> Option<Self>;
}

/// A finite number.
impl Words for f32 {
    type Words = u32;

    fn to_words(&self) -> u32 {
        self.to_bits()
    }

    fn from_words(words: u32) -> Option<Self> {
        Some(Self::from_bits(words)).filter(|value| value.is_finite())
    }
}

/// A finite number: the upper half, then the lower.
impl Words for f64 {
    type Words = [u32; 2];

    fn to_words(&self) -> [u32; 2] {
        let bits = self.to_bits();
        [(bits >> 32) as u32, bits as u32]
    }

    fn from_words([high, low]: [u32; 2]) -> Option<Self> {
        Some(Self::from_bits(u64::from(high) << 32 | u64::from(low))).filter(|value| value.is_finite())
    }
}

/// The upper quarter first.
impl Words for u128 {
    type Words = [u32; 4];

    fn to_words(&self) -> [u32; 4] {
        std::array::from_fn(|quarter| (self >> (96 - 32 * quarter)) as u32)
    }

    fn from_words(words: [u32; 4]) -> Option<Self> {
        Some(words.into_iter().fold(0, |id, word| id << 32 | Self::from(word)))
    }
}

/// Hashes with weights.
impl Words for Wanted {
    type Words = Vec<(u32, u32)>;

    fn to_words(&self) -> Vec<(u32, u32)> {
        self.iter().map(|(hash, weight)| (*hash, weight.to_words())).collect()
    }

    fn from_words(words: Vec<(u32, u32)>) -> Option<Self> {
        // Rising, each once: everything that looks a hash up relies on it.
        let rises = words.is_sorted_by(|(before, _), (after, _)| before < after);
        let weighed = words.into_iter().map(|(hash, weight)| Some((hash, f32::from_words(weight)?)));
        weighed.collect::<Option<_>>().filter(|_| rises)
    }
}

fn each<T: Words, const N: usize>(words: [T::Words; N]) -> Option<[T; N]> {
    let values: Option<Vec<T>> = words.into_iter().map(T::from_words).collect();
    values?.try_into().ok()
}

/// NaN where not known.
impl Words for Features {
    type Words = [u32; FEATURE_COUNT];

    fn to_words(&self) -> Self::Words {
        self.row().map(f32::to_bits)
    }

    fn from_words(words: Self::Words) -> Option<Self> {
        Self::new(words.map(f32::from_bits).map(|value| (!value.is_nan()).then_some(value))).ok()
    }
}

/// Score and id.
impl Words for Position<u128> {
    type Words = (u32, [u32; 4]);

    fn to_words(&self) -> Self::Words {
        (self.score.to_words(), self.id.to_words())
    }

    fn from_words((score, id): Self::Words) -> Option<Self> {
        Some(Self { score: f32::from_words(score)?, id: u128::from_words(id)? })
    }
}

/// Score, id and features.
impl Words for Match<u128> {
    type Words = (u32, [u32; 4], [u32; FEATURE_COUNT]);

    fn to_words(&self) -> Self::Words {
        (self.score.to_words(), self.id.to_words(), self.features.to_words())
    }

    fn from_words((score, id, features): Self::Words) -> Option<Self> {
        let (score, id) = (f32::from_words(score)?, u128::from_words(id)?);
        Some(Self { id, score, features: Features::from_words(features)? })
    }
}

/// How many were scored, and the best.
impl Words for Ranking {
    type Words = (usize, Vec<Match<u128>>);

    fn to_words(&self) -> Self::Words {
        (self.scored, self.matches.clone())
    }

    fn from_words((scored, matches): Self::Words) -> Option<Self> {
        Some(Self { scored, matches })
    }
}

/// How many were scored, the best newcomers, and the best others.
impl Words for TwoRankings {
    type Words = (usize, Vec<Match<u128>>, Vec<Match<u128>>);

    fn to_words(&self) -> Self::Words {
        (self.scored, self.newcomers.clone(), self.others.clone())
    }

    fn from_words((scored, newcomers, others): Self::Words) -> Option<Self> {
        Some(Self { scored, newcomers, others })
    }
}

/// Rank, from 1, how many others there are, and score.
impl Words for Place {
    type Words = (usize, usize, u32);

    fn to_words(&self) -> Self::Words {
        (self.rank, self.others, self.score.to_words())
    }

    fn from_words((rank, others, score): Self::Words) -> Option<Self> {
        Some(Self { rank, others, score: f32::from_words(score)? }).filter(|_| rank > 0)
    }
}

/// How many places have been shown, how many of them to newcomers, the last newcomer, and the last of the others.
impl Words for SharedPosition {
    type Words = (usize, usize, Option<Position<u128>>, Option<Position<u128>>);

    fn to_words(&self) -> Self::Words {
        (self.shown.places, self.shown.members, self.newcomer, self.other)
    }

    fn from_words((places, members, newcomer, other): Self::Words) -> Option<Self> {
        Some(Self { shown: Shown { places, members }, newcomer, other }).filter(|_| members <= places)
    }
}

/// The sums, their squares, and as of when, in seconds since 1970.
impl Words for Pace {
    type Words = ([[u32; 2]; HALF_LIVES], [[u32; 2]; HALF_LIVES], i64);

    fn to_words(&self) -> Self::Words {
        (self.sums.map(|sum| sum.to_words()), self.squares.map(|square| square.to_words()), self.as_of)
    }

    fn from_words((sums, squares, as_of): Self::Words) -> Option<Self> {
        Some(Self { sums: each(sums)?, squares: each(squares)?, as_of })
    }
}

/// How many freelancers, how many of them have each skill, and the pace.
impl Words for PoolStatistics {
    type Words = (u32, HashMap<u32, u32>, Pace);

    fn to_words(&self) -> Self::Words {
        (self.lists, self.containing.clone(), self.pace)
    }

    fn from_words((lists, containing, pace): Self::Words) -> Option<Self> {
        Some(Self { lists, containing, pace })
    }
}

/// Skills, words, as of when (seconds since 1970), the pool's factors for activity, and the least share of the skills.
impl Words for PreparedNeed {
    type Words = (Vec<(u32, u32)>, Vec<(u32, u32)>, u32, [u32; HALF_LIVES], u32);

    fn to_words(&self) -> Self::Words {
        let pace = self.pace.map(|factor| factor.to_words());
        (self.skills.to_words(), self.terms.to_words(), self.ranked_at, pace, self.least_overlap.to_words())
    }

    fn from_words((skills, terms, ranked_at, pace, least_overlap): Self::Words) -> Option<Self> {
        let (skills, terms) = (Words::from_words(skills)?, Arc::new(Words::from_words(terms)?));
        let least_overlap = f32::from_words(least_overlap).filter(|share| (0.0..=1.0).contains(share))?;
        Some(Self { skills, terms, ranked_at, pace: each(pace)?, least_overlap })
    }
}

macro_rules! on_the_wire {
    ($($name:ty),* $(,)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_words().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let words = <$name as Words>::Words::deserialize(deserializer)?;
                Self::from_words(words).ok_or_else(|| D::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    )*};
}

on_the_wire! {
    Features, Match<u128>, Pace, Place, PoolStatistics, Position<u128>, PreparedNeed, Ranking, SharedPosition,
    TwoRankings,
}
