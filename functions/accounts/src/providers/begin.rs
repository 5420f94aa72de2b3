//! The providers, the way to one, and the way back.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, json, operation::Problems};
use jiff::Timestamp;
use runtime::{clock, web_client::Reach};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    authorization::{self, Purpose},
    browser::Browser,
    refusals::{Beginning, KnownProvider, unknown_origin},
};
use crate::Accounts;

/// The members of a provider's answer, and their names in the address of the page.
const ANSWER: [(&str, &str); 4] =
    [("state", "state"), ("code", "authorization_code"), ("iss", "iss"), ("error", "error")];
/// The most bytes of one of them.
const LONGEST: usize = 2048;

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInProvider, example = json!({"id": "google", "name": "Google"}))]
pub(crate) struct ProviderBody {
    /// The provider, as paths name it.
    pub(super) id: String,
    /// The name for people.
    pub(super) name: String,
}

/// The providers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInProviders)]
pub(crate) struct ProvidersBody {
    /// The providers in the order in which to show them.
    #[schema(max_items = 10)]
    items: Vec<ProviderBody>,
}

/// The way to a provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderAuthorization, example = json!({
    "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…"
}))]
pub(crate) struct AuthorizationBody {
    /// The address to send the browser to, within ten minutes.
    authorization_url: String,
}

/// List the providers to sign in with
///
/// The list is empty if the market has none.
#[utoipa::path(
    get,
    path = "/sign-in-providers",
    tag = "accounts",
    responses((status = OK, description = "The providers.", body = ProvidersBody), Problems<()>)
)]
pub(crate) async fn list_sign_in_providers(State(accounts): State<Accounts>) -> Response {
    let body =
        |provider: &super::config::Provider| ProviderBody { id: provider.id.clone(), name: provider.name.clone() };
    json(StatusCode::OK, &ProvidersBody { items: accounts.providers.all().map(body).collect() })
}

/// Begin to sign in with a provider
///
/// Send the browser to `authorization_url`. The provider sends it back, and `GET /sign-in-providers/{id}/callback`
/// leads it to the page with `state`, `authorization_code` and perhaps `iss`. Send these to `POST
/// /sessions/providers/{id}`. A cookie ties all of this to the browser.
#[utoipa::path(
    post,
    path = "/sign-in-providers/{id}/authorizations",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    responses(
        (status = CREATED, description = "The way to the provider.", body = AuthorizationBody),
        Problems<(Beginning,)>,
    )
)]
pub(crate) async fn begin_sign_in_with(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let now = clock::now();
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    begin(&accounts, &id, Purpose::SignIn, &headers, now).await
}

/// Begins a round trip for any purpose.
pub(super) async fn begin(
    accounts: &Accounts,
    id: &str,
    purpose: Purpose,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, ApiError> {
    let client = accounts.providers.get(id)?;
    let page = match &accounts.page_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => origin(headers).ok_or_else(unknown_origin)?.to_owned(),
    };
    let redirect_uri = format!("{page}/sign-in-providers/{id}/callback");
    let browser = Browser::of(headers)?;
    let authorization_url = authorization::begin(accounts, client, purpose, redirect_uri, &browser, now).await?;
    let mut response = json(StatusCode::CREATED, &AuthorizationBody { authorization_url });
    response.headers_mut().extend(browser.cookie().map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(crate::not_stored(response))
}

/// The origin of the page that sends a request. A browser sets it, and no script can change it. A provider compares the
/// whole redirect URI with those that the market registered there.
fn origin(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
    let (_, authority) = origin.split_once("://")?;
    let is_authority = !authority.is_empty() && !authority.contains(['/', '?', '#', '@', '\\']);
    (is_authority && Reach::of(origin).is_some()).then_some(origin)
}

/// Come back from a provider
///
/// The provider sends the browser here. The answer leads it on to the page, with the provider's answer in the fragment
/// of the address: no server sees a fragment.
#[utoipa::path(
    get,
    path = "/sign-in-providers/{id}/callback",
    tag = "accounts",
    params(
        ("id" = String, Path, description = "The provider.", example = "google"),
        ("state" = Option<String>, Query, description = "Names the authorization."),
        ("code" = Option<String>, Query, description = "The authorization code."),
        ("iss" = Option<String>, Query, description = "The provider's issuer."),
        ("error" = Option<String>, Query, description = "The reason for which there is no code."),
    ),
    responses(
        (status = SEE_OTHER, description = "The page goes on.",
            headers(("Location" = String, description = "The page."))),
        Problems<(KnownProvider,)>,
    )
)]
pub(crate) async fn return_from_provider(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    accounts.providers.get(&id)?;
    let location = format!("/#/sign-in-with/{id}?{}", answer(uri.query().unwrap_or_default()));
    let location = HeaderValue::from_str(&location).map_err(ApiError::internal)?;
    Ok(crate::not_stored((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()))
}

/// The members of the provider's answer, for the address of the page. Providers may send others, which are left out.
fn answer(query: &str) -> String {
    let mut answer = form_urlencoded::Serializer::new(String::new());
    for (name, name_on_page) in ANSWER {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        if let Some((_, value)) = pairs.find(|(found, value)| found == name && value.len() <= LONGEST) {
            answer.append_pair(name_on_page, &value);
        }
    }
    answer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(text: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::ORIGIN, text.parse().unwrap())]);
        origin(&headers).map(str::to_owned)
    }

    #[test]
    fn the_page_has_tls_or_is_on_this_machine() {
        for good in ["https://market.example.com", "http://127.0.0.1:3000", "http://localhost:3000"] {
            assert_eq!(origin_of(good).as_deref(), Some(good));
        }
        for wrong in ["null", "", "http://market.example.com", "https://", "https://a/b", "https://a?b", "https://a@b"]
        {
            assert_eq!(origin_of(wrong), None, "{wrong}");
        }
        assert_eq!(origin(&HeaderMap::new()), None);
    }

    #[test]
    fn the_page_gets_the_answer_alone() {
        assert_eq!(
            answer("state=a%26b&code=c+d&scope=x&iss=https%3A%2F%2Fp"),
            "state=a%26b&authorization_code=c+d&iss=https%3A%2F%2Fp"
        );
        assert_eq!(answer("error=access_denied&state=s"), "state=s&error=access_denied");
        assert_eq!(answer(&format!("state=s&code={}", "x".repeat(LONGEST + 1))), "state=s");
        assert_eq!(answer(""), "");
    }
}
