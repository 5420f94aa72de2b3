//! Texts and skills that mean the same are equal, and others are not.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vocabulary::{GROUPS, fold, skill_key};

#[test]
fn spellings_of_one_text_fold_alike() {
    for (one, other) in [
        ("ΣΧΕΔΙΑΣΜΌΣ", "Σχεδιασμός"),
        ("Straße", "STRASSE"),
        ("Rust", "Rust\u{200B}"),
        ("Rust", "\u{FEFF}Rust"),
        ("Rust", "Ru\u{AD}st"),
        ("Ｒｕｓｔ", " rust "),
        ("ﬁnance", "Finance"),
        ("배포", "\u{1107}\u{1162}\u{1111}\u{1169}"),
        ("é", "E\u{301}"),
        ("ΰ", "Υ\u{308}\u{301}"),
        ("ᾳ", "ΑΙ"),
        ("İ", "i\u{307}"),
    ] {
        assert_eq!(fold(one), fold(other), "{one:?} and {other:?}");
    }
    assert_eq!(fold("Σχεδιασμός"), "σχεδιασμόσ");
    assert_eq!(fold("\u{3164}\u{AD} \u{200B}"), "");
}

#[test]
fn every_character_folds_once_and_for_all() {
    let mut by_case = Vec::new();
    for character in ('\0'..=char::MAX).map(String::from) {
        let folded = fold(&character);
        assert_eq!(fold(&folded), folded, "{character:?}");
        let cases = [character.to_uppercase(), character.to_lowercase()];
        if cases.iter().any(|case| *case != character && fold(case) != folded) {
            by_case.push(character);
        }
    }
    // Unicode's default folding keeps the dotless i of Turkish apart from i, whose upper case it shares.
    assert_eq!(by_case, ["ı"]);
}

#[test]
fn separators_make_no_difference_and_signs_do() {
    for same in ["Web  Design", "web-design", "Web design", "web_design", "web – design", " WEB\u{A0}DESIGN\u{2011}"]
    {
        assert_eq!(skill_key(same), "web design", "{same:?}");
    }
    for (skill, key) in [
        ("C++", "c++"),
        ("C#", "c#"),
        (".NET", ".net"),
        ("Node.js", "node.js"),
        ("C--", "c--"),
        ("--", "--"),
        ("A/B", "a/b"),
        ("", ""),
        (" \u{200B}", ""),
    ] {
        assert_eq!(skill_key(skill), key, "{skill:?}");
    }
    assert_eq!(skill_key("수제 맥주"), skill_key("수제맥주"));
    assert_eq!(skill_key("수제-맥주 ale house"), "수제맥주ale house");
    assert_eq!(skill_key("IPA 양조"), skill_key("IPA양조"));
}

#[test]
fn names_of_one_skill_have_one_key() {
    for names in [
        ["js", "JavaScript", "자바스크립트"],
        ["golang", "Go", "GO"],
        ["k8s", "Kubernetes", "kubernetes"],
        ["NodeJS", "Node.js", "node.JS"],
        ["cpp", "C++", "c++"],
        ["dotnet", ".NET", ".net"],
        ["react.js", "React", "리액트"],
    ] {
        for name in names {
            assert_eq!(skill_key(name), skill_key(names[1]), "{name:?}");
        }
    }
}

#[test]
fn no_name_stands_in_two_groups() {
    let mut seen = BTreeMap::<String, &str>::new();
    for group in GROUPS {
        let key = skill_key(group.name);
        if let Some(other) = seen.insert(key.clone(), group.name) {
            panic!("{other:?} and {:?} have the key {key:?}", group.name);
        }
        for name in group.synonyms {
            assert_eq!(skill_key(name), key, "{name:?} of {:?}", group.name);
        }
    }
    assert_eq!(seen.len(), GROUPS.len());
}

proptest! {
    #[test]
    fn folding_a_folded_text_changes_nothing(text in any::<String>()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn case_and_invisible_characters_make_no_difference(text in "[a-zß-öŁłΑ-Ωα-ωАБВабв가-힣 .+#-]{0,12}") {
        prop_assert_eq!(fold(&text), fold(&text.to_uppercase()));
        let scattered: String = text.chars().flat_map(|character| [character, '\u{200B}']).collect();
        prop_assert_eq!(fold(&text), fold(&scattered));
    }

    #[test]
    fn the_key_of_a_key_is_itself(skill in "\\PC{0,12}", words in "[a-c가나_ .+-]{0,12}") {
        for skill in [skill, words] {
            let key = skill_key(&skill);
            prop_assert_eq!(skill_key(&key), key.clone());
            prop_assert_eq!(key.is_empty(), fold(&skill).is_empty());
        }
    }
}
