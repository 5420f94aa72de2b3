//! The DynamoDB client: its timeouts and retries.

use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader, Region, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::Credentials;

use runtime::{BoxFuture, tls::LateTls};

/// A connection within a region takes a few milliseconds; a second means the network is at fault.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// DynamoDB's own p99.9 is far below this. Repeating the request is better than waiting longer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// The limit for all attempts of one operation, well below API Gateway's 30 s.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
/// The first attempt and two more.
const ATTEMPTS: u32 = 3;
/// The pause before the second attempt. It doubles with each further attempt and is jittered.
const FIRST_BACKOFF: Duration = Duration::from_millis(50);

/// A client for the region, credentials and endpoint that the environment names.
pub(crate) fn dynamodb() -> BoxFuture<'static, aws_sdk_dynamodb::Client> {
    Box::pin(client(aws_config::defaults(BehaviorVersion::latest())))
}

/// An access key of a local DynamoDB.
#[derive(Clone)]
pub struct AccessKey {
    /// As `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// As `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
}

// The secret never reaches a log.
impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A client for a local DynamoDB. It reads nothing from the environment.
pub(crate) fn dynamodb_at(endpoint: &str, key: &AccessKey) -> BoxFuture<'static, aws_sdk_dynamodb::Client> {
    let key = Credentials::new(&*key.id, &*key.secret, None, None, "a local DynamoDB");
    let place = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(key);
    Box::pin(client(place))
}

async fn client(place: ConfigLoader) -> aws_sdk_dynamodb::Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_BACKOFF);
    let shared = place.http_client(LateTls::default()).timeout_config(timeouts).retry_config(retries).load().await;
    aws_sdk_dynamodb::Client::new(&shared)
}

#[cfg(test)]
mod tests {
    use std::{io::Read, net::TcpListener, thread};

    use super::*;

    /// The first byte that a client sends to an address with this scheme.
    async fn first_byte(scheme: &str) -> u8 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("{scheme}://{}", listener.local_addr().unwrap());
        let store = thread::spawn(move || {
            let mut byte = [0];
            listener.accept().unwrap().0.read_exact(&mut byte).unwrap();
            byte[0]
        });
        let key = AccessKey { id: "anybody".to_owned(), secret: "anything".to_owned() };
        let unanswered = dynamodb_at(&endpoint, &key).await.list_tables().send().await;
        assert!(unanswered.is_err());
        store.join().unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_scheme_of_an_address_decides_about_tls() {
        assert_eq!(first_byte("http").await, b'P', "POST");
        assert_eq!(first_byte("https").await, 0x16, "a TLS handshake");
    }
}
