//! The simulated market: its members, its projects, and the decisions when a project is posted.

use super::chance::pick;
use super::member::{Member, TYPICAL_TERMS};
use super::person::Person;
use super::project::Project;
use super::truth::{CHOICE, Facts, INTEREST, Terms};
use super::vocabulary::skill_name;
use super::{Scale, Simulation};
use crate::data::Texts;
use crate::{Division, Query, Random, Split};
use matching::{Background, Features, Pace, PoolStatistics};

/// The first project is posted about this time in November 2023, in seconds since 1970.
const BEGIN: i64 = 1_700_000_000;
/// One project is posted every thirteen hours, plus up to three random hours.
const SECONDS_PER_PROJECT: i64 = 13 * 3_600;
const MOST_LATE_SECONDS: f64 = 3.0 * 3_600.0;
/// The share of people who join before the first project. The others join at a random time.
const FOUNDERS: f64 = 0.4;
/// The number of pairs sampled for typical terms.
const TERMS_SAMPLE: usize = 4_000;

/// A market in progress.
pub(super) struct Market {
    random: Random,
    members: Vec<Member>,
    projects: Vec<Project>,
    statistics: PoolStatistics,
    background: Background,
    /// Typical values that the terms of eligible pairs add to the log-odds of each side.
    typical_terms: [[f64; TYPICAL_TERMS]; 2],
}

impl Market {
    pub(super) fn new(scale: &Scale) -> Self {
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
        // As in training on real decisions, word rarities and skill frequencies come from the training part.
        let (mut statistics, mut texts) = (PoolStatistics::default(), Texts::default());
        for (number, project) in projects.iter().enumerate() {
            if Division::JUDGED.at(number as f64 / scale.projects as f64) == Split::Train {
                texts.count(&project.need.terms);
                statistics.count_skills(project.need.skills.iter().map(String::as_str));
            }
        }
        for member in &members {
            texts.count(&member.person.terms);
            let names: Vec<String> = member.person.skills.iter().map(|&skill| skill_name(skill)).collect();
            statistics.count_skills(names.iter().map(String::as_str));
        }
        let typical_terms = typical_terms(&members, &projects, &mut random);
        Self { random, members, projects, statistics, background: texts.background(), typical_terms }
    }

    /// The word rarities of the market.
    pub(super) fn background(&self) -> &Background {
        &self.background
    }

    /// Posts one project: every member decides, and the question is added to `played`.
    pub(super) fn post(&mut self, number: usize, split: Split, played: &mut Simulation) {
        let project = &self.projects[number];
        let pace = Pace::of(self.members.iter().filter_map(|member| member.record.activity()));
        let statistics = self.statistics.clone().with_pace(pace);
        let need = statistics.prepare_need_by(&project.need, &self.background);
        let start = played.known.len();
        let now = project.need.ranked_at;
        for (id, member) in (0..).zip(&mut self.members) {
            if member.person.joined_at >= now {
                continue;
            }
            let facts = Facts::of(project, &member.person, &member.record);
            let known = member.known(&facts, &self.typical_terms, now);
            played.pairs.features.push(Features::of(&need, member.packed(&self.background)));
            played.pairs.relevance.push(member.decide(project, &facts, &known, &mut self.random));
            played.pairs.freelancers.push(id);
            played.known.push(known);
        }
        let rows = start..played.known.len();
        played.pairs.queries.push(Query { site: 0, question: number as u64, split, rows });
    }
}

/// The medians of equal parts of the values that terms add to the log-odds, over random eligible pairs.
fn typical_terms(members: &[Member], projects: &[Project], random: &mut Random) -> [[f64; TYPICAL_TERMS]; 2] {
    let eligible: Vec<Terms> = (0..TERMS_SAMPLE)
        .filter_map(|_| {
            let member = &members[pick(random, members.len())];
            let project = &projects[pick(random, projects.len())];
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
