//! Reads JSON into memory of bounded size.
//!
//! A body of 6 MB can hold 3,000,000 numbers, which would take 200 times its size in memory. So this reader counts
//! while it reads. It keeps only as many elements of a list as any request may have and one more, which makes the list
//! too long for its rule. It parses and drops the rest. It stops at a body that would take too much memory, is nested
//! too deeply, or has a key twice in one object.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use domain::scoring::Bids;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The most elements that any list of a request may have.
const MOST_ELEMENTS: usize = Bids::MAX;
/// The most levels of lists and objects. The deepest request has five.
const MOST_LEVELS: usize = 32;
/// The most memory that a body may take, estimated, in bytes. The largest request takes 14 MB: 1,000 bids with 50
/// skills and 6 MB of text.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// The estimated size of a value in a list.
const VALUE_BYTES: usize = size_of::<Value>();
/// The estimated size of a text beside its characters: what the allocator adds.
const TEXT_BYTES: usize = 16;
/// The estimated size of a member of an object beside its key's characters: half of the tree's places are free.
const MEMBER_BYTES: usize = 2 * (VALUE_BYTES + size_of::<String>()) + TEXT_BYTES;
/// The estimated size of an object with members: the tree allocates room for eleven.
const OBJECT_BYTES: usize = 11 * (VALUE_BYTES + size_of::<String>());

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is not JSON, or it is nested too deeply.
    Malformed(serde_json::Error),
    /// An object has a key twice. The JSON pointer (RFC 6901) of the key.
    DuplicateKey(String),
    /// It would take too much memory.
    TooLarge,
}

/// Reads a whole text.
///
/// # Errors
/// As [`Unread`] lists.
pub(super) fn read(text: &[u8]) -> Result<Value, Unread> {
    let reading = Reading { bytes_left: Cell::new(MOST_BYTES), stopped: RefCell::new(None) };
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Place { reading: &reading, parent: None, step: Step::Root, level: 0 }.deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| reading.stopped.take().unwrap_or(Unread::Malformed(error)))
}

/// The state of reading one body.
struct Reading {
    bytes_left: Cell<usize>,
    /// Why reading stopped, if JSON's grammar is not the reason.
    stopped: RefCell<Option<Unread>>,
}

impl Reading {
    fn stop<E: Error>(&self, reason: Unread) -> E {
        self.stopped.replace(Some(reason));
        E::custom("stopped")
    }

    /// Accounts for memory.
    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match self.bytes_left.get().checked_sub(bytes) {
            Some(left) => {
                self.bytes_left.set(left);
                Ok(())
            }
            None => Err(self.stop(Unread::TooLarge)),
        }
    }
}

/// The place of a value in the body. Places are linked through the stack, so that a pointer costs nothing until it is
/// needed.
#[derive(Clone, Copy)]
struct Place<'a> {
    reading: &'a Reading,
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    level: usize,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Element(usize),
}

impl<'a> Place<'a> {
    fn below<'b>(&'b self, step: Step<'b>) -> Place<'b>
    where
        'a: 'b,
    {
        Place { reading: self.reading, parent: Some(self), step, level: self.level + 1 }
    }

    fn check_level<E: Error>(&self) -> Result<(), E> {
        if self.level < MOST_LEVELS {
            return Ok(());
        }
        Err(E::custom(format_args!("lists and objects may be nested {MOST_LEVELS} levels deep")))
    }

    fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Place::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Member(name) => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Element(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
        pointer
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.reading.take(TEXT_BYTES + value.len())?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        self.check_level()?;
        let mut kept = Vec::new();
        while kept.len() <= MOST_ELEMENTS {
            let Some(element) = elements.next_element_seed(self.below(Step::Element(kept.len())))? else {
                return Ok(kept.into());
            };
            self.reading.take(VALUE_BYTES)?;
            kept.push(element);
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.check_level()?;
        let mut kept = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if kept.is_empty() {
                self.reading.take(OBJECT_BYTES)?;
            }
            self.reading.take(MEMBER_BYTES + name.len())?;
            let place = self.below(Step::Member(&name));
            if kept.contains_key(&name) {
                return Err(self.reading.stop(Unread::DuplicateKey(place.pointer())));
            }
            let value = members.next_value_seed(place)?;
            kept.insert(name, value);
        }
        Ok(kept.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e300..1e300).prop_map(Value::from),
            ".{0,5}".prop_map(Value::from),
        ];
        plain.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".{0,3}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_is_read_as_serde_json_reads_it(value in any_json(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.unwrap();
            prop_assert_eq!(read(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        }

        #[test]
        fn any_bytes_are_refused_as_serde_json_refuses_them(bytes: Vec<u8>) {
            prop_assert_eq!(read(&bytes).is_ok(), serde_json::from_slice::<Value>(&bytes).is_ok());
        }
    }

    #[test]
    fn a_key_that_occurs_twice_is_named() {
        for (text, pointer) in [
            (r#"{"a":1,"a":1}"#, "/a"),
            (r#"{"a":1,"\u0061":2}"#, "/a"),
            (r#"{"":1,"":2}"#, "/"),
            (r#"{"freelancers":[1,{"x/y":{"~":1,"b":2,"~":3}}]}"#, "/freelancers/1/x~1y/~0"),
        ] {
            assert!(matches!(read(text.as_bytes()), Err(Unread::DuplicateKey(found)) if found == pointer), "{text}");
        }
        assert_eq!(read(br#"{"a":{"b":1},"b":{"b":1}}"#).unwrap(), json!({"a": {"b": 1}, "b": {"b": 1}}));
    }

    #[test]
    fn a_long_list_is_kept_up_to_one_element_too_many() {
        let list = |length: usize| format!("[{}1]", "1,".repeat(length - 1));
        let kept = |length| read(list(length).as_bytes()).unwrap().as_array().unwrap().len();
        assert_eq!([kept(1_000), kept(1_001), kept(1_002), kept(100_000)], [1_000, 1_001, 1_001, 1_001]);
        // The rest is JSON, too.
        assert!(matches!(read(format!("[{}oops]", "1,".repeat(5_000)).as_bytes()), Err(Unread::Malformed(_))));
    }

    #[test]
    fn lists_and_objects_are_nested_32_deep() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(nested(32).as_bytes()).is_ok());
        let error = read(nested(33).as_bytes());
        assert!(
            matches!(&error, Err(Unread::Malformed(error)) if error.to_string().contains("32 levels")),
            "{error:?}"
        );
        assert!(matches!(read("[".repeat(100_000).as_bytes()), Err(Unread::Malformed(_))));
    }

    #[test]
    fn a_body_that_would_take_too_much_memory_is_refused() {
        let objects = "{\"\":0},".repeat(800);
        let lists = format!("[{objects}0],").repeat(900);
        assert!(matches!(read(format!("[{lists}0]").as_bytes()), Err(Unread::TooLarge)));
        let texts = format!("[\"{}\"]", "x".repeat(6 * 1024 * 1024));
        assert!(read(texts.as_bytes()).is_ok());
    }
}
