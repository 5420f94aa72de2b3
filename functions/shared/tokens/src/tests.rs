//! Tests with valid tokens and with every kind of invalid token.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use super::*;

fn terms() -> Terms {
    Terms { issuer: "pairwork".to_owned(), audience: "pairwork".to_owned(), lifetime_seconds: 3600 }
}

fn subject() -> Subject {
    let ulid = ulid::Ulid::from_parts(0, 1);
    Subject { account_id: AccountId::new(ulid), session_id: SessionId::new(ulid) }
}

/// The claims of a valid token, without its times.
fn claims() -> Value {
    let Subject { account_id, session_id } = subject();
    json!({
        "iss": "pairwork", "aud": "pairwork", "sub": account_id, "sid": session_id, "jti": "1", "iat": 0,
        "exp": i64::MAX,
    })
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

fn encoded(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

/// A token with any header and claims, signed with `key`.
fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    es256::install();
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key.encoding(), Algorithm::ES256).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn a_token_names_the_signed_in_account() {
    let key = SigningKey::generate().unwrap();
    let token = issue(&key, &terms(), subject(), now()).unwrap();
    assert_eq!(key_id(&token).unwrap(), key.public().kid());
    let claims = verify(&token, key.public(), &terms(), later(10)).unwrap();
    assert_eq!((claims.sub, claims.sid), (subject().account_id, subject().session_id));
    assert_eq!(claims.exp - claims.iat, 3600);
}

#[test]
fn a_key_survives_storage() {
    let key = SigningKey::generate().unwrap();
    let restored = SigningKey::from_secret(&key.secret()).unwrap();
    let token = issue(&restored, &terms(), subject(), now()).unwrap();
    assert!(verify(&token, key.public(), &terms(), now()).is_ok());
    let published: PublicKey = key.public().to_jwk().try_into().unwrap();
    assert!(verify(&token, &published, &terms(), now()).is_ok());
}

#[test]
fn a_token_is_valid_until_it_expires() {
    let key = SigningKey::generate().unwrap();
    let token = issue(&key, &terms(), subject(), now()).unwrap();
    assert!(verify(&token, key.public(), &terms(), later(3599)).is_ok());
    assert_eq!(verify(&token, key.public(), &terms(), later(3600)), Err(TokenError::Expired));
    assert!(verify(&token, key.public(), &terms(), later(-CLOCK_SKEW_SECONDS)).is_ok());
    assert_eq!(verify(&token, key.public(), &terms(), later(-CLOCK_SKEW_SECONDS - 1)), Err(TokenError::Premature));
}

#[test]
fn a_token_of_another_market_is_refused() {
    let key = SigningKey::generate().unwrap();
    for other in
        [Terms { issuer: "elsewhere".to_owned(), ..terms() }, Terms { audience: "elsewhere".to_owned(), ..terms() }]
    {
        let token = issue(&key, &other, subject(), now()).unwrap();
        assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Foreign));
    }
}

#[test]
fn a_token_of_another_key_is_refused() {
    let token = issue(&SigningKey::generate().unwrap(), &terms(), subject(), now()).unwrap();
    let other = SigningKey::generate().unwrap();
    assert_eq!(verify(&token, other.public(), &terms(), now()), Err(TokenError::Forged));
}

#[test]
fn a_changed_token_is_refused() {
    let key = SigningKey::generate().unwrap();
    let token = issue(&key, &terms(), subject(), now()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let forged = format!("{}.{}.{}", parts[0], encoded(&claims()), parts[2]);
    assert_eq!(verify(&forged, key.public(), &terms(), now()), Err(TokenError::Forged));
}

#[test]
fn a_token_cannot_choose_the_algorithm() {
    let key = SigningKey::generate().unwrap();
    let token = issue(&key, &terms(), subject(), now()).unwrap();
    let payload = token.split('.').nth(1).unwrap();
    for algorithm in ["none", "None", "HS256", "ES384", "RS256", "PS256", "EdDSA", "ES256K", ""] {
        let header = encoded(&json!({"typ": TYPE, "alg": algorithm, "kid": key.public().kid()}));
        let message = format!("{header}.{payload}");
        // The public key as the secret of a keyed hash, which is the classic confusion of algorithms.
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.public().to_jwk().x.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        let tag = BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        for token in [format!("{message}."), format!("{message}.{tag}")] {
            assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Unacceptable), "{token}");
            assert_eq!(key_id(&token), Err(TokenError::Unacceptable));
        }
    }
}

#[test]
fn a_key_inside_the_token_is_not_used() {
    let (ours, theirs) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let jwk = theirs.public().to_jwk();
    let header = json!({
        "typ": TYPE, "alg": "ES256", "kid": ours.public().kid(),
        "jwk": {"kty": "EC", "crv": "P-256", "x": jwk.x, "y": jwk.y},
    });
    let token = signed(&theirs, &header, &claims());
    assert_eq!(verify(&token, ours.public(), &terms(), now()), Err(TokenError::Forged));
}

