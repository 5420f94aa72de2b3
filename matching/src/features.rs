//! The ten numbers that describe a pair of talent and need.
//!
//! A row of features is always fit to be scored: a number is finite and inside its feature's range, or it is
//! missing. That is checked once, on construction, so nothing behind it has to.

use serde::{Deserialize, Serialize};

/// Numbers per pair: the width of the net's input.
pub const FEATURE_COUNT: usize = 10;

/// The definition of the features. Raised with every change to what one of them means, because a net must only
/// see the features it was trained on.
pub const FEATURE_VERSION: u32 = 3;

/// The features' names, in the order of the net's input.
pub const FEATURE_NAMES: [&str; FEATURE_COUNT] = [
    "skill_overlap",
    "skill_experience",
    "text_similarity",
    "rating",
    "hire_rate",
    "response_time",
    "last_seen",
    "activity_week",
    "activity_month",
    "activity_half_year",
];

/// One of the ten, by its place in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Share of the wanted skills that the talent names or has worked with, rare skills weighing more. 0 to 1.
    SkillOverlap,
    /// ln(1 + jobs done that asked for one of the wanted skills).
    SkillExperience,
    /// Cosine of the need's text and the talent's texts, rare words weighing more, times the fourth root of how much
    /// text there is of the talent (a profile is one; no more than one in all). 0 to 1.
    TextSimilarity,
    /// Stars, 0 to 5, drawn towards four while few jobs are rated.
    Rating,
    /// Hires per proposal, drawn towards 0.3 while there are few proposals. 0 to 1.
    HireRate,
    /// ln(1 + median minutes until a proposal).
    ResponseTime,
    /// ln(1 + hours since last seen).
    LastSeen,
    /// ln(1 + 20 × proposals of late against what is usual in the market), where a proposal counts half as much with
    /// every week of its age.
    ActivityWeek,
    /// The same with every thirty days.
    ActivityMonth,
    /// The same with every 180 days.
    ActivityHalfYear,
}

impl Feature {
    /// All ten, in the order of the net's input.
    pub const ALL: [Self; FEATURE_COUNT] = [
        Self::SkillOverlap,
        Self::SkillExperience,
        Self::TextSimilarity,
        Self::Rating,
        Self::HireRate,
        Self::ResponseTime,
        Self::LastSeen,
        Self::ActivityWeek,
        Self::ActivityMonth,
        Self::ActivityHalfYear,
    ];

    /// The name that the wire, the model card and the reasons use.
    pub const fn name(self) -> &'static str {
        FEATURE_NAMES[self as usize]
    }

    /// Whether this is known only of somebody who has worked here before. The other two, skills and text, a
    /// profile alone can show.
    pub const fn is_history(self) -> bool {
        !matches!(self, Self::SkillOverlap | Self::TextSimilarity)
    }

    /// Which of two known values never scores a pair lower (but for the last bits of the score), whatever else is known
    /// of it: the net's weights are bound to that. More skill, more praise, more work and having been here lately are
    /// not held against anybody. How fast somebody answers is not bound: what that says depends on the rest, and the
    /// decisions say it.
    pub const fn better(self) -> Option<Better> {
        match self {
            Self::LastSeen => Some(Better::Less),
            Self::ResponseTime => None,
            _ => Some(Better::More),
        }
    }

    /// The least and the greatest value this feature can have. Counts are logarithms of at most 2³² ones (twenty
    /// times as many for activity), a response takes less than a thousand years, and nobody was seen before time began
    /// to be counted in 64 bits.
    pub const fn range(self) -> (f32, f32) {
        match self {
            Self::SkillOverlap | Self::HireRate | Self::TextSimilarity => (0.0, 1.0),
            Self::Rating => (0.0, 5.0),
            Self::SkillExperience | Self::ResponseTime => (0.0, 23.0),
            Self::LastSeen => (0.0, 37.0),
            Self::ActivityWeek | Self::ActivityMonth | Self::ActivityHalfYear => (0.0, 26.0),
        }
    }
}

/// Numbers that are no features.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeatureError {
    /// A row of another length than the net's input.
    #[error("a pair has {FEATURE_COUNT} features, got {got}")]
    WrongDimension {
        /// Numbers in the row.
        got: usize,
    },
    /// NaN or an infinity. What is not known is passed as `None`, never as a number.
    #[error("feature {name} is {value}, which is no finite number")]
    NotFinite {
        /// The feature.
        name: &'static str,
        /// What was passed.
        value: f32,
    },
    /// A finite number that this feature can never have, say a similarity of 40.
    #[error("feature {name} is {value}, outside of {low} to {high}")]
    OutOfRange {
        /// The feature.
        name: &'static str,
        /// What was passed.
        value: f32,
        /// The feature's least value.
        low: f32,
        /// The feature's greatest value.
        high: f32,
    },
}

/// Which of two values of a feature is never scored lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The greater one.
    More,
    /// The smaller one.
    Less,
}

/// The features of one pair. A missing one is stored as NaN, which is private to this type: no public function
/// takes a NaN or gives one.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "[f32; FEATURE_COUNT]")]
pub struct Features([f32; FEATURE_COUNT]);

