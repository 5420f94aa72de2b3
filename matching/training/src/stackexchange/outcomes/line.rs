//! Parses one line of `outcomes.jsonl` and reports every mistake in it.

use std::fmt::Formatter;

use jiff::Timestamp;
use serde::de::{Error as _, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The values of `type`.
const TYPES: [&str; 5] = ["project", "proposal", "withdraw", "hire", "rating"];

/// One line, by its `type`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    /// A client looks for a freelancer.
    Project {
        id: Id,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        client: Option<Id>,
        #[serde(default)]
        title: String,
        #[serde(default)]
        description: String,
        #[serde(default)]
        skills: Vec<String>,
        /// The project takes no more proposals.
        #[serde(default)]
        closed: bool,
    },
    /// A freelancer offers to do the project.
    Proposal {
        id: Id,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        project: Id,
        freelancer: Id,
        #[serde(default)]
        message: String,
    },
    /// The freelancer takes a proposal back.
    Withdraw {
        proposal: Id,
        #[serde(default, deserialize_with = "optional_time")]
        at: Option<Timestamp>,
    },
    /// The client hires the freelancer of a proposal, perhaps one of several.
    Hire {
        proposal: Id,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
    },
    /// The client rates the freelancer's work with 0 to 5 stars.
    Rating {
        proposal: Id,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        stars: f64,
    },
}

/// An id: a text, or an integer, as SQL exports have it. `7`, `7.0` and `"7"` are one id.
#[derive(Debug)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrInteger;
        impl Visitor<'_> for TextOrInteger {
            type Value = Id;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text or an integer")
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<Id, E> {
                Ok(Id(id.to_owned()))
            }

            fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }

            fn visit_i64<E: serde::de::Error>(self, id: i64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }

            /// Some exports write every number of a column that may be null with a decimal point.
            fn visit_f64<E: serde::de::Error>(self, id: f64) -> Result<Id, E> {
                // From 2^53 on, a double no longer tells neighbouring integers apart.
                if id.fract() == 0.0 && id.abs() < 9_007_199_254_740_992.0 {
                    return Ok(Id((id as i64).to_string()));
                }
                Err(E::invalid_value(Unexpected::Float(id), &self))
            }
        }
        deserializer.deserialize_any(TextOrInteger)
    }
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("{text:?} is no time like 2026-05-01T09:00:00Z")))
}

fn optional_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    // Nulls were removed before, so a field that is there holds a value.
    time(deserializer).map(Some)
}

/// The fields of an object, each named once.
struct Fields(Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gather;
        impl<'de> Visitor<'de> for Gather {
            type Value = Fields;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object in braces")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
                let mut fields = Map::new();
                while let Some((name, value)) = entries.next_entry::<String, Value>()? {
                    if fields.insert(name.clone(), value).is_some() {
                        return Err(A::Error::custom(format!("{name} is given twice")));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Gather)
    }
}

/// Parses one line. The error names the wrong field and the problem.
pub(super) fn parsed(line: &str) -> Result<Line, String> {
    let Fields(mut object) = serde_json::from_str(line).map_err(|error| {
        // The parser sees this line alone, so its line number says nothing. Its columns are bytes.
        let error = error.to_string().replace(" at line 1 column", ", at byte");
        format!("this is no JSON object like {{\"type\": \"project\", …}}: {error}")
    })?;
    let kind = match object.remove("type") {
        Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => kind,
        other => {
            let found = other.map_or("missing".to_owned(), |other| other.to_string());
            return Err(format!("type is {found}, and none of {}", TYPES.join(", ")));
        }
    };
    // A null field counts as absent.
    object.retain(|_, value| !value.is_null());
    let content = Value::Object(Map::from_iter([(kind.clone(), Value::Object(object))]));
    serde_path_to_error::deserialize(content).map_err(|error| {
        let path = error.path().to_string();
        let field = path.strip_prefix(&kind).unwrap_or_default().trim_start_matches('.');
        if field.is_empty() { error.inner().to_string() } else { format!("{field}: {}", error.inner()) }
    })
}
