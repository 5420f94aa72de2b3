//! Registering, signing in and refreshing sessions.

use futures_util::future::BoxFuture;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Workload, World};
use crate::simulation::world::Request;

/// How many people a market has in the end. Hashing their passwords takes most of a seed's processor time.
const PEOPLE: usize = 3;

pub(super) struct Accounts;

/// Exchanges somebody's refresh token. A repeat after a lost answer must not end the session.
async fn refresh(world: &mut World<'_>) {
    let person = world.random.below(world.people.len() as u64) as usize;
    let body = json!({"refresh_token": world.people[person].refresh_token});
    let key = world.new_name("key");
    let refreshed =
        world.send(Request::new(Method::POST, "/sessions/refresh").header("idempotency-key", key).json(body)).await;
    let refreshed = refreshed.expect(StatusCode::OK);
    let known = &mut world.people[person];
    (known.token, known.refresh_token) = (refreshed.text("/access_token"), refreshed.text("/refresh_token"));
}

impl Workload for Accounts {
    fn begin<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            world.register().await;
        })
    }

    fn step<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if world.people.len() < PEOPLE && world.random.once_in(3) {
                world.register().await;
                return;
            }
            if world.random.once_in(3) {
                return refresh(world).await;
            }
            let person = world.somebody();
            let me = world.send(Request::new(Method::GET, "/accounts/me").of(&person)).await.expect(StatusCode::OK);
            assert_eq!((me.text("/id"), me.text("/email")), (person.id, person.email));
        })
    }

    fn check<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            for person in world.people.clone() {
                let me = world.send(Request::new(Method::GET, "/accounts/me").of(&person)).await.expect(StatusCode::OK);
                assert_eq!(me.text("/id"), person.id);
                assert_eq!((me.text("/email"), me.text("/display_name")), (person.email, person.display_name));
            }
            let last = world.somebody();
            world.sign_in(&last).await;
        })
    }
}
