//! Every key of the tables. No other module spells a key, except for those of `pool`.
//!
//! [`PATTERNS`] is the table of them. `market` has a stream and backups, one function may read `credentials` and write
//! `trust`, items of `live`, `outbox` and `trust` expire at `expires_at` (Unix seconds), and `pool` is derived from
//! `market`.
//!
//! Categories and skills appear as their keys (`domain::values::TagKey`). `%` and `#` are escaped, so that no value can
//! imitate another list. A key that is too long is hashed.

mod patterns;

use std::{borrow::Cow, fmt::Display};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::values::{AccountId, InvalidId};
use sha2::{Digest, Sha256};

pub use patterns::{KeyPattern, PATTERNS};

/// The tables, divided by the lifecycle of their items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// The market's records; streamed and backed up.
    Market,
    /// Records that expire.
    Live,
    /// Password hashes, private signing keys, the secrets of sessions.
    Credentials,
    /// Accounts, public signing keys and live sessions. Every function may read it, and only `accounts` writes it.
    Trust,
    /// Data derived from the market for matching.
    Pool,
    /// Letters to send. `notify` reads the stream of this table, and each letter expires after a day.
    Outbox,
    /// The audit trails. Rows are only added: no role may change or delete one.
    Audit,
}

impl Table {
    /// The name, as people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Live => "live",
            Self::Credentials => "credentials",
            Self::Trust => "trust",
            Self::Pool => "pool",
            Self::Outbox => "outbox",
            Self::Audit => "audit",
        }
    }
}

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub(crate) table: Table,
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    /// The item of a table with this partition key and sort key.
    pub fn new(table: Table, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { table, pk: pk.into(), sk: sk.into() }
    }

    /// The table.
    pub fn table(&self) -> Table {
        self.table
    }
}

/// A partition: many items that are read together, ordered by sort key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partition {
    pub(crate) table: Table,
    pub(crate) pk: String,
}

impl Partition {
    /// The items of a table with this partition key.
    pub fn new(table: Table, pk: impl Into<String>) -> Self {
        Self { table, pk: pk.into() }
    }

    /// The item of this partition with the sort key `sk`.
    pub fn item(&self, sk: impl Into<String>) -> Key {
        Key::new(self.table, self.pk.clone(), sk)
    }
}

/// The public part of an account.
pub fn account(account_id: impl Display) -> Key {
    Key::new(Table::Trust, format!("ACCOUNT#{account_id}"), "ACCOUNT")
}

/// The public part of an account, as versions up to 0.1 kept it.
pub(crate) fn legacy_account(account_id: impl Display) -> Key {
    Key { table: Table::Market, ..account(account_id) }
}

/// The freelancer of an account. They share one id.
pub fn freelancer(account_id: impl Display) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), "FREELANCER")
}

/// The numbers of a freelancer's past: the track record.
pub fn track_record(account_id: impl Display) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), "TRACK_RECORD")
}

/// A freelancer's past work, for matching.
pub fn work_history(account_id: impl Display) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), "WORK_HISTORY")
}

/// The event of the given version of a track record.
pub fn track_record_event(account_id: impl Display, version: u64) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), format!("TRACK_RECORD_EVENT#{version:010}"))
}

/// The event of the given version of a freelancer's profile.
pub fn freelancer_event(account_id: impl Display, version: u64) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), format!("FREELANCER_EVENT#{version:010}"))
}

/// The number of open projects that an account owns.
pub fn open_projects(account_id: impl Display) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), "OPEN_PROJECTS")
}

/// The beginning of the sort keys of [`deleted_project`].
pub(crate) const DELETED_PROJECT: &str = "DELETED_PROJECT#";

/// The note that an account deleted a project. The erasure of the account finds the project's events by it.
pub fn deleted_project(account_id: impl Display, project_id: impl Display) -> Key {
    Key::new(Table::Market, format!("ACCOUNT#{account_id}"), format!("{DELETED_PROJECT}{project_id}"))
}

/// A project.
pub fn project(project_id: impl Display) -> Key {
    Key::new(Table::Market, format!("PROJECT#{project_id}"), "PROJECT")
}

/// The event of the given version of a project.
pub fn project_event(project_id: impl Display, version: u64) -> Key {
    Key::new(Table::Market, format!("PROJECT#{project_id}"), format!("EVENT#{version:010}"))
}

/// A kind of record that is listed and matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collection {
    /// Freelancers, by account id.
    Freelancers,
    /// Projects, by project id.
    Projects,
}

impl Collection {
    /// The name in keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Freelancers => "freelancers",
            Self::Projects => "projects",
        }
    }
}

/// An item of `market` that determines a row of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// A freelancer's profile.
    Profile(AccountId),
    /// The numbers of a freelancer's past. The work history is written together with them.
    TrackRecord(AccountId),
    /// A project.
    Project,
}

