//! A freelancer in the market, who decides on projects and builds a track record.

use super::belief::{Belief, Line};
use super::chance::normal;
use super::oracle::{Known, Oracle};
use super::person::Person;
use super::project::Project;
use super::record::Record;
use super::truth::{CHOICE, Effects, Facts, Hidden, INTEREST, PLEASES, PLEASES_BY_ABILITY, probability};
use crate::{Random, Standing};
use matching::{Background, PackedTalent};

/// The longest response time. It ensures that a bid is made before the next project.
const MOST_RESPONSE_MINUTES: f64 = 600.0;
/// The number of typical values for price and language, where an oracle does not know them. Each represents equally
/// many pairs.
pub(super) const TYPICAL_TERMS: usize = 8;

/// A freelancer, their track record, and the beliefs about their hidden effects.
pub(super) struct Member {
    pub(super) person: Person,
    pub(super) record: Record,
    eagerness: Belief,
    ability: Belief,
    /// The packed features of the current record; `None` after a change.
    packed: Option<PackedTalent>,
}

impl Member {
    pub(super) fn new(person: Person) -> Self {
        let (eagerness, ability) = (Belief::prior(), Belief::prior());
        Self { person, record: Record::default(), eagerness, ability, packed: None }
    }

    /// The freelancer as the engine sees them.
    pub(super) fn packed(&mut self, background: &Background) -> &PackedTalent {
        // Word weights never change, so the packed talent is valid until the record changes.
        self.packed.get_or_insert_with(|| PackedTalent::weighed(&self.record.talent(&self.person), background))
    }

    /// The probabilities that each oracle gives the freelancer's and the client's decision about a project.
    pub(super) fn known(&self, facts: &Facts, typical_terms: &[[f64; TYPICAL_TERMS]; 2], now: i64) -> Known {
        let Hidden { eagerness, ability } = self.person.hidden;
        let sides = [(INTEREST, &self.eagerness, eagerness), (CHOICE, &self.ability, ability)];
        let mut probabilities = [[0.0; 2]; 3];
        let is_eligible = facts.terms().are_eligible();
        for (side, (effects, belief, hidden)) in sides.into_iter().enumerate() {
            let line = line(&effects, facts);
            let observable = belief.expect(line);
            probabilities[Oracle::Everything as usize][side] = probability(line.at(hidden));
            probabilities[Oracle::Observables as usize][side] = observable;
            let facts_alone = effects.of_facts(facts);
            let without_terms: f64 = typical_terms[side]
                .iter()
                .map(|terms| belief.expect(Line { log_odds: facts_alone + terms, slope: effects.hidden }))
                .sum();
            probabilities[Oracle::WithoutTerms as usize][side] = without_terms / TYPICAL_TERMS as f64;
        }
        let standing = Standing { proposals: self.record.proposals(), tenure_seconds: now - self.person.joined_at };
        Known { is_eligible, standing, probabilities }
    }

    /// Draws both decisions and records the visible part. Returns the relevance: 2 for a hire, 1 for a bid without a
    /// hire, 0 for no bid.
    pub(super) fn decide(&mut self, project: &Project, facts: &Facts, known: &Known, random: &mut Random) -> u8 {
        let [interest, choice] = known.probabilities[Oracle::Everything as usize];
        let bids = random.chance(interest);
        self.eagerness.observe(line(&INTEREST, facts), bids);
        if !bids {
            return 0;
        }
        let minutes = (self.person.response_minutes * (0.5 * normal(random)).exp()).min(MOST_RESPONSE_MINUTES);
        self.record.record_bid(&project.need, minutes);
        self.packed = None;
        let is_hired = random.chance(choice);
        self.ability.observe(line(&CHOICE, facts), is_hired);
        if !is_hired {
            return 1;
        }
        let pleases = Line { log_odds: PLEASES, slope: PLEASES_BY_ABILITY };
        let has_pleased = random.chance(probability(pleases.at(self.person.hidden.ability)));
        self.ability.observe(pleases, has_pleased);
        self.record.record_job(&project.skills, &project.need, has_pleased);
        2
    }
}

/// The log-odds of one side as a line in its hidden effect.
fn line(effects: &Effects, facts: &Facts) -> Line {
    Line { log_odds: effects.of_facts(facts) + effects.of_terms(facts.terms()), slope: effects.hidden }
}
