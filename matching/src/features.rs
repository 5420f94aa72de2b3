//! The ten numbers that describe a pair of talent and need.
//!
//! A row of features can always be scored: each number is finite and inside its feature's range, or it is missing. The
//! constructor checks this once, so no other code has to.

use serde::{Deserialize, Serialize};

/// Numbers per pair: the width of the net's input.
pub const FEATURE_COUNT: usize = 10;

/// The version of the features' definitions. Every change of a definition raises it, because a net must only see the
/// features that it was trained on.
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

/// One of the ten features, by its index in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Share of the wanted skills that the freelancer lists or has worked with; rare skills weigh more. 0 to 1.
    SkillOverlap,
    /// ln(1 + completed jobs that asked for a wanted skill).
    SkillExperience,
    /// Cosine of the need's text and the talent's texts, in which rare words weigh more. It is multiplied by the fourth
    /// root of the amount of the talent's text; a profile alone has amount 1, and the product is at most 1. 0 to 1.
    TextSimilarity,
    /// Mean stars, 0 to 5, shrunk towards four while few jobs are rated.
    Rating,
    /// Hires per proposal, shrunk towards 0.3 while there are few proposals. 0 to 1.
    HireRate,
    /// ln(1 + median minutes until a proposal).
    ResponseTime,
    /// ln(1 + hours since the freelancer was last seen).
    LastSeen,
    /// ln(1 + 20 × recent proposals relative to the market's usual activity). A proposal counts half as much with every
    /// week of its age.
    ActivityWeek,
    /// The same with a half-life of 30 days.
    ActivityMonth,
    /// The same with a half-life of 180 days.
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

    /// The name in the API, in the model card and in reasons.
    pub const fn name(self) -> &'static str {
        FEATURE_NAMES[self as usize]
    }

    /// Whether only freelancers with past work here can have this feature. A profile alone gives the other two, skills
    /// and text.
    pub const fn is_history(self) -> bool {
        !matches!(self, Self::SkillOverlap | Self::TextSimilarity)
    }

    /// The direction in which a known value never lowers the score (apart from rounding in the last bits), whatever the
    /// other features are. Bounds on the net's weights ensure this. More skill, better ratings, more work and recent
    /// activity never count against anybody. The response time has no direction: its effect depends on the other
    /// features and is learned from decisions.
    pub const fn better(self) -> Option<Better> {
        match self {
            Self::LastSeen => Some(Better::Less),
            Self::ResponseTime => None,
            _ => Some(Better::More),
        }
    }

    /// The lowest and the highest value of this feature. Counts are at most 2³², and for activity twenty times that. A
    /// response takes less than a thousand years. The time since last seen fits the range of a 64-bit time.
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

/// Why numbers are not valid features.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeatureError {
    /// The row's length is not that of the net's input.
    #[error("a pair has {FEATURE_COUNT} features, got {got}")]
    WrongDimension {
        /// The number of values in the row.
        got: usize,
    },
    /// A value is NaN or infinite. Pass an unknown value as `None`, never as a number.
    #[error("feature {name} is {value}, which is no finite number")]
    NotFinite {
        /// The feature.
        name: &'static str,
        /// The value that was passed.
        value: f32,
    },
    /// The value is finite, but outside of the feature's range, such as a similarity of 40.
    #[error("feature {name} is {value}, outside of {low} to {high}")]
    OutOfRange {
        /// The feature.
        name: &'static str,
        /// The value that was passed.
        value: f32,
        /// The feature's lowest value.
        low: f32,
        /// The feature's highest value.
        high: f32,
    },
}

/// The direction in which a feature never lowers the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The greater value.
    More,
    /// The smaller value.
    Less,
}

/// The features of one pair. A missing feature is stored as NaN, but only inside this type: no public function takes or
/// returns NaN.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "[f32; FEATURE_COUNT]")]
pub struct Features([f32; FEATURE_COUNT]);

impl Features {
    /// Creates a row from numbers that were computed elsewhere; `None` means unknown.
    ///
    /// # Errors
    /// [`FeatureError::NotFinite`] and [`FeatureError::OutOfRange`], which name the first wrong feature.
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

