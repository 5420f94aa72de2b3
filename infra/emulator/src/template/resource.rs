//! The resources of a template, each with the properties the runner honours and those that only matter on AWS.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::scope::{Place, Scope, is_intrinsic, text_of};
use super::stream::stream_source;
use super::{Function, Queue, Route, StreamSource, Table, Template, TemplateError, nested};
use crate::iam::policy;

/// API Gateway waits this long for an integration, and not a moment longer.
const INTEGRATION_TIMEOUT_MS: u64 = 30_000;

/// Resource types without any effect on this machine.
pub(super) const ELSEWHERE: [&str; 7] = [
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
];

/// What browsers of other origins may do with the API (`CorsConfiguration`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Origins, or `*`.
    pub allow_origins: Vec<String>,
    /// Methods, or `*`.
    pub allow_methods: Vec<String>,
    /// Request headers, or `*`.
    pub allow_headers: Vec<String>,
    /// Response headers that scripts may read.
    pub expose_headers: Vec<String>,
    /// Whether cookies and the like may be sent along.
    pub allow_credentials: bool,
    /// How long a browser may remember the answer, in seconds.
    pub max_age_s: Option<u64>,
}

/// Reads every resource of the document.
pub(super) fn read(document: &Value) -> Result<Template, TemplateError> {
    let resources =
        document["Resources"].as_object().ok_or_else(|| Place::of("Resources").error("a template needs resources"))?;
    let scope = Scope::of(document, resources)?;
    let mut template = Template {
        functions: Vec::new(),
        tables: Vec::new(),
        queues: Vec::new(),
        nested_stacks: Vec::new(),
        cors: None,
    };
    for (logical_id, resource) in resources {
        let place = Place::of(logical_id);
        if let Some(condition) = resource["Condition"].as_str()
            && !scope.holds(condition, &place)?
        {
            continue;
        }
        let kind = resource["Type"].as_str().unwrap_or_default();
        if ELSEWHERE.contains(&kind) {
            continue;
        }
        let properties = |globals: &Value| {
            let merged = merge(globals, &resource["Properties"]);
            Properties::read(&scope, &merged, place.key("Properties"))
        };
        match kind {
            "AWS::Serverless::Function" => {
                let properties = properties(&document["Globals"]["Function"])?;
                let binary = resource["Metadata"]["BuildProperties"]["Binary"].as_str();
                let mut function = function(logical_id, binary, &properties, &scope)?;
                let role = properties.written.get("Role");
                function.role = policy::role(role, &document["Resources"], &scope, &properties.place)?;
                template.functions.push(function);
            }
            "AWS::Serverless::HttpApi" => template.cors = cors(&properties(&document["Globals"]["HttpApi"])?)?,
            "AWS::DynamoDB::Table" => {
                template.tables.push(table(logical_id, &properties(&Value::Null)?, &scope)?);
            }
            "AWS::SQS::Queue" => template.queues.push(queue(logical_id, &properties(&Value::Null)?, &scope)?),
            "AWS::CloudFormation::Stack" | "AWS::Serverless::Application" => {
                let location = if kind == "AWS::CloudFormation::Stack" { "TemplateURL" } else { "Location" };
                let stack = nested::nested_stack(logical_id, location, &properties(&Value::Null)?)?;
                template.nested_stacks.push(stack);
            }
            other => return Err(place.key("Type").error(format!("the local runner does not run a {other}"))),
        }
    }
    hold_streams_to_their_ends(&template)?;
    template.functions.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    template.tables.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    Ok(template)
}

/// A mapping reads the stream of a table that has one, and tells a queue that the function's role may write to.
fn hold_streams_to_their_ends(template: &Template) -> Result<(), TemplateError> {
    for (function, source) in template.functions.iter().flat_map(|one| one.streams.iter().map(move |it| (one, it))) {
        let place = Place::of(&function.logical_id).key("Properties.Events").key(&source.name).key("Properties");
        let table = template.tables.iter().find(|table| table.logical_id == source.table);
        if table.is_none_or(|table| table.stream_view.is_none()) {
            return Err(place.key("Stream").error(format!("{} has no stream", source.table)));
        }
        let Some(queue) = &source.dead_letters else { continue };
        let destination = place.key("DestinationConfig.OnFailure.Destination");
        let Some(queue) = template.queues.iter().find(|known| known.logical_id == *queue) else {
            return Err(destination.error(format!("{queue} is no queue of this template")));
        };
        let sends = |role: &policy::Role| {
            role.grants.iter().any(|grant| grant.action == "sqs:SendMessage" && grant.resource == queue.arn)
        };
        if function.role.as_ref().is_some_and(|role| !sends(role)) {
            let problem = format!("the function's role does not allow sqs:SendMessage on {}", queue.arn);
            return Err(destination.error(problem));
        }
    }
    Ok(())
}

