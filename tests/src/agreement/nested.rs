//! The resources of `infra/template.yaml` together with those of its nested stacks.
//!
//! A nested stack sees what surrounds it only through its parameters. Here every parameter is replaced by the
//! expression that `infra/template.yaml` gives for it, so that a test reads both files as one.

use std::collections::BTreeMap;
use std::fs::read_to_string;

use pairwork::template::document;
use serde_json::{Map, Value, json};

use super::{resources, template, template_folder};

/// A resource's properties by its path: `ApiServerErrorsAlarm`, or `MarketAlarms.ErrorsAlarm` in a nested stack.
pub(super) type Deployed = BTreeMap<String, Value>;

/// Every resource of this type that the template deploys, in nested stacks too.
pub(super) fn deployed(kind: &str) -> Deployed {
    let template = template();
    let own = resources(&template, kind).map(|(name, properties)| (name.to_owned(), properties.clone()));
    let mut deployed: Deployed = own.collect();
    for (stack, properties) in resources(&template, "AWS::CloudFormation::Stack") {
        let file = properties["TemplateURL"].as_str().expect("a nested stack names its template");
        let text = read_to_string(template_folder().join(file)).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        let nested = document(&text).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        let parameters = Parameters::of(&nested, &properties["Parameters"], stack);
        for (name, resource) in nested["Resources"].as_object().expect("a template has resources") {
            let condition = resource["Condition"].as_str();
            let exists = condition.is_none_or(|condition| parameters.decide(&nested["Conditions"][condition]));
            if resource["Type"] == kind && exists {
                deployed.insert(format!("{stack}.{name}"), parameters.replace(&resource["Properties"]));
            }
        }
    }
    deployed
}

/// The parameters of a nested stack with the expressions that the surrounding template gives for them.
struct Parameters(BTreeMap<String, Value>);

impl Parameters {
    fn of(nested: &Value, given: &Value, stack: &str) -> Self {
        let declared = nested["Parameters"].as_object().expect("a nested template declares parameters");
        let given = given.as_object().expect("a nested stack is given parameters");
        for name in given.keys() {
            assert!(declared.contains_key(name), "{stack} gives {name}, which its template does not declare");
        }
        let parameters = declared.iter().map(|(name, parameter)| {
            let value = given.get(name).or_else(|| parameter.get("Default"));
            (name.clone(), value.unwrap_or_else(|| panic!("{stack} does not give {name}")).clone())
        });
        Self(parameters.collect())
    }

    /// The value with every reference to a parameter replaced.
    fn replace(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.replace(item)).collect(),
            Value::Object(object) => {
                if let Some(parameter) = object.get("Ref").and_then(Value::as_str).and_then(|name| self.0.get(name)) {
                    return parameter.clone();
                }
                if let Some(pattern) = object.get("Fn::Sub").and_then(Value::as_str) {
                    return self.substitute(pattern);
                }
                let members = object.iter().map(|(name, member)| (name.clone(), self.replace(member)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            plain => plain.clone(),
        }
    }

    /// `Fn::Sub` with every `${Parameter}` replaced. It becomes plain text if nothing else is left to substitute.
    fn substitute(&self, pattern: &str) -> Value {
        let text = self.0.iter().fold(pattern.to_owned(), |text, (name, value)| {
            let shown = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                expression => substituted(expression).unwrap_or_else(|| format!("${{{name}}}")),
            };
            text.replace(&format!("${{{name}}}"), &shown)
        });
        if text.contains("${") { json!({ "Fn::Sub": text }) } else { Value::String(text) }
    }

    /// Whether a condition of `Fn::Not` and `Fn::Equals` holds.
    fn decide(&self, rule: &Value) -> bool {
        match (&rule["Fn::Not"], &rule["Fn::Equals"]) {
            (Value::Array(rules), Value::Null) => !self.decide(&rules[0]),
            (Value::Null, Value::Array(sides)) => self.replace(&sides[0]) == self.replace(&sides[1]),
            _ => panic!("no condition of this form is expected: {rule}"),
        }
    }
}

/// An expression as `Fn::Sub` writes it: `${Table}`, `${Queue.QueueName}`, or the text of another `Fn::Sub`.
fn substituted(expression: &Value) -> Option<String> {
    let attribute = || Some((expression["Fn::GetAtt"][0].as_str()?, expression["Fn::GetAtt"][1].as_str()?));
    let reference = expression["Ref"].as_str().map(|name| format!("${{{name}}}"));
    let text = || expression["Fn::Sub"].as_str().map(str::to_owned);
    reference.or_else(text).or_else(|| attribute().map(|(name, attribute)| format!("${{{name}.{attribute}}}")))
}
