//! Faults of the streams.

use std::collections::BTreeMap;

use pool::Revision;
use reqwest::{Method, StatusCode};
use serde_json::json;
use store::keys::{self, Collection};
use store::{Condition, Transaction};

use super::{injected, market, market_with, post, send_once, titles, world};
use crate::simulation::World;
use crate::simulation::workloads::pool_rows;
use crate::simulation::world::{Person, Request};

#[tokio::test(flavor = "multi_thread")]
async fn while_streams_lag_uniqueness_and_permissions_are_right() {
    let market = market_with("[streams]\nlongest_lag_ms = 5000\n", "OpenProjectsPerOwner=2").await;
    let mut world = world(&market);
    let (owner, stranger) = (world.register().await, world.register().await);
    let again = json!({"email": owner.email, "password": "another password", "display_name": "again"});
    let (status, _, problem) = send_once(&market, &Request::new(Method::POST, "/accounts").json(again)).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("email_taken")));

    let first = world.send(post(&owner, "1", "one")).await.expect(StatusCode::CREATED);
    world.send(post(&owner, "2", "two")).await.expect(StatusCode::CREATED);
    let (status, _, problem) = send_once(&market, &post(&owner, "3", "three")).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("too_many_open_projects")));

    let path = format!("/projects/{}", first.text("/id"));
    let close = |person: &Person| Request::new(Method::PATCH, &path).of(person).json(json!({"status": "closed"}));
    let (status, _, _) = send_once(&market, &close(&stranger)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    world.send(close(&owner)).await.expect(StatusCode::OK);
    world.send(post(&owner, "3", "three")).await.expect(StatusCode::CREATED);
    assert_eq!(titles(&mut world, &owner).await, ["one", "three", "two"]);

    market.caught_up().await.expect("the streams are readable");
    assert!(injected(&market, "stream lagged") > 0);
    assert_eq!(pool_rows(&world, Collection::Projects).await.len(), 2);
    market.shutdown().await.expect("the market stops");
}

/// Makes many changes of few records, and returns the rows that the pools must have in the end.
async fn changed_often(world: &mut World<'_>) -> [BTreeMap<String, Revision>; 2] {
    let owner = world.register().await;
    let mut projects = Vec::new();
    for number in 0..6 {
        let posted = world.send(post(&owner, &format!("{number}"), "project")).await.expect(StatusCode::CREATED);
        projects.push(posted.text("/id"));
    }
    for round in 0..4 {
        for (number, id) in projects.iter().enumerate() {
            let status = if (round + number) % 2 == 0 { "closed" } else { "open" };
            let patch = json!({"status": status, "title": format!("{round}")});
            let patch = Request::new(Method::PATCH, format!("/projects/{id}")).of(&owner).json(patch);
            world.send(patch).await.expect(StatusCode::OK);
        }
        let profile = json!({"headline": format!("{round}"), "category": "design", "skills": ["logo"]});
        world.send(Request::new(Method::PUT, "/freelancers/me").of(&owner).json(profile)).await;
    }
    let store = world.market.store().await.expect("a store");
    let mut open = BTreeMap::new();
    for id in &projects {
        let stored = store.project(id.parse().expect("an id")).await.expect("a readable store").expect("a project");
        if stored.status == domain::project::ProjectStatus::Open {
            open.insert(stored.id.ulid().to_string(), Revision::new(stored.created_at, stored.version.get()));
        }
    }
    assert_eq!(open.len(), 3);
    let freelancer = store.freelancer(owner.id.parse().expect("an id")).await.expect("a readable store");
    let freelancer = freelancer.expect("a profile");
    let revision = Revision::new(freelancer.created_at, freelancer.combined_version().get());
    [BTreeMap::from([(freelancer.id.ulid().to_string(), revision)]), open]
}

#[tokio::test(flavor = "multi_thread")]
async fn once_twice_or_ten_times_and_in_any_order_the_final_state_is_the_same() {
    for deliveries in [1, 2, 10] {
        for within_keys in [false, true] {
            let profile = format!(
                "[streams]\ndeliveries = {deliveries}\nshuffled = true\nshuffled_within_keys = {within_keys}\n\
                 failing = 0.5\nlongest_lag_ms = 1000\n"
            );
            let market = market(&profile).await;
            let mut world = world(&market);
            let [freelancers, projects] = changed_often(&mut world).await;
            market.caught_up().await.expect("the streams are readable");
            assert_eq!(pool_rows(&world, Collection::Freelancers).await, freelancers, "{profile}");
            assert_eq!(pool_rows(&world, Collection::Projects).await, projects, "{profile}");
            assert!(market.dead_letters().is_empty(), "{profile}");
            assert!(injected(&market, "batch shuffled") > 0, "{profile}");
            assert_eq!(injected(&market, "batch delivered again") > 0, deliveries > 1, "{profile}");
            market.shutdown().await.expect("the market stops");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_record_goes_to_the_dead_letters_alone() {
    let profile = "[streams]\ndeliveries = 2\nshuffled = true\nfailing = 0.5\nlongest_lag_ms = 1000\n";
    let market = market(profile).await;
    let mut world = world(&market);
    let owner = world.register().await;
    let store = market.store().await.expect("a store");
    for number in 0..6 {
        if number == 3 {
            let mut poison = Transaction::new();
            let record = json!({"id": "no project"});
            poison.put("poison", keys::project("prj_poison"), &record, Condition::Always).expect("a record");
            store.commit(poison).await.expect("a writable store");
        }
        world.send(post(&owner, &format!("{number}"), "project")).await.expect(StatusCode::CREATED);
    }
    market.caught_up().await.expect("the streams are readable");
    assert_eq!(pool_rows(&world, Collection::Projects).await.len(), 6);
    let letters = market.dead_letters();
    let given_up: Vec<_> = letters.iter().flat_map(|letter| &letter.records).collect();
    assert_eq!(given_up.len(), 1, "{letters:#?}");
    assert_eq!(given_up[0]["dynamodb"]["Keys"]["pk"]["S"], "PROJECT#prj_poison");
    market.shutdown().await.expect("the market stops");
}
