//! What is asked of the talent pool, and how the answers of its shards make the answer of the whole.
//!
//! A match takes two questions. The first counts, because what a skill is worth depends on everybody; the second ranks,
//! by a need that is weighed with the sum of all counts. So a shard's answer never depends on who else is in it. Later
//! pages know the counts from the cursor; where nobody has any of the skills, the second is asked again, about
//! everybody.

use domain::{
    eligibility::ProjectTerms,
    values::{AccountId, Budget, Language},
};
use matching::{
    Features, Model, Place, PoolStatistics, Position, PreparedNeed, Ranking, ScoreError, SharedPosition, TwoRankings,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::TalentPool;

/// A question to the talent pool.
pub(crate) trait Question: Clone + Into<AnyQuestion> {
    type Answer: Serialize + DeserializeOwned;

    /// What a pool, or a shard of one, answers.
    ///
    /// # Errors
    /// None for the shipped model.
    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<Self::Answer, ScoreError>;

    /// The answer of the whole pool, from those of all its shards.
    fn merge(&self, parts: Vec<Self::Answer>) -> Self::Answer;
}

/// How many have each of these skills, and how much is done of late.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Hashes, rising, each once.
    skills: Vec<u32>,
}

impl Counts {
    /// For preparing any need of these skills, given by their hashes.
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

/// Who is eligible for a project, and how they compare for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// Weighed with the counts of the whole pool.
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

/// Who are the `limit` best behind a place, or from the start.
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

/// Who are the `limit` best newcomers and the `limit` best others behind a place.
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

/// Where each of some pairs would stand, were it this freelancer's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Places {
    pub(crate) wanted: Wanted,
    pub(crate) id: AccountId,
    pub(crate) pairs: Vec<Features>,
}

impl Question for Places {
    type Answer = Vec<Place>;

    fn answer(&self, pool: &TalentPool, model: &Model) -> Result<Vec<Place>, ScoreError> {
        pool.places(model, &self.wanted, self.id, &self.pairs)
    }

    fn merge(&self, parts: Vec<Vec<Place>>) -> Vec<Place> {
        let beside =
            |one: Vec<Place>, other| one.into_iter().zip(other).map(|(a, b): (Place, Place)| a.beside(b)).collect();
        parts.into_iter().reduce(beside).unwrap_or_default()
    }
}

/// Any of the questions, as it is sent to a shard.
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
