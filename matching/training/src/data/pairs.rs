//! Pairs every question of a dump with every freelancer of its time, for training and evaluation.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::division::{Cuts, Division, Split};
use crate::stackexchange::{Dump, Event, History, PostId, UserId};
use matching::{Background, Feature, Features, Pace, PackedTalent, PoolStatistics};

/// One question with its candidates.
#[derive(Debug, Clone)]
pub struct Query {
    /// The index of its site, in the order the sites were added.
    pub site: usize,
    /// The question.
    pub question: PostId,
    /// Its part of the site's time: training, validation or test.
    pub split: Split,
    /// The range of its rows in [`Pairs`].
    pub rows: Range<usize>,
}

/// Rows of features with their relevance (the label), grouped by question.
#[derive(Debug, Clone)]
pub struct Pairs {
    /// The questions.
    pub queries: Vec<Query>,
    /// One row per candidate, as of the moment of the question.
    pub features: Vec<Features>,
    /// 2 for the freelancer who was hired, 1 for another who proposed, 0 otherwise.
    pub relevance: Vec<u8>,
    /// The user number of each candidate on their site.
    pub freelancers: Vec<UserId>,
    sites: usize,
    background: Background,
    division: Division,
}

impl Default for Pairs {
    /// No site yet. Texts are compared with the shipped word rarities.
    fn default() -> Self {
        Self::with_background(Background::shipped().clone())
    }
}

impl Pairs {
    /// No site yet. Texts are compared with these word rarities.
    pub fn with_background(background: Background) -> Self {
        let (queries, features, relevance, freelancers) = Default::default();
        Self { queries, features, relevance, freelancers, sites: 0, background, division: Division::JUDGED }
    }

    /// Sets how to divide the time of each site that is added.
    #[must_use]
    pub fn divided(self, division: Division) -> Self {
        Self { division, ..self }
    }

    /// The division of each site's time.
    pub fn division(&self) -> Division {
        self.division
    }

    /// The rarities of words.
    pub fn background(&self) -> &Background {
        &self.background
    }

    /// Adds one site. The candidates of a question are all users who answered before it, except the asker. Only the
    /// questions of the training time decide how rare a skill is.
    pub fn add_site(&mut self, dump: &Dump) {
        let cuts = Cuts::of(dump, self.division);
        let mut statistics = training_statistics(dump, &cuts);
        let outcomes = Outcomes::of(dump);
        let mut history = History::new(dump);
        let mut prepared = BTreeMap::<UserId, PackedTalent>::new();
        let mut changed = HashSet::<UserId>::new();
        for event in dump.events() {
            changed.extend(history.record(&event));
            let Event::Question(question) = event else { continue };
            for user in changed.drain() {
                let talent = history.records()[&user].talent();
                prepared.insert(user, PackedTalent::weighed(&talent, &self.background));
            }
            let activities = history.records().values().filter_map(|record| record.activity.as_ref());
            statistics = statistics.with_pace(Pace::of(activities));
            let need = statistics.prepare_need_by(&question.need(), &self.background);
            let start = self.features.len();
            for (&user, talent) in &prepared {
                if Some(user) != question.asker {
                    self.features.push(Features::of(&need, talent));
                    self.relevance.push(outcomes.relevance(question.id, user));
                    self.freelancers.push(user);
                }
            }
            self.queries.push(Query {
                site: self.sites,
                question: question.id,
                split: cuts.split(question.created_at_ms),
                rows: start..self.features.len(),
            });
        }
        self.sites += 1;
    }

    /// A copy without any history, as on a market's first day: only profiles remain.
    #[must_use]
    pub fn without_history(&self) -> Self {
        let mut pairs = self.clone();
        for row in &mut pairs.features {
            *row = without_history(*row);
        }
        pairs
    }

    /// A copy with one feature hidden in every row.
    #[must_use]
    pub fn without(&self, feature: Feature) -> Self {
        let mut pairs = self.clone();
        for row in &mut pairs.features {
            *row = row.without(feature);
        }
        pairs
    }

    /// The questions of one part.
    pub fn of_split(&self, split: Split) -> impl Iterator<Item = &Query> {
        self.queries.iter().filter(move |query| query.split == split)
    }
}

/// The features of a newcomer with the same profile.
pub(crate) fn without_history(features: Features) -> Features {
    Feature::ALL
        .into_iter()
        .filter(|feature| feature.is_history())
        .fold(features, |features, feature| features.without(feature))
}

/// Counts the skills that the questions of the training time asked for.
pub(super) fn training_statistics(dump: &Dump, cuts: &Cuts) -> PoolStatistics {
    let mut statistics = PoolStatistics::default();
    for question in &dump.questions {
        if cuts.split(question.created_at_ms) == Split::Train {
            statistics.count_skills(question.tags.iter().map(String::as_str));
        }
    }
    statistics
}

/// The labels: the users who proposed and those who were hired.
struct Outcomes {
    answered: HashSet<(PostId, UserId)>,
    hired: HashSet<(PostId, UserId)>,
}

impl Outcomes {
    fn of(dump: &Dump) -> Self {
        let hires = dump.hires();
        Self {
            answered: dump.answers.iter().map(|answer| (answer.question, answer.author)).collect(),
            hired: dump
                .answers
                .iter()
                .filter(|answer| hires.contains(&answer.id))
                .map(|answer| (answer.question, answer.author))
                .collect(),
        }
    }

    fn relevance(&self, question: PostId, user: UserId) -> u8 {
        let pair = (question, user);
        u8::from(self.answered.contains(&pair)) + u8::from(self.hired.contains(&pair))
    }
}
