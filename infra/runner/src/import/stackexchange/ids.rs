//! The ids of imported records.

use std::collections::BTreeMap;

use domain::values::{AccountId, ProjectId};
use jiff::Timestamp;
use matching::term_hash;
use matching_training::stackexchange::{PostId, UserId};
use ulid::Ulid;

/// Ids that follow from the dump: the time of the first event, then the site and the number on it.
pub(super) struct Ids {
    site: u32,
    accounts: BTreeMap<UserId, AccountId>,
}

impl Ids {
    pub(super) fn of_site(site: &str) -> Self {
        Self { site: term_hash(site), accounts: BTreeMap::new() }
    }

    /// The id of an account. It is made with the `since` of the first call, and stays.
    pub(super) fn account(&mut self, user: UserId, since: Timestamp) -> AccountId {
        let ulid = self.ulid(user as u64, since);
        *self.accounts.entry(user).or_insert(AccountId::new(ulid))
    }

    pub(super) fn project(&self, question: PostId, created_at: Timestamp) -> ProjectId {
        ProjectId::new(self.ulid(question, created_at))
    }

    fn ulid(&self, number: u64, at: Timestamp) -> Ulid {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let low_48_bits = number & 0xffff_ffff_ffff;
        Ulid::from_parts(milliseconds, u128::from(self.site) << 48 | u128::from(low_48_bits))
    }
}
