//! The legal name, the phone number and the payout account of one's own account.

mod stored;

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    account::{PersonalData, PersonalDataInput},
    validation::{Refusal, Rule, Violations},
    values::AccountId,
};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, JsonBody, Origin, ReadCondition, SignedIn, WriteConditions, etag, json, operation::Body,
    operation::Conditional, operation::Problems, operation::SignIn,
};
use runtime::clock;
use store::Transaction;

use self::stored::{PERSONAL_DATA, Stored};
use crate::{
    Accounts,
    proof::{Fresh, require_fresh},
};

/// Read my personal data
///
/// Every part may be absent. Of the payout account, only the last four characters are shown.
#[utoipa::path(
    get,
    path = "/accounts/me/personal-data",
    tag = "accounts",
    params(ReadCondition),
    responses(
        (status = OK, description = "The personal data of the account.", body = PersonalData,
            headers(("ETag" = String, description = "The version read."))),
        (status = NOT_MODIFIED, description = "The client has this version."),
        Problems<(SignIn,)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_my_personal_data(
    State(accounts): State<Accounts>,
    SignedIn { account_id, .. }: SignedIn,
    condition: ReadCondition,
) -> Result<Response, ApiError> {
    let stored = Stored::read(&accounts.store, account_id).await?;
    let version = version_of(stored.as_ref());
    if condition.has(version) {
        return Ok(answer(StatusCode::NOT_MODIFIED.into_response(), version));
    }
    let data = open(&accounts, account_id, stored.as_ref()).await?;
    Ok(answer(json(StatusCode::OK, &data.masked()), version))
}

/// Save my personal data
///
/// It replaces all of them. The masked payout account that was read keeps the stored one. It needs a recent proof of
/// identity.
#[utoipa::path(
    put,
    path = "/accounts/me/personal-data",
    tag = "accounts",
    params(WriteConditions),
    request_body = PersonalDataInput,
    responses(
        (status = OK, description = "The personal data are replaced.", body = PersonalData,
            headers(("ETag" = String, description = "The version written."))),
        Problems<(SignIn, Fresh, Body, Conditional)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn put_my_personal_data(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    conditions: WriteConditions,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    require_fresh(&accounts, &signed_in, now).await?;
    let sent: PersonalData = body.read()?;
    let SignedIn { account_id, session_id, .. } = signed_in;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let before = Stored::read(&accounts.store, account_id).await?;
    let version = version_of(before.as_ref());
    conditions.check(Some(version))?;
    let known = open(&accounts, account_id, before.as_ref()).await?;
    let data = sent.unmasked_by(&known).ok_or_else(another_account)?;
    let stored = Stored::seal(&accounts.sealer, account_id, &data, version + 1).await?;
    let mut transaction = Transaction::new();
    stored.save(&mut transaction, account_id, version)?;
    let entry = Entry::of(account_id, Act::PersonalDataChanged, &origin, now).in_session(session_id);
    match audit::commit(&accounts.store, transaction, &[entry]).await {
        Err(lost) if lost.is_conflict_on(PERSONAL_DATA) => {
            return Err(ApiError::conflict("Another request changed the personal data. Read them again."));
        }
        committed => committed?,
    }
    Ok(answer(json(StatusCode::OK, &data.masked()), stored.version))
}

/// The version of the stored data; 0 if nothing was stored yet.
fn version_of(stored: Option<&Stored>) -> u64 {
    stored.map_or(0, |stored| stored.version)
}

/// The personal data of an account, whole.
///
/// # Errors
/// The store's or those of the key service.
pub(crate) async fn exported(accounts: &Accounts, account_id: AccountId) -> Result<PersonalData, ApiError> {
    open(accounts, account_id, Stored::read(&accounts.store, account_id).await?.as_ref()).await
}

async fn open(accounts: &Accounts, account_id: AccountId, stored: Option<&Stored>) -> Result<PersonalData, ApiError> {
    match stored {
        Some(stored) => stored.open(&accounts.sealer, account_id).await,
        None => Ok(PersonalData::default()),
    }
}

/// 422: the masked number is not that of the stored account.
fn another_account() -> ApiError {
    let mut violations = Violations::none();
    let refusal = Refusal::new(Rule::InvalidBankAccount, "hides a part of a number that is not the stored one");
    violations.root().member("payout_account").refuse(refusal);
    ApiError::from(violations)
}

fn answer(mut response: Response, version: u64) -> Response {
    response.headers_mut().insert(header::ETAG, etag(version));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
