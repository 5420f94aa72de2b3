//! Asking a provider: where to send a person, and who came back.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::http::{Response, header};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, JsonWebKeySet, LocalizedClaim, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, RedirectUrl, RequestTokenError, SignatureVerificationError, TokenResponse,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims,
        CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreUserInfoClaims,
    },
};
use runtime::{
    config::Secret,
    web_client::{WebClient, WebError, WebRequest},
};
use tokio::sync::Mutex;

use super::{
    authorization::{Asked, Identified},
    config::{self, InvalidProviders, Provider},
    document::{Document, Metadata},
    refusals::{provider_refused, provider_unavailable, unknown_provider},
};
use http_api::ApiError;

/// The time for all requests to a provider that one request of ours needs. Lambda ends the function after ten seconds.
const DEADLINE: Duration = Duration::from_secs(8);
/// How far in the future a token may have been issued, because clocks differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// The algorithms of ID tokens. Each needs a key of the provider's that is published.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// The providers that people may sign in with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Providers(Arc<Vec<Client>>);

impl Providers {
    /// Reads the configuration. No provider is asked yet.
    ///
    /// # Errors
    /// The configuration is unusable.
    pub(crate) fn new(configured: Option<&Secret>) -> Result<Self, InvalidProviders> {
        let providers = config::read(configured)?;
        Ok(Self(Arc::new(providers.into_iter().map(Client::new).collect())))
    }

    /// All providers in the configured order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter().map(|client| &client.provider)
    }

    /// The client of a provider.
    ///
    /// # Errors
    /// 404 `unknown_provider`.
    pub(super) fn get(&self, id: &str) -> Result<&Client, ApiError> {
        self.0.iter().find(|client| client.provider.id == id).ok_or_else(unknown_provider)
    }
}

/// The client of one provider.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) provider: Provider,
    http: Http,
    document: Mutex<Option<Document>>,
}

type OidcClient =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The reason for which a provider's answer proves nothing. It goes to the log, so it holds no token.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the answer names another issuer, or none")]
    Issuer,
    #[error("the provider does not take the code: {0}")]
    Code(String),
    #[error("the provider's answer to the code is not readable")]
    Unreadable,
    #[error("the provider sent no ID token")]
    NoIdToken,
    #[error("the ID token does not hold")]
    IdToken(#[source] ClaimsVerificationError),
}

/// The reason for which a provider cannot be asked. It goes to the log.
#[derive(Debug, thiserror::Error)]
enum Unavailable {
    #[error("the provider's description is not usable: {0}")]
    Description(String),
    #[error("the provider's {0} is out of reach")]
    OutOfReach(&'static str),
    #[error("the provider cannot be asked")]
    Request(#[source] WebError),
    #[error("the provider's answer is not usable")]
    Answer,
    #[error("the provider did not answer within {} s", DEADLINE.as_secs())]
    Slow,
}

impl Client {
    fn new(provider: Provider) -> Self {
        let http = Http(WebClient::new(provider.reach));
        Self { provider, http, document: Mutex::default() }
    }

    /// The address at the provider to which the browser goes. With `asks_again`, the provider asks the person to sign
    /// in, although they may be signed in there.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub(super) async fn authorization_url(
        &self,
        state: String,
        asked: &Asked,
        asks_again: bool,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        let metadata = within_deadline(self.metadata(now)).await?;
        if !self.provider.reach.allows(metadata.authorization_endpoint()) {
            return Err(provider_unavailable(Unavailable::OutOfReach("authorization endpoint")));
        }
        let nonce = asked.nonce.clone();
        let client = self.oidc(&metadata, asked)?;
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client
            .authorize_url(flow, move || CsrfToken::new(state), move || Nonce::new(nonce))
            .add_scopes(self.provider.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&asked.pkce_verifier()));
        let request = match asks_again {
            true => request.set_max_age(Duration::ZERO).add_prompt(CoreAuthPrompt::Login),
            false => request,
        };
        let (url, _, _) = request.url();
        Ok(url.into())
    }

