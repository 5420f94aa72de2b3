//! A trace as it is shown: what happened to one request, one event, one firing of a schedule or one batch of a stream.

use hyper::http::request::Parts;
use jiff::Timestamp;
use serde::Serialize;

use super::redaction;
use crate::lambda::invocation::Invocation;
use crate::lambda::launch::Launch;

/// The course of one request, one event or one batch.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// Counts up from 1 in the order of starts.
    pub id: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// Its cause.
    pub origin: Origin,
    /// From the start to the answer; `None` while it runs.
    pub duration_ms: Option<f64>,
    /// How it ended, in a word or a status: `200`, `done`, `failed`, …; `None` while it runs.
    pub outcome: Option<String>,
    /// The invocations of functions, in the order in which they were given to a process.
    pub invocations: Vec<TracedInvocation>,
    /// The traces whose writes are the records of this batch.
    pub follows: Vec<u64>,
    /// The batches that deliver what this trace wrote.
    pub followed_by: Vec<u64>,
}

/// The cause of a trace.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A request to the HTTP API.
    Request(Box<HttpRequest>),
    /// An event that was sent straight to a function.
    Event {
        /// The function's name in the template.
        function: String,
    },
    /// An attempt to invoke a function by a schedule.
    Schedule {
        /// Function and event, e.g. `SweepFunction.Tick`.
        schedule: String,
        /// The function's name in the template.
        function: String,
        /// The time for which the schedule has fired.
        time: Timestamp,
        /// Counts from 1.
        attempt: u32,
    },
    /// A batch of a table's stream.
    Batch {
        /// Function and event of the mapping, e.g. `FollowFunction.ThingsChanges`.
        mapping: String,
        /// The table's name in the template.
        table: String,
        /// The first records.
        records: Vec<StreamRecord>,
        /// How many records there are in all.
        record_count: usize,
    },
}

/// A request to the HTTP API.
#[derive(Debug, Clone, Serialize)]
pub struct HttpRequest {
    /// E.g. `GET`.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// Header names in lower case, and values. Secret values are redacted.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Text,
    /// The route that was found, e.g. `GET /things/{id}`.
    pub route: Option<String>,
    /// The fields that API Gateway adds to the event.
    #[serde(skip)]
    pub(crate) context: Option<EventContext>,
    /// The answer, once there is one.
    pub response: Option<HttpResponse>,
}

/// The fields of an event beside the request itself.
#[derive(Debug, Clone)]
pub(crate) struct EventContext {
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) peer: std::net::SocketAddr,
    pub(crate) domain_name: String,
    pub(crate) request_id: String,
    pub(crate) received_at: std::time::SystemTime,
    pub(crate) trace_id: String,
}

/// The answer to a request.
#[derive(Debug, Clone, Serialize)]
pub struct HttpResponse {
    /// E.g. 200.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Text,
}

/// A text that may be too long to keep, or no text at all.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Text {
    /// The text, secrets redacted; `None` if it is not kept.
    pub text: Option<String>,
    /// Its whole length.
    pub size_bytes: usize,
    /// Whether something in it was redacted.
    pub redacted: bool,
}

/// One invocation of a function.
#[derive(Debug, Clone, Serialize)]
pub struct TracedInvocation {
    /// The function's name in the template.
    pub function: String,
    /// Lambda's request id.
    pub request_id: String,
    /// The number of the process that ran it, from 1.
    pub environment: Option<u32>,
    /// The place in the trace of the invocation that called this one.
    pub called_by: Option<usize>,
    /// From the trace's start until the process got the event. A cold start lies before it.
    pub start_ms: f64,
    /// How long the process took to start, if it was started for this event.
    pub init_ms: Option<f64>,
    /// From the event to the answer; `None` while it runs, or if no process took it.
    pub duration_ms: Option<f64>,
    /// The time that Lambda would bill: start and duration, rounded up.
    pub billed_ms: Option<u64>,
    /// The memory that the template gives it.
    pub memory_mb: u32,
    /// The most memory that the process has had resident so far, as of at most a second ago.
    pub max_memory_mb: Option<u64>,
    /// The error, JSON, if it failed.
    pub error: Option<String>,
    /// Its calls to the store.
    pub calls: Vec<StoreCall>,
    /// How many more calls it made than are kept.
    pub more_calls: usize,
    /// Its output.
    pub logs: Vec<String>,
    /// How many more lines it printed than are kept.
    pub more_logs: usize,
}

