//! Creating once, however often the request arrives: the `Idempotency-Key` header.
//!
//! [`once`] claims the key, runs the request, and answers. The request commits its effect and the [`Ticket`]'s completion
//! in one transaction, so there is no moment at which the effect is done and a repeat would do it again. A request that
//! fails releases its claim, and its key may be used again.
//!
//! The store never sees the key: records are found by a hash of scope, route and key, and the body is kept as an HMAC under
//! the key, so that a leaked record helps nobody to guess a password in it.

use std::{future::Future, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::idempotency::{Fingerprint, IdempotencyKey};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{ApiError, Code};
use store::{
    Store, StoreError, Transaction,
    idempotency::{Claim, Claimed, StoredReply},
};

/// The header that names a request.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Which request this is, apart from its key: equal keys of different accounts or routes have nothing to do with each other.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The account that asks, or `anonymous`.
    pub scope: &'a str,
    /// Method and route, such as `POST /projects`.
    pub route: &'a str,
    /// The headers, which may hold the key.
    pub headers: &'a HeaderMap,
    /// The body as it came.
    pub body: &'a Value,
}

/// The right to take effect, handed to the request that runs.
#[derive(Debug)]
pub struct Ticket {
    claim: Option<Claim>,
    now: Timestamp,
}

impl Ticket {
    /// Adds to the request's transaction that it is done and was answered with `reply`. Without a key there is nothing to
    /// add.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub fn complete(&self, transaction: &mut Transaction, reply: &Reply) -> Result<(), StoreError> {
        match &self.claim {
            Some(claim) => claim.complete(transaction, reply.0.clone(), self.now),
            None => Ok(()),
        }
    }
}

/// An answer that can be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(StoredReply);

impl Reply {
    /// Answers with JSON.
    ///
    /// # Errors
    /// 500 if the body does not serialize.
    pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_string(body).map_err(ApiError::internal)?;
        let media_type = (header::CONTENT_TYPE.to_string(), "application/json".to_owned());
        Ok(Self(StoredReply { status: status.as_u16(), headers: vec![media_type], body }))
    }

    /// Adds a header. A value that is not text is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &HeaderValue) -> Self {
        if let Ok(value) = value.to_str() {
            self.0.headers.push((name.to_string(), value.to_owned()));
        }
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.0.body.into());
        *response.status_mut() = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::OK);
        for (name, value) in &self.0.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// Runs a request at most once per key. `run` must commit its effect together with [`Ticket::complete`].
///
/// # Errors
/// What `run` answers, which is not kept; 400 for a malformed key, 409 while the same request still runs, 422 if the key
/// came with another body before.
pub async fn once<R, F>(store: &Store, request: Request<'_>, now: Timestamp, run: R) -> Result<Response, ApiError>
where
    R: FnOnce(Ticket) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    let Some(key) = key(request.headers)? else {
        return run(Ticket { claim: None, now }).await.map(Reply::into_response);
    };
    let claim = match store.claim(&record_hash(&request, &key), fingerprint(&key, request.body), now).await? {
        Claimed::Mine(claim) => claim,
        Claimed::InProgress => return Err(in_progress()),
        Claimed::Reused => {
            return Err(ApiError::new(
                Code::IdempotencyKeyReused,
                "This Idempotency-Key came with another body before. Use a new key for a new request.",
            ));
        }
        Claimed::Replay(reply) => {
            let mut response = Reply(reply).into_response();
            response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
            return Ok(response);
        }
    };
    match run(Ticket { claim: Some(claim.clone()), now }).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) => {
            // If the outcome of the commit is unknown, this settles it: released, it can't commit any more.
            if let Err(error) = store.release(claim).await {
                tracing::debug!(error = &error as &dyn std::error::Error, "a claim is left to its lease");
            }
            Err(error)
        }
    }
}

/// The answer to whoever comes second while the first still runs.
pub(crate) fn in_progress() -> ApiError {
    ApiError::new(Code::RequestInProgress, "The same request is still being handled. Ask again in a second.")
        .retry_after(Duration::from_secs(1))
}

fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let refuse =
        || ApiError::new(Code::InvalidIdempotencyKey, "Send one Idempotency-Key of 1 to 255 visible ASCII characters.");
    if values.next().is_some() {
        return Err(refuse());
    }
    value.to_str().ok().and_then(|text| text.parse().ok()).map(Some).ok_or_else(refuse)
}

/// SHA-256 over scope, route and key, each behind its length.
fn record_hash(request: &Request<'_>, key: &IdempotencyKey) -> String {
    let mut hash = Sha256::new();
    for part in [request.scope, request.route, key.as_str()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// HMAC-SHA256 under the key over the body, members in the order of their names.
fn fingerprint(key: &IdempotencyKey, body: &Value) -> Fingerprint {
    // HMAC takes a key of any length.
    let mut mac = match Hmac::<Sha256>::new_from_slice(key.as_str().as_bytes()) {
        Ok(mac) => mac,
        Err(never) => unreachable!("{never}"),
    };
    mac.update(canonical(body).to_string().as_bytes());
    Fingerprint(mac.finalize().into_bytes().into())
}

/// The same body with the members of every object in the order of their names, whatever order `serde_json` keeps.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            Value::Object(sorted.into_iter().map(|(name, member)| (name.clone(), canonical(member))).collect())
        }
        Value::Array(elements) => Value::Array(elements.iter().map(canonical).collect()),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (IDEMPOTENCY_KEY, value.parse().unwrap())).collect()
    }

    fn read(values: &[&str]) -> Result<Option<String>, Code> {
        key(&headers(values)).map(|key| key.map(|key| key.as_str().to_owned())).map_err(|error| error.code())
    }

    #[test]
    fn a_key_is_optional_but_then_plain() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["01JD-first try"]), Err(Code::InvalidIdempotencyKey));
        assert_eq!(read(&["01JD"]), Ok(Some("01JD".to_owned())));
        assert_eq!(read(&[&"x".repeat(255)]), Ok(Some("x".repeat(255))));
        for wrong in [&[""][..], &[&"x".repeat(256)], &["키"], &["a", "b"], &["a", "a"]] {
            assert_eq!(read(wrong), Err(Code::InvalidIdempotencyKey), "{wrong:?}");
        }
    }

    #[test]
    fn scope_route_and_key_each_make_another_record() {
        let (body, none) = (json!({}), HeaderMap::new());
        let hash = |scope, route, key: &str| {
            record_hash(&Request { scope, route, headers: &none, body: &body }, &key.parse().unwrap())
        };
        let hashes = [
            hash("usr_1", "POST /projects", "k"),
            hash("usr_2", "POST /projects", "k"),
            hash("usr_1", "POST /accounts", "k"),
            hash("usr_1", "POST /projects", "l"),
            hash("usr_1", "POST /project", "sk"),
        ];
        for (index, one) in hashes.iter().enumerate() {
            assert!(hashes[index + 1..].iter().all(|other| other != one), "{index}");
        }
    }

    #[test]
    fn a_fingerprint_depends_on_key_and_content_but_not_on_order() {
        let [one, other] = ["one", "other"].map(|key| key.parse::<IdempotencyKey>().unwrap());
        let body: Value = serde_json::from_str(r#"{"a": {"x": 1, "y": [{"p": 1, "q": 2}]}, "b": "값"}"#).unwrap();
        let reordered: Value = serde_json::from_str(r#"{"b":"값","a":{"y":[{"q":2,"p":1}],"x":1}}"#).unwrap();
        assert_eq!(fingerprint(&one, &body), fingerprint(&one, &reordered));
        assert_ne!(fingerprint(&one, &body), fingerprint(&other, &body));
        assert_ne!(fingerprint(&one, &json!({"a": [1, 2]})), fingerprint(&one, &json!({"a": [2, 1]})));
    }

    #[test]
    fn a_reply_is_given_again_as_it_was() {
        let reply = Reply::json(StatusCode::CREATED, &json!({"name": "민아"}))
            .unwrap()
            .with_header(header::LOCATION, &HeaderValue::from_static("/projects/prj_1"));
        let response = reply.into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[header::LOCATION], "/projects/prj_1");
    }
}
