//! Everything that the market keeps about one's own account, as one JSON document.
//!
//! A capability adds its part as a field of [`ExportBody`]. The document never holds a secret: of a second factor it
//! says that there is one, and of a session where it was opened. Letters are left out, because they are sent within
//! moments and this function may not read the outbox.

use audit::{Act, Entry};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    account::{PersonalData, Role},
    freelancer::{Freelancer, TrackRecord, WorkHistory},
    page::Limit,
    project::Project,
    values::{AccountId, SessionId},
};
use http_api::{
    ApiError, Origin, Query, SignedIn, bytes_in_reply, json,
    limits::{Action, Caller},
    operation::{Limited, Paged, Problems, SignIn},
    pagination::{ListId, Paging},
};
use jiff::Timestamp;
use runtime::clock;
use serde::Serialize;
use store::{Listed, PageOf, Transaction, keys};
use ulid::Ulid;
use utoipa::ToSchema;

use crate::{
    Accounts,
    passkeys::{self, PasskeyBody},
    personal_data,
    proof::{Fresh, require_fresh},
    providers::{self, IdentityBody},
    registration::{AccountBody, Address},
    second_factor::{SecondFactorExport, Standing},
    sessions,
};

/// The most bytes of the projects of one part in Lambda's reply, which takes 6 MB.
const MOST_PROJECT_BYTES: usize = 3_000_000;
/// The name of the file that a browser keeps.
const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"pairwork-account.json\"");

/// Everything that the market keeps about an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountExport)]
pub(crate) struct ExportBody {
    /// The time of this export.
    #[schema(value_type = String, format = DateTime)]
    exported_at: Timestamp,
    /// The account.
    account: AccountBody,
    /// The role of the account in the market.
    #[schema(value_type = String, example = "member")]
    role: Role,
    /// The devices that are signed in.
    sessions: Vec<SessionExport>,
    /// The second factor without its secrets; null if there is none.
    #[schema(required)]
    second_factor: Option<SecondFactorExport>,
    /// The passkeys without their keys.
    passkeys: Vec<PasskeyBody>,
    /// The accounts at providers that the account signs in with.
    identities: Vec<IdentityBody>,
    /// Legal name, phone and payout account, as they were given.
    personal_data: PersonalData,
    /// The freelancer profile with its numbers and its past; null if there is none.
    #[schema(required)]
    freelancer: Option<FreelancerExport>,
    /// The projects, open or closed, newest first, as they are stored.
    #[schema(value_type = Vec<Object>)]
    projects: Vec<Project>,
    /// The `cursor` of the next part, which holds further projects; null if this is the last part.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionExport {
    /// The session.
    id: SessionId,
    /// The `User-Agent` of the sign-in.
    #[schema(required)]
    device: Option<String>,
    /// The IP address of the sign-in.
    #[schema(required)]
    place: Option<String>,
    /// The time of the sign-in.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The time of its last refresh.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
}

/// A freelancer, as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreelancerExport {
    /// The profile, with its times.
    #[schema(value_type = Object)]
    profile: Freelancer,
    /// The numbers of the past.
    #[schema(value_type = Object)]
    track_record: TrackRecord,
    /// The rest of the past, by which projects are matched.
    #[schema(value_type = Object)]
    work_history: WorkHistory,
}

impl From<(Freelancer, WorkHistory)> for FreelancerExport {
    fn from((profile, work_history): (Freelancer, WorkHistory)) -> Self {
        Self { track_record: profile.track_record.clone(), profile, work_history }
    }
}

