//! The health check. It reads no store, so it tells a broken function from a broken store.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The function is up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: a broken function does not answer.
    #[schema(example = "ok")]
    status: &'static str,
    /// The release that answers.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Check that the market answers
///
/// It needs no sign-in and reads no store.
#[utoipa::path(
    get,
    path = "/health",
    tag = "health",
    responses((status = OK, description = "The market answers.", body = Health))
)]
pub(crate) async fn get_health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn health_names_the_release() {
        let Json(health) = get_health().await;
        assert_eq!(serde_json::to_value(health).unwrap(), serde_json::json!({"status": "ok", "version": "0.1.0"}));
    }
}
