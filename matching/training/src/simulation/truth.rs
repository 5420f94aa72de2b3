//! The probabilities that decisions are drawn from.
//!
//! Both probabilities are logistic. The log-odds of a bid, and of a hire given a bid, are a sum over the observable
//! facts of a pair ([`Facts`]) and one hidden effect of the freelancer ([`Hidden`]). The facts have two parts: those
//! behind the features, and the *terms*, price and language. The product filters by terms, and the net never sees
//! them.

use super::chance::normal;
use super::person::Person;
use super::project::Project;
use super::record::Record;
use crate::Random;

/// ln(budget / rate) is clamped to ± this: a more extreme ratio changes no decision.
const MOST_LN_PRICE: f64 = 1.5;
/// A freelancer without bids decides as if absent for this many days.
const NEWCOMER_DAYS_AWAY: f64 = 14.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// The log-odds that a hired freelancer satisfies the client at average ability, and the increase per standard
/// deviation of ability.
pub(super) const PLEASES: f64 = 1.0;
pub(super) const PLEASES_BY_ABILITY: f64 = 1.5;

/// A freelancer's hidden effects: two standard normal variables that nobody observes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hidden {
    /// The tendency to bid, beyond the observable facts.
    pub(super) eagerness: f64,
    /// The tendency to be hired and to satisfy the client, beyond the observable facts.
    pub(super) ability: f64,
}

impl Hidden {
    pub(super) fn draw(random: &mut Random) -> Self {
        Self { eagerness: normal(random), ability: normal(random) }
    }
}

/// The best way in which the two sides can speak with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speech {
    MotherTongue,
    SecondLanguage,
    None,
}

/// The observable facts of a pair when a project is posted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Share of the wanted skills that the freelancer lists or has been hired for.
    skill_share: f64,
    /// Share of the project's words that the profile uses.
    word_share: f64,
    /// ln(1 + jobs that asked for a wanted skill).
    ln_jobs: f64,
    /// ln(1 + days since the last bid).
    ln_days_away: f64,
    terms: Terms,
}

/// The facts that the net never sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// ln(budget / rate), within ± 1.5. Below zero, the rate exceeds the budget.
    ln_price: f64,
    speech: Speech,
}

impl Terms {
    pub(super) fn of(project: &Project, person: &Person) -> Self {
        let speech = if person.mother_tongue == project.language {
            Speech::MotherTongue
        } else if person.is_bilingual {
            Speech::SecondLanguage
        } else {
            Speech::None
        };
        let ln_price = (project.ln_budget - person.ln_rate).clamp(-MOST_LN_PRICE, MOST_LN_PRICE);
        Self { ln_price, speech }
    }

    /// Whether the pair passes the product's filters: a shared language, and a rate within the budget.
    pub(super) fn are_eligible(self) -> bool {
        self.ln_price >= 0.0 && self.speech != Speech::None
    }
}

impl Facts {
    pub(super) fn of(project: &Project, person: &Person, record: &Record) -> Self {
        let has_skill = |skill| person.skills.contains(skill) || record.jobs_with(*skill) > 0;
        let share = |having: usize, all: usize| having as f64 / all as f64;
        let jobs: u32 = project.skills.iter().map(|&skill| record.jobs_with(skill)).sum();
        let days_away = record
            .last_bid_at()
            .map_or(NEWCOMER_DAYS_AWAY, |last| (project.need.ranked_at - last).max(0) as f64 / SECONDS_PER_DAY);
        let shares_word = |word| person.words.binary_search(word).is_ok();
        Self {
            skill_share: share(project.skills.iter().filter(|&skill| has_skill(skill)).count(), project.skills.len()),
            word_share: share(project.words.iter().filter(|&word| shares_word(word)).count(), project.words.len()),
            ln_jobs: f64::from(jobs).ln_1p(),
            ln_days_away: days_away.ln_1p(),
            terms: Terms::of(project, person),
        }
    }

    pub(super) fn terms(&self) -> Terms {
        self.terms
    }
}

/// The coefficients of one side's log-odds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effects {
    base: f64,
    skill_share: f64,
    word_share: f64,
    ln_jobs: f64,
    ln_days_away: f64,
    ln_price: f64,
    above_budget: f64,
    second_language: f64,
    no_language: f64,
    /// The coefficient of the hidden effect, per standard deviation.
    pub(super) hidden: f64,
}

