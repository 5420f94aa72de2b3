//! The cookie that ties an authorization to the browser that began it.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::account::AUTHORIZATION_LIFETIME;
use runtime::entropy::NoEntropy;

/// Its prefix makes browsers refuse the cookie without TLS, from another host, and for a part of the paths.
const NAME: &str = "__Host-sign_in_with";
/// The characters of a secret: 32 bytes in base64url.
const LENGTH: usize = 43;

/// A browser, by the random secret in its cookie.
pub(super) struct Browser(String);

impl Browser {
    /// The browser of a request. A browser without the cookie gets a new secret.
    ///
    /// # Errors
    /// There is no randomness.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, NoEntropy> {
        match Self::known(headers) {
            Some(browser) => Ok(browser),
            None => Ok(Self(crate::random_text::<32>()?)),
        }
    }

    /// The browser of a request that must have the cookie. A request that another site caused has none.
    pub(super) fn known(headers: &HeaderMap) -> Option<Self> {
        let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
        if site.is_some_and(|site| site != "same-origin") {
            return None;
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, secret) = pairs.find(|(name, _)| *name == NAME)?;
        let is_secret = secret.len() == LENGTH
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        is_secret.then(|| Self(secret.to_owned()))
    }

    /// The hash by which the store knows the browser.
    pub(super) fn hash(&self) -> String {
        crate::hash(self.0.as_bytes())
    }

    /// Sets the cookie for as long as an authorization lives. No script can read it, and no other site can send it.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let seconds = AUTHORIZATION_LIFETIME.as_secs();
        format!("{NAME}={}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Strict", self.0).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str, site: &'static str) -> HeaderMap {
        HeaderMap::from_iter([
            (header::COOKIE, cookie.parse().unwrap()),
            ("sec-fetch-site".parse().unwrap(), HeaderValue::from_static(site)),
        ])
    }

    #[test]
    fn a_browser_is_known_by_its_cookie() {
        let secret = "a".repeat(LENGTH);
        let cookie = format!("b=1; {NAME}={secret}");
        let browser = Browser::known(&headers(&cookie, "same-origin")).unwrap();
        assert_eq!(browser.hash(), crate::hash(secret.as_bytes()));
        assert!(Browser::known(&headers(&cookie, "cross-site")).is_none());
        for wrong in [String::new(), format!("{NAME}=short"), format!("{NAME}={}\"", "a".repeat(LENGTH - 1))] {
            assert!(Browser::known(&headers(&wrong, "same-origin")).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_new_browser_gets_a_secret_that_it_keeps() {
        let browser = Browser::of(&HeaderMap::new()).unwrap();
        let cookie = browser.cookie().unwrap();
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(Browser::of(&headers(&pair, "same-origin")).unwrap().hash(), browser.hash());
        assert_ne!(Browser::of(&HeaderMap::new()).unwrap().hash(), browser.hash());
    }
}
