//! Makes sure that a request takes effect once, however often it arrives: the `Idempotency-Key` header.
//!
//! [`once`] claims the key, runs the request, and replies. The request commits its effect and the [`Ticket`]'s
//! completion in one transaction, so a repeat never has the effect again. A request that fails releases its claim, and
//! its key may be used again.
//!
//! The store never receives the key. It finds a record by a hash of scope, route and key, and keeps an HMAC of the body
//! under the key. So a leaked record does not help to guess a password in the body.
//!
//! Keys of signed-in accounts belong to the account. Keys of anonymous callers belong to their network address, so a
//! stranger who learns such a key gets no reply from it. A stranger in the same network could still guess the body, and
//! a registration holds a password. So the first wrong body spoils an anonymous key: from then on, no body gets the
//! reply.

mod header;

use std::{future::Future, time::Duration};

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::idempotency::{Fingerprint, IdempotencyKey};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{
    Store, StoreError, Transaction,
    idempotency::{Claim, Claimed, StoredReply},
};

pub use self::header::IdempotencyHeader;
use crate::{ApiError, Code, limits::AddressPrefix};

/// The header that marks a repeated answer.
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The owner of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender<'a> {
    /// A signed-in account, by its id.
    Account(&'a str),
    /// An anonymous caller at this network address.
    Anonymous(AddressPrefix),
}

/// A request that may be a repeat. Equal keys of different senders or routes identify different requests.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The owner of the key.
    pub sender: Sender<'a>,
    /// Method and route, such as `POST /projects`.
    pub route: &'a str,
    /// The key. Without one, the request is never a repeat.
    pub key: Option<&'a IdempotencyKey>,
    /// The body as it was sent.
    pub body: &'a Value,
}

/// The permission for a running request to take effect.
#[derive(Debug)]
pub struct Ticket {
    claim: Option<Claim>,
    now: Timestamp,
}

impl Ticket {
    /// Adds the write that completes the request, with its reply, to the request's transaction. Adds nothing if the
    /// request has no key.
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

/// A reply that can be stored and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(StoredReply);

impl Reply {
    /// A reply with a JSON body.
    ///
    /// # Errors
    /// 500 if the body does not serialize.
    pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_string(body).map_err(ApiError::internal)?;
        let media_type = (CONTENT_TYPE.to_string(), "application/json".to_owned());
        Ok(Self(StoredReply { status: status.as_u16(), headers: vec![media_type], body }))
    }

    /// A reply without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self(StoredReply { status: status.as_u16(), headers: Vec::new(), body: String::new() })
    }

    /// Adds a header. A value that is not text is dropped.
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
/// The error of `run`, which is not stored; 409 while the same request still runs; 422 if the key was used with another
/// body before.
pub async fn once<R, F>(store: &Store, request: Request<'_>, now: Timestamp, run: R) -> Result<Response, ApiError>
where
    R: FnOnce(Ticket) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    let Some(key) = request.key else {
        return run(Ticket { claim: None, now }).await.map(Reply::into_response);
    };
    let hash = record_hash(&request, key);
    let claim = match store.claim(&hash, fingerprint(key, request.body), now).await? {
        Claimed::Mine(claim) => claim,
        Claimed::InProgress => return Err(in_progress()),
        Claimed::Reused => {
            if matches!(request.sender, Sender::Anonymous(_)) {
                store.spoil(&hash, now).await?;
            }
            return Err(ApiError::new(
                Code::IDEMPOTENCY_KEY_REUSED,
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
        // If the outcome of a commit is unknown and the commit still runs, it now fails, because its claim is gone.
        Err(error) => match store.release(claim).await {
            Ok(Some(reply)) => Ok(Reply(reply).into_response()),
            Ok(None) => Err(error),
            Err(unreleased) => {
                tracing::debug!(error = &unreleased as &dyn std::error::Error, "a claim is left to its lease");
                Err(error)
            }
        },
    }
}

/// 409 `request_in_progress`: the first of two equal requests still runs.
pub(crate) fn in_progress() -> ApiError {
    ApiError::new(Code::REQUEST_IN_PROGRESS, "The same request is still being handled. Ask again in a second.")
        .retry_after(Duration::from_secs(1))
}

/// SHA-256 over sender, route and key, each after its length.
fn record_hash(request: &Request<'_>, key: &IdempotencyKey) -> String {
    let sender = match request.sender {
        Sender::Account(id) => id.to_owned(),
        Sender::Anonymous(address) => format!("anonymous {address}"),
    };
    let mut hash = Sha256::new();
    for part in [&sender, request.route, key.as_str()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// HMAC-SHA256 under the key over the body, its members sorted by name.
fn fingerprint(key: &IdempotencyKey, body: &Value) -> Fingerprint {
    // HMAC takes a key of any length.
    let mut mac = match Hmac::<Sha256>::new_from_slice(key.as_str().as_bytes()) {
        Ok(mac) => mac,
        Err(never) => unreachable!("{never}"),
    };
    mac.update(canonical(body).to_string().as_bytes());
    Fingerprint(mac.finalize().into_bytes().into())
}

/// The same body with the members of every object sorted by name, independent of the order that `serde_json` keeps.
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
    use axum::http::header;
    use serde_json::json;

    use super::*;

    #[test]
    fn sender_route_and_key_each_make_another_record() {
        let body = json!({});
        let hash = |sender, route, key: &str| {
            record_hash(&Request { sender, route, key: None, body: &body }, &key.parse().unwrap())
        };
        let [one, two] = ["usr_1", "usr_2"].map(Sender::Account);
        let at = |address| Sender::Anonymous(AddressPrefix::read(address));
        let hashes = [
            hash(one, "POST /projects", "k"),
            hash(two, "POST /projects", "k"),
            hash(one, "POST /accounts", "k"),
            hash(one, "POST /projects", "l"),
            hash(one, "POST /project", "sk"),
            hash(at("203.0.113.9"), "POST /accounts", "k"),
            hash(at("203.0.113.8"), "POST /accounts", "k"),
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
    fn a_stored_reply_equals_the_first_one() {
        let reply = Reply::json(StatusCode::CREATED, &json!({"name": "민아"}))
            .unwrap()
            .with_header(header::LOCATION, &HeaderValue::from_static("/projects/prj_1"));
        let response = reply.into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[header::LOCATION], "/projects/prj_1");
    }
}
