//! From a change of the market to the row of a pool that follows from it.

use domain::{freelancer::Freelancer, project::Project};
use jiff::Timestamp;
use pool::{Change, Revision, Row, project_row, talent_row};
use serde::de::DeserializeOwned;
use serde_dynamo::{AttributeValue, Item};
use store::{keys, keys::Collection};

use crate::event::Images;

/// A record that is none of the market's. It will not become one by waiting.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("a change without a key or an image")]
    Incomplete,
    #[error("an image is no record of the market")]
    Image(#[source] serde_dynamo::Error),
}

/// The row that follows from a change, and whose pool it belongs to. `None` for an item that no pool is made of.
///
/// # Errors
/// What can't be read.
pub(crate) fn row_of(images: Images, now: Timestamp) -> Result<Option<(Collection, Row)>, Unreadable> {
    let Some(AttributeValue::S(sk)) = images.keys.get("sk") else { return Err(Unreadable::Incomplete) };
    let Some(collection) = keys::collection_of(sk) else { return Ok(None) };
    let row = match collection {
        Collection::Freelancers => changed_freelancer(images, now)?,
        Collection::Projects => changed_project(images, now)?,
    };
    Ok(Some((collection, row)))
}

/// A freelancer's row.
pub(crate) fn freelancer_row(state: &Freelancer) -> Row {
    let revision = Revision::new(state.created_at, state.version.get());
    Row { id: state.id.ulid(), revision, change: Change::Put(talent_row::pack(state)) }
}

/// A project's row; that of a closed project is a tombstone.
pub(crate) fn project_row(state: &Project, now: Timestamp) -> Row {
    let change = project_row::pack(state).map_or(Change::Tombstone(now), Change::Put);
    let revision = Revision::new(state.created_at, state.version.get());
    Row { id: state.id.ulid(), revision, change }
}

fn changed_freelancer(images: Images, now: Timestamp) -> Result<Row, Unreadable> {
    match images.new_image {
        Some(image) => Ok(freelancer_row(&read(image)?)),
        None => {
            let last: Freelancer = read(images.old_image.ok_or(Unreadable::Incomplete)?)?;
            let revision = Revision::new(last.created_at, last.version.next().get());
            Ok(Row { id: last.id.ulid(), revision, change: Change::Tombstone(now) })
        }
    }
}

fn changed_project(images: Images, now: Timestamp) -> Result<Row, Unreadable> {
    match images.new_image {
        Some(image) => Ok(project_row(&read(image)?, now)),
        None => {
            let last: Project = read(images.old_image.ok_or(Unreadable::Incomplete)?)?;
            let revision = Revision::new(last.created_at, last.version.next().get());
            Ok(Row { id: last.id.ulid(), revision, change: Change::Tombstone(now) })
        }
    }
}

fn read<T: DeserializeOwned>(image: Item) -> Result<T, Unreadable> {
    serde_dynamo::from_item(image).map_err(Unreadable::Image)
}

#[cfg(test)]
mod tests {
    use domain::freelancer::FreelancerProfile;
    use domain::project::{ProjectBrief, ProjectPatch};
    use domain::validation::read;
    use domain::values::{AccountId, ProjectId};
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn freelancer(weekly_hours: u32) -> Freelancer {
        let body = json!({"headline": "h", "category": "c", "skills": ["s"], "weekly_hours": weekly_hours});
        let profile = read::<FreelancerProfile>(&body).unwrap();
        let name = "n".parse().unwrap();
        Freelancer::introduce(AccountId::new(Ulid(1)), name, profile, at("2026-12-01T09:00:00Z")).state
    }

    fn project() -> Project {
        let body = json!({"title": "t", "category": "c", "skills": ["s"]});
        let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
        Project::post(ProjectId::new(Ulid(2)), AccountId::new(Ulid(1)), brief, at("2026-12-01T09:00:00Z")).state
    }

    fn images(sk: &str, old: Option<Item>, new: Option<Item>) -> Images {
        let keys = serde_json::from_value(json!({"pk": {"S": "p"}, "sk": {"S": sk}})).unwrap();
        Images { keys, new_image: new, old_image: old, sequence_number: "1".to_owned() }
    }

    fn item(record: impl serde::Serialize) -> Option<Item> {
        Some(serde_dynamo::to_item(record).unwrap())
    }

    #[test]
    fn a_saved_profile_is_a_row_and_a_later_one_supersedes_it() {
        let first = freelancer(10);
        let second = first.replace_profile(freelancer(20).profile, at("2026-12-02T09:00:00Z")).unwrap().state;
        let (pool, row) = row_of(images("FREELANCER", None, item(&first)), NOW).unwrap().unwrap();
        assert_eq!((pool, row.id), (Collection::Freelancers, Ulid(1)));
        let Change::Put(body) = &row.change else { panic!("{row:?}") };
        assert_eq!(*body, pool::talent_row::pack(&first));
        let (_, later) = row_of(images("FREELANCER", item(&first), item(&second)), NOW).unwrap().unwrap();
        let (_, gone) = row_of(images("FREELANCER", item(&second), None), NOW).unwrap().unwrap();
        assert!(row.revision < later.revision && later.revision < gone.revision);
        assert_eq!(gone.change, Change::Tombstone(NOW));
    }

    #[test]
    fn a_closed_project_is_removed() {
        let open = project();
        let patch = json!({"status": "closed"});
        let closed =
            open.patch(&read::<ProjectPatch>(&patch).unwrap(), at("2026-12-02T09:00:00Z")).unwrap().unwrap().state;
        let (pool, row) = row_of(images("PROJECT", None, item(&open)), NOW).unwrap().unwrap();
        assert_eq!((pool, row.id), (Collection::Projects, Ulid(2)));
        let (_, gone) = row_of(images("PROJECT", item(&open), item(&closed)), NOW).unwrap().unwrap();
        assert!(row.revision < gone.revision);
        assert_eq!(gone.change, Change::Tombstone(NOW));
    }

    #[test]
    fn other_items_make_no_row_and_broken_ones_are_named() {
        let nothing = Value::Object(serde_json::Map::new());
        assert_eq!(row_of(images("EVENT#0000000001", None, item(&nothing)), NOW).unwrap(), None);
        let broken = |new: Option<Item>| row_of(images("FREELANCER", None, new), NOW).unwrap_err().to_string();
        assert_eq!(broken(item(json!({"id": "nobody"}))), "an image is no record of the market");
        assert_eq!(broken(None), "a change without a key or an image");
    }
}
