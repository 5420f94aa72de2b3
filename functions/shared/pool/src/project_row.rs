//! An open project's row in the pool of projects. `stream` packs it from the market's record, so that `matches` never
//! reads a project's text for ranking. A closed project has a tombstone.
//!
//! ```text
//! row = format (1 byte: 1), owner (16 bytes, big-endian), flags (1 byte),
//!       budget, if flagged: its upper end (8 bytes, big-endian) and its currency (3 letters),
//!       expiry, if flagged: seconds since 1970 (8 bytes, big-endian),
//!       languages: how many (1 byte), each as its length (1 byte) and its primary subtag,
//!       need (`matching::PackedNeed`)
//! ```

use domain::eligibility::ProjectTerms;
use domain::project::{Project, ProjectBrief, ProjectStatus};
use domain::values::{AccountId, Budget, BudgetKind, Language, Time};
use jiff::Timestamp;
use matching::{CodecError, PackedNeed, TermVector};
use serde::Deserialize;
use ulid::Ulid;

/// The format of new rows. Versions up to 0.1 wrote JSON, which begins with [`JSON`].
const FORMAT: u8 = 1;
const JSON: u8 = b'{';

const HAS_BUDGET: u8 = 1;
const EXPIRES: u8 = 1 << 1;

/// One open project in the pool.
#[derive(Clone, Debug)]
pub struct PooledProject {
    /// The client who owns the project.
    pub owner_id: AccountId,
    /// Languages of the work; none means any. Only primary subtags.
    pub languages: Vec<Language>,
    /// The client's budget. Only the upper end and the currency are stored.
    pub budget: Option<Budget>,
    /// The time from which the project is no longer matched.
    pub expires_at: Option<Timestamp>,
    /// The skills and the words of the project.
    pub need: PackedNeed,
}

/// Bytes that do not hold a row.
#[derive(Debug, thiserror::Error)]
pub enum MalformedProject {
    /// The first byte names another format, or there is none.
    #[error("a row of an unknown format")]
    Format,
    /// The part before the need is malformed.
    #[error("malformed terms of a project")]
    Terms,
    /// The need is malformed.
    #[error(transparent)]
    Need(#[from] CodecError),
    /// A row of an earlier version is malformed.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The skills and the words of a project, for any pool and any time.
pub fn packed_need(brief: &ProjectBrief) -> PackedNeed {
    let terms = TermVector::of_project(brief.title.as_str(), brief.description.as_str());
    PackedNeed::of(brief.skills.as_slice().iter().map(|skill| skill.as_str()), &terms)
}

/// Packs an open project; `None` if it is closed.
pub fn pack(project: &Project) -> Option<Vec<u8>> {
    (project.status == ProjectStatus::Open).then(|| PooledProject::of(project.owner_id, &project.brief).encode())
}

/// Unpacks the project in a row.
///
/// # Errors
/// Bytes that neither [`pack`] nor an earlier version wrote.
pub fn unpack(row: &[u8]) -> Result<PooledProject, MalformedProject> {
    match row.split_first() {
        Some((&FORMAT, row)) => PooledProject::decode(row),
        Some((&JSON, _)) => {
            let JsonRow { owner_id, brief } = serde_json::from_slice(row)?;
            Ok(PooledProject::of(owner_id, &brief))
        }
        _ => Err(MalformedProject::Format),
    }
}

/// A row of versions up to 0.1. `infra/repack` replaces these rows; until then they are packed when they are read.
#[derive(Deserialize)]
struct JsonRow {
    owner_id: AccountId,
    brief: ProjectBrief,
}

impl PooledProject {
    fn of(owner_id: AccountId, brief: &ProjectBrief) -> Self {
        Self {
            owner_id,
            languages: brief.languages.as_slice().to_vec(),
            budget: brief.budget,
            expires_at: brief.expires_at.map(Time::get),
            need: packed_need(brief),
        }
    }

    /// The terms that decide eligibility at a time.
    pub fn terms(&self, now: Timestamp) -> ProjectTerms<'_> {
        let expired = self.expires_at.is_some_and(|expires_at| expires_at <= now);
        ProjectTerms { owner: Some(self.owner_id), is_open: !expired, languages: &self.languages, budget: self.budget }
    }

    fn encode(&self) -> Vec<u8> {
        let mut row = vec![FORMAT];
        row.extend(self.owner_id.ulid().to_bytes());
        let flag = |bit: u8, is_set: bool| if is_set { bit } else { 0 };
        row.push(flag(HAS_BUDGET, self.budget.is_some()) | flag(EXPIRES, self.expires_at.is_some()));
        if let Some(budget) = self.budget {
            row.extend(budget.max().to_be_bytes());
            row.extend(budget.currency().code().bytes());
        }
        if let Some(expires_at) = self.expires_at {
            row.extend(expires_at.as_second().to_be_bytes());
        }
        // At most ten languages, of at most 64 characters each.
        row.push(u8::try_from(self.languages.len()).unwrap_or(u8::MAX));
        for language in self.languages.iter().take(usize::from(u8::MAX)) {
            let primary = language.primary();
            row.push(primary.len() as u8);
            row.extend(primary.bytes());
        }
        self.need.encode(&mut row);
        row
    }

    fn decode(row: &[u8]) -> Result<Self, MalformedProject> {
        let (terms, need) = Self::decode_terms(row).ok_or(MalformedProject::Terms)?;
        Ok(Self { need: PackedNeed::decode(need)?, ..terms })
    }

    /// Reads everything except the need, and returns the bytes of the need.
    fn decode_terms(row: &[u8]) -> Option<(Self, &[u8])> {
        let (owner, row) = row.split_first_chunk::<16>()?;
        let (&flags, mut row) = row.split_first()?;
        let (mut budget, mut expires_at) = (None, None);
        if flags & HAS_BUDGET != 0 {
            let (max, rest) = row.split_first_chunk::<8>()?;
            let (currency, rest) = rest.split_first_chunk::<3>()?;
            let currency = std::str::from_utf8(currency).ok()?.parse().ok()?;
            budget = Some(Budget::new(BudgetKind::Hourly, None, i64::from_be_bytes(*max), currency)?);
            row = rest;
        }
        if flags & EXPIRES != 0 {
            let (seconds, rest) = row.split_first_chunk::<8>()?;
            expires_at = Some(Timestamp::from_second(i64::from_be_bytes(*seconds)).ok()?);
            row = rest;
        }
        let (&count, mut row) = row.split_first()?;
        let mut languages = Vec::new();
        for _ in 0..count {
            let (&length, rest) = row.split_first()?;
            let (text, rest) = rest.split_at_checked(usize::from(length))?;
            languages.push(Language::stored(std::str::from_utf8(text).ok()?));
            row = rest;
        }
        let owner_id = AccountId::new(Ulid::from_bytes(*owner));
        let need = PackedNeed::of([], &TermVector::default());
        Some((Self { owner_id, languages, budget, expires_at, need }, row))
    }
}

#[cfg(test)]
mod tests {
    use domain::eligibility::{self, FreelancerTerms};
    use domain::project::ProjectPatch;
    use domain::validation::read;
    use domain::values::{Money, ProjectId};
    use serde_json::{Value, json};

