//! The words and skills of the simulated trades. Every skill has words of its own. Common words carry no signal.

use super::chance::{pick, pick_different};
use crate::Random;

pub(super) const TRADES: usize = 4;
pub(super) const SKILLS_PER_TRADE: usize = 8;
/// Words that only texts about one skill use.
pub(super) const WORDS_PER_SKILL: usize = 14;
/// Words that any text uses.
const COMMON_WORDS: usize = 60;

/// One skill, by its number over all trades.
pub(super) type Skill = usize;
/// One word that belongs to a skill, by its number over all skills.
pub(super) type Word = usize;

/// Some different skills of one trade.
pub(super) fn skills_of_trade(random: &mut Random, trade: usize, count: usize) -> Vec<Skill> {
    pick_different(random, count, SKILLS_PER_TRADE).into_iter().map(|skill| trade * SKILLS_PER_TRADE + skill).collect()
}

/// Some different words that belong to one skill.
pub(super) fn words_of_skill(random: &mut Random, skill: Skill, count: usize) -> Vec<Word> {
    pick_different(random, count, WORDS_PER_SKILL).into_iter().map(|word| skill * WORDS_PER_SKILL + word).collect()
}

/// The skill as a profile or project names it.
pub(super) fn skill_name(skill: Skill) -> String {
    format!("skill{skill}")
}

/// A text that contains each of these words once, and as many random common words.
pub(super) fn text(random: &mut Random, words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(&format!("word{word} common{} ", pick(random, COMMON_WORDS)));
    }
    text
}
