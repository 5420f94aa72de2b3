//! Freelancers: what they say of themselves, and what the market knows of them.

mod change;
mod track_record;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::eligibility::FreelancerTerms;
use crate::event::{Aggregate, Decided, Event, changed_fields};
use crate::validation::{Field, Object, Violations};
use crate::values::{
    AccountId, Bio, Category, DisplayName, Headline, Language, MAX_WEEKLY_HOURS, MAX_YEARS_EXPERIENCE, Money,
    MoneyInput, Skills, Timezone, Version,
};

pub use change::FreelancerChange;
pub use track_record::{Activity, MAX_WORK_TERMS, TrackRecord};

/// A freelancer's profile as a request sends it: the whole of it, replacing what was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "headline": "Rust로 결제 시스템을 만드는 백엔드 개발자",
    "bio": "12년째 금융권 서버를 만들고 있습니다. I answer in Korean and English.",
    "category": "Software",
    "skills": ["Rust", "DynamoDB", "결제 시스템"],
    "languages": ["ko", "en-GB"],
    "timezone": "Asia/Seoul",
    "hourly_rate": {"amount": 65000, "currency": "KRW"},
    "weekly_hours": 30,
    "years_experience": 12
}))]
pub struct FreelancerInput {
    /// The offer in one line. Any text that is not blank.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, min_length = 1, max_length = 120)]
    pub headline: Field<String>,
    /// The freelancer's own words. Empty if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, max_length = 5000)]
    pub bio: Field<String>,
    /// The field of work: any words. Compared without regard to case and width.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, min_length = 1, max_length = 50)]
    pub category: Field<String>,
    /// What the freelancer can do: 1 to 20 different words or phrases of up to 50 characters, compared without regard to
    /// case and width.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<String>, required, min_items = 1, max_items = 20)]
    pub skills: Field<Vec<Field<String>>>,
    /// Languages to work in, as BCP 47 tags. None if left out.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub languages: Field<Vec<Field<String>>>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>)]
    pub timezone: Field<String>,
    /// The price of one hour.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<MoneyInput>)]
    pub hourly_rate: Field<Object<MoneyInput>>,
    /// Hours free for work each week; 0 says "not now", and such a freelancer is matched with nothing.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 168)]
    pub weekly_hours: Field<i64>,
    /// Years in the trade.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 80)]
    pub years_experience: Field<i64>,
}

impl FreelancerInput {
    /// The profile.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn validate(&self) -> Result<FreelancerProfile, Violations> {
        let mut violations = Violations::none();
        let mut body = violations.root();
        let headline = self.headline.parse_required(body.member("headline"));
        let bio = self.bio.parse_optional(body.member("bio")).unwrap_or_default();
        let category = self.category.parse_required(body.member("category"));
        let skills = Skills::read(&self.skills, body.member("skills"));
        let languages = Language::read_list(&self.languages, body.member("languages"));
        let timezone = self.timezone.parse_optional(body.member("timezone"));
        let hourly_rate = MoneyInput::read(&self.hourly_rate, body.member("hourly_rate"));
        let weekly_hours = self.weekly_hours.number_optional(0, MAX_WEEKLY_HOURS, body.member("weekly_hours"));
        let years_experience =
            self.years_experience.number_optional(0, MAX_YEARS_EXPERIENCE, body.member("years_experience"));
        match (headline, category, skills) {
            (Some(headline), Some(category), Some(skills)) if violations.is_empty() => Ok(FreelancerProfile {
                headline,
                bio,
                category,
                skills,
                languages,
                timezone,
                hourly_rate,
                weekly_hours,
                years_experience,
            }),
            _ => Err(violations),
        }
    }
}

/// What a freelancer says of themself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreelancerProfile {
    /// The offer in one line.
    pub headline: Headline,
    /// The freelancer's own words; may be empty.
    pub bio: Bio,
    /// The field of work.
    pub category: Category,
    /// What the freelancer can do.
    pub skills: Skills,
    /// Languages to work in.
    pub languages: Vec<Language>,
    /// Where the freelancer's day runs.
    pub timezone: Option<Timezone>,
    /// The price of one hour.
    pub hourly_rate: Option<Money>,
    /// Hours free for work each week, 0 to [`MAX_WEEKLY_HOURS`].
    pub weekly_hours: Option<i64>,
    /// Years in the trade, 0 to [`MAX_YEARS_EXPERIENCE`].
    pub years_experience: Option<i64>,
}

