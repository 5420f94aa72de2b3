//! The explanation of a match: both probabilities, the contribution of each reason, sentences, advice, and newcomers.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{ApiResponse, Market, Person, designer, logo_project, programmer};

#[track_caller]
fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no {name}: {value:#}"))
}

/// Asserts that everything an item says about its score adds up.
#[track_caller]
fn expect_sound(item: &Value) {
    let score = number(item, "score");
    let sides = number(item, "freelancer_interest") * number(item, "client_choice");
    assert!((sides - score).abs() <= 1e-6, "{sides} is not the score: {item:#}");
    let (log_odds, base) = (number(item, "log_odds"), number(item, "base_log_odds"));
    assert!(((score / (1.0 - score)).ln() - log_odds).abs() <= 1e-4, "not the score's log-odds: {item:#}");

    let reasons = item["reasons"].as_array().expect("reasons");
    assert_eq!(reasons.len(), 10);
    let sum: f64 = reasons.iter().map(|reason| number(reason, "contribution")).sum();
    assert!((sum - (log_odds - base)).abs() <= 1e-4, "the contributions add up to {sum}: {item:#}");
    for reason in reasons {
        assert!(reason["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{reason:#}");
        assert!(!reason["value"].is_null() || number(reason, "contribution") == 0.0, "{reason:#}");
    }
}

#[track_caller]
fn sentence<'v>(item: &'v Value, feature: &str) -> &'v str {
    let reasons = item["reasons"].as_array().expect("reasons");
    let reason = reasons.iter().find(|reason| reason["feature"] == feature).expect("every feature");
    reason["sentence"].as_str().expect("a sentence")
}

#[tokio::test]
async fn reasons_and_probabilities_add_up_for_both_sides() {
    let market = Market::start().await;
    let (client, artist, coder) =
        (market.person("카페").await, market.person("Artist").await, market.person("Coder").await);
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    coder.put("/freelancers/me", &programmer()).await.expect(StatusCode::CREATED);
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");

    let theirs = client.matches(&format!("/projects/{project}/matches?min_skill_overlap=0"), 2).await;
    theirs.items().iter().for_each(expect_sound);
    let mine = artist.matches("/freelancers/me/matches", 1).await;
    mine.items().iter().for_each(expect_sound);
    // Both sides read the same about the same pair. Only the time of the two requests differs.
    let (theirs, mine) = (&theirs.items()[0], &mine.items()[0]);
    assert_eq!(theirs["freelancer"]["id"], artist.id.as_str());
    for name in ["score", "freelancer_interest", "client_choice", "log_odds", "base_log_odds"] {
        assert!((number(theirs, name) - number(mine, name)).abs() <= 1e-4, "{name}: {theirs:#} {mine:#}");
    }

    let body = json!({"project": logo_project(), "freelancers": [designer(), programmer()]});
    let scored = market.post("/matches/score", &body).await.expect(StatusCode::OK);
    assert_eq!(scored.items().len(), 2);
    scored.items().iter().for_each(expect_sound);
}

