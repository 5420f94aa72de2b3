//! The template, the API's description, the handlers and the sample events agree with each other.
//!
//! `operations` holds the names of the operations together, `openapi` checks the API's description, and `template`,
//! `distribution` and `alarms` check settings of `infra/template.yaml` that no linter asks for. `dashboard` and
//! `runbook` check that the dashboard and docs/runbook.md speak of resources that exist.

mod alarms;
mod dashboard;
mod distribution;
mod nested;
mod openapi;
mod operations;
mod runbook;
mod template;

use std::path::PathBuf;

use pairwork::TEMPLATE;
use pairwork::template::{Template, document};
use serde_json::Value;

use crate::golden::repository;

/// `infra/template.yaml` as the runner reads it.
fn parsed() -> Template {
    Template::parse(TEMPLATE).expect("the template is sound")
}

/// `infra/template.yaml` as JSON. Intrinsics are not resolved.
fn template() -> Value {
    document(TEMPLATE).expect("the template is YAML")
}

/// The resources of a template that have this type, with their properties.
fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().expect("a template has resources");
    let of_kind = resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
    of_kind.map(|(name, resource)| (name.as_str(), &resource["Properties"]))
}

/// The folder of `infra/template.yaml`. The paths in the template are relative to it.
fn template_folder() -> PathBuf {
    repository().join("infra")
}
