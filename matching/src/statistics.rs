//! Statistics of a pool: the rarity of each skill, because a shared rare skill counts for more, and the usual activity.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::activity::Pace;
use crate::background::Background;
use crate::need::{Need, PackedNeed, PreparedNeed};
use crate::packed::PackedTalent;
use crate::talent::Talent;
use crate::text::skill_hash;

/// The number of lists that contain each skill, in a pool or a training set, and its pace. The rarity of words does not
/// depend on a pool: see [`Background`].
///
/// Serving counts the skills of each freelancer in the pool. Training counts the skills of each project of its training
/// period. Both then [prepare](Self::prepare_need) needs with the result.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PoolStatistics {
    lists: u32,
    /// Lists that contain the skill, by its hash.
    containing: HashMap<u32, u32>,
    pace: Pace,
}

impl PoolStatistics {
    /// The statistics of a pool of talents, from the skills that packing keeps.
    pub fn of_pool<'a>(talents: impl IntoIterator<Item = &'a Talent>) -> Self {
        let mut statistics = Self::default();
        for talent in talents {
            statistics.count(&PackedTalent::of(talent));
        }
        statistics
    }

    /// Counts one freelancer.
    pub fn count(&mut self, talent: &PackedTalent) {
        self.count_hashes(talent.skills.iter().map(|&(hash, _)| hash));
        if let Some(activity) = talent.state.activity() {
            self.pace.count(&activity);
        }
    }

    /// Creates statistics from counts: for each of some skills, the number of freelancers who have it.
    pub(crate) fn of_counts(freelancers: u32, skills: impl IntoIterator<Item = (u32, u32)>, pace: Pace) -> Self {
        Self { lists: freelancers, containing: skills.into_iter().collect(), pace }
    }

    /// Adds the statistics of another part of a pool.
    pub fn merge(&mut self, other: &Self) {
        self.lists = self.lists.saturating_add(other.lists);
        for (&hash, &count) in &other.containing {
            let containing = self.containing.entry(hash).or_default();
            *containing = containing.saturating_add(count);
        }
        self.pace.merge(&other.pace);
    }

    /// Counts one list of skills, each skill once.
    pub fn count_skills<'a>(&mut self, skills: impl IntoIterator<Item = &'a str>) {
        let mut hashes: Vec<u32> = skills.into_iter().map(skill_hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.count_hashes(hashes);
    }

    /// Counts one list of distinct skills.
    fn count_hashes(&mut self, hashes: impl IntoIterator<Item = u32>) {
        self.lists = self.lists.saturating_add(1);
        for hash in hashes {
            let containing = self.containing.entry(hash).or_default();
            *containing = containing.saturating_add(1);
        }
    }

    /// Replaces the counted pace.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The usual activity in this pool.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The rarity of a skill in this pool, ln((lists + 1) / (containing + 1)) + 1: the smoothed inverse document
    /// frequency. It is 1 for a skill in every list and greatest for a skill in no list.
    pub(crate) fn skill_rarity(&self, hash: u32) -> f32 {
        let containing = self.containing.get(&hash).copied().unwrap_or(0);
        ((self.lists as f32 + 1.0) / (containing as f32 + 1.0)).ln() + 1.0
    }

    /// Prepares a need for this pool.
    pub fn prepare_need(&self, need: &Need) -> PreparedNeed {
        self.prepare_need_by(need, Background::shipped())
    }

    /// Like [`prepare_need`](Self::prepare_need), with the word rarities of another background.
    pub fn prepare_need_by(&self, need: &Need, background: &Background) -> PreparedNeed {
        self.prepare_packed(&need.packed(background), need.ranked_at)
    }

    /// Like [`prepare_need`](Self::prepare_need), for a packed need and a time in seconds since 1970.
    pub fn prepare_packed(&self, need: &PackedNeed, ranked_at: i64) -> PreparedNeed {
        PreparedNeed::new(need, |hash| self.skill_rarity(hash), &self.pace, ranked_at)
    }

    /// Prepares the same need for another time, in seconds since 1970. It costs less than preparing it again.
    #[must_use]
    pub fn as_of(&self, need: &PreparedNeed, ranked_at: i64) -> PreparedNeed {
        need.as_of(ranked_at, &self.pace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarity_falls_with_every_list_that_contains_the_skill() {
        let mut statistics = PoolStatistics::default();
        statistics.count_skills(["Rust", "rust ", "AWS"]);
        statistics.count_skills(["rust"]);
        statistics.count_skills(["python"]);
        let rarity = |skill: &str| statistics.skill_rarity(skill_hash(skill));
        assert_eq!(rarity("rust"), (4.0f32 / 3.0).ln() + 1.0);
        assert_eq!(rarity("aws"), (4.0f32 / 2.0).ln() + 1.0);
        assert_eq!(rarity("cobol"), 4.0f32.ln() + 1.0);
    }
}
