//! A client for web services of other organisations, such as a provider that people sign in with.
//!
//! Such a service may be slow, large or hostile. So every request has a deadline and its reply a bound, redirects are
//! not followed, and addresses without TLS are refused. The one exception is a service on this machine, for tests: its
//! caller asks for it, and then no other host is called.

use std::{error::Error, sync::OnceLock, time::Duration};

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorSettings},
    orchestrator::HttpRequest,
};
use http_body_util::{BodyExt, Limited};

use crate::{BoxFuture, tls::empty_trust_store};

/// The longest time from the call to the end of the reply.
const DEADLINE: Duration = Duration::from_secs(5);
/// The longest time until the connection stands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The most bytes of a reply.
const LIMIT_BYTES: usize = 256 * 1024;

/// The hosts that a client may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Any host, by TLS alone.
    Internet,
    /// This machine alone, without TLS.
    Loopback,
}

impl Reach {
    /// The reach for a service at this address; `None` if the address has neither TLS nor is on this machine.
    pub fn of(url: &str) -> Option<Self> {
        [Self::Internet, Self::Loopback].into_iter().find(|reach| reach.allows(url))
    }

    /// Whether a client with this reach may call the address.
    pub fn allows(self, url: &str) -> bool {
        match self {
            Self::Internet => url.starts_with("https://"),
            Self::Loopback => url.strip_prefix("http://").is_some_and(is_loopback),
        }
    }
}

/// Whether the text after `http://` begins with a host of this machine. A name before `@` is no host.
fn is_loopback(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    ["127.0.0.1", "[::1]", "localhost"].iter().any(|host| {
        let port = authority.strip_prefix(host);
        port.is_some_and(|port| port.is_empty() || port.strip_prefix(':').is_some_and(is_number))
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A client of one service.
#[derive(Debug)]
pub struct WebClient {
    reach: Reach,
    /// Set up at the first call, because it reads the machine's root certificates.
    connector: OnceLock<Connector>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct WebRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A service's reply, of any status.
#[derive(Debug, Clone)]
pub struct WebResponse {
    /// The HTTP status.
    pub status: u16,
    /// The media type, if it is told.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The service could not be asked, or its reply is unusable.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The address is outside the client's reach.
    #[error("the address is neither https nor on this machine")]
    OutOfReach,
    /// The reply did not arrive in time.
    #[error("no whole reply within {} s", DEADLINE.as_secs())]
    Slow,
    /// The service answered with a redirect.
    #[error("the service redirects")]
    Redirect,
    /// The connection failed, or the reply is larger than the bound.
    #[error("the request failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl WebClient {
    /// A client that has opened no connection.
    pub fn new(reach: Reach) -> Self {
        Self { reach, connector: OnceLock::new() }
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// As [`WebError`].
    pub fn send(&self, request: WebRequest) -> BoxFuture<'_, Result<WebResponse, WebError>> {
        Box::pin(async move {
            if !self.reach.allows(&request.url) {
                return Err(WebError::OutOfReach);
            }
            let reply = tokio::time::timeout(DEADLINE, self.send_now(request)).await.map_err(|_| WebError::Slow)??;
            if (300..400).contains(&reply.status) {
                return Err(WebError::Redirect);
            }
            Ok(reply)
        })
    }

    async fn send_now(&self, request: WebRequest) -> Result<WebResponse, WebError> {
        let mut http = HttpRequest::new(request.body.into());
        http.set_method(&request.method).map_err(failed)?;
        http.set_uri(request.url).map_err(failed)?;
        for (name, value) in request.headers {
            http.headers_mut().try_insert(name, value).map_err(failed)?;
        }
        let response = self.connector().call(http).await.map_err(failed)?;
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type").map(str::to_owned);
        let body = Limited::new(response.into_body(), LIMIT_BYTES).collect().await.map_err(WebError::Failed)?;
        Ok(WebResponse { status, content_type, body: body.to_bytes().into() })
    }

    fn connector(&self) -> &Connector {
        self.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
            let connector =
                Connector::builder().connector_settings(settings).tls_provider(Provider::Rustls(CryptoMode::Ring));
            let is_clear = self.reach == Reach::Loopback;
            let connector = if is_clear { connector.tls_context(empty_trust_store()) } else { connector };
            connector.build()
        })
    }
}

fn failed(cause: impl Error + Send + Sync + 'static) -> WebError {
    WebError::Failed(Box::new(cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_and_this_machine_are_within_reach() {
        assert_eq!(Reach::of("https://accounts.example.com"), Some(Reach::Internet));
        for url in ["http://127.0.0.1:4000/a", "http://localhost", "http://[::1]:1"] {
            assert_eq!(Reach::of(url), Some(Reach::Loopback), "{url}");
        }
        for url in [
            "http://accounts.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost:1@example.com",
            "http://localhost:@example.com",
            "http://127.0.0.1\\@example.com:1",
            "ftp://localhost",
            "HTTPS:example.com",
            "",
        ] {
            assert_eq!(Reach::of(url), None, "{url}");
        }
        assert!(!Reach::Internet.allows("http://127.0.0.1"));
        assert!(!Reach::Loopback.allows("https://example.com"));
    }
}