/// Download my data
///
/// Everything that the market keeps about the account, without secrets. The answer holds at most 100 projects, and
/// fewer if their texts are long. `next_cursor` then leads to the next part. It needs a recent proof of identity.
#[utoipa::path(
    get,
    path = "/accounts/me/export",
    tag = "accounts",
    params(Paging<100>),
    responses(
        (status = OK, description = "The data of the account.", body = ExportBody,
            headers(("Content-Disposition" = String, description = "The name of a file to keep it in."))),
        Problems<(SignIn, Fresh, Paged, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn export_my_account(
    State(accounts): State<Accounts>,
    signed_in: SignedIn,
    caller: Caller,
    origin: Origin,
    Query(paging): Query<Paging<100>>,
) -> Result<Response, ApiError> {
    let (now, account_id) = (clock::now(), signed_in.account_id);
    require_fresh(&accounts, &signed_in, now).await?;
    accounts.limits.take(Action::Write, caller.account(&account_id.to_string()), now).await?;
    let gone = || ApiError::unauthorized("The account of this access token does not exist any more.");
    let account = accounts.store.account(account_id).await?.ok_or_else(gone)?;
    let address: Option<Address> = accounts.store.get(&keys::account_email(account_id)).await?;
    let standing = Standing::read(&accounts, account_id).await?;
    let (projects, next_cursor) = projects(&accounts, account_id, &paging, now).await?;
    let exported = Entry::of(account_id, Act::DataExported, &origin, now).in_session(signed_in.session_id);
    audit::commit(&accounts.store, Transaction::new(), &[exported]).await?;
    let body = ExportBody {
        exported_at: now,
        account: AccountBody::new(account, address.ok_or_else(gone)?.email),
        role: standing.role,
        sessions: exported_sessions(&accounts, account_id).await?,
        second_factor: standing.exported(),
        passkeys: passkeys::exported(&accounts, account_id).await?,
        identities: providers::exported(&accounts, account_id).await?,
        personal_data: personal_data::exported(&accounts, account_id).await?,
        freelancer: accounts.store.talent(account_id).await?.map(FreelancerExport::from),
        projects,
        next_cursor,
    };
    let mut response = crate::not_stored(json(StatusCode::OK, &body));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, FILE);
    Ok(response)
}

async fn exported_sessions(accounts: &Accounts, account_id: AccountId) -> Result<Vec<SessionExport>, ApiError> {
    let devices = sessions::devices(accounts, account_id).await?;
    let exported = devices.into_iter().map(|(id, device)| SessionExport {
        id,
        device: device.client.user_agent,
        place: device.client.address,
        created_at: device.created_at,
        last_used_at: device.last_used_at,
    });
    Ok(exported.collect())
}

/// The projects of one part, and the cursor of the next.
async fn projects(
    accounts: &Accounts,
    account_id: AccountId,
    paging: &Paging<100>,
    now: Timestamp,
) -> Result<(Vec<Project>, Option<String>), ApiError> {
    let list = ListId::new("export", &[Some(&account_id.to_string())]);
    let after: Option<u128> = paging.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let limit: Limit = paging.limit.0;
    let page = PageOf { after: after.map(Ulid), limit };
    let Listed { mut items, mut next_after } = accounts.store.list_projects_of(account_id, page, now).await?;
    let fitting = fitting(&items)?;
    if fitting < items.len() {
        items.truncate(fitting);
        next_after = items.last().map(|project| project.id.ulid());
    }
    Ok((items, next_after.map(|after| list.cursor(&after.0)).transpose()?))
}

/// How many of these fit into one part: at least one, so that every part leads on.
fn fitting<T: Serialize>(items: &[T]) -> Result<usize, ApiError> {
    let mut bytes = 0;
    for (place, item) in items.iter().enumerate() {
        bytes += bytes_in_reply(&serde_json::to_vec(item).map_err(ApiError::internal)?);
        if bytes > MOST_PROJECT_BYTES && place > 0 {
            return Ok(place);
        }
    }
    Ok(items.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_where_a_reply_would_be_too_large() {
        // As JSON in a reply, each of these characters takes seven bytes, and the quotes take four.
        let text = "\u{1}".repeat(10_000);
        assert_eq!(fitting(&vec![text.clone(); 100]).unwrap(), MOST_PROJECT_BYTES / 70_004);
        assert_eq!(fitting(&["\u{1}".repeat(1_000_000)]).unwrap(), 1, "one always fits");
        assert_eq!(fitting(&[text]).unwrap(), 1);
        assert_eq!(fitting::<u8>(&[]).unwrap(), 0);
    }
}
