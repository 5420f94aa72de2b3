//! `AWS::KMS::Key` and `AWS::KMS::Alias`: symmetric keys.

use serde_json::Value;

use super::fault::TemplatePath;
use super::properties::{Known, Properties};
use super::{KmsKey, Template, scope::Scope};

/// Reads a key. Its policy is not judged: the policies of roles are. A key that is not symmetric is noted and left out.
pub(super) fn key(logical_id: &str, properties: &Properties<'_>) -> Option<KmsKey> {
    properties.only(Known {
        honoured: &["Enabled", "KeySpec", "KeyUsage"],
        silent: &[
            "Description",
            "EnableKeyRotation",
            "KeyPolicy",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        ],
        noted: &["BypassPolicyLockoutSafetyCheck", "MultiRegion", "Origin"],
    });
    let scope = properties.scope;
    for (name, only) in [("KeySpec", "SYMMETRIC_DEFAULT"), ("KeyUsage", "ENCRYPT_DECRYPT"), ("Enabled", "true")] {
        if properties.text(name).is_some_and(|given| given != only) {
            scope.note("AWS::KMS::Key that is not symmetric or not enabled", &properties.place);
            return None;
        }
    }
    let text = |attribute| match scope.keep(scope.attribute(logical_id, attribute, &properties.place)) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (arn, id) = (text("Arn")?, text("KeyId")?);
    Some(KmsKey { logical_id: logical_id.to_owned(), id, arn, aliases: Vec::new() })
}

/// Gives the keys their aliases.
pub(super) fn name_keys(template: &mut Template, scope: &Scope<'_>) {
    let aliases = scope.resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::KMS::Alias");
    for (logical_id, resource) in aliases {
        let place = TemplatePath::of(logical_id).key("Properties");
        let alias = Properties::read(scope, &resource["Properties"], place);
        alias.only(Known { honoured: &["AliasName", "TargetKeyId"], ..Known::default() });
        let (Some(name), Some(target)) = (alias.text("AliasName"), alias.text("TargetKeyId")) else { continue };
        match template.keys.iter_mut().find(|key| key.id == target || key.arn == target) {
            Some(key) => key.aliases.push(name),
            None => scope.note("AWS::KMS::Alias of a key elsewhere", &alias.place),
        }
    }
}
