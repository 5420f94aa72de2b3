//! Closing an account: it is erased thirty days after its owner asked, unless they change their mind.

use jiff::{SignedDuration, Timestamp};

use super::Account;

/// The time in which the owner may keep the account after all.
pub const GRACE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Account {
    /// The account, to be erased after the grace that begins at `now`. If it is closing already, its time stays.
    #[must_use]
    pub fn close(&self, now: Timestamp) -> Self {
        // Whole seconds, so that the time is the same in every spelling.
        let erased_at = (now + GRACE).as_second();
        let erased_at = self.erased_at.or_else(|| Timestamp::from_second(erased_at).ok());
        Self { erased_at, ..self.clone() }
    }

    /// The account, kept after all.
    #[must_use]
    pub fn keep(&self) -> Self {
        Self { erased_at: None, ..self.clone() }
    }

    /// Whether the grace is over at `now`. Then nobody can sign in any more, however late the erasure itself is.
    pub fn is_erased_at(&self, now: Timestamp) -> bool {
        self.erased_at.is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::values::AccountId;

    #[test]
    fn an_account_is_erased_after_thirty_days_unless_it_is_kept() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (id, created_at) = (AccountId::new(Ulid(1)), at("2026-01-01T00:00:00Z"));
        let open = Account { id, display_name: "민아".parse().unwrap(), created_at, erased_at: None };
        assert!(!open.is_erased_at(Timestamp::MAX));

        let closing = open.close(at("2026-11-30T12:00:00.123456789Z"));
        assert_eq!(closing.erased_at, Some(at("2026-12-30T12:00:00Z")));
        assert!(!closing.is_erased_at(at("2026-12-30T11:59:59Z")) && closing.is_erased_at(at("2026-12-30T12:00:00Z")));
        assert_eq!(closing.close(at("2026-12-10T12:00:00Z")), closing, "asking again changes nothing");
        assert_eq!(closing.keep(), open);
    }
}
