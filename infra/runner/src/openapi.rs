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
        tag("freelancers", "Talents on offer."),
        tag("projects", "Work that clients want done."),
        tag("matches", "Who fits, best first, with the reasons."),
        tag("health", "Whether the market answers."),
    ]);
    api
}

fn tag(name: &str, description: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
}
