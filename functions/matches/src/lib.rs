//! The `matches` function: ranks a pool for a project or a freelancer, and scores records that are sent to it.

use axum::Router;
use platform::Platform;

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub async fn run() -> Result<(), lambda_http::Error> {
    let platform = Platform::start().await?;
    platform::run(router(&platform)).await
}

/// The function's routes.
pub fn router(_platform: &Platform) -> Router {
    Router::new()
}
