//! YAML with CloudFormation's tags, as plain JSON: `!Ref X` becomes `{"Ref": "X"}`, `!Sub X` becomes `{"Fn::Sub":
//! "X"}`.

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

use super::TemplateError;

/// The template as JSON, every intrinsic in its long form.
pub(super) fn parse(text: &str) -> Result<Value, TemplateError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|e| TemplateError::Unreadable(e.to_string()))?;
    let document = to_json(yaml)?;
    if !document.is_object() {
        return Err(TemplateError::Unreadable("it is not a mapping".to_owned()));
    }
    Ok(document)
}

fn to_json(yaml: Yaml) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => json!(whole),
            (None, Some(real)) if real.is_finite() => json!(real),
            _ => return Err(TemplateError::Unreadable(format!("{number} is not a number JSON can hold"))),
        },
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut object = Map::with_capacity(entries.len());
            for (key, value) in entries {
                object.insert(key_text(&key)?, to_json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => long_form(&tagged.tag.to_string(), to_json(tagged.value)?)?,
    })
}

/// YAML takes `80:` and `true:` for a number and a truth; CloudFormation takes them for names.
fn key_text(key: &Yaml) -> Result<String, TemplateError> {
    match key {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(value) => Ok(value.to_string()),
        other => Err(TemplateError::Unreadable(format!("{other:?} can't be a key"))),
    }
}

fn long_form(tag: &str, argument: Value) -> Result<Value, TemplateError> {
    let name = tag.trim_start_matches('!');
    Ok(match name {
        "Ref" | "Condition" => json!({ name: argument }),
        "GetAtt" => match argument.as_str().map(|path| path.split_once('.')) {
            Some(Some((resource, attribute))) => json!({ "Fn::GetAtt": [resource, attribute] }),
            Some(None) => {
                return Err(TemplateError::Unreadable(format!("!GetAtt {argument} names no attribute")));
            }
            None => json!({ "Fn::GetAtt": argument }),
        },
        _ => json!({ format!("Fn::{name}"): argument }),
    })
}
