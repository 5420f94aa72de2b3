//! The cookie that keeps a page's refresh token out of the reach of scripts.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::account::KEPT;

use super::refresh_token::RefreshToken;

/// Its prefix makes browsers refuse the cookie from a page without TLS.
const NAME: &str = "__Secure-refresh_token";

/// Sets the cookie. No script can read it, no other site can send it, and no other path receives it.
pub(super) fn set(token: &RefreshToken) -> Option<HeaderValue> {
    let seconds = KEPT.as_secs();
    format!("{NAME}={token}; Max-Age={seconds}; Path=/sessions; Secure; HttpOnly; SameSite=Strict").parse().ok()
}

/// Removes the cookie.
pub(super) fn removed() -> HeaderValue {
    HeaderValue::from_static("__Secure-refresh_token=; Max-Age=0; Path=/sessions; Secure; HttpOnly; SameSite=Strict")
}

/// The refresh token in a request's cookies. A request that another site caused has none.
pub(super) fn get(headers: &HeaderMap) -> Option<&str> {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| site != "same-origin") {
        return None;
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(site: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; __Secure-refresh_token=prt_x; b=2"));
        if let Some(site) = site {
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
        }
        headers
    }

    #[test]
    fn a_request_of_the_page_itself_has_its_token() {
        assert_eq!(get(&headers(None)), Some("prt_x"));
        assert_eq!(get(&headers(Some("same-origin"))), Some("prt_x"));
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(get(&headers(Some(site))), None, "{site}");
        }
        assert_eq!(get(&HeaderMap::new()), None);
    }
}
