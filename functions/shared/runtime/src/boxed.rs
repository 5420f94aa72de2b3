//! Futures behind a pointer.

use std::error::Error;
use std::pin::Pin;

/// A future that is compiled once, in the crate that makes it.
///
/// Each crate that awaits an `async fn` compiles its body anew. A request to the store carries the SDK's retries,
/// signatures and HTTP, which cost seconds of build per crate. A boxed future costs one allocation per call instead.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function that serves events, from its start until the Runtime API goes away.
pub type Serving = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>>>>;
