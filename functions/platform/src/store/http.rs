//! The HTTP stack below the DynamoDB client.

use aws_sdk_dynamodb::config::{RuntimeComponents, http::HttpRequest};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};

/// HTTP with TLS that is set up when the first `https` address is called.
///
/// The SDK's own client reads every root certificate of the machine when it is made: nearly half of a function's start
/// where the store is reached in clear, as on one's own machine. An `https` address is called exactly as by the SDK's own.
#[derive(Debug)]
pub(crate) struct LateTls {
    clear: SharedHttpClient,
    tls: SharedHttpClient,
}

impl LateTls {
    /// Reads nothing yet.
    pub(crate) fn new() -> Self {
        let with_tls = || Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        Self { clear: with_tls().tls_context(trusts_nobody()).build_https(), tls: with_tls().build_https() }
    }
}

/// TLS for where it is not spoken: no root certificate is read.
pub(crate) fn trusts_nobody() -> TlsContext {
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

#[cfg(test)]
mod tests {
    use std::{io::Read, net::TcpListener, thread};

    use super::super::client;

    /// The first byte that a store at an address of this scheme hears.
    async fn first_byte(scheme: &str) -> u8 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("{scheme}://{}", listener.local_addr().unwrap());
        let store = thread::spawn(move || {
            let mut byte = [0];
            listener.accept().unwrap().0.read_exact(&mut byte).unwrap();
            byte[0]
        });
        let unanswered = client::dynamodb_at(&endpoint).await.list_tables().send().await;
        assert!(unanswered.is_err());
        store.join().unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_address_is_called_as_its_scheme_says() {
        assert_eq!(first_byte("http").await, b'P', "POST");
        assert_eq!(first_byte("https").await, 0x16, "a TLS handshake");
    }
}
