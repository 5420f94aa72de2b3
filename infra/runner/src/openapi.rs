//! The description of the HTTP API as a whole: what the functions say of themselves, put together.
//!
//! `infra/openapi.json` is this document; a test refuses it when it is stale.

use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{OpenApi, ServerBuilder, ServerVariableBuilder, Tag};

/// The document, JSON, as it is committed.
pub fn document() -> String {
    let mut document = whole().to_pretty_json().unwrap_or_else(|never| unreachable!("{never}"));
    document.push('\n');
    document
}

fn whole() -> OpenApi {
    let mut api = accounts::openapi();
    api.merge(market::openapi());
    api.merge(matches::openapi());
    api.servers = Some(vec![
        ServerBuilder::new()
            .url("https://{api_id}.execute-api.{region}.amazonaws.com")
            .description(Some("A deployment; `ApiUrl` among the stack's outputs."))
            .parameter("api_id", ServerVariableBuilder::new().default_value("api-id"))
            .parameter("region", ServerVariableBuilder::new().default_value("eu-central-1"))
            .build(),
        ServerBuilder::new().url("http://127.0.0.1:8080").description(Some("The local market: `cargo run`.")).build(),
    ]);
    api.tags = Some(vec![
        tag("accounts", "Opening an account, signing in, and the keys that tokens are signed with."),
        tag("staff", "The market's staff: roles, and locking accounts. Needs a second factor."),
        tag("freelancers", "Freelancers."),
        tag("projects", "Projects."),
        tag("matches", "Ranked matches with reasons."),
        tag("health", "Whether the market answers."),
    ]);
    api
}

fn tag(name: &str, description: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use http_api::Code;
    use serde_json::Value;

    /// Where two functions name a schema alike, one description is kept: they had better be the same.
    #[test]
    fn functions_describe_shared_schemas_alike() {
        let mut seen = BTreeMap::new();
        for document in [accounts::openapi(), market::openapi(), matches::openapi()] {
            for (name, schema) in document.components.unwrap().schemas {
                if let Some(other) = seen.insert(name.clone(), schema.clone()) {
                    assert!(other == schema, "two functions mean different things by {name}");
                }
            }
        }
        assert!(seen.contains_key("Problem"));
    }

    /// The codes of a document's problems, each with its status and title.
    fn codes(document: &utoipa::openapi::OpenApi) -> BTreeSet<(String, String, String)> {
        fn collect(value: &Value, found: &mut BTreeSet<(String, String, String)>) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::Object(examples)) = value.pointer("/application~1problem+json/examples") {
                        for (name, example) in examples {
                            let problem = &example["value"];
                            assert_eq!(problem["code"], **name);
                            found.insert((name.clone(), problem["status"].to_string(), problem["title"].to_string()));
                        }
                    }
                    members.values().for_each(|member| collect(member, found));
                }
                Value::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
                _ => {}
            }
        }
        let mut found = BTreeSet::new();
        collect(&serde_json::to_value(document).unwrap(), &mut found);
        found
    }

    #[test]
    fn every_problem_code_is_declared_once() {
        let shared: BTreeSet<(String, String, String)> = Code::SHARED
            .iter()
            .map(|code| (code.name().to_owned(), code.status().as_u16().to_string(), format!("\"{}\"", code.title())))
            .collect();
        let mut names: BTreeSet<String> = shared.iter().map(|(name, ..)| name.clone()).collect();
        let mut own = BTreeSet::new();
        for document in [accounts::openapi(), market::openapi(), matches::openapi()] {
            for code in codes(&document).difference(&shared) {
                let (name, ..) = code;
                assert!(names.insert(name.clone()), "two places declare the code {name}");
                own.insert(name.clone());
            }
        }
        assert!(["email_taken", "invalid_credentials", "invalid_newcomers"].iter().all(|name| own.contains(*name)));
    }
}
