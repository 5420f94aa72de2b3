//! `AWS::CloudFront::Distribution`, and the response headers policies that its behaviors name.

use serde_json::Value;

use super::fault::TemplatePath;
use super::properties::{Known, Properties};
use super::scope::{API_ID, Scope};

/// A CloudFront distribution: which origin answers which path, and with which headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its name in the template, e.g. `Distribution`.
    pub logical_id: String,
    /// The object that `/` stands for, e.g. `index.html`.
    pub root_object: Option<String>,
    /// The cache behaviors in the order in which they are tried. The last one is the default, whose pattern is `*`.
    pub behaviors: Vec<Behavior>,
}

/// A cache behavior of a distribution. The emulator caches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behavior {
    /// The paths it is for, with `*` for any text and `?` for any character.
    pub path_pattern: String,
    /// The origin that answers.
    pub origin: Origin,
    /// The methods that pass, e.g. `GET`.
    pub methods: Vec<String>,
    /// Whether answers are compressed for callers that accept it.
    pub compresses: bool,
    /// The headers that the response headers policy adds.
    pub headers: Vec<AddedHeader>,
}

/// An origin of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The HTTP API of the template.
    Api,
    /// A bucket of the template, by its logical id.
    Bucket(String),
}

/// A header that a response headers policy adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedHeader {
    /// In lower case.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether it replaces the origin's header of this name.
    pub overrides: bool,
}

/// Reads a distribution. One that has an origin outside the template is noted and left out.
pub(super) fn distribution(logical_id: &str, properties: &Properties<'_>) -> Option<Distribution> {
    properties.only(Known { honoured: &["DistributionConfig"], silent: &["Tags"], ..Known::default() });
    let config = properties.section("DistributionConfig");
    config.only(Known {
        honoured: &["CacheBehaviors", "DefaultCacheBehavior", "DefaultRootObject", "Origins"],
        silent: &[
            "Aliases",
            "Comment",
            "Enabled",
            "HttpVersion",
            "IPV6Enabled",
            "Logging",
            "PriceClass",
            "Staging",
            "ViewerCertificate",
            "WebACLId",
        ],
        noted: &["ContinuousDeploymentPolicyId", "CustomErrorResponses", "OriginGroups", "Restrictions"],
    });
    let scope = properties.scope;
    let origins = sections(&config, "Origins");
    let origin_of = |id: &str| {
        let origin = origins.iter().find(|origin| origin.text("Id").as_deref() == Some(id))?;
        origin_at(&origin.text("DomainName")?, scope)
    };
    let mut written = sections(&config, "CacheBehaviors");
    written.push(config.section("DefaultCacheBehavior"));
    let mut behaviors = Vec::new();
    for behavior in &written {
        let Some(origin) = behavior.text("TargetOriginId").and_then(|id| origin_of(&id)) else {
            scope.note("AWS::CloudFront::Distribution with an origin elsewhere", &properties.place);
            return None;
        };
        behaviors.push(read_behavior(behavior, origin));
    }
    Some(Distribution { logical_id: logical_id.to_owned(), root_object: config.text("DefaultRootObject"), behaviors })
}

fn read_behavior(behavior: &Properties<'_>, origin: Origin) -> Behavior {
    behavior.only(Known {
        honoured: &["AllowedMethods", "Compress", "PathPattern", "ResponseHeadersPolicyId", "TargetOriginId"],
        silent: &["CachePolicyId", "CachedMethods", "OriginRequestPolicyId", "ViewerProtocolPolicy"],
        noted: &[
            "DefaultTTL",
            "ForwardedValues",
            "FunctionAssociations",
            "LambdaFunctionAssociations",
            "MaxTTL",
            "MinTTL",
        ],
    });
    let mut methods = behavior.texts("AllowedMethods");
    if methods.is_empty() {
        methods = vec!["GET".to_owned(), "HEAD".to_owned()];
    }
    Behavior {
        path_pattern: behavior.text("PathPattern").unwrap_or_else(|| "*".to_owned()),
        origin,
        methods,
        compresses: behavior.truth("Compress"),
        headers: response_headers(behavior),
    }
}

