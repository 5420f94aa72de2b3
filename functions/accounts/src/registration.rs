//! Opening an account.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    account::{Account, check_new_name},
    validation::{Field, FromJson, Object},
    values::{AccountId, DisplayName, Email},
};
use http_api::limits::{Action, Caller};
use http_api::{
    ApiError, Code, JsonBody, Origin, idempotency::IdempotencyHeader, idempotency::Reply, idempotency::Request,
    idempotency::Sender, idempotency::Ticket, idempotency::once, operation::Body, operation::Idempotent,
    operation::ProblemSet, operation::Problems,
};
use jiff::Timestamp;
use runtime::{clock, entropy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Condition, StoreError, Transaction, keys};
use utoipa::ToSchema;

use crate::{
    Accounts,
    letters::{language, send},
    password::{NOBODYS, Password, strength},
    permit::{CONFIRMABLE, Permit},
    sessions,
};
use mail::LetterKind;

/// The label of a login's write.
pub(crate) const LOGIN: &str = "login";

/// The label of the write that reserves an address for one account.
pub(crate) const EMAIL: &str = "e-mail address";

/// A registration.
#[derive(Debug, ToSchema)]
#[schema(as = RegistrationInput, example = json!({
    "email": "mina@example.com",
    "password": "열려라 참깨 2026",
    "display_name": "김민아"
}))]
pub(crate) struct Registration {
    /// The address to sign in with. All spellings of an address belong to one account.
    email: Email,
    /// 8 to 128 characters of any kind, and not easily guessed.
    password: Password,
    /// The name to show to others. Any text that is not blank and does not look like a name of the market's own.
    display_name: DisplayName,
}

impl FromJson for Registration {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let email = body.required("email");
        let password = body.required("password");
        let display_name = body.required("display_name");
        if let Some(Err(refusal)) = display_name.as_ref().map(check_new_name) {
            body.refuse("display_name", refusal);
        }
        if let Some(password) = &password
            && let Err(refusal) = strength::check(password, email.as_ref(), display_name.as_ref())
        {
            body.refuse("password", refusal);
            return None;
        }
        Some(Self { email: email?, password: password?, display_name: display_name? })
    }
}

/// An account, as its owner reads it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account, example = json!({
    "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "email": "mina@example.com",
    "display_name": "김민아",
    "created_at": "2026-11-01T09:00:00Z"
}))]
pub(crate) struct AccountBody {
    /// The account.
    id: AccountId,
    /// The address as it was sent.
    email: Email,
    /// The name shown to others.
    display_name: DisplayName,
    /// The time of registration.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the account is erased. Absent unless it is closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    erased_at: Option<Timestamp>,
}

impl AccountBody {
    /// The account with its address.
    pub(crate) fn new(account: Account, email: Email) -> Self {
        let Account { id, display_name, created_at, erased_at } = account;
        Self { id, email, display_name, created_at, erased_at }
    }

    /// The account.
    pub(crate) fn id(&self) -> AccountId {
        self.id
    }
}

/// An address's login, in the credentials table.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) account_id: AccountId,
    /// A PHC string.
    pub(crate) password_hash: String,
}

impl Login {
    /// Whether a password signs in. An account that a provider opened has none until its owner chooses one.
    pub(crate) fn has_password(&self) -> bool {
        self.password_hash != NOBODYS
    }
}

/// An account's address, in the credentials table.
#[derive(Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) email: Email,
}

const EMAIL_TAKEN: Code = Code::new(StatusCode::CONFLICT, "email_taken", "This e-mail address has an account");

/// The address belongs to another account.
pub(crate) struct EmailTaken;

impl ProblemSet for EmailTaken {
    fn codes() -> Vec<Code> {
        vec![EMAIL_TAKEN]
    }
}

/// Open an account
///
/// Then sign in with `POST /sessions`. A deployed market answers 202, whether the address has an account or not, and
/// opens the account when its owner follows the link in a letter to the address.
#[utoipa::path(
    post,
    path = "/accounts",
    tag = "accounts",
    params(IdempotencyHeader),
    request_body = Registration,
    responses(
        (status = CREATED, description = "The account is open.", body = AccountBody,
            headers(("Location" = String, description = "The path of the account."))),
        (status = ACCEPTED, description = "A letter to the address is on its way."),
        Problems<(Body, Idempotent, EmailTaken)>,
    )
)]
pub(crate) async fn register(
    State(accounts): State<Accounts>,
    IdempotencyHeader(key): IdempotencyHeader,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let now = clock::now();
    // Judging a password takes time, so the limit comes first.
    accounts.limits.take(Action::Register, caller.anonymous(), now).await?;
    let registration = body.read::<Registration>()?;
    let sender = Sender::Anonymous(caller.address());
    let request = Request { sender, route: "POST /accounts", key: key.as_ref(), body: body.value() };
    if accounts.registration_by_mail {
        let open = async |ticket| {
            accounts.limits.take(Action::Reset, caller.account(&registration.email.key()), now).await?;
            open_by_mail(&accounts, registration, &headers, ticket, now).await
        };
        return once(&accounts.store, request, now, open).await;
    }
    once(&accounts.store, request, now, |ticket| open(&accounts, registration, ticket, &origin, now)).await
}