impl Matched {
    /// The item at a key; `None` for any other item, such as events and list entries.
    ///
    /// # Errors
    /// A freelancer's item at a key without an account.
    pub fn at(pk: &str, sk: &str) -> Result<Option<Self>, InvalidId> {
        let account = || pk.trim_start_matches("ACCOUNT#").parse();
        Ok(match sk {
            "FREELANCER" => Some(Self::Profile(account()?)),
            "TRACK_RECORD" => Some(Self::TrackRecord(account()?)),
            "PROJECT" => Some(Self::Project),
            _ => None,
        })
    }
}

/// The part of a collection that a list holds. Categories and skills are given by their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Facet<'a> {
    /// Everything.
    All,
    /// One category.
    Category(&'a str),
    /// One skill.
    Skill(&'a str),
    /// One skill within one category.
    CategoryAndSkill(&'a str, &'a str),
    /// The records that one account owns.
    Owner(&'a str),
}

/// The list of a collection's ids under a facet. Its sort keys are the ids.
pub fn list(collection: Collection, facet: Facet<'_>) -> Partition {
    let collection = collection.name();
    let pk = match facet {
        Facet::All => format!("LIST#{collection}"),
        Facet::Category(category) => format!("LIST#{collection}#category#{}", segment(category)),
        Facet::Skill(skill) => format!("LIST#{collection}#skill#{}", segment(skill)),
        Facet::CategoryAndSkill(category, skill) => {
            format!("LIST#{collection}#category#{}#skill#{}", segment(category), segment(skill))
        }
        Facet::Owner(account_id) => format!("LIST#{collection}#owner#{}", segment(account_id)),
    };
    Partition { table: Table::Market, pk }
}

/// The public signing keys. Their sort keys are the key ids.
pub fn jwks() -> Partition {
    Partition { table: Table::Trust, pk: "JWKS".to_owned() }
}

/// The private signing keys. Their sort keys are the generations.
pub fn signing_keys() -> Partition {
    Partition { table: Table::Credentials, pk: "SIGNING_KEY".to_owned() }
}

/// The private signing key of one generation. Two processes that make one at the same time write the same item.
pub fn signing_key(generation: u32) -> Key {
    signing_keys().item(format!("{generation:010}"))
}

/// A note about the password hashes that were imported.
pub fn imported_hashes() -> Key {
    Key::new(Table::Credentials, "IMPORTED_HASHES", "IMPORTED_HASHES")
}

/// The login of an e-mail address, by the key of the address. One key has one item, so one address has one account.
pub fn email(key: &str) -> Key {
    Key::new(Table::Credentials, format!("EMAIL#{}", segment(key)), "EMAIL")
}

/// The e-mail address of an account.
pub fn account_email(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "EMAIL")
}

/// A live session. An access token counts only while its session is there.
pub fn session(account_id: impl Display, session_id: impl Display) -> Key {
    Key::new(Table::Trust, format!("ACCOUNT#{account_id}"), format!("SESSION#{session_id}"))
}

/// One part of what is due. Its sort keys are `<time>#<kind>#<account>`, so the earliest comes first.
pub fn due(shard: impl Display) -> Partition {
    Partition { table: Table::Trust, pk: format!("DUE#{shard}") }
}

/// The devices that an account is signed in on. Their sort keys are the session ids.
pub fn devices(account_id: impl Display) -> Partition {
    Partition { table: Table::Credentials, pk: format!("ACCOUNT#{account_id}#DEVICES") }
}

/// The role of an account in the market, and its second factor.
pub fn standing(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "STANDING")
}

/// The personal data of an account, sealed.
pub fn personal_data(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "PERSONAL_DATA")
}

/// The lock of an account. While it is there, nobody can sign in.
pub fn lock(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "LOCK")
}

/// The list of the market's admins.
pub fn admins() -> Key {
    Key::new(Table::Credentials, "ADMINS", "ADMINS")
}

/// An account's user handle for passkeys, and how many it has.
pub fn passkeys(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "PASSKEYS")
}

/// The passkeys of an account. Their sort keys are the ids of the passkeys.
pub fn passkeys_of(account_id: impl Display) -> Partition {
    Partition { table: Table::Credentials, pk: format!("ACCOUNT#{account_id}#PASSKEYS") }
}

/// The owner of a passkey, by a hash of the authenticator's credential id.
pub fn passkey_owner(hash: &str) -> Key {
    Key::new(Table::Credentials, format!("PASSKEY#{hash}"), "PASSKEY")
}

/// A challenge that an authenticator has to sign, by its hash.
pub fn passkey_challenge(hash: &str) -> Key {
    Key::new(Table::Live, format!("PASSKEY_CHALLENGE#{hash}"), "PASSKEY_CHALLENGE")
}

/// The permit of a letter's secret, by the secret's hash.
pub fn permit(hash: &str) -> Key {
    Key::new(Table::Credentials, format!("PERMIT#{hash}"), "PERMIT")
}

