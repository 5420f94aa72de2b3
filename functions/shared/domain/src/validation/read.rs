//! Reads a request body value by value, without stopping at the first wrong one.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::{Field, Refusal, Rule, Violations};

/// A type that can be read from a JSON value.
pub trait FromJson: Sized {
    /// Reads `value`. `None` means that something at `field` or below it was refused.
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self>;
}

/// Reads a whole body.
///
/// # Errors
/// Every wrong field.
pub fn read<T: FromJson>(body: &Value) -> Result<T, Violations> {
    let mut violations = Violations::none();
    match T::from_json(body, violations.root()) {
        Some(value) if violations.is_empty() => Ok(value),
        _ => Err(violations),
    }
}

/// Reads a whole body that is an object.
///
/// # Errors
/// Every wrong field.
pub(crate) fn read_object<T>(body: &Value, read: impl FnOnce(&mut Object<'_>) -> Option<T>) -> Result<T, Violations> {
    let mut violations = Violations::none();
    let value = Object::of(body, violations.root()).and_then(|mut object| read(&mut object));
    match value {
        Some(value) if violations.is_empty() => Ok(value),
        _ => Err(violations),
    }
}

/// A JSON object that is being read.
pub struct Object<'a> {
    members: &'a Map<String, Value>,
    field: Field<'a>,
}

impl<'a> Object<'a> {
    /// Reads an object from `value`. Any other JSON type is refused.
    pub fn of(value: &'a Value, mut field: Field<'a>) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self { members, field }),
            _ => refuse(&mut field, wrong_type("an object")),
        }
    }

    /// The member `name`. A member that is absent or null is refused.
    pub fn required<T: FromJson>(&mut self, name: &str) -> Option<T> {
        read_required(self.members.get(name).unwrap_or(&Value::Null), self.field.member(name))
    }

    /// The member `name`; `None` if it is absent, null or refused.
    pub fn optional<T: FromJson>(&mut self, name: &str) -> Option<T> {
        let value = self.members.get(name).filter(|value| !value.is_null())?;
        T::from_json(value, self.field.member(name))
    }

    /// Refuses the member `name`.
    pub fn refuse(&mut self, name: &str, refusal: Refusal) {
        self.field.member(name).refuse(refusal);
    }
}

/// Reads a list of `min` (0 or 1) to `max` elements, none of them null. `None` if anything is refused.
pub(crate) fn read_list<T: FromJson>(
    value: &Value,
    field: &mut Field<'_>,
    bounds: (usize, usize),
    elements: &str,
) -> Option<Vec<T>> {
    read_distinct(value, field, bounds, elements, |_, index| index)
}

/// Reads a list as [`read_list`] does, and refuses an element whose key equals that of an earlier one. `key` is called
/// with an element and its index.
pub(crate) fn read_distinct<T: FromJson, K: Ord>(
    value: &Value,
    field: &mut Field<'_>,
    (min, max): (usize, usize),
    elements: &str,
    key: impl Fn(&T, usize) -> K,
) -> Option<Vec<T>> {
    let Value::Array(values) = value else { return refuse(field, wrong_type("a list")) };
    if values.len() < min {
        return refuse(field, Refusal::new(Rule::TooFew, "must not be empty"));
    }
    if values.len() > max {
        return refuse(field, Refusal::new(Rule::TooMany, format!("must hold at most {max} {elements}")));
    }
    let mut read = Vec::with_capacity(values.len());
    let mut indices = BTreeMap::new();
    for (index, value) in values.iter().enumerate() {
        let Some(element) = read_required(value, field.element(index)) else { continue };
        if let Some(earlier) = indices.insert(key(&element, index), index) {
            let detail = format!("means the same as element {earlier} of the list");
            field.element(index).refuse(Refusal::new(Rule::Duplicate, detail));
        }
        read.push(element);
    }
    (read.len() == values.len() && indices.len() == values.len()).then_some(read)
}

fn read_required<T: FromJson>(value: &Value, mut field: Field<'_>) -> Option<T> {
    if value.is_null() {
        return refuse(&mut field, Refusal::new(Rule::Required, "is required"));
    }
    T::from_json(value, field)
}

/// Records the refusal.
pub(crate) fn refuse<T>(field: &mut Field<'_>, refusal: Refusal) -> Option<T> {
    field.refuse(refusal);
    None
}

/// The refusal of a value that is not `kind`, such as `a list`.
pub(crate) fn wrong_type(kind: &str) -> Refusal {
    Refusal::new(Rule::WrongType, format!("must be {kind}"))
}

/// Every type that parses from a text reads from a JSON string.
impl<T: FromStr<Err = Refusal>> FromJson for T {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        match value {
            Value::String(text) => text.parse().map_or_else(|refusal| refuse(&mut field, refusal), Some),
            _ => refuse(&mut field, wrong_type("a string")),
        }
    }
}

/// A JSON boolean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl FromJson for Flag {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self(*flag)),
            _ => refuse(&mut field, wrong_type("true or false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::values::{Category, Money};

    #[derive(Debug, PartialEq)]
    struct Body {
        name: Option<Category>,
        prices: Vec<Money>,
    }

    impl FromJson for Body {
        fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
            let mut object = Object::of(value, field)?;
            let name = object.optional("name");
            let prices = object.required::<Prices>("prices");
            Some(Self { name, prices: prices?.0 })
        }
    }

    struct Prices(Vec<Money>);

    impl FromJson for Prices {
        fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
            read_list(value, &mut field, (1, 5), "prices").map(Self)
        }
    }

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read::<Body>(&body).unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    #[test]
    fn absent_and_null_are_the_same() {
        let prices = json!([{"amount": 1, "currency": "KRW"}]);
        let expected = Body { name: None, prices: vec![Money::new(1, "KRW".parse().unwrap()).unwrap()] };
        assert_eq!(read(&json!({"prices": prices})), Ok(expected));
        assert!(read::<Body>(&json!({"prices": prices, "name": null, "unknown": {"x": []}})).is_ok());
        assert_eq!(wrong(json!({"prices": null})), [("/prices".to_owned(), Rule::Required)]);
    }

    #[test]
    fn one_wrong_value_hides_no_other() {
        let good = json!({"amount": 1, "currency": "KRW"});
        let body = json!({"name": [1], "prices": [good, 3, [1, "KRW"], {"amount": "x"}, null]});
        let expected = [
            ("/name", Rule::WrongType),
            ("/prices/1", Rule::WrongType),
            ("/prices/2", Rule::WrongType),
            ("/prices/3/amount", Rule::WrongType),
            ("/prices/3/currency", Rule::Required),
            ("/prices/4", Rule::Required),
        ];
        assert_eq!(wrong(body), expected.map(|(pointer, rule)| (pointer.to_owned(), rule)));
    }

    #[test]
    fn lists_are_bounded() {
        assert_eq!(wrong(json!({"prices": []})), [("/prices".to_owned(), Rule::TooFew)]);
        assert_eq!(wrong(json!({"prices": [1, 2, 3, 4, 5, 6]})), [("/prices".to_owned(), Rule::TooMany)]);
        assert_eq!(wrong(json!({"prices": {"0": 1}})), [("/prices".to_owned(), Rule::WrongType)]);
    }

    #[test]
    fn only_an_object_is_a_body() {
        for body in [json!(["name", 1]), json!(null), json!("x"), json!(1)] {
            assert_eq!(wrong(body), [(String::new(), Rule::WrongType)]);
        }
    }
}
