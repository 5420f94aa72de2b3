//! Faults of a template: places and what is the matter there.

use std::fmt;

/// One place of a template that is wrong, or that asks for something the runner doesn't do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Resource and key, e.g. `ThingsFunction.Properties.Events.Health.Type`.
    pub place: String,
    /// What is the matter there.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// Why a template can't be run here.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The text is not YAML, or not a mapping of strings.
    #[error("the template is not readable: {0}")]
    Unreadable(String),
    /// Every fault that was found, in the order of the template.
    #[error("template: {}", listed(.0))]
    Faults(Vec<Fault>),
}

impl From<Fault> for TemplateError {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

fn listed(faults: &[Fault]) -> String {
    match faults {
        [one] => one.to_string(),
        many => {
            let lines: String = many.iter().map(|fault| format!("\n  {fault}")).collect();
            format!("{} faults{lines}", many.len())
        }
    }
}

/// A place in the template: resource and key.
#[derive(Debug, Clone)]
pub(crate) struct TemplatePath(String);

impl TemplatePath {
    pub(crate) fn of(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        Self(format!("{}.{key}", self.0))
    }

    /// The resource that the place is in.
    pub(crate) fn resource(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    pub(crate) fn error(&self, problem: impl Into<String>) -> Fault {
        Fault { place: self.0.clone(), problem: problem.into() }
    }
}
