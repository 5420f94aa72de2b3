//! Converts a change of the market to the row of a pool.

use std::collections::HashSet;

use domain::{
    freelancer::{Freelancer, WorkHistory},
    project::Project,
    values::AccountId,
};
use jiff::Timestamp;
use pool::{Change, Revision, Row, project_row, talent_row};
use serde::{Deserialize, de::DeserializeOwned};
use serde_dynamo::{AttributeValue, Item};
use store::freelancers::Talents;
use store::{StoreError, keys::Collection, keys::Matched};

use crate::event::Images;

/// A change that cannot be converted to a row. Waiting does not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("a change without a key or an image")]
    Incomplete,
    #[error("an image is not a record of the market")]
    Image(#[source] serde_dynamo::Error),
    #[error("a freelancer's items cannot be read")]
    Freelancer(#[source] StoreError),
}

/// The effect of a change on the pools.
#[derive(Debug, PartialEq)]
pub(crate) enum Effect {
    /// No pool depends on this item.
    None,
    /// Pack the freelancer from the store. Profile, track record and work history are separate items, and a change
    /// holds only one of them.
    PackFreelancer(AccountId),
    /// Append this row.
    Row(Collection, Row),
}

impl Effect {
    /// The effect of a change.
    ///
    /// # Errors
    /// An unreadable change.
    pub(crate) fn of(images: Images, now: Timestamp) -> Result<Self, Unreadable> {
        let key = |name| match images.keys.get(name) {
            Some(AttributeValue::S(key)) => Ok(key.as_str()),
            _ => Err(Unreadable::Incomplete),
        };
        let item = Matched::at(key("pk")?, key("sk")?).map_err(|_| Unreadable::Incomplete)?;
        Ok(match (item, images.new_image) {
            (None, _) => Self::None,
            (Some(Matched::Profile(_)), None) => {
                let row = freelancer_tombstone(images.old_image.ok_or(Unreadable::Incomplete)?, now)?;
                Self::Row(Collection::Freelancers, row)
            }
            (Some(Matched::Profile(id) | Matched::TrackRecord(id)), _) => Self::PackFreelancer(id),
            (Some(Matched::Project), Some(image)) => Self::Row(Collection::Projects, project_row(&decode(image)?, now)),
            (Some(Matched::Project), None) => {
                let last: Project = decode(images.old_image.ok_or(Unreadable::Incomplete)?)?;
                let revision = Revision::new(last.created_at, last.version.next().get());
                let row = Row { id: last.id.ulid(), revision, change: Change::Tombstone(now) };
                Self::Row(Collection::Projects, row)
            }
        })
    }
}

/// The rows that result from effects, for two pools.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) freelancers: Vec<Row>,
    pub(crate) projects: Vec<Row>,
    packed: HashSet<AccountId>,
}

impl Rows {
    /// Adds the row of an effect. A freelancer is packed once, however many changes of a batch concern them. A
    /// freelancer who does not exist any more gets no row here: the change that removed them adds a tombstone.
    ///
    /// # Errors
    /// A freelancer who cannot be read.
    pub(crate) fn add(&mut self, effect: Effect, talents: &mut Talents, now: Timestamp) -> Result<(), Unreadable> {
        match effect {
            Effect::None => {}
            Effect::Row(Collection::Freelancers, row) => self.freelancers.push(row),
            Effect::Row(Collection::Projects, row) => self.projects.push(row),
            Effect::PackFreelancer(id) => {
                if self.packed.insert(id)
                    && let Some(talent) = talents.remove(&id)
                {
                    let (freelancer, history) = talent.map_err(Unreadable::Freelancer)?;
                    self.freelancers.push(freelancer_row(&freelancer, &history, now));
                }
            }
        }
        Ok(())
    }
}

