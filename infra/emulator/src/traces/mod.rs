//! The traces of the latest requests: each with its invocations, their store calls and log lines, and
//! the stream batches that followed.
//!
//! Recording is always on, so it is cheap: a trace copies short texts and bodies of up to 16 KiB, and nothing else. The
//! ring is bounded by count and by bytes. Secrets never enter a trace (`redaction`).
//!
//! **Why a store call is attributed to the right invocation.** As on Lambda, each environment is one process that runs
//! one event at a time. On AWS each environment has a session token of its own, and so it has here
//! (`AWS_SESSION_TOKEN`). Every AWS SDK sends that token with each signed call (`x-amz-security-token`). So the token
//! names the process, and the process names the invocation: the one that it was given last. A call before the first
//! event (from the process's start) counts with that first event. A call after the answer (left in the background)
//! counts with the event before it.

mod caller;
mod links;
mod recording;
mod redaction;
mod ring;
mod store_call;
mod trace;

pub(crate) use caller::{Caller, Callers, Process};
pub(crate) use links::Written;
pub(crate) use recording::Recording;
pub(crate) use ring::Traces;
pub(crate) use store_call::{Asked, OpenCall, Schemas};
pub(crate) use trace::EventContext;
pub use trace::{HttpRequest, HttpResponse, ItemKey, Origin, StoreCall, StreamRecord, Text, Trace, TracedInvocation};

/// The longest body or log line that a trace keeps.
pub(crate) const TEXT_LIMIT_BYTES: usize = 16 * 1024;