    use super::*;

    fn project(body: Value) -> Project {
        let (id, owner) = (ProjectId::new(Ulid(7)), AccountId::new(Ulid(8)));
        let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
        Project::post(id, owner, brief, Timestamp::UNIX_EPOCH).state
    }

    fn body() -> Value {
        json!({
            "title": "결제 서버", "description": "결제 서버를 다시 만듭니다", "category": "c", "skills": ["Rust", "결제"],
            "languages": ["ko-KR", "x-klingon"], "budget": {"kind": "fixed", "min": 5, "max": 9, "currency": "KRW"},
        })
    }

    #[test]
    fn a_row_holds_the_terms_and_the_need() {
        let project = project(body());
        let row = unpack(&pack(&project).unwrap()).unwrap();
        assert_eq!(row.need.fingerprint(), packed_need(&project.brief).fingerprint());
        let offers = [(vec!["ko"], Some(9)), (vec!["x-klingon"], None), (vec!["ko"], Some(10)), (vec!["en"], Some(1))];
        for (languages, rate) in offers {
            let languages: Vec<Language> = languages.iter().map(|tag| tag.parse().unwrap()).collect();
            let hourly_rate = rate.and_then(|amount| Money::new(amount, "KRW".parse().unwrap()));
            for id in [7, 8] {
                let id = Some(AccountId::new(Ulid(id)));
                let offer = FreelancerTerms { id, languages: &languages, hourly_rate, weekly_hours: None };
                let expected = eligibility::check(project.terms(Timestamp::UNIX_EPOCH), offer);
                assert_eq!(eligibility::check(row.terms(Timestamp::UNIX_EPOCH), offer), expected, "{offer:?}");
            }
        }
    }

    #[test]
    fn a_project_is_not_matched_after_it_expires() {
        let expires_at = Some(Timestamp::from_second(100).unwrap());
        let row = PooledProject { expires_at, ..PooledProject::of(AccountId::new(Ulid(8)), &project(body()).brief) };
        let row = unpack(&row.encode()).unwrap();
        let is_open = |second| row.terms(Timestamp::from_second(second).unwrap()).is_open;
        assert!(is_open(99) && !is_open(100));
    }

    #[test]
    fn a_row_grows_with_different_words_not_with_the_text() {
        let long: String = (0..1_400).map(|number| format!("word{} ", number % 100)).collect();
        let row = pack(&project(json!({"title": "t", "description": long, "category": "c", "skills": ["s"]}))).unwrap();
        assert!(long.len() > 9_000 && row.len() < 1_000, "{} bytes", row.len());
    }

    #[test]
    fn a_closed_project_has_no_row() {
        let patch: ProjectPatch = read(&json!({"status": "closed"})).unwrap();
        let closed = project(body()).patch(&patch, Timestamp::UNIX_EPOCH).unwrap().unwrap().state;
        assert_eq!(pack(&closed), None);
    }

    #[test]
    fn a_row_of_an_earlier_version_is_read() {
        let project = project(body());
        let earlier = json!({
            "id": project.id, "owner_id": project.owner_id, "brief": project.brief, "created_at": project.created_at,
        });
        let row = unpack(&serde_json::to_vec(&earlier).unwrap()).unwrap();
        assert_eq!(row.encode(), pack(&project).unwrap());
    }

    #[test]
    fn malformed_rows_are_refused() {
        let whole = pack(&project(body())).unwrap();
        for length in 0..whole.len() {
            assert!(unpack(&whole[..length]).is_err(), "the first {length} bytes");
        }
        assert!(unpack(b"{}").is_err() && unpack(b"?").is_err());
    }
}
