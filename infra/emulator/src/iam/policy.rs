//! What a function's role lets it do: the policies of the role that the template gives it, or of the one that SAM
//! makes.
//!
//! Only what can be judged exactly is read. A statement about an emulated service that denies or excludes is refused,
//! and so is a condition, except `StringEquals` and `StringLike` on calls of SES and KMS: this machine shall not allow
//! what AWS would not.

use serde_json::Value;

use super::condition::Condition;
use super::grant::{Grant, Role};
use super::managed::managed;
use super::sam;
use crate::template::StreamSource;
use crate::template::fault::{Fault, TemplatePath};
use crate::template::properties::Properties;
use crate::template::scope::{Scope, text_of};

/// The services that are emulated, or asked about: statements about others are of no effect here.
const JUDGED: [&str; 6] = ["*", "dynamodb:", "kms:", "lambda:", "ses:", "sqs:"];

/// The services whose conditions are judged.
const CONDITIONED: [&str; 2] = ["kms:", "ses:"];

/// The role of a function: the one that `Role` names, or the one that SAM makes of `Policies`.
///
/// # Errors
/// What of the policies can't be judged.
pub(crate) fn role(function: &str, streams: &[StreamSource], properties: &Properties<'_>) -> Result<Role, Fault> {
    let scope = properties.scope;
    if let Some(named) = properties.written.get("Role") {
        return named_role(named, scope, &properties.place.key("Role"));
    }
    let place = properties.place.key("Policies");
    let mut grants = Vec::new();
    let policies = match properties.written.get("Policies") {
        None => Value::Null,
        Some(written) => written.clone(),
    };
    for policy in items(&policies) {
        grants.extend(policy_of(policy, scope, &place)?);
    }
    // SAM lets a function that follows a stream read it, and tell its queue.
    if !streams.is_empty() {
        grants.extend(managed("AWSLambdaDynamoDBExecutionRole").unwrap_or_default());
    }
    for queue in streams.iter().filter_map(|source| source.dead_letters.as_deref()) {
        let arn = text_of(&scope.attribute(queue, "Arn", &place)?, &place)?;
        grants.push(Grant::new("sqs:SendMessage", &arn));
    }
    Ok(Role { logical_id: format!("{function}Role"), grants })
}

/// The role `!GetAtt Role.Arn` of this template.
fn named_role(property: &Value, scope: &Scope<'_>, place: &TemplatePath) -> Result<Role, Fault> {
    let logical_id = match &property["Fn::GetAtt"] {
        Value::Array(path) if path.len() == 2 && path[1] == "Arn" => path[0].as_str(),
        _ => None,
    };
    let logical_id = logical_id.ok_or_else(|| place.error("expected the Arn of a role of this template"))?;
    let role = scope.resources.get(logical_id).filter(|role| role["Type"] == "AWS::IAM::Role");
    let role = role.ok_or_else(|| place.error(format!("{logical_id} is no role of this template")))?;
    let place = TemplatePath::of(logical_id).key("Properties");
    let properties = &role["Properties"];
    if !properties["PermissionsBoundary"].is_null() {
        scope.note("PermissionsBoundary", &place);
    }
    let mut grants = Vec::new();
    for policy in items(&properties["ManagedPolicyArns"]) {
        grants.extend(policy_of(policy, scope, &place.key("ManagedPolicyArns"))?);
    }
    for policy in items(&properties["Policies"]) {
        let place = place.key(policy["PolicyName"].as_str().unwrap_or("Policies"));
        grants.extend(document(&policy["PolicyDocument"], scope, &place)?);
    }
    for (name, policy) in attached(scope, logical_id) {
        let place = TemplatePath::of(name).key("Properties.PolicyDocument");
        grants.extend(document(&policy["Properties"]["PolicyDocument"], scope, &place)?);
    }
    Ok(Role { logical_id: logical_id.to_owned(), grants })
}

/// The policies of the template that say themselves which roles they belong to.
fn attached<'s>(scope: &'s Scope<'_>, role: &str) -> impl Iterator<Item = (&'s String, &'s Value)> {
    scope.resources.iter().filter(move |(_, resource)| {
        let is_policy = ["AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"]
            .iter()
            .any(|kind| resource["Type"] == *kind);
        let properties = &resource["Properties"];
        let roles = items(&properties["Roles"]).iter().chain(std::iter::once(&properties["RoleName"]));
        is_policy && roles.into_iter().any(|named| named["Ref"] == role)
    })
}

