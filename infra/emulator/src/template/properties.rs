//! The properties of one resource, read one at a time.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::fault::{Fault, TemplatePath};
use super::scope::{Scope, is_intrinsic, text_of};

/// The properties of one resource: as written, and resolved when they are asked for. A property that nobody reads is
/// never resolved. A fault is noted in the scope, and the property then counts as left out.
pub(crate) struct Properties<'a> {
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) written: Map<String, Value>,
    pub(crate) place: TemplatePath,
}

/// What the runner makes of the keys of a mapping.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Known<'k> {
    /// Read and honoured.
    pub(crate) honoured: &'k [&'k str],
    /// Of effect on AWS alone, as everybody expects: names, tags, logs, alarms.
    pub(crate) silent: &'k [&'k str],
    /// Without effect here, which is said once.
    pub(crate) noted: &'k [&'k str],
}

impl<'a> Properties<'a> {
    pub(crate) fn read(scope: &'a Scope<'a>, written: &Value, place: TemplatePath) -> Self {
        let resolved = match written {
            Value::Object(object) if is_intrinsic(object) => scope.keep(scope.resolve(written, &place)),
            plain => Some(plain.clone()),
        };
        let written = match resolved {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(written)) => written,
            Some(_) => {
                scope.add(place.error("expected a mapping"));
                Map::new()
            }
        };
        Self { scope, written, place }
    }

    /// Refuses every key that is not known, and notes those without effect.
    pub(crate) fn only(&self, known: Known<'_>) {
        for key in self.written.keys().map(String::as_str) {
            if known.noted.contains(&key) {
                self.scope.note(key, &self.place);
            } else if !known.honoured.contains(&key) && !known.silent.contains(&key) {
                self.fault(key, "the emulator does not support this property");
            }
        }
    }

    /// Notes a fault of one property.
    pub(crate) fn fault(&self, key: &str, problem: impl Into<String>) {
        self.scope.add(self.place.key(key).error(problem));
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.written.contains_key(key)
    }

    pub(crate) fn value(&self, key: &str) -> Value {
        let value = self.written.get(key).and_then(|written| {
            let resolved = self.scope.resolve(written, &self.place.key(key));
            self.scope.keep(resolved)
        });
        value.unwrap_or_default()
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.value(key) {
            Value::Null => None,
            value => self.scope.keep(text_of(&value, &self.place.key(key))),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        let text = self.text(key)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.fault(key, "expected a whole number");
        }
        number
    }

    /// A whole number of a range.
    pub(crate) fn within(&self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let text = self.text(key)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(key, format!("expected a whole number, {} to {}", range.start(), range.end()));
        }
        number
    }

    pub(crate) fn truth(&self, key: &str) -> bool {
        match self.text(key).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.fault(key, "expected true or false");
                false
            }
        }
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        let place = self.place.key(key);
        match self.value(key) {
            Value::Null => Vec::new(),
            Value::Array(items) => items.iter().filter_map(|item| self.scope.keep(text_of(item, &place))).collect(),
            _ => {
                self.scope.add(place.error("expected a list"));
                Vec::new()
            }
        }
    }

    pub(crate) fn section(&self, key: &str) -> Self {
        let written = self.written.get(key).unwrap_or(&Value::Null);
        Self::read(self.scope, written, self.place.key(key))
    }

    /// The resource whose attribute a property asks for: `Things` in `!GetAtt Things.Arn`.
    pub(crate) fn resource_of(&self, key: &str, attribute: &str, expected: &str) -> Option<String> {
        let named = match self.written.get(key).map(|written| &written["Fn::GetAtt"]) {
            Some(Value::Array(path)) if path.len() == 2 && path[1] == attribute => path[0].as_str(),
            _ => None,
        };
        let Some(named) = named else {
            self.fault(key, format!("expected {expected}"));
            return None;
        };
        // Resolving says what is wrong with a name that leads nowhere.
        self.text(key).map(|_| named.to_owned())
    }
}

/// SAM's rule for `Globals`: maps are merged, lists are joined, anything else is overridden.
pub(crate) fn merge(global: &Value, own: &Value) -> Value {
    match (global, own) {
        (Value::Object(global), Value::Object(own)) if !is_intrinsic(global) && !is_intrinsic(own) => {
            let mut merged = global.clone();
            for (key, value) in own {
                let value = merged.get(key).map_or_else(|| value.clone(), |global| merge(global, value));
                merged.insert(key.clone(), value);
            }
            Value::Object(merged)
        }
        (Value::Array(global), Value::Array(own)) => Value::Array(global.iter().chain(own).cloned().collect()),
        (global, Value::Null) => global.clone(),
        (_, own) => own.clone(),
    }
}

impl Scope<'_> {
    /// The value, or nothing and its fault noted.
    pub(crate) fn keep<T>(&self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.add(fault)).ok()
    }
}