/// Packs a freelancer's row. Its revision is the sum of the commits of profile and track record. Each commit of either
/// raises it, so the state after the last commit supersedes every other, in whatever order they are read. A withdrawn
/// freelancer gets a tombstone.
pub(crate) fn freelancer_row(freelancer: &Freelancer, history: &WorkHistory, now: Timestamp) -> Row {
    let revision = Revision::new(freelancer.created_at, freelancer.combined_version().get());
    let change = match freelancer.withdrawn {
        true => Change::Tombstone(now),
        false => Change::Put(talent_row::pack(freelancer, history)),
    };
    Row { id: freelancer.id.ulid(), revision, change }
}

/// A project's row, or the tombstone of a closed project.
pub(crate) fn project_row(state: &Project, now: Timestamp) -> Row {
    let change = project_row::pack(state).map_or(Change::Tombstone(now), Change::Put);
    let revision = Revision::new(state.created_at, state.version.get());
    Row { id: state.id.ulid(), revision, change }
}

/// The tombstone of a freelancer whose profile was removed. The number of the track record's commits is unknown then,
/// so the tombstone supersedes every state of this freelancer. A freelancer who comes back has a later creation time.
fn freelancer_tombstone(last: Item, now: Timestamp) -> Result<Row, Unreadable> {
    #[derive(Deserialize)]
    struct Last {
        id: AccountId,
        created_at: Timestamp,
    }
    let Last { id, created_at } = decode(last)?;
    Ok(Row { id: id.ulid(), revision: Revision::last(created_at), change: Change::Tombstone(now) })
}

fn decode<T: DeserializeOwned>(image: Item) -> Result<T, Unreadable> {
    serde_dynamo::from_item(image).map_err(Unreadable::Image)
}

#[cfg(test)]
mod tests {
    use domain::freelancer::{FreelancerProfile, TrackRecord};
    use domain::project::{ProjectBrief, ProjectPatch};
    use domain::validation::read;
    use domain::values::ProjectId;
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const ID: AccountId = AccountId::new(Ulid(1));

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn freelancer(weekly_hours: u32) -> Freelancer {
        let body = json!({"headline": "h", "category": "c", "skills": ["s"], "weekly_hours": weekly_hours});
        let profile = read::<FreelancerProfile>(&body).unwrap();
        Freelancer::introduce(ID, "n".parse().unwrap(), profile, at("2026-12-01T09:00:00Z")).state
    }

    fn project() -> Project {
        let body = json!({"title": "t", "category": "c", "skills": ["s"]});
        let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
        Project::post(ProjectId::new(Ulid(2)), ID, brief, at("2026-12-01T09:00:00Z")).state
    }

    fn images(sk: &str, old: Option<Item>, new: Option<Item>) -> Images {
        let pk = format!("ACCOUNT#{ID}");
        let keys = serde_json::from_value(json!({"pk": {"S": pk}, "sk": {"S": sk}})).unwrap();
        Images { keys, new_image: new, old_image: old, sequence_number: "1".to_owned() }
    }

    fn item(record: impl serde::Serialize) -> Option<Item> {
        Some(serde_dynamo::to_item(record).unwrap())
    }

    fn effect(sk: &str, old: Option<Item>, new: Option<Item>) -> Effect {
        Effect::of(images(sk, old, new), NOW).unwrap()
    }

    #[test]
    fn a_change_of_profile_or_track_record_packs_the_freelancer() {
        let state = freelancer(10);
        assert_eq!(effect("FREELANCER", None, item(&state)), Effect::PackFreelancer(ID));
        assert_eq!(effect("TRACK_RECORD", None, item(&state.track_record)), Effect::PackFreelancer(ID));
        assert_eq!(effect("FREELANCER_EVENT#0000000001", None, item(json!({}))), Effect::None);
        assert_eq!(effect("WORK_HISTORY", None, item(json!({}))), Effect::None);
    }

