//! The Lambda Runtime API, version 2018-06-01, for one execution environment.
//!
//! Each process has a port of its own, as each execution environment on AWS has an endpoint of its own: the runtime
//! interface knows no client identity, so the address is what tells processes apart. The port serves programs of the
//! emulator's own user alone, so nobody else on this machine takes an event or answers one. This module only carries
//! events and replies; when to start, deliver, give up or kill is decided in [`crate::lambda::environment`].
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::lambda::invocation::{Invocation, REPLY_LIMIT_BYTES};
use crate::listen::listen;
use crate::server::{self, peer};

const PREFIX: &str = "/2018-06-01/runtime/";

/// What a process tells through the Runtime API.
#[derive(Debug)]
pub(crate) enum Signal {
    /// It asks for an event: it is done with everything before.
    Polled,
    /// It answered the event with this request id.
    Answered { request_id: String, reply: InvocationResponse },
    /// It could not start; the error's JSON.
    InitFailed(Bytes),
}

/// A function's answer to an event.
#[derive(Debug)]
pub(crate) enum InvocationResponse {
    /// Its result, JSON.
    Result(Bytes),
    /// Its error, JSON.
    Error(Bytes),
    /// A result above the limit.
    TooLarge,
}

/// An event as it is handed over.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) invocation: Invocation,
    /// When the function will be killed.
    pub(crate) deadline: SystemTime,
}

/// The endpoint of one process. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    address: SocketAddr,
    deliveries: mpsc::Sender<Delivery>,
    shared: Arc<Shared>,
    signals: mpsc::UnboundedReceiver<Signal>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    function_arn: String,
    /// One poll at a time waits here.
    next: tokio::sync::Mutex<mpsc::Receiver<Delivery>>,
    /// The request id of the event the process works on.
    current: Mutex<Option<String>>,
    signals: mpsc::UnboundedSender<Signal>,
}

impl RuntimeApi {
    /// Opens an endpoint on a free loopback port.
    pub(crate) fn open(function_arn: String) -> std::io::Result<Self> {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        let (deliveries, next) = mpsc::channel(1);
        let (sender, signals) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            function_arn,
            next: tokio::sync::Mutex::new(next),
            current: Mutex::new(None),
            signals: sender,
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { address, deliveries, shared, signals, server })
    }

    /// Where the process finds it: the value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hands an event to the process's next poll. One at a time: the one before must have been answered.
    pub(crate) fn deliver(&self, delivery: Delivery) {
        // Full only when an event before was never taken, and then the process is given up anyway.
        let _ = self.deliveries.try_send(delivery);
    }

    /// Whether the process has taken the event that was delivered last.
    pub(crate) fn taken(&self) -> bool {
        self.deliveries.capacity() > 0
    }

    /// What the process tells next.
    pub(crate) async fn signal(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            // `shared` holds a sender for as long as we live.
            None => std::future::pending().await,
        }
    }

    /// Replies to the last event are refused from now on.
    pub(crate) fn give_up(&self) {
        self.shared.take_current(None);
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let Ok(port) = listener.local_addr().map(|address| address.port()) else { return };
    let is_ours = move |peer| peer::is_ours(peer, port);
    server::internal(listener, "the Runtime API", is_ours, move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(shared.answer(request).await) }
    })
    .await;
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
        let segments: Vec<_> = path.split('/').collect();
        match (request.method(), segments.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["invocation", id, "response"]) => {
                self.accept(id, request.into_body(), InvocationResponse::Result).await
            }
            (&Method::POST, ["invocation", id, "error"]) => {
                self.accept(id, request.into_body(), InvocationResponse::Error).await
            }
            (&Method::POST, ["init", "error"]) => {
                let body = Limited::new(request.into_body(), REPLY_LIMIT_BYTES).collect().await;
                let body = body.map(|body| body.to_bytes()).unwrap_or_default();
                self.tell(Signal::InitFailed(body));
                accepted()
            }
            _ => error(StatusCode::NOT_FOUND, "NotFound", "no such runtime API operation"),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        self.tell(Signal::Polled);
        let Some(Delivery { invocation, deadline }) = self.next.lock().await.recv().await else {
            return error(StatusCode::GONE, "Gone", "the runner is shutting down");
        };
        let deadline_ms = deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &invocation.request_id)
            .header("lambda-runtime-deadline-ms", deadline_ms as u64)
            .header("lambda-runtime-invoked-function-arn", &self.function_arn)
            .header("lambda-runtime-trace-id", &invocation.trace_id)
            .body(Full::new(invocation.event));
        *self.current() = Some(invocation.request_id);
        response
            .unwrap_or_else(|problem| error(StatusCode::INTERNAL_SERVER_ERROR, "Runtime.Headers", &problem.to_string()))
    }

    async fn accept(
        &self,
        id: &str,
        mut incoming: Incoming,
        reply: fn(Bytes) -> InvocationResponse,
    ) -> Response<Full<Bytes>> {
        let body = Limited::new(&mut incoming, REPLY_LIMIT_BYTES).collect().await;
        if !self.take_current(Some(id)) {
            return error(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
        }
        let request_id = id.to_owned();
        match body {
            Ok(body) => {
                self.tell(Signal::Answered { request_id, reply: reply(body.to_bytes()) });
                accepted()
            }
            Err(problem) if problem.is::<LengthLimitError>() => {
                self.tell(Signal::Answered { request_id, reply: InvocationResponse::TooLarge });
                // A runtime that is still sending would not read our answer.
                while let Some(Ok(_)) = incoming.frame().await {}
                let limit = format!("Exceeded maximum allowed payload size ({REPLY_LIMIT_BYTES} bytes).");
                error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &limit)
            }
            Err(problem) => {
                let body = json!({ "errorType": "Runtime.BrokenReply", "errorMessage": problem.to_string() });
                let reply = InvocationResponse::Error(Bytes::from(body.to_string()));
                self.tell(Signal::Answered { request_id, reply });
                error(StatusCode::BAD_REQUEST, "BrokenReply", &problem.to_string())
            }
        }
    }

    /// Ends the current event if it is the one with this id, or whichever it is. Says whether it did.
    fn take_current(&self, id: Option<&str>) -> bool {
        let mut current = self.current();
        let ours = id.is_none() || current.as_deref() == id;
        if ours { current.take().is_some() } else { false }
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, signal: Signal) {
        // Nobody listens once the environment is gone, and then nothing matters here any more.
        let _ = self.signals.send(signal);
    }
}

fn accepted() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(br#"{"status":"OK"}"#)));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

fn error(status: StatusCode, error_type: &str, message: &str) -> Response<Full<Bytes>> {
    let body = json!({ "errorType": error_type, "errorMessage": message }).to_string();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
}
