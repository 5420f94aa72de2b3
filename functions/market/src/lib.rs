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

use axum::Router;
use http_api::{Function, Limits, access, openapi};
use runtime::Serving;
use store::Store;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The state of the handlers.
#[derive(Debug, Clone)]
struct Market {
    store: Store,
    limits: Limits,
    /// How many open projects one account may own at a time.
    open_projects_per_owner: u32,
}

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(async {
        let function = Function::start().await?;
        http_api::run(&function, router(&function)).await
    })
}

/// The function's routes.
pub fn router(function: &Function) -> Router {
    let market = Market {
        store: function.store.clone(),
        limits: function.limits.clone(),
        open_projects_per_owner: function.config.open_projects_per_owner,
    };
    access::guard(documented_routes().with_state(market).into(), function.authenticator.clone())
}

/// The function's part of the API's description.
pub fn openapi() -> OpenApi {
    documented_routes().into_openapi()
}

fn documented_routes() -> OpenApiRouter<Market> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(health::get_health))
        .routes(routes!(freelancers::list_freelancers))
        .routes(routes!(
            freelancers::put_my_freelancer,
            freelancers::get_my_freelancer,
            freelancers::delete_my_freelancer
        ))
        .routes(routes!(freelancers::get_freelancer))
        .routes(routes!(projects::post_project, projects::list_projects))
        .routes(routes!(projects::get_project, projects::patch_project, projects::delete_project))
        .routes(routes!(projects::list_my_projects))
}