    /// Exchanges a code and checks the ID token. `issuer` is the issuer that the answer names. With `needs_email`, the
    /// user info endpoint is asked for an address that the ID token does not tell.
    ///
    /// # Errors
    /// 422 `provider_refused`, 503 `provider_unavailable`.
    pub(super) async fn identify(
        &self,
        asked: &Asked,
        (code, issuer): (&str, Option<&str>),
        needs_email: bool,
        now: Timestamp,
    ) -> Result<Identified, ApiError> {
        within_deadline(self.identify_now(asked, (code, issuer), needs_email, now)).await
    }

    async fn identify_now(
        &self,
        asked: &Asked,
        (code, issuer): (&str, Option<&str>),
        needs_email: bool,
        now: Timestamp,
    ) -> Result<Identified, ApiError> {
        let metadata = self.metadata(now).await?;
        let is_announced = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        if issuer.map_or(is_announced, |issuer| issuer != metadata.issuer().as_str()) {
            return Err(provider_refused(Refused::Issuer));
        }
        let client = self.oidc(&metadata, asked)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| provider_unavailable(Unavailable::Description("it names no token endpoint".to_owned())))?
            .set_pkce_verifier(asked.pkce_verifier());
        let tokens = request.request_async(&self.http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(answer) => provider_refused(Refused::Code(answer.error().to_string())),
            RequestTokenError::Request(cause) => provider_unavailable(Unavailable::Request(cause)),
            // The answer may hold tokens, so it is not told.
            RequestTokenError::Parse(..) => provider_refused(Refused::Unreadable),
            RequestTokenError::Other(_) => provider_unavailable(Unavailable::Answer),
        })?;
        let id_token = tokens.id_token().ok_or_else(|| provider_refused(Refused::NoIdToken))?;
        let nonce = Nonce::new(asked.nonce.clone());
        let claims = self.claims(&metadata, id_token, &nonce, now).await?;
        let mut identified = self.identified(claims);
        if needs_email && !(identified.email.is_some() && identified.is_email_verified) {
            self.ask_for_email(&client, tokens.access_token(), claims, &mut identified).await;
        }
        Ok(identified)
    }

    /// The claims of a token that holds. If it names an unknown key, the keys are read anew.
    async fn claims<'t>(
        &self,
        metadata: &Metadata,
        id_token: &'t CoreIdToken,
        nonce: &Nonce,
        now: Timestamp,
    ) -> Result<&'t CoreIdTokenClaims, ApiError> {
        let first = id_token.claims(&self.verifier(metadata, now), nonce);
        let claims = match first {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let metadata = self.metadata_with_new_keys(now).await?;
                id_token.claims(&self.verifier(&metadata, now), nonce)
            }
            claims => claims,
        };
        claims.map_err(|error| provider_refused(Refused::IdToken(error)))
    }

    /// Checks signature, issuer, audience, expiry and nonce. It does not know the client's secret, so that nobody can
    /// sign a token with it.
    fn verifier(&self, metadata: &Metadata, now: Timestamp) -> CoreIdTokenVerifier<'static> {
        let client_id = self.provider.client_id.clone();
        let (issuer, keys) = (metadata.issuer().clone(), metadata.jwks().clone());
        let latest = (now + CLOCK_SKEW).as_second();
        CoreIdTokenVerifier::new_public_client(client_id, issuer, keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || chrono::DateTime::from_timestamp(now.as_second(), 0).unwrap_or_default())
            .set_issue_time_verifier_fn(move |issued_at| {
                let is_past = issued_at.timestamp() <= latest;
                is_past.then_some(()).ok_or_else(|| "the token was issued in the future".to_owned())
            })
    }

    fn identified(&self, claims: &CoreIdTokenClaims) -> Identified {
        let subject = format!("{}\0{}", self.provider.issuer.as_str(), claims.subject().as_str());
        let mut names = all(claims.name(), |name| name.to_string());
        names.extend(all(claims.nickname(), |name| name.to_string()));
        names.extend(claims.preferred_username().map(|name| name.to_string()));
        Identified {
            subject: crate::hash(subject.as_bytes()),
            email: claims.email().map(|email| email.to_string()),
            is_email_verified: claims.email_verified().unwrap_or_default(),
            names,
            signed_in_at: claims.auth_time().and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
        }
    }

    /// Asks for what the ID token does not tell. Some providers tell the address at the user info endpoint alone.
    async fn ask_for_email(
        &self,
        client: &OidcClient,
        token: &AccessToken,
        claims: &CoreIdTokenClaims,
        identified: &mut Identified,
    ) {
        // A provider without the endpoint tells no more.
        let Ok(request) = client.user_info(token.clone(), Some(claims.subject().clone())) else { return };
        let told: Result<CoreUserInfoClaims, _> = request.request_async(&self.http).await;
        let Ok(told) = told else {
            tracing::warn!(provider = self.provider.id, "the provider does not tell more about a person");
            return;
        };
        identified.email = told.email().map(|email| email.to_string());
        identified.is_email_verified = told.email_verified().unwrap_or_default();
        identified.names.extend(all(told.name(), |name| name.to_string()));
        identified.names.extend(all(told.nickname(), |name| name.to_string()));
    }

    fn oidc(&self, metadata: &Metadata, asked: &Asked) -> Result<OidcClient, ApiError> {
        let redirect_uri = RedirectUrl::new(asked.redirect_uri.clone()).map_err(ApiError::internal)?;
        let (client_id, secret) = (self.provider.client_id.clone(), self.provider.client_secret.clone());
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes_basic = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth_type = if takes_basic && secret.is_some() { AuthType::BasicAuth } else { AuthType::RequestBody };
        Ok(CoreClient::from_provider_metadata(metadata.clone(), client_id, secret)
            .set_redirect_uri(redirect_uri)
            .set_auth_type(auth_type))
    }

    /// The provider's description, from memory for an hour.
    async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, ApiError> {
        let mut document = self.document.lock().await;
        if let Some(document) = document.as_ref().filter(|document| document.counts(now)) {
            return Ok(document.metadata.clone());
        }
        let found = Metadata::discover_async(self.provider.issuer.clone(), &self.http).await;
        let metadata = found.map_err(|error| match error {
            openidconnect::DiscoveryError::Request(cause) => provider_unavailable(Unavailable::Request(cause)),
            other => provider_unavailable(Unavailable::Description(other.to_string())),
        })?;
        Ok(document.insert(Document::new(metadata, now)).metadata.clone())
    }

    /// The description with the keys read anew, at most once a minute.
    async fn metadata_with_new_keys(&self, now: Timestamp) -> Result<Arc<Metadata>, ApiError> {
        let mut document = self.document.lock().await;
        let document = document.as_mut().ok_or_else(|| ApiError::internal("keys are read after the description"))?;
        if document.may_read_keys(now) {
            document.reading_keys(now);
            let keys = JsonWebKeySet::fetch_async(document.metadata.jwks_uri(), &self.http).await;
            document.take_keys(keys.map_err(|_| provider_unavailable(Unavailable::Answer))?);
        }
        Ok(document.metadata.clone())
    }
}

/// A claim in all languages, the one of no language first.
fn all<T>(claim: Option<&LocalizedClaim<T>>, text: impl Fn(&T) -> String) -> Vec<String> {
    claim.into_iter().flat_map(LocalizedClaim::iter).map(|(_, value)| text(value)).collect()
}

async fn within_deadline<T>(asking: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    tokio::time::timeout(DEADLINE, asking).await.unwrap_or_else(|_| Err(provider_unavailable(Unavailable::Slow)))
}

/// The bounded client, as the library takes it.
#[derive(Debug)]
struct Http(WebClient);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let (head, body) = request.into_parts();
        let headers = head
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let request =
            WebRequest { method: head.method.to_string(), url: head.uri.to_string(), headers: headers.collect(), body };
        Box::pin(async move {
            let reply = self.0.send(request).await?;
            let content_type = reply.content_type.unwrap_or_else(|| "application/json".to_owned());
            let response = Response::builder().status(reply.status).header(header::CONTENT_TYPE, content_type);
            response.body(reply.body).map_err(|error| WebError::Failed(Box::new(error)))
        })
    }
}
