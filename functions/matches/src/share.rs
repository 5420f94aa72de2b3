//! Shares in query parameters, and `min_skill_overlap`.

use std::str::FromStr;

use http_api::{QueryParameters, query::parsed};
use matching::PreparedNeed;
use serde::Deserialize;
use utoipa::IntoParams;

/// A share, 0 to 1, as a decimal number: `0.5`, `.5`, `1` or `5e-1`. Programs print small numbers with an exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DecimalShare(pub(crate) f64);

/// The text is no number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to 1, such as 0.5")]
pub(crate) struct NotDecimalShare;

impl FromStr for DecimalShare {
    type Err = NotDecimalShare;

    fn from_str(text: &str) -> Result<Self, NotDecimalShare> {
        // Rust also parses `inf`, `nan`, and numbers with a sign.
        let is_unsigned = text.starts_with(|first: char| first.is_ascii_digit() || first == '.');
        let number = text.parse().ok().filter(|number| is_unsigned && (0.0..=1.0).contains(number));
        number.map(Self).ok_or(NotDecimalShare)
    }
}

/// The parameter `min_skill_overlap`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Overlap {
    /// Leaves out the pairs in which the freelancer has less than this share of the wanted skills, 0 to 1. Rare skills
    /// count more, as in `skill_overlap` among a match's reasons. With 0, every eligible pair is ranked. Without the
    /// parameter, the pairs that share at least one wanted skill are ranked; if there is no such pair, every eligible
    /// pair is.
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = f64, required = false, minimum = 0, maximum = 1, example = 0.5)]
    min_skill_overlap: Option<DecimalShare>,
}

impl QueryParameters for Overlap {}

impl Overlap {
    /// The least overlap that the request demands.
    pub(crate) fn least(&self) -> LeastOverlap {
        self.min_skill_overlap.map_or(LeastOverlap::OneSkill, |DecimalShare(share)| LeastOverlap::Share(share as f32))
    }
}

/// The share of the wanted skills that a freelancer needs to be ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum LeastOverlap {
    /// At least one skill; if no freelancer has one, none is needed.
    OneSkill,
    /// This share of the skills, 0 to 1.
    Share(f32),
}

impl LeastOverlap {
    /// Limits the need to freelancers with enough of its skills. `everybody` means that no freelancer has any of the
    /// skills.
    pub(crate) fn of(self, need: PreparedNeed, everybody: bool) -> PreparedNeed {
        match self {
            Self::OneSkill if everybody => need,
            Self::OneSkill => need.for_any_skill(),
            Self::Share(share) => need.with_least_overlap(share),
        }
    }
}

#[cfg(test)]
mod tests {
    use http_api::{Code, Query};

    use super::*;

    #[test]
    fn a_share_is_a_number_from_zero_to_one() {
        for (text, number) in [
            ("0", 0.0),
            ("1", 1.0),
            ("0.2", 0.2),
            (".5", 0.5),
            ("1.", 1.0),
            ("0.20", 0.2),
            ("1e-7", 1e-7),
            ("2E-1", 0.2),
        ] {
            assert_eq!(text.parse(), Ok(DecimalShare(number)), "{text}");
        }
        for text in [
            "", ".", "-0.1", "1.01", "2", "20%", "1e1", "1e", "1e-1x", "-0", "+0.5", "nan", "inf", "0,2", "0.2 ", "½",
            "0.1.2",
        ] {
            assert_eq!(text.parse::<DecimalShare>(), Err(NotDecimalShare), "{text}");
        }
    }

    #[test]
    fn the_parameter_is_a_share() {
        let read = |query: &str| Query::<Overlap>::parse(query).map(|Query(overlap)| overlap.least());
        assert_eq!(read("").unwrap(), LeastOverlap::OneSkill);
        assert_eq!(read("min_skill_overlap=.50").unwrap(), LeastOverlap::Share(0.5));
        for wrong in ["1.5", "-1", "50%25", "NaN", "1e", ""] {
            let error = read(&format!("min_skill_overlap={wrong}")).unwrap_err();
            assert_eq!(error.code(), Code::INVALID_QUERY, "{wrong}");
            let detail = "min_skill_overlap must be a number from 0 to 1, such as 0.5.";
            assert_eq!(error.detail(), detail);
        }
    }
}
