//! A freelancer's row in the talent pool, a few hundred bytes. `stream` packs it from the market's record, and
//! `matches` unpacks it for ranking.
//!
//! ```text
//! row = format (1 byte: 2), terms of eligibility (`eligibility`), talent (`matching::PackedTalent`)
//! ```

use domain::freelancer::{Freelancer, WorkHistory};
use domain::values::AccountId;
use matching::{CodecError, PackedTalent};

use crate::eligibility::{self, LanguageMasks, MalformedTerms, PackedTerms};
use crate::talent::talent;

/// The format of the row. Format 1 was JSON, which begins with another byte.
const FORMAT: u8 = 2;

/// Bytes that do not hold a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRow {
    /// The first byte names another format, or there is none.
    #[error("a row of an unknown format")]
    Format,
    /// The terms of eligibility are malformed.
    #[error(transparent)]
    Terms(#[from] MalformedTerms),
    /// The talent is malformed.
    #[error(transparent)]
    Talent(#[from] CodecError),
}

/// Packs a freelancer's row.
pub fn pack(freelancer: &Freelancer, history: &WorkHistory) -> Vec<u8> {
    let mut row = vec![FORMAT];
    eligibility::encode(freelancer.terms(), &mut row);
    PackedTalent::of(&talent(freelancer, history)).encode(&mut row);
    row
}

/// Unpacks the terms and the talent of the freelancer `id`, with the language masks of a pool.
///
/// # Errors
/// Bytes that [`pack`] did not write.
pub fn unpack(
    id: AccountId,
    row: &[u8],
    masks: &mut LanguageMasks,
) -> Result<(PackedTerms, PackedTalent), MalformedRow> {
    let Some((&FORMAT, row)) = row.split_first() else { return Err(MalformedRow::Format) };
    let (terms, talent) = masks.read(id, row)?;
    Ok((terms, PackedTalent::decode(talent)?))
}

#[cfg(test)]
mod tests {
    use domain::eligibility::ProjectTerms;
    use domain::freelancer::FreelancerProfile;
    use domain::validation::read;
    use domain::values::Skill;
    use jiff::Timestamp;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::talents_with_each;

    fn freelancer() -> Freelancer {
        let body = json!({
            "headline": "Rust로 결제 시스템을 만듭니다", "bio": "12년째 금융권 서버를 만들고 있습니다.", "category": "Software",
            "skills": ["Rust", "DynamoDB"], "languages": ["ko", "en-GB"],
            "hourly_rate": {"amount": 65_000, "currency": "KRW"}
        });
        let profile = read::<FreelancerProfile>(&body).unwrap();
        Freelancer::introduce(AccountId::new(Ulid(7)), "박지훈".parse().unwrap(), profile, Timestamp::UNIX_EPOCH).state
    }

    #[test]
    fn a_row_holds_the_terms_and_the_talent() {
        let freelancer = freelancer();
        let mut masks = LanguageMasks::default();
        let row = pack(&freelancer, &WorkHistory::default());
        assert!(row.len() < 200, "{} bytes", row.len());
        let (terms, packed) = unpack(freelancer.id, &row, &mut masks).unwrap();
        assert_eq!(packed, PackedTalent::of(&talent(&freelancer, &WorkHistory::default())));
        let wanted = |tag: &str| {
            let languages = [tag.parse().unwrap()];
            let project = ProjectTerms { owner: None, is_open: true, languages: &languages, budget: None };
            masks.filter(project).accepts(freelancer.id, terms)
        };
        assert!(wanted("en-US") && wanted("ko") && !wanted("fr"));
    }

    #[test]
    fn an_added_skill_counts_as_if_the_profile_listed_it() {
        let freelancer = freelancer();
        let history = WorkHistory { work_terms: vec![(3, 0.5), (9, 2.0)], ..WorkHistory::default() };
        let wanted: Vec<Skill> = ["결제 시스템", "C++"].map(|skill| skill.parse().unwrap()).into();
        let named = wanted.iter().map(|skill| {
            let mut named = freelancer.clone();
            named.profile.skills = named.profile.skills.with(skill).unwrap();
            talent(&named, &history)
        });
        let expected: Vec<_> = std::iter::once(talent(&freelancer, &history)).chain(named).collect();
        assert_eq!(talents_with_each(&freelancer, &history, &wanted.iter().collect::<Vec<_>>()), expected);
        assert!(expected.iter().all(|with| with.terms == expected[0].terms), "a skill is no word of the profile");
    }

    #[test]
    fn malformed_rows_are_refused() {
        let unpack = |row: &[u8]| unpack(AccountId::new(Ulid(7)), row, &mut LanguageMasks::default()).unwrap_err();
        assert_eq!(unpack(b""), MalformedRow::Format);
        assert_eq!(unpack(b"{}"), MalformedRow::Format);
        assert_eq!(unpack(&[FORMAT, 1]), MalformedRow::Terms(MalformedTerms));
        let mut row = pack(&freelancer(), &WorkHistory::default());
        row.pop();
        assert_eq!(unpack(&row), MalformedRow::Talent(CodecError::TooShort));
    }
}
