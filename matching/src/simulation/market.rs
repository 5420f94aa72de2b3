//! The market at play, from its first project to its last.

use super::belief::{Belief, Line};
use super::chance::normal;
use super::person::Person;
use super::project::Project;
use super::record::Record;
use super::truth::{CHOICE, Effects, Facts, Hidden, INTEREST, PLEASES, PLEASES_BY_ABILITY, Terms};
use super::truth::{log_odds, probability};
use super::vocabulary::skill_name;
use crate::activity::Pace;
use crate::features::Features;
use crate::pair::PreparedTalent;
use crate::statistics::TextStatistics;
use crate::training::{Pairs, Query, Random, Side, Split, Standing};

/// The first project is posted about now: some day in 2023, in seconds since 1970.
const BEGIN: i64 = 1_700_000_000;
/// A project is posted every thirteen hours, up to three hours late.
const SECONDS_PER_PROJECT: i64 = 13 * 3_600;
const MOST_LATE_SECONDS: f64 = 3.0 * 3_600.0;
/// Whoever bids does so before the next project.
const MOST_RESPONSE_MINUTES: f64 = 600.0;
/// Share of people who are there from the beginning; the others join at any time.
const FOUNDERS: f64 = 0.4;
/// Values of price and language, equally many pairs each, that stand for all of them where they are not known.
const TYPICAL_TERMS: usize = 8;
/// Pairs that those are taken from.
const TERMS_SAMPLE: usize = 4_000;

/// How large a market is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Freelancers who ever join.
    pub freelancers: usize,
    /// Projects posted.
    pub projects: usize,
    /// Decides everything that is left to chance.
    pub seed: u64,
}

/// What is known of a pair beyond its features and its outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Whether the pair passes the product's filters.
    pub is_eligible: bool,
    /// What the freelancer had done before, and since when.
    pub standing: Standing,
    /// Probability of a bid, and of being hired given a bid, by oracle.
    probabilities: [[f64; 2]; 3],
}

/// Who could be asked instead of the net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oracle {
    /// Knows the probabilities that decisions are drawn from, hidden effects and all. Nobody can do better.
    Everything,
    /// Knows how decisions come about, and everything that can be observed: profiles, prices, languages and all decisions
    /// so far. Takes the expectation over the hidden effects, given those decisions (a sum over a grid of 33 points).
    Observables,
    /// The same without this pair's price and language: takes the expectation over those of eligible pairs as well.
    WithoutTerms,
}

impl Oracle {
    /// All three, the one that knows least first.
    pub const ALL: [Self; 3] = [Self::WithoutTerms, Self::Observables, Self::Everything];
}

/// A market that has been played.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Every project with everybody who had joined, and how they decided.
    pub pairs: Pairs,
    /// What is known besides, one per row of `pairs`.
    pub known: Vec<Known>,
}

impl Simulation {
    /// Plays a market; calls `progress` after every project. Equal scales give equal markets.
    pub fn run(scale: &Scale, mut progress: impl FnMut()) -> Self {
        let mut market = Market::new(scale);
        let mut simulation = Self { pairs: Pairs::default(), known: Vec::new() };
        for number in 0..scale.projects {
            let project = market.projects[number].clone();
            let split = Split::at(number as f64 / scale.projects as f64);
            simulation.post(&mut market, &project, number as u64, split);
            progress();
        }
        simulation
    }

    /// One project before everybody who is there.
    fn post(&mut self, market: &mut Market, project: &Project, question: u64, split: Split) {
        let pace = Pace::of(market.members.iter().filter_map(|member| member.record.activity()));
        let statistics = market.statistics.clone().with_pace(pace);
        let need = statistics.prepare_need(&project.need);
        let start = self.pairs.features.len();
        let now = project.need.ranked_at;
        let (random, typical_terms) = (&mut market.random, &market.typical_terms);
        for (id, member) in market.members.iter_mut().enumerate() {
            if member.person.joined_at >= now {
                continue;
            }
            let talent = member.prepared.get_or_insert_with(|| {
                // What a term is worth does not change, so that this holds until the record does.
                statistics.prepare_talent(&member.record.talent(&member.person))
            });
            self.pairs.features.push(Features::of(&need, talent));
            self.pairs.freelancers.push(id as i64);
            let facts = Facts::of(project, &member.person, &member.record);
            let known = member.known(&facts, typical_terms, now);
            self.pairs.relevance.push(member.decide(project, &facts, &known, random));
            self.known.push(known);
        }
        let rows = start..self.pairs.features.len();
        self.pairs.queries.push(Query { site: 0, question, split, rows });
    }

