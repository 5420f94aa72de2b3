//! The guard of this machine's pages: it admits programs on this machine, and browsers that no other site sent here.
//!
//! Any web page may make a browser send requests to 127.0.0.1. Such requests name their origin (`Origin`,
//! `Sec-Fetch-Site`) and are refused. A page whose host name was bound to 127.0.0.1 afterwards (DNS rebinding) has our
//! address as its own origin, but still sends its host name, so any other `Host` is refused too.

use std::net::SocketAddr;

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, ORIGIN};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Lets a request pass, or says why not.
pub(super) fn check(headers: &HeaderMap, peer: SocketAddr, port: u16) -> Result<(), &'static str> {
    if !peer.ip().is_loopback() {
        return Err("only this machine may see this page");
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().map_err(|_| "the Host is no host")?,
        _ => return Err("the request must name one Host"),
    };
    if !is_own(host, port) {
        return Err("the Host must be localhost, 127.0.0.1 or [::1], with this port");
    }
    for origin in headers.get_all(ORIGIN) {
        // A browser's own origin is the host that it was sent to, and no other of our names.
        if origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) != Some(host) {
            return Err("another origin may not see this page");
        }
    }
    for site in headers.get_all(FETCH_SITE) {
        if site != "same-origin" && site != "none" {
            return Err("another site may not ask for this page; type the address, or follow no link to it");
        }
    }
    Ok(())
}

fn is_own(host: &str, port: u16) -> bool {
    let own = |name: &&str| host.strip_prefix(*name).and_then(|rest| rest.strip_prefix(':')) == Some(&port.to_string());
    // Port 80 is left out of a Host.
    OWN_NAMES.iter().any(own) || port == 80 && OWN_NAMES.contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(peer: &str, headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        check(&map, format!("{peer}:1").parse().unwrap(), 8080).is_ok()
    }

    #[test]
    fn this_machine_passes_and_no_other() {
        let host = [("host", "127.0.0.1:8080")];
        assert!(passes("127.0.0.1", &host));
        assert!(passes("[::1]", &host));
        for peer in ["192.168.0.7", "10.0.0.1", "[2001:db8::1]", "0.0.0.0"] {
            assert!(!passes(peer, &host), "{peer}");
        }
    }

    #[test]
    fn a_rebound_host_name_is_refused() {
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            assert!(passes("127.0.0.1", &[("host", host)]), "{host}");
        }
        for host in [
            "evil.example:8080",
            "evil.example",
            "127.0.0.1",
            "localhost",
            "localhost:8081",
            "localhost.evil.example:8080",
            "127.0.0.1.evil.example:8080",
            "127.0.0.1:8080.evil.example",
            "127.0.0.2:8080",
            "",
        ] {
            assert!(!passes("127.0.0.1", &[("host", host)]), "{host}");
        }
        assert!(!passes("127.0.0.1", &[]));
        assert!(!passes("127.0.0.1", &[("host", "127.0.0.1:8080"), ("host", "evil.example")]));
    }

    #[test]
    fn another_origin_is_refused() {
        let from = |origin: &str| passes("127.0.0.1", &[("host", "127.0.0.1:8080"), ("origin", origin)]);
        assert!(from("http://127.0.0.1:8080"));
        for origin in [
            "http://localhost:8080",
            "http://127.0.0.1:3000",
            "https://127.0.0.1:8080",
            "https://evil.example",
            "null",
            "",
        ] {
            assert!(!from(origin), "{origin}");
        }
    }

    #[test]
    fn another_site_is_refused() {
        let from = |site: &str| passes("127.0.0.1", &[("host", "127.0.0.1:8080"), ("sec-fetch-site", site)]);
        assert!(from("same-origin") && from("none"));
        for site in ["same-site", "cross-site", "", "SAME-ORIGIN"] {
            assert!(!from(site), "{site}");
        }
    }
}
