//! The parameters of a template: their defaults, the values given instead, and what a value must be.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::fault::{Fault, TemplatePath};
use super::overrides::Overrides;
use super::scope::text_of;

/// The values of a template's parameters.
#[derive(Debug)]
pub(crate) struct Parameters<'a>(BTreeMap<&'a str, Result<Value, String>>);

impl<'a> Parameters<'a> {
    /// Each parameter has the value that was given, or its default. Faults of values are added to `faults`.
    pub(crate) fn read(document: &'a Value, overrides: &Overrides, faults: &mut Vec<Fault>) -> Self {
        let declared = document["Parameters"].as_object();
        let mut values = BTreeMap::new();
        for (name, parameter) in declared.into_iter().flatten() {
            let given = overrides.get(name).map(|value| Value::String(value.to_owned()));
            let place = match given {
                Some(_) => TemplatePath::of("--parameter-overrides").key(name),
                None => TemplatePath::of("Parameters").key(name).key("Default"),
            };
            let kind = parameter["Type"].as_str().unwrap_or("String");
            let value = match given.or_else(|| parameter.get("Default").cloned()) {
                _ if kind.starts_with("AWS::SSM::Parameter::Value<") && overrides.get(name).is_none() => {
                    let path = &parameter["Default"].as_str().unwrap_or("of no name");
                    Err(format!(
                        "the value is that of the Systems Manager parameter {path}, which is not here. \
                         Give one with `--parameter-overrides {name}=VALUE`"
                    ))
                }
                None => Err(format!("it has no Default. Give a value with `--parameter-overrides {name}=VALUE`")),
                Some(value) => {
                    let value = as_list(kind, value);
                    faults
                        .extend(wrong(parameter, kind, &value, &place).into_iter().map(|problem| place.error(problem)));
                    Ok(value)
                }
            };
            values.insert(name.as_str(), value);
        }
        for name in overrides.parameters().filter(|name| !values.contains_key(name)) {
            let known: Vec<&str> = values.keys().copied().collect();
            let place = TemplatePath::of("--parameter-overrides").key(name);
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            faults.push(place.error(format!("the template has no such parameter; it has {known}")));
        }
        Self(values)
    }

    /// The value of a parameter; `None` if there is no such parameter.
    ///
    /// # Errors
    /// Why a parameter has no value.
    pub(crate) fn get(&self, name: &str) -> Option<&Result<Value, String>> {
        self.0.get(name)
    }
}

fn as_list(kind: &str, value: Value) -> Value {
    let is_list = kind.contains("CommaDelimitedList") || kind.contains("List<");
    match value.as_str() {
        Some("") if is_list => Value::Array(Vec::new()),
        Some(text) if is_list => text.split(',').map(|item| Value::String(item.trim().to_owned())).collect(),
        _ => value,
    }
}

/// What is wrong with a value, by the parameter's own rules.
fn wrong(parameter: &Value, kind: &str, value: &Value, place: &TemplatePath) -> Vec<String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut problems = Vec::new();
    for item in items {
        let Ok(text) = text_of(item, place) else {
            problems.push(format!("expected a text, found {item}"));
            continue;
        };
        if let Some(allowed) = parameter["AllowedValues"].as_array() {
            let allowed: Vec<String> = allowed.iter().filter_map(|value| text_of(value, place).ok()).collect();
            if !allowed.contains(&text) {
                problems.push(format!("{text:?} is not one of AllowedValues: {}", allowed.join(", ")));
            }
        }
        if let Some(pattern) = parameter["AllowedPattern"].as_str() {
            match Regex::new(&format!("^(?:{pattern})$")) {
                Ok(regex) if !regex.is_match(&text) => {
                    problems.push(format!("{text:?} does not match AllowedPattern {pattern}"));
                }
                Ok(_) => {}
                Err(_) => tracing::warn!(pattern, "an AllowedPattern is not understood here, and not held to"),
            }
        }
        problems.extend(out_of_range(parameter, kind, &text));
    }
    problems
}

fn out_of_range(parameter: &Value, kind: &str, text: &str) -> Option<String> {
    let bound = |key: &str| match &parameter[key] {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let is_number = kind == "Number" || kind == "List<Number>";
    let (size, least, most, what) = if is_number {
        let Ok(number) = text.parse::<f64>() else { return Some(format!("{text:?} is not a number")) };
        (number, "MinValue", "MaxValue", "is")
    } else {
        let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        (f64::from(characters), "MinLength", "MaxLength", "has a length")
    };
    if let Some(least) = bound(least).filter(|least| size < *least) {
        return Some(format!("{text:?} {what} below {least}"));
    }
    bound(most).filter(|most| size > *most).map(|most| format!("{text:?} {what} above {most}"))
}
