//! Freelancers as they are stored. Profile, track record and work history are separate items, because they have
//! different writers and readers. Each is written with its event, and the profile also with its list entries.
//!
//! Versions up to 0.1 kept everything in one item. Such an item is read as it is. Before it is changed, the track
//! record and the work history get their own items ([`Store::split_freelancer`]).

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    event::{Decided, Event},
    freelancer::{Freelancer, FreelancerChange, Past, TrackRecord, WorkHistory},
    listing::Listing,
    values::{AccountId, DisplayName, Headline, Money, Skills, Version},
};
use serde::Deserialize;

use crate::{
    Condition, Key, Listed, Order, PageOf, Partition, Slice, Store, StoreError, StoreFuture, Transaction,
    keys::{self, Collection},
    legacy::LegacyTrackRecord,
    read::{Item, decode},
    work_history::PackedHistory,
};

/// The label of the writes that require the freelancer to be unchanged.
pub const FREELANCER: &str = "freelancer";

/// The part of a freelancer that a page of matches shows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FreelancerSummary {
    /// The freelancer.
    pub id: AccountId,
    /// The account's name.
    pub display_name: DisplayName,
    /// The short form of the profile.
    pub profile: ProfileSummary,
}

/// The short form of a profile.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProfileSummary {
    /// The offer in one line.
    pub headline: Headline,
    /// The freelancer's skills.
    pub skills: Skills,
    /// The price of one hour.
    pub hourly_rate: Option<Money>,
}

impl FreelancerSummary {
    /// The attributes of a stored freelancer that a summary needs.
    const ATTRIBUTES: &'static [&'static str] =
        &["id", "display_name", "profile.headline", "profile.skills", "profile.hourly_rate"];
}

/// The items of some freelancers, by key.
struct Items(HashMap<(String, String), Item>);

impl Items {
    fn take(&mut self, key: &Key) -> Option<Item> {
        self.0.remove(&(key.pk.clone(), key.sk.clone()))
    }

    /// A freelancer, and the work history if the item is from a version up to 0.1.
    fn freelancer(&mut self, id: AccountId) -> Result<Option<(Freelancer, Option<WorkHistory>)>, StoreError> {
        let Some(mut profile) = self.take(&keys::freelancer(id)) else { return Ok(None) };
        let legacy = profile.remove("track_record");
        let mut freelancer: Freelancer = decode(profile)?;
        if let Some(record) = self.take(&keys::track_record(id)) {
            freelancer.track_record = decode(record)?;
            return Ok(Some((freelancer, None)));
        }
        let legacy = legacy.map(|record| split(&freelancer, record)).transpose()?;
        let history = legacy.map(|(record, history)| {
            freelancer.track_record = record;
            history
        });
        Ok(Some((freelancer, history)))
    }

    /// A freelancer with the work history.
    fn talent(&mut self, id: AccountId) -> Result<Option<(Freelancer, WorkHistory)>, StoreError> {
        let Some((freelancer, legacy)) = self.freelancer(id)? else { return Ok(None) };
        let history = match (legacy, self.take(&keys::work_history(id))) {
            (Some(history), _) => history,
            (None, Some(packed)) => decode::<PackedHistory>(packed)?.unpack()?,
            (None, None) => WorkHistory::default(),
        };
        Ok(Some((freelancer, history)))
    }
}

fn split(freelancer: &Freelancer, record: AttributeValue) -> Result<(TrackRecord, WorkHistory), StoreError> {
    let record: LegacyTrackRecord = serde_dynamo::from_attribute_value(record).map_err(StoreError::broken)?;
    Ok(record.split(freelancer.updated_at))
}

