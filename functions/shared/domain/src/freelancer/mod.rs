//! Freelancers: accounts that offer their skills.

mod change;
mod profile;
mod track_record;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::eligibility::FreelancerTerms;
use crate::event::{Aggregate, Decided, Event, changed_fields};
use crate::values::{AccountId, DisplayName, Version, WeeklyHours};

pub use change::FreelancerChange;
pub use profile::FreelancerProfile;
pub use track_record::{Activity, MAX_WORK_TERMS, Past, TrackRecord, WorkHistory};

/// A freelancer. The profile and the track record are stored and committed apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Freelancer {
    /// The id of the account, which is the id of the freelancer.
    pub id: AccountId,
    /// The account's name.
    pub display_name: DisplayName,
    /// The profile, which the freelancer writes.
    pub profile: FreelancerProfile,
    /// The track record, which the market writes. It is stored as a separate item.
    #[serde(skip)]
    pub track_record: TrackRecord,
    /// Whether the profile is withdrawn, because the account is closing. Only its owner can read it then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// When the freelancer saved the first profile.
    pub created_at: Timestamp,
    /// When the profile last changed.
    pub updated_at: Timestamp,
    /// The number of commits of the profile.
    pub version: Version,
}

impl Aggregate for Freelancer {
    type Change = FreelancerChange;
}

