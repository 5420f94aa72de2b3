//! The HTTP client that the SDK uses.

use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpRequest, runtime_components::RuntimeComponents};

/// An HTTP client that sets up TLS at the first call to an `https` address.
///
/// The SDK's own client reads every root certificate of the machine when it is created. On a machine that reaches the
/// store without TLS, that would be nearly half of a function's start. Calls to `https` addresses behave as with the
/// SDK's client.
#[derive(Debug)]
pub struct LateTls {
    clear: SharedHttpClient,
    tls: SharedHttpClient,
}

/// A client that has not read any certificate.
impl Default for LateTls {
    fn default() -> Self {
        let with_tls = || Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        Self { clear: with_tls().tls_context(empty_trust_store()).build_https(), tls: with_tls().build_https() }
    }
}

/// The TLS settings for an `http` endpoint. They read no root certificate.
pub fn empty_trust_store() -> TlsContext {
    // Building this context cannot fail. If it did, the machine's certificates would be read early, which does no harm.
    TlsContext::builder().with_trust_store(TrustStore::empty()).build().unwrap_or_default()
}

impl HttpClient for LateTls {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(LateConnector {
            clear: self.clear.http_connector(settings, components),
            tls: self.tls.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

#[derive(Debug)]
struct LateConnector {
    clear: SharedHttpConnector,
    tls: SharedHttpClient,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for LateConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("http://") {
            return self.clear.call(request);
        }
        // The client makes one connector for these settings and keeps it with its connections.
        self.tls.http_connector(&self.settings, &self.components).call(request)
    }
}
