//! What `Ref`, `Fn::GetAtt`, `Fn::Sub` and the conditions of a template mean on this machine.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::TemplateError;

/// The region everything local claims to be in.
pub const REGION: &str = "us-east-1";
/// The account everything local claims to belong to.
pub const ACCOUNT: &str = "000000000000";
/// The stack's name: the prefix of every name CloudFormation would make up.
pub const STACK: &str = "pairwork";

/// A place in the template, for error messages: resource and key.
#[derive(Debug, Clone)]
pub(crate) struct Place(String);

impl Place {
    pub(crate) fn of(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        Self(format!("{}.{key}", self.0))
    }

    pub(crate) fn error(&self, problem: impl Into<String>) -> TemplateError {
        TemplateError::Place { place: self.0.clone(), problem: problem.into() }
    }
}

/// The values a template's intrinsics can refer to.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    parameters: BTreeMap<&'a str, Value>,
    conditions: Option<&'a Map<String, Value>>,
    resources: &'a Map<String, Value>,
}

impl<'a> Scope<'a> {
    /// Parameters take their defaults: locally there is nobody to ask.
    pub(crate) fn of(document: &'a Value, resources: &'a Map<String, Value>) -> Result<Self, TemplateError> {
        let mut parameters = BTreeMap::new();
        for (name, parameter) in document["Parameters"].as_object().into_iter().flatten() {
            let Some(default) = parameter.get("Default") else {
                return Err(Place::of(name).error("a parameter needs a Default to be run locally"));
            };
            let list = parameter["Type"] == "CommaDelimitedList" || is_list_type(&parameter["Type"]);
            let value = match default.as_str() {
                Some(text) if list => text.split(',').map(|item| Value::String(item.trim().to_owned())).collect(),
                _ => default.clone(),
            };
            parameters.insert(name.as_str(), value);
        }
        Ok(Self { parameters, conditions: document["Conditions"].as_object(), resources })
    }

    /// `value` with every intrinsic replaced by what it stands for. `AWS::NoValue` takes its key or item with it.
    pub(crate) fn resolve(&self, value: &Value, place: &Place) -> Result<Value, TemplateError> {
        Ok(self.resolve_some(value, place)?.unwrap_or(Value::Null))
    }

