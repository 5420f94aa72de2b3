//! One member of a request body, before it is judged: absent, null, a value, or something of another JSON type.
//!
//! A body read into `Field`s cannot fail half way, so that validation sees all of it and can name every wrong field at
//! once. Read a body from a `serde_json::Value`, never straight from text: a value tree can step over a member it could
//! not read, a text stream is lost in its middle.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::validation::{Place, Refusal, Rule};

/// One member of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The member is not there.
    #[default]
    Absent,
    /// The member is `null`.
    Null,
    /// The member is there and of the right JSON type.
    Value(T),
    /// The member is there and of another JSON type.
    Malformed,
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the member is not there. For `#[serde(skip_serializing_if = …)]`.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// This member, or `base` where this one is absent: one step of a JSON merge patch (RFC 7396).
    pub fn or(self, base: Self) -> Self {
        match self {
            Self::Absent => base,
            other => other,
        }
    }
}

impl<T: Kind> Field<T> {
    /// The value; absent and null are refused as `required`, another JSON type as `wrong_type`.
    pub fn required(&self, place: &mut Place<'_>) -> Option<&T> {
        match self {
            Self::Absent | Self::Null => {
                place.refuse(Refusal::new(Rule::Required, "is required"));
                None
            }
            _ => self.optional(place),
        }
    }

    /// The value, or `None` where it is absent or null; another JSON type is refused as `wrong_type`.
    pub fn optional(&self, place: &mut Place<'_>) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
            Self::Malformed => {
                place.refuse(Refusal::new(Rule::WrongType, format!("must be {}", T::KIND)));
                None
            }
        }
    }
}

impl Field<String> {
    /// The text parsed as `T`; refused where it is absent, null, no text, or no `T`.
    pub fn parse_required<T: FromStr<Err = Refusal>>(&self, mut place: Place<'_>) -> Option<T> {
        let text = self.required(&mut place)?;
        accept(text.parse(), &mut place)
    }

    /// The text parsed as `T`, or `None` where it is absent or null; refused where it is no text, or no `T`.
    pub fn parse_optional<T: FromStr<Err = Refusal>>(&self, mut place: Place<'_>) -> Option<T> {
        let text = self.optional(&mut place)?;
        accept(text.parse(), &mut place)
    }
}

impl<T: Kind + Copy + PartialOrd + fmt::Display> Field<T> {
    /// The number, which must lie in `min..=max`, or `None` where it is absent or null.
    pub fn number_optional(&self, min: T, max: T, mut place: Place<'_>) -> Option<T> {
        let number = *self.optional(&mut place)?;
        accept(in_range(number, min, max), &mut place)
    }

    /// The number, which must be there and lie in `min..=max`.
    pub fn number_required(&self, min: T, max: T, mut place: Place<'_>) -> Option<T> {
        let number = *self.required(&mut place)?;
        accept(in_range(number, min, max), &mut place)
    }
}

fn in_range<T: PartialOrd + fmt::Display>(number: T, min: T, max: T) -> Result<T, Refusal> {
    if min <= number && number <= max {
        Ok(number)
    } else {
        Err(Refusal::new(Rule::OutOfRange, format!("must be from {min} to {max}")))
    }
}

/// The value, or `None` after noting the refusal at `place`.
pub(crate) fn accept<T>(result: Result<T, Refusal>, place: &mut Place<'_>) -> Option<T> {
    result.map_err(|refusal| place.refuse(refusal)).ok()
}

/// A value that may be left out, as a body would send it.
impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

/// A JSON type, as the sentence "must be …" names it.
pub trait Kind {
    /// The type with its article: `a string`.
    const KIND: &'static str;
}

impl Kind for String {
    const KIND: &'static str = "a string";
}
impl Kind for i64 {
    const KIND: &'static str = "an integer";
}
impl Kind for f64 {
    const KIND: &'static str = "a number";
}
impl Kind for bool {
    const KIND: &'static str = "true or false";
}
impl<T> Kind for Vec<T> {
    const KIND: &'static str = "a list";
}
impl<T> Kind for Object<T> {
    const KIND: &'static str = "an object";
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(deserializer) {
            Ok(Some(value)) => Self::Value(value),
            Ok(None) => Self::Null,
            Err(_) => Self::Malformed,
        })
    }
}

/// `Absent` is left out by the structs that hold fields (`skip_serializing_if`); alone it reads as null.
impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<T: PartialSchema> PartialSchema for Field<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for Field<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// A JSON object read as `T`, whose fields are `Field`s and may all be left out.
///
/// Derived structs would also take a JSON *list* for their fields in order; this refuses it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: PartialSchema> PartialSchema for Object<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for Object<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::{Field, Object};

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Body {
        name: Field<String>,
        count: Field<i64>,
        parts: Field<Vec<Field<Object<Part>>>>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Part {
        weight: Field<f64>,
    }

    fn read(value: Value) -> Body {
        serde_json::from_value::<Object<Body>>(value).unwrap().0
    }

    #[test]
    fn tells_absent_null_value_and_malformed_apart() {
        assert_eq!(read(json!({})), Body::default());
        assert_eq!(read(json!({"name": null})).name, Field::Null);
        assert_eq!(read(json!({"name": "김"})).name, Field::Value("김".to_owned()));
        assert_eq!(read(json!({"name": 7, "unknown": {"x": []}})).name, Field::Malformed);
    }

    #[test]
    fn one_malformed_member_hides_no_other() {
        let body = read(json!({"name": [1], "count": 1.5, "parts": [{"weight": 2}, 3, [4], {"weight": "x"}, null]}));
        assert_eq!(body.name, Field::Malformed);
        assert_eq!(body.count, Field::Malformed);
        let parts = body.parts.value().unwrap();
        assert_eq!(parts[0], Field::Value(Object(Part { weight: Field::Value(2.0) })));
        assert_eq!(parts[1], Field::Malformed);
        assert_eq!(parts[2], Field::Malformed, "a list is no object");
        assert_eq!(parts[3], Field::Value(Object(Part { weight: Field::Malformed })));
        assert_eq!(parts[4], Field::Null);
    }

    #[test]
    fn a_list_is_no_body() {
        assert!(serde_json::from_value::<Object<Body>>(json!(["name", 1])).is_err());
    }

    #[test]
    fn a_merge_step_keeps_what_is_absent() {
        assert_eq!(Field::Absent.or(Field::Value(1)), Field::Value(1));
        assert_eq!(Field::Null.or(Field::Value(1)), Field::Null);
        assert_eq!(Field::Value(2).or(Field::Value(1)), Field::Value(2));
        assert_eq!(Field::Malformed.or(Field::Value(1)), Field::Malformed);
    }
}
