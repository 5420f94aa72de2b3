//! Text as a bag of hashed, weighted terms: words of any script, folded by [`vocabulary`].
//!
//! A [`TermVector`] does not hold the rarity of its terms. Rarity belongs to a trained net ([`Background`]), but a term
//! vector is stored with its freelancer for years.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation as _;
use vocabulary::{fnv1a_32, fold, skill_key};

use crate::background::Background;

/// Terms kept of a freelancer's past work. Fewer terms would rank worse; this number keeps the terms of a stored
/// freelancer within 2 KiB.
pub const MAX_WORK_TERMS: usize = 256;

/// A title says more per word than a description, so each of its words counts this many times.
const TITLE_WEIGHT: u32 = 2;

/// A profile weighs about as much as this many finished jobs.
const PROFILE_WEIGHT: f32 = 1.0;

/// Words that occur in English texts on any topic. Sorted, for a binary search.
const STOP_WORDS: [&str; 125] = [
    "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "being", "below", "between", "both", "but", "by", "can", "cannot", "could", "did", "do", "does",
    "doing", "don", "down", "during", "each", "either", "etc", "few", "for", "from", "further", "get", "had", "has",
    "have", "having", "he", "her", "here", "hers", "him", "his", "how", "if", "in", "into", "is", "it", "its", "just",
    "me", "more", "most", "much", "my", "no", "nor", "not", "now", "of", "off", "on", "once", "only", "or", "other",
    "our", "ours", "out", "over", "own", "same", "she", "should", "so", "some", "such", "than", "that", "the", "their",
    "theirs", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until",
    "up", "us", "ve", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why",
    "will", "with", "would", "you", "your", "yours", "yourself",
];

/// The hash of a folded term. It never changes, because it is stored. Among 30,000 terms, about one pool in ten has a
/// collision.
pub fn term_hash(term: &str) -> u32 {
    fnv1a_32(term.as_bytes())
}

/// The hash of a skill: equal for all its spellings and synonyms.
pub(crate) fn skill_hash(skill: &str) -> u32 {
    term_hash(&skill_key(skill))
}

/// The terms of a text in reading order, folded.
///
/// Words are runs of two or more letters and digits, with `+` and `#` at their end (`c++`, `f#`). Scripts without
/// spaces inside phrases (Hangul, Han, kana) give pairs of neighbouring characters. So a word is found with any
/// particle after it: 배포를 and 배포는 share 배포.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut run_is_paired = false;
    for character in fold(text).chars() {
        let is_suffix = matches!(character, '+' | '#') && !run.is_empty() && !run_is_paired;
        if !character.is_alphanumeric() && !is_suffix {
            finish_run(&mut found, &mut run, run_is_paired);
            continue;
        }
        let is_paired = is_written_without_spaces(character);
        if is_paired != run_is_paired {
            finish_run(&mut found, &mut run, run_is_paired);
            run_is_paired = is_paired;
        }
        run.push(character);
    }
    finish_run(&mut found, &mut run, run_is_paired);
    found
}

/// The number of different words in a text, as Unicode divides it (UAX #29): words between spaces in English and
/// Korean, single characters in Chinese.
pub(crate) fn different_words(text: &str) -> usize {
    text.unicode_words().map(fold).collect::<BTreeSet<String>>().len()
}

fn finish_run(found: &mut Vec<String>, run: &mut String, is_paired: bool) {
    if is_paired {
        let characters: Vec<char> = run.chars().collect();
        match characters.len() {
            0 => {}
            1 => found.push(run.clone()),
            _ => found.extend(characters.windows(2).map(|pair| pair.iter().collect())),
        }
    } else if run.chars().nth(1).is_some() && STOP_WORDS.binary_search(&run.as_str()).is_err() {
        found.push(run.clone());
    }
    run.clear();
}

/// Whether the character is Hangul, Han or kana, by the Unicode blocks of the three and their extensions.
fn is_written_without_spaces(character: char) -> bool {
    matches!(
        u32::from(character),
        0x1100..=0x11FF // Hangul jamo
        | 0x3040..=0x30FF // hiragana, katakana
        | 0x3130..=0x318F // Hangul compatibility jamo
        | 0x31F0..=0x31FF // katakana extensions
        | 0x3400..=0x4DBF // Han extension A
        | 0x4E00..=0x9FFF // Han
        | 0xA960..=0xA97F // Hangul jamo extension A
        | 0xAC00..=0xD7FF // Hangul syllables, jamo extension B
        | 0xF900..=0xFAFF // Han compatibility
        | 0x2_0000..=0x3_FFFF // Han extensions B and later
    )
}

/// Counts every token `times` times, by its hash.
fn count(counts: &mut BTreeMap<u32, u32>, tokens: &[String], times: u32) {
    for token in tokens {
        *counts.entry(term_hash(token)).or_default() += times;
    }
}

/// Weights by hashed term, sorted by hash. Every weight is finite and above zero. Document frequencies are not
/// included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TermVector(Vec<(u32, f32)>);

impl TermVector {
    /// The terms of one text. Each weighs 1 + ln(number of occurrences), and the vector has length one.
    pub fn of_text(text: &str) -> Self {
        let mut counts = BTreeMap::new();
        count(&mut counts, &tokens(text), 1);
        Self::of_counts(&counts)
    }

