//! Matching over the API: exclusion, paging, and records that are scored but not stored.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Market, designer, logo_project, programmer};

#[tokio::test]
async fn languages_budget_and_openness_filter_and_the_net_ranks_the_rest() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");

    let fits = market.person("fits").await;
    fits.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let misfits = [
        ("speaks another language", json!({"languages": ["fr"]})),
        ("costs too much", json!({"hourly_rate": {"amount": 60_001, "currency": "KRW"}})),
        ("bills in another currency", json!({"hourly_rate": {"amount": 10, "currency": "USD"}})),
        ("takes no work", json!({"weekly_hours": 0})),
    ];
    for (why, change) in misfits {
        let person = market.person(why).await;
        let mut profile = designer();
        for (field, value) in change.as_object().expect("an object") {
            profile[field] = value.clone();
        }
        person.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    }
    // The owner is a freelancer too, and their own project must not list them.
    client.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    // The owner was saved last. Once another project lists the owner, everybody else is in the pool too.
    let other = fits.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    fits.matches(&format!("/projects/{other}/matches"), 1).await;

    let matches = client.get(&format!("/projects/{project}/matches")).await.expect(StatusCode::OK);
    let names: Vec<_> = matches.items().iter().map(|item| &item["freelancer"]["display_name"]).collect();
    assert_eq!(names, ["fits"]);
    assert_eq!(matches.body["pool_size"], 1);
}

#[tokio::test]
async fn pages_of_matches_follow_each_other() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    for number in 0..12 {
        let person = market.person(&format!("디자이너 {number}")).await;
        let mut profile = designer();
        // Some records are equal, so equal scores meet at the edge of a page.
        profile["headline"] = json!(format!("디자이너 {}", number / 2));
        person.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    }
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let whole = client.matches(&format!("/projects/{project}/matches?limit=100"), 12).await;
    assert_eq!(whole.items().len(), 12);
    let mut paged: Vec<Value> = Vec::new();
    let mut path = format!("/projects/{project}/matches?limit=5");
    loop {
        let page = client.get(&path).await.expect(StatusCode::OK);
        paged.extend_from_slice(page.items());
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/projects/{project}/matches?limit=5&cursor={cursor}");
    }
    let id = |item: &Value| item["freelancer"]["id"].clone();
    assert_eq!(paged.iter().map(id).collect::<Vec<_>>(), whole.items().iter().map(id).collect::<Vec<_>>());

    let foreign = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let cursor = client.get(&format!("/projects/{project}/matches?limit=5")).await.text("/next_cursor");
    let reply = client.get(&format!("/projects/{foreign}/matches?limit=5&cursor={cursor}")).await;
    reply.expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
}

