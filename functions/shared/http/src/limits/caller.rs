//! The sender of a request, as far as limits tell callers apart.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::watch::Concerned;

/// The part of a network address that one caller holds: a whole IPv4 address, or the first 64 bits of an IPv6 address.
/// A provider gives every customer at least 64 bits, so a caller can change all others at will.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressPrefix(Option<IpAddr>);

impl AddressPrefix {
    /// An address that is not known. All such callers share their buckets.
    pub const UNKNOWN: Self = Self(None);

    /// The prefix of an address.
    pub fn of(address: IpAddr) -> Self {
        Self(Some(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address @ IpAddr::V4(_) => address,
        }))
    }

    /// Reads an address as API Gateway writes it.
    pub fn read(text: &str) -> Self {
        text.parse().map_or(Self::UNKNOWN, Self::of)
    }
}

impl fmt::Display for AddressPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address @ IpAddr::V6(_)) => write!(formatter, "{address}/64"),
            Some(address) => address.fmt(formatter),
            None => formatter.write_str("unknown"),
        }
    }
}

/// The sender of a request, as an extractor.
#[derive(Debug, Clone)]
pub struct Caller {
    address: AddressPrefix,
    concerned: Concerned,
}

impl Caller {
    /// A caller at an address.
    pub fn at(address: AddressPrefix) -> Self {
        Self { address, concerned: Concerned::default() }
    }

    /// Where the request comes from.
    pub fn address(&self) -> AddressPrefix {
        self.address
    }

    /// This caller, who has not signed in.
    pub fn anonymous(&self) -> Who<'_> {
        Who { caller: self, account: None }
    }

    /// This caller with an account: its id, or before sign-in the key of its e-mail address. The log names the account
    /// by a pseudonym.
    pub fn account<'a>(&'a self, account: &'a str) -> Who<'a> {
        self.concerned.account(account);
        Who { caller: self, account: Some(account) }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get().copied().unwrap_or(AddressPrefix::UNKNOWN);
        Ok(Self { address, concerned: parts.extensions.get().cloned().unwrap_or_default() })
    }
}

/// A caller, and the account that the request is about.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    pub(super) caller: &'a Caller,
    pub(super) account: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_caller_and_an_ipv4_address_is_one() {
        let same = |a: &str, b: &str| AddressPrefix::read(a) == AddressPrefix::read(b);
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("203.0.113.9", "::ffff:203.0.113.9"));
        assert!(!same("203.0.113.9", "203.0.113.8"));
        assert_eq!(AddressPrefix::read("2001:db8:1:2::1").to_string(), "2001:db8:1:2::/64");
        assert_eq!(AddressPrefix::read("203.0.113.9").to_string(), "203.0.113.9");
        assert_eq!(AddressPrefix::read("test-invoke-source-ip"), AddressPrefix::UNKNOWN);
    }
}
