//! Futures behind a pointer.

use std::error::Error;
use std::pin::Pin;

/// A future behind a pointer, so that it is compiled in one crate.
///
/// Each crate that awaits an `async fn` compiles the function's body again. A request to the store includes the SDK's
/// retries, signatures and HTTP, which cost seconds of build per crate. A boxed future costs one allocation per call.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function at work: it serves events until the Runtime API goes away.
pub type Serving = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>>>>;
