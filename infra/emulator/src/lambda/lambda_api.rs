//! Lambda's Invoke API: how one function calls another and waits for its answer.
//!
//! A call is held to the caller's role, as a call to the database is. Only `RequestResponse` is offered: nothing here
//! queues events.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::dynamodb::front::access_key;
use crate::iam::permissions::Permissions;
use crate::lambda::function::Function;
use crate::lambda::invocation::{EVENT_LIMIT_BYTES, Invocation, Outcome, Traced, new_trace_id};
use crate::traces::{Origin, Recording, Traces};

type Answer = Response<Full<Bytes>>;

/// The API's server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct LambdaApi(JoinHandle<()>);

impl LambdaApi {
    /// Serves calls of these functions.
    pub(crate) fn serve(
        listener: TcpListener,
        functions: impl IntoIterator<Item = Arc<Function>>,
        permissions: Arc<Permissions>,
        traces: Arc<Traces>,
    ) -> Self {
        let functions = functions.into_iter().map(|function| (function.name().to_owned(), function)).collect();
        Self(tokio::spawn(serve(listener, Arc::new(Functions { functions, permissions, traces }))))
    }
}

impl Drop for LambdaApi {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(listener: TcpListener, functions: Arc<Functions>) {
    // Dropped, and its tasks with it, when the server is.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => _ = connections.spawn(connection(stream, Arc::clone(&functions))),
                Err(problem) => tracing::warn!(%problem, "a connection to the Lambda API could not be accepted"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, functions: Arc<Functions>) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(functions.answer(request).await) });
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(problem) = served {
        tracing::trace!(%problem, "a connection to the Lambda API broke");
    }
}

struct Functions {
    /// By the name that they have in the cloud.
    functions: BTreeMap<String, Arc<Function>>,
    permissions: Arc<Permissions>,
    traces: Arc<Traces>,
}

impl Functions {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        let Some(function) = called(&parts.method, parts.uri.path()).and_then(|name| self.functions.get(name)) else {
            return refusal(StatusCode::NOT_FOUND, "ResourceNotFoundException", "there is no such function");
        };
        if let Err(message) = self.judge(&parts.headers, function.arn()) {
            return refusal(StatusCode::FORBIDDEN, "AccessDeniedException", &message);
        }
        let kind = parts.headers.get("x-amz-invocation-type").map(|kind| kind.as_bytes());
        if kind.is_some_and(|kind| kind != b"RequestResponse") {
            let message = "the emulator invokes with RequestResponse only";
            return refusal(StatusCode::BAD_REQUEST, "InvalidParameterValueException", message);
        }
        // One byte more is enough to be too large.
        match Limited::new(body, EVENT_LIMIT_BYTES + 1).collect().await {
            Ok(event) => {
                let (traced, begun) = self.traced(&parts.headers, function);
                let outcome = function.invoke(Invocation::new(event.to_bytes(), new_trace_id(), traced)).await;
                if let Some(recording) = begun {
                    recording.end(outcome.word());
                }
                reply(outcome)
            }
            Err(_) => reply(Outcome::TooLarge),
        }
    }

    /// Where a call is recorded: with the invocation that makes it, or in a trace of its own, which is to be ended.
    fn traced(&self, headers: &HeaderMap, function: &Function) -> (Traced, Option<Arc<Recording>>) {
        match self.traces.callers.of(headers).and_then(|caller| caller.last()) {
            Some(place) => (Traced { recording: place.recording, called_by: Some(place.invocation) }, None),
            None => {
                let recording = self.traces.begin(Origin::Event { function: function.logical_id().to_owned() });
                (Traced::first(&recording), Some(recording))
            }
        }
    }

    fn judge(&self, headers: &HeaderMap, arn: &str) -> Result<(), String> {
        let caller = access_key(headers).ok_or("the request is not signed")?;
        self.permissions.judge_all(caller, ["lambda:InvokeFunction"], arn)
    }
}

/// The name of the function that a request invokes.
fn called<'r>(method: &Method, path: &'r str) -> Option<&'r str> {
    let name = path.strip_prefix("/2015-03-31/functions/")?.strip_suffix("/invocations")?;
    (method == Method::POST).then_some(name)
}

fn reply(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Answered(answer) => Response::new(Full::new(answer)),
        Outcome::Failed(error) => {
            let mut response = Response::new(Full::new(error));
            response.headers_mut().insert("x-amz-function-error", hyper::header::HeaderValue::from_static("Unhandled"));
            response
        }
        Outcome::Throttled => refusal(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", "Rate Exceeded."),
        Outcome::TooLarge => {
            let message = format!("the event is larger than {EVENT_LIMIT_BYTES} bytes");
            refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", &message)
        }
    }
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(json!({ "Message": message }).to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert("x-amzn-errortype", hyper::header::HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_called_by_its_name() {
        let path = "/2015-03-31/functions/pairwork-PoolShard1Function/invocations";
        assert_eq!(called(&Method::POST, path), Some("pairwork-PoolShard1Function"));
        assert_eq!(called(&Method::GET, path), None);
        assert_eq!(called(&Method::POST, "/2015-03-31/functions/one"), None);
        assert_eq!(called(&Method::POST, "/"), None);
    }

    #[test]
    fn outcomes_are_told_as_lambda_tells_them() {
        let told = |outcome: Outcome| {
            let response = reply(outcome);
            let header = |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
            (response.status().as_u16(), header("x-amz-function-error"), header("x-amzn-errortype"))
        };
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(told(Outcome::Answered(Bytes::from("{}"))), (200, None, None));
        assert_eq!(told(Outcome::failed("A", "b")), (200, named("Unhandled"), None));
        assert_eq!(told(Outcome::Throttled), (429, None, named("TooManyRequestsException")));
        assert_eq!(told(Outcome::TooLarge), (413, None, named("RequestTooLargeException")));
    }
}
