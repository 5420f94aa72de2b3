//! Values that carry their rule: what parses is right, and what is right is kept as it was sent.

mod budget;
mod currency;
mod day;
mod email;
mod id;
mod language;
mod money;
mod tag;
mod text;
mod timezone;
mod version;

pub use budget::{Budget, BudgetInput, BudgetKind};
pub use currency::Currency;
pub use day::Day;
pub use email::Email;
pub use id::{AccountId, InvalidId, ProjectId};
pub use language::{Language, MAX_LANGUAGES};
pub use money::{MAX_AMOUNT, Money, MoneyInput};
pub use tag::{Category, Folded, MAX_SKILLS, Skill, Skills, Tag, fold};
pub use text::{Bio, Description, DisplayName, Headline, Text, Title};
pub use timezone::Timezone;
pub use version::Version;

/// The hours of a week.
pub const MAX_WEEKLY_HOURS: i64 = 168;
/// The longest working life taken at its word, in years.
pub const MAX_YEARS_EXPERIENCE: i64 = 80;
