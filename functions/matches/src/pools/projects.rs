//! The open projects in memory: all of them, in one process.
//!
//! The open projects of an owner are bounded, but the number of owners is not. A freelancer's matches read every open
//! project, so memory and time grow with the number of projects. They do not grow with the length of texts: `stream`
//! has packed the words of each project, 8 bytes for each different word and at most 8 kB for a project.

use std::collections::HashMap;

use pool::{Change, Index, PooledProject, Revisions, Row, project_row};
use store::StoreError;
use ulid::Ulid;

/// Every open project.
#[derive(Debug, Default)]
pub(crate) struct ProjectPool {
    by_id: HashMap<Ulid, PooledProject>,
    revisions: Revisions,
}

impl ProjectPool {
    /// All projects with their ids, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Ulid, &PooledProject)> {
        self.by_id.iter().map(|(id, project)| (*id, project))
    }
}

impl Index for ProjectPool {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if !self.revisions.note(row.id, row.revision) {
            return Ok(());
        }
        match row.change {
            Change::Put(body) => {
                let project = project_row::unpack(body).map_err(StoreError::broken)?;
                self.by_id.insert(row.id, project);
            }
            Change::Tombstone(_) => _ = self.by_id.remove(&row.id),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        project::{Project, ProjectBrief},
        values::{AccountId, ProjectId},
    };
    use jiff::Timestamp;
    use matching::{Feature, Features, PackedTalent, PoolStatistics, Talent, TermVector};
    use pool::{Revision, packed_need};
    use serde_json::json;

    use super::*;

    fn project(description: &str) -> Project {
        let body = json!({"title": "제목", "description": description, "category": "c", "skills": ["Rust"]});
        let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
        let (id, owner_id) = (ProjectId::new(Ulid(7)), AccountId::new(Ulid(8)));
        Project::post(id, owner_id, brief, Timestamp::UNIX_EPOCH).state
    }

    fn put(pool: &mut ProjectPool, revision: u64, description: &str) {
        let body = project_row::pack(&project(description)).unwrap();
        let change = Change::Put(body.as_slice());
        pool.apply(Row { id: Ulid(7), revision: Revision::from_bits(revision), change }).unwrap();
    }

    #[test]
    fn the_latest_row_is_kept_and_scores_like_its_project() {
        let mut pool = ProjectPool::default();
        for (revision, description) in [(1, "번역"), (3, "결제 서버를 다시 만듭니다"), (2, "디자인")] {
            put(&mut pool, revision, description);
        }
        let kept: Vec<(Ulid, &PooledProject)> = pool.iter().collect();
        assert_eq!((kept.len(), kept[0].0), (1, Ulid(7)));

        let whole = packed_need(&project("결제 서버를 다시 만듭니다").brief);
        let terms = TermVector::of_text("결제 서버");
        let talent =
            Talent { skills: vec!["rust".into()], terms, last_active_at: Some(0), proposals: 1, ..Talent::default() };
        let (talent, statistics) = (PackedTalent::of(&talent), PoolStatistics::default());
        let features = Features::of(&statistics.prepare_packed(&kept[0].1.need, 7_200), &talent);
        assert_eq!(features, Features::of(&statistics.prepare_packed(&whole, 7_200), &talent));
        assert!(features.get(Feature::TextSimilarity).unwrap() > 0.1, "{features:?}");
        assert_eq!(features.get(Feature::SkillOverlap), Some(1.0));
    }
}