impl Features {
    /// A row from numbers computed elsewhere; `None` is "not known".
    ///
    /// # Errors
    /// [`FeatureError::NotFinite`] and [`FeatureError::OutOfRange`], naming the first wrong feature.
    pub fn new(values: [Option<f32>; FEATURE_COUNT]) -> Result<Self, FeatureError> {
        let mut row = [f32::NAN; FEATURE_COUNT];
        for feature in Feature::ALL {
            let Some(value) = values[feature as usize] else { continue };
            let (low, high) = feature.range();
            if !value.is_finite() {
                return Err(FeatureError::NotFinite { name: feature.name(), value });
            }
            if value < low || value > high {
                return Err(FeatureError::OutOfRange { name: feature.name(), value, low, high });
            }
            row[feature as usize] = value;
        }
        Ok(Self(row))
    }

    /// A row of known numbers, in the order of [`FEATURE_NAMES`].
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`FeatureError::WrongDimension`] for another number of them than ten.
    pub fn from_slice(values: &[f32]) -> Result<Self, FeatureError> {
        let row: [f32; FEATURE_COUNT] =
            values.try_into().map_err(|_| FeatureError::WrongDimension { got: values.len() })?;
        Self::new(row.map(Some))
    }

    /// A row of computed numbers: brought into range, and missing where not finite.
    pub fn clamped(values: [Option<f32>; FEATURE_COUNT]) -> Self {
        let mut row = [f32::NAN; FEATURE_COUNT];
        for feature in Feature::ALL {
            let (low, high) = feature.range();
            if let Some(value) = values[feature as usize].filter(|value| value.is_finite()) {
                row[feature as usize] = value.clamp(low, high) + 0.0; // no minus zero
            }
        }
        Self(row)
    }

    /// A row of numbers that were computed within their ranges; NaN where not known.
    pub(crate) fn computed(row: [f32; FEATURE_COUNT]) -> Self {
        Self(row)
    }

    /// The ten numbers, NaN where not known.
    pub(crate) fn row(&self) -> [f32; FEATURE_COUNT] {
        self.0
    }

    /// One feature's number, or `None` where it is not known.
    pub fn get(&self, feature: Feature) -> Option<f32> {
        let value = self.0[feature as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Whether the freelancer of this pair is a newcomer: has neither made a proposal nor done a job here. The hire
    /// rate is known of everybody else.
    pub fn is_of_newcomer(&self) -> bool {
        self.get(Feature::HireRate).is_none()
    }

    /// All ten, in the order of [`FEATURE_NAMES`].
    pub fn values(&self) -> [Option<f32>; FEATURE_COUNT] {
        Feature::ALL.map(|feature| self.get(feature))
    }

    /// A pair of which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self([f32::NAN; FEATURE_COUNT])
    }

    /// The same pair with one feature unknown.
    #[must_use]
    pub fn without(mut self, feature: Feature) -> Self {
        self.0[feature as usize] = f32::NAN;
        self
    }

    /// The ten numbers with their names, in the fixed order: what a client is shown.
    pub fn reasons(&self) -> [Reason; FEATURE_COUNT] {
        Feature::ALL.map(|feature| Reason { feature: feature.name(), value: self.get(feature) })
    }
}

/// NaN where not known.
impl TryFrom<[f32; FEATURE_COUNT]> for Features {
    type Error = FeatureError;

    fn try_from(row: [f32; FEATURE_COUNT]) -> Result<Self, FeatureError> {
        Self::new(row.map(|value| (!value.is_nan()).then_some(value)))
    }
}

impl PartialEq for Features {
    /// Equal where known and missing in the same places.
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values()
    }
}

impl std::fmt::Debug for Features {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_map().entries(Feature::ALL.map(|feature| (feature.name(), self.get(feature)))).finish()
    }
}

/// One feature of a match, as shown to people: `{"feature": "rating", "value": 4.5}`, null when not known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reason {
    /// One of [`FEATURE_NAMES`].
    pub feature: &'static str,
    /// The feature's number, in the unit its [`Feature`] says.
    pub value: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_another_dimension() {
        assert_eq!(Features::from_slice(&[0.5; 9]), Err(FeatureError::WrongDimension { got: 9 }));
        assert_eq!(Features::from_slice(&[0.5; 11]), Err(FeatureError::WrongDimension { got: 11 }));
    }

    #[test]
    fn refuses_what_is_no_number_by_name() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut row = [0.5; FEATURE_COUNT];
            row[Feature::Rating as usize] = value;
            let refused = Features::from_slice(&row);
            assert!(matches!(refused, Err(FeatureError::NotFinite { name: "rating", .. })), "{refused:?}");
        }
    }

    #[test]
    fn refuses_absurd_numbers_with_the_range() {
        let mut row = [0.5; FEATURE_COUNT];
        row[Feature::TextSimilarity as usize] = 40.0;
        let refused = Features::from_slice(&row).unwrap_err();
        assert_eq!(refused.to_string(), "feature text_similarity is 40, outside of 0 to 1");
    }

    #[test]
    fn missing_is_none_and_equal_to_missing() {
        let row = Features::from_slice(&[0.5; FEATURE_COUNT]).unwrap();
        let masked = row.without(Feature::Rating);
        assert_eq!(masked.get(Feature::Rating), None);
        assert_eq!(masked.get(Feature::HireRate), Some(0.5));
        assert_eq!(masked, masked);
        assert_ne!(masked, row);
    }
}
