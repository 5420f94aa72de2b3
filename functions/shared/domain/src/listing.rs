//! Where a record is listed. A list is an index kept by the writer: each commit enters and leaves exactly the lists that
//! its change says.

use std::collections::BTreeSet;

use crate::freelancer::Freelancer;
use crate::project::{Project, ProjectStatus};
use crate::values::{AccountId, Category, Skill, TagKey};

/// One list of freelancers or of projects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listing {
    /// All of them.
    All,
    /// Those of one category.
    Category(TagKey),
    /// Those with one skill.
    Skill(TagKey),
    /// Those of one category with one skill.
    CategoryAndSkill(TagKey, TagKey),
    /// Projects of one client, open or closed.
    Owner(AccountId),
}

impl Listing {
    /// The list that holds what a public query asks for.
    pub fn of_query(category: Option<&Category>, skill: Option<&Skill>) -> Self {
        match (category, skill) {
            (None, None) => Self::All,
            (Some(category), None) => Self::Category(category.key()),
            (None, Some(skill)) => Self::Skill(skill.key()),
            (Some(category), Some(skill)) => Self::CategoryAndSkill(category.key(), skill.key()),
        }
    }

    /// The lists a freelancer stands in.
    pub fn of_freelancer(freelancer: &Freelancer) -> BTreeSet<Self> {
        public(&freelancer.profile.category, freelancer.profile.skills.keys())
    }

    /// The lists a project stands in: the public ones while it is open, its client's always.
    pub fn of_project(project: &Project) -> BTreeSet<Self> {
        let mut listings = match project.status {
            ProjectStatus::Open => public(&project.brief.category, project.brief.skills.keys()),
            ProjectStatus::Closed => BTreeSet::new(),
        };
        listings.insert(Self::Owner(project.owner_id));
        listings
    }
}

fn public(category: &Category, skills: BTreeSet<TagKey>) -> BTreeSet<Listing> {
    let category = category.key();
    let mut listings = BTreeSet::from([Listing::All, Listing::Category(category.clone())]);
    for skill in skills {
        listings.insert(Listing::Skill(skill.clone()));
        listings.insert(Listing::CategoryAndSkill(category.clone(), skill));
    }
    listings
}

/// The lists that one commit enters and leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Lists the record now stands in and did not before.
    pub entered: Vec<Listing>,
    /// Lists the record stood in and does not any more.
    pub left: Vec<Listing>,
}

impl Moves {
    /// The moves from the lists `before` to the lists `after`.
    pub fn between(before: &BTreeSet<Listing>, after: &BTreeSet<Listing>) -> Self {
        Self { entered: after.difference(before).cloned().collect(), left: before.difference(after).cloned().collect() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::freelancer::tests::profiles;
    use crate::values::MAX_SKILLS;

    fn listings(profile: crate::freelancer::FreelancerProfile) -> BTreeSet<Listing> {
        let name = "n".parse().unwrap();
        Listing::of_freelancer(
            &Freelancer::introduce(AccountId::new(Ulid(1)), name, profile, Timestamp::UNIX_EPOCH).state,
        )
    }

    proptest! {
        #[test]
        fn moves_lead_from_before_to_after(a in profiles(), b in profiles()) {
            let (before, after) = (listings(a), listings(b));
            let moves = Moves::between(&before, &after);
            let mut reached = before;
            for listing in &moves.left {
                prop_assert!(reached.remove(listing));
            }
            for listing in &moves.entered {
                prop_assert!(reached.insert(listing.clone()));
            }
            prop_assert_eq!(reached, after);
        }

        #[test]
        fn a_commit_fits_one_transaction(a in profiles(), b in profiles()) {
            let moves = Moves::between(&listings(a), &listings(b));
            // With the state, its event, its pool row and an idempotency record this stays below DynamoDB's 100 actions.
            prop_assert!(moves.entered.len() + moves.left.len() <= 2 * (1 + 2 * MAX_SKILLS));
        }

        #[test]
        fn whoever_a_query_asks_for_stands_in_its_list(profile in profiles()) {
            let (category, skill) = (profile.category.clone(), profile.skills.as_slice()[0].clone());
            let listings = listings(profile);
            prop_assert!(listings.contains(&Listing::of_query(None, None)));
            prop_assert!(listings.contains(&Listing::of_query(Some(&category), None)));
            prop_assert!(listings.contains(&Listing::of_query(None, Some(&skill))));
            prop_assert!(listings.contains(&Listing::of_query(Some(&category), Some(&skill))));
        }
    }
}
