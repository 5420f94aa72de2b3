//! `AWS::Serverless::HttpApi`, and the events of functions that are routes of it.

use std::time::Duration;

use serde_json::Value;

use super::Route;
use super::properties::{Known, Properties};
use super::scope::IMPLICIT_API;

/// API Gateway waits this long for an integration, and not a moment longer.
const INTEGRATION_TIMEOUT_MS: u64 = 30_000;

/// The stage without a name in the path.
pub(crate) const DEFAULT_STAGE: &str = "$default";

/// What browsers of other origins may do with the API (`CorsConfiguration`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Origins, or `*`, or every origin of a scheme: `https://*`, `http://*`.
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

/// The HTTP API of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpApi {
    /// Its name in the template; `ServerlessHttpApi` if SAM adds it.
    pub logical_id: String,
    /// What browsers of other origins may do, if the API says so.
    pub cors: Option<Cors>,
    /// `$default`, or the first segment of every path.
    pub stage: String,
    /// The ARN of the function that every request goes to, where the API is made with a `Target`.
    pub target: Option<String>,
}

pub(super) fn http_api(logical_id: &str, api: &Properties<'_>) -> HttpApi {
    api.only(Known {
        honoured: &["CorsConfiguration", "StageName"],
        silent: &[
            "AccessLogSettings",
            "DefaultRouteSettings",
            "Description",
            "FailOnWarnings",
            "Name",
            "RouteSettings",
            "Tags",
        ],
        noted: &["DisableExecuteApiEndpoint", "Domain", "PropagateTags", "StageVariables"],
    });
    HttpApi {
        logical_id: logical_id.to_owned(),
        cors: cors(api),
        stage: api.text("StageName").unwrap_or_else(|| DEFAULT_STAGE.to_owned()),
        target: None,
    }
}

/// Reads an `AWS::ApiGatewayV2::Api` that is made with its one route: `Target` names the function.
pub(super) fn quick_api(logical_id: &str, api: &Properties<'_>) -> HttpApi {
    api.only(Known {
        honoured: &["CorsConfiguration", "ProtocolType", "Target"],
        silent: &["Description", "Name", "Tags", "Version"],
        noted: &["DisableExecuteApiEndpoint", "IpAddressType"],
    });
    if api.text("ProtocolType").is_none_or(|kind| kind != "HTTP") {
        api.fault("ProtocolType", "the emulator serves HTTP only");
    }
    // `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/ARN/invocations`, or the function's ARN alone.
    let target = api.text("Target").map(|target| {
        let arn = target.split_once("/functions/").map_or(target.as_str(), |(_, arn)| arn);
        arn.trim_end_matches("/invocations").to_owned()
    });
    if target.is_none() {
        api.fault("Target", "names the function, and is missing: the emulator makes no other routes of such an API");
    }
    HttpApi { logical_id: logical_id.to_owned(), cors: cors(api), stage: DEFAULT_STAGE.to_owned(), target }
}

/// The route of every method and path.
pub(super) fn default_route() -> Route {
    let timeout = Duration::from_millis(INTEGRATION_TIMEOUT_MS);
    Route { method: "ANY".to_owned(), path: "$default".to_owned(), timeout }
}

fn cors(api: &Properties<'_>) -> Option<Cors> {
    match api.written.get("CorsConfiguration") {
        None | Some(Value::Null | Value::Bool(false)) => return None,
        // SAM's short form: any origin may read.
        Some(Value::Bool(true)) => return Some(Cors { allow_origins: vec!["*".to_owned()], ..Cors::default() }),
        Some(_) => {}
    }
    let rules = api.section("CorsConfiguration");
    rules.only(Known {
        honoured: &["AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge"],
        ..Known::default()
    });
    let cors = Cors {
        allow_origins: rules.texts("AllowOrigins"),
        allow_methods: rules.texts("AllowMethods"),
        allow_headers: rules.texts("AllowHeaders"),
        expose_headers: rules.texts("ExposeHeaders"),
        allow_credentials: rules.truth("AllowCredentials"),
        max_age_s: rules.number("MaxAge"),
    };
    for origin in &cors.allow_origins {
        if origin.contains('*') && !["*", "https://*", "http://*"].contains(&origin.as_str()) {
            rules.fault("AllowOrigins", format!("{origin} is neither an origin nor one of *, https://*, http://*"));
        }
    }
    if cors.allow_credentials && cors.allow_origins.iter().any(|origin| origin == "*") {
        rules.fault("AllowCredentials", "API Gateway allows no credentials to the origin *");
    }
    Some(cors)
}

/// A function's event of `Type: HttpApi`.
pub(super) fn route(properties: &Properties<'_>) -> Route {
    properties.only(Known {
        honoured: &["ApiId", "Method", "Path", "PayloadFormatVersion", "TimeoutInMillis"],
        silent: &["RouteSettings"],
        ..Known::default()
    });
    if properties.text("PayloadFormatVersion").is_some_and(|version| version != "2.0") {
        properties.fault("PayloadFormatVersion", "the emulator speaks version 2.0 only");
    }
    if properties.has("ApiId") {
        let named = properties.written.get("ApiId").and_then(|id| id["Ref"].as_str());
        let kind = named.and_then(|id| properties.scope.resources.get(id)).map(|api| &api["Type"]);
        if kind.is_none_or(|kind| kind != "AWS::Serverless::HttpApi") {
            properties.fault("ApiId", "expected a Ref to an AWS::Serverless::HttpApi of this template");
        }
    }
    let timeout_ms = properties.number("TimeoutInMillis").unwrap_or(INTEGRATION_TIMEOUT_MS);
    Route {
        method: properties.text("Method").unwrap_or_else(|| "ANY".to_owned()).to_ascii_uppercase().replace('*', "ANY"),
        path: properties.text("Path").unwrap_or_else(|| "$default".to_owned()),
        timeout: Duration::from_millis(timeout_ms.min(INTEGRATION_TIMEOUT_MS)),
    }
}

/// Whether SAM adds an HTTP API: some function has a route of none, or the template speaks of it.
pub(super) fn has_implicit_api(document: &Value) -> bool {
    let functions = document["Resources"].as_object().into_iter().flatten().map(|(_, resource)| resource);
    let functions = functions.filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    let mut events =
        functions.flat_map(|function| function["Properties"]["Events"].as_object()).flatten().map(|(_, event)| event);
    events.any(|event| {
        let api = &event["Properties"]["ApiId"];
        event["Type"] == "HttpApi" && (api.is_null() || api["Ref"] == IMPLICIT_API)
    })
}
