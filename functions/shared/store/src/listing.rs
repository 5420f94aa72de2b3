//! Lists of ids: their pages, and the entries that a commit adds and removes.

use std::{collections::BTreeSet, error::Error, fmt::Display, str::FromStr};

use domain::{
    freelancer::Freelancer,
    listing::{Listing, Moves},
    page::Limit,
    project::Project,
    values::Version,
};
use ulid::Ulid;

use crate::{
    Order, Partition, Slice, Store, StoreError, Transaction,
    freelancers::FREELANCER,
    keys::{self, Collection, Facet},
    projects::PROJECT,
};

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The records, newest first. There may be fewer than requested: an entry counts only while its record belongs to
    /// the list, and the record may have moved since.
    pub items: Vec<T>,
    /// The id that the next page begins after, without its prefix; `None` at the end of the list.
    pub next_after: Option<Ulid>,
}

/// Which page of a list to read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageOf {
    /// The page begins after this id, newest first; `None` for the first page. The id need not be in the list.
    pub after: Option<Ulid>,
    /// At most this many records.
    pub limit: Limit,
}

impl Store {
    /// Reads one page of ids, newest first, and whether more ids follow.
    pub(crate) async fn listed_ids<Id>(
        &self,
        collection: Collection,
        listing: &Listing,
        after: Option<Id>,
        limit: Limit,
    ) -> Result<(Vec<Id>, bool), StoreError>
    where
        Id: Display + FromStr<Err: Error + Send + Sync + 'static>,
    {
        let after = after.map(|id| id.to_string());
        // One id more than the page holds tells whether there is another page.
        let slice =
            Slice { order: Order::Descending, after: after.as_deref(), limit: Some(limit.get() + 1), ..Slice::ALL };
        let mut ids = self.query_sort_keys(&partition(collection, listing), slice).await?;
        let more = ids.len() > limit.get();
        ids.truncate(limit.get());
        let ids: Result<Vec<Id>, Id::Err> = ids.iter().map(|id| id.parse()).collect();
        Ok((ids.map_err(StoreError::broken)?, more))
    }
}

impl Transaction {
    /// Adds list entries for all lists of a stored freelancer. This repairs the lists after the keys of skills or
    /// categories have changed, for example by new synonyms.
    pub fn list_freelancer(&mut self, freelancer: &Freelancer) -> &mut Self {
        let listed = Listing::of_freelancer(freelancer);
        let record = (freelancer.id, freelancer.version);
        self.relist(FREELANCER, Collection::Freelancers, record, &BTreeSet::new(), &listed)
    }

    /// Adds list entries for all lists of a stored project, as [`Transaction::list_freelancer`] does.
    pub fn list_project(&mut self, project: &Project) -> &mut Self {
        let listed = Listing::of_project(project);
        self.relist(PROJECT, Collection::Projects, (project.id, project.version), &BTreeSet::new(), &listed)
    }

    /// Adds the list entries that move a record from the lists `before` to the lists `after` at a version. `label` is
    /// the label of the record's own write.
    pub(crate) fn relist(
        &mut self,
        label: &'static str,
        collection: Collection,
        (id, version): (impl Display, Version),
        before: &BTreeSet<Listing>,
        after: &BTreeSet<Listing>,
    ) -> &mut Self {
        let id = id.to_string();
        let moves = Moves::between(before, after);
        for listing in &moves.entered {
            self.enter_list(label, partition(collection, listing).item(id.as_str()), version.get());
        }
        for listing in &moves.left {
            self.leave_list(label, partition(collection, listing).item(id.as_str()), version.get());
        }
        self
    }
}

fn partition(collection: Collection, listing: &Listing) -> Partition {
    let owner;
    let facet = match listing {
        Listing::All => Facet::All,
        Listing::Category(category) => Facet::Category(category.as_str()),
        Listing::Skill(skill) => Facet::Skill(skill.as_str()),
        Listing::CategoryAndSkill(category, skill) => Facet::CategoryAndSkill(category.as_str(), skill.as_str()),
        Listing::Owner(account_id) => {
            owner = account_id.to_string();
            Facet::Owner(&owner)
        }
    };
    keys::list(collection, facet)
}
