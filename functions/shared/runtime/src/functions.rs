//! Invokes another function through Lambda's Invoke and waits for its answer.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::error::Error;
use std::time::Duration;

use crate::BoxFuture;
use crate::signed_client::{Cause, JsonRequest, JsonResponse, Service, SignedClient};

/// The deadline of both attempts together, including a cold start. A caller has 20 s and may make two calls in a row.
const PATIENCE: Duration = Duration::from_secs(8);
/// The pause before the second attempt.
const BACKOFF: Duration = Duration::from_millis(50);
/// The largest answer of a function, in bytes (Lambda quotas: 6 MB).
const ANSWER_LIMIT_BYTES: usize = 6 * 1024 * 1024;

/// Why another function did not answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// Lambda was not reached, or its reply was lost.
    #[error("{function} was not reached")]
    Unreachable {
        /// The function.
        function: String,
        /// The error of the network, or of the search for credentials.
        #[source]
        cause: Cause,
    },
    /// Lambda did not run the function: it is throttled, not permitted, or unknown.
    #[error("{function} was not run: {status} {reason}")]
    Refused {
        /// The function.
        function: String,
        /// Lambda's HTTP status.
        status: u16,
        /// Lambda's message.
        reason: String,
    },
    /// The function ran and failed.
    #[error("{function} failed: {reason}")]
    Failed {
        /// The function.
        function: String,
        /// The function's error, JSON.
        reason: String,
    },
    /// The function did not answer in time.
    #[error("{function} did not answer within {PATIENCE:?}")]
    Late {
        /// The function.
        function: String,
    },
}

/// A client that invokes other functions. Clones are cheap and share connections.
#[derive(Debug, Clone)]
pub struct Functions(SignedClient);

impl Functions {
    /// A client for the account and region of the environment. It opens no connection and cannot fail; the first call
    /// reports missing settings.
    pub fn connect() -> BoxFuture<'static, Self> {
        Box::pin(async { Self(SignedClient::connect(Service::LAMBDA).await) })
    }

    /// Sends an event in JSON to a function and returns its answer in JSON. A failed call is repeated once, so the
    /// function may handle the event twice.
    ///
    /// # Errors
    /// The error of the second attempt, or [`InvokeError::Late`] after 8 s.
    pub fn invoke<'a>(&'a self, function: &'a str, event: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, InvokeError>> {
        Box::pin(self.invoked(function, event))
    }

    async fn invoked(&self, function: &str, event: &[u8]) -> Result<Vec<u8>, InvokeError> {
        let attempts = async {
            match self.attempt(function, event).await {
                Ok(answer) => Ok(answer),
                Err(first) => {
                    tracing::warn!(error = &first as &dyn Error, "a function is invoked once more");
                    tokio::time::sleep(BACKOFF).await;
                    self.attempt(function, event).await
                }
            }
        };
        let late = |_| InvokeError::Late { function: function.to_owned() };
        tokio::time::timeout(PATIENCE, attempts).await.map_err(late)?
    }

    async fn attempt(&self, function: &str, event: &[u8]) -> Result<Vec<u8>, InvokeError> {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let request = JsonRequest { method: "POST", path: &path, target: None, body: event };
        let unreachable = |cause| InvokeError::Unreachable { function: function.to_owned(), cause };
        let JsonResponse { status, function_error, body } =
            self.0.send(request, ANSWER_LIMIT_BYTES).await.map_err(unreachable)?;
        let reason = || String::from_utf8_lossy(&body).into_owned();
        if !(200..300).contains(&status) {
            return Err(InvokeError::Refused { function: function.to_owned(), status, reason: reason() });
        }
        if function_error.is_some() {
            return Err(InvokeError::Failed { function: function.to_owned(), reason: reason() });
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    use aws_config::{Region, SdkConfig};
    use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};

    use super::*;

    /// A Lambda server that sends these replies, one per connection, and then returns the requests that it received.
    fn lambda(replies: Vec<&'static str>) -> (Functions, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let environment = SdkConfig::builder()
            .endpoint_url(format!("http://{}/", listener.local_addr().unwrap()))
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "anybody", "anything", None, None, "a test",
            )))
            .build();
        let asked = thread::spawn(move || {
            let mut asked = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 4_096];
                let length = stream.read(&mut request).unwrap();
                asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
                stream.write_all(reply.as_bytes()).unwrap();
            }
            asked
        });
        (Functions(SignedClient::new(Service::LAMBDA, &environment)), asked)
    }

    const ANSWER: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    const FAILURE: &str =
        "HTTP/1.1 200 OK\r\nconnection: close\r\nx-amz-function-error: Unhandled\r\ncontent-length: 4\r\n\r\noops";
    const REFUSAL: &str = "HTTP/1.1 429 Too Many\r\nconnection: close\r\ncontent-length: 4\r\n\r\nslow";

    #[tokio::test(flavor = "current_thread")]
    async fn a_call_is_one_signed_request() {
        let (functions, asked) = lambda(vec![ANSWER]);
        assert_eq!(functions.invoke("shard-1", b"{\"a\":1}").await.unwrap(), b"{}");
        let asked = asked.join().unwrap().concat();
        assert!(asked.starts_with("POST /2015-03-31/functions/shard-1/invocations HTTP/1.1\r\n"), "{asked}");
        assert!(
            asked.contains("/eu-central-1/lambda/aws4_request, SignedHeaders=content-type;host;x-amz-date"),
            "{asked}"
        );
        assert!(asked.ends_with("\r\n\r\n{\"a\":1}"), "{asked}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failed_call_is_repeated_once() {
        let (functions, _) = lambda(vec![FAILURE, ANSWER]);
        assert_eq!(functions.invoke("shard-1", b"{}").await.unwrap(), b"{}");
        let (functions, _) = lambda(vec![REFUSAL, FAILURE]);
        assert_eq!(functions.invoke("shard-1", b"{}").await.unwrap_err().to_string(), "shard-1 failed: oops");
        let (functions, _) = lambda(vec![FAILURE, REFUSAL]);
        assert_eq!(functions.invoke("shard-1", b"{}").await.unwrap_err().to_string(), "shard-1 was not run: 429 slow");
        let (functions, asked) = lambda(vec![]);
        asked.join().unwrap();
        assert!(matches!(functions.invoke("shard-1", b"{}").await, Err(InvokeError::Unreachable { .. })));
    }
}
