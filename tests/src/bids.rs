//! Comparing bids over the API: anybody may ask, the likeliest hire comes first, and nothing is stored.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Market, designer, logo_project, programmer};

fn bids() -> Value {
    json!([
        {"freelancer": programmer(), "message": "네.", "delay_minutes": 4_000},
        {"freelancer": designer(), "delay_minutes": 30,
         "message": "카페 로고를 여러 번 만들었습니다. 손으로 그린 시안 세 가지를 먼저 보여 드리고, 고르신 것을 간판과 컵, 메뉴판에 맞게 \
                     다듬겠습니다. 금요일까지 첫 시안을 보내 드릴 수 있습니다."}
    ])
}

#[tokio::test]
async fn the_likeliest_bid_comes_first_and_nothing_is_stored() {
    let market = Market::start().await;
    let body = json!({"project": logo_project(), "bids": bids()});
    let compared = market.post("/matches/bids", &body).await.expect(StatusCode::OK);
    assert!(!compared.text("/model/version").is_empty());
    let places: Vec<_> = compared.items().iter().map(|item| &item["index"]).collect();
    assert_eq!(places, [1, 0], "the designer wrote more, sooner, and about the project");
    let probabilities = compared.items().iter().map(|item| item["probability"].as_f64().expect("a number"));
    assert!((probabilities.sum::<f64>() - 1.0).abs() < 1e-6);
    for item in compared.items() {
        let names: Vec<_> = item["reasons"].as_array().expect("reasons").iter().map(|it| &it["feature"]).collect();
        assert_eq!((names.len(), names[0], names[13]), (14, &json!("skill_overlap"), &json!("earlier_bids")));
    }
    assert!(market.get("/freelancers").await.items().is_empty());
    assert!(market.get("/projects").await.items().is_empty());

    let again = market.post("/matches/bids", &body).await.expect(StatusCode::OK);
    assert_eq!(again.body["items"][0]["probability"], compared.body["items"][0]["probability"]);
}

#[tokio::test]
async fn wrong_bids_are_named_by_index_and_their_number_is_bounded() {
    let market = Market::start().await;
    let mut wrong = bids();
    wrong[0]["delay_minutes"] = json!("soon");
    wrong[1]["freelancer"]["skills"] = json!([]);
    wrong[1]["message"] = json!("글".repeat(10_001));
    let reply = market.post("/matches/bids", &json!({"project": {"skills": 1}, "bids": wrong})).await;
    let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    let expected = ["/bids/0/delay_minutes", "/bids/1/freelancer/skills", "/bids/1/message", "/project/skills"];
    assert_eq!(reply.wrong_fields(), expected);

    let bid = json!({"freelancer": {"skills": ["a"]}});
    for bids in [json!([]), json!({}), Value::Null, json!(vec![bid.clone(); 1_001])] {
        let reply = market.post("/matches/bids", &json!({"project": logo_project(), "bids": bids})).await;
        let reply = reply.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(reply.wrong_fields(), ["/bids"]);
    }
    let most = json!({"project": logo_project(), "bids": vec![bid; 1_000]});
    assert_eq!(market.post("/matches/bids", &most).await.expect(StatusCode::OK).items().len(), 1_000);
}