impl Store {
    /// Reads the freelancer that an account is, if it has put a profile.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn freelancer(&self, id: AccountId) -> StoreFuture<'_, Option<Freelancer>> {
        Box::pin(async move { Ok(self.freelancers(&[id]).await?.into_iter().next().flatten()) })
    }

    /// Reads several freelancers, in the order of their ids; `None` for one that does not exist.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn freelancers<'a>(&'a self, ids: &'a [AccountId]) -> StoreFuture<'a, Vec<Option<Freelancer>>> {
        let keys: Vec<Key> = ids.iter().flat_map(|id| [keys::freelancer(id), keys::track_record(id)]).collect();
        Box::pin(async move {
            let mut items = Items(self.get_items(&keys, &[]).await?);
            let freelancer = |id: &AccountId| Ok(items.freelancer(*id)?.map(|(freelancer, _)| freelancer));
            ids.iter().map(freelancer).collect()
        })
    }

    /// Reads the freelancer that an account is, with the work history.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn talent(&self, id: AccountId) -> StoreFuture<'_, Option<(Freelancer, WorkHistory)>> {
        Box::pin(async move { self.talents(&[id]).await?.remove(&id).transpose() })
    }

    /// Reads several freelancers with their work histories. A missing freelancer is left out. An unreadable one has its
    /// own error, and the others are still read.
    ///
    /// # Errors
    /// As [`Store::get_many`], except for unreadable items.
    pub fn talents<'a>(&'a self, ids: &'a [AccountId]) -> StoreFuture<'a, Talents> {
        let of = |id: &AccountId| [keys::freelancer(id), keys::track_record(id), keys::work_history(id)];
        let keys: Vec<Key> = ids.iter().flat_map(of).collect();
        Box::pin(async move {
            let mut items = Items(self.get_items(&keys, &[]).await?);
            Ok(ids.iter().filter_map(|id| Some((*id, items.talent(*id).transpose()?))).collect())
        })
    }

    /// Reads the summaries of several freelancers, in the order of their ids; `None` for one that does not exist.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn freelancer_summaries(&self, ids: &[AccountId]) -> StoreFuture<'_, Vec<Option<FreelancerSummary>>> {
        let keys: Vec<Key> = ids.iter().map(keys::freelancer).collect();
        Box::pin(async move { self.get_many_of(&keys, FreelancerSummary::ATTRIBUTES).await })
    }

    /// Reads one page of a list of freelancers, newest first.
    ///
    /// # Errors
    /// As [`Store::query`] and [`Store::get_many`].
    pub fn list_freelancers<'a>(&'a self, listing: &'a Listing, page: PageOf) -> StoreFuture<'a, Listed<Freelancer>> {
        Box::pin(async move {
            let Listed { items: ids, next_after } = self.list_freelancer_ids(listing, page).await?;
            let mut items: Vec<Freelancer> = self.freelancers(&ids).await?.into_iter().flatten().collect();
            items.retain(|freelancer| Listing::of_freelancer(freelancer).contains(listing));
            Ok(Listed { items, next_after })
        })
    }

    /// Reads one page of the ids in a list of freelancers, newest first.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn list_freelancer_ids(&self, listing: &Listing, page: PageOf) -> Result<Listed<AccountId>, StoreError> {
        let after = page.after.map(AccountId::new);
        let (items, more) = self.listed_ids::<AccountId>(Collection::Freelancers, listing, after, page.limit).await?;
        let next_after = items.last().filter(|_| more).map(|id| id.ulid());
        Ok(Listed { items, next_after })
    }

    /// Reads a freelancer in order to change them. See [`Store::split_freelancer`].
    ///
    /// # Errors
    /// As [`Store::freelancer`] and [`Store::split_freelancer`].
    pub fn freelancer_to_change(&self, id: AccountId) -> StoreFuture<'_, Option<Freelancer>> {
        let keys = [keys::freelancer(id), keys::track_record(id)];
        Box::pin(async move {
            let mut items = Items(self.get_items(&keys, &[]).await?);
            match items.freelancer(id)? {
                Some((_, Some(_))) => {
                    self.split_freelancer(id).await?;
                    self.freelancer(id).await
                }
                found => Ok(found.map(|(freelancer, _)| freelancer)),
            }
        })
    }

    /// The version of the last event of an account as a freelancer; `None` if it never was one.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub async fn last_freelancer_version(&self, id: AccountId) -> Result<Option<Version>, StoreError> {
        #[derive(Deserialize)]
        struct Last {
            version: Version,
        }
        let (first, end) = (keys::freelancer_event(id, 0).sk, keys::freelancer_event(id, 9_999_999_999));
        let last = Slice { order: Order::Descending, after: Some(&end.sk), limit: Some(1), ..Slice::ALL };
        let partition = Partition::new(end.table, end.pk.clone());
        // Before the first event, the slice ends with an item of another kind.
        match self.query_sort_keys(&partition, last).await?.pop() {
            Some(sk) if sk > first => {
                let last: Option<Last> = self.get(&partition.item(sk)).await?;
                Ok(last.map(|last| last.version))
            }
            _ => Ok(None),
        }
    }

    /// Writes a freelancer's list entries again, after the keys of skills or categories have changed. Does nothing if
    /// the freelancer does not exist.
    ///
    /// # Errors
    /// As [`Store::freelancer`] and [`Store::commit`]; a lost race is a conflict on [`FREELANCER`].
    pub async fn list_freelancer_again(&self, id: AccountId) -> Result<(), StoreError> {
        let Some(freelancer) = self.freelancer(id).await? else { return Ok(()) };
        let mut transaction = Transaction::new();
        let unchanged = Condition::version(freelancer.version.get());
        transaction.check(FREELANCER, keys::freelancer(id), unchanged);
        transaction.list_freelancer(&freelancer);
        self.commit(transaction).await
    }

    /// Splits an item of versions up to 0.1. The track record and the work history become separate items, and the
    /// freelancer enters the lists under the present keys. Neither a version nor any public data changes. Returns
    /// whether there was such an item.
    ///
    /// # Errors
    /// As [`Store::get_many`] and [`Store::commit`]; a lost race is a conflict on [`FREELANCER`].
    pub fn split_freelancer(&self, id: AccountId) -> StoreFuture<'_, bool> {
        let keys = [keys::freelancer(id), keys::track_record(id)];
        Box::pin(async move {
            let mut items = Items(self.get_items(&keys, &[]).await?);
            let Some((freelancer, Some(history))) = items.freelancer(id)? else { return Ok(false) };
            let mut transaction = Transaction::new();
            let unchanged = Condition::version(freelancer.version.get());
            transaction.put(FREELANCER, keys::freelancer(id), &freelancer, unchanged)?;
            // The keys of lists are made from skills and categories, and earlier versions made them differently.
            transaction.list_freelancer(&freelancer);
            // A new freelancer has no track record to split off.
            if freelancer.track_record.updated_at.is_some() {
                transaction.put(FREELANCER, keys::track_record(id), &freelancer.track_record, Condition::Absent)?;
                let history = PackedHistory::pack(&history)?;
                transaction.put("work history", keys::work_history(id), &history, Condition::Absent)?;
            }
            self.commit(transaction).await?;
            Ok(true)
        })
    }
}

