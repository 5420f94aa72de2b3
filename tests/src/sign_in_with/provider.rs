//! A provider on this machine that can misbehave. It speaks OpenID Connect by hand, because a library would refuse to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The secret of the market's client.
pub(super) const SECRET: &str = "canary-client-secret-7Hq2";

/// A running provider. It ends with the test.
#[derive(Clone)]
pub(super) struct Provider {
    pub(super) issuer: String,
    state: Arc<Mutex<State>>,
}

/// How a provider signs ID tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signing {
    /// As it should.
    Es256,
    /// Not at all.
    None,
    /// With the client's secret.
    Hs256,
    /// With a key that is not the published one, under its name.
    AnotherKey,
    /// With a key whose name is not published.
    UnknownKid,
}

/// The kind of discovery document that the provider publishes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Discovery {
    Good,
    /// A megabyte.
    Huge,
    /// Never whole.
    Slow,
    /// Elsewhere.
    Redirect,
    /// Another issuer's.
    Foreign,
}

struct State {
    key: SigningKey,
    kid: String,
    signing: Signing,
    discovery: Discovery,
    announces_iss: bool,
    /// Replaces claims of the next tokens; `null` removes one.
    claims: Value,
    /// The claims that the user info endpoint tells beside `sub`.
    user_info: Value,
    codes: HashMap<String, Code>,
    /// How often the keys were read.
    keys_read: usize,
}

struct Code {
    client_id: String,
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

/// The answer that the browser brings back.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) state: String,
    pub(super) code: String,
    pub(super) redirect_uri: String,
    /// The parameters of the request.
    pub(super) asked: HashMap<String, String>,
}

impl Answer {
    /// The body for the market.
    pub(super) fn body(&self) -> Value {
        json!({"state": self.state, "authorization_code": self.code})
    }
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).expect("a key")
}