    /// Whichever states are read during two concurrent changes, the state after both supersedes them.
    #[test]
    fn each_commit_of_either_part_supersedes_the_rows_before() {
        let history = WorkHistory::default();
        let first = freelancer(10);
        let record = |before: &Freelancer| {
            let past = before.replace_past(TrackRecord::default(), history.clone(), at("2026-12-01T10:00:00Z"));
            Freelancer { track_record: past.state.track_record, ..before.clone() }
        };
        let saved = first.replace_profile(freelancer(20).profile, at("2026-12-02T09:00:00Z")).unwrap().state;
        let revision = |state: &Freelancer| freelancer_row(state, &history, NOW).revision;
        let last = revision(&record(&saved));
        for earlier in [revision(&first), revision(&saved), revision(&record(&first))] {
            assert!(earlier < last);
        }
        let Effect::Row(Collection::Freelancers, gone) = effect("FREELANCER", item(&first), None) else { panic!() };
        assert_eq!((gone.id, gone.change), (Ulid(1), Change::Tombstone(NOW)));
        assert!(last < gone.revision, "however old the image of the removed item is");
    }

    #[test]
    fn a_freelancer_is_packed_once_and_an_unreadable_one_is_an_error() {
        let mut rows = Rows::default();
        let read = (freelancer(10), WorkHistory::default());
        let expected = freelancer_row(&read.0, &read.1, NOW);
        let mut talents = Talents::from([(ID, Ok(read))]);
        for _ in 0..2 {
            rows.add(Effect::PackFreelancer(ID), &mut talents, NOW).unwrap();
        }
        assert_eq!(rows.freelancers, [expected]);
        let other = AccountId::new(Ulid(9));
        rows.add(Effect::PackFreelancer(other), &mut talents, NOW).unwrap();
        let mut broken = Talents::from([(other, Err(StoreError::broken("no profile")))]);
        let refused = Rows::default().add(Effect::PackFreelancer(other), &mut broken, NOW).unwrap_err();
        assert_eq!(refused.to_string(), "a freelancer's items cannot be read");
        assert_eq!(rows.freelancers.len(), 1);
    }

    #[test]
    fn a_withdrawn_freelancer_is_a_tombstone_and_comes_back() {
        let history = WorkHistory::default();
        let shown = freelancer(10);
        let withdrawn = shown.set_withdrawn(true, at("2026-12-02T09:00:00Z")).unwrap().state;
        let again = withdrawn.set_withdrawn(false, at("2026-12-03T09:00:00Z")).unwrap().state;
        let [shown, withdrawn, again] = [shown, withdrawn, again].map(|it| freelancer_row(&it, &history, NOW));
        assert_eq!((withdrawn.change, &again.change), (Change::Tombstone(NOW), &shown.change));
        assert!(shown.revision < withdrawn.revision && withdrawn.revision < again.revision);
    }

    #[test]
    fn a_closed_project_is_a_tombstone() {
        let open = project();
        let patch = json!({"status": "closed"});
        let closed =
            open.patch(&read::<ProjectPatch>(&patch).unwrap(), at("2026-12-02T09:00:00Z")).unwrap().unwrap().state;
        let Effect::Row(Collection::Projects, row) = effect("PROJECT", None, item(&open)) else { panic!() };
        let Effect::Row(Collection::Projects, gone) = effect("PROJECT", item(&open), item(&closed)) else { panic!() };
        assert_eq!(row.id, Ulid(2));
        assert!(row.revision < gone.revision);
        assert_eq!(gone.change, Change::Tombstone(NOW));
    }

    #[test]
    fn broken_changes_are_named() {
        let broken = |images| Effect::of(images, NOW).unwrap_err().to_string();
        assert_eq!(
            broken(images("PROJECT", None, item(json!({"id": "no"})))),
            "an image is not a record of the market"
        );
        assert_eq!(broken(images("PROJECT", None, None)), "a change without a key or an image");
        let mut keyless = images("PROJECT", None, None);
        keyless.keys = serde_json::from_value::<Item>(Value::Object(serde_json::Map::new())).unwrap();
        assert_eq!(broken(keyless), "a change without a key or an image");
    }
}
