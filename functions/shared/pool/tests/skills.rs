//! Lists and matching agree about skills: both treat two names as one skill, or neither does.

use domain::values::Skill;
use matching::{Need, PackedNeed, TermVector};
use proptest::prelude::*;

fn hashes(skill: &str) -> Vec<u32> {
    PackedNeed::of([skill], &TermVector::default()).skill_hashes().to_vec()
}

fn assert_agreement(one: &str, other: &str) {
    let (Ok(listed_one), Ok(listed_other)) = (one.parse::<Skill>(), other.parse::<Skill>()) else { return };
    let are_listed_as_one = listed_one.key() == listed_other.key();
    let are_matched_as_one = hashes(one) == hashes(other);
    assert_eq!(are_listed_as_one, are_matched_as_one, "{one:?} and {other:?}");
    let need = |skill: &str| Need { skills: vec![skill.to_owned()], ..Need::default() };
    assert_eq!(need(one).skill_hashes() == need(other).skill_hashes(), are_listed_as_one, "{one:?} and {other:?}");
}

/// A skill in another spelling.
fn respelled(skill: &str, spelling: usize) -> String {
    match spelling % 8 {
        0 => skill.to_uppercase(),
        1 => skill.to_lowercase(),
        2 => format!(" {skill}\u{3000}"),
        3 => skill.replace(' ', "-"),
        4 => skill.replace([' ', '-'], "  "),
        5 => skill.chars().flat_map(|c| [c, '\u{200B}']).collect(),
        6 => format!("\u{FEFF}{skill}\u{AD}"),
        _ => skill
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
            .collect(),
    }
}

proptest! {
    #[test]
    fn any_two_texts(one in "\\PC{1,12}", other in "\\PC{1,12}") {
        assert_agreement(&one, &other);
    }

    #[test]
    fn a_text_and_its_spellings(skill in "[\\p{L}\\p{N} .+#-]{1,16}", spelling: usize) {
        assert_agreement(&skill, &respelled(&skill, spelling));
    }

    #[test]
    fn the_names_of_the_vocabulary(one: prop::sample::Index, other: prop::sample::Index, spelling: usize) {
        let groups = vocabulary::GROUPS;
        let (group, stranger) = (&groups[one.index(groups.len())], &groups[other.index(groups.len())]);
        for synonym in group.synonyms {
            assert_agreement(group.name, &respelled(synonym, spelling));
        }
        assert_agreement(group.name, stranger.name);
    }
}

#[test]
fn every_spelling_of_a_skill_is_one() {
    for (one, other) in [
        ("ΣΧΕΔΙΑΣΜΌΣ", "Σχεδιασμός"),
        ("Rust", "R\u{AD}ust\u{200B}"),
        ("Straße", "STRASSE"),
        ("Web  Design", "web-design"),
        ("자바스크립트", "JS"),
    ] {
        assert_eq!(hashes(one), hashes(other), "{one} and {other}");
        assert_agreement(one, other);
    }
}
