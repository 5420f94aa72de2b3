//! What a function's role lets it do: the inline policies of the role that the template gives it.
//!
//! Only what can be judged exactly is read. A statement that denies, excludes, has a condition or a wildcard is refused:
//! this machine shall not allow what AWS would not.

use serde_json::Value;

use crate::template::TemplateError;
use crate::template::scope::{Place, Scope, text_of};

/// A role and what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in the template, e.g. `ThingsRole`.
    pub logical_id: String,
    /// Every allowed action with the resource it is allowed on.
    pub grants: Vec<Grant>,
}

/// One action that is allowed on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// E.g. `dynamodb:GetItem`.
    pub action: String,
    /// The resource's ARN.
    pub resource: String,
}

/// The role that a function's `Role` property names; `None` where it names none, and is bound by nothing here.
pub(crate) fn role(
    property: Option<&Value>,
    resources: &Value,
    scope: &Scope<'_>,
    place: &Place,
) -> Result<Option<Role>, TemplateError> {
    let Some(property) = property else { return Ok(None) };
    let place = place.key("Role");
    let logical_id = match &property["Fn::GetAtt"] {
        Value::Array(path) if path.len() == 2 && path[1] == "Arn" => path[0].as_str(),
        _ => None,
    };
    let logical_id = logical_id.ok_or_else(|| place.error("expected the Arn of a role of this template"))?;
    let role = &resources[logical_id];
    if role["Type"] != "AWS::IAM::Role" {
        return Err(place.error(format!("{logical_id} is no role of this template")));
    }
    let place = Place::of(logical_id).key("Properties");
    if let Some(stranger) =
        ["ManagedPolicyArns", "PermissionsBoundary"].iter().find(|key| !role["Properties"][**key].is_null())
    {
        return Err(place.key(stranger).error("the local runner judges inline policies only"));
    }
    let mut grants = Vec::new();
    for policy in role["Properties"]["Policies"].as_array().into_iter().flatten() {
        let place = place.key(policy["PolicyName"].as_str().unwrap_or("Policies"));
        for statement in policy["PolicyDocument"]["Statement"].as_array().into_iter().flatten() {
            grants.extend(allowed_by(statement, scope, &place)?);
        }
    }
    Ok(Some(Role { logical_id: logical_id.to_owned(), grants }))
}

/// Every combination of the statement's actions and resources.
fn allowed_by(statement: &Value, scope: &Scope<'_>, place: &Place) -> Result<Vec<Grant>, TemplateError> {
    let known = ["Sid", "Effect", "Action", "Resource"];
    let keys = statement.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    if let Some(stranger) = keys.into_iter().find(|key| !known.contains(key)) {
        return Err(place.key(stranger).error("the local runner does not judge this part of a statement"));
    }
    if statement["Effect"] != "Allow" {
        return Err(place.key("Effect").error("the local runner judges Allow only"));
    }
    let actions = texts(&statement["Action"], scope, &place.key("Action"))?;
    let resources = texts(&statement["Resource"], scope, &place.key("Resource"))?;
    let grants = actions.iter().flat_map(|action| {
        resources.iter().map(|resource| Grant { action: action.clone(), resource: resource.clone() })
    });
    Ok(grants.collect())
}

/// One text or a list of them.
fn texts(value: &Value, scope: &Scope<'_>, place: &Place) -> Result<Vec<String>, TemplateError> {
    match scope.resolve(value, place)? {
        Value::Array(items) => items.iter().map(|item| text_of(item, place)).collect(),
        one => Ok(vec![text_of(&one, place)?]),
    }
}
