//! The talent pool in memory: every freelancer, packed by columns, with the terms of eligibility.

use std::collections::HashMap;

use domain::{eligibility::ProjectTerms, values::AccountId};
use matching::{
    Eligible, Features, Model, PackedTalent, Pool, PoolStatistics, Position, Ranking, ScoreError, SharedPosition,
    Standing, TwoRankings,
};
use pool::{
    Change, Index, Revision, Row,
    eligibility::{Filter, LanguageMasks, PackedTerms},
};
use store::StoreError;
use ulid::Ulid;

use super::Wanted;

/// The freelancers of a pool or of one shard.
#[derive(Debug, Default)]
pub(crate) struct TalentPool {
    pool: Pool<RowMetadata>,
    masks: LanguageMasks,
    /// The rows of the blocks, until all are read. Packing many rows at once is much faster than packing them one by
    /// one.
    unpacked: Option<Vec<(u128, PackedTalent, RowMetadata)>>,
    /// The revisions of removed rows, so that a late row does not bring a freelancer back.
    tombstones: HashMap<Ulid, Revision>,
}

/// The metadata of a row: 24 bytes.
#[derive(Debug, Clone, Copy)]
struct RowMetadata {
    terms: PackedTerms,
    revision: Revision,
}

/// The freelancers who pass a project's filter.
struct EligibleFor<'t>(Filter<'t>);

impl Eligible<RowMetadata> for EligibleFor<'_> {
    #[inline]
    fn takes(&self, id: u128, metadata: &RowMetadata) -> bool {
        self.0.accepts(AccountId::new(Ulid(id)), metadata.terms)
    }

    fn but(&self) -> Option<u128> {
        self.0.owner().map(|owner| owner.ulid().0)
    }
}

impl TalentPool {
    /// How many freelancers have each of these skills, and how active the market is.
    pub(crate) fn count(&self, skills: &[u32]) -> PoolStatistics {
        self.pool.count_skills(skills.iter().copied())
    }

    /// Scores every freelancer who can be paired with a project, and returns the `limit` best after a position.
    ///
    /// # Errors
    /// None for the shipped model.
    pub(crate) fn rank(
        &self,
        model: &Model,
        wanted: &Wanted,
        limit: usize,
        after: Option<&Position<u128>>,
    ) -> Result<Ranking, ScoreError> {
        self.pool.rank(model, &wanted.need, &self.eligible(wanted.terms()), limit, after)
    }

    /// Like [`rank`](Self::rank), for newcomers and for the others separately.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub(crate) fn rank_both(
        &self,
        model: &Model,
        wanted: &Wanted,
        limit: usize,
        after: &SharedPosition,
    ) -> Result<TwoRankings, ScoreError> {
        self.pool.rank_both(model, &wanted.need, &self.eligible(wanted.terms()), limit, after)
    }

    /// The place of each pair in the ranking, if it belonged to freelancer `id`.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub(crate) fn places(
        &self,
        model: &Model,
        wanted: &Wanted,
        id: AccountId,
        pairs: &[Features],
    ) -> Result<Vec<Standing>, ScoreError> {
        self.pool.places(model, &wanted.need, &self.eligible(wanted.terms()), id.ulid().0, pairs)
    }

    fn eligible(&self, project: ProjectTerms<'_>) -> EligibleFor<'_> {
        EligibleFor(self.masks.filter(project))
    }

    fn newest(&self, id: Ulid) -> Option<Revision> {
        self.pool.get(id.0).map(|metadata| metadata.revision).or_else(|| self.tombstones.get(&id).copied())
    }
}

impl Index for TalentPool {
    fn clear(&mut self) {
        *self = Self { unpacked: Some(Vec::new()), ..Self::default() };
    }

    fn blocks_read(&mut self) {
        self.pool = Pool::from_rows(self.unpacked.take().unwrap_or_default());
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        // Blocks hold each id once, or the same row twice. So only the rows after the blocks can be late.
        let is_late = self.unpacked.is_none() && self.newest(row.id).is_some_and(|newest| newest > row.revision);
        if is_late {
            return Ok(());
        }
        let id = AccountId::new(row.id);
        match row.change {
            Change::Put(body) => {
                let (terms, talent) =
                    pool::talent_row::unpack(id, body, &mut self.masks).map_err(|it| StoreError::Broken(it.into()))?;
                let metadata = RowMetadata { terms, revision: row.revision };
                match &mut self.unpacked {
                    Some(unpacked) => unpacked.push((row.id.0, talent, metadata)),
                    None => {
                        self.tombstones.remove(&row.id);
                        self.pool.upsert(row.id.0, talent, metadata);
                    }
                }
            }
            Change::Tombstone(_) => {
                self.tombstones.insert(row.id, row.revision);
                self.pool.remove(row.id.0);
                self.masks.remove(id);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        freelancer::{Freelancer, FreelancerProfile, WorkHistory},
        validation::read,
    };
    use jiff::Timestamp;
    use matching::Need;
    use serde_json::json;

    use super::*;

    fn body(number: u128, weekly_hours: i64) -> Vec<u8> {
        let body = json!({"headline": "h", "category": "c", "skills": ["Rust"], "weekly_hours": weekly_hours});
        let profile = read::<FreelancerProfile>(&body).unwrap();
        let id = AccountId::new(Ulid(number));
        let freelancer = Freelancer::introduce(id, "n".parse().unwrap(), profile, Timestamp::UNIX_EPOCH).state;
        pool::talent_row::pack(&freelancer, &WorkHistory::default())
    }

    fn put(number: u128, revision: u64, body: &[u8]) -> Row<&[u8]> {
        Row { id: Ulid(number), revision: Revision::from_bits(revision), change: Change::Put(body) }
    }

    fn gone(number: u128, revision: u64) -> Row<&'static [u8]> {
        let change = Change::Tombstone(Timestamp::UNIX_EPOCH);
        Row { id: Ulid(number), revision: Revision::from_bits(revision), change }
    }

    fn ranked(pool: &TalentPool) -> Vec<u128> {
        let open = ProjectTerms { owner: None, is_open: true, languages: &[], budget: None };
        let model = Model::shipped().unwrap();
        let wanted = Wanted::new(pool.count(&[]).prepare_need(&Need::default()), open);
        let ranking = pool.rank(&model, &wanted, 100, None).unwrap();
        assert_eq!(ranking.scored, ranking.matches.len());
        let mut ids: Vec<u128> = ranking.matches.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn late_and_repeated_rows_change_nothing() {
        let (free, busy) = (body(1, 10), body(1, 0));
        let mut pool = TalentPool::default();
        pool.clear();
        pool.apply(put(1, 2, &free)).unwrap();
        pool.apply(put(2, 1, &free)).unwrap();
        pool.apply(gone(3, 7)).unwrap();
        pool.blocks_read();
        assert_eq!(ranked(&pool), [1, 2]);
        pool.apply(put(1, 1, &busy)).unwrap();
        pool.apply(put(3, 6, &free)).unwrap();
        assert_eq!(ranked(&pool), [1, 2], "late");
        pool.apply(put(1, 3, &busy)).unwrap();
        pool.apply(gone(2, 2)).unwrap();
        pool.apply(put(2, 1, &free)).unwrap();
        assert_eq!(ranked(&pool), Vec::<u128>::new());
        pool.apply(put(2, 3, &free)).unwrap();
        pool.apply(put(2, 3, &free)).unwrap();
        assert_eq!(ranked(&pool), [2], "a freelancer who comes back is there once");
        assert!(pool.apply(put(4, 1, b"no row")).is_err());
    }
}
