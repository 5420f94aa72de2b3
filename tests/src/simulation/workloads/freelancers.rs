//! Saving and reading profiles.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use pool::Revision;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::keys::Collection;

use super::{SKILLS, Workload, World, pool_rows};
use crate::simulation::world::Request;

/// The profiles that the market has acknowledged, by account.
#[derive(Default)]
pub(super) struct Freelancers {
    saved: BTreeMap<String, Value>,
}

impl Workload for Freelancers {
    fn step<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let person = world.somebody();
            if let Some(saved) = self.saved.get(&person.id)
                && world.random.once_in(4)
            {
                let read = world.send(Request::new(Method::GET, "/freelancers/me").of(&person)).await;
                assert_eq!(&read.expect(StatusCode::OK).body, saved);
                return;
            }
            let (headline, skills) = (world.new_name("headline"), world.random.some(&SKILLS));
            let profile = json!({"headline": headline, "category": "design", "skills": skills, "weekly_hours": 20});
            let saved = world.send(Request::new(Method::PUT, "/freelancers/me").of(&person).json(profile)).await;
            let is_first = !self.saved.contains_key(&person.id);
            // A repeat of a first profile whose answer was lost finds nothing to change.
            let expected = if is_first && (saved.status != StatusCode::OK || saved.attempts == 1) {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            let saved = saved.expect(expected);
            assert_eq!(saved.body["headline"], headline);
            self.saved.insert(person.id, saved.body);
        })
    }

    fn check<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let listed = world.list("/freelancers", None).await;
            let mut ids: Vec<_> = listed.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect();
            ids.sort();
            assert_eq!(ids, self.saved.keys().cloned().collect::<Vec<_>>(), "the list of freelancers");
            for item in &listed {
                assert_eq!(item, &self.saved[item["id"].as_str().expect("an id")]);
            }
            let store = world.market.store().await.expect("a store");
            let mut expected = BTreeMap::new();
            for id in self.saved.keys() {
                let stored = store.freelancer(id.parse().expect("an id")).await.expect("a readable store");
                let stored = stored.expect("an acknowledged profile");
                let revision = Revision::new(stored.created_at, stored.combined_version().get());
                expected.insert(stored.id.ulid().to_string(), revision);
            }
            assert_eq!(pool_rows(world, Collection::Freelancers).await, expected, "the pool of freelancers");
        })
    }
}
