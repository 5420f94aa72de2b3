//! The headers that keep an answer from being misused: executed, framed, or stored where it must not be.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};

/// The headers of every answer. Answers are data for programs: they load nothing, and no page shows them in a frame.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    // Two years.
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// The parts of a request that decide the headers of its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The request only reads, and nobody signed in for it.
    is_public_read: bool,
}

impl Asked {
    /// Of a request that was read.
    pub(super) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let is_personal = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
        Self { is_public_read: method.is_safe() && !is_personal }
    }

    /// Of a request that could not be read.
    pub(super) const UNREAD: Self = Self { is_public_read: false };
}

/// Adds the headers, except for those that the handler has set.
pub(super) fn protect(response: &mut Response, asked: Asked) {
    let may_be_stored = asked.is_public_read && is_answer(response.status());
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if !may_be_stored {
        headers.entry(header::CACHE_CONTROL).or_insert(const { HeaderValue::from_static("no-store") });
    }
}

/// Whether a status is no problem.
fn is_answer(status: StatusCode) -> bool {
    !status.is_client_error() && !status.is_server_error()
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    /// The `Cache-Control` of an answer.
    fn stored(method: &Method, authorization: Option<&str>, mut response: Response) -> Option<String> {
        let name = header::AUTHORIZATION;
        let headers = authorization.map(|value| (name, HeaderValue::from_str(value).unwrap()));
        protect(&mut response, Asked::of(method, &headers.into_iter().collect()));
        for (name, value) in ALWAYS {
            assert_eq!(response.headers()[name], value);
        }
        response.headers().get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn only_public_reads_may_be_stored() {
        let [ok, problem] = [StatusCode::OK, StatusCode::NOT_FOUND];
        assert_eq!(stored(&Method::GET, None, ok.into_response()), None);
        assert_eq!(stored(&Method::GET, None, StatusCode::NOT_MODIFIED.into_response()), None);
        let no_store = Some("no-store".to_owned());
        assert_eq!(stored(&Method::GET, None, problem.into_response()), no_store);
        assert_eq!(stored(&Method::GET, Some("Bearer x"), ok.into_response()), no_store);
        assert_eq!(stored(&Method::POST, None, ok.into_response()), no_store);
    }

    #[test]
    fn a_handler_may_decide_otherwise() {
        let keys = ([(header::CACHE_CONTROL, "public, max-age=300")], "keys").into_response();
        assert_eq!(stored(&Method::GET, Some("Bearer x"), keys).as_deref(), Some("public, max-age=300"));
    }
}
