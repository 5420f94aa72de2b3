//! Freelancers as they are stored: the record itself, its events and its list entries, always together.

use domain::{event::Decided, freelancer::Freelancer, listing::Listing, values::AccountId};

use crate::{
    Condition, Key, Listed, PageOf, Reply, Store, StoreError, Transaction,
    keys::{self, Collection},
};

/// The label of the write that carries the condition on the version.
pub const FREELANCER: &str = "freelancer";

impl Store {
    /// Reads the freelancer that an account is, if it has put a profile.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub fn freelancer(&self, id: AccountId) -> Reply<'_, Option<Freelancer>> {
        Box::pin(async move { self.get(&keys::freelancer(id)).await })
    }

    /// Reads several freelancers, in the order of their ids; `None` for one that is not there.
    ///
    /// # Errors
    /// As [`Store::get_many`].
    pub fn freelancers(&self, ids: &[AccountId]) -> Reply<'_, Vec<Option<Freelancer>>> {
        let keys: Vec<Key> = ids.iter().map(keys::freelancer).collect();
        Box::pin(async move { self.get_many(&keys).await })
    }

    /// Reads one page of a list of freelancers, newest first.
    ///
    /// # Errors
    /// As [`Store::query`] and [`Store::get_many`].
    pub fn list_freelancers<'a>(&'a self, listing: &'a Listing, page: PageOf) -> Reply<'a, Listed<Freelancer>> {
        Box::pin(async move {
            let after = page.after.map(AccountId::new);
            let (ids, more) = self.listed_ids(Collection::Freelancers, listing, after, page.limit).await?;
            let keys: Vec<Key> = ids.iter().map(keys::freelancer).collect();
            let mut items: Vec<Freelancer> = self.get_many(&keys).await?.into_iter().flatten().collect();
            items.retain(|freelancer| Listing::of_freelancer(freelancer).contains(listing));
            let next_after = ids.last().filter(|_| more).map(|id| id.ulid());
            Ok(Listed { items, next_after })
        })
    }
}

impl Transaction {
    /// Adds what commits a decision about a freelancer: the new state on the condition that `before` is still what is
    /// stored, its event, and its moves between lists. The rest follows from the table's stream.
    ///
    /// A lost race shows as a conflict on [`FREELANCER`].
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
        let event_key = keys::freelancer_event(state.id, event.version.get());
        self.put("freelancer event", event_key, event, Condition::Absent)?;
        let listed_before = before.map(Listing::of_freelancer).unwrap_or_default();
        let listed = Listing::of_freelancer(state);
        Ok(self.relist(FREELANCER, Collection::Freelancers, (state.id, state.version), &listed_before, &listed))
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        freelancer::{Activity, FreelancerProfile},
        validation::read,
        values::WeeklyHours,
    };
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
        // State and event; all, category, 20 skills, 20 skills within the category.
        assert_eq!(transaction.len(), 2 + 42);

        let second = first.state.replace_profile(profile("b", 20..40), now()).unwrap();
        let mut transaction = Transaction::new();
        transaction.save_freelancer(Some(&first.state), &second).unwrap();
        assert_eq!(transaction.len(), 2 + 41 + 41);
        assert!(transaction.len() < MAX_WRITES, "one transaction, with room for an idempotency record");
    }

    #[test]
    fn what_does_not_move_is_not_relisted() {
        let first = Freelancer::introduce(AccountId::new(Ulid(1)), "n".parse().unwrap(), profile("a", 0..3), now());
        let rate = FreelancerProfile { weekly_hours: WeeklyHours::new(10), ..profile("A ", 0..3) };
        let second = first.state.replace_profile(rate, now()).unwrap();
        let mut transaction = Transaction::new();
        transaction.save_freelancer(Some(&first.state), &second).unwrap();
        assert_eq!(transaction.len(), 2);
    }

    #[test]
    fn a_freelancer_reads_back_from_its_attributes() {
        let mut first =
            Freelancer::introduce(AccountId::new(Ulid(1)), "민아".parse().unwrap(), profile("a", 0..3), now()).state;
        first.track_record.rating = Some(4.75);
        first.track_record.work_terms = vec![(u32::MAX, 0.1), (0, 1e-7)];
        first.track_record.skill_jobs = first.profile.skills.keys().into_iter().map(|skill| (skill, 7)).collect();
        first.track_record.activity = Some(Activity { week: 0.1, month: 1e-7, half_year: 12.5, as_of: now() });
        let item: std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue> =
            serde_dynamo::to_item(&first).unwrap();
        assert_eq!(serde_dynamo::from_item::<_, Freelancer>(item).unwrap(), first);
    }
}
