//! Lists: filtered, newest first, and complete even while the market grows.

use std::collections::BTreeSet;

use futures_util::StreamExt as _;
use futures_util::stream;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Market, Person, designer, logo_project, programmer};

/// Posts a copy of the logo project called `title`.
async fn post(client: &Person<'_>, title: &str) -> String {
    let mut project = logo_project();
    project["title"] = json!(title);
    client.post("/projects", &project).await.expect(StatusCode::CREATED).text("/id")
}

#[tokio::test]
async fn paging_through_a_thousand_projects_misses_and_repeats_none_while_more_are_posted() {
    const BEFORE: usize = 1_000;
    const DURING: usize = 100;
    let market =
        Market::start_with(&["--parameter-overrides", "OpenProjectsPerOwner=2000 AccountLimitFactor=100"]).await;
    let client = market.person("바쁜 회사").await;
    let before: BTreeSet<String> = stream::iter(0..BEFORE)
        .map(|number| {
            let client = &client;
            async move { post(client, &format!("프로젝트 {number}")).await }
        })
        .buffer_unordered(8)
        .collect()
        .await;
    assert_eq!(before.len(), BEFORE);

    let arrivals = async {
        for number in 0..DURING {
            post(&client, &format!("late {number}")).await;
        }
    };
    let walk = async {
        let mut seen = Vec::new();
        let mut path = "/projects?category=design&limit=37".to_owned();
        loop {
            let page = market.get(&path).await.expect(StatusCode::OK);
            assert!(page.items().len() <= 37);
            seen.extend(page.items().iter().map(|project| project["id"].as_str().expect("an id").to_owned()));
            match &page.body["next_cursor"] {
                Value::String(cursor) => path = format!("/projects?category=design&limit=37&cursor={cursor}"),
                _ => return seen,
            }
        }
    };
    let ((), seen) = tokio::join!(arrivals, walk);

    let distinct: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(distinct.len(), seen.len(), "a project was listed twice");
    assert!(before.is_subset(&distinct), "{} projects were missed", before.difference(&distinct).count());
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
}

#[tokio::test]
async fn filters_select_and_combine() {
    let market = Market::start().await;
    let artist = market.person("Artist").await;
    let coder = market.person("Coder").await;
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    coder.put("/freelancers/me", &programmer()).await.expect(StatusCode::CREATED);

    let cases: [(&str, &[&str]); 8] = [
        ("", &[&coder.id, &artist.id]),
        ("?category=design", &[&artist.id]),
        ("?category=DESIGN", &[&artist.id]),
        ("?skill=rust", &[&coder.id]),
        ("?skill=%EC%9D%BC%EB%9F%AC%EC%8A%A4%ED%8A%B8", &[&artist.id]),
        ("?category=design&skill=rust", &[]),
        ("?category=development&skill=Rust", &[&coder.id]),
        ("?category=music", &[]),
    ];
    for (query, expected) in cases {
        let listed = market.get(&format!("/freelancers{query}")).await.expect(StatusCode::OK);
        let ids: Vec<_> = listed.items().iter().map(|item| item["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, expected, "/freelancers{query}");
        assert!(listed.body["next_cursor"].is_null());
    }

    // A changed profile leaves the lists it no longer belongs to.
    artist.put("/freelancers/me", &programmer()).await.expect(StatusCode::OK);
    assert!(market.get("/freelancers?category=design").await.items().is_empty());
    assert!(market.get("/freelancers?skill=logo").await.items().is_empty());
    assert_eq!(market.get("/freelancers?skill=rust").await.items().len(), 2);
}

#[tokio::test]
async fn my_projects_are_mine_alone() {
    let market = Market::start().await;
    let (one, two) = (market.person("하나").await, market.person("둘").await);
    let first = post(&one, "first").await;
    let second = post(&one, "second").await;
    post(&two, "third").await;
    let mine = one.get("/accounts/me/projects").await.expect(StatusCode::OK);
    let ids: Vec<_> = mine.items().iter().map(|item| item["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, [second, first]);
}

#[tokio::test]
async fn wrong_query_parameters_are_named() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    for number in 0..3 {
        post(&client, &format!("{number}")).await;
    }
    let cursor = market.get("/projects?limit=1").await.text("/next_cursor");
    for (query, code) in [
        ("limit=0", "invalid_limit"),
        ("limit=101", "invalid_limit"),
        ("limit=-1", "invalid_limit"),
        ("limit=ten", "invalid_limit"),
        ("limit=99999999999999999999", "invalid_limit"),
        ("cursor=nonsense", "invalid_cursor"),
        ("cursor=%00", "invalid_cursor"),
        (&format!("category=design&cursor={cursor}"), "invalid_cursor"),
    ] {
        let reply = market.get(&format!("/projects?{query}")).await;
        reply.expect_problem(StatusCode::BAD_REQUEST, code);
    }
    market
        .get(&format!("/freelancers?cursor={cursor}"))
        .await
        .expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
}
