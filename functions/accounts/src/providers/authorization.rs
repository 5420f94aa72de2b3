//! An authorization as it is stored: one round trip to a provider.

use axum::http::HeaderMap;
use domain::{
    account::AUTHORIZATION_LIFETIME,
    values::{AccountId, SessionId},
};
use http_api::ApiError;
use jiff::Timestamp;
use openidconnect::PkceCodeVerifier;
use serde::{Deserialize, Serialize};
use store::{Condition, Key, Transaction, keys};

use super::{
    browser::Browser,
    client::Client,
    refusals::{PROVIDER_UNAVAILABLE, invalid_authorization},
    reply::ProviderReply,
};
use crate::Accounts;

/// The label of an authorization's write. A conflict on it means that the authorization was used.
pub(crate) const AUTHORIZATION: &str = "authorization";

/// The reason for a round trip. Its end must be for the same reason, and by the same account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub(super) enum Purpose {
    /// To sign in, or to open an account.
    SignIn,
    /// To link the account at the provider.
    Link { account_id: AccountId },
    /// To prove who the person of a session is.
    Proof { account_id: AccountId, session_id: SessionId },
}

/// The values that the provider was asked with.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    /// The ID token must repeat it.
    pub(super) nonce: String,
    /// The secret of PKCE (RFC 7636). The provider knows its hash.
    verifier: String,
    /// The address to which the provider sends the browser.
    pub(super) redirect_uri: String,
}

impl Asked {
    /// The secret of PKCE, as the library takes it.
    pub(super) fn pkce_verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.clone())
    }
}

/// A person, as the provider tells.
#[derive(Serialize, Deserialize)]
pub(super) struct Identified {
    /// The hash of the issuer and of the provider's name for the person (`sub`).
    pub(super) subject: String,
    pub(super) email: Option<String>,
    /// Whether the provider vouches for the address.
    pub(super) is_email_verified: bool,
    /// Names of the person, the best first.
    pub(super) names: Vec<String>,
    /// When the person signed in at the provider, if it tells.
    pub(super) signed_in_at: Option<Timestamp>,
}

/// How far a round trip is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The browser is at the provider.
    Begun,
    /// A request exchanges the code.
    Taken,
    /// The person is known, and a code of the second factor is awaited.
    Identified,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Taken => "taken",
            Self::Identified => "identified",
        }
    }

    /// The authorization is at this stage.
    fn condition(self) -> Condition {
        Condition::text("stage", self.name())
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    provider: String,
    purpose: Purpose,
    asked: Asked,
    /// The hash of the browser's secret.
    browser: String,
    stage: Stage,
    identified: Option<Identified>,
    begun_at: Timestamp,
    /// Unix seconds. DynamoDB deletes the item some time after it.
    expires_at: i64,
}

/// Begins a round trip, and returns the address at the provider.
///
/// # Errors
/// 503 `provider_unavailable`, or the store's.
pub(super) async fn begin(
    accounts: &Accounts,
    client: &Client,
    purpose: Purpose,
    redirect_uri: String,
    browser: &Browser,
    now: Timestamp,
) -> Result<String, ApiError> {
    let state = crate::random_text::<32>()?;
    let asked = Asked { nonce: crate::random_text::<32>()?, verifier: crate::random_text::<32>()?, redirect_uri };
    let asks_again = matches!(purpose, Purpose::Proof { .. });
    let url = client.authorization_url(state.clone(), &asked, asks_again, now).await?;
    let stored = Stored {
        provider: client.provider.id.clone(),
        purpose,
        asked,
        browser: browser.hash(),
        stage: Stage::Begun,
        identified: None,
        begun_at: now,
        expires_at: (now + AUTHORIZATION_LIFETIME).as_second(),
    };
    let mut transaction = Transaction::new();
    transaction.put(AUTHORIZATION, key(&state), &stored, Condition::Absent)?;
    accounts.store.commit(transaction).await?;
    Ok(url)
}

