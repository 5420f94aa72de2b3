//! Values that enforce their rules: parsing checks a text, and the text is stored as it was sent.

mod budget;
mod currency;
mod day;
mod email;
mod id;
mod language;
mod money;
pub mod number;
mod tag;
pub mod text;
mod time;
mod timezone;
mod version;
mod visible;

pub use budget::{Budget, BudgetKind};
pub use currency::Currency;
pub use day::Day;
pub use email::Email;
pub use id::{AccountId, InvalidId, PasskeyId, ProjectId, SessionId};
pub use language::{Language, Languages, MAX_LANGUAGES};
pub use money::{MAX_AMOUNT, Money};
pub use number::{Amount, JobCount, Minutes, Share, Stars, WeeklyHours, YearsOfExperience};
pub use tag::{Category, MAX_SKILLS, Skill, Skills, TagKey};
pub use text::{Bio, Description, DisplayName, Headline, LegalName, PasskeyName, Text, Title};
pub use time::Time;
pub use timezone::Timezone;
pub use version::Version;
