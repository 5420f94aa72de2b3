//! Fuzz targets: access tokens, and claims under a valid signature.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::values::{AccountId, SessionId};
use fuzzing::Target;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;

use crate::{SigningKey, Subject, Terms, es256, issue, key_id, verify};

fn terms() -> Terms {
    Terms { issuer: "pairwork".to_owned(), audience: "pairwork".to_owned(), lifetime_seconds: 3600 }
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// A key that is the same in every run, so that an input means the same.
fn key() -> SigningKey {
    SigningKey::from_secret(&BASE64_URL_SAFE_NO_PAD.encode([7; 32])).unwrap()
}

fn token(key: &SigningKey) -> String {
    let ulid = ulid::Ulid::from_parts(0, 1);
    let subject = Subject { account_id: AccountId::new(ulid), session_id: SessionId::new(ulid) };
    issue(key, &terms(), subject, now()).unwrap()
}

#[test]
fn fuzz_access_token() {
    let key = key();
    let valid = token(&key);
    // The decoder of JSON takes strings of a header into memory several times.
    Target::new("access_token").run([&valid], |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let _ = key_id(text);
        let accepted = verify(text, key.public(), &terms(), now()).is_ok();
        assert!(!accepted || text == valid, "another spelling of a token is accepted: {text}");
        accepted
    });
}

#[test]
fn fuzz_access_token_claims() {
    let key = key();
    es256::install();
    let valid = token(&key);
    let mut parts = valid.split('.');
    let (header, claims) = (parts.next().unwrap(), parts.next().unwrap());
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    Target::new("access_token_claims").run([claims], |bytes| {
        let message = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key.encoding(), Algorithm::ES256).unwrap();
        match verify(&format!("{message}.{signature}"), key.public(), &terms(), now()) {
            Ok(claims) => {
                assert!(claims.exp > now().as_second() && claims.iss == "pairwork" && claims.aud == "pairwork");
                true
            }
            Err(_) => false,
        }
    });
}