impl Freelancer {
    /// The terms that eligibility compares.
    pub fn terms(&self) -> FreelancerTerms<'_> {
        FreelancerTerms {
            id: Some(self.id),
            languages: self.profile.languages.as_slice(),
            hourly_rate: self.profile.hourly_rate,
            weekly_hours: self.profile.weekly_hours.map(WeeklyHours::get),
        }
    }

    /// The version of profile and track record together. It rises by one with each commit of either.
    pub fn combined_version(&self) -> Version {
        self.version.plus(self.track_record.version)
    }

    /// When the profile or the track record last changed.
    pub fn changed_at(&self) -> Timestamp {
        self.track_record.updated_at.map_or(self.updated_at, |at| at.max(self.updated_at))
    }

    /// When the freelancer was last active here. Saving a profile counts, unless the track record is newer.
    pub fn last_active_at(&self) -> Option<Timestamp> {
        match self.track_record.updated_at {
            Some(at) if at >= self.updated_at => self.track_record.last_active_at,
            _ => self.track_record.last_active_at.max(Some(self.updated_at)),
        }
    }

    /// The account `id` becomes a freelancer.
    pub fn introduce(
        id: AccountId,
        display_name: DisplayName,
        profile: FreelancerProfile,
        now: Timestamp,
    ) -> Decided<Self> {
        Self::introduce_after(None, id, display_name, profile, now)
    }

    /// The account `id` becomes a freelancer. `last` is the version at which an earlier profile of the account was
    /// deleted. Versions continue after it, so no entity tag of that profile fits the new one.
    pub fn introduce_after(
        last: Option<Version>,
        id: AccountId,
        display_name: DisplayName,
        profile: FreelancerProfile,
        now: Timestamp,
    ) -> Decided<Self> {
        let (version, track_record) = (last.map_or(Version::FIRST, Version::next), TrackRecord::default());
        let event = Event { version, at: now, change: FreelancerChange::FreelancerIntroduced { freelancer_id: id } };
        let (created_at, updated_at, withdrawn) = (now, now, false);
        let state = Self { id, display_name, profile, track_record, withdrawn, created_at, updated_at, version };
        Decided { state, event }
    }

    /// The freelancer replaces the whole profile. `None` if the profile is the same, so that no commit is needed.
    pub fn replace_profile(&self, profile: FreelancerProfile, now: Timestamp) -> Option<Decided<Self>> {
        let fields = changed_fields(&self.profile, &profile);
        if fields.is_empty() {
            return None;
        }
        let version = self.version.next();
        let change = FreelancerChange::FreelancerProfileChanged { freelancer_id: self.id, fields };
        let event = Event { version, at: now, change };
        let (display_name, track_record) = (self.display_name.clone(), self.track_record.clone());
        let state = Self { display_name, profile, track_record, updated_at: now, version, ..*self };
        Some(Decided { state, event })
    }

    /// The profile is withdrawn while the account is closing, or shown again. `None` if that changes nothing. It is no
    /// activity of the freelancer, so the time of the last change stays.
    pub fn set_withdrawn(&self, withdrawn: bool, now: Timestamp) -> Option<Decided<Self>> {
        if self.withdrawn == withdrawn {
            return None;
        }
        let (version, fields) = (self.version.next(), vec!["withdrawn".to_owned()]);
        let change = FreelancerChange::FreelancerProfileChanged { freelancer_id: self.id, fields };
        let event = Event { version, at: now, change };
        Some(Decided { state: Self { withdrawn, version, ..self.clone() }, event })
    }

    /// The account deletes its profile. The version of the event is higher than every entity tag of the freelancer.
    pub fn leave(&self, now: Timestamp) -> Event<FreelancerChange> {
        let change = FreelancerChange::FreelancerLeft { freelancer_id: self.id };
        Event { version: self.combined_version().next(), at: now, change }
    }

    /// The market replaces the whole history, for example by an import.
    pub fn replace_past(&self, track_record: TrackRecord, work_history: WorkHistory, now: Timestamp) -> Decided<Past> {
        Past::replace(self.id, &self.track_record, track_record, work_history, now)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;
    use crate::validation::{Rule, read};
    use crate::values::{MAX_AMOUNT, YearsOfExperience};

    fn profile(body: Value) -> FreelancerProfile {
        read(&body).unwrap()
    }

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read::<FreelancerProfile>(&body).unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    pub(crate) const SKILLS: [&str; 24] = [
        "a",
        "B",
        "c",
        "c#",
        "c++",
        "d",
        "E",
        "f",
        "G",
        "h",
        "i",
        "j",
        "K",
        "l",
        "m",
        "N",
        "o",
        "p",
        "Q",
        "r",
        "번역",
        "웹",
        "디자인",
        "結",
    ];
    pub(crate) const LANGUAGES: [&str; 12] =
        ["ko", "en", "en-GB", "de", "fr", "ja", "zh-Hant", "zh-Hans-CN", "es-419", "x-klingon", "sl-rozaj", "pt-BR"];

    prop_compose! {
        pub(crate) fn profiles()(
            headline in "[^\\p{C}\\p{Zl}\\p{Zp}]{0,20}가",
            bio in proptest::option::of("\\PC{0,40}"),
            category in prop::sample::select(vec!["Software", "software ", "번역", "c#", "#"]),
            skills in prop::sample::subsequence(SKILLS.to_vec(), 1..=20),
            languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=10),
            timezone in proptest::option::of(prop::sample::select(vec!["Asia/Seoul", "UTC", "America/New_York"])),
            rate in proptest::option::of((0..=MAX_AMOUNT, prop::sample::select(vec!["KRW", "USD"]))),
            weekly_hours in proptest::option::of(0..=WeeklyHours::MAX),
            years_experience in proptest::option::of(0..=YearsOfExperience::MAX),
        ) -> FreelancerProfile {
            profile(json!({
                "headline": headline, "bio": bio, "category": category, "skills": skills, "languages": languages,
                "timezone": timezone, "weekly_hours": weekly_hours, "years_experience": years_experience,
                "hourly_rate": rate.map(|(amount, currency)| json!({"amount": amount, "currency": currency})),
            }))
        }
    }

    fn introduced(profile: FreelancerProfile) -> Freelancer {
        Freelancer::introduce(AccountId::new(Ulid(7)), "민아".parse().unwrap(), profile, Timestamp::UNIX_EPOCH).state
    }

    proptest! {
        #[test]
        fn a_profile_as_it_is_answered_can_be_put_back(profile in profiles()) {
            prop_assert_eq!(read::<FreelancerProfile>(&serde_json::to_value(&profile).unwrap()), Ok(profile));
        }

        #[test]
        fn a_profile_reads_back_from_its_stored_form(profile in profiles()) {
            let freelancer = introduced(profile);
            let stored = serde_json::to_string(&freelancer).unwrap();
            prop_assert_eq!(serde_json::from_str::<Freelancer>(&stored).unwrap(), freelancer);
        }

        #[test]
        fn each_change_is_one_version_and_no_change_is_none(first in profiles(), second in profiles()) {
            let freelancer = introduced(first.clone());
            let now = Timestamp::from_second(60).unwrap();
            prop_assert!(freelancer.replace_profile(first.clone(), now).is_none());
            match freelancer.replace_profile(second.clone(), now) {
                None => prop_assert_eq!(first, second),
                Some(Decided { state, event }) => {
                    prop_assert_eq!(state.version, freelancer.version.next());
                    prop_assert_eq!(event.version, state.version);
                    prop_assert_eq!(event.at, now);
                    prop_assert_eq!(&state.profile, &second);
                    prop_assert_eq!(state.created_at, freelancer.created_at);
                    prop_assert_eq!((state.updated_at, state.last_active_at()), (now, Some(now)));
                }
            }
        }
    }

    #[test]
    fn a_minimal_profile_has_sensible_defaults() {
        let profile = profile(json!({"headline": "h", "category": "c", "skills": ["s"]}));
        assert_eq!(profile.bio.as_str(), "");
        assert!(profile.languages.as_slice().is_empty() && profile.timezone.is_none() && profile.hourly_rate.is_none());
    }

    #[test]
    fn every_wrong_field_is_named_in_one_answer() {
        let wrong = wrong(json!({
            "headline": " ",
            "bio": 7,
            "skills": ["ok", null, "OK", 3],
            "languages": ["ko", "deutsch!", "KO"],
            "timezone": "Mars/Olympus",
            "hourly_rate": {"amount": -1, "currency": "won"},
            "weekly_hours": 169,
            "years_experience": "ten",
            "id": "ignored"
        }));
        let wrong: Vec<(&str, Rule)> = wrong.iter().map(|(pointer, rule)| (pointer.as_str(), *rule)).collect();
        assert_eq!(
            wrong,
            [
                ("/headline", Rule::Blank),
                ("/bio", Rule::WrongType),
                ("/category", Rule::Required),
                ("/skills/1", Rule::Required),
                ("/skills/2", Rule::Duplicate),
                ("/skills/3", Rule::WrongType),
                ("/languages/1", Rule::InvalidLanguage),
                ("/languages/2", Rule::Duplicate),
                ("/timezone", Rule::UnknownTimezone),
                ("/hourly_rate/amount", Rule::OutOfRange),
                ("/hourly_rate/currency", Rule::UnknownCurrency),
                ("/weekly_hours", Rule::OutOfRange),
                ("/years_experience", Rule::WrongType),
            ]
        );
    }

    #[test]
    fn a_withdrawn_profile_is_in_no_list_and_comes_back_as_it_was() {
        let body = json!({"headline": "h", "category": "c", "skills": ["s"]});
        let first = introduced(profile(body));
        let later = Timestamp::from_second(60).unwrap();
        assert!(first.set_withdrawn(false, later).is_none());
        let withdrawn = first.set_withdrawn(true, later).unwrap().state;
        assert!(crate::listing::Listing::of_freelancer(&withdrawn).is_empty());
        assert_eq!(withdrawn.version, first.version.next());
        let again = withdrawn.set_withdrawn(false, later).unwrap().state;
        assert_eq!(again, Freelancer { version: first.version.next().next(), ..first });
    }

    #[test]
    fn a_freelancer_who_comes_back_has_a_version_of_their_own() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let body = json!({"headline": "h", "category": "c", "skills": ["s"]});
        let mut first = introduced(profile(body.clone()));
        first.track_record =
            first.replace_past(TrackRecord::default(), WorkHistory::default(), at(1)).state.track_record;
        let left = first.leave(at(2));
        assert!(left.version > first.combined_version());
        assert_eq!(left.change, FreelancerChange::FreelancerLeft { freelancer_id: first.id });
        let name = first.display_name.clone();
        let again = Freelancer::introduce_after(Some(left.version), first.id, name, profile(body), at(3)).state;
        assert!(again.combined_version() > left.version);
        assert_eq!((again.created_at, again.track_record), (at(3), TrackRecord::default()));
    }

    #[test]
    fn money_must_be_an_object() {
        let body = json!({"headline": "h", "category": "c", "skills": ["s"], "hourly_rate": [5, "EUR"]});
        assert_eq!(wrong(body), [("/hourly_rate".to_owned(), Rule::WrongType)]);
    }

    #[test]
    fn the_newer_of_profile_and_track_record_gives_the_last_activity() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let body = json!({"headline": "h", "category": "c", "skills": ["s"]});
        let mut freelancer = introduced(profile(body));
        assert_eq!(freelancer.last_active_at(), Some(at(0)), "without a track record");
        let numbers = TrackRecord { last_active_at: Some(at(-50)), ..TrackRecord::default() };
        freelancer.track_record = freelancer.replace_past(numbers, WorkHistory::default(), at(10)).state.track_record;
        assert_eq!((freelancer.last_active_at(), freelancer.changed_at()), (Some(at(-50)), at(10)));
        assert_eq!(freelancer.combined_version(), Version::FIRST.next());
        let profile = profile(json!({"headline": "i", "category": "c", "skills": ["s"]}));
        let later = freelancer.replace_profile(profile, at(20)).unwrap().state;
        assert_eq!((later.last_active_at(), later.changed_at()), (Some(at(20)), at(20)));
        assert_eq!(later.combined_version(), Version::FIRST.plus(2));
    }
}
