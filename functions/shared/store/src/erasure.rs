//! Erases whole records. Every step may be repeated: it deletes what is still there.

use domain::{freelancer::Freelancer, project::Project, values::AccountId};

use crate::{Condition, MAX_WRITES, Partition, Slice, Store, StoreError, Table, Transaction, keys};

/// The label of the deletions.
const ERASED: &str = "erased item";

impl Store {
    /// Deletes every item of a partition whose sort key `goes` accepts.
    ///
    /// # Errors
    /// As [`Store::query`] and [`Store::commit`]. Some items may be deleted then.
    pub async fn erase_partition(&self, partition: &Partition, goes: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        let found = self.query_sort_keys(partition, Slice::ALL).await?;
        let found: Vec<String> = found.into_iter().filter(|sk| goes(sk)).collect();
        for part in found.chunks(MAX_WRITES) {
            let mut transaction = Transaction::new();
            for sk in part {
                transaction.delete(ERASED, partition.item(sk.as_str()), Condition::Always);
            }
            self.commit(transaction).await?;
        }
        Ok(())
    }

    /// Erases a project: its events first, then the record with its list entries, by which it is found again if this
    /// does not come to its end.
    ///
    /// # Errors
    /// As [`Store::erase_partition`]; a lost race is a conflict on [`crate::projects::PROJECT`].
    pub async fn erase_project(&self, project: &Project) -> Result<(), StoreError> {
        let record = keys::project(project.id);
        self.erase_partition(&Partition::new(record.table, record.pk), |sk| sk != record.sk).await?;
        let mut transaction = Transaction::new();
        transaction.remove_project(project, project.version.next());
        self.commit(transaction).await
    }

    /// Erases what is left of an account's projects and of its profile in the market.
    ///
    /// # Errors
    /// As [`Store::erase_partition`]; a lost race is a conflict on [`crate::freelancers::FREELANCER`].
    pub async fn erase_from_market(
        &self,
        account_id: AccountId,
        freelancer: Option<&Freelancer>,
    ) -> Result<(), StoreError> {
        if let Some(freelancer) = freelancer {
            let mut transaction = Transaction::new();
            transaction.remove_freelancer(freelancer, freelancer.combined_version().next());
            self.commit(transaction).await?;
        }
        let own = Partition::new(Table::Market, keys::freelancer(account_id).pk);
        // The events of projects that the owner deleted.
        for sk in self.query_sort_keys(&own, Slice::ALL).await? {
            if let Some(project_id) = sk.strip_prefix(keys::DELETED_PROJECT) {
                let events = keys::project(project_id);
                self.erase_partition(&Partition::new(events.table, events.pk), |_| true).await?;
            }
        }
        self.erase_partition(&own, |_| true).await
    }

    /// Erases what `credentials` and `trust` keep of an account beside its login. Nobody can use a session afterwards.
    ///
    /// # Errors
    /// As [`Store::erase_partition`].
    pub async fn erase_sessions(&self, account_id: AccountId) -> Result<(), StoreError> {
        let account = keys::account(account_id);
        self.erase_partition(&Partition::new(Table::Trust, &*account.pk), |sk| sk != account.sk).await?;
        self.erase_partition(&keys::devices(account_id), |_| true).await
    }
}
