//! A client for AWS services of which a function calls only one or two operations.
//!
//! An SDK crate costs about half a minute of build. This client signs one HTTP request (Signature Version 4) with the
//! credentials of the environment, sends it once, and returns the reply. Its callers decide on retries and deadlines.
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_types::service_config::ServiceConfigKey;
use http_body_util::{BodyExt, Limited};

use crate::BoxFuture;
use crate::tls::{LateTls, empty_trust_store};

/// A connection within a region takes a few milliseconds. After a second, the network is at fault.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// An error of the network, of the search for credentials, or of the signing.
pub type Cause = Box<dyn Error + Send + Sync>;

/// An AWS service: how requests to it are signed, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// The name in signatures, e.g. `ses`.
    pub signing_name: &'static str,
    /// The name in `AWS_ENDPOINT_URL_<ID>`, e.g. `SESv2`.
    pub id: &'static str,
    /// The first label of its host name in a region, e.g. `email`.
    pub host: &'static str,
}

impl Service {
    /// AWS Lambda.
    pub const LAMBDA: Self = Self { signing_name: "lambda", id: "Lambda", host: "lambda" };
    /// The Key Management Service.
    pub const KMS: Self = Self { signing_name: "kms", id: "KMS", host: "kms" };
    /// The Simple Email Service, version 2 of its API.
    pub const SES: Self = Self { signing_name: "ses", id: "SESv2", host: "email" };
}

/// A signed client of one AWS service. Clones are cheap and share connections.
#[derive(Debug, Clone)]
pub struct SignedClient {
    connector: Arc<Connector>,
    credentials: Option<SharedCredentialsProvider>,
    service: Service,
    region: String,
    endpoint: String,
}

/// One request. Its path begins with `/`, and its body is JSON.
#[derive(Debug, Clone, Copy)]
pub struct JsonRequest<'a> {
    /// `POST`, `PUT`, …
    pub method: &'static str,
    /// Path and query, already percent-encoded.
    pub path: &'a str,
    /// The value of `x-amz-target`, for services that take their operation from that header.
    pub target: Option<&'static str>,
    /// The body.
    pub body: &'a [u8],
}

/// A service's reply, of any status.
#[derive(Debug)]
pub struct JsonResponse {
    /// The HTTP status.
    pub status: u16,
    /// The value of `x-amz-function-error`, which Lambda sends when a function failed.
    pub function_error: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl SignedClient {
    /// A client of a service. It takes the region and the credentials from the environment, and the endpoint from
    /// `AWS_ENDPOINT_URL_<ID>` if that is set. It opens no connection and cannot fail; the first call reports missing
    /// settings.
    pub fn connect(service: Service) -> BoxFuture<'static, Self> {
        Box::pin(async move {
            // The HTTP client looks up the credentials and the region if the environment does not name them.
            let environment =
                aws_config::defaults(BehaviorVersion::latest()).http_client(LateTls::default()).load().await;
            Self::new(service, &environment)
        })
    }

    /// A client for a given environment.
    pub fn new(service: Service, environment: &SdkConfig) -> Self {
        let region = environment.region().map_or_else(String::new, ToString::to_string);
        let endpoint = endpoint(service, environment)
            .unwrap_or_else(|| format!("https://{}.{region}.amazonaws.com", service.host));
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
        let connector =
            Connector::builder().connector_settings(settings).tls_provider(Provider::Rustls(CryptoMode::Ring));
        let is_clear = endpoint.starts_with("http://");
        let connector = if is_clear { connector.tls_context(empty_trust_store()) } else { connector };
        let credentials = environment.credentials_provider();
        Self { connector: Arc::new(connector.build()), credentials, service, region, endpoint }
    }

    /// Signs a request with the current credentials, sends it once, and reads at most `limit_bytes` of the reply.
    ///
    /// # Errors
    /// No credentials, no connection, or a reply that ends early or is larger than `limit_bytes`.
    pub fn send<'a>(
        &'a self,
        request: JsonRequest<'a>,
        limit_bytes: usize,
    ) -> BoxFuture<'a, Result<JsonResponse, Cause>> {
        Box::pin(async move {
            let request = self.signed(request).await?;
            let response = self.connector.call(request).await?;
            let status = response.status().as_u16();
            let function_error = response.headers().get("x-amz-function-error").map(str::to_owned);
            let body = Limited::new(response.into_body(), limit_bytes).collect().await?.to_bytes();
            Ok(JsonResponse { status, function_error, body: body.into() })
        })
    }

    async fn signed(&self, request: JsonRequest<'_>) -> Result<HttpRequest, Cause> {
        let content_type = if request.target.is_some() { "application/x-amz-json-1.1" } else { "application/json" };
        let target = request.target.map(|target| ("x-amz-target", target));
        let own_headers = std::iter::once(("content-type", content_type)).chain(target);
        let uri = format!("{}{}", self.endpoint, request.path);
        let credentials = self.credentials.as_ref().ok_or("no credentials are configured")?;
        let identity = credentials.provide_credentials().await?.into();
        #[expect(clippy::disallowed_methods, reason = "AWS checks a signature against the true time")]
        let time = SystemTime::now();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service.signing_name)
            .time(time)
            .settings(SigningSettings::default())
            .build()?;
        let body = SignableBody::Bytes(request.body);
        let signable = SignableRequest::new(request.method, uri.as_str(), own_headers.clone(), body)?;
        let (signed, _) = sign(signable, &parameters.into())?.into_parts();
        let mut http = HttpRequest::new(request.body.to_vec().into());
        http.set_method(request.method)?;
        http.set_uri(uri)?;
        for (name, value) in own_headers {
            http.headers_mut().insert(name, value);
        }
        for header in signed.into_parts().0 {
            http.headers_mut().insert(header.name(), header.value().to_owned());
        }
        Ok(http)
    }
}

/// The endpoint that the environment or a profile names for a service, if any.
fn endpoint(service: Service, environment: &SdkConfig) -> Option<String> {
    let key =
        ServiceConfigKey::builder().service_id(service.id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let named = key.ok().and_then(|key| environment.service_config()?.load_config(key));
    let endpoint = named.or_else(|| environment.endpoint_url().map(str::to_owned))?;
    Some(endpoint.trim_end_matches('/').to_owned())
}
