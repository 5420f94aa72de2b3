//! The edges of the protocol: unknown routes, wrong methods, wrong bodies, and the gateway's own limits.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Market, PASSWORD, logo_project};

#[tokio::test]
async fn an_unknown_route_gets_the_gateways_own_answer() {
    let market = Market::start().await;
    for (method, path) in
        [(Method::GET, "/health/more"), (Method::GET, "/nothing/here"), (Method::DELETE, "/freelancers/frl_1")]
    {
        let reply = market.request(method, path).send().await.expect(StatusCode::NOT_FOUND);
        assert_eq!(reply.body, json!({"message": "Not Found"}));
    }
}

#[tokio::test]
async fn a_body_larger_than_the_gateway_takes_is_refused() {
    let market = Market::start().await;
    let client = market.person("큰손").await;
    let huge = vec![b' '; 10 * 1024 * 1024 + 1];
    let reply = client.request(Method::POST, "/projects").raw_json(huge).send().await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    // The market goes on.
    client.post("/projects", &logo_project()).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let market = Market::start().await;
    let form = market.request(Method::POST, "/sessions").header("content-type", "application/x-www-form-urlencoded");
    form.send().await.expect_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type");
}

#[tokio::test]
async fn malformed_json_and_json_that_is_no_object_get_different_codes() {
    let market = Market::start().await;
    let post = |body: &[u8]| market.request(Method::POST, "/sessions").raw_json(body.to_vec()).send();
    for malformed in [&b""[..], b"{", b"{\"email\": }", b"\xff\xfe", b"[1,]"] {
        post(malformed).await.expect_problem(StatusCode::BAD_REQUEST, "malformed_json");
    }
    for other in [&b"[]"[..], b"null", b"5", b"\"text\"", b"true"] {
        let reply = post(other).await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(reply.wrong_fields(), [""]);
    }
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let market = Market::start().await;
    let ok = market.get("/freelancers").await.expect(StatusCode::OK);
    let refused = market.post("/sessions", &json!({"email": "a@example.com", "password": PASSWORD})).await;
    for reply in [&ok, &refused] {
        assert!(!reply.header("apigw-requestid").is_empty(), "{:?}", reply.headers);
    }
    assert_eq!(refused.body["request_id"], refused.header("apigw-requestid"));
}
