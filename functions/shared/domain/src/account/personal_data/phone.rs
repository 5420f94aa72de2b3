//! Phone numbers (E.164).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Refusal, Rule};

/// The digits of a number with its country code, by E.164. The shortest national numbers have some five.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Countries whose national numbers are read: ISO 3166-1, the country code, and the digit that national numbers begin
/// with and that international ones drop. Numbers of other countries are given with their country code.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AU", "61", "0"),
    ("BR", "55", "0"),
    ("CA", "1", "1"),
    ("CN", "86", "0"),
    ("DE", "49", "0"),
    ("ES", "34", ""),
    ("FR", "33", "0"),
    ("GB", "44", "0"),
    ("HK", "852", ""),
    ("ID", "62", "0"),
    ("IN", "91", "0"),
    ("IT", "39", ""),
    ("JP", "81", "0"),
    ("KR", "82", "0"),
    ("MX", "52", ""),
    ("NL", "31", "0"),
    ("PH", "63", "0"),
    ("PL", "48", ""),
    ("SG", "65", ""),
    ("TH", "66", "0"),
    ("TW", "886", "0"),
    ("UA", "380", "0"),
    ("US", "1", "1"),
    ("VN", "84", "0"),
];

/// A phone number, `+` and 7 to 15 digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, example = "+821012345678")]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// The number in the form of E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phone(…)")
    }
}

/// A country, two letters of ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "KR")]
pub struct Country([u8; 2]);

impl Country {
    /// The two capital letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Country {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text.to_ascii_uppercase().as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(Refusal::new(Rule::UnknownValue, "must be two letters of ISO 3166-1, such as KR")),
        }
    }
}

/// A number as a person typed it.
pub(super) struct Typed(String);

impl FromStr for Typed {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        // Full-width digits and signs are common in Korean and Japanese input.
        let plain = |sign: char| match sign {
            '０'..='９' => char::from_u32(u32::from(sign) - u32::from('０') + u32::from('0')).unwrap_or(sign),
            '＋' => '+',
            '－' | '‐' | '‑' | '–' => '-',
            '\u{3000}' | '\u{a0}' => ' ',
            sign => sign,
        };
        let text: String = text.trim().chars().take(41).map(plain).collect();
        let is_allowed = |sign: char| sign.is_ascii_digit() || " -.()/+".contains(sign);
        if text.chars().count() > 40 || !text.chars().all(is_allowed) {
            return Err(invalid());
        }
        Ok(Self(text.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect()))
    }
}

impl Typed {
    /// The number. One without `+` is dialled in `country`.
    pub(super) fn read(&self, country: Option<Country>) -> Result<Phone, Refusal> {
        let digits = match (self.0.strip_prefix('+'), country) {
            (Some(digits), _) => digits.to_owned(),
            (None, Some(country)) => {
                let known = COUNTRIES.iter().find(|(name, ..)| *name == country.as_str());
                let (_, code, trunk) = known.ok_or_else(without_country)?;
                let national = self.0.strip_prefix(trunk).unwrap_or(&self.0);
                format!("{code}{national}")
            }
            (None, None) => return Err(without_country()),
        };
        let is_number = digits.bytes().all(|sign| sign.is_ascii_digit()) && !digits.starts_with('0');
        if !is_number || !DIGITS.contains(&digits.len()) {
            return Err(invalid());
        }
        Ok(Phone(format!("+{digits}")))
    }
}

fn invalid() -> Refusal {
    Refusal::new(Rule::InvalidPhone, "must be a phone number, such as +82 10-1234-5678")
}

fn without_country() -> Refusal {
    Refusal::new(Rule::InvalidPhone, "needs its country code, such as +82 10-1234-5678")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: &str) -> Result<String, Rule> {
        let country = (!country.is_empty()).then(|| country.parse().unwrap());
        let phone = text.parse::<Typed>().and_then(|typed| typed.read(country));
        phone.map(|Phone(text)| text).map_err(|refusal| refusal.rule)
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (text, country, number) in [
            ("010-1234-5678", "KR", "+821012345678"),
            ("010 1234 5678", "kr", "+821012345678"),
            ("０１０－１２３４－５６７８", "KR", "+821012345678"),
            ("02-312-3456", "KR", "+8223123456"),
            ("+82 10-1234-5678", "", "+821012345678"),
            ("+82 10-1234-5678", "US", "+821012345678"),
            ("(415) 555-2671", "US", "+14155552671"),
            ("1-415-555-2671", "US", "+14155552671"),
            ("06 12 34 56 78", "FR", "+33612345678"),
            ("06 1234 5678", "IT", "+390612345678"),
            ("090-1234-5678", "JP", "+819012345678"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(number), "{text} in {country}");
        }
    }

    #[test]
    fn other_text_is_refused() {
        for (text, country) in [
            ("010-1234-5678", ""),
            ("010-1234-5678", "ZZ"),
            ("", "KR"),
            ("12", "KR"),
            ("+0", ""),
            ("++821012345678", ""),
            ("+82+1012345678", ""),
            ("+8210123456789012", ""),
            ("call me", "KR"),
            ("٠١٠١٢٣٤٥٦٧٨", "KR"),
        ] {
            assert_eq!(read(text, country), Err(Rule::InvalidPhone), "{text} in {country}");
        }
        assert!(read(&"1".repeat(10_000), "KR").is_err());
        assert!("KOR".parse::<Country>().is_err() && "한국".parse::<Country>().is_err());
    }
}