/// The audit trail of an account. Its sort keys are the sequence numbers.
pub fn audit_trail(account_id: impl Display) -> Partition {
    Partition { table: Table::Audit, pk: format!("AUDIT#{account_id}") }
}

/// One row of an account's audit trail.
pub fn audit_row(account_id: impl Display, sequence: u64) -> Key {
    audit_trail(account_id).item(format!("{sequence:010}"))
}

/// The head of an account's audit trail, in another table than its rows. It has a partition of its own, so that a role
/// can be held to heads.
pub fn audit_head(account_id: impl Display) -> Key {
    Key::new(Table::Trust, format!("AUDIT_HEAD#{account_id}"), "AUDIT_HEAD")
}

/// An account at a provider that people sign in with. `subject_hash` stands for the provider's name of the person.
pub fn identity(provider_id: &str, subject_hash: &str) -> Key {
    Key::new(Table::Credentials, format!("PROVIDER#{provider_id}#{subject_hash}"), "IDENTITY")
}

/// The accounts at providers that an account signs in with.
pub fn identities(account_id: impl Display) -> Key {
    Key::new(Table::Credentials, format!("ACCOUNT#{account_id}"), "IDENTITIES")
}

/// A sign-in with a provider that has begun, by the hash of its `state`.
pub fn authorization(hash: &str) -> Key {
    Key::new(Table::Credentials, format!("AUTHORIZATION#{hash}"), "AUTHORIZATION")
}

/// A letter to send.
pub fn letter(id: impl Display) -> Key {
    Key::new(Table::Outbox, format!("LETTER#{id}"), "LETTER")
}

/// The record of one idempotent request, by the hash of its scope, route and key.
pub fn idempotency(hash: &str) -> Key {
    Key::new(Table::Live, format!("IDEMPOTENCY#{hash}"), "IDEMPOTENCY")
}

/// A token bucket, by the name of its limit and a hash of the caller whom it limits.
pub fn bucket(limit: &str, caller_hash: &str) -> Key {
    Key::new(Table::Live, format!("BUCKET#{limit}#{caller_hash}"), "BUCKET")
}

/// The mark that somebody signed in to an account from an address, by a hash of both.
pub fn known_address(hash: &str) -> Key {
    Key::new(Table::Live, format!("KNOWN_ADDRESS#{hash}"), "KNOWN_ADDRESS")
}

/// The longest segment that is not hashed. Two segments and their prefix stay far below DynamoDB's limit of 2,048 bytes
/// for a partition key. A text of 50 characters exceeds it only after folding: one Arabic ligature decomposes into
/// eighteen characters.
const SEGMENT_BYTES: usize = 600;

/// Escapes a free text as one segment of a key.
fn segment(text: &str) -> Cow<'_, str> {
    let escaped: Cow<'_, str> =
        if text.contains(['%', '#']) { text.replace('%', "%25").replace('#', "%23").into() } else { text.into() };
    if escaped.len() <= SEGMENT_BYTES {
        return escaped;
    }
    // No other text has this form: its `%` would be escaped as `%25`.
    format!("%sha256:{}", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_pk(facet: Facet<'_>) -> String {
        list(Collection::Freelancers, facet).pk
    }

    #[test]
    fn lists_are_spelled_by_facet() {
        assert_eq!(list_pk(Facet::All), "LIST#freelancers");
        assert_eq!(list_pk(Facet::Category("디자인")), "LIST#freelancers#category#디자인");
        assert_eq!(list_pk(Facet::Skill("rust")), "LIST#freelancers#skill#rust");
        assert_eq!(list_pk(Facet::CategoryAndSkill("web", "c#")), "LIST#freelancers#category#web#skill#c%23");
        assert_eq!(list(Collection::Projects, Facet::Owner("usr_1")).pk, "LIST#projects#owner#usr_1");
    }

    #[test]
    fn no_value_can_imitate_another_list() {
        let honest = list_pk(Facet::CategoryAndSkill("a", "b"));
        assert_ne!(list_pk(Facet::Category("a#skill#b")), honest);
        assert_ne!(list_pk(Facet::Skill("%23")), list_pk(Facet::Skill("#")));
        assert_ne!(list_pk(Facet::Skill("%25")), list_pk(Facet::Skill("%")));
    }

    #[test]
    fn the_longest_values_fit_a_partition_key() {
        let long = "\u{10ffff}".repeat(50 * 18);
        let key = list_pk(Facet::CategoryAndSkill(&long, &long));
        assert!(key.len() <= 2048, "{} bytes", key.len());
        let longest_plain = "x".repeat(SEGMENT_BYTES);
        assert!(list_pk(Facet::CategoryAndSkill(&longest_plain, &longest_plain)).len() <= 2048);
        assert_ne!(list_pk(Facet::Skill(&long)), list_pk(Facet::Skill(&long[4..])));
    }
}