/// One call to DynamoDB.
#[derive(Debug, Clone, Serialize)]
pub struct StoreCall {
    /// E.g. `GetItem`.
    pub operation: String,
    /// The items that it names.
    pub keys: Vec<ItemKey>,
    /// How many more items it names than are kept.
    pub more_keys: usize,
    /// Read units consumed.
    pub read_units: f64,
    /// Write units consumed.
    pub write_units: f64,
    /// From the trace's start; negative if the process made it while it started.
    pub start_ms: f64,
    /// How long it took.
    pub duration_ms: f64,
    /// The exception, e.g. `ConditionalCheckFailedException`, if it failed.
    pub error: Option<String>,
    /// Whether a condition of a write failed.
    pub condition_failed: bool,
}

/// An item, or a range of items, that a call names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemKey {
    /// The table's name in the template.
    pub table: String,
    /// The action: `Get`, `Put`, `Update`, `Delete`, `ConditionCheck`, `Query` or `Scan`.
    pub action: &'static str,
    /// The partition key's value.
    pub partition: Option<String>,
    /// The sort key's value; for a query, the condition on it.
    pub sort: Option<String>,
}

/// A record of a stream.
#[derive(Debug, Clone, Serialize)]
pub struct StreamRecord {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event: String,
    /// Its place in the stream.
    pub sequence_number: String,
    /// The partition key's value.
    pub partition: Option<String>,
    /// The sort key's value.
    pub sort: Option<String>,
    /// The trace that wrote it, if that is known.
    pub written_by: Option<u64>,
}

impl HttpRequest {
    /// The fields that the head of a request shows.
    pub(crate) fn of(head: &Parts) -> Self {
        Self {
            method: head.method.as_str().to_owned(),
            target: redaction::target(head.uri.path_and_query().map_or("/", |target| target.as_str())),
            headers: redaction::headers(&head.headers),
            body: Text::default(),
            route: None,
            context: None,
            response: None,
        }
    }
}

impl Text {
    /// A body as it is kept.
    pub(crate) fn of_body(body: &[u8]) -> Self {
        redaction::body(body)
    }
}

impl TracedInvocation {
    /// An invocation that begins.
    pub(crate) fn new(launch: &Launch, invocation: &Invocation, start_ms: f64) -> Self {
        Self {
            function: launch.function.clone(),
            request_id: invocation.request_id.clone(),
            environment: None,
            called_by: invocation.traced.called_by,
            start_ms,
            init_ms: None,
            duration_ms: None,
            billed_ms: None,
            memory_mb: launch.memory_mb,
            max_memory_mb: None,
            error: None,
            calls: Vec::new(),
            more_calls: 0,
            logs: Vec::new(),
            more_logs: 0,
        }
    }
}

impl Trace {
    /// How much memory it takes, roughly.
    pub(crate) fn size_bytes(&self) -> usize {
        const EACH: usize = 160;
        let of_text = |text: &Text| text.text.as_ref().map_or(0, String::len);
        let of_headers = |headers: &[(String, String)]| {
            headers.iter().map(|(name, value)| name.len() + value.len() + 48).sum::<usize>()
        };
        let origin = match &self.origin {
            Origin::Request(request) => {
                let response = request.response.as_ref();
                of_text(&request.body)
                    + of_headers(&request.headers)
                    + response.map_or(0, |it| of_text(&it.body) + of_headers(&it.headers))
                    + request.target.len()
            }
            Origin::Event { .. } | Origin::Schedule { .. } => 0,
            Origin::Batch { records, .. } => records.len() * EACH,
        };
        let of_call = |call: &StoreCall| EACH + call.keys.len() * EACH;
        let of_invocation = |it: &TracedInvocation| {
            2 * EACH
                + it.calls.iter().map(of_call).sum::<usize>()
                + it.logs.iter().map(|line| line.len() + 24).sum::<usize>()
        };
        4 * EACH + origin + self.invocations.iter().map(of_invocation).sum::<usize>()
    }
}