    /// A project's text: its title counts twice and its description once.
    pub fn of_project(title: &str, description: &str) -> Self {
        let mut counts = BTreeMap::new();
        count(&mut counts, &tokens(title), TITLE_WEIGHT);
        count(&mut counts, &tokens(description), 1);
        Self::of_counts(&counts)
    }

    /// A profile's text: its headline counts twice and its biography once. Skill names are not included, because they
    /// are compared as skills. As words they would also lower the similarity to needs for other skills.
    pub fn of_profile(headline: &str, bio: &str) -> Self {
        let mut counts = BTreeMap::new();
        count(&mut counts, &tokens(headline), TITLE_WEIGHT);
        count(&mut counts, &tokens(bio), 1);
        let mut profile = Self::of_counts(&counts);
        profile.scale(PROFILE_WEIGHT);
        profile
    }

    fn of_counts(counts: &BTreeMap<u32, u32>) -> Self {
        let mut terms: Vec<(u32, f32)> =
            counts.iter().map(|(&hash, &count)| (hash, 1.0 + (count as f32).ln())).collect();
        let length = length_of(&terms);
        for (_, weight) in &mut terms {
            *weight /= length;
        }
        Self(terms)
    }

    /// Creates a vector from stored terms in any order. Weights of equal hashes are added. A weight that is not finite
    /// or not above zero is dropped.
    pub fn from_terms(terms: impl IntoIterator<Item = (u32, f32)>) -> Self {
        let mut sums = BTreeMap::<u32, f32>::new();
        for (hash, weight) in terms {
            if weight.is_finite() && weight > 0.0 {
                *sums.entry(hash).or_default() += weight;
            }
        }
        sums.retain(|_, weight| weight.is_finite());
        Self(sums.into_iter().collect())
    }

    /// The terms with their weights, by ascending hash: the stored form.
    pub fn terms(&self) -> &[(u32, f32)] {
        &self.0
    }

    /// Whether there are no terms.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds another text term by term, to accumulate past work.
    pub fn add(&mut self, other: &Self) {
        if self.is_empty() {
            self.0.clone_from(&other.0);
            return;
        }
        let mut merged = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().copied().peekable(), other.0.iter().copied().peekable());
        while let (Some(&(a, weight_a)), Some(&(b, weight_b))) = (left.peek(), right.peek()) {
            match a.cmp(&b) {
                std::cmp::Ordering::Less => merged.extend(left.next()),
                std::cmp::Ordering::Greater => merged.extend(right.next()),
                std::cmp::Ordering::Equal => {
                    merged.push((a, (weight_a + weight_b).min(f32::MAX)));
                    left.next();
                    right.next();
                }
            }
        }
        merged.extend(left);
        merged.extend(right);
        self.0 = merged;
    }

    /// The `limit` strongest terms. Among equal weights, the smaller hash stays.
    #[must_use]
    pub fn strongest(&self, limit: usize) -> Self {
        if self.0.len() <= limit {
            return self.clone();
        }
        let mut terms = self.0.clone();
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(limit);
        terms.sort_unstable_by_key(|&(hash, _)| hash);
        Self(terms)
    }

    /// Multiplies every term by its rarity. Rarity is at most 1, so no weight becomes infinite.
    #[must_use]
    pub(crate) fn by_rarity(&self, background: &Background) -> Self {
        Self(self.0.iter().map(|&(hash, weight)| (hash, weight * background.rarity(hash))).collect())
    }

    fn scale(&mut self, factor: f32) {
        for (_, weight) in &mut self.0 {
            *weight *= factor;
        }
    }
}

/// Euclidean length. It is 1 if the vector is empty or the length is not finite, so division is always safe.
pub(crate) fn length_of(terms: &[(u32, f32)]) -> f32 {
    let sum: f32 = terms.iter().map(|(_, weight)| weight * weight).sum();
    if sum > 0.0 && sum.is_finite() { sum.sqrt() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn words_are_folded_and_keep_their_signs() {
        assert_eq!(tokens("The Ｒｕｓｔ and C++, or F#? ÉTÉ!"), ["rust", "c++", "f#", "été"]);
    }

    #[test]
    fn hangul_gives_pairs_that_survive_a_particle() {
        assert_eq!(tokens("배포를 Rust로"), ["배포", "포를", "rust", "로"]);
        assert!(tokens("배포는").contains(&"배포".to_owned()));
    }

    #[test]
    fn decomposed_hangul_is_the_same_text() {
        let decomposed = "\u{1107}\u{1162}\u{1111}\u{1169}";
        assert_ne!(decomposed, "배포");
        assert_eq!(tokens(decomposed), tokens("배포"));
    }

    #[test]
    fn stored_terms_come_back() {
        let vector = TermVector::of_project("Deploy Rust", "to AWS Lambda, deploy twice");
        assert_eq!(TermVector::from_terms(vector.terms().iter().rev().copied()), vector);
        assert_eq!(TermVector::from_terms([(7, f32::NAN), (8, -1.0), (9, f32::INFINITY)]), TermVector::default());
    }

    #[test]
    fn strongest_keeps_the_weightiest_sorted_by_hash() {
        let vector = TermVector::from_terms([(5, 1.0), (3, 2.0), (9, 3.0), (4, 2.0)]);
        assert_eq!(vector.strongest(2).terms(), [(3, 2.0), (9, 3.0)]);
    }
}
