//! The HTTP client below the SDK.

use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpRequest, runtime_components::RuntimeComponents};

/// HTTP with TLS that is set up when the first `https` address is called.
///
/// The SDK's own client reads every root certificate of the machine when it is made: nearly half of a function's start
/// where the store is reached in clear, as on one's own machine. An `https` address is called exactly as by the SDK's own.
#[derive(Debug)]
pub struct LateTls {
    clear: SharedHttpClient,
    tls: SharedHttpClient,
}

impl LateTls {
    /// Reads nothing yet.
    pub fn new() -> Self {
        let with_tls = || Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        Self { clear: with_tls().tls_context(empty_trust_store()).build_https(), tls: with_tls().build_https() }
    }
}

/// The TLS settings for an endpoint in clear: no root certificate is read.
pub fn empty_trust_store() -> TlsContext {
    // Nothing fails in building a context. If it did, the machine's certificates would be read early, and no harm done.
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
        // Made once for these settings, and kept by the client with its connections.
        self.tls.http_connector(&self.settings, &self.components).call(request)
    }
}
