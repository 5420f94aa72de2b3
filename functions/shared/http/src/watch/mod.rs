//! Log lines about callers: security events and traffic, under pseudonyms.
//!
//! Operators find an attacker's requests by the pseudonym of the caller, and the attacked account by its own. The log
//! holds neither addresses nor account ids beside them.

mod pseudonym;
mod traffic;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::http::StatusCode;
use jiff::Timestamp;
use runtime::{Config, entropy};

use self::{pseudonym::PseudonymKey, traffic::Traffic};
use crate::limits::AddressPrefix;

/// The account that a request is about, as far as it is known. The frame puts one into every request, and sign-in and
/// limits fill it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Concerned(Arc<OnceLock<String>>);

impl Concerned {
    /// Notes the account: its id, or before sign-in the key of its e-mail address. The first note counts.
    pub(crate) fn account(&self, account: &str) {
        let _ = self.0.set(account.to_owned());
    }
}

/// The answer to one request, as the log sees it.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    pub(crate) status: StatusCode,
    pub(crate) code: &'a str,
    pub(crate) caller: AddressPrefix,
    pub(crate) concerned: &'a Concerned,
}

/// Watches the answers of one process.
#[derive(Debug, Clone)]
pub struct Watch {
    key: Arc<PseudonymKey>,
    traffic: Arc<Mutex<Traffic>>,
    /// The value of the header that tells CloudFront's requests from others.
    pub(crate) edge_key: Option<Arc<str>>,
}

impl Watch {
    /// A watch with the deployment's key of pseudonyms, or with a random one. Pseudonyms of a random key compare only
    /// within this process.
    ///
    /// # Errors
    /// There is no key, and the operating system gives no randomness.
    pub fn new(config: &Config) -> Result<Self, entropy::NoEntropy> {
        let key = match &config.pseudonym_key {
            Some(key) => PseudonymKey::new(key.as_bytes()),
            None => PseudonymKey::new(&entropy::bytes::<32>()?),
        };
        let edge_key = config.edge_key.as_deref().map(Arc::from);
        Ok(Self { key: Arc::new(key), traffic: Arc::default(), edge_key })
    }

    /// The pseudonym of a network address.
    pub(crate) fn pseudonym_of(&self, caller: AddressPrefix) -> String {
        self.key.of("caller", &caller.to_string())
    }

    /// Logs a security event if the answer is one, and counts the caller's traffic.
    pub(crate) fn saw(&self, seen: &Seen<'_>, now: Timestamp) {
        if let Some(event) = security_event(seen.method, seen.route, seen.status, seen.code) {
            let Seen { method, route, code, .. } = seen;
            let caller = self.pseudonym_of(seen.caller);
            let account = seen.concerned.0.get().map_or_else(String::new, |account| self.key.of("account", account));
            let status = seen.status.as_u16();
            tracing::info!(security_event = event, caller, account, method, route, status, code, "security: {event}");
        }
        // A panic in another request leaves counts that are right or one too few.
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        for ended in traffic.count(seen.caller, (seen.method, seen.route), seen.status, now) {
            let caller = ended.caller.map_or_else(|| "others".to_owned(), |it| self.pseudonym_of(it));
            tracing::info!(
                traffic = true,
                caller,
                minute = %ended.minute,
                requests = ended.requests,
                refused_share = ended.refused_share,
                routes = ended.routes,
                gap_mean_ms = ended.gap_mean_ms,
                gap_deviation_ms = ended.gap_deviation_ms,
                "traffic of one caller in one minute"
            );
        }
    }
}

/// The name of the security event that an answer is.
fn security_event(method: &str, route: &str, status: StatusCode, code: &str) -> Option<&'static str> {
    const SIGN_INS: [&str; 3] = ["/sessions", "/sessions/passkeys", "/sessions/providers/{id}"];
    let signs_in = method == "POST" && SIGN_INS.contains(&route);
    match status {
        StatusCode::UNPROCESSABLE_ENTITY if code == "invalid_code" => Some("code_refused"),
        StatusCode::UNAUTHORIZED if signs_in => Some("sign_in_failed"),
        StatusCode::UNAUTHORIZED if route == "/sessions/refresh" => Some("refresh_refused"),
        StatusCode::UNAUTHORIZED => Some("unauthorized"),
        StatusCode::FORBIDDEN => Some("forbidden"),
        StatusCode::TOO_MANY_REQUESTS => Some("too_many_requests"),
        status if signs_in && status.is_success() => Some("signed_in"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_and_refusals_are_security_events() {
        let event = |key: &str, status: u16| {
            let (method, route) = key.split_once(' ').unwrap();
            security_event(method, route, StatusCode::from_u16(status).unwrap(), "invalid_code")
        };
        assert_eq!(event("POST /sessions", 422), Some("code_refused"));
        assert_eq!(event("POST /sessions/current/proof", 422), Some("code_refused"));
        assert_eq!(event("POST /sessions/providers/{id}", 401), Some("sign_in_failed"));
        assert_eq!(event("POST /sessions/refresh", 401), Some("refresh_refused"));
        assert_eq!(event("POST /sessions", 200), Some("signed_in"));
        assert_eq!(event("POST /sessions", 401), Some("sign_in_failed"));
        assert_eq!(event("POST /sessions/passkeys", 200), Some("signed_in"));
        assert_eq!(event("POST /sessions/passkeys", 401), Some("sign_in_failed"));
        assert_eq!(event("GET /accounts/me", 401), Some("unauthorized"));
        assert_eq!(event("PATCH /projects/{id}", 403), Some("forbidden"));
        assert_eq!(event("POST /sessions", 429), Some("too_many_requests"));
        for (key, status) in [("GET /projects", 200), ("POST /sessions/refresh", 200), ("GET /sessions", 200)] {
            assert_eq!(event(key, status), None, "{key} {status}");
        }
        let invalid = security_event("POST", "/projects", StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(invalid, None);
    }
}