fn queue(logical_id: &str, properties: &Properties<'_>, scope: &Scope<'_>) -> Result<Queue, TemplateError> {
    properties.only(
        &[],
        &[
            "KmsMasterKeyId",
            "MessageRetentionPeriod",
            "QueueName",
            "ReceiveMessageWaitTimeSeconds",
            "SqsManagedSseEnabled",
            "Tags",
            "VisibilityTimeout",
        ],
    )?;
    let arn = scope.attribute(logical_id, "Arn", &properties.place)?;
    Ok(Queue { logical_id: logical_id.to_owned(), arn: text_of(&arn, &properties.place)? })
}

/// SAM's rule for `Globals`: maps are merged, lists are joined, anything else is overridden.
fn merge(global: &Value, own: &Value) -> Value {
    match (global, own) {
        (Value::Object(global), Value::Object(own)) => {
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

/// The properties of one resource: as written, and resolved one at a time, so that what nobody reads is never resolved.
pub(super) struct Properties<'a> {
    scope: &'a Scope<'a>,
    pub(super) written: Map<String, Value>,
    pub(super) place: Place,
}

impl<'a> Properties<'a> {
    fn read(scope: &'a Scope<'a>, written: &Value, place: Place) -> Result<Self, TemplateError> {
        let written = match written {
            Value::Null => Map::new(),
            Value::Object(written) => written.clone(),
            _ => return Err(place.error("expected a mapping")),
        };
        Ok(Self { scope, written, place })
    }

    /// Refuses every key that is neither honoured here nor of effect on AWS alone.
    pub(super) fn only(&self, honoured: &[&str], elsewhere: &[&str]) -> Result<(), TemplateError> {
        let stranger = self.written.keys().find(|key| {
            let key = key.as_str();
            !honoured.contains(&key) && !elsewhere.contains(&key)
        });
        match stranger {
            Some(key) => Err(self.place.key(key).error("the local runner does not support this property")),
            None => Ok(()),
        }
    }

    pub(super) fn value(&self, key: &str) -> Result<Value, TemplateError> {
        match self.written.get(key) {
            Some(value) => self.scope.resolve(value, &self.place.key(key)),
            None => Ok(Value::Null),
        }
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, TemplateError> {
        match self.value(key)? {
            Value::Null => Ok(None),
            value => text_of(&value, &self.place.key(key)).map(Some),
        }
    }

    fn number(&self, key: &str) -> Result<Option<u64>, TemplateError> {
        let problem = || self.place.key(key).error("expected a whole number");
        self.text(key)?.map(|text| text.parse().map_err(|_| problem())).transpose()
    }

    pub(super) fn truth(&self, key: &str) -> Result<bool, TemplateError> {
        match self.text(key)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(self.place.key(key).error("expected true or false")),
        }
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, TemplateError> {
        let place = self.place.key(key);
        match self.value(key)? {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => items.iter().map(|item| text_of(item, &place)).collect(),
            _ => Err(place.error("expected a list")),
        }
    }

    pub(super) fn section(&self, key: &str) -> Result<Properties<'a>, TemplateError> {
        let written = self.written.get(key).unwrap_or(&Value::Null);
        let place = self.place.key(key);
        if written.as_object().is_some_and(is_intrinsic) {
            return Properties::read(self.scope, &self.scope.resolve(written, &place)?, place);
        }
        Properties::read(self.scope, written, place)
    }
}

fn function(
    logical_id: &str,
    binary: Option<&str>,
    properties: &Properties<'_>,
    scope: &Scope<'_>,
) -> Result<Function, TemplateError> {
    properties.only(
        &["Environment", "Events", "LoggingConfig", "MemorySize", "PackageType", "Timeout"],
        &[
            "Architectures",
            "CodeUri",
            "Description",
            "FunctionName",
            "Handler",
            "Policies",
            "ReservedConcurrentExecutions",
            "Role",
            "Runtime",
            "Tags",
            "Tracing",
        ],
    )?;
    if properties.text("PackageType")?.is_some_and(|kind| kind != "Zip") {
        return Err(properties.place.key("PackageType").error("the local runner runs zips only"));
    }
    let binary = binary.ok_or_else(|| {
        Place::of(logical_id).key("Metadata.BuildProperties.Binary").error("says which binary to run, and is missing")
    })?;
    let environment = properties.section("Environment")?.section("Variables")?;
    let mut variables = BTreeMap::new();
    for name in environment.written.keys() {
        variables.extend(environment.text(name)?.map(|value| (name.clone(), value)));
    }
    let logging = properties.section("LoggingConfig")?;
    logging.only(&["LogFormat", "LogGroup"], &["ApplicationLogLevel", "SystemLogLevel"])?;
    let name = scope.physical_name(logical_id, &properties.place)?;
    let events = properties.section("Events")?;
    let (mut routes, mut streams) = (Vec::new(), Vec::new());
    for event in events.written.keys() {
        match trigger(event, &events.section(event)?)? {
            Trigger::Route(route) => routes.push(route),
            Trigger::Stream(source) => streams.push(source),
        }
    }
    let memory_mb = properties.number("MemorySize")?.unwrap_or(128);
    Ok(Function {
        logical_id: logical_id.to_owned(),
        name: name.clone(),
        binary: binary.to_owned(),
        memory_mb: u32::try_from(memory_mb)
            .map_err(|_| properties.place.key("MemorySize").error("is no memory size"))?,
        timeout: Duration::from_secs(properties.number("Timeout")?.unwrap_or(3)),
        environment: variables,
        log_group: logging.text("LogGroup")?.unwrap_or_else(|| format!("/aws/lambda/{name}")),
        log_format: logging.text("LogFormat")?.unwrap_or_else(|| "Text".to_owned()),
        routes,
        streams,
        role: None,
    })
}

/// What makes a function run.
enum Trigger {
    Route(Route),
    Stream(StreamSource),
}

fn trigger(name: &str, event: &Properties<'_>) -> Result<Trigger, TemplateError> {
    event.only(&["Properties", "Type"], &[])?;
    let properties = event.section("Properties")?;
    match event.text("Type")?.as_deref() {
        Some("HttpApi") => route(&properties).map(Trigger::Route),
        Some("DynamoDB") => stream_source(name, &properties).map(Trigger::Stream),
        kind => {
            let kind = kind.unwrap_or("nothing");
            Err(event.place.key("Type").error(format!("the local runner does not fire {kind} events")))
        }
    }
}

fn route(properties: &Properties<'_>) -> Result<Route, TemplateError> {
    properties.only(&["Method", "Path", "PayloadFormatVersion", "TimeoutInMillis"], &["ApiId"])?;
    if properties.text("PayloadFormatVersion")?.is_some_and(|version| version != "2.0") {
        return Err(properties.place.key("PayloadFormatVersion").error("the local runner speaks version 2.0 only"));
    }
    let timeout_ms = properties.number("TimeoutInMillis")?.unwrap_or(INTEGRATION_TIMEOUT_MS);
    Ok(Route {
        method: properties.text("Method")?.unwrap_or_else(|| "ANY".to_owned()).to_ascii_uppercase().replace('*', "ANY"),
        path: properties.text("Path")?.unwrap_or_else(|| "$default".to_owned()),
        timeout: Duration::from_millis(timeout_ms.min(INTEGRATION_TIMEOUT_MS)),
    })
}

fn cors(api: &Properties<'_>) -> Result<Option<Cors>, TemplateError> {
    api.only(
        &["CorsConfiguration", "StageName"],
        &[
            "AccessLogSettings",
            "DefaultRouteSettings",
            "Description",
            "FailOnWarnings",
            "Name",
            "RouteSettings",
            "Tags",
        ],
    )?;
    if api.text("StageName")?.is_some_and(|stage| stage != "$default") {
        return Err(api.place.key("StageName").error("the local runner serves the stage $default only"));
    }
    if !api.written.contains_key("CorsConfiguration") {
        return Ok(None);
    }
    let rules = api.section("CorsConfiguration")?;
    rules
        .only(&["AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge"], &[])?;
    Ok(Some(Cors {
        allow_origins: rules.texts("AllowOrigins")?,
        allow_methods: rules.texts("AllowMethods")?,
        allow_headers: rules.texts("AllowHeaders")?,
        expose_headers: rules.texts("ExposeHeaders")?,
        allow_credentials: rules.truth("AllowCredentials")?,
        max_age_s: rules.number("MaxAge")?,
    }))
}

fn table(logical_id: &str, properties: &Properties<'_>, scope: &Scope<'_>) -> Result<Table, TemplateError> {
    const COPIED: [&str; 5] =
        ["AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema", "LocalSecondaryIndexes"];
    const HONOURED: [&str; 2] = ["StreamSpecification", "TimeToLiveSpecification"];
    properties.only(
        &[COPIED.as_slice(), HONOURED.as_slice()].concat(),
        &[
            "ContributorInsightsSpecification",
            "DeletionProtectionEnabled",
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "TableName",
            "Tags",
        ],
    )?;
    let name = scope.physical_name(logical_id, &properties.place)?;
    let mut definition = json!({ "TableName": name });
    for key in COPIED {
        if properties.written.contains_key(key) {
            definition[key] = properties.value(key)?;
        }
    }
    let expiry = properties.section("TimeToLiveSpecification")?;
    Ok(Table {
        logical_id: logical_id.to_owned(),
        name,
        definition,
        stream_view: properties.section("StreamSpecification")?.text("StreamViewType")?,
        expires_at: if expiry.truth("Enabled")? { expiry.text("AttributeName")? } else { None },
    })
}
