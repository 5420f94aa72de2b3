//! Signing in, and opening an account, with a provider.

use audit::{Act, Entry};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    account::{Account, Role, name_of_newcomer},
    values::{AccountId, Email},
};
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, Origin, operation::Body, operation::Problems};
use jiff::Timestamp;
use runtime::{clock, entropy};
use store::Transaction;

use super::{
    authorization::{Authorization, Purpose},
    identity::{self, Identities},
    refusals::{Newcomer, Returning, account_exists, email_not_verified},
    reply::ProviderReply,
};
use crate::{
    Accounts,
    password::NOBODYS,
    registration::save_account,
    second_factor::{InvalidCode, Standing, try_code},
    sessions::{self, Client, Proof, SecondFactorRequired, SessionBody, second_factor_required},
};

/// The factor of a sign-in with a provider, as the audit trail names it.
pub(super) const PROVIDER: &str = "provider";

/// The factors of a provider and a code. There were `codes_before` recovery codes before it.
pub(super) fn factors_with(spent: &Standing, codes_before: usize) -> &'static str {
    if spent.recovery_codes_left() < codes_before { "provider+recovery_code" } else { "provider+totp" }
}

/// Sign in with a provider
///
/// The first sign-in opens an account, if the provider vouches for an e-mail address that has none. An account with
/// this address is never taken over: its owner signs in otherwise and links the provider.
///
/// If the account has a second factor, the first request answers `second_factor_required`. Repeat it with `code`.
#[utoipa::path(
    post,
    path = "/sessions/providers/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    request_body = ProviderReply,
    responses(
        (status = OK, description = "Signed in.", body = SessionBody),
        Problems<(Body, Returning, Newcomer, SecondFactorRequired, InvalidCode)>,
    )
)]
pub(crate) async fn sign_in_with(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    origin: Origin,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let reply: ProviderReply = body.read()?;
    let now = clock::now();
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    let client = accounts.providers.get(&id)?;
    let mut authorization = Authorization::take(&accounts, client, &reply, &headers, &Purpose::SignIn, now).await?;
    let (mut transaction, mut acts) = (Transaction::new(), Vec::new());
    let proof = match identity::owner(&accounts, &id, &authorization.identified).await? {
        None => {
            let proof = open_account(&accounts, &mut transaction, &id, &authorization, now).await?;
            acts = vec![
                Entry::of(proof.account_id, Act::Registered, &origin, now),
                Entry::of(proof.account_id, Act::ProviderLinked, &origin, now).about(&id),
            ];
            proof
        }
        Some(account_id) => {
            let who = account_id.to_string();
            let who = caller.account(&who);
            let standing = Standing::read(&accounts, account_id).await?;
            let (role, second_factor) = (standing.role, standing.has_second_factor());
            let mut factors = PROVIDER;
            if second_factor {
                authorization = authorization.keep(&accounts).await?;
                let code = reply.code.as_ref().ok_or_else(second_factor_required)?;
                let codes_before = standing.recovery_codes_left();
                let spent = try_code(&accounts, (account_id, standing), code, who, now).await?;
                factors = factors_with(&spent, codes_before);
                spent.save(&mut transaction, account_id)?;
            }
            identity::still_belongs(&mut transaction, &id, &authorization.identified, account_id);
            Proof { account_id, role, second_factor, factors }
        }
    };
    authorization.use_up(&mut transaction);
    // The new token replaces this one in the browser, so nobody could use or end its session any more.
    if reply.cookie
        && let Some(token) = sessions::session_of_cookie(&accounts, &headers).await?
    {
        sessions::end(&mut transaction, token.account_id, token.session_id);
    }
    let client = (Client::of(&headers, &caller), &origin);
    let (body, token) = sessions::open_after(&accounts, transaction, acts, proof, client, now).await?;
    Ok(sessions::answer(body, &token, reply.cookie))
}

/// Adds the writes that open an account for a newcomer. It has no password until its owner chooses one.
async fn open_account(
    accounts: &Accounts,
    transaction: &mut Transaction,
    provider: &str,
    authorization: &Authorization,
    now: Timestamp,
) -> Result<Proof, ApiError> {
    let identified = &authorization.identified;
    let vouched = identified.email.as_deref().filter(|_| identified.is_email_verified);
    let email: Email = vouched.and_then(|email| email.parse().ok()).ok_or_else(email_not_verified)?;
    if sessions::login_of(accounts, &email).await?.is_some() {
        return Err(account_exists());
    }
    let display_name = name_of_newcomer(identified.names.iter().map(String::as_str));
    let account = Account { id: AccountId::new(entropy::ulid(now)?), display_name, created_at: now, erased_at: None };
    save_account(transaction, &account, &email, NOBODYS.to_owned())?;
    Identities::default().link(transaction, account.id, provider, identified, now)?;
    Ok(Proof { account_id: account.id, role: Role::default(), second_factor: false, factors: PROVIDER })
}
