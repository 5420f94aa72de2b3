//! Posting, editing, closing and listing projects.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use pool::Revision;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::keys::Collection;

use super::{SKILLS, Workload, World, pool_rows};
use crate::simulation::world::{Person, Request};

/// The projects that the market has acknowledged, by id.
#[derive(Default)]
pub(super) struct Projects {
    posted: BTreeMap<String, Posted>,
}

struct Posted {
    owner: Person,
    etag: String,
    body: Value,
}

impl Projects {
    async fn post(&mut self, world: &mut World<'_>) {
        let owner = world.somebody();
        let (title, key) = (world.new_name("project"), world.new_name("key"));
        let skills = world.random.some(&SKILLS);
        let body = json!({"title": title, "category": "design", "skills": skills});
        let post = Request::new(Method::POST, "/projects").of(&owner).header("idempotency-key", key).json(body);
        let posted = if world.random.once_in(3) {
            let [one, other] = world.send_twice(post.clone()).await;
            assert_eq!((one.status, &one.body), (other.status, &other.body), "two replies to one key");
            one
        } else {
            world.send(post.clone()).await
        };
        let posted = posted.expect(StatusCode::CREATED);
        assert_eq!(posted.body["title"], title);
        if world.random.once_in(3) {
            let again = world.send(post).await.expect(StatusCode::CREATED);
            assert_eq!(again.body, posted.body, "another reply to the same key");
        }
        self.posted.insert(posted.text("/id"), Posted { owner, etag: posted.etag, body: posted.body });
    }

    async fn edit(&mut self, world: &mut World<'_>, id: &str) {
        let posted = self.posted.get_mut(id).expect("a known project");
        let patch = match world.random.below(4) {
            0 => json!({"status": if posted.body["status"] == "open" { "closed" } else { "open" }}),
            1 => json!({"skills": world.random.some(&SKILLS)}),
            _ => json!({"title": world.new_name("title")}),
        };
        let path = format!("/projects/{id}");
        let mut request = Request::new(Method::PATCH, &path).of(&posted.owner).json(patch.clone());
        if world.random.once_in(2) {
            request = request.header("if-match", &posted.etag);
        }
        let mut answer = world.send(request).await;
        if answer.status == StatusCode::PRECONDITION_FAILED {
            // The first attempt took effect and its answer was lost. Nobody else writes.
            assert!(answer.attempts > 1, "the first attempt met another version: {:#}", answer.body);
            answer = world.send(Request::new(Method::GET, &path)).await;
        }
        let changed = answer.expect(StatusCode::OK);
        for (field, value) in patch.as_object().expect("a patch is an object") {
            assert_eq!(sorted(&changed.body[field]), sorted(value), "an acknowledged change of {field}");
        }
        (posted.etag, posted.body) = (changed.etag, changed.body);
    }
}

/// A list of texts in order; any other value as it is.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(texts) = value.as_array_mut() {
        texts.sort_by_key(ToString::to_string);
    }
    value
}

/// Ids and whole records of a list.
fn by_id(items: Vec<Value>) -> BTreeMap<String, Value> {
    let count = items.len();
    let by_id: BTreeMap<_, _> =
        items.into_iter().map(|item| (item["id"].as_str().expect("an id").to_owned(), item)).collect();
    assert_eq!(by_id.len(), count, "a record is listed twice");
    by_id
}

impl Workload for Projects {
    fn step<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let ids: Vec<String> = self.posted.keys().cloned().collect();
            if ids.is_empty() || world.random.once_in(2) {
                return self.post(world).await;
            }
            let id = ids[world.random.below(ids.len() as u64) as usize].clone();
            if world.random.once_in(4) {
                let read = world.send(Request::new(Method::GET, format!("/projects/{id}"))).await;
                assert_eq!(read.expect(StatusCode::OK).body, self.posted[&id].body);
                return;
            }
            self.edit(world, &id).await;
        })
    }

    fn check<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let store = world.market.store().await.expect("a store");
            let is_open = |posted: &&Posted| posted.body["status"] == "open";
            for person in world.people.clone() {
                let mine = || self.posted.iter().filter(|(_, posted)| posted.owner.id == person.id);
                let listed = by_id(world.list("/accounts/me/projects", Some(&person)).await);
                let known: BTreeMap<_, _> = mine().map(|(id, posted)| (id.clone(), posted.body.clone())).collect();
                assert_eq!(listed, known, "the projects of {}", person.display_name);
                let counted = store.open_projects(person.id.parse().expect("an id")).await.expect("a readable store");
                assert_eq!(counted as usize, mine().filter(|(_, posted)| is_open(posted)).count());
            }
            for skill in SKILLS {
                let listed = by_id(world.list(&format!("/projects?skill={skill}"), None).await);
                let has =
                    |posted: &&Posted| posted.body["skills"].as_array().is_some_and(|all| all.contains(&json!(skill)));
                let open = self.posted.iter().filter(|(_, posted)| is_open(posted) && has(posted));
                let known: BTreeMap<_, _> = open.map(|(id, posted)| (id.clone(), posted.body.clone())).collect();
                assert_eq!(listed, known, "the list of {skill}");
            }
            let mut expected = BTreeMap::new();
            for (id, posted) in self.posted.iter().filter(|(_, posted)| is_open(posted)) {
                let stored = store.project(id.parse().expect("an id")).await.expect("a readable store");
                let stored = stored.expect("an acknowledged project");
                assert_eq!(posted.etag, format!("\"{}\"", stored.version.get()));
                expected.insert(stored.id.ulid().to_string(), Revision::new(stored.created_at, stored.version.get()));
            }
            assert_eq!(pool_rows(world, Collection::Projects).await, expected, "the pool of projects");
        })
    }
}
