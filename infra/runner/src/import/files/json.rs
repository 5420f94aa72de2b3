//! Lenient access to JSON that people and tools write: nulls, one value instead of a list, an object instead of a text.

use std::slice;

use serde_json::{Map, Value};

/// The first member of these names that is not null.
pub(super) fn member<'a>(value: &'a Value, names: &[&str]) -> &'a Value {
    names.iter().map(|&name| &value[name]).find(|member| !member.is_null()).unwrap_or(&Value::Null)
}

/// A list as its elements, null as no element, and any other value as one element.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(elements) => elements,
        one => slice::from_ref(one),
    }
}

/// The text of a value: of a text, a number, an object's `@value` or `name`, or the first element of a list that has
/// one. `None` if it is blank.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(elements) => elements.iter().find_map(text),
        Value::Object(_) => text(member(value, &["@value", "name", "value", "termCode", "codeValue"])),
        Value::Null | Value::Bool(_) => None,
    }
}

/// The text of every element.
pub(super) fn texts(value: &Value) -> impl Iterator<Item = String> {
    list(value).iter().filter_map(text)
}

/// Removes the prefixes of schema.org from the names of all members: `schema:title` and `http://schema.org/title`
/// become `title`.
pub(super) fn without_prefixes(value: Value) -> Value {
    match value {
        Value::Array(elements) => Value::Array(elements.into_iter().map(without_prefixes).collect()),
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| (without_prefix(&name).to_owned(), without_prefixes(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// A name of schema.org without its prefix.
pub(super) fn without_prefix(name: &str) -> &str {
    let prefixes = ["schema:", "http://schema.org/", "https://schema.org/"];
    prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_found_in_every_form() {
        let text = |value: Value| text(&value).unwrap_or_default();
        assert_eq!(text(json!(" 웹 디자인 ")), "웹 디자인");
        assert_eq!(text(json!({"@value": "Rust", "@language": "en"})), "Rust");
        assert_eq!(text(json!({"@type": "DefinedTerm", "name": {"@value": "Rust"}})), "Rust");
        assert_eq!(text(json!([null, "", "second"])), "second");
        assert_eq!(text(json!(2019)), "2019");
        assert_eq!(text(json!({})) + &text(json!(null)) + &text(json!(true)) + &text(json!([])), "");
    }

    #[test]
    fn one_value_is_a_list_of_one() {
        assert_eq!(texts(&json!("one")).collect::<Vec<_>>(), ["one"]);
        assert_eq!(texts(&json!(["one", null, {"name": "two"}])).collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(texts(&json!(null)).count(), 0);
        assert_eq!(member(&json!({"a": null, "b": 1}), &["a", "b"]), &json!(1));
        assert_eq!(member(&json!("no object"), &["a"]), &Value::Null);
    }

    #[test]
    fn prefixes_of_schema_org_fall() {
        let prefixed = json!({"schema:title": "a", "https://schema.org/skills": [{"http://schema.org/name": "b"}]});
        assert_eq!(without_prefixes(prefixed), json!({"title": "a", "skills": [{"name": "b"}]}));
    }
}