/// Would the freelancer bid? Two or three freelancers bid for each project.
pub(super) const INTEREST: Effects = Effects {
    base: -5.4,
    skill_share: 2.4,
    word_share: 2.0,
    ln_jobs: 0.5,
    ln_days_away: -0.4,
    ln_price: 0.8,
    above_budget: -1.5,
    second_language: -0.8,
    no_language: -4.0,
    hidden: 0.8,
};

/// Would the client hire, given a bid? The client does not care how long a freelancer was absent.
pub(super) const CHOICE: Effects = Effects {
    base: -2.4,
    skill_share: 1.2,
    word_share: 1.5,
    ln_jobs: 0.4,
    ln_days_away: 0.0,
    ln_price: 0.8,
    above_budget: -2.0,
    second_language: -0.6,
    no_language: -3.0,
    hidden: 0.8,
};

impl Effects {
    /// The log-odds of the facts behind the features, without terms and hidden effect.
    pub(super) fn of_facts(&self, facts: &Facts) -> f64 {
        self.base
            + self.skill_share * facts.skill_share
            + self.word_share * facts.word_share
            + self.ln_jobs * facts.ln_jobs
            + self.ln_days_away * facts.ln_days_away
    }

    /// The log-odds that price and language add.
    pub(super) fn of_terms(&self, terms: Terms) -> f64 {
        let price = self.ln_price * terms.ln_price + if terms.ln_price < 0.0 { self.above_budget } else { 0.0 };
        let speech = match terms.speech {
            Speech::MotherTongue => 0.0,
            Speech::SecondLanguage => self.second_language,
            Speech::None => self.no_language,
        };
        price + speech
    }
}

/// 1 / (1 + e^−x).
pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// ln(p / (1 − p)).
pub(super) fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(language: usize, budget: f64) -> Project {
        Project { language, ln_budget: budget.ln(), ..Project::draw(&mut Random::new(1), 0) }
    }

    fn person(mother_tongue: usize, is_bilingual: bool, rate: f64) -> Person {
        Person { mother_tongue, is_bilingual, ln_rate: rate.ln(), ..Person::draw(&mut Random::new(2), 0) }
    }

    #[test]
    fn filters_require_a_shared_language_and_a_rate_within_the_budget() {
        let are_eligible = |person: &Person| Terms::of(&project(0, 50.0), person).are_eligible();
        assert!(are_eligible(&person(0, false, 50.0)));
        assert!(are_eligible(&person(1, true, 20.0)));
        assert!(!are_eligible(&person(1, false, 20.0)));
        assert!(!are_eligible(&person(0, false, 50.01)));
    }

    #[test]
    fn terms_add_their_coefficients() {
        let of = |person: &Person| INTEREST.of_terms(Terms::of(&project(0, 50.0), person));
        assert!((of(&person(0, true, 25.0)) - 0.8 * 2f64.ln()).abs() < 1e-12);
        assert!((of(&person(1, true, 25.0)) - (0.8 * 2f64.ln() - 0.8)).abs() < 1e-12);
        assert!((of(&person(1, false, 100.0)) - (-0.8 * 2f64.ln() - 1.5 - 4.0)).abs() < 1e-12);
        assert!((of(&person(0, true, 1.0)) - 0.8 * MOST_LN_PRICE).abs() < 1e-12, "the price is clamped");
    }

    #[test]
    fn hidden_effects_are_independent_standard_normal_variables() {
        let mut random = Random::new(7);
        let drawn: Vec<Hidden> = (0..40_000).map(|_| Hidden::draw(&mut random)).collect();
        let mean = |of: fn(&Hidden) -> f64| drawn.iter().map(of).sum::<f64>() / drawn.len() as f64;
        // The tolerance is four standard errors.
        let close = |value: f64, expected: f64, deviation: f64| (value - expected).abs() < 4.0 * deviation / 200.0;
        assert!(close(mean(|hidden| hidden.eagerness), 0.0, 1.0));
        assert!(close(mean(|hidden| hidden.ability), 0.0, 1.0));
        assert!(close(mean(|hidden| hidden.eagerness.powi(2)), 1.0, f64::sqrt(2.0)));
        assert!(close(mean(|hidden| hidden.ability.powi(2)), 1.0, f64::sqrt(2.0)));
        assert!(close(mean(|hidden| hidden.ability * hidden.eagerness), 0.0, 1.0));
    }
}
