//! The passwords that are too easily guessed: common ones, patterns, and what everybody knows about the account.

use domain::{
    validation::{Refusal, Rule},
    values::{DisplayName, Email},
};
use zxcvbn::{Score, zxcvbn};

use super::Password;

/// Refuses a password that an attacker finds within a million tries: the scores below this one.
const ENOUGH: Score = Score::Two;

/// Checks a new password against 30,000 common ones, keyboard patterns, and the account's own address and name.
///
/// # Errors
/// A [`Refusal`] that says why.
pub(crate) fn check(password: &Password, email: Option<&Email>, name: Option<&DisplayName>) -> Result<(), Refusal> {
    let email = email.map(Email::as_str).unwrap_or_default();
    let mut own: Vec<&str> = vec![email, "pairwork"];
    own.extend(email.split('@'));
    own.extend(name.map(DisplayName::as_str));
    own.retain(|word| !word.trim().is_empty());
    let text = password.normalised();
    let folded = text.to_lowercase();
    if own
        .iter()
        .any(|word| word.chars().count() > 3 && without_digits(&folded) == without_digits(&word.to_lowercase()))
    {
        let detail = "must not be your own address or name";
        return Err(Refusal::new(Rule::Guessable, detail));
    }
    if zxcvbn(&text, &own).score() < ENOUGH {
        let detail = "is too easily guessed: use several unrelated words";
        return Err(Refusal::new(Rule::Guessable, detail));
    }
    Ok(())
}

/// The text without the digits and signs that people add to a word to satisfy a rule.
fn without_digits(text: &str) -> &str {
    text.trim_matches(|sign: char| sign.is_ascii_digit() || sign.is_ascii_punctuation() || sign.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<Rule> {
        let (email, name) = ("mina.kim@example.com".parse().unwrap(), "김민아입니다".parse().unwrap());
        check(&Password::typed(text), Some(&email), Some(&name)).err().map(|refusal| refusal.rule)
    }

    #[test]
    fn common_and_own_passwords_are_guessable() {
        for text in [
            "password1",
            "12345678",
            "        ",
            "qwertyuiop",
            "aaaaaaaa",
            "mina.kim@example.com",
            "MINA.KIM1!",
            "김민아입니다1",
            "iloveyou",
            "letmein1",
            "Passw0rd",
            "pairwork1",
        ] {
            assert_eq!(refused(text), Some(Rule::Guessable), "{text}");
        }
    }

    #[test]
    fn unrelated_words_in_any_script_are_accepted() {
        for text in [
            "correct horse battery staple",
            "열려라 참깨 2026",
            "비 오는 날의 우산 두 개",
            "Tr0ub4dor&3x",
            "πάντα ῥεῖ",
            "😀🦀🎈🌧😺🚀🎧🍜",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }
}
