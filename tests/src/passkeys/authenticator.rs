//! A software authenticator: it makes passkeys and signs challenges, as a phone or a security key does.
//!
//! Formats: <https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data>, and RFC 9053 for the key. A test changes one
//! field of it to make an answer that a real authenticator would not give.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The person was there.
const USER_PRESENT: u8 = 0x01;
/// The person was verified by a finger, a face or a PIN.
const USER_VERIFIED: u8 = 0x04;
/// The answer holds a new key.
const NEW_KEY: u8 = 0x40;

/// A passkey on a device, and the browser in front of it.
#[derive(Clone)]
pub(crate) struct Authenticator {
    key: SigningKey,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) user_handle: String,
    /// The signatures so far.
    pub(crate) counter: u32,
    /// The origin of the page that asks.
    pub(crate) origin: String,
    /// The site for which it answers.
    pub(crate) rp_id: String,
    pub(crate) verifies_person: bool,
}

impl Authenticator {
    /// A device whose key comes from `seed`, in the hand of a person at the page of a local market.
    pub(crate) fn new(seed: u8, market_url: &str) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).expect("a scalar below the order");
        Self {
            key,
            credential_id: Sha256::digest([seed]).to_vec(),
            user_handle: String::new(),
            counter: 0,
            origin: market_url.replace("127.0.0.1", "localhost"),
            rp_id: "localhost".to_owned(),
            verifies_person: true,
        }
    }

    /// Answers `navigator.credentials.create()`.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        self.user_handle = options["user"]["id"].as_str().expect("a user handle").to_owned();
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.authenticator_data(NEW_KEY);
        data.extend([0; 16]); // the kind of device: unknown
        data.extend(u16::try_from(self.credential_id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(self.cose_key());
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt");
        attestation.push(0x64);
        attestation.extend(b"none");
        attestation.push(0x67);
        attestation.extend(b"attStmt");
        attestation.extend([0xa0, 0x68]);
        attestation.extend(b"authData");
        attestation.extend([0x58, u8::try_from(data.len()).expect("at most 255 bytes")]);
        attestation.extend(data);
        self.answer(json!({
            "clientDataJSON": encode(&client_data),
            "attestationObject": encode(&attestation),
            "transports": ["internal"],
        }))
    }

    /// Answers `navigator.credentials.get()`.
    pub(crate) fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(0);
        let signed: Vec<u8> = data.iter().copied().chain(Sha256::digest(&client_data)).collect();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(signature.to_der().as_bytes()),
            "userHandle": self.user_handle,
        }))
    }

    fn answer(&self, response: Value) -> Value {
        let id = encode(&self.credential_id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        let Value::String(challenge) = &options["challenge"] else { panic!("no challenge: {options:#}") };
        let data = json!({
            "type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self, further_flags: u8) -> Vec<u8> {
        let verified = if self.verifies_person { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.rp_id).to_vec();
        data.push(USER_PRESENT | verified | further_flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        // 4 (uncompressed), x, y
        let (x, y) = point.as_bytes()[1..].split_at(32);
        key.extend(x);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(y);
        key
    }
}

/// Base64url.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a base64url text.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
}
