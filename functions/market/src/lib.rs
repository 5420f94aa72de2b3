//! The `market` function: freelancers, projects and their lists.
//!
//! A handler has four steps: load, decide, commit, reply. `domain` decides, `store` loads and commits, and `http-api`
//! reads requests and replies. This function reads no credentials and carries no model.

mod body;
mod filters;
mod freelancers;
mod health;
mod page;
mod projects;

use axum::{Router, extract::FromRef};
use http_api::{Function, openapi};
use runtime::Serving;
use store::Store;
use tokens::Authenticator;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The state of the handlers.
#[derive(Debug, Clone)]
struct Market {
    store: Store,
    authenticator: Authenticator,
    /// How many open projects one account may own at a time.
    open_projects_per_owner: u32,
}

impl FromRef<Market> for Authenticator {
    fn from_ref(market: &Market) -> Self {
        market.authenticator.clone()
    }
}

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(async {
        let function = Function::start().await?;
        http_api::run(router(&function)).await
    })
}

/// The function's routes.
pub fn router(function: &Function) -> Router {
    let market = Market {
        store: function.store.clone(),
        authenticator: function.authenticator.clone(),
        open_projects_per_owner: function.config.open_projects_per_owner,
    };
    documented_routes().with_state(market).into()
}

/// The function's part of the API's description.
pub fn openapi() -> OpenApi {
    documented_routes().into_openapi()
}

fn documented_routes() -> OpenApiRouter<Market> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(health::get_health))
        .routes(routes!(freelancers::list_freelancers))
        .routes(routes!(freelancers::put_my_freelancer, freelancers::get_my_freelancer))
        .routes(routes!(freelancers::get_freelancer))
        .routes(routes!(projects::post_project, projects::list_projects))
        .routes(routes!(projects::get_project, projects::patch_project))
        .routes(routes!(projects::list_my_projects))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn document() -> Value {
        serde_json::to_value(openapi()).unwrap()
    }

    fn operations(document: &Value) -> Vec<(String, &Value)> {
        let paths = document["paths"].as_object().unwrap();
        let each = |(path, item): (&String, &'_ Value)| {
            let item = item.as_object().unwrap().clone();
            item.into_iter().map(|(method, _)| (method, path.clone())).collect::<Vec<_>>()
        };
        let names: Vec<(String, String)> = paths.iter().flat_map(each).collect();
        names.into_iter().map(|(method, path)| (format!("{method} {path}"), &paths[&path][&method])).collect()
    }

    #[test]
    fn every_route_is_described() {
        let document = document();
        let names: BTreeSet<String> = operations(&document).into_iter().map(|(name, _)| name).collect();
        let expected = [
            "get /accounts/me/projects",
            "get /freelancers",
            "get /freelancers/me",
            "get /freelancers/{id}",
            "get /health",
            "get /projects",
            "get /projects/{id}",
            "patch /projects/{id}",
            "post /projects",
            "put /freelancers/me",
        ];
        assert_eq!(names, expected.map(str::to_owned).into());
        for (name, operation) in operations(&document) {
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let signed_in = operation["responses"]["401"].is_object();
            assert_eq!(operation["security"].is_array(), signed_in, "{name} wants a token and says so, or neither");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(reference)) = members.get("$ref") {
                        found.insert(reference.clone());
                    }
                    members.values().for_each(|member| references(member, found));
                }
                Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }
}