    fn resolve_some(&self, value: &Value, place: &Place) -> Result<Option<Value>, TemplateError> {
        match value {
            Value::Array(items) => {
                let mut resolved = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    resolved.extend(self.resolve_some(item, &place.key(&index.to_string()))?);
                }
                Ok(Some(Value::Array(resolved)))
            }
            Value::Object(object) => {
                if let Some((name, argument)) = intrinsic(object) {
                    return self.call(name, argument, place);
                }
                let mut resolved = Map::with_capacity(object.len());
                for (key, item) in object {
                    if let Some(item) = self.resolve_some(item, &place.key(key))? {
                        resolved.insert(key.clone(), item);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn call(&self, name: &str, argument: &Value, place: &Place) -> Result<Option<Value>, TemplateError> {
        match (name, argument) {
            ("Ref", Value::String(target)) if target == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(target)) => self.reference(target, place).map(Some),
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(resource), Value::String(attribute)] => {
                    self.attribute(resource, attribute, place).map(Some)
                }
                _ => Err(place.error("Fn::GetAtt takes a resource and an attribute")),
            },
            ("Fn::Sub", Value::String(pattern)) => {
                self.substitute(pattern, &Map::new(), place).map(|text| Some(Value::String(text)))
            }
            ("Fn::Sub", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(pattern), Value::Object(variables)] => {
                    self.substitute(pattern, variables, place).map(|text| Some(Value::String(text)))
                }
                _ => Err(place.error("Fn::Sub takes a text, or a text and its variables")),
            },
            ("Fn::Join", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(separator), list] => {
                    let list = self.resolve(list, place)?;
                    let items = list.as_array().ok_or_else(|| place.error("Fn::Join takes a list"))?;
                    let texts = items.iter().map(|item| text_of(item, place)).collect::<Result<Vec<_>, _>>()?;
                    Ok(Some(Value::String(texts.join(separator))))
                }
                _ => Err(place.error("Fn::Join takes a separator and a list")),
            },
            ("Fn::If", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(condition), then, otherwise] => {
                    let chosen = if self.holds(condition, place)? { then } else { otherwise };
                    self.resolve_some(chosen, place)
                }
                _ => Err(place.error("Fn::If takes a condition and two values")),
            },
            _ => Err(place.error(format!("the local runner does not know {name} of this form"))),
        }
    }

    fn reference(&self, target: &str, place: &Place) -> Result<Value, TemplateError> {
        if let Some(value) = self.parameters.get(target) {
            return Ok(value.clone());
        }
        let text = match target {
            "AWS::Region" => REGION.to_owned(),
            "AWS::AccountId" => ACCOUNT.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::StackName" => STACK.to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            resource if self.resources.contains_key(resource) => self.physical_name(resource, place)?,
            unknown => return Err(place.error(format!("nothing is called {unknown}"))),
        };
        Ok(Value::String(text))
    }

    /// The name the template gives a resource, or the one CloudFormation would make up (without its random tail).
    pub(crate) fn physical_name(&self, resource: &str, place: &Place) -> Result<String, TemplateError> {
        const NAMES: [&str; 4] = ["TableName", "FunctionName", "LogGroupName", "QueueName"];
        let properties = &self.resources[resource]["Properties"];
        match NAMES.iter().find_map(|name| properties.get(name)) {
            Some(name) => text_of(&self.resolve(name, place)?, place),
            None => Ok(format!("{STACK}-{resource}")),
        }
    }

    pub(crate) fn attribute(&self, resource: &str, attribute: &str, place: &Place) -> Result<Value, TemplateError> {
        let kind = self.resources.get(resource).and_then(|found| found["Type"].as_str());
        let arn = |service: &str, tail: String| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{tail}");
        let name = || self.physical_name(resource, place);
        let text = match (kind, attribute) {
            (None, _) => return Err(place.error(format!("nothing is called {resource}"))),
            (Some("AWS::DynamoDB::Table"), "Arn") => arn("dynamodb", format!("table/{}", name()?)),
            (Some("AWS::DynamoDB::Table"), "StreamArn") => stream_arn(&name()?),
            (Some("AWS::SQS::Queue"), "Arn") => arn("sqs", name()?),
            (Some("AWS::Serverless::Function"), "Arn") => arn("lambda", format!("function:{}", name()?)),
            (Some("AWS::Logs::LogGroup"), "Arn") => arn("logs", format!("log-group:{}:*", name()?)),
            (Some(kind), _) => {
                return Err(place.error(format!("the local runner has no {attribute} of a {kind}")));
            }
        };
        Ok(Value::String(text))
    }

    fn substitute(
        &self,
        pattern: &str,
        variables: &Map<String, Value>,
        place: &Place,
    ) -> Result<String, TemplateError> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            text.push_str(before);
            let (name, after) = after.split_once('}').ok_or_else(|| place.error("a ${ is never closed"))?;
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                text.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let value = match (variables.get(name), name.split_once('.')) {
                (Some(value), _) => self.resolve(value, place)?,
                (None, Some((resource, attribute))) => self.attribute(resource, attribute, place)?,
                (None, None) => self.reference(name, place)?,
            };
            text.push_str(&text_of(&value, place)?);
        }
        text.push_str(rest);
        Ok(text)
    }

    /// Whether a condition of the template holds with the parameters' defaults.
    pub(crate) fn holds(&self, condition: &str, place: &Place) -> Result<bool, TemplateError> {
        let rule = self
            .conditions
            .and_then(|conditions| conditions.get(condition))
            .ok_or_else(|| place.error(format!("no condition is called {condition}")))?;
        self.decide(rule, &Place::of(condition))
    }

    fn decide(&self, rule: &Value, place: &Place) -> Result<bool, TemplateError> {
        let unknown = || place.error("the local runner does not know a condition of this form");
        let (name, argument) = rule.as_object().and_then(intrinsic).ok_or_else(unknown)?;
        match (name, argument) {
            ("Condition", Value::String(other)) => self.holds(other, place),
            ("Fn::Equals", Value::Array(sides)) if sides.len() == 2 => {
                Ok(self.resolve(&sides[0], place)? == self.resolve(&sides[1], place)?)
            }
            ("Fn::Not", Value::Array(rules)) if rules.len() == 1 => Ok(!self.decide(&rules[0], place)?),
            ("Fn::And", Value::Array(rules)) => {
                rules.iter().try_fold(true, |all, rule| Ok(all & self.decide(rule, place)?))
            }
            ("Fn::Or", Value::Array(rules)) => {
                rules.iter().try_fold(false, |any, rule| Ok(any | self.decide(rule, place)?))
            }
            _ => Err(unknown()),
        }
    }
}

/// The ARN of a table's stream. On AWS its label is the time when it was switched on; here there is only ever one.
pub(crate) fn stream_arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/2026-01-01T00:00:00.000")
}

fn is_list_type(kind: &Value) -> bool {
    kind.as_str().is_some_and(|kind| kind.starts_with("List<"))
}

/// The name and argument of an intrinsic: an object with that one key.
fn intrinsic(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = object.iter().next()?;
    let known = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    (object.len() == 1 && known).then_some((name, argument))
}

/// Whether an object stands for a value instead of being one.
pub(crate) fn is_intrinsic(object: &Map<String, Value>) -> bool {
    intrinsic(object).is_some()
}

/// CloudFormation writes numbers and truths as text wherever a text is wanted.
pub(crate) fn text_of(value: &Value, place: &Place) -> Result<String, TemplateError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other => Err(place.error(format!("expected a text, found {other}"))),
    }
}
