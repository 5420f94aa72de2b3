//! One invocation of a function: what goes in, what comes out, and the line that Lambda would log about it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::body::Bytes;
use serde_json::json;

use crate::traces::Recording;

/// The largest event of a synchronous invocation, in bytes (Lambda quotas: 6 MB).
pub(crate) const EVENT_LIMIT_BYTES: usize = 6 * 1024 * 1024;
/// The largest reply of a function, in bytes: Lambda allows a hundred more than for the event.
pub(crate) const REPLY_LIMIT_BYTES: usize = EVENT_LIMIT_BYTES + 100;

/// An event on its way to a function.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    /// Unique, a UUID as Lambda's are.
    pub(crate) request_id: String,
    /// X-Ray's header value: `Root=1-…`.
    pub(crate) trace_id: String,
    /// The event, JSON.
    pub(crate) event: Bytes,
    /// Where it is recorded.
    pub(crate) traced: Traced,
}

/// The place of an invocation among the traces.
#[derive(Debug, Clone)]
pub(crate) struct Traced {
    pub(crate) recording: Arc<Recording>,
    /// The invocation of the same trace that called this one.
    pub(crate) called_by: Option<usize>,
}

impl Traced {
    /// An invocation that no other one called.
    pub(crate) fn first(recording: &Arc<Recording>) -> Self {
        Self { recording: Arc::clone(recording), called_by: None }
    }
}

impl Invocation {
    /// An invocation with a fresh request id.
    pub(crate) fn new(event: Bytes, trace_id: String, traced: Traced) -> Self {
        Self { request_id: new_uuid(), trace_id, event, traced }
    }
}

/// A fresh UUID of version 4.
pub(crate) fn new_uuid() -> String {
    let [a, b, c, d] = random_words();
    format!("{a:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{d:08x}", b >> 16, b & 0xfff, (c >> 16) & 0x3fff | 0x8000, c & 0xffff)
}

/// A fresh X-Ray trace header value, not sampled: there is no X-Ray here.
pub(crate) fn new_trace_id() -> String {
    let [a, b, c, _] = random_words();
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("Root=1-{now_s:08x}-{a:08x}{b:08x}{c:08x};Sampled=0")
}

/// 128 bits that no two callers share.
pub(crate) fn random_words() -> [u32; 4] {
    use std::hash::{BuildHasher, RandomState};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    // Identifiers must be unique, not unguessable: the standard library's random keys over a counter do.
    static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let [high, low] = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
    let words = [high.hash_one(count), low.hash_one(count)];
    [(words[0] >> 32) as u32, words[0] as u32, (words[1] >> 32) as u32, words[1] as u32]
}

/// What became of an invocation, as the Lambda service tells its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function's reply, JSON.
    Answered(Bytes),
    /// The function failed; a JSON object with `errorType` and `errorMessage`.
    Failed(Bytes),
    /// Every process is busy and the queue is full, or the event waited too long in it.
    Throttled,
    /// The event is larger than Lambda takes (6 MB).
    TooLarge,
}

impl Outcome {
    /// The outcome in a word, as traces show it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Failed(_) => "failed",
            Self::Throttled => "throttled",
            Self::TooLarge => "too large",
        }
    }

    /// A failure that the Lambda service reports in the function's stead.
    pub(crate) fn failed(error_type: &str, message: &str) -> Self {
        Self::Failed(Bytes::from(json!({ "errorType": error_type, "errorMessage": message }).to_string()))
    }
}

/// Lambda's `REPORT` line.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) duration: Duration,
    /// Of the process's start, on its first invocation only.
    pub(crate) init: Option<Duration>,
    pub(crate) memory_mb: u32,
    pub(crate) max_memory_mb: u64,
}

/// The time that Lambda bills, in milliseconds. Since August 2025 it includes the start in the first invocation.
pub(crate) fn billed_ms(duration: Duration, init: Option<Duration>) -> u64 {
    u64::try_from((duration + init.unwrap_or_default()).as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

impl std::fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        write!(
            f,
            "REPORT RequestId: {}\tDuration: {:.2} ms\tBilled Duration: {} ms\t\
             Memory Size: {} MB\tMax Memory Used: {} MB",
            self.request_id,
            ms(self.duration),
            billed_ms(self.duration, self.init),
            self.memory_mb,
            self.max_memory_mb,
        )?;
        match self.init {
            Some(init) => write!(f, "\tInit Duration: {:.2} ms", ms(init)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::{Report, new_uuid};

    #[test]
    fn a_request_id_is_a_version_four_uuid_and_unique() {
        let ids: BTreeSet<_> = (0..1000).map(|_| new_uuid()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let groups: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(id.as_bytes()[14], b'4', "{id}");
            assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
        }
    }

    #[test]
    fn a_report_reads_as_lambda_writes_it() {
        let warm = Report {
            request_id: "8f507cfc",
            duration: Duration::from_micros(1_234),
            init: None,
            memory_mb: 512,
            max_memory_mb: 23,
        };
        let line = "REPORT RequestId: 8f507cfc\tDuration: 1.23 ms\tBilled Duration: 2 ms\t\
                    Memory Size: 512 MB\tMax Memory Used: 23 MB";
        assert_eq!(warm.to_string(), line);
        let cold = Report { init: Some(Duration::from_micros(12_500)), ..warm };
        let line = "REPORT RequestId: 8f507cfc\tDuration: 1.23 ms\tBilled Duration: 14 ms\t\
                    Memory Size: 512 MB\tMax Memory Used: 23 MB\tInit Duration: 12.50 ms";
        assert_eq!(cold.to_string(), line);
    }
}
