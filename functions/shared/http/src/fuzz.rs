//! Fuzz targets: API Gateway's events, JSON bodies, cursors, and query strings.

use axum::{body::Body, extract::FromRequest, http::Request};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use fuzzing::Target;

use crate::{
    JsonBody, Query,
    body::LARGEST_BYTES,
    event::Event,
    pagination::{ListId, Paging},
};

#[test]
fn fuzz_event() {
    let seeds = [
        include_str!("../../../../events/market/post-project.json"),
        include_str!("../../../../events/market/list-projects.json"),
        include_str!("../../../../events/accounts/sign-in.json"),
    ];
    Target { bytes_per_byte: 128, ..Target::new("event") }.run(seeds, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        match Event::read(text) {
            Ok(event) => event.into_request(Some("key")).is_ok(),
            Err(_) => false,
        }
    });
}

#[test]
fn fuzz_json_body() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let seeds = [
        r#"{"title":"결제 서버","skills":["Rust","DynamoDB"],"budget":{"kind":"fixed","max":9,"currency":"KRW"}}"#,
        r#"{"freelancers":[{"id":"1","skills":["\u0061"]},{"id":"2","rate":-1.5e3}],"x":[[[[{"y":null}]]]]}"#,
        "\u{feff}[true,false,null,0,18446744073709551615]",
    ];
    // The smallest element of a list takes two bytes of JSON, and the smallest object seven.
    Target { bytes_per_byte: 256, ..Target::new("json_body") }.run(seeds, |bytes| {
        let request = Request::new(Body::from(bytes.to_vec()));
        let read = runtime.block_on(JsonBody::<LARGEST_BYTES>::from_request(request, &()));
        if let Ok(body) = &read {
            let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            let known: serde_json::Value = serde_json::from_slice(text).expect("serde_json reads it, too");
            let is_short = |value: &serde_json::Value| value.as_array().is_none_or(|list| list.len() < 1_000);
            assert!(!is_short(&known) || known.to_string().len() >= body.value().to_string().len());
        }
        read.is_ok()
    });
}

#[test]
fn fuzz_cursor() {
    let list = ListId::new("projects", &[None, Some("Software")]);
    let valid = list.cursor(&u128::MAX).unwrap();
    Target::new("cursor").run([&valid], |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let read = list.position::<u128>(text);
        if let Ok(id) = &read {
            assert_eq!(list.cursor(id).unwrap(), text, "a position has one cursor");
        }
        read.is_ok()
    });
}

#[test]
fn fuzz_cursor_bytes() {
    let list = ListId::new("projects", &[]);
    let valid = BASE64_URL_SAFE_NO_PAD.decode(list.cursor(&7_u128).unwrap()).unwrap();
    Target::new("cursor_bytes")
        .run([valid], |bytes| list.position::<u128>(&BASE64_URL_SAFE_NO_PAD.encode(bytes)).is_ok());
}

#[test]
fn fuzz_query() {
    Target::new("query").run(["limit=20&cursor=AgAA", "utm_source=x&limit=%31", ""], |bytes| {
        std::str::from_utf8(bytes).is_ok_and(|text| Query::<Paging<20>>::parse(text).is_ok())
    });
}
