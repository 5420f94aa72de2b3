//! Counts how rare words are in the training texts.

use std::collections::HashMap;

use super::division::{Cuts, Division, Split};
use crate::stackexchange::Dump;
use matching::{Background, TermVector};

/// The most words to keep: 80 kB.
const MOST_WORDS: usize = 16_384;

/// The fewest texts that a word must occur in. A rarer word would take the place of a better known one.
const LEAST_TEXTS: u32 = 2;

/// Counts word rarities over the training texts of several sites together. Every question and every answer is one
/// text. Later texts are not read.
pub fn background_of(dumps: &[Dump], division: Division) -> Background {
    let mut texts = Texts::default();
    for dump in dumps {
        let cuts = Cuts::of(dump, division);
        let is_training = |at_ms: i64| cuts.split(at_ms) == Split::Train;
        for question in dump.questions.iter().filter(|question| is_training(question.created_at_ms)) {
            texts.count(&question.terms());
        }
        for answer in dump.answers.iter().filter(|answer| is_training(answer.created_at_ms)) {
            texts.count(&TermVector::of_text(&answer.body));
        }
    }
    texts.background()
}

/// The number of texts that contain each word.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    texts: u32,
    containing: HashMap<u32, u32>,
}

impl Texts {
    pub(crate) fn count(&mut self, text: &TermVector) {
        self.texts += 1;
        for &(hash, _) in text.terms() {
            *self.containing.entry(hash).or_default() += 1;
        }
    }

    /// The rarities of the most frequent words.
    pub(crate) fn background(self) -> Background {
        let mut words: Vec<(u32, u32)> =
            self.containing.into_iter().filter(|&(_, containing)| containing >= LEAST_TEXTS).collect();
        // Of two equally frequent words, the one with the smaller hash is kept first.
        words.sort_unstable_by_key(|&(hash, containing)| (std::cmp::Reverse(containing), hash));
        words.truncate(MOST_WORDS);
        Background::of_frequencies(self.texts, words)
    }
}
