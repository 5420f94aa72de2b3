//! Reading somebody else's account, for the support.

use audit::Act;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    account::Role,
    values::{AccountId, DisplayName, Email},
};
use http_api::{
    ApiError, Origin, SignedIn, json, operation::Existing, operation::Problems, operation::SignIn, operation::Staff,
};
use jiff::Timestamp;
use runtime::clock;
use serde::Serialize;
use store::{Transaction, keys};
use utoipa::ToSchema;

use super::{entry, existing, lock::Lock};
use crate::{Accounts, registration::Address, second_factor::Standing, sessions};

/// An account, as the support reads it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountForStaff, example = json!({
    "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
    "display_name": "김민아",
    "email": "m•••@example.com",
    "created_at": "2026-11-01T09:00:00Z",
    "role": "member",
    "is_locked": false,
    "has_second_factor": true,
    "sessions": 2
}))]
pub(crate) struct AccountForStaffBody {
    /// The account.
    id: AccountId,
    /// The name shown to others.
    display_name: DisplayName,
    /// The address, with all but the first character and the domain hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The time of registration.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The role.
    role: Role,
    /// Whether the support locked it.
    is_locked: bool,
    /// Whether signing in takes a code.
    has_second_factor: bool,
    /// The number of devices that are signed in.
    sessions: usize,
}

/// Read an account
///
/// For the market's support. The reading is recorded in the account's trail. It needs a session with a second factor.
#[utoipa::path(
    get,
    path = "/accounts/{id}",
    tag = "staff",
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = OK, description = "The account.", body = AccountForStaffBody),
        Problems<(SignIn, Staff, Existing)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn get_account(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let account = existing(&accounts, &id).await?;
    let now = clock::now();
    let entry = entry(&signed_in, account.id, Act::AccountRead, &origin, now);
    // Recorded first: nothing is shown without its row.
    audit::commit(&accounts.store, Transaction::new(), &[entry]).await?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account.id)).await?;
    let lock: Option<Lock> = accounts.store.get(&keys::lock(account.id)).await?;
    let standing = Standing::read(&accounts, account.id).await?;
    let devices = sessions::devices(&accounts, account.id).await?;
    let live = devices.iter().filter(|(_, device)| now.as_second() < device.expires_at);
    let body = AccountForStaffBody {
        id: account.id,
        display_name: account.display_name,
        email: address.map(|address| masked(&address.email)),
        created_at: account.created_at,
        role: standing.role,
        is_locked: lock.is_some(),
        has_second_factor: standing.has_second_factor(),
        sessions: live.count(),
    };
    Ok(crate::not_stored(json(StatusCode::OK, &body)))
}

fn masked(email: &Email) -> String {
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or_default();
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_its_first_character_and_its_domain() {
        for (address, shown) in
            [("mina@example.com", "m•••@example.com"), ("김@münchen.example", "김•••@münchen.example")]
        {
            assert_eq!(masked(&address.parse().unwrap()), shown);
        }
    }
}
