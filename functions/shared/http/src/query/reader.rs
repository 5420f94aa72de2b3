//! Lets `serde` read a struct from the query parameters that its fields name. Each value is a text.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor, value::StrDeserializer};
use serde::forward_to_deserialize_any;

/// Why parameters cannot be read.
#[derive(Debug)]
pub(super) enum Wrong {
    /// A value is wrong. `detail` completes a sentence that begins with the parameter's name.
    Value { name: String, detail: String },
    /// A parameter is given more than once.
    Repeated(&'static str),
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { name, detail } => write!(formatter, "{name} {detail}"),
            Self::Repeated(name) => write!(formatter, "{name} is given more than once"),
        }
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(detail: T) -> Self {
        Self::Value { name: String::new(), detail: detail.to_string() }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Repeated(field)
    }
}

/// Reads one struct, and adds its fields to the known names.
pub(super) struct Reader<'a> {
    pub(super) pairs: &'a [(Cow<'a, str>, Cow<'a, str>)],
    pub(super) known: &'a mut Vec<&'static str>,
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Wrong;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.known.extend(fields);
        visitor.visit_map(Members { pairs: self.pairs.iter(), fields, member: ("", "") })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Wrong> {
        Err(Wrong::custom("query parameters are read as a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The parameters that a struct names, in the order of the request.
struct Members<'a> {
    pairs: std::slice::Iter<'a, (Cow<'a, str>, Cow<'a, str>)>,
    fields: &'static [&'static str],
    member: (&'a str, &'a str),
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.pairs.find(|(name, _)| self.fields.contains(&name.as_ref())) else {
            return Ok(None);
        };
        self.member = (name, value);
        seed.deserialize(name.as_ref().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.member;
        seed.deserialize(Text(value)).map_err(|wrong| match wrong {
            Wrong::Value { detail, .. } => Wrong::Value { name: name.to_owned(), detail },
            repeated => repeated,
        })
    }
}

/// The value of one parameter that is present.
struct Text<'a>(&'a str);

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let text: StrDeserializer<'_, Wrong> = self.0.into_deserializer();
        text.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
