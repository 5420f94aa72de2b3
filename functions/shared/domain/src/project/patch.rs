//! Patches: changes of projects by their clients.

use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::{ProjectBrief, ProjectStatus};
use crate::validation::{Field, FromJson, refuse, wrong_type};

/// A JSON merge patch (RFC 7396) of a project. Members that are left out stay, null goes back to the default, and
/// objects merge member by member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectPatch(Map<String, Value>);

impl ProjectPatch {
    /// Whether the patch changes the top-level member on the path of a JSON pointer.
    pub(super) fn touches(&self, pointer: &str) -> bool {
        pointer.split('/').nth(1).is_some_and(|name| self.0.contains_key(name))
    }

    /// Applies the patch to an object.
    pub(super) fn apply(&self, object: &mut Map<String, Value>) {
        merge(object, &self.0);
    }
}

/// Merges as in RFC 7396, section 2. The recursion is as deep as the patch, and parsed JSON is at most 128 levels deep.
fn merge(object: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => _ = object.remove(name),
            Value::Object(patch) => {
                let mut inner = match object.remove(name) {
                    Some(Value::Object(inner)) => inner,
                    _ => Map::new(),
                };
                merge(&mut inner, patch);
                object.insert(name.clone(), Value::Object(inner));
            }
            value => _ = object.insert(name.clone(), value.clone()),
        }
    }
}

impl FromJson for ProjectPatch {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self(members.clone())),
            _ => refuse(&mut field, wrong_type("an object")),
        }
    }
}

impl PartialSchema for ProjectPatch {
    fn schema() -> RefOr<Schema> {
        let mut schema = ProjectBrief::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description =
                Some("The members to change. Null sets an optional member back to its default.".to_owned());
            object.required.clear();
            object.properties.insert("status".to_owned(), ProjectStatus::schema());
            object.example = None;
        }
        schema
    }
}

impl ToSchema for ProjectPatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProjectBrief::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The examples of RFC 7396, appendix A, whose patch is an object.
    #[test]
    fn patches_merge_as_in_the_examples_of_the_rfc() {
        for (object, patch, merged) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let (Value::Object(mut object), Value::Object(patch)) = (object, patch) else { panic!("objects") };
            ProjectPatch(patch).apply(&mut object);
            assert_eq!(Value::Object(object), merged);
        }
    }
}
