//! The lists of a record. A list is an index that the writer maintains: each commit adds and removes exactly the
//! entries that its change requires. Whether an open project has expired is decided when a list is read.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::freelancer::Freelancer;
use crate::project::{Project, ProjectStatus};
use crate::values::{AccountId, Category, Skill, TagKey};

/// One list of freelancers or of projects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listing {
    /// All records.
    All,
    /// The records of one category.
    Category(TagKey),
    /// The records with one skill.
    Skill(TagKey),
    /// The records of one category with one skill.
    CategoryAndSkill(TagKey, TagKey),
    /// Projects of one client, open or closed.
    Owner(AccountId),
}

impl Listing {
    /// The list that a public query reads.
    pub fn of_query(category: Option<&Category>, skill: Option<&Skill>) -> Self {
        match (category, skill) {
            (None, None) => Self::All,
            (Some(category), None) => Self::Category(category.key()),
            (None, Some(skill)) => Self::Skill(skill.key()),
            (Some(category), Some(skill)) => Self::CategoryAndSkill(category.key(), skill.key()),
        }
    }

    /// Whether this list shows the project at `now`. Public lists leave out expired projects.
    pub fn shows_project(&self, project: &Project, now: Timestamp) -> bool {
        let is_shown = matches!(self, Self::Owner(_)) || project.is_open_at(now);
        is_shown && Self::of_project(project).contains(self)
    }

    /// The lists of a freelancer. One whose account is closing is in none.
    pub fn of_freelancer(freelancer: &Freelancer) -> BTreeSet<Self> {
        if freelancer.withdrawn {
            return BTreeSet::new();
        }
        public(&freelancer.profile.category, freelancer.profile.skills.keys())
    }

    /// The lists of a project: its client's list always, and the public lists while its status is open.
    pub fn of_project(project: &Project) -> BTreeSet<Self> {
        let mut listings = match project.status {
            ProjectStatus::Open => public(&project.brief.category, project.brief.skills.keys()),
            ProjectStatus::Closed | ProjectStatus::Withdrawn => BTreeSet::new(),
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
    /// Lists that the record enters.
    pub entered: Vec<Listing>,
    /// Lists that the record leaves.
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
    use proptest::prelude::*;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::freelancer::tests::profiles;
    use crate::project::ProjectBrief;
    use crate::values::ProjectId;

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
        fn a_freelancer_is_in_every_list_that_a_query_for_them_reads(profile in profiles()) {
            let (category, skill) = (profile.category.clone(), profile.skills.as_slice()[0].clone());
            let listings = listings(profile);
            prop_assert!(listings.contains(&Listing::of_query(None, None)));
            prop_assert!(listings.contains(&Listing::of_query(Some(&category), None)));
            prop_assert!(listings.contains(&Listing::of_query(None, Some(&skill))));
            prop_assert!(listings.contains(&Listing::of_query(Some(&category), Some(&skill))));
        }
    }

    #[test]
    fn only_its_owner_sees_an_expired_project() {
        let body = json!({"title": "t", "category": "c", "skills": ["s"], "expires_at": "1970-01-01T00:01:00Z"});
        let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
        let owner = AccountId::new(Ulid(2));
        let project = Project::post(ProjectId::new(Ulid(1)), owner, brief, Timestamp::UNIX_EPOCH).state;
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(Listing::All.shows_project(&project, at(59)) && !Listing::All.shows_project(&project, at(60)));
        assert!(Listing::Owner(owner).shows_project(&project, at(60)));
        assert!(!Listing::Owner(AccountId::new(Ulid(3))).shows_project(&project, at(59)));
    }
}
