//! The open projects: all of them, in one process.
//!
//! Nothing bounds how many there are. A freelancer's matches look at each of them, so memory, the time of a request and
//! that of the first look at the pool all grow with their number. What is dear, turning text into words, is therefore
//! done once, when a project comes in or changes. The text is then let go, for its words stand for it: 8 bytes each,
//! 1 to 2 kB for a page of English, 5 kB for one of Korean, and 8 kB for the longest text that is taken.

use std::collections::HashMap;

use domain::values::Description;
use matching::PackedNeed;
use pool::{Change, Index, PooledProject, Revisions, Row, project_row};
use store::StoreError;
use ulid::Ulid;

use crate::mapping;

/// Every open project.
#[derive(Debug, Default)]
pub(crate) struct ProjectPool {
    by_id: HashMap<Ulid, OpenProject>,
    revisions: Revisions,
}

/// An open project, ready to be compared.
#[derive(Debug)]
pub(crate) struct OpenProject {
    /// What is shown of it and decides who is eligible. Its description is empty.
    pub(crate) row: PooledProject,
    /// What it asks for.
    pub(crate) need: PackedNeed,
}

impl OpenProject {
    pub(crate) fn of(mut row: PooledProject) -> Self {
        let need = mapping::packed_need(&row.brief);
        row.brief.description = Description::default();
        Self { row, need }
    }
}

impl ProjectPool {
    /// All of them, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &OpenProject> {
        self.by_id.values()
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
            Change::Put(body) => _ = self.by_id.insert(row.id, OpenProject::of(project_row::unpack(body)?)),
            Change::Tombstone(_) => _ = self.by_id.remove(&row.id),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        project::ProjectInput,
        validation::Object,
        values::{AccountId, ProjectId},
    };
    use jiff::Timestamp;
    use matching::{Feature, Features, PackedTalent, PoolStatistics, Talent, TermVector};
    use pool::Revision;
    use serde_json::json;

    use super::*;

    fn project(description: &str) -> PooledProject {
        let body = json!({"title": "제목", "description": description, "category": "c", "skills": ["Rust"]});
        let brief = serde_json::from_value::<Object<ProjectInput>>(body).unwrap().0.validate().unwrap();
        let (id, owner_id) = (ProjectId::new(Ulid(7)), AccountId::new(Ulid(8)));
        PooledProject { id, owner_id, brief, created_at: Timestamp::UNIX_EPOCH }
    }

    fn put(pool: &mut ProjectPool, revision: u64, description: &str) {
        let body = project_row::pack(&project(description)).unwrap();
        let change = Change::Put(body.as_slice());
        pool.apply(Row { id: Ulid(7), revision: Revision::from_bits(revision), change }).unwrap();
    }

    #[test]
    fn what_is_kept_is_the_latest_and_compares_as_its_text_does() {
        let mut pool = ProjectPool::default();
        for (revision, description) in [(1, "번역"), (3, "결제 서버를 다시 만듭니다"), (2, "디자인")] {
            put(&mut pool, revision, description);
        }
        let kept: Vec<&OpenProject> = pool.iter().collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].row, project(""), "the text is let go");

        let whole = mapping::packed_need(&project("결제 서버를 다시 만듭니다").brief);
        let terms = TermVector::of_text("결제 서버");
        let talent =
            Talent { skills: vec!["rust".into()], terms, last_active_at: Some(0), proposals: 1, ..Talent::default() };
        let (talent, statistics) = (PackedTalent::of(&talent), PoolStatistics::default());
        let features = Features::of(&statistics.prepare_packed(&kept[0].need, 7_200), &talent);
        assert_eq!(features, Features::of(&statistics.prepare_packed(&whole, 7_200), &talent));
        assert!(features.get(Feature::TextSimilarity).unwrap() > 0.1, "{features:?}");
        assert_eq!(features.get(Feature::SkillOverlap), Some(1.0));
    }
}