impl FreelancerProfile {
    /// The profile as a request would send it: what `validate` reads back as this profile.
    pub fn to_input(&self) -> FreelancerInput {
        FreelancerInput {
            headline: Field::Value(self.headline.to_string()),
            bio: Field::Value(self.bio.to_string()),
            category: Field::Value(self.category.to_string()),
            skills: self.skills.to_field(),
            languages: Language::list_to_field(&self.languages),
            timezone: self.timezone.as_ref().map(Timezone::to_string).into(),
            hourly_rate: self.hourly_rate.map(|rate| Object(rate.into())).into(),
            weekly_hours: self.weekly_hours.into(),
            years_experience: self.years_experience.into(),
        }
    }

    /// The names of the fields in which `other` differs.
    fn differences(&self, other: &Self) -> Vec<String> {
        changed_fields([
            ("headline", self.headline != other.headline),
            ("bio", self.bio != other.bio),
            ("category", self.category != other.category),
            ("skills", self.skills != other.skills),
            ("languages", self.languages != other.languages),
            ("timezone", self.timezone != other.timezone),
            ("hourly_rate", self.hourly_rate != other.hourly_rate),
            ("weekly_hours", self.weekly_hours != other.weekly_hours),
            ("years_experience", self.years_experience != other.years_experience),
        ])
    }
}

/// One freelancer: an account that offers its talents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Freelancer {
    /// The account's id is the freelancer's.
    pub id: AccountId,
    /// The account's name.
    pub display_name: DisplayName,
    /// What the freelancer says.
    pub profile: FreelancerProfile,
    /// What the market knows.
    #[serde(default)]
    pub track_record: TrackRecord,
    /// When the profile was first put.
    pub created_at: Timestamp,
    /// When anything here last changed.
    pub updated_at: Timestamp,
    /// How often it was committed.
    pub version: Version,
}

impl Aggregate for Freelancer {
    type Change = FreelancerChange;
}

