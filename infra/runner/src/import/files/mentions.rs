//! Finds skills in the text of a record that names none, as most job postings don't. The skills of all other records of
//! the import are the vocabulary.

use std::collections::{BTreeMap, BTreeSet};

/// The most skills that are found in one text.
const MAX_FOUND: usize = 20;
/// The most words of one skill.
const MAX_WORDS: usize = 4;
/// Shorter skills are found only in their own spelling: `go` is no skill, `Go` is.
const SHORT: usize = 3;
/// The longest particle at the end of a Korean word, in syllables.
const MAX_PARTICLE: usize = 2;

/// The skills that records have named.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(BTreeMap<String, String>);

impl Vocabulary {
    pub(super) fn learn(&mut self, skills: &[String]) {
        for skill in skills {
            if skill.chars().count() > 1 {
                self.0.entry(words(skill).join(" ").to_lowercase()).or_insert_with(|| skill.clone());
            }
        }
    }

    /// The skills that a text mentions, in its order.
    pub(super) fn mentioned(&self, text: &str) -> Vec<String> {
        let words = words(text);
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut start = 0;
        while start < words.len() && found.len() < MAX_FOUND {
            let longest = MAX_WORDS.min(words.len() - start);
            let hit = (1..=longest).rev().find_map(|count| Some((count, self.find(&words[start..start + count])?)));
            if let Some((_, skill)) = hit
                && seen.insert(skill)
            {
                found.push(skill.clone());
            }
            start += hit.map_or(1, |(count, _)| count);
        }
        found
    }

    /// The skill that consists of these words, the last of which may end in a Korean particle.
    fn find(&self, words: &[&str]) -> Option<&String> {
        let phrase = words.join(" ");
        let particle = phrase.chars().rev().take_while(|c| is_hangul(*c)).count().saturating_sub(1).min(MAX_PARTICLE);
        let mut end = phrase.len();
        for _ in 0..=particle {
            let exact = &phrase[..end];
            let skill = self.0.get(&exact.to_lowercase());
            if let Some(skill) = skill.filter(|skill| exact.chars().count() > SHORT || skill.as_str() == exact) {
                return Some(skill);
            }
            end = phrase[..end].char_indices().next_back().map_or(0, |(start, _)| start);
        }
        None
    }
}

/// The words of a text. `C++`, `Node.js` and `CI/CD` are one word. `Rust로` is two, because the script changes.
fn words(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "+#./-_&".contains(c);
    let mut words = Vec::new();
    for chunk in text.split(|c: char| !is_part(c)) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let hangul = rest.chars().next().is_some_and(is_hangul);
            let end = rest.char_indices().find(|&(_, c)| is_hangul(c) != hangul).map_or(rest.len(), |(end, _)| end);
            // Not the signs at the start of `.NET` or at the end of `C++`.
            let word = rest[..end]
                .trim_start_matches(['/', '-', '&', '+', '#', '_'])
                .trim_end_matches(['.', '/', '-', '&', '_']);
            if !word.is_empty() {
                words.push(word);
            }
            rest = &rest[end..];
        }
    }
    words
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(text: &str) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        let skills = ["Rust", "Go", "C++", "Node.js", "AWS Lambda", "CI/CD", "결제 연동", "디자인", "R", ".NET"];
        vocabulary.learn(&skills.map(str::to_owned));
        vocabulary.mentioned(text)
    }

    #[test]
    fn skills_are_found_in_sentences() {
        let text = "We use rust, C++ and Node.js. You go far with Go, CI/CD and aws lambda (.NET is no must).";
        assert_eq!(mentioned(text), ["Rust", "C++", "Node.js", "Go", "CI/CD", "AWS Lambda", ".NET"]);
    }

    #[test]
    fn korean_particles_are_read_over() {
        assert_eq!(mentioned("Rust로 결제 연동을 만들고 디자인까지 합니다"), ["Rust", "결제 연동", "디자인"]);
    }

    #[test]
    fn other_words_are_no_skills() {
        assert_eq!(mentioned("Trust us to go on. Designer, R&D, 디"), Vec::<String>::new());
        assert_eq!(mentioned(""), Vec::<String>::new());
    }
}
