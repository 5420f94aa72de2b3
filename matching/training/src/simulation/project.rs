//! A simulated project.

use super::chance::{normal, pick};
use super::person::{FIRST_LANGUAGE, Language};
use super::vocabulary::{Skill, TRADES, Word, skill_name, skills_of_trade, text, words_of_skill};
use crate::Random;
use matching::{Need, TermVector};

/// The median hourly budget; its logarithm has the standard deviation [`BUDGET_DEVIATION`].
const USUAL_BUDGET: f64 = 60.0;
const BUDGET_DEVIATION: f64 = 0.4;

/// A project as it is posted.
#[derive(Debug, Clone)]
pub(super) struct Project {
    pub(super) skills: Vec<Skill>,
    /// The words of the description that belong to a skill.
    pub(super) words: Vec<Word>,
    /// The project as the engine sees it, ranked when it is posted.
    pub(super) need: Need,
    /// The language of the work.
    pub(super) language: Language,
    /// The natural logarithm of the highest hourly rate the client pays.
    pub(super) ln_budget: f64,
}

impl Project {
    pub(super) fn draw(random: &mut Random, posted_at: i64) -> Self {
        let trade = pick(random, TRADES);
        let skill_count = 1 + pick(random, 3);
        let skills = skills_of_trade(random, trade, skill_count);
        let words: Vec<Word> = skills.iter().flat_map(|&skill| words_of_skill(random, skill, 5)).collect();
        let description = text(random, &words);
        let names: Vec<String> = skills.iter().map(|&skill| skill_name(skill)).collect();
        let need = Need { terms: TermVector::of_project(&names[0], &description), skills: names, ranked_at: posted_at };
        Self {
            skills,
            words,
            need,
            language: usize::from(!random.chance(FIRST_LANGUAGE)),
            ln_budget: USUAL_BUDGET.ln() + BUDGET_DEVIATION * normal(random),
        }
    }
}
