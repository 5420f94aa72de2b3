//! Currencies: the active codes of ISO 4217, list one, January 2026. Precious metals, bond units, special drawing
//! rights and test codes are left out, because they have no minor unit.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::validation::{Refusal, Rule};

// In each list the codes are sorted and four characters apart, so that a binary search finds one.

/// Currencies without a minor unit: one unit of `amount` is one yen.
const NO_DIGITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

/// Currencies counted in hundredths.
const TWO_DIGITS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD \
    CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD \
    HNL \
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
    MWK \
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE \
    SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

/// Currencies counted in thousandths.
const THREE_DIGITS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Units of account counted in ten-thousandths.
const FOUR_DIGITS: &str = "CLF UYW";

const BY_DIGITS: [(u8, &str); 4] = [(0, NO_DIGITS), (2, TWO_DIGITS), (3, THREE_DIGITS), (4, FOUR_DIGITS)];

/// An active ISO 4217 currency, by its three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    minor_digits: u8,
}

impl Currency {
    /// The three letters: `KRW`.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The decimal digits of the minor unit: 2 for EUR (a cent), 0 for KRW.
    pub fn minor_digits(self) -> u8 {
        self.minor_digits
    }

    fn among(codes: &'static str, minor_digits: u8, text: &str) -> Option<Self> {
        let code_at = |place: usize| codes.get(4 * place..4 * place + 3);
        let (mut low, mut high) = (0, codes.len().div_ceil(4));
        while low < high {
            let middle = low.midpoint(high);
            let code = code_at(middle)?;
            match code.cmp(text) {
                Ordering::Equal => return Some(Self { code, minor_digits }),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Every currency, in no particular order.
    pub fn all() -> impl Iterator<Item = Self> {
        BY_DIGITS.into_iter().flat_map(|(minor_digits, codes)| {
            codes.split_ascii_whitespace().map(move |code| Self { code, minor_digits })
        })
    }
}

impl FromStr for Currency {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        BY_DIGITS.into_iter().find_map(|(minor_digits, codes)| Self::among(codes, minor_digits, text)).ok_or_else(
            || Refusal::new(Rule::UnknownCurrency, "must be an active ISO 4217 currency code in capitals, like KRW"),
        )
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Cow::<'de, str>::deserialize(deserializer)?;
        code.parse().map_err(D::Error::custom)
    }
}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("An active ISO 4217 currency code, in capitals."))
            .pattern(Some("^[A-Z]{3}$"))
            .into()
    }
}

impl ToSchema for Currency {}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_three_capitals_and_listed_once() {
        let codes: BTreeSet<_> = Currency::all().map(Currency::code).collect();
        assert_eq!(codes.len(), Currency::all().count());
        for code in codes {
            assert!(code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            assert_eq!(code.parse::<Currency>().unwrap().to_string(), code);
        }
    }

    #[test]
    fn minor_units() {
        let digits = |code: &str| code.parse::<Currency>().unwrap().minor_digits();
        assert_eq!([digits("KRW"), digits("EUR"), digits("KWD"), digits("CLF")], [0, 2, 3, 4]);
    }

    #[test]
    fn other_codes_are_refused() {
        for code in ["", "krw", "XXX", "XAU", "DEM", "ZZZ", "EURO", "€", "EUR "] {
            assert_eq!(code.parse::<Currency>().unwrap_err().rule, Rule::UnknownCurrency, "{code:?}");
        }
    }
}
