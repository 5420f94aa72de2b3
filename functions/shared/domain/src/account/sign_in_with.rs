//! The rules of signing in with an account at another organisation.

use jiff::{SignedDuration, Timestamp};

use super::check_new_name;
use crate::values::DisplayName;

/// How long a person may take at the provider.
pub const AUTHORIZATION_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How far the clocks of the provider and of the market may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// The name of a newcomer whose provider tells no name that is allowed here.
const UNNAMED: &str = "New member";

/// The name of a new account: the first name of the provider's that an account may have.
///
/// # Panics
/// Never: a test holds that a name is found for every list.
pub fn name_of_newcomer<'n>(told: impl IntoIterator<Item = &'n str>) -> DisplayName {
    let shortened = |name: &str| name.trim().chars().take(DisplayName::MAX).collect::<String>();
    let names = told.into_iter().map(shortened).chain([UNNAMED.to_owned()]);
    let mut allowed = names.filter_map(|name| name.parse().ok().filter(|name| check_new_name(name).is_ok()));
    allowed.next().expect("the last name is allowed")
}

/// Whether an account that loses one of its `linked` accounts at providers can still be signed in to.
pub fn keeps_a_way_to_sign_in(has_password: bool, linked: usize) -> bool {
    has_password || linked > 1
}

/// Whether the person signed in at the provider after the market asked for that. A provider that does not tell when
/// proves nothing.
pub fn is_fresh_sign_in(signed_in_at: Option<Timestamp>, asked_at: Timestamp, now: Timestamp) -> bool {
    signed_in_at.is_some_and(|at| at >= asked_at - CLOCK_SKEW && at <= now + CLOCK_SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(told: &[&str]) -> String {
        name_of_newcomer(told.iter().copied()).as_str().to_owned()
    }

    #[test]
    fn the_first_allowed_name_counts() {
        assert_eq!(name(&[" 김민아 ", "mina"]), "김민아");
        assert_eq!(name(&["", "Pairwork Support", "a\u{202e}b", "mina"]), "mina");
        assert_eq!(name(&[]), "New member");
        assert_eq!(name(&["  "]), "New member");
        assert_eq!(name(&["가".repeat(500).as_str()]).chars().count(), DisplayName::MAX);
    }

    #[test]
    fn the_last_way_to_sign_in_stays() {
        assert!(keeps_a_way_to_sign_in(true, 1));
        assert!(keeps_a_way_to_sign_in(false, 2));
        assert!(!keeps_a_way_to_sign_in(false, 1));
    }

    #[test]
    fn only_a_sign_in_after_the_question_is_fresh() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let fresh = |signed_in_at| is_fresh_sign_in(signed_in_at, at(1_000).unwrap(), at(1_100).unwrap());
        assert!(fresh(at(1_000)) && fresh(at(970)) && fresh(at(1_130)));
        assert!(!fresh(at(969)) && !fresh(at(1_131)) && !fresh(None));
    }
}
