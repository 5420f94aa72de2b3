//! Accounts that payouts go to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Country;
use crate::validation::{Field, FromJson, Object, Refusal, Rule};

/// The sign in the place of a hidden character.
const HIDDEN: char = '•';
/// The characters that a masked number shows.
const SHOWN: usize = 4;

/// A bank account: an IBAN, or a country, a bank code and an account number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PayoutAccount {
    /// An IBAN (ISO 13616).
    Iban {
        /// Country, check digits and account, without spaces.
        #[schema(example = "DE89370400440532013000")]
        iban: String,
    },
    /// An account of a country without IBANs.
    Account {
        /// The country, ISO 3166-1.
        #[schema(example = "KR")]
        country: String,
        /// The code of the bank in its country, such as `004` in Korea, or its BIC.
        #[schema(example = "004")]
        bank_code: String,
        /// The number of the account, without dashes.
        #[schema(example = "12345678901234")]
        account_number: String,
    },
}

impl PayoutAccount {
    /// Whether a part of the number is hidden.
    pub(crate) fn is_masked(&self) -> bool {
        let (Self::Iban { iban: number } | Self::Account { account_number: number, .. }) = self;
        number.contains(HIDDEN)
    }

    /// The account with all but the last four characters of its number hidden.
    #[must_use]
    pub(crate) fn masked(self) -> Self {
        match self {
            Self::Iban { iban } => Self::Iban { iban: masked(&iban) },
            Self::Account { country, bank_code, account_number } => {
                Self::Account { country, bank_code, account_number: masked(&account_number) }
            }
        }
    }
}

fn masked(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(SHOWN);
    number.chars().enumerate().map(|(place, sign)| if place < hidden { HIDDEN } else { sign }).collect()
}

impl fmt::Debug for PayoutAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PayoutAccount(…)")
    }
}

/// A number with capital letters, and without the spaces and dashes that people write.
struct Compact<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> FromStr for Compact<MIN, MAX> {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let signs = text.chars().take(3 * MAX).filter(|sign| ![' ', '-'].contains(sign));
        let compact: String = signs.map(|sign| sign.to_ascii_uppercase()).collect();
        let length = compact.chars().count();
        let is_number = compact.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == HIDDEN);
        if !is_number || !(MIN..=MAX).contains(&length) {
            let detail = format!("must be {MIN} to {MAX} letters and digits");
            return Err(Refusal::new(Rule::InvalidBankAccount, detail));
        }
        Ok(Self(compact))
    }
}

/// An IBAN with right check digits, or a masked one.
struct Iban(String);

impl FromStr for Iban {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let Compact::<15, 34>(iban) = text.parse()?;
        let is_masked = iban.starts_with(HIDDEN);
        if is_masked || (has_form(&iban) && remainder(&iban) == 1) {
            return Ok(Self(iban));
        }
        Err(Refusal::new(Rule::InvalidBankAccount, "is no IBAN: its check digits do not fit"))
    }
}

/// Two letters of the country, then two check digits.
fn has_form(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().take(2).all(u8::is_ascii_alphabetic)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit)
}

/// The remainder by 97 of the number that an IBAN spells: its first four characters last, and letters from A = 10.
fn remainder(iban: &str) -> u32 {
    let (head, rest) = iban.split_at(4);
    rest.chars().chain(head.chars()).filter_map(|sign| sign.to_digit(36)).fold(0, |remainder, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (remainder * shift + value) % 97
    })
}

impl FromJson for PayoutAccount {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        if value.get("iban").is_some_and(|iban| !iban.is_null()) {
            let Iban(iban) = body.required("iban")?;
            return Some(Self::Iban { iban });
        }
        let country: Option<Country> = body.required("country");
        let bank_code: Option<Compact<2, 11>> = body.required("bank_code");
        let account_number: Option<Compact<6, 34>> = body.required("account_number");
        Some(Self::Account {
            country: country?.as_str().to_owned(),
            bank_code: bank_code?.0,
            account_number: account_number?.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The registry of IBANs (SWIFT) gives these examples.
    #[test]
    fn the_check_digits_of_an_iban_are_checked() {
        for iban in [
            "DE89370400440532013000",
            "GB29 NWBK 6016 1331 9268 19",
            "FR1420041010050500013M02606",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert!(iban.parse::<Iban>().is_ok(), "{iban}");
            let digits = iban.bytes().rposition(|sign| sign.is_ascii_digit()).unwrap();
            let mut wrong = iban.as_bytes().to_vec();
            wrong[digits] = if wrong[digits] == b'9' { b'0' } else { wrong[digits] + 1 };
            assert!(String::from_utf8(wrong).unwrap().parse::<Iban>().is_err(), "{iban} with another digit");
        }
        for wrong in ["", "DE", "8937040044053201300DE", "DE89370400440532013000000000000000000", "독일89370400440532"]
        {
            assert!(wrong.parse::<Iban>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn four_characters_are_shown() {
        assert_eq!(masked("12345678901234"), "••••••••••1234");
        assert_eq!(masked("1234"), "1234");
    }
}