    /// The pairs that pass the product's filters: what is ranked.
    #[must_use]
    pub fn eligible(&self) -> Self {
        let mut kept = Self { pairs: Pairs::default(), known: Vec::new() };
        for query in &self.pairs.queries {
            let start = kept.known.len();
            for row in query.rows.clone().filter(|&row| self.known[row].is_eligible) {
                kept.pairs.features.push(self.pairs.features[row]);
                kept.pairs.relevance.push(self.pairs.relevance[row]);
                kept.pairs.freelancers.push(self.pairs.freelancers[row]);
                kept.known.push(self.known[row]);
            }
            kept.pairs.queries.push(Query { rows: start..kept.known.len(), ..query.clone() });
        }
        kept
    }

    /// The same pairs with decisions that depend on nothing, as frequent as the real ones.
    #[must_use]
    pub fn noise(&self, seed: u64) -> Pairs {
        let mut random = Random::new(seed);
        let mut pairs = self.pairs.clone();
        let counted = |least: u8| self.pairs.relevance.iter().filter(|&&relevance| relevance >= least).count() as f64;
        let (bids, hires) = (counted(1) / counted(0).max(1.0), counted(2) / counted(1).max(1.0));
        for relevance in &mut pairs.relevance {
            let is_bid = random.chance(bids);
            *relevance = u8::from(is_bid) + u8::from(is_bid & random.chance(hires));
        }
        pairs
    }

    /// An oracle's answer to one side's question: log-odds, one per row. A score is the product of both sides.
    pub fn log_odds(&self, oracle: Oracle, side: Side) -> Vec<f32> {
        let of = |known: &Known| {
            let [interest, choice] = known.probabilities[oracle as usize];
            match side {
                Side::Match => interest * choice,
                Side::Interest => interest,
                Side::Choice => choice,
            }
        };
        self.known.iter().map(|known| log_odds(of(known)) as f32).collect()
    }
}

/// Everybody and everything in it.
struct Market {
    random: Random,
    members: Vec<Member>,
    projects: Vec<Project>,
    statistics: TextStatistics,
    /// What the terms of eligible pairs add to the log-odds of each side, typical values only.
    typical_terms: [[f64; TYPICAL_TERMS]; 2],
}

/// A freelancer, what has been seen of them, and what can be made of that.
struct Member {
    person: Person,
    record: Record,
    eagerness: Belief,
    ability: Belief,
    /// Of the record as it is now.
    prepared: Option<PreparedTalent>,
}

impl Market {
    fn new(scale: &Scale) -> Self {
        let mut random = Random::new(scale.seed);
        let period_seconds = scale.projects as f64 * SECONDS_PER_PROJECT as f64;
        let members: Vec<Member> = (0..scale.freelancers)
            .map(|_| {
                let is_founder = random.chance(FOUNDERS);
                let joins_after = if is_founder { -1 } else { (random.uniform() * period_seconds) as i64 };
                Member::new(Person::draw(&mut random, BEGIN + joins_after))
            })
            .collect();
        let projects: Vec<Project> = (0..scale.projects)
            .map(|number| {
                let late_seconds = (random.uniform() * MOST_LATE_SECONDS) as i64;
                Project::draw(&mut random, BEGIN + number as i64 * SECONDS_PER_PROJECT + late_seconds)
            })
            .collect();
        // As in training on real decisions: what a word or a skill is worth comes from the texts of the training part.
        let mut statistics = TextStatistics::default();
        for (number, project) in projects.iter().enumerate() {
            if Split::at(number as f64 / scale.projects as f64) == Split::Train {
                statistics.count_text(&project.need.terms);
                statistics.count_skills(project.need.skills.iter().map(String::as_str));
            }
        }
        for member in &members {
            statistics.count_text(&member.person.terms);
            let names: Vec<String> = member.person.skills.iter().map(|&skill| skill_name(skill)).collect();
            statistics.count_skills(names.iter().map(String::as_str));
        }
        let typical_terms = typical_terms(&members, &projects, &mut random);
        Self { random, members, projects, statistics, typical_terms }
    }
}