fn key(state: &str) -> Key {
    keys::authorization(&crate::hash(state.as_bytes()))
}

/// A round trip that ends with this request: the provider has told who the person is.
pub(super) struct Authorization {
    key: Key,
    stored: Stored,
    pub(super) identified: Identified,
}

impl Authorization {
    /// Takes an authorization and exchanges its code. One of two requests at once is refused.
    ///
    /// # Errors
    /// 422 `invalid_authorization`, 422 `provider_refused`, 503 `provider_unavailable`, or the store's.
    pub(super) async fn take(
        accounts: &Accounts,
        client: &Client,
        reply: &ProviderReply,
        headers: &HeaderMap,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let key = key(reply.state.as_str());
        let stored: Option<Stored> = accounts.store.get(&key).await?;
        let browser = Browser::known(headers).map(|browser| browser.hash());
        let belongs_here = |stored: &Stored| {
            now.as_second() < stored.expires_at
                && stored.provider == client.provider.id
                && stored.purpose == *purpose
                && browser.as_ref() == Some(&stored.browser)
        };
        let mut stored = stored.filter(belongs_here).ok_or_else(invalid_authorization)?;
        match (stored.stage, stored.identified.take()) {
            (Stage::Identified, Some(identified)) => Ok(Self { key, stored, identified }),
            (Stage::Begun, _) => {
                advance(accounts, &key, &mut stored, Stage::Taken).await?;
                let code = reply.authorization_code.as_str();
                let issuer = reply.iss.as_ref().map(|issuer| issuer.as_str());
                let needs_email = *purpose == Purpose::SignIn;
                match client.identify(&stored.asked, (code, issuer), needs_email, now).await {
                    Ok(identified) => Ok(Self { key, stored, identified }),
                    // The same request may come again. The provider tells whether it has taken the code.
                    Err(failure) if failure.code() == PROVIDER_UNAVAILABLE => {
                        advance(accounts, &key, &mut stored, Stage::Begun).await?;
                        Err(failure)
                    }
                    Err(refusal) => Err(refusal),
                }
            }
            _ => Err(invalid_authorization()),
        }
    }

    /// When the round trip began.
    pub(super) fn begun_at(&self) -> Timestamp {
        self.stored.begun_at
    }

    /// Keeps the answer, so that the same request can come again with a code of the second factor. The provider would
    /// not take its own code twice.
    ///
    /// # Errors
    /// 422 `invalid_authorization` if another request used it, or the store's.
    pub(super) async fn keep(mut self, accounts: &Accounts) -> Result<Self, ApiError> {
        if self.stored.stage == Stage::Taken {
            self.stored.identified = Some(self.identified);
            advance(accounts, &self.key, &mut self.stored, Stage::Identified).await?;
            let identified = self.stored.identified.take();
            self.identified = identified.ok_or_else(|| ApiError::internal("the answer was kept a moment ago"))?;
        }
        Ok(self)
    }

    /// Adds the end of the authorization. The commit reports a conflict on [`AUTHORIZATION`] if it was used before.
    pub(super) fn use_up(&self, transaction: &mut Transaction) {
        transaction.delete(AUTHORIZATION, self.key.clone(), self.stored.stage.condition());
    }
}

async fn advance(accounts: &Accounts, key: &Key, stored: &mut Stored, to: Stage) -> Result<(), ApiError> {
    let unchanged = stored.stage.condition();
    stored.stage = to;
    let mut transaction = Transaction::new();
    transaction.put(AUTHORIZATION, key.clone(), stored, unchanged)?;
    match accounts.store.commit(transaction).await {
        Err(lost) if lost.is_conflict_on(AUTHORIZATION) => Err(invalid_authorization()),
        committed => Ok(committed?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_stored_under_its_name() {
        for stage in [Stage::Begun, Stage::Taken, Stage::Identified] {
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.name());
        }
    }
}
