//! One test of a field: a value, or an operator such as `prefix`.

use serde_json::{Number, Value};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Equals(Value),
    Exists(bool),
    Text(TextTest),
    /// Every one of these comparisons holds.
    Numeric(Vec<(Comparison, f64)>),
    /// The field is there, and passes none of these.
    AnythingBut(Vec<Test>),
}

/// A test of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TextTest {
    Prefix(String),
    Suffix(String),
    /// In lower case, as the fields that the next three are held against.
    Same(String),
    PrefixOfAnyCase(String),
    SuffixOfAnyCase(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// EventBridge compares numbers of this size at most.
const MOST: f64 = 5.0e9;

impl Test {
    pub(super) fn read(value: &Value, place: &str) -> Result<Self, String> {
        let unknown = || format!("the emulator does not know the test {value} of {place}");
        match value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Ok(Self::Equals(value.clone())),
            Value::Object(test) if test.len() == 1 => {
                let (name, argument) = test.iter().next().ok_or_else(unknown)?;
                let test = match (name.as_str(), argument) {
                    ("exists", Value::Bool(there)) => Some(Self::Exists(*there)),
                    ("numeric", Value::Array(parts)) => numeric(parts).map(Self::Numeric),
                    ("anything-but", but) => anything_but(but).map(Self::AnythingBut),
                    (operator, argument) => TextTest::read(operator, argument).map(Self::Text),
                };
                test.ok_or_else(unknown)
            }
            _ => Err(unknown()),
        }
    }

    /// Whether a field passes; of a list, one element is enough. `None` is a field that is not there.
    pub(super) fn passes(&self, field: Option<&Value>) -> bool {
        match (self, field) {
            (Self::Exists(there), field) => field.is_some() == *there,
            (_, None) => false,
            (_, Some(Value::Array(items))) => items.iter().any(|item| self.passes(Some(item))),
            (Self::Equals(value), Some(field)) => field == value,
            (Self::Text(test), Some(field)) => field.as_str().is_some_and(|text| test.passes(text)),
            (Self::Numeric(comparisons), Some(field)) => {
                field.as_f64().is_some_and(|number| comparisons.iter().all(|(how, bound)| how.holds(number, *bound)))
            }
            (Self::AnythingBut(tests), field) => !tests.iter().any(|test| test.passes(field)),
        }
    }
}

/// A value, a list of values, or a test of texts.
fn anything_but(argument: &Value) -> Option<Vec<Test>> {
    let plain = |value: &Value| matches!(value, Value::String(_) | Value::Number(_));
    match argument {
        Value::Array(values) if !values.is_empty() && values.iter().all(plain) => {
            Some(values.iter().cloned().map(Test::Equals).collect())
        }
        Value::Object(test) if test.len() == 1 => {
            let (operator, argument) = test.iter().next()?;
            let arguments = match argument {
                Value::Array(arguments) if !arguments.is_empty() => arguments.as_slice(),
                one => std::slice::from_ref(one),
            };
            arguments.iter().map(|argument| TextTest::read(operator, argument).map(Test::Text)).collect()
        }
        value if plain(value) => Some(vec![Test::Equals(value.clone())]),
        _ => None,
    }
}

/// One comparison with its bound, or the two of a range.
fn numeric(parts: &[Value]) -> Option<Vec<(Comparison, f64)>> {
    let pairs = parts.chunks(2).map(|pair| {
        let [Value::String(how), Value::Number(bound)] = pair else { return None };
        let bound = Number::as_f64(bound).filter(|bound| bound.abs() <= MOST)?;
        let how = match how.as_str() {
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            "=" => Comparison::Equal,
            ">=" => Comparison::GreaterOrEqual,
            ">" => Comparison::Greater,
            _ => return None,
        };
        Some((how, bound))
    });
    let pairs: Vec<_> = pairs.collect::<Option<_>>()?;
    (1..=2).contains(&pairs.len()).then_some(pairs)
}

impl Comparison {
    fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Self::Less => number < bound,
            Self::LessOrEqual => number <= bound,
            Self::Equal => number.total_cmp(&bound).is_eq(),
            Self::GreaterOrEqual => number >= bound,
            Self::Greater => number > bound,
        }
    }
}

impl TextTest {
    fn read(operator: &str, argument: &Value) -> Option<Self> {
        let any_case = argument["equals-ignore-case"].as_str().map(str::to_lowercase);
        let has_one_key = argument.as_object().is_some_and(|argument| argument.len() == 1);
        match (operator, argument) {
            ("prefix", Value::String(start)) => Some(Self::Prefix(start.clone())),
            ("suffix", Value::String(end)) => Some(Self::Suffix(end.clone())),
            ("equals-ignore-case", Value::String(text)) => Some(Self::Same(text.to_lowercase())),
            ("prefix", _) if has_one_key => any_case.map(Self::PrefixOfAnyCase),
            ("suffix", _) if has_one_key => any_case.map(Self::SuffixOfAnyCase),
            _ => None,
        }
    }

    fn passes(&self, text: &str) -> bool {
        match self {
            Self::Prefix(start) => text.starts_with(start.as_str()),
            Self::Suffix(end) => text.ends_with(end.as_str()),
            Self::Same(folded) => text.to_lowercase() == *folded,
            Self::PrefixOfAnyCase(folded) => text.to_lowercase().starts_with(folded.as_str()),
            Self::SuffixOfAnyCase(folded) => text.to_lowercase().ends_with(folded.as_str()),
        }
    }
}
