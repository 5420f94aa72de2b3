//! A simulated freelancer: the public profile and the hidden effects.

use super::chance::{normal, pick};
use super::truth::Hidden;
use super::vocabulary::{Skill, TRADES, Word, skills_of_trade, text, words_of_skill};
use crate::Random;
use matching::TermVector;

/// The median hourly rate; its logarithm has the standard deviation [`RATE_DEVIATION`].
const USUAL_RATE: f64 = 45.0;
const RATE_DEVIATION: f64 = 0.4;
/// The share of people whose mother tongue is the more common language.
pub(super) const FIRST_LANGUAGE: f64 = 0.6;
/// The share of people who also speak the other language.
const BILINGUAL: f64 = 0.5;
/// The median minutes until a bid are about e to this power.
const LN_RESPONSE_MINUTES: f64 = 4.5;

/// One of the market's two languages.
pub(super) type Language = usize;

/// A freelancer when joining. Only the track record changes afterwards.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// Seconds since 1970.
    pub(super) joined_at: i64,
    pub(super) skills: Vec<Skill>,
    /// The words of the profile that belong to a skill, sorted.
    pub(super) words: Vec<Word>,
    /// [`TermVector::of_profile`] of the biography.
    pub(super) terms: TermVector,
    pub(super) mother_tongue: Language,
    pub(super) is_bilingual: bool,
    /// The natural logarithm of the hourly rate.
    pub(super) ln_rate: f64,
    /// Usual minutes until a bid. No decision depends on them, so the feature carries no signal.
    pub(super) response_minutes: f64,
    pub(super) hidden: Hidden,
}

impl Person {
    pub(super) fn draw(random: &mut Random, joined_at: i64) -> Self {
        let trade = pick(random, TRADES);
        let skill_count = 2 + pick(random, 4);
        let skills = skills_of_trade(random, trade, skill_count);
        let mut words: Vec<Word> = skills.iter().flat_map(|&skill| words_of_skill(random, skill, 6)).collect();
        let bio = text(random, &words);
        words.sort_unstable();
        Self {
            joined_at,
            terms: TermVector::of_profile("", &bio),
            skills,
            words,
            mother_tongue: usize::from(!random.chance(FIRST_LANGUAGE)),
            is_bilingual: random.chance(BILINGUAL),
            ln_rate: USUAL_RATE.ln() + RATE_DEVIATION * normal(random),
            response_minutes: (LN_RESPONSE_MINUTES + normal(random)).exp(),
            hidden: Hidden::draw(random),
        }
    }
}