impl Member {
    fn new(person: Person) -> Self {
        let (eagerness, ability) = (Belief::prior(), Belief::prior());
        Self { person, record: Record::default(), eagerness, ability, prepared: None }
    }

    /// What each oracle knows of this freelancer's and the client's decision about a project.
    fn known(&self, facts: &Facts, typical_terms: &[[f64; TYPICAL_TERMS]; 2], now: i64) -> Known {
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

    /// Both sides decide, and what everybody can see of it is noted. Gives the relevance: 2 for hired, 1 for a bid that
    /// was not, 0 for no bid.
    fn decide(&mut self, project: &Project, facts: &Facts, known: &Known, random: &mut Random) -> u8 {
        let [interest, choice] = known.probabilities[Oracle::Everything as usize];
        let bids = random.chance(interest);
        self.eagerness.observe(line(&INTEREST, facts), bids);
        if !bids {
            return 0;
        }
        let minutes = (self.person.response_minutes * (0.5 * normal(random)).exp()).min(MOST_RESPONSE_MINUTES);
        self.record.record_bid(&project.need, minutes);
        self.prepared = None;
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

/// A side's log-odds as a line in its hidden effect.
fn line(effects: &Effects, facts: &Facts) -> Line {
    Line { log_odds: effects.of_facts(facts) + effects.of_terms(facts.terms()), slope: effects.hidden }
}

/// The middle of each equal part of what terms add to the log-odds, over eligible pairs picked at random.
fn typical_terms(members: &[Member], projects: &[Project], random: &mut Random) -> [[f64; TYPICAL_TERMS]; 2] {
    let eligible: Vec<Terms> = (0..TERMS_SAMPLE)
        .filter_map(|_| {
            let member = &members[super::chance::pick(random, members.len())];
            let project = &projects[super::chance::pick(random, projects.len())];
            let terms = Terms::of(project, &member.person);
            terms.are_eligible().then_some(terms)
        })
        .collect();
    [INTEREST, CHOICE].map(|effects| {
        let mut added: Vec<f64> = eligible.iter().map(|&terms| effects.of_terms(terms)).collect();
        added.sort_by(f64::total_cmp);
        std::array::from_fn(|part| {
            let middle = added.len() * (2 * part + 1) / (2 * TYPICAL_TERMS);
            added.get(middle).copied().unwrap_or_default()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Feature;

    const SCALE: Scale = Scale { freelancers: 120, projects: 400, seed: 3 };

    fn simulation() -> Simulation {
        Simulation::run(&SCALE, || {})
    }

    /// Standard errors between what was promised and what happened, for the pairs of each tenth of the promises.
    fn surprises(promised: &[f32], happened: impl Fn(usize) -> Option<bool>) -> Vec<f64> {
        let mut all: Vec<(f64, bool)> = promised
            .iter()
            .enumerate()
            .filter_map(|(row, &log_odds)| Some((probability(f64::from(log_odds)), happened(row)?)))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.chunks(all.len().div_ceil(10))
            .map(|tenth| {
                let difference: f64 = tenth.iter().map(|&(p, happened)| f64::from(u8::from(happened)) - p).sum();
                let variance: f64 = tenth.iter().map(|(p, _)| p * (1.0 - p)).sum();
                difference / variance.sqrt()
            })
            .collect()
    }

    #[test]
    fn what_oracles_promise_happens_as_often() {
        let all = simulation();
        let eligible = all.eligible();
        // Everybody's decisions for the two that know terms. Without terms, eligible pairs are judged: those it is about.
        for (market, oracle) in
            [(&all, Oracle::Everything), (&all, Oracle::Observables), (&eligible, Oracle::WithoutTerms)]
        {
            let relevance = &market.pairs.relevance;
            let interest = surprises(&market.log_odds(oracle, Side::Interest), |row| Some(relevance[row] > 0));
            let choice = surprises(&market.log_odds(oracle, Side::Choice), |row| {
                (relevance[row] > 0).then_some(relevance[row] > 1)
            });
            let hire = surprises(&market.log_odds(oracle, Side::Match), |row| Some(relevance[row] > 1));
            for surprise in interest.into_iter().chain(choice).chain(hire) {
                assert!(surprise.abs() < 4.0, "{oracle:?}: {surprise} standard errors");
            }
        }
    }

    #[test]
    fn who_knows_more_is_surprised_less() {
        let market = simulation().eligible();
        for side in 0..2 {
            // Mean −ln(probability given to what happens), over what may happen instead of over what did.
            let surprise = |oracle: Oracle| -> f64 {
                let of = |known: &Known| {
                    let truth = known.probabilities[Oracle::Everything as usize][side];
                    let promised = known.probabilities[oracle as usize][side];
                    -truth * promised.ln() - (1.0 - truth) * (1.0 - promised).ln()
                };
                market.known.iter().map(of).sum::<f64>() / market.known.len() as f64
            };
            let surprises = Oracle::ALL.map(surprise);
            assert!(surprises[0] > surprises[1] && surprises[1] > surprises[2], "{side}: {surprises:?}");
        }
    }

    #[test]
    fn equal_seeds_give_equal_markets() {
        let small = |seed| Simulation::run(&Scale { freelancers: 20, projects: 40, seed }, || {});
        let (one, same, other) = (small(1), small(1), small(2));
        assert_eq!(one.pairs.features, same.pairs.features);
        assert_eq!((one.pairs.relevance, one.known), (same.pairs.relevance, same.known));
        assert_ne!(one.pairs.features, other.pairs.features);
    }

    #[test]
    fn eligible_pairs_are_those_the_filters_let_through() {
        let all = simulation();
        let eligible = all.eligible();
        assert_eq!(eligible.known.len(), all.known.iter().filter(|known| known.is_eligible).count());
        assert!(eligible.known.len() * 3 > all.known.len() && eligible.known.len() * 3 < all.known.len() * 2);
        let rows: usize = eligible.pairs.queries.iter().map(|query| query.rows.len()).sum();
        assert_eq!(rows, eligible.pairs.features.len());
        assert!(eligible.known.iter().all(|known| known.is_eligible));
    }

    #[test]
    fn whoever_has_made_no_bid_has_no_history() {
        let market = simulation();
        for (features, known) in market.pairs.features.iter().zip(&market.known) {
            for feature in Feature::ALL.into_iter().filter(|&feature| feature.is_history()) {
                let needs_job = feature == Feature::Rating;
                assert!(needs_job || features.get(feature).is_some() == (known.standing.proposals > 0), "{feature:?}");
            }
            assert!(known.standing.tenure_seconds > 0);
        }
    }

    #[test]
    fn noise_is_as_frequent_and_tells_nothing() {
        let market = simulation();
        let noise = market.noise(9);
        let bids = |relevance: &[u8]| relevance.iter().filter(|&&relevance| relevance > 0).count() as f64;
        let (drawn, real) = (bids(&noise.relevance), bids(&market.pairs.relevance));
        assert!((drawn - real).abs() < 4.0 * real.sqrt(), "{drawn} for {real}");
        let promised = market.log_odds(Oracle::Everything, Side::Interest);
        let judged = crate::training::judge(&noise, &noise.queries, Side::Interest, &promised, 0).unwrap();
        // The deviation of an AUC of which nothing is true: √((m + n + 1) / (12 m n)).
        let (m, n) = (drawn, noise.relevance.len() as f64 - drawn);
        let deviation = ((m + n + 1.0) / (12.0 * m * n)).sqrt();
        assert!((judged.auc - 0.5).abs() < 4.0 * deviation, "{}", judged.auc);
    }
}
