//! Registering and signing in.

use futures_util::future::BoxFuture;
use reqwest::{Method, StatusCode};

use super::{Workload, World};
use crate::simulation::world::Request;

/// How many people a market has in the end. Hashing their passwords takes most of a seed's processor time.
const PEOPLE: usize = 3;

pub(super) struct Accounts;

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
