//! What `Ref`, `Fn::GetAtt`, `Fn::Sub` and the conditions of a template mean on this machine.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::fault::{Fault, TemplatePath};
use super::overrides::Overrides;
use super::parameters::Parameters;

/// The region everything local claims to be in.
pub const REGION: &str = "us-east-1";
/// The account everything local claims to belong to.
pub const ACCOUNT: &str = "000000000000";
/// The stack's name: the prefix of every name CloudFormation would make up.
pub const STACK: &str = "pairwork";

/// The id of the HTTP API: what `Ref` gives, and what events call it.
pub(crate) const API_ID: &str = "local";
/// The HTTP API that SAM adds when a function's event names none.
pub(crate) const IMPLICIT_API: &str = "ServerlessHttpApi";

/// The domain name that the distribution has on AWS.
pub(crate) const DISTRIBUTION: &str = "local.cloudfront.net";
/// The address of the distribution on AWS. When functions are started, it is replaced by the address that it has here.
pub const DISTRIBUTION_URL: &str = "https://local.cloudfront.net";

/// The address that an HTTP API has on AWS. When functions are started, it is replaced by the address that it has here.
pub(crate) fn api_endpoint() -> String {
    format!("https://{API_ID}.execute-api.{REGION}.amazonaws.com")
}

