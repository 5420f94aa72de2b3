//! Asking for matches.

use futures_util::future::BoxFuture;
use reqwest::{Method, StatusCode};

use super::{Workload, World};
use crate::simulation::world::Request;

pub(super) struct Matches;

impl Workload for Matches {
    fn step<'a>(&'a mut self, world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let person = world.somebody();
            let matches = world.send(Request::new(Method::GET, "/freelancers/me/matches").of(&person)).await;
            if matches.status == StatusCode::NOT_FOUND {
                let profile = world.send(Request::new(Method::GET, "/freelancers/me").of(&person)).await;
                profile.expect(StatusCode::NOT_FOUND);
                return;
            }
            assert!(matches.expect(StatusCode::OK).body["items"].is_array());
        })
    }

    /// Matches come from the pools, which the other workloads check.
    fn check<'a>(&'a mut self, _world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}
