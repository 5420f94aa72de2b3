//! Makes texts, skills and languages of files fit the bounds of a record, and notes what was cut or left out.

use std::collections::BTreeSet;

use domain::values::{MAX_LANGUAGES, MAX_SKILLS, Skill};

use super::html;
use super::languages::tag_of;
use super::report::{Note, Notes};
use crate::import::bounds::{MAX_TAG, cut};

/// A text of several lines within its bound. It may be HTML.
pub(super) fn lines(text: &str, texts: &'static str, max: usize, notes: &mut Notes) -> String {
    bounded(&visible(&html::text_of(text)), texts, max, notes)
}

/// A text of one line within its bound. It may be HTML.
pub(super) fn line(text: &str, texts: &'static str, max: usize, notes: &mut Notes) -> String {
    bounded(&one_line(text), texts, max, notes)
}

/// A text of one line. It may be HTML.
pub(super) fn one_line(text: &str) -> String {
    visible(&html::text_of(text)).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bounded(text: &str, texts: &'static str, max: usize, notes: &mut Notes) -> String {
    let fitting = cut(text, max);
    notes.add(Note::Cut { texts, max }, usize::from(fitting.len() < text.len()));
    fitting.trim_end().to_owned()
}

/// Removes control characters but line breaks, marks that change the direction of text, and byte order marks.
fn visible(text: &str) -> String {
    let is_mark =
        |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_hidden = |c: char| (c.is_control() && c != '\n') || is_mark(c) || c == '\u{feff}';
    text.chars().filter(|&c| !is_hidden(c)).collect()
}

/// The skills that texts name, without repetitions, as many as a record may name. A text may name several.
pub(super) fn skills(texts: impl Iterator<Item = String>, notes: &mut Notes) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut skills = Vec::new();
    let (mut long, mut too_many) = (0, 0);
    for text in texts {
        for skill in parts(&visible(&html::text_of(&text))) {
            match skill.parse::<Skill>() {
                Ok(parsed) if !seen.insert(parsed.folded()) => {}
                Ok(_) if skills.len() == MAX_SKILLS => too_many += 1,
                Ok(_) => skills.push(skill),
                Err(_) => long += usize::from(skill.chars().nth(MAX_TAG).is_some()),
            }
        }
    }
    notes.add(Note::LongSkill { max: MAX_TAG }, long);
    notes.add(Note::TooManySkills { max: MAX_SKILLS }, too_many);
    skills
}

/// The parts of a list that was written as one text: separated by commas, semicolons, bullets or lines. Commas in
/// parentheses separate nothing: `AWS (EC2, S3)`.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == '\n' || (depth == 0 && matches!(c, ',' | ';' | '|' | '•' | '·' | '、' | '，' | '；')) {
            depth = 0;
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let trimmed = |part: &String| {
        let part = part.trim().trim_start_matches(['-', '*', '–']).trim();
        // Not the dot of `.NET`.
        part.strip_suffix('.').unwrap_or(part).to_owned()
    };
    parts.iter().map(trimmed).filter(|part| !part.is_empty()).collect()
}

/// The tags of the languages that texts name, without repetitions, as many as a record may name.
pub(super) fn languages(texts: impl Iterator<Item = String>, notes: &mut Notes) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for text in texts {
        match tag_of(&text) {
            None => notes.add(Note::UnknownLanguage, 1),
            Some(tag) if tags.iter().any(|other| other.eq_ignore_ascii_case(&tag)) => {}
            Some(_) if tags.len() == MAX_LANGUAGES => notes.add(Note::TooManyLanguages { max: MAX_LANGUAGES }, 1),
            Some(tag) => tags.push(tag),
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skills_of(texts: &[&str]) -> (Vec<String>, Notes) {
        let mut notes = Notes::default();
        let skills = skills(texts.iter().map(|&text| text.to_owned()), &mut notes);
        (skills, notes)
    }

    #[test]
    fn a_text_may_name_several_skills() {
        let (skills, notes) =
            skills_of(&["Rust, C++; AWS (EC2, S3) | .NET", "<ul><li>웹 디자인</li><li>rust.</li></ul>"]);
        assert_eq!(skills, ["Rust", "C++", "AWS (EC2, S3)", ".NET", "웹 디자인"]);
        assert_eq!(notes, Notes::default());
    }

    #[test]
    fn sixty_skills_are_cut_and_counted() {
        let sixty: Vec<String> = (0..60).map(|number| format!("skill {number}")).collect();
        let mut notes = Notes::default();
        assert_eq!(skills(sixty.into_iter(), &mut notes).len(), MAX_SKILLS);
        assert_eq!(notes.count(Note::TooManySkills { max: MAX_SKILLS }), 60 - MAX_SKILLS);
    }

    #[test]
    fn a_sentence_is_no_skill() {
        let (skills, notes) = skills_of(&[&"경험 ".repeat(30), "Rust"]);
        assert_eq!(skills, ["Rust"]);
        assert_eq!(notes.count(Note::LongSkill { max: MAX_TAG }), 1);
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_counted() {
        let mut notes = Notes::default();
        assert_eq!(line(&"가".repeat(12), "titles", 10, &mut notes), "가".repeat(10));
        assert_eq!(line("\u{202e}한\u{0} 줄\n<b>입니다</b>", "titles", 10, &mut notes), "한 줄 입니다");
        assert_eq!(notes.count(Note::Cut { texts: "titles", max: 10 }), 1);
    }

    #[test]
    fn unknown_languages_are_counted() {
        let mut notes = Notes::default();
        let names = ["English", "한국어", "english (US)", "Klingon"].map(str::to_owned);
        assert_eq!(languages(names.into_iter(), &mut notes), ["en", "ko"]);
        assert_eq!(notes.count(Note::UnknownLanguage), 1);
    }
}