impl Freelancer {
    /// What eligibility reads of the record.
    pub fn terms(&self) -> FreelancerTerms<'_> {
        FreelancerTerms {
            id: Some(self.id),
            languages: &self.profile.languages,
            hourly_rate: self.profile.hourly_rate,
            weekly_hours: self.profile.weekly_hours,
        }
    }

    /// The account `id` offers its talents for the first time.
    pub fn introduce(
        id: AccountId,
        display_name: DisplayName,
        profile: FreelancerProfile,
        now: Timestamp,
    ) -> Decided<Self> {
        let mut track_record = TrackRecord::default();
        track_record.touch(now);
        let version = Version::FIRST;
        let event = Event { version, at: now, change: FreelancerChange::FreelancerIntroduced { freelancer_id: id } };
        let state = Self { id, display_name, profile, track_record, created_at: now, updated_at: now, version };
        Decided { state, event }
    }

    /// The freelancer replaces the whole profile. `None` if it says what was said already: nothing is to be committed.
    pub fn replace_profile(&self, profile: FreelancerProfile, now: Timestamp) -> Option<Decided<Self>> {
        let fields = self.profile.differences(&profile);
        if fields.is_empty() {
            return None;
        }
        let mut track_record = self.track_record.clone();
        track_record.touch(now);
        let change = FreelancerChange::FreelancerProfileChanged { freelancer_id: self.id, fields };
        Some(self.commit(profile, track_record, change, now))
    }

    /// The market learns a whole history, as by an import.
    pub fn replace_track_record(&self, track_record: TrackRecord, now: Timestamp) -> Decided<Self> {
        let change = FreelancerChange::FreelancerTrackRecordReplaced { freelancer_id: self.id };
        self.commit(self.profile.clone(), track_record, change, now)
    }

    fn commit(
        &self,
        profile: FreelancerProfile,
        track_record: TrackRecord,
        change: FreelancerChange,
        now: Timestamp,
    ) -> Decided<Self> {
        let version = self.version.next();
        let event = Event { version, at: now, change };
        let display_name = self.display_name.clone();
        let state = Self { display_name, profile, track_record, updated_at: now, version, ..*self };
        Decided { state, event }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;
    use crate::validation::Rule;

    fn read(body: Value) -> FreelancerInput {
        serde_json::from_value::<Object<FreelancerInput>>(body).unwrap().0
    }

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read(body).validate().unwrap_err();
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
        pub(crate) fn inputs()(
            headline in "\\PC{0,20}가",
            bio in proptest::option::of("\\PC{0,40}"),
            category in prop::sample::select(vec!["Software", "software ", "번역", "c#", "#"]),
            skills in prop::sample::subsequence(SKILLS.to_vec(), 1..=20),
            languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=10),
            timezone in proptest::option::of(prop::sample::select(vec!["Asia/Seoul", "UTC", "America/New_York"])),
            rate in proptest::option::of((0..=crate::values::MAX_AMOUNT, prop::sample::select(vec!["KRW", "USD"]))),
            weekly_hours in proptest::option::of(0..=MAX_WEEKLY_HOURS),
            years_experience in proptest::option::of(0..=MAX_YEARS_EXPERIENCE),
        ) -> FreelancerInput {
            read(json!({
                "headline": headline, "bio": bio, "category": category, "skills": skills, "languages": languages,
                "timezone": timezone, "weekly_hours": weekly_hours, "years_experience": years_experience,
                "hourly_rate": rate.map(|(amount, currency)| json!({"amount": amount, "currency": currency})),
            }))
        }
    }

    prop_compose! {
        pub(crate) fn profiles()(input in inputs()) -> FreelancerProfile {
            input.validate().expect("generated inputs are valid")
        }
    }

    fn someone(profile: FreelancerProfile) -> Freelancer {
        Freelancer::introduce(AccountId::new(Ulid(7)), "민아".parse().unwrap(), profile, Timestamp::UNIX_EPOCH).state
    }

    proptest! {
        #[test]
        fn a_profile_reads_back_from_its_own_input(profile in profiles()) {
            prop_assert_eq!(profile.to_input().validate().unwrap(), profile);
        }

        #[test]
        fn a_profile_reads_back_from_its_stored_form(profile in profiles()) {
            let freelancer = someone(profile);
            let stored = serde_json::to_string(&freelancer).unwrap();
            prop_assert_eq!(serde_json::from_str::<Freelancer>(&stored).unwrap(), freelancer);
        }

        #[test]
        fn each_change_is_one_version_and_no_change_is_none(first in profiles(), second in profiles()) {
            let freelancer = someone(first.clone());
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
                    prop_assert_eq!((state.updated_at, state.track_record.last_active_at), (now, Some(now)));
                }
            }
        }
    }

    #[test]
    fn a_minimal_profile_has_sensible_defaults() {
        let profile = read(json!({"headline": "h", "category": "c", "skills": ["s"]})).validate().unwrap();
        assert_eq!(profile.bio.as_str(), "");
        assert!(profile.languages.is_empty() && profile.timezone.is_none() && profile.hourly_rate.is_none());
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
    fn money_must_be_an_object() {
        let body = json!({"headline": "h", "category": "c", "skills": ["s"], "hourly_rate": [5, "EUR"]});
        assert_eq!(wrong(body), [("/hourly_rate".to_owned(), Rule::WrongType)]);
    }

    #[test]
    fn a_history_replaces_the_whole_history() {
        let freelancer = someone(read(json!({"headline": "h", "category": "c", "skills": ["s"]})).validate().unwrap());
        let history = TrackRecord { completed_jobs: 3, ..TrackRecord::default() };
        let Decided { state, event } = freelancer.replace_track_record(history.clone(), Timestamp::UNIX_EPOCH);
        assert_eq!((state.track_record, event.version), (history, Version::FIRST.next()));
    }
}