/// The origin with this domain name; `None` if it is not part of the template.
fn origin_at(domain: &str, scope: &Scope<'_>) -> Option<Origin> {
    if domain.starts_with(&format!("{API_ID}.execute-api.")) {
        return Some(Origin::Api);
    }
    let buckets = scope.resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::S3::Bucket");
    let mut names = buckets.map(|(id, _)| id);
    let is_of = |id: &&String| {
        let name = |attribute| scope.attribute(id, attribute, &TemplatePath::of(id)).ok();
        [name("RegionalDomainName"), name("DomainName")].contains(&Some(Value::from(domain)))
    };
    names.find(is_of).map(|id| Origin::Bucket(id.clone()))
}

/// The headers of the policy that a behavior names. A policy of AWS's own is noted.
fn response_headers(behavior: &Properties<'_>) -> Vec<AddedHeader> {
    let Some(written) = behavior.written.get("ResponseHeadersPolicyId") else { return Vec::new() };
    let scope = behavior.scope;
    let policy = written["Ref"].as_str().and_then(|id| Some((id, scope.resources.get(id)?)));
    let Some((id, policy)) = policy else {
        scope.note("ResponseHeadersPolicyId of a policy elsewhere", &behavior.place);
        return Vec::new();
    };
    let policy = Properties::read(scope, &policy["Properties"], TemplatePath::of(id).key("Properties"));
    let config = policy.section("ResponseHeadersPolicyConfig");
    config.only(Known {
        honoured: &["CustomHeadersConfig", "SecurityHeadersConfig"],
        silent: &["Comment", "Name", "ServerTimingHeadersConfig"],
        noted: &["CorsConfig", "RemoveHeadersConfig"],
    });
    let custom = sections(&config.section("CustomHeadersConfig"), "Items");
    let custom = custom.iter().filter_map(|header| {
        let name = header.text("Header")?.to_ascii_lowercase();
        Some(AddedHeader { name, value: header.text("Value")?, overrides: header.truth("Override") })
    });
    custom.chain(security_headers(&config.section("SecurityHeadersConfig"))).collect()
}

fn security_headers(security: &Properties<'_>) -> Vec<AddedHeader> {
    const HEADERS: [(&str, &str, &str); 4] = [
        ("ContentSecurityPolicy", "ContentSecurityPolicy", "content-security-policy"),
        ("FrameOptions", "FrameOption", "x-frame-options"),
        ("ReferrerPolicy", "ReferrerPolicy", "referrer-policy"),
        ("ContentTypeOptions", "", "x-content-type-options"),
    ];
    security.only(Known {
        honoured: &["ContentSecurityPolicy", "ContentTypeOptions", "FrameOptions", "ReferrerPolicy"],
        // A browser ignores it without TLS.
        silent: &["StrictTransportSecurity"],
        noted: &["XSSProtection"],
    });
    let headers = HEADERS.iter().filter(|(key, ..)| security.has(key));
    let header = |&(key, value, name): &(&str, &str, &str)| {
        let section = security.section(key);
        let value = if value.is_empty() { Some("nosniff".to_owned()) } else { section.text(value) };
        Some(AddedHeader { name: name.to_owned(), value: value?, overrides: section.truth("Override") })
    };
    headers.filter_map(header).collect()
}

/// The mappings of a list.
fn sections<'a>(properties: &Properties<'a>, key: &str) -> Vec<Properties<'a>> {
    let place = properties.place.key(key);
    let items = properties.written.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let read = |(index, item): (usize, &Value)| Properties::read(properties.scope, item, place.key(&index.to_string()));
    items.iter().enumerate().map(read).collect()
}
