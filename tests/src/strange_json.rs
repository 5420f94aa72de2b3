//! The JSON parsing test suite on every route that takes a body: JSON is read, anything else is refused, and nothing
//! causes a 5xx.

use std::path::PathBuf;

use reqwest::{Method, StatusCode};

use crate::support::{Market, Person};

/// Every route that takes a body, with its answer to JSON of the wrong shape.
const BODIES: [(Method, &str); 7] = [
    (Method::POST, "/accounts"),
    (Method::POST, "/sessions"),
    (Method::PUT, "/freelancers/me"),
    (Method::POST, "/projects"),
    (Method::PATCH, "/projects/{project_id}"),
    (Method::POST, "/matches/score"),
    (Method::POST, "/matches/bids"),
];

/// The folder of conformance vectors.
pub(crate) fn vectors() -> PathBuf {
    std::env::var_os("PAIRWORK_VECTORS").expect("PAIRWORK_VECTORS names the folder of conformance vectors").into()
}

#[tokio::test]
#[ignore = "needs the JSON parsing test suite: set PAIRWORK_VECTORS"]
async fn every_body_survives_the_json_parsing_test_suite() {
    let market = Market::start_with(&["--parameter-overrides", "AccountLimitFactor=1000"]).await;
    let client = market.person("파서").await;
    let project = client.post("/projects", &crate::support::logo_project()).await.text("/id");
    let (mut accepted, mut rejected, mut either) = (0, 0, 0);

    let mut files: Vec<_> = std::fs::read_dir(vectors().join("jsontestsuite/test_parsing"))
        .expect("the suite is there")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned();
        let body = std::fs::read(&file).expect("a readable file");
        for (method, path) in &BODIES {
            let path = path.replace("{project_id}", &project);
            let code = send(&client, method, &path, &body).await;
            match name.as_bytes()[0] {
                // JSON's grammar allows a key twice. This API refuses it, as I-JSON does (RFC 7493, section 2.3).
                b'y' if name.starts_with("y_object_duplicated_key") => {
                    assert_eq!(code, "duplicate_key", "{method} {path} took {name}");
                }
                b'y' => assert_ne!(code, "malformed_json", "{method} {path} refused {name}"),
                b'n' => assert_eq!(code, "malformed_json", "{method} {path} took {name}"),
                _ => {}
            }
        }
        match name.as_bytes()[0] {
            b'y' => accepted += 1,
            b'n' => rejected += 1,
            _ => either += 1,
        }
    }
    assert_eq!((accepted, rejected, either), (95, 188, 35), "the suite is not the one expected");
}

/// Sends a body and returns the problem's code, or `""` when it was taken. Never a 5xx.
async fn send(client: &Person<'_>, method: &Method, path: &str, body: &[u8]) -> String {
    let reply = client.request(method.clone(), path).raw_json(body.to_vec()).send().await;
    assert!(reply.status < StatusCode::INTERNAL_SERVER_ERROR, "{method} {path}: {reply:?}");
    reply.body["code"].as_str().unwrap_or_default().to_owned()
}
