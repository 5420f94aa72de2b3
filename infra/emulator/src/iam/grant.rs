//! Roles and the actions that they allow.

use super::condition::{Condition, Context};
use crate::wildcard::fits;

/// A role and its grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in the template, e.g. `ThingsRole`.
    pub logical_id: String,
    /// Every allowed action with the resource it is allowed on.
    pub grants: Vec<Grant>,
}

/// Actions that are allowed on resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// E.g. `dynamodb:GetItem`; `*` and `?` stand for other characters.
    pub action: String,
    /// The resource's ARN, with the same two wildcards.
    pub resource: String,
    /// The further conditions on a call.
    pub conditions: Vec<Condition>,
}

impl Role {
    /// Whether some grant allows the action on the resource without a condition.
    pub fn allows(&self, action: &str, resource: &str) -> bool {
        self.allows_in(action, resource, &Context::new())
    }

    /// Whether some grant allows the action on the resource for a call with this context.
    pub fn allows_in(&self, action: &str, resource: &str, context: &Context) -> bool {
        let conditions = |grant: &Grant| grant.conditions.iter().all(|condition| condition.holds(context));
        self.grants.iter().any(|grant| grant.allows(action, resource) && conditions(grant))
    }
}

impl Grant {
    /// A grant of one action on one resource without a condition.
    pub fn new(action: &str, resource: &str) -> Self {
        Self { action: action.to_owned(), resource: resource.to_owned(), conditions: Vec::new() }
    }

    /// Whether it speaks of the action on the resource. The case of an action does not matter.
    pub fn allows(&self, action: &str, resource: &str) -> bool {
        fits(&self.action.to_ascii_lowercase(), &action.to_ascii_lowercase()) && fits(&self.resource, resource)
    }
}

#[cfg(test)]
mod tests {
    use super::Grant;

    #[test]
    fn the_case_of_an_action_does_not_matter_and_that_of_a_resource_does() {
        let grant = Grant::new("DynamoDB:get*", "arn:table/Things*");
        assert!(grant.allows("dynamodb:GetItem", "arn:table/Things/index/ByName"));
        assert!(!grant.allows("dynamodb:GetItem", "arn:table/things"));
        assert!(!grant.allows("dynamodb:PutItem", "arn:table/Things"));
    }
}