#[test]
fn extensions_and_missing_claims_are_refused() {
    let key = SigningKey::generate().unwrap();
    let whole = claims();
    let plain = json!({"typ": TYPE, "alg": "ES256", "kid": key.public().kid()});
    assert!(verify(&signed(&key, &plain, &whole), key.public(), &terms(), now()).is_ok());

    let critical = json!({"typ": TYPE, "alg": "ES256", "kid": key.public().kid(), "crit": ["exp"], "exp": 1});
    let token = signed(&key, &critical, &whole);
    assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Unacceptable));

    for missing in ["iss", "aud", "sub", "sid", "jti", "iat", "exp"] {
        let mut claims = whole.clone();
        claims.as_object_mut().unwrap().remove(missing);
        let token = signed(&key, &plain, &claims);
        assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Malformed), "{missing}");
    }
}

#[test]
fn another_kind_of_token_is_refused() {
    let key = SigningKey::generate().unwrap();
    for kind in [json!("JWT"), json!("at+JWT"), json!("refresh+jwt"), Value::Null] {
        let header = json!({"typ": kind, "alg": "ES256", "kid": key.public().kid()});
        let token = signed(&key, &header, &claims());
        assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Unacceptable), "{kind}");
    }
}

#[test]
fn a_token_may_begin_later_than_it_was_issued() {
    let key = SigningKey::generate().unwrap();
    let header = json!({"typ": TYPE, "alg": "ES256", "kid": key.public().kid()});
    let mut claims = claims();
    claims["nbf"] = json!(now().as_second() + 60);
    let token = signed(&key, &header, &claims);
    assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Premature));
    assert!(verify(&token, key.public(), &terms(), later(60)).is_ok());
}

#[test]
fn a_claim_given_twice_is_refused() {
    let key = SigningKey::generate().unwrap();
    es256::install();
    let header = json!({"typ": TYPE, "alg": "ES256", "kid": key.public().kid()});
    let twice = claims().to_string().replacen('{', "{\"exp\":1,", 1);
    let message = format!("{}.{}", encoded(&header), BASE64_URL_SAFE_NO_PAD.encode(twice));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key.encoding(), Algorithm::ES256).unwrap();
    let token = format!("{message}.{signature}");
    assert_eq!(verify(&token, key.public(), &terms(), now()), Err(TokenError::Malformed));
}

#[test]
fn noise_is_malformed() {
    let key = SigningKey::generate().unwrap();
    let token = issue(&key, &terms(), subject(), now()).unwrap();
    for noise in ["", ".", "..", "a.b", "a.b.c.d", "토큰", &format!("{token}."), &format!("{token}=")] {
        assert!(
            matches!(
                verify(noise, key.public(), &terms(), now()),
                Err(TokenError::Malformed | TokenError::Unacceptable)
            ),
            "{noise}"
        );
    }
}

/// Project Wycheproof's JSON Web Signatures: every group with a P-256 key, valid and invalid.
#[test]
#[ignore = "reads the folder PAIRWORK_VECTORS, which is not part of the repository; .ci/run gives it"]
fn wycheproof_json_web_signatures() {
    #[derive(Deserialize)]
    struct Vectors {
        #[serde(rename = "testGroups")]
        groups: Vec<Group>,
    }
    #[derive(Deserialize)]
    struct Group {
        public: Option<Value>,
        private: Option<Value>,
        tests: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        #[serde(rename = "tcId")]
        id: u32,
        comment: String,
        jws: Value,
        result: String,
    }
    let folder = std::env::var_os("PAIRWORK_VECTORS").expect("PAIRWORK_VECTORS names the folder of vectors");
    let file = std::path::Path::new(&folder).join("wycheproof/json_web_signature_test.json");
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for group in vectors.groups {
        let Some(key) = group.public.or(group.private) else { continue };
        let p256 = key["crv"] == "P-256";
        let key = serde_json::from_value::<Jwk>(key).ok().and_then(|jwk| PublicKey::try_from(jwk).ok());
        for case in group.tests {
            let believed = match (&key, case.jws.as_str()) {
                (Some(key), Some(token)) => authentic_payload(token, key).is_ok(),
                _ => false,
            };
            // A key of another kind is never accepted, even if its signature is valid.
            let expected = p256 && case.result == "valid";
            match (believed, expected) {
                (true, true) => accepted += 1,
                (false, false) => refused += 1,
                _ => wrong.push((case.id, case.comment, believed)),
            }
        }
    }
    assert_eq!(wrong, [], "accepted {accepted}, refused {refused}");
    assert!(accepted > 0 && refused > 0);
}
