//! Futures behind a pointer.

use std::pin::Pin;

/// What is worth compiling once.
///
/// The body of an `async fn` is compiled by whoever awaits it, and anew by each of them: behind a request to the store are
/// the SDK's retries, signatures and HTTP, a few seconds of build in every crate that makes one. A boxed future is compiled
/// where it is made, with that crate's optimisation, for an allocation a call.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
