//! Cross-origin requests, answered as an HTTP API with a `CorsConfiguration` answers them.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderName, HeaderValue, ORIGIN, VARY,
};
use hyper::{HeaderMap, Method, Response, StatusCode};

use crate::http_api::reply::HttpResponse;
use crate::template::Cors;

/// Whether a browser asks what it may do. The API answers that itself, with no route for OPTIONS.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to such a question: 204, with permissions for the origins that have them.
pub(crate) fn preflight(cors: &Cors, request: &HeaderMap) -> HttpResponse {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    if allow(cors, request, headers) {
        put(headers, ACCESS_CONTROL_ALLOW_METHODS, &cors.allow_methods);
        put(headers, ACCESS_CONTROL_ALLOW_HEADERS, &cors.allow_headers);
        if let Some(seconds) = cors.max_age_s {
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds));
        }
    }
    response
}

/// Adds to a response what lets the script that asked for it read it.
pub(crate) fn expose(cors: &Cors, request: &HeaderMap, response: &mut HeaderMap) {
    if allow(cors, request, response) {
        put(response, ACCESS_CONTROL_EXPOSE_HEADERS, &cors.expose_headers);
    }
}

fn allow(cors: &Cors, request: &HeaderMap, response: &mut HeaderMap) -> bool {
    let Some(origin) = request.get(ORIGIN) else { return false };
    let any = cors.allow_origins.iter().any(|allowed| allowed == "*");
    if !any && !cors.allow_origins.iter().any(|allowed| takes(allowed, origin.as_bytes())) {
        return false;
    }
    let allowed = if any { HeaderValue::from_static("*") } else { origin.clone() };
    response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    if !any {
        response.append(VARY, HeaderValue::from_static("Origin"));
    }
    if cors.allow_credentials {
        response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    true
}

/// Whether an allowed origin is this one, or stands for every origin of its scheme: `https://*`.
fn takes(allowed: &str, origin: &[u8]) -> bool {
    match allowed.strip_suffix("//*") {
        Some(scheme) => {
            origin.strip_prefix(scheme.as_bytes()).is_some_and(|rest| rest.len() > 2 && rest.starts_with(b"//"))
        }
        None => allowed.as_bytes() == origin,
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let Ok(value) = HeaderValue::try_from(values.join(","))
        && !values.is_empty()
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use hyper::{HeaderMap, Method};

    use super::{expose, is_preflight, preflight};
    use crate::template::Cors;

    fn rules() -> Cors {
        Cors {
            allow_origins: vec!["https://pairwork.example".to_owned()],
            allow_methods: vec!["GET".to_owned(), "PATCH".to_owned()],
            allow_headers: vec!["authorization".to_owned()],
            expose_headers: vec!["etag".to_owned()],
            allow_credentials: false,
            max_age_s: Some(60),
        }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_known_origin_learns_what_it_may_do() {
        let request = headers(&[("origin", "https://pairwork.example"), ("access-control-request-method", "PATCH")]);
        assert!(is_preflight(&Method::OPTIONS, &request));
        assert!(!is_preflight(&Method::GET, &request));
        let response = preflight(&rules(), &request);
        let expected = headers(&[
            ("access-control-allow-origin", "https://pairwork.example"),
            ("vary", "Origin"),
            ("access-control-allow-methods", "GET,PATCH"),
            ("access-control-allow-headers", "authorization"),
            ("access-control-max-age", "60"),
        ]);
        assert_eq!((response.status().as_u16(), response.headers()), (204, &expected));
        let mut answer = HeaderMap::new();
        expose(&rules(), &request, &mut answer);
        assert_eq!(answer["access-control-expose-headers"], "etag");
    }

    #[test]
    fn a_scheme_stands_for_all_its_origins() {
        let allowed_by = |scheme: &str, origin: &'static str| {
            let cors = Cors { allow_origins: vec![format!("{scheme}://*")], ..rules() };
            let mut answer = HeaderMap::new();
            expose(&cors, &headers(&[("origin", origin)]), &mut answer);
            answer.get("access-control-allow-origin").map(|it| it.to_str().unwrap().to_owned())
        };
        let allowed = |origin| allowed_by("https", origin);
        for origin in ["https://a.example", "https://localhost:3000"] {
            assert_eq!(allowed(origin).as_deref(), Some(origin));
            assert_eq!(allowed_by("http", origin), None, "{origin}");
        }
        assert_eq!(allowed_by("http", "http://a.example").as_deref(), Some("http://a.example"));
        for origin in ["http://a.example", "https://", "https:a", "null", "ftp://a.example", "xhttps://a.example"] {
            assert_eq!(allowed(origin), None, "{origin}");
        }
    }

    #[test]
    fn a_strange_origin_learns_nothing() {
        let request = headers(&[("origin", "https://elsewhere.example"), ("access-control-request-method", "GET")]);
        assert!(preflight(&rules(), &request).headers().is_empty());
        let mut answer = HeaderMap::new();
        expose(&rules(), &request, &mut answer);
        expose(&rules(), &HeaderMap::new(), &mut answer);
        assert!(answer.is_empty());
    }
}
