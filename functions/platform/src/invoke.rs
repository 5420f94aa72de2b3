//! Calling another function and waiting for its answer: Lambda's Invoke, one signed request.
//!
//! This is all that the market asks of Lambda, so it is written out here; the SDK's client for it is a large crate.
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::{ProvideCredentials, SharedCredentialsProvider, http::HttpRequest};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_types::service_config::ServiceConfigKey;
use axum::body::{Body, to_bytes};

use crate::BoxFuture;
use crate::store::http::{LateTls, trusts_nobody};

/// A connection within a region takes a few milliseconds; a second means the network is at fault.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Both attempts together, the other function's cold start among them. Two calls, one after the other, must end within
/// the caller's own 20 s.
const PATIENCE: Duration = Duration::from_secs(8);
/// Before the second attempt.
const BACKOFF: Duration = Duration::from_millis(50);
/// The largest answer of a function, in bytes (Lambda quotas: 6 MB).
const ANSWER_LIMIT_BYTES: usize = 6 * 1024 * 1024;

type Cause = Box<dyn Error + Send + Sync>;

/// Why another function did not answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// It was not reached, or Lambda's reply was lost on the way.
    #[error("{function} was not reached")]
    Unreachable {
        /// Whom.
        function: String,
        /// What the network, or the search for credentials, said.
        #[source]
        cause: Cause,
    },
    /// Lambda did not run it: throttled, not allowed, not there.
    #[error("{function} was not run: {status} {reason}")]
    Refused {
        /// Whom.
        function: String,
        /// Lambda's HTTP status.
        status: u16,
        /// Lambda's words.
        reason: String,
    },
    /// It ran, and failed.
    #[error("{function} failed: {reason}")]
    Failed {
        /// Who.
        function: String,
        /// Its error, JSON.
        reason: String,
    },
    /// It took too long.
    #[error("{function} did not answer within {PATIENCE:?}")]
    Late {
        /// Who.
        function: String,
    },
}

/// A way to the other functions. Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub struct Functions {
    connector: Arc<Connector>,
    credentials: Option<SharedCredentialsProvider>,
    region: String,
    endpoint: String,
}

impl Functions {
    /// Prepares the way as the environment describes it: region, credentials, and an endpoint of one's own in
    /// `AWS_ENDPOINT_URL_LAMBDA`. Opens no connection and cannot fail: what is missing shows itself in the first call.
    pub fn connect() -> BoxFuture<'static, Self> {
        Box::pin(async {
            // The client is for finding credentials and the region where the environment itself does not tell them.
            Self::at(&aws_config::defaults(BehaviorVersion::latest()).http_client(LateTls::new()).load().await)
        })
    }

    fn at(environment: &SdkConfig) -> Self {
        let region = environment.region().map_or_else(String::new, ToString::to_string);
        let endpoint = endpoint(environment).unwrap_or_else(|| format!("https://lambda.{region}.amazonaws.com"));
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
        let connector =
            Connector::builder().connector_settings(settings).tls_provider(Provider::Rustls(CryptoMode::Ring));
        let clear = endpoint.starts_with("http://");
        let connector = if clear { connector.tls_context(trusts_nobody()) } else { connector };
        let credentials = environment.credentials_provider();
        Self { connector: Arc::new(connector.build()), credentials, region, endpoint }
    }

    /// Sends an event, JSON, to a function and gives its answer, JSON. What fails is tried once more, so the event may
    /// be handled twice.
    ///
    /// # Errors
    /// The second attempt's, or that all of it took more than 8 s.
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
        let unreachable = |cause| InvokeError::Unreachable { function: function.to_owned(), cause };
        let request = self.request(function, event).await.map_err(unreachable)?;
        let response = self.connector.call(request).await.map_err(|problem| unreachable(problem.into()))?;
        let status = response.status();
        let failed = response.headers().get("x-amz-function-error").is_some();
        let body = to_bytes(Body::new(response.into_body()), ANSWER_LIMIT_BYTES).await;
        let body = body.map_err(|problem| unreachable(problem.into()))?;
        let reason = || String::from_utf8_lossy(&body).into_owned();
        if !status.is_success() {
            let (function, status) = (function.to_owned(), status.as_u16());
            return Err(InvokeError::Refused { function, status, reason: reason() });
        }
        if failed {
            return Err(InvokeError::Failed { function: function.to_owned(), reason: reason() });
        }
        Ok(body.into())
    }

    /// The request, signed with the credentials of this moment.
    async fn request(&self, function: &str, event: &[u8]) -> Result<HttpRequest, Cause> {
        const CONTENT_TYPE: (&str, &str) = ("content-type", "application/json");
        let uri = format!("{}/2015-03-31/functions/{function}/invocations", self.endpoint);
        let credentials = self.credentials.as_ref().ok_or("no credentials are configured")?;
        let identity = credentials.provide_credentials().await?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("lambda")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let headers = std::iter::once(CONTENT_TYPE);
        let signable = SignableRequest::new("POST", uri.as_str(), headers, SignableBody::Bytes(event))?;
        let (signed, _) = sign(signable, &parameters.into())?.into_parts();
        let mut request = HttpRequest::new(event.to_vec().into());
        request.set_method("POST")?;
        request.set_uri(uri)?;
        request.headers_mut().insert(CONTENT_TYPE.0, CONTENT_TYPE.1);
        for header in signed.into_parts().0 {
            request.headers_mut().insert(header.name(), header.value().to_owned());
        }
        Ok(request)
    }
}

/// The endpoint that the environment or a profile names for Lambda, if any.
fn endpoint(environment: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id("lambda").env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let own = key.ok().and_then(|key| environment.service_config()?.load_config(key));
    let endpoint = own.or_else(|| environment.endpoint_url().map(str::to_owned))?;
    Some(endpoint.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    use aws_config::Region;
    use aws_sdk_dynamodb::config::Credentials;

    use super::*;

    /// A Lambda that gives these replies, one per connection, and then tells what it was asked.
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
        (Functions::at(&environment), asked)
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
    async fn what_fails_is_tried_once_more_and_then_said() {
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