/// The values that a template's intrinsics can refer to, and the faults and notices found on the way.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    parameters: Parameters<'a>,
    overrides: &'a Overrides,
    mappings: &'a Value,
    conditions: Option<&'a Map<String, Value>>,
    pub(crate) resources: &'a Map<String, Value>,
    faults: RefCell<Vec<Fault>>,
    notices: RefCell<BTreeMap<String, BTreeSet<String>>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(document: &'a Value, resources: &'a Map<String, Value>, overrides: &'a Overrides) -> Self {
        let mut faults = Vec::new();
        let parameters = Parameters::read(document, overrides, &mut faults);
        Self {
            parameters,
            overrides,
            mappings: &document["Mappings"],
            conditions: document["Conditions"].as_object(),
            resources,
            faults: RefCell::new(faults),
            notices: RefCell::default(),
        }
    }

    /// Notes a fault, unless it is known already: what `Globals` say is read again for each function.
    pub(crate) fn add(&self, fault: Fault) {
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// Notes that something has no effect here, and where.
    pub(crate) fn note(&self, what: &str, place: &TemplatePath) {
        self.notices.borrow_mut().entry(what.to_owned()).or_default().insert(place.resource().to_owned());
    }

    /// All faults, and a notice for each thing without effect.
    pub(crate) fn findings(self) -> (Vec<Fault>, Vec<String>) {
        let notice = |(what, places): (String, BTreeSet<String>)| {
            format!("{what} ({})", places.into_iter().collect::<Vec<_>>().join(", "))
        };
        (self.faults.into_inner(), self.notices.into_inner().into_iter().map(notice).collect())
    }

    /// `value` with every intrinsic replaced by what it stands for. `AWS::NoValue` takes its key or item with it.
    pub(crate) fn resolve(&self, value: &Value, place: &TemplatePath) -> Result<Value, Fault> {
        Ok(self.resolve_some(value, place)?.unwrap_or(Value::Null))
    }

    fn resolve_some(&self, value: &Value, place: &TemplatePath) -> Result<Option<Value>, Fault> {
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
                    return match self.call(name, argument, place)? {
                        Some(Value::String(text)) => self.references(&text, place).map(Some),
                        other => Ok(other),
                    };
                }
                let mut resolved = Map::with_capacity(object.len());
                for (key, item) in object {
                    if let Some(item) = self.resolve_some(item, &place.key(key))? {
                        resolved.insert(key.clone(), item);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            Value::String(text) => self.references(text, place).map(Some),
            plain => Ok(Some(plain.clone())),
        }
    }

    /// A text with its `{{resolve:service:name}}` replaced by the values that were given for them.
    fn references(&self, text: &str, place: &TemplatePath) -> Result<Value, Fault> {
        const OPEN: &str = "{{resolve:";
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            let (name, after) = after.split_once("}}").ok_or_else(|| place.error("a {{resolve: is never closed"))?;
            let value = self.overrides.get(name).ok_or_else(|| {
                place.error(format!(
                    "the value of {{{{resolve:{name}}}}} is in an account, which is not here. \
                     Give one with `--parameter-overrides {name}=VALUE`"
                ))
            })?;
            resolved.push_str(before);
            resolved.push_str(value);
            rest = after;
        }
        resolved.push_str(rest);
        Ok(Value::String(resolved))
    }

    fn call(&self, name: &str, argument: &Value, place: &TemplatePath) -> Result<Option<Value>, Fault> {
        match (name, argument) {
            ("Ref", Value::String(target)) if target == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(target)) => self.reference(target, place).map(Some),
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(resource), Value::String(attribute)] => {
                    self.attribute(resource, attribute, place).map(Some)
                }
                _ => Err(place.error("Fn::GetAtt takes a resource and an attribute")),
            },
            ("Fn::GetAtt", Value::String(path)) => match path.split_once('.') {
                Some((resource, attribute)) => self.attribute(resource, attribute, place).map(Some),
                None => Err(place.error("Fn::GetAtt takes a resource and an attribute")),
            },
            ("Fn::FindInMap", Value::Array(path)) => self.find_in_map(path, place).map(Some),
            ("Fn::Select", Value::Array(parts)) => self.select(parts, place).map(Some),
            ("Fn::Split", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(separator), text] if !separator.is_empty() => {
                    let text = text_of(&self.resolve(text, place)?, place)?;
                    Ok(Some(text.split(separator.as_str()).map(Value::from).collect()))
                }
                _ => Err(place.error("Fn::Split takes a separator and a text")),
            },
            ("Fn::ImportValue", name) => {
                let name = text_of(&self.resolve(name, place)?, place)?;
                let value = self.overrides.get(&format!("ImportValue:{name}")).ok_or_else(|| {
                    place.error(format!(
                        "another stack exports {name}, and there is no other stack here. \
                         Give a value with `--parameter-overrides ImportValue:{name}=VALUE`"
                    ))
                })?;
                Ok(Some(Value::from(value)))
            }
            ("Fn::Base64", text) => {
                let text = text_of(&self.resolve(text, place)?, place)?;
                Ok(Some(Value::String(STANDARD.encode(text))))
            }
            ("Fn::GetAZs", _) => Ok(Some(["a", "b", "c"].map(|zone| format!("{REGION}{zone}")).into_iter().collect())),
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
            _ => Err(place.error(format!("the emulator does not know {name} of this form"))),
        }
    }

    fn find_in_map(&self, path: &[Value], place: &TemplatePath) -> Result<Value, Fault> {
        let [map, first, second, rest @ ..] = path else {
            return Err(place.error("Fn::FindInMap takes a map and two keys"));
        };
        let key = |value: &Value| text_of(&self.resolve(value, place)?, place);
        let (map, first, second) = (key(map)?, key(first)?, key(second)?);
        let found = self.mappings.get(&map).and_then(|map| map.get(&first)).and_then(|keys| keys.get(&second));
        match (found, rest) {
            (Some(value), _) => Ok(value.clone()),
            (None, [options]) if options.get("DefaultValue").is_some() => self.resolve(&options["DefaultValue"], place),
            (None, _) => Err(place.error(format!("Mappings have no {map}.{first}.{second}"))),
        }
    }

    fn select(&self, parts: &[Value], place: &TemplatePath) -> Result<Value, Fault> {
        let wrong = || place.error("Fn::Select takes an index and a list");
        let [index, list] = parts else { return Err(wrong()) };
        let index: usize = text_of(&self.resolve(index, place)?, place)?.parse().map_err(|_| wrong())?;
        let list = self.resolve(list, place)?;
        let items = list.as_array().ok_or_else(wrong)?;
        let item = items.get(index).cloned();
        item.ok_or_else(|| place.error(format!("Fn::Select asks for item {index} of {}", items.len())))
    }

    fn reference(&self, target: &str, place: &TemplatePath) -> Result<Value, Fault> {
        if let Some(value) = self.parameters.get(target) {
            let missing = |problem: String| place.error(format!("the parameter {target}: {problem}"));
            return value.clone().map_err(missing);
        }
        let text = match target {
            "AWS::NotificationARNs" => return Ok(Value::Array(Vec::new())),
            "AWS::StackId" => {
                let id = "00000000-0000-0000-0000-000000000000";
                format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/{id}")
            }
            "AWS::Region" => REGION.to_owned(),
            "AWS::AccountId" => ACCOUNT.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::StackName" => STACK.to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            resource if self.resources.contains_key(resource) => self.referenced(resource, place)?,
            unknown => return Err(place.error(format!("nothing is called {unknown}"))),
        };
        Ok(Value::String(text))
    }

    /// What `Ref` gives of a resource: its name, but for some types.
    fn referenced(&self, resource: &str, place: &TemplatePath) -> Result<String, Fault> {
        let kind = self.resources.get(resource).and_then(|found| found["Type"].as_str()).unwrap_or_default();
        let name = self.physical_name(resource, place)?;
        Ok(match kind {
            "AWS::Serverless::HttpApi" | "AWS::ApiGatewayV2::Api" => API_ID.to_owned(),
            "AWS::SNS::Topic" => format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}"),
            "AWS::SQS::Queue" => format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"),
            _ => name,
        })
    }

    /// The name the template gives a resource, or the one CloudFormation would make up (without its random tail).
    pub(crate) fn physical_name(&self, resource: &str, place: &TemplatePath) -> Result<String, Fault> {
        const NAMES: [&str; 8] =
            ["BucketName", "TableName", "FunctionName", "LogGroupName", "QueueName", "RoleName", "TopicName", "Name"];
        let properties = &self.resources[resource]["Properties"];
        match NAMES.iter().find_map(|name| properties.get(name)) {
            Some(name) => text_of(&self.resolve(name, place)?, place),
            None => Ok(format!("{STACK}-{resource}")),
        }
    }

    pub(crate) fn attribute(&self, resource: &str, attribute: &str, place: &TemplatePath) -> Result<Value, Fault> {
        let kind = self.resources.get(resource).map(|found| found["Type"].as_str().unwrap_or_default());
        let arn = |service: &str, tail: String| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{tail}");
        let name = || self.physical_name(resource, place);
        let text = match (kind, attribute) {
            (None, _) => return Err(place.error(format!("nothing is called {resource}"))),
            (Some("AWS::DynamoDB::Table"), "Arn") => arn("dynamodb", format!("table/{}", name()?)),
            (Some("AWS::Serverless::SimpleTable"), "Arn") => arn("dynamodb", format!("table/{}", name()?)),
            (Some("AWS::DynamoDB::Table"), "StreamArn") => stream_arn(&name()?),
            (Some("AWS::SQS::Queue"), "Arn") => arn("sqs", name()?),
            (Some("AWS::SQS::Queue"), "QueueName") => name()?,
            (Some("AWS::SQS::Queue"), "QueueUrl") => self.referenced(resource, place)?,
            (Some("AWS::Serverless::Function"), "Arn") => arn("lambda", format!("function:{}", name()?)),
            (Some("AWS::Serverless::HttpApi" | "AWS::ApiGatewayV2::Api"), "ApiEndpoint") => api_endpoint(),
            (Some("AWS::Serverless::HttpApi" | "AWS::ApiGatewayV2::Api"), "ApiId") => API_ID.to_owned(),
            (Some("AWS::Logs::LogGroup"), "Arn") => arn("logs", format!("log-group:{}:*", name()?)),
            (Some("AWS::IAM::Role"), "Arn") => format!("arn:aws:iam::{ACCOUNT}:role/{}", name()?),
            (Some("AWS::SNS::Topic"), "TopicArn") => arn("sns", name()?),
            (Some("AWS::SNS::Topic"), "TopicName") => name()?,
            (Some("AWS::Events::EventBus"), "Arn") => arn("events", format!("event-bus/{}", name()?)),
            (Some("AWS::Events::EventBus"), "Name") => name()?,
            (Some("AWS::S3::Bucket"), "Arn") => format!("arn:aws:s3:::{}", name()?.to_lowercase()),
            (Some("AWS::S3::Bucket"), "DomainName") => format!("{}.s3.amazonaws.com", name()?.to_lowercase()),
            (Some("AWS::S3::Bucket"), "RegionalDomainName") => {
                format!("{}.s3.{REGION}.amazonaws.com", name()?.to_lowercase())
            }
            (Some("AWS::CloudFront::Distribution"), "DomainName") => DISTRIBUTION.to_owned(),
            (Some("AWS::CloudFront::Distribution"), "Id") => "LOCAL".to_owned(),
            (Some("AWS::CloudFront::OriginAccessControl"), "Id") => name()?,
            (Some("AWS::WAFv2::WebACL"), "Arn") => arn("wafv2", format!("global/webacl/{}/local", name()?)),
            (Some("AWS::KMS::Key"), "Arn") => arn("kms", format!("key/{}", name()?)),
            (Some("AWS::KMS::Key"), "KeyId") => name()?,
            (Some(kind), _) => {
                return Err(place.error(format!("the emulator has no {attribute} of a {kind}")));
            }
        };
        Ok(Value::String(text))
    }

    fn substitute(&self, pattern: &str, variables: &Map<String, Value>, place: &TemplatePath) -> Result<String, Fault> {
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

    /// Whether a condition of the template holds with the parameters' values.
    pub(crate) fn holds(&self, condition: &str, place: &TemplatePath) -> Result<bool, Fault> {
        let rule = self
            .conditions
            .and_then(|conditions| conditions.get(condition))
            .ok_or_else(|| place.error(format!("no condition is called {condition}")))?;
        self.decide(rule, &TemplatePath::of(condition))
    }

    fn decide(&self, rule: &Value, place: &TemplatePath) -> Result<bool, Fault> {
        let unknown = || place.error("the emulator does not know a condition of this form");
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
pub(crate) fn text_of(value: &Value, place: &TemplatePath) -> Result<String, Fault> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other => Err(place.error(format!("expected a text, found {other}"))),
    }
}