/// Freelancers with their work histories, or why they cannot be read.
pub type Talents = HashMap<AccountId, Result<(Freelancer, WorkHistory), StoreError>>;

impl Transaction {
    /// Adds the writes that commit a decision about a profile: the new state, its event and its moves between lists.
    /// The condition is that `before` is still stored, both profile and track record.
    ///
    /// A lost race is reported as a conflict on [`FREELANCER`]. `before` must come from
    /// [`Store::freelancer_to_change`].
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn save_freelancer(
        &mut self,
        before: Option<&Freelancer>,
        decided: &Decided<Freelancer>,
    ) -> Result<&mut Self, StoreError> {
        let Decided { state, event } = decided;
        let condition = before.map_or(Condition::Absent, |before| Condition::version(before.version.get()));
        self.put(FREELANCER, keys::freelancer(state.id), state, condition)?;
        // The entity tag of a freelancer covers the track record too.
        self.check(FREELANCER, keys::track_record(state.id), unchanged(before.map(|before| &before.track_record)));
        let event_key = keys::freelancer_event(state.id, event.version.get());
        self.put("freelancer event", event_key, event, Condition::Absent)?;
        let listed_before = before.map(Listing::of_freelancer).unwrap_or_default();
        let record = (state.id, state.version);
        let listed = Listing::of_freelancer(state);
        Ok(self.relist(FREELANCER, Collection::Freelancers, record, &listed_before, &listed))
    }

