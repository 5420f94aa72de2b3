//! The providers as the configuration names them.

use openidconnect::{ClientId, ClientSecret, IssuerUrl, Scope};
use runtime::{config::Secret, web_client::Reach};
use serde::Deserialize;

/// The most providers. The sign-in view shows a button for each.
const MOST: usize = 10;
/// The most characters of an id and of a name.
const LONGEST: usize = 40;

/// One provider.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// Part of paths and of keys, e.g. `google`.
    pub(crate) id: String,
    /// Shown to people, e.g. `Google`.
    pub(crate) name: String,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    /// Absent for a client that the provider knows as public.
    pub(super) client_secret: Option<ClientSecret>,
    /// Asked for beside `openid`.
    pub(super) scopes: Vec<Scope>,
    pub(super) reach: Reach,
}

/// `SIGN_IN_PROVIDERS` has an unusable value. The message holds no part of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum InvalidProviders {
    #[error("SIGN_IN_PROVIDERS is no JSON list of providers: line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    #[error("SIGN_IN_PROVIDERS lists more than {MOST} providers")]
    TooMany,
    #[error("SIGN_IN_PROVIDERS[{0}].id must be new, and 1 to {LONGEST} of a-z, 0-9 and -")]
    Id(usize),
    #[error("SIGN_IN_PROVIDERS[{0}].name must have 1 to {LONGEST} characters")]
    Name(usize),
    #[error("SIGN_IN_PROVIDERS[{0}].issuer must be an https URL, or an http URL of this machine")]
    Issuer(usize),
    #[error("SIGN_IN_PROVIDERS[{0}].client_id must not be empty")]
    ClientId(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    scopes: Option<Vec<String>>,
}

/// Reads the providers; none if the variable is not set.
pub(super) fn read(configured: Option<&Secret>) -> Result<Vec<Provider>, InvalidProviders> {
    let Some(Secret(text)) = configured else { return Ok(Vec::new()) };
    let written: Vec<Written> = serde_json::from_str(text)
        .map_err(|error| InvalidProviders::Malformed { line: error.line(), column: error.column() })?;
    if written.len() > MOST {
        return Err(InvalidProviders::TooMany);
    }
    let mut providers: Vec<Provider> = Vec::new();
    for (at, provider) in written.into_iter().enumerate() {
        let is_new = providers.iter().all(|other| other.id != provider.id);
        if !is_new || !is_id(&provider.id) {
            return Err(InvalidProviders::Id(at));
        }
        if !(1..=LONGEST).contains(&provider.name.chars().count()) {
            return Err(InvalidProviders::Name(at));
        }
        if provider.client_id.is_empty() {
            return Err(InvalidProviders::ClientId(at));
        }
        let reach = Reach::of(&provider.issuer).ok_or(InvalidProviders::Issuer(at))?;
        let issuer = IssuerUrl::new(provider.issuer).map_err(|_| InvalidProviders::Issuer(at))?;
        let scopes = provider.scopes.unwrap_or_else(|| vec!["email".to_owned(), "profile".to_owned()]);
        providers.push(Provider {
            id: provider.id,
            name: provider.name,
            issuer,
            client_id: ClientId::new(provider.client_id),
            client_secret: provider.client_secret.filter(|secret| !secret.is_empty()).map(ClientSecret::new),
            scopes: scopes.into_iter().map(Scope::new).collect(),
            reach,
        });
    }
    Ok(providers)
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read_json(value: Value) -> Result<Vec<Provider>, InvalidProviders> {
        read(Some(&Secret(value.to_string())))
    }

    fn google() -> Value {
        json!({
            "id": "google", "name": "Google", "issuer": "https://accounts.google.com",
            "client_id": "market", "client_secret": "hush"
        })
    }

    #[test]
    fn a_provider_is_read_and_its_secret_is_not_shown() {
        let providers = read_json(json!([google()])).unwrap();
        assert_eq!((providers[0].id.as_str(), providers[0].name.as_str()), ("google", "Google"));
        assert_eq!(providers[0].reach, Reach::Internet);
        assert_eq!(providers[0].scopes, ["email", "profile"].map(|scope| Scope::new(scope.to_owned())));
        assert!(!format!("{providers:?}").contains("hush"));
        assert!(read(None).unwrap().is_empty());
    }

    #[test]
    fn an_unusable_provider_is_named_by_its_place() {
        let with = |name: &str, value: Value| {
            let mut provider = google();
            provider[name] = value;
            read_json(json!([google(), provider])).unwrap_err()
        };
        assert_eq!(with("id", json!("google")), InvalidProviders::Id(1));
        assert_eq!(with("id", json!("a/b")), InvalidProviders::Id(1));
        let other = |name: &str, value: Value| {
            let mut provider = google();
            provider[name] = value;
            read_json(json!([provider])).unwrap_err()
        };
        assert_eq!(other("name", json!("")), InvalidProviders::Name(0));
        assert_eq!(other("issuer", json!("http://accounts.google.com")), InvalidProviders::Issuer(0));
        assert_eq!(other("client_id", json!("")), InvalidProviders::ClientId(0));
        assert!(matches!(other("secret", json!("x")), InvalidProviders::Malformed { .. }));
        let many: Vec<Value> = (0..11)
            .map(|number| {
                json!({"id": format!("p{number}"), "name": "P",
            "issuer": "https://p.example", "client_id": "c"})
            })
            .collect();
        assert_eq!(read_json(json!(many)).unwrap_err(), InvalidProviders::TooMany);
    }
}
