//! What is usual in a pool: how rare each term and each skill is, which makes a shared rare word count for more, and
//! how much its members do.

use std::collections::HashMap;

use crate::activity::Pace;
use crate::packed::PackedTalent;
use crate::pair::{Need, PreparedNeed, Talent};
use crate::text::{TermVector, fold, term_hash};

/// Document frequencies of the terms and of the skills of a pool (or of a training set), and its pace.
///
/// Serving counts the pool it ranks, one document per freelancer; training counts the texts of its training
/// period. Both then [prepare](Self::prepare_need) needs with them.
#[derive(Debug, Clone, Default)]
pub struct TextStatistics {
    terms: Frequencies,
    skills: Frequencies,
    pace: Pace,
}

/// In how many of how many documents each hash occurs.
#[derive(Debug, Clone, Default)]
struct Frequencies {
    documents: u32,
    containing: HashMap<u32, u32>,
}

impl Frequencies {
    /// Counts one document; `hashes` are distinct.
    fn count(&mut self, hashes: impl IntoIterator<Item = u32>) {
        self.documents = self.documents.saturating_add(1);
        for hash in hashes {
            let containing = self.containing.entry(hash).or_default();
            *containing = containing.saturating_add(1);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.documents = self.documents.saturating_add(other.documents);
        for (&hash, &count) in &other.containing {
            let containing = self.containing.entry(hash).or_default();
            *containing = containing.saturating_add(count);
        }
    }

    /// ln((documents + 1) / (containing + 1)) + 1: the smoothed inverse document frequency. 1 for what is
    /// everywhere, greatest for what is nowhere.
    fn rarity(&self, hash: u32) -> f32 {
        let containing = self.containing.get(&hash).copied().unwrap_or(0);
        ((self.documents as f32 + 1.0) / (containing as f32 + 1.0)).ln() + 1.0
    }
}

impl TextStatistics {
    /// The statistics of a pool of talents: the words and the skills that are kept of them.
    pub fn of_pool<'a>(talents: impl IntoIterator<Item = &'a Talent>) -> Self {
        let mut statistics = Self::default();
        for talent in talents {
            statistics.count(&PackedTalent::of(talent));
        }
        statistics
    }

    /// Counts one freelancer.
    pub fn count(&mut self, talent: &PackedTalent) {
        self.terms.count(talent.terms.iter().map(|&(hash, _)| hash));
        self.skills.count(talent.skills.iter().map(|&(hash, _)| hash));
        if let Some(activity) = talent.state.activity() {
            self.pace.count(&activity);
        }
    }

    /// The statistics of a pool of so many freelancers, as far as somebody asked: how many have each of some terms and
    /// skills.
    pub(crate) fn of_counts(
        freelancers: u32,
        terms: impl IntoIterator<Item = (u32, u32)>,
        skills: impl IntoIterator<Item = (u32, u32)>,
        pace: Pace,
    ) -> Self {
        let terms = Frequencies { documents: freelancers, containing: terms.into_iter().collect() };
        let skills = Frequencies { documents: freelancers, containing: skills.into_iter().collect() };
        Self { terms, skills, pace }
    }

    /// Adds the statistics of another part of a pool.
    pub fn merge(&mut self, other: &Self) {
        self.terms.merge(&other.terms);
        self.skills.merge(&other.skills);
        self.pace.merge(&other.pace);
    }

    /// Counts one text as one document.
    pub fn count_text(&mut self, text: &TermVector) {
        self.terms.count(text.terms().iter().map(|&(hash, _)| hash));
    }

    /// Counts one list of skills as one document, each skill once.
    pub fn count_skills<'a>(&mut self, skills: impl IntoIterator<Item = &'a str>) {
        let mut hashes: Vec<u32> = skills.into_iter().map(|skill| term_hash(&fold(skill))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.skills.count(hashes);
    }

    /// Says what activity is usual, in the place of what was counted.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// How much activity is usual here.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// How rare a term is here, at least 1.
    pub(crate) fn term_rarity(&self, hash: u32) -> f32 {
        self.terms.rarity(hash)
    }

    /// How rare a skill is here, at least 1.
    pub(crate) fn skill_rarity(&self, hash: u32) -> f32 {
        self.skills.rarity(hash)
    }

    /// A need as this pool sees it.
    pub fn prepare_need(&self, need: &Need) -> PreparedNeed {
        PreparedNeed::new(need, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarity_falls_with_every_document_that_contains_it() {
        let mut statistics = TextStatistics::default();
        statistics.count_skills(["Rust", "rust ", "AWS"]);
        statistics.count_skills(["rust"]);
        statistics.count_skills(["python"]);
        let rarity = |skill: &str| statistics.skill_rarity(term_hash(skill));
        assert_eq!(rarity("rust"), (4.0f32 / 3.0).ln() + 1.0);
        assert_eq!(rarity("aws"), (4.0f32 / 2.0).ln() + 1.0);
        assert_eq!(rarity("cobol"), 4.0f32.ln() + 1.0);
    }
}