    /// Adds the writes that delete a freelancer: profile, track record, work history and list entries go, and the event
    /// stays. The condition is that `before` is still stored, both profile and track record.
    ///
    /// A lost race is reported as a conflict on [`FREELANCER`]. `before` must come from
    /// [`Store::freelancer_to_change`].
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn delete_freelancer(
        &mut self,
        before: &Freelancer,
        event: &Event<FreelancerChange>,
    ) -> Result<&mut Self, StoreError> {
        let event_key = keys::freelancer_event(before.id, event.version.get());
        self.put("freelancer event", event_key, event, Condition::Absent)?;
        Ok(self.remove_freelancer(before, event.version))
    }

    /// Adds the removal of a freelancer's items and list entries, and writes nothing else.
    pub(crate) fn remove_freelancer(&mut self, before: &Freelancer, version: Version) -> &mut Self {
        let id = before.id;
        self.delete(FREELANCER, keys::freelancer(id), Condition::version(before.version.get()));
        self.delete(FREELANCER, keys::track_record(id), unchanged(Some(&before.track_record)));
        self.delete("work history", keys::work_history(id), Condition::Always);
        let listed = Listing::of_freelancer(before);
        self.relist(FREELANCER, Collection::Freelancers, (id, version), &listed, &BTreeSet::new())
    }

    /// Adds the writes that commit a decision about a freelancer's past: the new state and its event. The condition is
    /// that the track record `before` is still stored.
    ///
    /// A lost race is reported as a conflict on [`FREELANCER`]. `before` must come from
    /// [`Store::freelancer_to_change`].
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn save_past(&mut self, before: &TrackRecord, decided: &Decided<Past>) -> Result<&mut Self, StoreError> {
        let Decided { state: Past { freelancer_id, track_record, work_history }, event } = decided;
        self.put(FREELANCER, keys::track_record(freelancer_id), track_record, unchanged(Some(before)))?;
        let history = PackedHistory::pack(work_history)?;
        self.put("work history", keys::work_history(freelancer_id), &history, Condition::Always)?;
        let event_key = keys::track_record_event(freelancer_id, event.version.get());
        self.put("track record event", event_key, event, Condition::Absent)
    }
}

/// The condition that the stored track record is still the one that was read.
fn unchanged(read: Option<&TrackRecord>) -> Condition {
    let stored = read.filter(|record| record.updated_at.is_some());
    stored.map_or(Condition::Absent, |record| Condition::version(record.version))
}

#[cfg(test)]
mod tests {
    use domain::{freelancer::FreelancerProfile, validation::read, values::WeeklyHours};
    use jiff::Timestamp;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::MAX_WRITES;

    fn profile(category: &str, skills: std::ops::Range<u32>) -> FreelancerProfile {
        let skills: Vec<String> = skills.map(|n| format!("skill {n}")).collect();
        let body = json!({"headline": "h", "category": category, "skills": skills});
        read::<FreelancerProfile>(&body).unwrap()
    }

