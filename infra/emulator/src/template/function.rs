//! `AWS::Serverless::Function`: its code, its settings, and what makes it run.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::asynchronous::asynchronous_invocation;
use super::http_api::route;
use super::properties::{Known, Properties};
use super::stream::stream_source;
use super::{Code, Function, Route, Schedule, StreamSource, schedule};
use crate::iam::policy;

const KNOWN: Known<'_> = Known {
    honoured: &[
        "Environment",
        "EventInvokeConfig",
        "Events",
        "LoggingConfig",
        "MemorySize",
        "PackageType",
        "Policies",
        "Role",
        "Runtime",
        "Timeout",
        "CodeUri",
    ],
    silent: &[
        "Architectures",
        "AssumeRolePolicyDocument",
        "Description",
        "FunctionName",
        "Handler",
        "ImageConfig",
        "ImageUri",
        "InlineCode",
        "ReservedConcurrentExecutions",
        "RolePath",
        "Tags",
        "Tracing",
        "VersionDescription",
    ],
    noted: &[
        "AutoPublishAlias",
        "AutoPublishAliasAllProperties",
        "AutoPublishCodeSha256",
        "CodeSigningConfigArn",
        "DeadLetterQueue",
        "DeploymentPreference",
        "EphemeralStorage",
        "FileSystemConfigs",
        "KmsKeyArn",
        "Layers",
        "PermissionsBoundary",
        "PropagateTags",
        "ProvisionedConcurrencyConfig",
        "PublishToLatestPublished",
        "RecursiveLoop",
        "RuntimeManagementConfig",
        "SnapStart",
        "SourceKMSKeyArn",
        "VersionDeletionPolicy",
        "VpcConfig",
    ],
};

/// Reads the function of a resource; its role is read with it.
pub(super) fn function(logical_id: &str, resource: &Value, properties: &Properties<'_>) -> Option<Function> {
    properties.only(KNOWN);
    let scope = properties.scope;
    let name = scope.keep(scope.physical_name(logical_id, &properties.place))?;
    let environment = properties.section("Environment").section("Variables");
    let mut variables = BTreeMap::new();
    for name in environment.written.keys() {
        variables.extend(environment.text(name).map(|value| (name.clone(), value)));
    }
    let logging = properties.section("LoggingConfig");
    logging.only(Known {
        honoured: &["LogFormat", "LogGroup"],
        silent: &["ApplicationLogLevel", "SystemLogLevel"],
        ..Known::default()
    });
    let Triggers { routes, streams, schedules } = triggers(logical_id, &properties.section("Events"));
    let memory_mb = properties.within("MemorySize", 128..=10_240).unwrap_or(128);
    let timeout_s = properties.within("Timeout", 1..=900).unwrap_or(3);
    let (binary, code) = code(logical_id, resource, properties);
    let role = scope.keep(policy::role(logical_id, &streams, properties));
    Some(Function {
        logical_id: logical_id.to_owned(),
        binary,
        code,
        memory_mb: u32::try_from(memory_mb).unwrap_or(u32::MAX),
        timeout: Duration::from_secs(timeout_s.unsigned_abs()),
        environment: variables,
        log_group: logging.text("LogGroup").unwrap_or_else(|| format!("/aws/lambda/{name}")),
        log_format: logging.text("LogFormat").unwrap_or_else(|| "Text".to_owned()),
        name,
        routes,
        streams,
        schedules,
        asynchronous: asynchronous_invocation(properties),
        role,
    })
}

/// The name of the function's binary, and where its code is.
///
/// `Metadata` says the name, or the folder in which cargo-lambda leaves a build does. Otherwise it is taken to be
/// that of the package's folder, until the package itself is read.
fn code(logical_id: &str, resource: &Value, properties: &Properties<'_>) -> (String, Code) {
    let metadata = &resource["Metadata"];
    let stated = metadata["BuildProperties"]["Binary"].as_str();
    let uri = properties.written.get("CodeUri").and_then(Value::as_str).map(str::to_owned);
    let last = uri.as_deref().and_then(|uri| uri.trim_end_matches('/').rsplit('/').next());
    let folder = last.filter(|last| !last.is_empty() && !last.starts_with('.'));
    let is_built = uri.as_deref().is_some_and(|uri| uri.contains("target/lambda/"));
    let binary = stated.or(folder).unwrap_or(logical_id).to_owned();
    let code = Code {
        uri,
        is_package: metadata["BuildMethod"] == "rust-cargolambda" && stated.is_none() && !is_built,
        runtime: properties.text("Runtime"),
        is_image: properties.text("PackageType").is_some_and(|kind| kind == "Image"),
    };
    (binary, code)
}

/// An event source that makes a function run.
#[derive(Default)]
struct Triggers {
    routes: Vec<Route>,
    streams: Vec<StreamSource>,
    schedules: Vec<Schedule>,
}

fn triggers(logical_id: &str, events: &Properties<'_>) -> Triggers {
    let mut triggers = Triggers::default();
    for name in events.written.keys() {
        let event = events.section(name);
        // SAM passes over what else stands beside the properties, and some public templates put a property there.
        event.only(Known { honoured: &["Properties", "Type"], noted: &["PayloadFormatVersion"], ..Known::default() });
        let properties = event.section("Properties");
        match event.text("Type").as_deref() {
            Some("HttpApi") => triggers.routes.push(route(&properties)),
            Some("DynamoDB") => triggers.streams.extend(stream_source(name, &properties)),
            Some("Schedule") => triggers.schedules.extend(schedule::rule(logical_id, name, &properties)),
            Some("ScheduleV2") => triggers.schedules.extend(schedule::schedule(logical_id, name, &properties)),
            kind => {
                let kind = kind.unwrap_or("nothing");
                event.fault("Type", format!("the emulator does not fire {kind} events"));
            }
        }
    }
    triggers
}
