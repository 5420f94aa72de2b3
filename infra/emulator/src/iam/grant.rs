//! Roles and what they allow.

/// A role and what it allows.
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
}

impl Role {
    /// Whether some grant allows the action on the resource.
    pub fn allows(&self, action: &str, resource: &str) -> bool {
        self.grants.iter().any(|grant| grant.allows(action, resource))
    }
}

impl Grant {
    /// A grant of one action on one resource.
    pub fn new(action: &str, resource: &str) -> Self {
        Self { action: action.to_owned(), resource: resource.to_owned() }
    }

    /// Whether it allows the action on the resource. The case of an action does not matter.
    pub fn allows(&self, action: &str, resource: &str) -> bool {
        fits(&self.action.to_ascii_lowercase(), &action.to_ascii_lowercase()) && fits(&self.resource, resource)
    }
}

/// Whether a text fits a pattern in which `*` is any run of characters and `?` any one.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || Some(&byte) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{Grant, fits};

    #[test]
    fn a_star_is_any_run_and_a_question_mark_any_one() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*b*", "abc"), ("**", "x"), ("a*b*c", "aXbYbZc"), ("", "")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", ""), ("a*c", "abb"), ("a?c", "ac"), ("", "x"), ("?", "")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn the_case_of_an_action_does_not_matter_and_that_of_a_resource_does() {
        let grant = Grant::new("DynamoDB:get*", "arn:table/Things*");
        assert!(grant.allows("dynamodb:GetItem", "arn:table/Things/index/ByName"));
        assert!(!grant.allows("dynamodb:GetItem", "arn:table/things"));
        assert!(!grant.allows("dynamodb:PutItem", "arn:table/Things"));
    }
}