    fn now() -> Timestamp {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_move_between_lists_is_one_write() {
        let first = Freelancer::introduce(AccountId::new(Ulid(1)), "n".parse().unwrap(), profile("a", 0..20), now());
        let mut transaction = Transaction::new();
        transaction.save_freelancer(None, &first).unwrap();
        // State, check and event; the lists of all, of the category, of 20 skills, and of 20 skills within the
        // category.
        assert_eq!(transaction.len(), 3 + 42);

        let second = first.state.replace_profile(profile("b", 20..40), now()).unwrap();
        let mut transaction = Transaction::new();
        transaction.save_freelancer(Some(&first.state), &second).unwrap();
        assert_eq!(transaction.len(), 3 + 41 + 41);
        assert!(transaction.len() < MAX_WRITES, "one transaction, with room for an idempotency record");

        let mut transaction = Transaction::new();
        transaction.delete_freelancer(&first.state, &first.state.leave(now())).unwrap();
        // The event, profile, track record and work history; the lists as above.
        assert_eq!(transaction.len(), 4 + 42);
    }

    #[test]
    fn unchanged_list_entries_are_not_written() {
        let first = Freelancer::introduce(AccountId::new(Ulid(1)), "n".parse().unwrap(), profile("a", 0..3), now());
        let rate = FreelancerProfile { weekly_hours: WeeklyHours::new(10), ..profile("A ", 0..3) };
        let second = first.state.replace_profile(rate, now()).unwrap();
        let mut transaction = Transaction::new();
        transaction.save_freelancer(Some(&first.state), &second).unwrap();
        assert_eq!(transaction.len(), 3);
    }

    fn items(items: Vec<(Key, Item)>) -> Items {
        Items(items.into_iter().map(|(key, item)| ((key.pk, key.sk), item)).collect())
    }

    fn item(record: impl serde::Serialize) -> Item {
        serde_dynamo::to_item(record).unwrap()
    }

    #[test]
    fn a_freelancer_reads_back_from_its_items() {
        let id = AccountId::new(Ulid(1));
        let first = Freelancer::introduce(id, "민아".parse().unwrap(), profile("a", 0..3), now()).state;
        let read = items(vec![(keys::freelancer(id), item(&first))]).talent(id).unwrap();
        assert_eq!(read, Some((first.clone(), WorkHistory::default())), "a newcomer");

        let numbers = TrackRecord { rating: Some(4.75), completed_jobs: 3, ..TrackRecord::default() };
        let history = WorkHistory { work_terms: vec![(u32::MAX, 0.1), (0, 1e-7)], ..WorkHistory::default() };
        let past = first.replace_past(numbers, history, now()).state;
        let read = items(vec![
            (keys::freelancer(id), item(&first)),
            (keys::track_record(id), item(&past.track_record)),
            (keys::work_history(id), item(PackedHistory::pack(&past.work_history).unwrap())),
        ])
        .talent(id)
        .unwrap();
        assert_eq!(read, Some((Freelancer { track_record: past.track_record, ..first }, past.work_history)));
    }

    #[test]
    fn an_item_of_an_earlier_version_is_read_as_it_was() {
        let id = AccountId::new(Ulid(1));
        let first = Freelancer::introduce(id, "민아".parse().unwrap(), profile("a", 0..3), now()).state;
        let mut stored = serde_json::to_value(&first).unwrap();
        stored["version"] = json!(2);
        stored["track_record"] = json!({
            "rating": 4.5, "rated_jobs": 2, "proposals": 4, "completed_jobs": 2, "response_minutes": null,
            "last_active_at": "2026-11-20T08:30:00Z", "skill_jobs": {"skill 1": 2},
            "activity": {"week": 0.5, "month": 1.0, "half_year": 2.0, "as_of": "2026-11-20T08:30:00Z"},
            "work_terms": [[7, 0.5]],
        });
        let (read, history) = items(vec![(keys::freelancer(id), item(stored))]).talent(id).unwrap().unwrap();
        assert_eq!((read.combined_version().get(), read.changed_at()), (2, first.updated_at));
        assert_eq!(read.last_active_at(), Some("2026-11-20T08:30:00Z".parse().unwrap()));
        assert_eq!((read.track_record.rating, read.track_record.hire_rate()), (Some(4.5), Some(0.5)));
        assert_eq!((history.work_terms, history.skill_jobs.len()), (vec![(7, 0.5)], 1));
    }
}
