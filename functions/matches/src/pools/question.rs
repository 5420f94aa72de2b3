//! The questions to the talent pool, and how the answers of its shards are merged into the answer of the whole pool.
//!
//! A match asks two questions. The first one counts, because the weight of a skill depends on everybody. The second one
//! ranks, with a need that is weighed by the sum of all counts. So a freelancer's score does not depend on the shard.
//! Later pages take the counts from the cursor. If nobody has any of the skills, the second question is asked again
//! without the skill filter.

use domain::{
    eligibility::ProjectTerms,
    values::{AccountId, Budget, Language},
};
use matching::{
    Features, Model, PoolStatistics, Position, PreparedNeed, Ranking, ScoreError, SharedPosition, Standing, TwoRankings,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::TalentPool;

/// A question to the talent pool.
pub(crate) trait Question: Clone + Into<AnyQuestion> {
    type Answer: Serialize + DeserializeOwned;

    /// The answer of a pool, or of a shard of a pool.
    ///
    /// # Errors
    /// None for the shipped model.
    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<Self::Answer, ScoreError>;

    /// Merges the answers of all shards into the answer of the whole pool.
    fn merge(&self, parts: Vec<Self::Answer>) -> Self::Answer;
}

/// Asks how many freelancers have each of these skills, and how active the market is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Hashes, ascending and distinct.
    skills: Vec<u32>,
}

impl Counts {
    /// The question for preparing any need with these skills, which are given by their hashes.
    pub(crate) fn of(skills: impl IntoIterator<Item = u32>) -> Self {
        let mut skills: Vec<u32> = skills.into_iter().collect();
        skills.sort_unstable();
        skills.dedup();
        Self { skills }
    }
}

impl Question for Counts {
    type Answer = PoolStatistics;

    fn answer(&self, pool: &TalentPool, _: &Model) -> Result<PoolStatistics, ScoreError> {
        Ok(pool.count(&self.skills))
    }

    fn merge(&self, parts: Vec<PoolStatistics>) -> PoolStatistics {
        let mut whole = PoolStatistics::default();
        parts.iter().for_each(|part| whole.merge(part));
        whole
    }
}

/// A project's need and its terms of eligibility.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The need, weighed with the counts of the whole pool.
    pub(crate) need: PreparedNeed,
    owner: Option<AccountId>,
    is_open: bool,
    languages: Vec<Language>,
    budget: Option<Budget>,
}

impl Wanted {
    pub(crate) fn new(need: PreparedNeed, project: ProjectTerms<'_>) -> Self {
        let ProjectTerms { owner, is_open, languages, budget } = project;
        Self { need, owner, is_open, languages: languages.to_vec(), budget }
    }

    pub(crate) fn terms(&self) -> ProjectTerms<'_> {
        ProjectTerms { owner: self.owner, is_open: self.is_open, languages: &self.languages, budget: self.budget }
    }
}

/// Asks for the `limit` best freelancers after a position, or from the start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Best {
    pub(crate) wanted: Wanted,
    pub(crate) limit: usize,
    pub(crate) after: Option<Position<u128>>,
}

impl Question for Best {
    type Answer = Ranking;

    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<Ranking, ScoreError> {
        pool.rank(model, &self.wanted, self.limit, self.after.as_ref())
    }

    fn merge(&self, parts: Vec<Ranking>) -> Ranking {
        Ranking::merge(parts, self.limit)
    }
}

/// Asks for the `limit` best newcomers and the `limit` best others after a position.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BestOfBoth {
    pub(crate) wanted: Wanted,
    pub(crate) limit: usize,
    pub(crate) after: SharedPosition,
}

impl Question for BestOfBoth {
    type Answer = TwoRankings;

    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<TwoRankings, ScoreError> {
        pool.rank_both(model, &self.wanted, self.limit, &self.after)
    }

    fn merge(&self, parts: Vec<TwoRankings>) -> TwoRankings {
        TwoRankings::merge(parts, self.limit)
    }
}

/// Asks for the rank of each pair, if it belonged to this freelancer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Places {
    pub(crate) wanted: Wanted,
    pub(crate) id: AccountId,
    pub(crate) pairs: Vec<Features>,
}

impl Question for Places {
    type Answer = Vec<Standing>;

    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<Vec<Standing>, ScoreError> {
        pool.places(model, &self.wanted, self.id, &self.pairs)
    }

    fn merge(&self, parts: Vec<Vec<Standing>>) -> Vec<Standing> {
        let beside = |one: Vec<Standing>, other| {
            one.into_iter().zip(other).map(|(a, b): (Standing, Standing)| a.beside(b)).collect()
        };
        parts.into_iter().reduce(beside).unwrap_or_default()
    }
}

/// Any of the questions, in the form that is sent to a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum AnyQuestion {
    Counts(Counts),
    Best(Best),
    BestOfBoth(BestOfBoth),
    Places(Places),
}

impl From<Counts> for AnyQuestion {
    fn from(question: Counts) -> Self {
        Self::Counts(question)
    }
}

impl From<Best> for AnyQuestion {
    fn from(question: Best) -> Self {
        Self::Best(question)
    }
}

impl From<BestOfBoth> for AnyQuestion {
    fn from(question: BestOfBoth) -> Self {
        Self::BestOfBoth(question)
    }
}

impl From<Places> for AnyQuestion {
    fn from(question: Places) -> Self {
        Self::Places(question)
    }
}
