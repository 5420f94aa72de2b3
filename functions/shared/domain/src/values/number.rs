//! Numbers within bounds.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::validation::{Field, FromJson, Refusal, Rule, refuse, wrong_type};

/// The bounds of one kind of number.
pub trait Bounds {
    /// `i64` for whole numbers, `f64` for others.
    type Value: Numeric;
    /// The schema's name in the description of the API.
    const NAME: &'static str;
    /// The lowest value.
    const MIN: Self::Value;
    /// The highest value.
    const MAX: Self::Value;
}

/// A number within [`Bounds`]. Parsing checks them; reading from the store does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Bounded<B: Bounds> {
    number: B::Value,
    #[serde(skip)]
    bounds: PhantomData<B>,
}

impl<B: Bounds> Bounded<B> {
    /// The lowest value.
    pub const MIN: B::Value = B::MIN;
    /// The highest value.
    pub const MAX: B::Value = B::MAX;

    /// The number, if it is within the bounds.
    pub fn new(number: B::Value) -> Option<Self> {
        (B::MIN <= number && number <= B::MAX).then_some(Self { number, bounds: PhantomData })
    }

    /// The number.
    pub fn get(self) -> B::Value {
        self.number
    }
}

impl<B: Bounds> fmt::Debug for Bounded<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}

impl<B: Bounds> FromJson for Bounded<B> {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        let Some(number) = value.as_number().and_then(B::Value::of_json) else {
            return refuse(&mut field, wrong_type(B::Value::KIND));
        };
        let out_of_range = || Refusal::new(Rule::OutOfRange, format!("must be from {} to {}", B::MIN, B::MAX));
        Self::new(number).or_else(|| refuse(&mut field, out_of_range()))
    }
}

impl<B: Bounds> PartialSchema for Bounded<B> {
    fn schema() -> RefOr<Schema> {
        let (kind, format) = B::Value::SCHEMA;
        ObjectBuilder::new()
            .schema_type(kind)
            .format(Some(SchemaFormat::KnownFormat(format)))
            .minimum(Some(B::MIN))
            .maximum(Some(B::MAX))
            .into()
    }
}

impl<B: Bounds> ToSchema for Bounded<B> {
    fn name() -> Cow<'static, str> {
        B::NAME.into()
    }
}

/// `i64` and `f64`.
pub trait Numeric:
    Copy + PartialOrd + fmt::Display + Serialize + for<'de> Deserialize<'de> + Into<utoipa::Number>
{
    /// The JSON type with its article.
    const KIND: &'static str;
    /// The type and format in a schema.
    const SCHEMA: (Type, KnownFormat);

    /// The number in a JSON document; `None` if it is of another type.
    fn of_json(number: &Number) -> Option<Self>;
}

impl Numeric for i64 {
    const KIND: &'static str = "an integer";
    const SCHEMA: (Type, KnownFormat) = (Type::Integer, KnownFormat::Int64);

    /// A number without a fraction is an integer in any notation: `10`, `10.0`, `1E1` (JSON Schema 2020-12, core,
    /// section 4.2.3). Numbers beyond 64 bits become the nearest one, which no bounds allow.
    fn of_json(number: &Number) -> Option<Self> {
        let whole = |number: f64| (number.fract() == 0.0).then_some(number as i64);
        number.as_i64().or_else(|| whole(number.as_f64()?))
    }
}

impl Numeric for f64 {
    const KIND: &'static str = "a number";
    const SCHEMA: (Type, KnownFormat) = (Type::Number, KnownFormat::Double);

    fn of_json(number: &Number) -> Option<Self> {
        number.as_f64()
    }
}

/// The kinds of numbers in the market.
pub mod bounds {
    use super::Bounds;

    /// See [`WeeklyHours`](super::WeeklyHours).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum WeeklyHours {}

    impl Bounds for WeeklyHours {
        type Value = i64;
        const NAME: &'static str = "WeeklyHours";
        const MIN: i64 = 0;
        const MAX: i64 = 168;
    }

    /// See [`YearsOfExperience`](super::YearsOfExperience).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum YearsOfExperience {}

    impl Bounds for YearsOfExperience {
        type Value = i64;
        const NAME: &'static str = "YearsOfExperience";
        const MIN: i64 = 0;
        const MAX: i64 = 80;
    }

    /// See [`JobCount`](super::JobCount).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum JobCount {}

    impl Bounds for JobCount {
        type Value = i64;
        const NAME: &'static str = "JobCount";
        const MIN: i64 = 0;
        const MAX: i64 = 1_000_000_000;
    }

    /// See [`Stars`](super::Stars).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Stars {}

    impl Bounds for Stars {
        type Value = f64;
        const NAME: &'static str = "Stars";
        const MIN: f64 = 0.0;
        const MAX: f64 = 5.0;
    }

    /// See [`Share`](super::Share).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Share {}

    impl Bounds for Share {
        type Value = f64;
        const NAME: &'static str = "Share";
        const MIN: f64 = 0.0;
        const MAX: f64 = 1.0;
    }

    /// See [`Minutes`](super::Minutes).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Minutes {}

    impl Bounds for Minutes {
        type Value = f64;
        const NAME: &'static str = "Minutes";
        const MIN: f64 = 0.0;
        const MAX: f64 = 1_000_000_000.0;
    }

    /// See [`Amount`](super::Amount).
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Amount {}

    impl Bounds for Amount {
        type Value = i64;
        const NAME: &'static str = "Amount";
        const MIN: i64 = 0;
        const MAX: i64 = 1_000_000_000_000;
    }
}

/// Hours of work each week.
pub type WeeklyHours = Bounded<bounds::WeeklyHours>;
/// Years in the trade.
pub type YearsOfExperience = Bounded<bounds::YearsOfExperience>;
/// A number of jobs.
pub type JobCount = Bounded<bounds::JobCount>;
/// A rating in stars.
pub type Stars = Bounded<bounds::Stars>;
/// A part of a whole.
pub type Share = Bounded<bounds::Share>;
/// A time span in minutes.
pub type Minutes = Bounded<bounds::Minutes>;
/// An amount in minor units of a currency: cents of EUR, won of KRW.
pub type Amount = Bounded<bounds::Amount>;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validation::read;

    fn rule(value: Value) -> Result<i64, Rule> {
        read::<WeeklyHours>(&value).map(WeeklyHours::get).map_err(|violations| violations.as_slice()[0].code)
    }

    #[test]
    fn a_number_without_a_fraction_is_an_integer_in_any_notation() {
        for text in ["10", "10.0", "1E1", "1e+1", "100e-1", "10.000000"] {
            assert_eq!(rule(serde_json::from_str(text).unwrap()), Ok(10), "{text}");
        }
        assert_eq!(rule(serde_json::from_str("-0.0").unwrap()), Ok(0));
    }

    #[test]
    fn other_numbers_are_no_integers_or_out_of_range() {
        for text in ["10.5", "1e-1", "0.1"] {
            assert_eq!(rule(serde_json::from_str(text).unwrap()), Err(Rule::WrongType), "{text}");
        }
        for text in ["169", "-1", "1e300", "-1e300", "1e18", "9007199254740993.0", "18446744073709551615"] {
            assert_eq!(rule(serde_json::from_str(text).unwrap()), Err(Rule::OutOfRange), "{text}");
        }
        for value in [json!("10"), json!([10]), json!(true)] {
            assert_eq!(rule(value), Err(Rule::WrongType));
        }
    }

    #[test]
    fn the_schema_has_the_bounds() {
        let schema = serde_json::to_value(WeeklyHours::schema()).unwrap();
        assert_eq!(schema, json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": 168}));
    }
}
