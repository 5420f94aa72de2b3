//! Lambda's Invoke API: how one function calls another and waits for its answer.
//!
//! The signature of a call is checked, and the call is held to the caller's role, as a call to the database is. Only
//! `RequestResponse` is offered: nothing here queues events.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::SystemTime;

use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::iam::credentials::Credentials;
use crate::iam::permissions::Permissions;
use crate::iam::signature;
use crate::lambda::function::Function;
use crate::lambda::invocation::{EVENT_LIMIT_BYTES, Invocation, Outcome, Traced, new_trace_id};
use crate::server;
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
        credentials: Arc<Credentials>,
        permissions: Arc<Permissions>,
        traces: Arc<Traces>,
    ) -> Self {
        let functions = functions.into_iter().map(|function| (function.name().to_owned(), function)).collect();
        let functions = Arc::new(Functions { functions, credentials, permissions, traces });
        // A caller is known by its signature.
        let anybody = |_| true;
        Self(tokio::spawn(server::internal(listener, "the Lambda API", anybody, move |request| {
            let functions = Arc::clone(&functions);
            async move { Ok::<_, Infallible>(functions.answer(request).await) }
        })))
    }
}

impl Drop for LambdaApi {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Functions {
    /// By the name that they have in the cloud.
    functions: BTreeMap<String, Arc<Function>>,
    credentials: Arc<Credentials>,
    permissions: Arc<Permissions>,
    traces: Arc<Traces>,
}

impl Functions {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        // One byte more is enough to be too large.
        let Ok(event) = Limited::new(body, EVENT_LIMIT_BYTES + 1).collect().await.map(Collected::to_bytes) else {
            return reply(Outcome::TooLarge);
        };
        let caller = match signature::check(&self.credentials, "lambda", &parts, &event, SystemTime::now()) {
            Ok(caller) => caller,
            Err(wrong) => return refusal(StatusCode::FORBIDDEN, wrong.kind, &wrong.message),
        };
        let Some(function) = called(&parts.method, parts.uri.path()).and_then(|name| self.functions.get(name)) else {
            return refusal(StatusCode::NOT_FOUND, "ResourceNotFoundException", "there is no such function");
        };
        let judged = self.permissions.judge_all(&caller, ["lambda:InvokeFunction"], function.arn());
        if let Err(message) = judged {
            return refusal(StatusCode::FORBIDDEN, "AccessDeniedException", &message);
        }
        let kind = parts.headers.get("x-amz-invocation-type").map(|kind| kind.as_bytes());
        if kind.is_some_and(|kind| kind != b"RequestResponse") {
            let message = "the emulator invokes with RequestResponse only";
            return refusal(StatusCode::BAD_REQUEST, "InvalidParameterValueException", message);
        }
        let (traced, begun) = self.traced(&parts.headers, function);
        let outcome = function.invoke(Invocation::new(event, new_trace_id(), traced)).await;
        if let Some(recording) = begun {
            recording.end(outcome.word());
        }
        reply(outcome)
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
