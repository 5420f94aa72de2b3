//! A proof of identity by a sign-in at a provider, for accounts without a password.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use domain::account::is_fresh_sign_in;
use http_api::limits::{Action, Caller};
use http_api::{ApiError, JsonBody, Origin, SignedIn, operation::Body, operation::Problems, operation::SignIn};
use runtime::clock;
use store::Transaction;

use super::{
    authorization::{Authorization, Purpose},
    identity,
    refusals::{Returning, not_fresh, not_linked},
    reply::ProviderReply,
    sign_in::{PROVIDER, factors_with},
};
use crate::{
    Accounts,
    second_factor::{InvalidCode, Standing, try_code},
    sessions::{self, Client, Proof, SecondFactorRequired, SessionBody, second_factor_required},
};

/// Prove who I am with a provider
///
/// It counts as `POST /sessions/current/proof`, and its answer is the same. Begin with
/// `POST /accounts/me/identities/{id}/authorizations` and `"purpose": "proof"`. The provider asks for a new sign-in; a
/// provider that does not tell its time proves nothing.
#[utoipa::path(
    post,
    path = "/sessions/current/proof/providers/{id}",
    tag = "accounts",
    params(("id" = String, Path, description = "The provider.", example = "google")),
    request_body = ProviderReply,
    responses(
        (status = OK, description = "The proof counts for ten minutes.", body = SessionBody),
        Problems<(SignIn, Body, Returning, SecondFactorRequired, InvalidCode)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn prove_identity_with(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
    SignedIn { account_id, session_id, .. }: SignedIn,
    caller: Caller,
    headers: HeaderMap,
    origin: Origin,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let reply: ProviderReply = body.read()?;
    let now = clock::now();
    let who = account_id.to_string();
    let who = caller.account(&who);
    accounts.limits.take(Action::SignIn, caller.anonymous(), now).await?;
    let client = accounts.providers.get(&id)?;
    let purpose = Purpose::Proof { account_id, session_id };
    let mut authorization = Authorization::take(&accounts, client, &reply, &headers, &purpose, now).await?;
    if identity::owner(&accounts, &id, &authorization.identified).await? != Some(account_id) {
        return Err(not_linked());
    }
    if !is_fresh_sign_in(authorization.identified.signed_in_at, authorization.begun_at(), now) {
        return Err(not_fresh());
    }
    let mut transaction = Transaction::new();
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
    authorization.use_up(&mut transaction);
    let proof = Proof { account_id, role, second_factor, factors };
    let client = (Client::of(&headers, &caller), &origin);
    let (body, token) = sessions::replace(&accounts, transaction, proof, session_id, client, now).await?;
    Ok(sessions::answer(body, &token, reply.cookie))
}
