//! Counts how rare words are in the texts of the training time.

use std::collections::HashMap;

use super::division::{Cuts, Division, Split};
use crate::stackexchange::Dump;
use matching::{Background, TermVector};

/// Most words that are kept: 80 kB of them.
const MOST_WORDS: usize = 16_384;

/// A word of fewer texts is as good as unknown, and leaves no room for a better known one.
const LEAST_TEXTS: u32 = 2;

/// The rarities of words in the training texts of some sites together, every question and every answer a text. Of later
/// texts nothing is looked at.
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

/// In how many texts each word occurs.
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

    /// Rarities of the most frequent words.
    pub(crate) fn background(self) -> Background {
        let mut words: Vec<(u32, u32)> =
            self.containing.into_iter().filter(|&(_, containing)| containing >= LEAST_TEXTS).collect();
        // Of equally frequent words the smaller hash stays.
        words.sort_unstable_by_key(|&(hash, containing)| (std::cmp::Reverse(containing), hash));
        words.truncate(MOST_WORDS);
        Background::of_frequencies(self.texts, words)
    }
}