/// One entry of `Policies`: a managed policy, a policy template of SAM, or a document.
fn policy_of(policy: &Value, scope: &Scope<'_>, place: &TemplatePath) -> Result<Vec<Grant>, Fault> {
    if let Some(name) = policy["Ref"].as_str()
        && let Some(resource) = scope.resources.get(name)
        && resource["Type"] == "AWS::IAM::ManagedPolicy"
    {
        return document(&resource["Properties"]["PolicyDocument"], scope, &TemplatePath::of(name).key("Properties"));
    }
    match policy {
        Value::Object(policy) if policy.contains_key("Statement") => {
            document(&Value::Object(policy.clone()), scope, place)
        }
        Value::Object(policy)
            if policy.len() == 1 && policy.keys().all(|key| key.ends_with("Policy") || key.ends_with("Policy_v2")) =>
        {
            let mut grants = Vec::new();
            for (name, parameters) in policy {
                grants.extend(sam::policy(name, parameters, scope, &place.key(name))?);
            }
            Ok(grants)
        }
        _ => match scope.resolve(policy, place)? {
            Value::Null => Ok(Vec::new()),
            Value::Object(chosen) => policy_of(&Value::Object(chosen), scope, place),
            name => {
                let name = text_of(&name, place)?;
                managed(&name)
                    .ok_or_else(|| place.error(format!("the emulator does not know the managed policy {name}")))
            }
        },
    }
}

/// Every grant of a policy document.
fn document(document: &Value, scope: &Scope<'_>, place: &TemplatePath) -> Result<Vec<Grant>, Fault> {
    let mut grants = Vec::new();
    for statement in items(&document["Statement"]) {
        grants.extend(allowed_by(statement, scope, place)?);
    }
    Ok(grants)
}

/// Every combination of the statement's actions and resources.
fn allowed_by(statement: &Value, scope: &Scope<'_>, place: &TemplatePath) -> Result<Vec<Grant>, Fault> {
    // Left out by `AWS::NoValue`, or chosen by `Fn::If`.
    let chosen;
    let statement = if statement.get("Fn::If").is_some() {
        chosen = scope.resolve(statement, place)?;
        &chosen
    } else {
        statement
    };
    if statement.is_null() {
        return Ok(Vec::new());
    }
    let actions = match &statement["Action"] {
        Value::Null => Vec::new(),
        actions => texts(actions, scope, &place.key("Action"))?,
    };
    let is_of =
        |action: &String, services: &[&str]| services.iter().any(|it| action.to_ascii_lowercase().starts_with(it));
    let is_judged = actions.iter().any(|action| is_of(action, &JUDGED)) || !statement["NotAction"].is_null();
    let mut known = vec!["Sid", "Effect", "Action", "Resource"];
    let mut conditions = Vec::new();
    if actions.iter().all(|action| is_of(action, &CONDITIONED)) && !statement["Condition"].is_null() {
        let place = place.key("Condition");
        let read = Condition::read(&scope.resolve(&statement["Condition"], &place)?);
        conditions = read.ok_or_else(|| place.error("the emulator judges StringEquals and StringLike only"))?;
        known.push("Condition");
    }
    let keys = statement.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    if let Some(stranger) = keys.into_iter().find(|key| !known.contains(key)) {
        return if is_judged {
            Err(place.key(stranger).error("the emulator does not judge this part of a statement"))
        } else {
            Ok(Vec::new())
        };
    }
    if statement["Effect"] != "Allow" {
        return if is_judged {
            Err(place.key("Effect").error("the emulator judges Allow only"))
        } else {
            Ok(Vec::new())
        };
    }
    let resources = match texts(&statement["Resource"], scope, &place.key("Resource")) {
        Ok(resources) => resources,
        Err(fault) if is_judged => return Err(fault),
        Err(_) => return Ok(Vec::new()),
    };
    let grant = |action: &String, resource: &String| Grant {
        action: action.clone(),
        resource: resource.clone(),
        conditions: conditions.clone(),
    };
    let grants = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    Ok(grants.map(|(action, resource)| grant(action, resource)).collect())
}

/// A list, or the one thing that stands for a list of itself.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// One text or a list of them.
fn texts(value: &Value, scope: &Scope<'_>, place: &TemplatePath) -> Result<Vec<String>, Fault> {
    match scope.resolve(value, place)? {
        Value::Array(items) => items.iter().map(|item| text_of(item, place)).collect(),
        one => Ok(vec![text_of(&one, place)?]),
    }
}
