//! A response in the form that API Gateway expects from a function.
//!
//! REST APIs and load balancers read the same members, so a refusal reaches their clients too.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderMap, header::SET_COOKIE},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;

/// The reply of a function to API Gateway.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionResponse {
    status_code: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

impl FunctionResponse {
    /// Reads a response completely.
    ///
    /// # Errors
    /// The body ends early. The bodies of this API are complete before they are sent.
    pub(crate) async fn of(response: Response) -> Result<Self, axum::Error> {
        let (mut parts, body) = response.into_parts();
        let cookies = parts.headers.get_all(SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect();
        parts.headers.remove(SET_COOKIE);
        let bytes = axum::body::to_bytes(body, usize::MAX).await?;
        let (body, is_base64_encoded) = match String::from_utf8(bytes.into()) {
            Ok(text) => (text, false),
            Err(binary) => (BASE64_STANDARD.encode(binary.as_bytes()), true),
        };
        let (status_code, headers) = (parts.status.as_u16(), joined(&parts.headers));
        Ok(Self { status_code, headers, cookies, body, is_base64_encoded })
    }
}

/// The headers; values of one name are joined by commas.
fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.to_string())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    joined
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::header, response::IntoResponse};
    use serde_json::{Value, json};

    use super::*;

    async fn reply(response: impl IntoResponse) -> Value {
        serde_json::to_value(FunctionResponse::of(response.into_response()).await.unwrap()).unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn text_stays_text_and_bytes_become_base64() {
        let body = reply(Body::from("민아")).await;
        assert_eq!((&body["body"], &body["isBase64Encoded"]), (&json!("민아"), &json!(false)));
        let body = reply(Body::from(vec![0xff, 0xfe])).await;
        assert_eq!((&body["body"], &body["isBase64Encoded"]), (&json!("//4="), &json!(true)));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn headers_of_one_name_are_joined() {
        let headers = axum::response::AppendHeaders([(header::VARY, "origin"), (header::VARY, "accept-language")]);
        let body = reply((axum::http::StatusCode::CREATED, headers)).await;
        assert_eq!(
            body,
            json!({
                "statusCode": 201,
                "headers": {"vary": "origin, accept-language"},
                "body": "",
                "isBase64Encoded": false
            })
        );
    }
}
