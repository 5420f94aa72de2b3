//! The site that passkeys are bound to: its relying party id, and its origin.

use webauthn_rp::request::{AsciiDomain, RpId};

/// The page's site. A browser gives a passkey to the pages of this host alone.
#[derive(Debug)]
pub(crate) struct Site {
    pub(super) rp_id: RpId,
    /// Scheme, host and port, as browsers spell an origin.
    pub(super) origin: String,
}

impl Site {
    /// The site of a page at this origin, e.g. `https://market.example.com`. Browsers bind no passkey to an IP address,
    /// so a page at 127.0.0.1 has them under its other name, `localhost`. `None`: browsers would refuse the origin.
    pub(crate) fn of(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.trim_end_matches('/').split_once("://")?;
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let host = if host == "127.0.0.1" { "localhost" } else { host };
        let is_name =
            host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
                && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
        // Without TLS, browsers have passkeys on this machine alone.
        let is_secure = scheme == "https" || (scheme == "http" && host == "localhost");
        if !(is_name && is_port && is_secure) {
            return None;
        }
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let rp_id = RpId::Domain(AsciiDomain::try_from(host.to_owned()).ok()?);
        Some(Self { rp_id, origin: format!("{scheme}://{host}{port}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(origin: &str) -> Option<(String, String)> {
        let site = Site::of(origin)?;
        Some((site.rp_id.as_ref().to_owned(), site.origin))
    }

    #[test]
    fn a_site_is_named_by_its_host() {
        let site = |rp_id: &str, origin: &str| Some((rp_id.to_owned(), origin.to_owned()));
        assert_eq!(of("https://market.example.com"), site("market.example.com", "https://market.example.com"));
        assert_eq!(of("https://market.example.com/"), site("market.example.com", "https://market.example.com"));
        assert_eq!(of("https://market.example:8443"), site("market.example", "https://market.example:8443"));
        assert_eq!(of("http://localhost:8080"), site("localhost", "http://localhost:8080"));
        assert_eq!(of("http://127.0.0.1:8080"), site("localhost", "http://localhost:8080"));
    }

    #[test]
    fn an_origin_that_browsers_refuse_is_no_site() {
        for origin in [
            "",
            "market.example.com",
            "http://market.example.com",
            "https://203.0.113.7",
            "https://[::1]",
            "https://market.example.com/page",
            "https://market.example.com:port",
            "https://a@market.example.com",
            "https://",
        ] {
            assert!(of(origin).is_none(), "{origin}");
        }
    }
}