impl Provider {
    /// Starts a provider that behaves.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let state = State {
            key: key(1),
            kid: "first".to_owned(),
            signing: Signing::Es256,
            discovery: Discovery::Good,
            announces_iss: false,
            claims: json!({}),
            user_info: json!({}),
            codes: HashMap::new(),
            keys_read: 0,
        };
        let provider = Self { issuer, state: Arc::new(Mutex::new(state)) };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.serve(stream).await });
            }
        });
        provider
    }

    /// The provider as the market's configuration names it.
    pub(super) fn configured(&self, id: &str) -> Value {
        json!({
            "id": id, "name": "Test", "issuer": self.issuer, "client_id": format!("market-{id}"),
            "client_secret": SECRET
        })
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("no panic"));
    }

    pub(super) fn set_signing(&self, signing: Signing) {
        self.set(|state| state.signing = signing);
    }

    pub(super) fn set_discovery(&self, discovery: Discovery) {
        self.set(|state| state.discovery = discovery);
    }

    pub(super) fn announce_iss(&self) {
        self.set(|state| state.announces_iss = true);
    }

    pub(super) fn set_claims(&self, claims: Value) {
        self.set(|state| state.claims = claims);
    }

    pub(super) fn set_user_info(&self, told: Value) {
        self.set(|state| state.user_info = told);
    }

    /// Signs with another key from now on, and publishes it.
    pub(super) fn rotate(&self, number: u8) {
        self.set(|state| {
            state.key = key(number);
            state.kid = format!("key-{number}");
        });
    }

    pub(super) fn keys_read(&self) -> usize {
        self.state.lock().expect("no panic").keys_read
    }

    /// A person signs in at the address that the market sent them to.
    pub(super) fn visit(&self, authorization_url: &str) -> Answer {
        let query = authorization_url.strip_prefix(&format!("{}/authorize?", self.issuer)).expect("an address here");
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        let code = format!("code-{}", runtime::entropy::ulid(jiff::Timestamp::now()).expect("randomness"));
        let stored = Code {
            client_id: asked["client_id"].clone(),
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
        };
        let redirect_uri = stored.redirect_uri.clone();
        self.set(|state| {
            state.codes.insert(code.clone(), stored);
        });
        Answer { state: asked["state"].clone(), code, redirect_uri, asked }
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some((head, body)) = read_request(&mut stream).await else { return };
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let (discovery, slow) = {
            let state = self.state.lock().expect("no panic");
            (state.discovery, state.discovery == Discovery::Slow)
        };
        let is_discovery = path == "/.well-known/openid-configuration";
        if is_discovery && slow {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{").await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            return;
        }
        let (status, extra, answer) = match path.as_str() {
            _ if is_discovery && discovery == Discovery::Redirect => {
                ("302 Found", format!("location: {}/elsewhere\r\n", self.issuer), json!({}))
            }
            _ if is_discovery || path == "/elsewhere" => ("200 OK", String::new(), self.document(discovery)),
            "/keys" => ("200 OK", String::new(), self.keys()),
            "/token" => {
                let (status, answer) = self.token(&head, &body);
                (status, String::new(), answer)
            }
            "/userinfo" => ("200 OK", String::new(), self.user_info()),
            _ => ("404 Not Found", String::new(), json!({})),
        };
        let answer = answer.to_string();
        let length = answer.len();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n{extra}\
             content-length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(format!("{head}{answer}").as_bytes()).await;
    }

    fn document(&self, discovery: Discovery) -> Value {
        let announces_iss = self.state.lock().expect("no panic").announces_iss;
        let issuer = if discovery == Discovery::Foreign { "https://elsewhere.example" } else { &self.issuer };
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{}/authorize", self.issuer),
            "token_endpoint": format!("{}/token", self.issuer),
            "userinfo_endpoint": format!("{}/userinfo", self.issuer),
            "jwks_uri": format!("{}/keys", self.issuer),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "none", "HS256"],
            "authorization_response_iss_parameter_supported": announces_iss,
        });
        if discovery == Discovery::Huge {
            document["filling"] = "x".repeat(1 << 20).into();
        }
        document
    }

    fn keys(&self) -> Value {
        let mut state = self.state.lock().expect("no panic");
        state.keys_read += 1;
        let point = state.key.verifying_key().to_sec1_point(false);
        // A byte for the form, then both coordinates.
        let (x, y) = point.as_bytes()[1..].split_at(32);
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": state.kid,
            "x": BASE64.encode(x), "y": BASE64.encode(y)
        }]})
    }

    fn user_info(&self) -> Value {
        let mut told = json!({"sub": "subject-1"});
        let state = self.state.lock().expect("no panic");
        replace(&mut told, &state.claims, &["sub"]);
        for (name, value) in state.user_info.as_object().expect("an object") {
            told[name] = value.clone();
        }
        told
    }

    /// Exchanges a code, once, for who holds its verifier.
    fn token(&self, head: &str, body: &str) -> (&'static str, Value) {
        let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let mut state = self.state.lock().expect("no panic");
        let refused = ("400 Bad Request", json!({"error": "invalid_grant"}));
        let Some(code) = form.get("code").and_then(|code| state.codes.remove(code)) else { return refused };
        let challenge = BASE64.encode(Sha256::digest(&form["code_verifier"]));
        let credentials = base64::prelude::BASE64_STANDARD.encode(format!("{}:{SECRET}", code.client_id));
        let is_client =
            head.lines().any(|line| line.eq_ignore_ascii_case(&format!("authorization: Basic {credentials}")));
        if challenge != code.challenge || form["redirect_uri"] != code.redirect_uri || !is_client {
            return refused;
        }
        let now = jiff::Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.issuer, "aud": code.client_id, "sub": "subject-1", "iat": now, "exp": now + 300,
            "nonce": code.nonce, "email": "mina@example.com", "email_verified": true, "name": "김민아"
        });
        let names: Vec<&str> = state.claims.as_object().expect("an object").keys().map(String::as_str).collect();
        replace(&mut claims, &state.claims, &names);
        let id_token = state.sign(&claims);
        ("200 OK", json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}))
    }
}

/// Takes the named members from `with`; `null` removes one.
fn replace(claims: &mut Value, with: &Value, names: &[&str]) {
    for name in names {
        match &with[*name] {
            Value::Null if with.get(name).is_none() => {}
            Value::Null => {
                claims.as_object_mut().expect("an object").remove(*name);
            }
            value => claims[*name] = value.clone(),
        }
    }
}

impl State {
    fn sign(&self, claims: &Value) -> String {
        let (alg, kid) = match self.signing {
            Signing::None => ("none", self.kid.as_str()),
            Signing::Hs256 => ("HS256", self.kid.as_str()),
            Signing::UnknownKid => ("ES256", "nobody-knows-it"),
            Signing::Es256 | Signing::AnotherKey => ("ES256", self.kid.as_str()),
        };
        let head = json!({"alg": alg, "typ": "JWT", "kid": kid});
        let signed = format!("{}.{}", BASE64.encode(head.to_string()), BASE64.encode(claims.to_string()));
        let signature = match self.signing {
            Signing::None => Vec::new(),
            Signing::Hs256 => {
                let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
                mac.update(signed.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Signing::AnotherKey => es256(&key(99), &signed),
            Signing::Es256 | Signing::UnknownKid => es256(&self.key, &signed),
        };
        format!("{signed}.{}", BASE64.encode(signature))
    }
}

fn es256(key: &SigningKey, text: &str) -> Vec<u8> {
    let signature: Signature = key.sign(text.as_bytes());
    signature.to_bytes().to_vec()
}

/// The head and the body of a request.
async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(part.get(..count)?);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}