#[tokio::test]
async fn joining_freelancers_move_nobody_between_pages() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let mut profile = designer();
    // All records are alike, so the smallest change of a score would move all of them.
    profile["skills"] = json!(["logo"]);
    for number in 0..12 {
        let person = market.person(&format!("Designer {number}")).await;
        person.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    }
    let mut wanted = logo_project();
    wanted["skills"] = json!(["logo", "branding", "packaging"]);
    let mut projects = Vec::new();
    for _ in 0..12 {
        projects.push(client.post("/projects", &wanted).await.expect(StatusCode::CREATED).text("/id"));
    }
    let artist = market.person("Artist").await;
    artist.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);

    let theirs = format!("/projects/{}/matches", projects[0]);
    let shared = format!("{theirs}?newcomers=0.5");
    client.matches(&theirs, 13).await;
    artist.matches("/freelancers/me/matches", 12).await;
    let paths = [theirs.as_str(), "/freelancers/me/matches", shared.as_str()];
    let with = |path: &str, more: &str| format!("{path}{}{more}", if path.contains('?') { '&' } else { '?' });
    let mut walks: Vec<(Vec<Value>, Option<String>)> = vec![(Vec::new(), Some(String::new())); paths.len()];
    for joined in 0..3 {
        for (path, (seen, next)) in paths.iter().zip(&mut walks) {
            let person = if path.contains("freelancers") { &artist } else { &client };
            let cursor = next.take().expect("a next page");
            let page = person.get(&with(path, &format!("limit=4{cursor}"))).await.expect(StatusCode::OK);
            let id = |item: &Value| [item["freelancer"]["id"].clone(), item["project"]["id"].clone()];
            seen.extend(page.items().iter().flat_map(id).filter(Value::is_string));
            *next = page.body["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        }
        // The first can't be matched and makes a skill more common. The second can be matched.
        profile["skills"] = json!(["branding"]);
        let mut busy = profile.clone();
        busy["weekly_hours"] = json!(0);
        market.person("Busy").await.put("/freelancers/me", &busy).await.expect(StatusCode::CREATED);
        profile["skills"] = json!(["logo"]);
        market.person("Late").await.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
        client.matches(&theirs, 13 + joined + 1).await;
    }
    for (path, (mut seen, _)) in paths.into_iter().zip(walks) {
        assert_eq!(seen.len(), 12, "{path}");
        seen.sort_by_key(Value::to_string);
        seen.dedup();
        assert_eq!(seen.len(), 12, "{path}: nobody comes twice");
    }
}

#[tokio::test]
async fn a_project_that_is_rewritten_between_pages_hides_no_other() {
    let market = Market::start().await;
    let (client, artist) = (market.person("카페").await, market.person("Artist").await);
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let mut wanted = logo_project();
    for number in 0..6 {
        wanted["title"] = json!(format!("카페 로고 디자인 {number}"));
        client.post("/projects", &wanted).await.expect(StatusCode::CREATED);
    }
    let id = |item: &Value| item["project"]["id"].as_str().expect("an id").to_owned();
    let first = artist.matches("/freelancers/me/matches?limit=2", 6).await;
    let mut seen: Vec<String> = first.items().iter().map(id).collect();
    // The project keeps one of its skills and ranks last.
    let rewritten = json!({
        "title": "x", "description": "y", "skills": ["logo", "3d", "animation", "motion", "video", "sound"],
    });
    client.patch(&format!("/projects/{}", seen[1]), &rewritten).await.expect(StatusCode::OK);
    let until = std::time::Instant::now() + crate::support::PATIENCE;
    while artist.get("/freelancers/me/matches").await.items().last().map(id) != Some(seen[1].clone()) {
        assert!(std::time::Instant::now() < until, "never falls");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let mut cursor = first.text("/next_cursor");
    loop {
        let page = artist.get(&format!("/freelancers/me/matches?limit=2&cursor={cursor}")).await.expect(StatusCode::OK);
        seen.extend(page.items().iter().map(id));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = next.to_owned();
    }
    // Only the rewritten project may appear twice.
    let again = seen.pop().expect("a last one");
    assert_eq!(again, seen[1]);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn a_rewritten_project_ends_its_cursors() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    for number in 0..3 {
        let person = market.person(&format!("Designer {number}")).await;
        person.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    }
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let path = format!("/projects/{project}/matches");
    let cursor = client.matches(&format!("{path}?limit=2"), 3).await.text("/next_cursor");
    let next = format!("{path}?limit=2&cursor={cursor}");
    client.patch(&format!("/projects/{project}"), &json!({"weekly_hours": 20})).await.expect(StatusCode::OK);
    assert_eq!(client.get(&next).await.expect(StatusCode::OK).items().len(), 1);
    for change in [json!({"skills": ["logo", "일러스트"]}), json!({"title": "로고"})] {
        client.patch(&format!("/projects/{project}"), &change).await.expect(StatusCode::OK);
        client.get(&next).await.expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
    }
}

#[tokio::test]
async fn freelancers_without_a_wanted_skill_are_listed_only_where_nobody_has_one() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let (artist, engineer) = (market.person("Artist").await, market.person("Engineer").await);
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let mut profile = designer();
    profile["skills"] = json!(["rust"]);
    engineer.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    let mut wanted = logo_project();
    let logo = client.post("/projects", &wanted).await.expect(StatusCode::CREATED).text("/id");
    wanted["skills"] = json!(["calligraphy"]);
    let calligraphy = client.post("/projects", &wanted).await.expect(StatusCode::CREATED).text("/id");

    let theirs = |project: &str, query: &str| format!("/projects/{project}/matches?limit=1{query}");
    client.matches(&theirs(&logo, "&min_skill_overlap=0"), 2).await;
    client.matches(&theirs(&logo, ""), 1).await;
    for query in ["", "&newcomers=0.5"] {
        // Nobody has the skill, so everybody is listed, page by page.
        let first = client.matches(&theirs(&calligraphy, query), 2).await;
        let cursor = first.text("/next_cursor");
        let second =
            client.get(&theirs(&calligraphy, &format!("{query}&cursor={cursor}"))).await.expect(StatusCode::OK);
        assert_eq!(second.body["pool_size"], 2);
        assert_ne!(first.items()[0]["freelancer"]["id"], second.items()[0]["freelancer"]["id"]);
    }
    assert_eq!(client.get(&theirs(&calligraphy, "&min_skill_overlap=0.01")).await.body["pool_size"], 0);
    assert_eq!(artist.matches("/freelancers/me/matches", 1).await.items()[0]["project"]["id"], logo.as_str());
    engineer.matches("/freelancers/me/matches", 2).await;

    let advice = |project: &str, query: &str| format!("/freelancers/me/matches/{project}/advice{query}");
    let told = engineer.get(&advice(&logo, "")).await.expect(StatusCode::OK);
    assert_eq!(told.body["obstacle"], "too_few_skills");
    assert!(told.text("/skills/0/sentence").ends_with("today you are not listed"), "{:#}", told.body);
    let told = engineer.get(&advice(&logo, "?min_skill_overlap=0")).await.expect(StatusCode::OK);
    assert_eq!((&told.body["obstacle"], &told.body["rank"]), (&Value::Null, &json!(2)));
    // One of two skills is not enough for a share of 1.
    let told = engineer.get(&advice(&logo, "?min_skill_overlap=1")).await.expect(StatusCode::OK);
    assert_eq!(told.body["skills"][0]["shown"], false);
    assert!(told.text("/skills/0/sentence").ends_with("alone you would still not be listed"), "{:#}", told.body);
    // The first request lists everybody. The second lists only the freelancer with the skill.
    let told = engineer.get(&advice(&calligraphy, "")).await.expect(StatusCode::OK);
    assert_eq!((&told.body["obstacle"], &told.body["skills"][0]["rank"]), (&Value::Null, &json!(1)));
    let ids = [&artist.id, &engineer.id];
    let all = client.get(&format!("/projects/{calligraphy}/matches")).await.expect(StatusCode::OK);
    let place = all.items().iter().position(|item| item["freelancer"]["id"] == ids[1].as_str());
    assert_eq!(told.body["rank"], 1 + place.expect("the engineer is shown"));
    let wrong = engineer.get(&advice(&logo, "?min_skill_overlap=2")).await;
    wrong.expect_problem(StatusCode::BAD_REQUEST, "invalid_query");
}

#[tokio::test]
async fn records_sent_with_the_request_are_scored_and_not_stored() {
    let market = Market::start().await;
    let body = json!({"project": logo_project(), "freelancers": [programmer(), designer()]});
    let scored = market.post("/matches/score", &body).await.expect(StatusCode::OK);
    assert!(!scored.text("/model/version").is_empty());
    let scores: Vec<_> = scored.items().iter().map(|item| item["score"].as_f64().expect("a score")).collect();
    assert_eq!(scores.len(), 2);
    assert!(scores[1] > scores[0], "the designer fits better: {scores:?}");
    assert_eq!(scored.items()[0]["index"], 0, "items come in the order sent");
    assert!(market.get("/freelancers").await.items().is_empty());
    assert!(market.get("/projects").await.items().is_empty());
}

#[tokio::test]
async fn wrong_records_to_score_are_named_by_index() {
    let market = Market::start().await;
    let mut broken = designer();
    broken["skills"] = json!(["logo", 5]);
    broken["rating"] = json!(-1);
    let mut project = logo_project();
    project["budget"]["currency"] = json!("???");
    let reply = market.post("/matches/score", &json!({"project": project, "freelancers": [designer(), broken]})).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(reply.wrong_fields(), ["/freelancers/1/rating", "/freelancers/1/skills/1", "/project/budget/currency"]);

    for freelancers in [json!([]), json!({}), Value::Null, json!(vec![json!({"skills": ["a"]}); 1_001])] {
        let reply =
            market.post("/matches/score", &json!({"project": logo_project(), "freelancers": freelancers})).await;
        let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(reply.wrong_fields(), ["/freelancers"]);
    }
}

#[tokio::test]
async fn min_skill_overlap_excludes_on_both_sides() {
    let market = Market::start().await;
    let (client, artist) = (market.person("카페").await, market.person("Artist").await);
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let mut project = logo_project();
    let other = client.post("/projects", &project).await.expect(StatusCode::CREATED).text("/id");
    project["skills"] = json!(["Rust", "결제"]);
    let rust = client.post("/projects", &project).await.expect(StatusCode::CREATED).text("/id");
    artist.matches("/freelancers/me/matches?min_skill_overlap=0", 2).await;
    let theirs = |project: &str| format!("/projects/{project}/matches?min_skill_overlap=0.2");
    client.matches(&format!("/projects/{rust}/matches"), 1).await;
    assert_eq!(client.matches(&theirs(&other), 1).await.body["pool_size"], 1);
    assert_eq!(client.get(&theirs(&rust)).await.expect(StatusCode::OK).body["pool_size"], 0);
    let mine = artist.get("/freelancers/me/matches?min_skill_overlap=0.2").await.expect(StatusCode::OK);
    assert_eq!(mine.items().len(), 1);
    assert_eq!(mine.items()[0]["project"]["id"], other.as_str());
    let wrong = client.get(&format!("/projects/{rust}/matches?min_skill_overlap=20%25")).await;
    let wrong = wrong.expect_problem(StatusCode::BAD_REQUEST, "invalid_query");
    assert!(wrong.text("/detail").contains("number from 0 to 1"), "{}", wrong.body);
}

#[tokio::test]
async fn an_empty_market_has_no_matches() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let matches = client.get(&format!("/projects/{project}/matches")).await.expect(StatusCode::OK);
    assert_eq!((matches.items().len(), &matches.body["pool_size"]), (0, &json!(0)));

    client.get("/freelancers/me/matches").await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    let missing = client.get("/projects/prj_01J00000000000000000000000/matches").await;
    missing.expect_problem(StatusCode::NOT_FOUND, "not_found");
}
