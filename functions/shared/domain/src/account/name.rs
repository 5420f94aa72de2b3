//! Names that would make people believe that an account speaks for the market.

use unicode_security::skeleton;
use vocabulary::fold;

use crate::validation::{Refusal, Rule};
use crate::values::DisplayName;

/// The market's own names. No name may begin with one at the beginning of a word.
const BRANDS: &[&str] = &["pairwork", "페어워크"];

/// The words for people who run a market. No name may consist of them alone.
const ROLES: &[&str] = &[
    "admin",
    "administration",
    "administrator",
    "customer",
    "helpdesk",
    "mod",
    "moderator",
    "official",
    "operator",
    "security",
    "service",
    "staff",
    "support",
    "sysadmin",
    "system",
    "team",
    "webmaster",
    "고객",
    "고객센터",
    "고객지원",
    "공식",
    "관리자",
    "보안",
    "상담",
    "센터",
    "시스템",
    "운영",
    "운영자",
    "운영진",
    "직원",
    "팀",
];

/// Checks the name of a new account. Names are compared by their looks (Unicode Technical Standard #39, section 4), so
/// other letters of the same shape, invisible characters, accents and separators do not help.
///
/// # Errors
/// [`Rule::ReservedName`].
pub fn check_new_name(name: &DisplayName) -> Result<(), Refusal> {
    let words: Vec<String> = words(name.as_str());
    let whole = words.concat();
    let begins_with_brand = |start: usize| BRANDS.iter().any(|brand| whole[start..].starts_with(&look(brand)));
    let mut starts = words.iter().scan(0, |end, word| {
        let start = *end;
        *end += word.len();
        Some(start)
    });
    if starts.any(begins_with_brand) || consists_of_roles(&whole) {
        return Err(Refusal::new(Rule::ReservedName, "must not look like a name of the market or of its staff"));
    }
    Ok(())
}

/// The words of a text, each by its look. Digits at the end do not make a name another one.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let plain = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    plain.split(|c: char| !c.is_alphanumeric()).map(look).filter(|word| !word.is_empty()).collect()
}

/// A text as it looks: letters and digits of one shape are one, and accents are dropped. Folding comes first, because
/// it makes the letters of one word of all cases equal; a skeleton tells cases apart.
fn look(text: &str) -> String {
    // A skeleton is decomposed, so accents are characters of their own. Syllables of Hangul come together again.
    let shapes: String = skeleton(&fold(text)).filter(|shape| shape.is_alphanumeric() || shape.is_ascii()).collect();
    let shapes = fold(&shapes);
    let shapes = shapes.chars().map(|shape| match shape {
        'i' | '1' | '!' | '|' => 'l',
        '0' => 'o',
        '3' => 'e',
        '4' => 'a',
        '5' | '$' => 's',
        other => other,
    });
    shapes.filter(|shape| shape.is_alphanumeric()).collect()
}

/// Whether a text without separators can be divided into words of [`ROLES`].
fn consists_of_roles(whole: &str) -> bool {
    let roles: Vec<String> = ROLES.iter().map(|role| look(role)).collect();
    let mut ends = vec![false; whole.len() + 1];
    ends[0] = true;
    for start in 0..whole.len() {
        if !ends[start] {
            continue;
        }
        for role in &roles {
            if whole[start..].starts_with(role.as_str()) {
                ends[start + role.len()] = true;
            }
        }
    }
    !whole.is_empty() && ends[whole.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_reserved(name: &str) -> bool {
        match check_new_name(&name.parse().unwrap()) {
            Ok(()) => false,
            Err(refusal) => {
                assert_eq!(refusal.rule, Rule::ReservedName);
                true
            }
        }
    }

    #[test]
    fn names_of_the_market_and_of_its_staff_are_reserved() {
        for name in [
            "admin",
            " Admin ",
            "ADMIN",
            "Administrator",
            "admin1",
            "adm1n",
            "аdmin",         // Cyrillic а
            "ａｄｍｉｎ",    // fullwidth
            "a\u{200B}dmin", // zero-width space
            "ad\u{AD}min",   // soft hyphen
            "a.d-m_i n",
            "ádmin",
            "Support Team",
            "Customer Support",
            "Pairwork",
            "Pairwork Support",
            "The Pairwork Team",
            "PAIR WORK",
            "Раirwоrk", // Cyrillic Р, а, о
            "Pa1rw0rk",
            "관리자",
            "운영자 팀",
            "고객 센터",
            "페어워크 고객센터",
        ] {
            assert!(is_reserved(name), "{name:?}");
        }
    }

    #[test]
    fn names_of_people_and_firms_are_not() {
        for name in [
            "김민아",
            "Mina Kim",
            "O’Connor",
            "D'Angelo",
            "محمد",
            "שלום\u{200F}!",
            "می\u{200C}خواهم",
            "👩\u{200D}💻",
            "👩\u{200D}💻 Dev",
            "Админ Петров",
            "Support Studio Kim",
            "Repair Works",
            "Despair Worker",
            "Systematic Design",
            "Adminah",
            "Teamwork GmbH",
            "관리의 김",
            "정지원",
            "팀 쿡",
            "지원",
            "1984",
            "李明",
            "Ñandú",
        ] {
            assert!(!is_reserved(name), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_can_be_checked(name in "\\PC{1,80}") {
            if let Ok(name) = name.parse() {
                let _ = check_new_name(&name);
            }
        }
    }
}
