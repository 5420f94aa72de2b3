//! Personal data: the legal name, the phone number and the payout account of a person.
//!
//! They are stored sealed and never logged, so `Debug` does not show them.

mod payout;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    validation::{Field, FromJson, Object},
    values::LegalName,
};

pub use payout::PayoutAccount;
pub use phone::{Country, Phone};

/// The personal data of an account. Every part may be absent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "legal_name": "김민아",
    "phone": "+821012345678",
    "payout_account": {"country": "KR", "bank_code": "004", "account_number": "12345678901234"}
}))]
pub struct PersonalData {
    /// The name in the person's papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<LegalName>,
    /// The phone number in the form of E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The account that payouts go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_account: Option<PayoutAccount>,
}

impl PersonalData {
    /// The data as their owner reads them: of the payout account, only the last four characters.
    #[must_use]
    pub fn masked(self) -> Self {
        Self { payout_account: self.payout_account.map(PayoutAccount::masked), ..self }
    }

    /// The data with the payout account of `before`, if these hold its masked form. `None`: they hold the masked form
    /// of another account.
    #[must_use]
    pub fn unmasked_by(self, before: &Self) -> Option<Self> {
        let kept = before.payout_account.clone().filter(|kept| Some(kept.clone().masked()) == self.payout_account);
        let payout_account = kept.or(self.payout_account);
        let is_whole = payout_account.as_ref().is_none_or(|account| !account.is_masked());
        is_whole.then_some(Self { payout_account, ..self })
    }
}

impl fmt::Debug for PersonalData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonalData(…)")
    }
}

/// Personal data, as a request holds them.
#[derive(ToSchema)]
#[schema(as = PersonalDataInput, example = json!({
    "legal_name": "김민아",
    "phone": "010-1234-5678",
    "phone_country": "KR",
    "payout_account": {"country": "KR", "bank_code": "004", "account_number": "123456-78-901234"}
}))]
pub struct PersonalDataInput {
    /// The name in the person's papers, in any script.
    #[schema(max_length = 200)]
    pub legal_name: Option<LegalName>,
    /// A phone number with its country code, such as `+82 10-1234-5678`, or as it is dialled in `phone_country`.
    pub phone: Option<String>,
    /// The country in which `phone` is dialled, ISO 3166-1.
    pub phone_country: Option<Country>,
    /// The account that payouts go to. The masked form that was read keeps the stored account.
    pub payout_account: Option<PayoutAccount>,
}

impl FromJson for PersonalData {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let legal_name = body.optional("legal_name");
        let country: Option<Country> = body.optional("phone_country");
        let phone = match body.optional::<phone::Typed>("phone").map(|typed| typed.read(country)) {
            Some(Ok(phone)) => Some(phone),
            Some(Err(refusal)) => {
                body.refuse("phone", refusal);
                None
            }
            None => None,
        };
        let payout_account = body.optional("payout_account");
        Some(Self { legal_name, phone, payout_account })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validation::{Rule, read};

    #[test]
    fn people_everywhere_can_be_named_called_and_paid() {
        let data: PersonalData = read(&json!({
            "legal_name": "Nguyễn Thị Minh Khai", "phone": "010-1234-5678", "phone_country": "KR",
            "payout_account": {"iban": "de89 3704 0044 0532 0130 00"},
        }))
        .unwrap();
        assert_eq!(data.phone.as_ref().unwrap().as_str(), "+821012345678");
        for name in ["김민아", "محمد بن سلمان", "田中 太郎", "O’Connor-Šimić", &"가".repeat(200)]
        {
            assert!(read::<PersonalData>(&json!({"legal_name": name})).is_ok(), "{name}");
        }
        assert_eq!(read::<PersonalData>(&json!({})).unwrap(), PersonalData::default());
        assert_eq!(format!("{data:?}"), "PersonalData(…)");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = json!({"legal_name": "\u{3164}", "phone": "12", "payout_account": {"iban": "DE00"}});
        let wrong: Vec<_> = read::<PersonalData>(&body).unwrap_err().into_vec();
        let wrong: Vec<_> = wrong.iter().map(|it| (it.pointer.as_str(), it.code)).collect();
        let expected = [
            ("/legal_name", Rule::Blank),
            ("/phone", Rule::InvalidPhone),
            ("/payout_account/iban", Rule::InvalidBankAccount),
        ];
        assert_eq!(wrong, expected);
    }

    #[test]
    fn a_masked_account_keeps_the_stored_one() {
        let account = |number: &str| json!({"country": "KR", "bank_code": "004", "account_number": number});
        let stored: PersonalData = read(&json!({"payout_account": account("123456-78-901234")})).unwrap();
        let shown = serde_json::to_value(stored.clone().masked()).unwrap();
        assert_eq!(shown, json!({"payout_account": account("••••••••••1234")}));
        let sent: PersonalData = read(&shown).unwrap();
        assert_eq!(sent.clone().unmasked_by(&stored), Some(stored.clone()));
        assert_eq!(sent.unmasked_by(&PersonalData::default()), None);
        let other: PersonalData = read(&json!({"payout_account": account("99999999")})).unwrap();
        assert_eq!(other.clone().unmasked_by(&stored), Some(other));
    }
}