/// Sends a letter to the address, whether it has an account or not, and writes as much in both cases.
async fn open_by_mail(
    accounts: &Accounts,
    Registration { email, password, display_name }: Registration,
    headers: &HeaderMap,
    ticket: Ticket,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let password_hash = accounts.passwords.hash(&password).map_err(ApiError::internal)?;
    let is_taken = sessions::login_of(accounts, &email).await?.is_some();
    let mut transaction = Transaction::new();
    let permit = match is_taken {
        true => Permit::Nothing,
        false => Permit::OpenAccount { email: email.clone(), password_hash, display_name },
    };
    let token = permit.issue(&mut transaction, CONFIRMABLE, now)?;
    let kind = if is_taken { LetterKind::AddressHasAccount } else { LetterKind::ConfirmEmail { token } };
    send(&mut transaction, email, language(headers), kind, now)?;
    let reply = Reply::empty(StatusCode::ACCEPTED);
    ticket.complete(&mut transaction, &reply)?;
    accounts.store.commit(transaction).await?;
    Ok(reply)
}

async fn open(
    accounts: &Accounts,
    Registration { email, password, display_name }: Registration,
    ticket: Ticket,
    origin: &Origin,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    // Nothing writes these keys any more, so no race can occur between this read and the commit.
    if let Some(legacy) = email.legacy_key()
        && accounts.store.get::<Login>(&keys::email(&legacy)).await?.is_some()
    {
        return Err(email_taken());
    }
    let account = Account { id: AccountId::new(entropy::ulid(now)?), display_name, created_at: now, erased_at: None };
    let password_hash = accounts.passwords.hash(&password).map_err(ApiError::internal)?;

    let mut transaction = Transaction::new();
    save_account(&mut transaction, &account, &email, password_hash)?;
    let registered = Entry::of(account.id, Act::Registered, origin, now);
    let reply = Reply::json(StatusCode::CREATED, &AccountBody::new(account, email))?
        .with_header(header::LOCATION, &HeaderValue::from_static("/accounts/me"));
    ticket.complete(&mut transaction, &reply)?;

    match audit::commit(&accounts.store, transaction, &[registered]).await {
        Ok(()) => Ok(reply),
        Err(lost) if lost.is_conflict_on(EMAIL) => Err(email_taken()),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn email_taken() -> ApiError {
    ApiError::new(EMAIL_TAKEN, "Sign in with this address, or register another one.")
}

/// Adds a new account with its login and address. If another account has the address, the commit reports a conflict on
/// [`EMAIL`].
pub(crate) fn save_account(
    transaction: &mut Transaction,
    account: &Account,
    email: &Email,
    password_hash: String,
) -> Result<(), StoreError> {
    let login = Login { account_id: account.id, password_hash };
    let address = Address { email: email.clone() };
    transaction.put(EMAIL, keys::email(&email.key()), &login, Condition::Absent)?;
    transaction.put("account's address", keys::account_email(account.id), &address, Condition::Absent)?;
    transaction.open_account(account)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::validation::{Rule, Violations, read};
    use serde_json::json;

    use super::*;

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read::<Registration>(&body).err().map(Violations::into_vec).unwrap_or_default();
        violations.into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        assert_eq!(
            wrong(json!({"email": "nobody", "password": "short", "display_name": " "})),
            [
                ("/email".to_owned(), Rule::InvalidEmail),
                ("/password".to_owned(), Rule::TooShort),
                ("/display_name".to_owned(), Rule::Blank),
            ]
        );
        assert_eq!(
            wrong(json!({"password": 12345678, "display_name": null})),
            [
                ("/email".to_owned(), Rule::Required),
                ("/password".to_owned(), Rule::WrongType),
                ("/display_name".to_owned(), Rule::Required),
            ]
        );
    }

    #[test]
    fn text_is_stored_as_it_is_sent() {
        let body = json!({"email": "Mina@Example.com", "password": "열려라 참깨 2026", "display_name": " 김민아 🦀 "});
        let registration = read::<Registration>(&body).unwrap();
        assert_eq!(registration.display_name.as_str(), " 김민아 🦀 ");
        assert_eq!(registration.email.as_str(), "Mina@Example.com");
    }
}