#[tokio::test]
async fn the_strangest_records_get_sound_scores() {
    let market = Market::start().await;
    let strange = [
        json!({"rating": 0, "completed_jobs": 0, "hire_rate": 0, "response_minutes": 0}),
        json!({"rating": 5, "completed_jobs": 1_000_000_000, "hire_rate": 1, "response_minutes": 1e9}),
        json!({"rating": -0.0, "completed_jobs": 1_000_000_000, "hire_rate": 5e-324, "response_minutes": 1e-300}),
        json!({"last_active_at": "-009999-01-02T01:59:59Z"}),
        json!({"last_active_at": "9999-12-30T22:00:00Z"}),
        json!({"bio": "\u{fdfa}".repeat(5_000), "headline": "\u{200b}x"}),
    ];
    let freelancers: Vec<Value> = strange
        .into_iter()
        .map(|mut record| {
            record["skills"] = json!(["logo"]);
            record
        })
        .collect();
    let body = json!({"project": {"skills": ["logo"], "description": "logo"}, "freelancers": freelancers});
    let scored = market.post("/matches/score", &body).await.expect(StatusCode::OK);
    assert_eq!(scored.items().len(), 6);
    scored.items().iter().for_each(expect_sound);

    // Numbers out of range are refused by name. NaN is not JSON.
    let absurd =
        json!({"skills": ["logo"], "rating": 40, "completed_jobs": 1e300, "hire_rate": 2, "response_minutes": -1});
    let reply = market.post("/matches/score", &json!({"project": logo_project(), "freelancers": [absurd]})).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    let wrong =
        ["completed_jobs", "hire_rate", "rating", "response_minutes"].map(|field| format!("/freelancers/0/{field}"));
    assert_eq!(reply.wrong_fields(), wrong);
    for rating in ["NaN", "Infinity", "-Infinity", "1e999"] {
        let body =
            format!(r#"{{"project": {{"skills": ["a"]}}, "freelancers": [{{"skills": ["a"], "rating": {rating}}}]}}"#);
        let reply = market.request(Method::POST, "/matches/score").raw_json(body.into_bytes()).send().await;
        assert!(reply.status.is_client_error(), "{rating}: {reply:?}");
    }
}

#[tokio::test]
async fn sentences_come_in_the_preferred_language() {
    let market = Market::start().await;
    let (client, artist) = (market.person("카페").await, market.person("Artist").await);
    artist.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let (theirs, mine) = (format!("/projects/{project}/matches"), "/freelancers/me/matches".to_owned());
    client.matches(&theirs, 1).await;
    artist.matches(&mine, 1).await;
    let body = json!({"project": logo_project(), "freelancers": [designer()]});

    let all = "100% of the wanted skills, rare skills count more";
    let cases = [
        (None, "en", all),
        (Some("fr, *;q=0.5"), "en", all),
        (Some("ko;q=0.4, en-GB;q=0.9"), "en", all),
        (Some("ko-KR,ko;q=0.9,en;q=0.8"), "ko", "필요한 기술의 100%를 갖춤(드문 기술일수록 크게 반영)"),
    ];
    for (wanted, tag, expected) in cases {
        let requests = [
            client.request(Method::GET, &theirs),
            artist.request(Method::GET, &mine),
            market.request(Method::POST, "/matches/score").json(&body),
        ];
        for request in requests {
            let request = if let Some(wanted) = wanted { request.header("accept-language", wanted) } else { request };
            let reply = request.send().await.expect(StatusCode::OK);
            assert_eq!(reply.header("content-language"), tag, "{wanted:?}");
            assert!(reply.header("vary").to_ascii_lowercase().contains("accept-language"), "{:?}", reply.headers);
            assert_eq!(sentence(&reply.items()[0], "skill_overlap"), expected, "{wanted:?}");
        }
    }
}

#[tokio::test]
async fn advice_comes_true() {
    let market = Market::start().await;
    let client = market.person("카페").await;
    let learner = market.person("Learner").await;
    let mut profile = designer();
    profile["headline"] = json!("Designer");
    profile["bio"] = json!("");
    profile["skills"] = json!(["logo", "branding"]);
    let rivals = 4;
    for number in 0..rivals {
        let rival = market.person(&format!("Rival {number}")).await;
        rival.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    }
    // The learner was seen last and registered first, so with equal skills the learner ranks first.
    profile["skills"] = json!(["LOGO"]);
    learner.put("/freelancers/me", &profile).await.expect(StatusCode::CREATED);
    let mut wanted = logo_project();
    wanted["title"] = json!("Logo and branding");
    wanted["description"] = json!("A logo, and branding.");
    let project = client.post("/projects", &wanted).await.expect(StatusCode::CREATED).text("/id");
    let (matches, advice) =
        (format!("/projects/{project}/matches"), format!("/freelancers/me/matches/{project}/advice"));

    let rank = |reply: &ApiResponse| {
        let place = reply.items().iter().position(|item| item["freelancer"]["id"] == learner.id.as_str());
        place.expect("the learner is matched") + 1
    };
    let before = rank(&client.matches(&matches, rivals + 1).await);
    assert_eq!(before, rivals + 1, "half of the skills is the least of all");
    let told = learner.get(&advice).await.expect(StatusCode::OK);
    assert_eq!(told.body["project_id"], project.as_str());
    assert_eq!(told.body["rank"], before);
    assert!(told.body["obstacle"].is_null());
    let skills = told.body["skills"].as_array().expect("skills");
    assert_eq!(skills.len(), 1, "the other one is named already: {:#}", told.body);
    assert_eq!(skills[0]["skill"], "branding");
    assert_eq!(skills[0]["rank"], 1, "{:#}", told.body);
    assert!(number(&skills[0], "score") > number(&told.body, "score"), "{:#}", told.body);
    assert_eq!(skills[0]["sentence"], "With branding you would rank 1st instead of 5th");
    let korean = learner.request(Method::GET, &advice).header("accept-language", "ko").send().await;
    assert_eq!(korean.header("content-language"), "ko");
    assert_eq!(korean.text("/skills/0/sentence"), "branding 기술이 있으면 5위가 아니라 1위입니다");

    profile["skills"] = json!(["LOGO", "branding"]);
    learner.put("/freelancers/me", &profile).await.expect(StatusCode::OK);
    let until = std::time::Instant::now() + crate::support::PATIENCE;
    while rank(&client.matches(&matches, rivals + 1).await) != 1 {
        assert!(std::time::Instant::now() < until, "never ranks first");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let told = learner.get(&advice).await.expect(StatusCode::OK);
    assert_eq!((&told.body["rank"], &told.body["skills"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn advice_names_the_obstacles_and_is_private() {
    let market = Market::start().await;
    let (client, learner) = (market.person("카페").await, market.person("Learner").await);
    let project = client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED).text("/id");
    let advice = format!("/freelancers/me/matches/{project}/advice");
    market.get(&advice).await.expect_problem(StatusCode::UNAUTHORIZED, "unauthorized");
    learner.get(&advice).await.expect_problem(StatusCode::NOT_FOUND, "not_found");

    let obstacle = async |person: &Person<'_>, change: Value| {
        let mut profile = designer();
        for (field, value) in change.as_object().expect("an object") {
            profile[field] = value.clone();
        }
        person.put("/freelancers/me", &profile).await;
        person.get(&advice).await.expect(StatusCode::OK).body["obstacle"].clone()
    };
    assert_eq!(obstacle(&learner, json!({})).await, Value::Null);
    assert_eq!(obstacle(&learner, json!({"weekly_hours": 0})).await, "unavailable");
    assert_eq!(obstacle(&learner, json!({"languages": ["fr"]})).await, "no_shared_language");
    let dear = json!({"hourly_rate": {"amount": 60_001, "currency": "KRW"}});
    assert_eq!(obstacle(&learner, dear).await, "above_budget");
    let foreign = json!({"hourly_rate": {"amount": 10, "currency": "USD"}});
    assert_eq!(obstacle(&learner, foreign).await, "other_currency");
    assert_eq!(obstacle(&client, json!({})).await, "own_project");

    for unknown in ["prj_01J00000000000000000000000", "nonsense"] {
        let reply = learner.get(&format!("/freelancers/me/matches/{unknown}/advice")).await;
        reply.expect_problem(StatusCode::NOT_FOUND, "not_found");
    }
    client.patch(&format!("/projects/{project}"), &json!({"status": "closed"})).await.expect(StatusCode::OK);
    assert_eq!(obstacle(&learner, json!({})).await, "project_closed");
}

#[tokio::test]
async fn newcomers_have_the_requested_share() {
    // In the sample market four matchable freelancers have a history, and one has none.
    let market = Market::start_with(&["--samples"]).await;
    let token = market.sign_in("seoyun.han@example.com").await;
    let client = market.somebody("seoyun.han@example.com", &token);
    let mut project = logo_project();
    for anything_goes in ["languages", "budget"] {
        project.as_object_mut().expect("an object").remove(anything_goes);
    }
    let project = client.post("/projects", &project).await.expect(StatusCode::CREATED).text("/id");
    let path = format!("/projects/{project}/matches?min_skill_overlap=0");
    let by_score = client.matches(&path, 5).await;
    let is_newcomer = |item: &Value| item["newcomer"].as_bool().expect("newcomer or not");
    let id = |item: &Value| item["freelancer"]["id"].as_str().expect("an id").to_owned();
    let others = |items: &[Value]| -> Vec<String> { items.iter().filter(|item| !is_newcomer(item)).map(id).collect() };
    assert_eq!(others(by_score.items()).len(), 4);

    for (share, least) in [("0", [0; 5]), ("0.2", [0, 0, 0, 0, 1]), ("0.5", [0, 1, 1, 1, 1]), ("1", [1; 5])] {
        let mut shown: Vec<Value> = Vec::new();
        let mut next = format!("{path}&newcomers={share}&limit=2");
        loop {
            let page = client.get(&next).await.expect(StatusCode::OK);
            assert_eq!(page.body["pool_size"], 5);
            page.items().iter().for_each(expect_sound);
            shown.extend_from_slice(page.items());
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            next = format!("{path}&newcomers={share}&limit=2&cursor={cursor}");
        }
        assert_eq!(shown.iter().map(id).collect::<BTreeSet<_>>().len(), 5, "everybody once with {share}");
        assert_eq!(shown.len(), 5);
        assert_eq!(others(&shown), others(by_score.items()), "the others stay in their order with {share}");
        for (places, least) in (1..=5).zip(least) {
            let newcomers = shown[..places].iter().filter(|item| is_newcomer(item)).count();
            assert!(newcomers >= least, "{newcomers} of the first {places} with {share}");
        }
    }

    for (query, status, code) in [
        ("newcomers=1.1", StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers"),
        ("newcomers=-0.1", StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers"),
        ("newcomers=NaN", StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers"),
        ("newcomers=", StatusCode::UNPROCESSABLE_ENTITY, "invalid_newcomers"),
        ("newcomers=0.1&newcomers=0.2", StatusCode::BAD_REQUEST, "invalid_query"),
    ] {
        client.get(&format!("{path}&{query}")).await.expect_problem(status, code);
    }
    let cursor = client.get(&format!("{path}&newcomers=0.5&limit=2")).await.text("/next_cursor");
    for other in ["", "newcomers=0.4&"] {
        let reply = client.get(&format!("{path}&{other}cursor={cursor}")).await;
        reply.expect_problem(StatusCode::BAD_REQUEST, "invalid_cursor");
    }
}
