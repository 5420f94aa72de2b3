//! The head of a request, held to what API Gateway takes before any function sees it.
//!
//! Quota: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>. Host: RFC 9110, 7.2, and
//! RFC 9112, 3.2.

use std::net::Ipv6Addr;

use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode, Version, header};

/// The largest request line and header values together, in bytes.
const HEAD_LIMIT_BYTES: usize = 10_240;
/// The longest name of the domain name system.
const NAME_LIMIT_BYTES: usize = 253;

/// The name of the host that a request is sent to, without its port.
///
/// # Errors
/// The status of the refusal: 431 for a head over the quota, 400 for a Host that is missing, doubled or no host.
pub(crate) fn check(request: &Parts) -> Result<&str, StatusCode> {
    if size_bytes(request) > HEAD_LIMIT_BYTES {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    check_host(request.version, &request.headers)
}

/// The name of the host that a request is sent to, without its port.
///
/// # Errors
/// 400 for a Host that is missing, doubled or no host.
pub(crate) fn check_host(version: Version, headers: &HeaderMap) -> Result<&str, StatusCode> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().and_then(host_name).ok_or(StatusCode::BAD_REQUEST),
        // HTTP/1.0 has no Host yet.
        (None, _) if version < Version::HTTP_11 => Ok("localhost"),
        _ => Err(StatusCode::BAD_REQUEST),
    }
}

fn size_bytes(request: &Parts) -> usize {
    let target = request.uri.path_and_query().map_or(1, |target| target.as_str().len());
    let line = request.method.as_str().len() + target + "  HTTP/1.1".len();
    line + request.headers.values().map(|value| value.len()).sum::<usize>()
}

/// The name in `name`, `name:port`, `[address]` or `[address]:port`; `None` if it is none of them.
fn host_name(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            (host.get(..address.len() + 2)?, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    let port_is_right = port.is_none_or(|port| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
    });
    (port_is_right && (name.starts_with('[') || is_name(name))).then_some(name)
}

/// Labels of letters, digits, hyphens and underscores; the root's dot may follow the last.
fn is_name(name: &str) -> bool {
    let labels = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    labels.len() <= NAME_LIMIT_BYTES && labels.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::{HEAD_LIMIT_BYTES, check, host_name};

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for (host, name) in [
            ("localhost", "localhost"),
            ("localhost:8080", "localhost"),
            ("API.Example.com:443", "API.Example.com"),
            ("example.com.", "example.com."),
            ("127.0.0.1:65535", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[::1]:8080", "[::1]"),
            ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
            ("my_host", "my_host"),
        ] {
            assert_eq!(host_name(host), Some(name), "{host}");
        }
    }

    #[test]
    fn anything_else_is_no_host() {
        let long = format!("{}.example", "a.".repeat(130));
        for host in [
            "",
            ":8080",
            "x:99999",
            "x:",
            "x:+80",
            "x:80:80",
            "a\"b",
            "exa mple.com",
            "a/b",
            "user@host",
            "a..b",
            ".",
            "::1",
            "[::1",
            "[x]",
            "[::1]8080",
            "a,b",
            "a%20b",
            "a#b",
            "a?b",
            "münchen.example",
            &long,
        ] {
            assert_eq!(host_name(host), None, "{host}");
        }
    }

    #[test]
    fn a_head_is_taken_up_to_the_quota() {
        let status = |filling: usize| {
            let request = Request::get("/things").header("host", "x").header("filling", "a".repeat(filling));
            check(&request.body(()).unwrap().into_parts().0).err().map(|status| status.as_u16())
        };
        let rest = "GET /things HTTP/1.1".len() + "x".len();
        assert_eq!(status(HEAD_LIMIT_BYTES - rest), None);
        assert_eq!(status(HEAD_LIMIT_BYTES - rest + 1), Some(431));
    }

    #[test]
    fn a_host_is_named_once() {
        let status = |request: hyper::http::request::Builder| {
            check(&request.body(()).unwrap().into_parts().0).map(str::to_owned).map_err(|status| status.as_u16())
        };
        assert_eq!(status(Request::get("/")), Err(400));
        assert_eq!(status(Request::get("/").header("host", "a").header("host", "a")), Err(400));
        assert_eq!(status(Request::get("/").version(hyper::Version::HTTP_10)), Ok("localhost".to_owned()));
    }
}