    /// Creates a row from known numbers, in the order of [`FEATURE_NAMES`].
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`FeatureError::WrongDimension`] unless there are ten numbers.
    pub fn from_slice(values: &[f32]) -> Result<Self, FeatureError> {
        let row: [f32; FEATURE_COUNT] =
            values.try_into().map_err(|_| FeatureError::WrongDimension { got: values.len() })?;
        Self::new(row.map(Some))
    }

    /// Creates a row from computed numbers. Values are clamped to their ranges; values that are not finite are missing.
    pub fn clamped(values: [Option<f32>; FEATURE_COUNT]) -> Self {
        let mut row = [f32::NAN; FEATURE_COUNT];
        for feature in Feature::ALL {
            let (low, high) = feature.range();
            if let Some(value) = values[feature as usize].filter(|value| value.is_finite()) {
                row[feature as usize] = value.clamp(low, high) + 0.0; // + 0.0 turns −0 into 0
            }
        }
        Self(row)
    }

    /// Creates a row from numbers that were computed within their ranges; NaN means unknown.
    pub(crate) fn computed(row: [f32; FEATURE_COUNT]) -> Self {
        Self(row)
    }

    /// The ten numbers; NaN means unknown.
    pub(crate) fn row(&self) -> [f32; FEATURE_COUNT] {
        self.0
    }

    /// One feature's number, or `None` if it is unknown.
    pub fn get(&self, feature: Feature) -> Option<f32> {
        let value = self.0[feature as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Whether the freelancer of this pair is a newcomer: they have made no proposal and done no job here. The hire
    /// rate is known for everybody else.
    pub fn is_of_newcomer(&self) -> bool {
        self.get(Feature::HireRate).is_none()
    }

    /// All ten, in the order of [`FEATURE_NAMES`].
    pub fn values(&self) -> [Option<f32>; FEATURE_COUNT] {
        Feature::ALL.map(|feature| self.get(feature))
    }

    /// A pair without any known feature.
    pub(crate) fn unknown() -> Self {
        Self([f32::NAN; FEATURE_COUNT])
    }

    /// The same pair with one feature unknown.
    #[must_use]
    pub fn without(mut self, feature: Feature) -> Self {
        self.0[feature as usize] = f32::NAN;
        self
    }

    /// The ten numbers with their names, in their order, for showing to clients.
    pub fn reasons(&self) -> [Reason; FEATURE_COUNT] {
        Feature::ALL.map(|feature| Reason { feature: feature.name(), value: self.get(feature) })
    }
}

/// NaN means unknown.
impl TryFrom<[f32; FEATURE_COUNT]> for Features {
    type Error = FeatureError;

    fn try_from(row: [f32; FEATURE_COUNT]) -> Result<Self, FeatureError> {
        Self::new(row.map(|value| (!value.is_nan()).then_some(value)))
    }
}

impl PartialEq for Features {
    /// Rows are equal if the same features are missing and the known ones are equal.
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values()
    }
}

impl std::fmt::Debug for Features {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_map().entries(Feature::ALL.map(|feature| (feature.name(), self.get(feature)))).finish()
    }
}

/// One feature of a match as people see it: `{"feature": "rating", "value": 4.5}`; null if unknown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reason {
    /// One of [`FEATURE_NAMES`].
    pub feature: &'static str,
    /// The feature's number, in the unit that its [`Feature`] documents.
    pub value: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_row_of_another_length() {
        assert_eq!(Features::from_slice(&[0.5; 9]), Err(FeatureError::WrongDimension { got: 9 }));
        assert_eq!(Features::from_slice(&[0.5; 11]), Err(FeatureError::WrongDimension { got: 11 }));
    }

    #[test]
    fn refuses_nan_and_infinity_and_names_the_feature() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut row = [0.5; FEATURE_COUNT];
            row[Feature::Rating as usize] = value;
            let refused = Features::from_slice(&row);
            assert!(matches!(refused, Err(FeatureError::NotFinite { name: "rating", .. })), "{refused:?}");
        }
    }

    #[test]
    fn refuses_numbers_outside_of_their_range() {
        let mut row = [0.5; FEATURE_COUNT];
        row[Feature::TextSimilarity as usize] = 40.0;
        let refused = Features::from_slice(&row).unwrap_err();
        assert_eq!(refused.to_string(), "feature text_similarity is 40, outside of 0 to 1");
    }

    #[test]
    fn missing_features_are_none_and_equal() {
        let row = Features::from_slice(&[0.5; FEATURE_COUNT]).unwrap();
        let masked = row.without(Feature::Rating);
        assert_eq!(masked.get(Feature::Rating), None);
        assert_eq!(masked.get(Feature::HireRate), Some(0.5));
        assert_eq!(masked, masked);
        assert_ne!(masked, row);
    }
}
