//! The open projects, as they are: they come and go, and there are never more of them than a client will read.

use std::collections::HashMap;

use domain::pool::PooledProject;
use platform::{
    StoreError,
    store::pool::{Change, Index, Revisions, Row, unpack},
};
use ulid::Ulid;

/// Every open project.
#[derive(Debug, Default)]
pub(crate) struct ProjectPool {
    by_id: HashMap<Ulid, PooledProject>,
    revisions: Revisions,
}

impl ProjectPool {
    /// All of them, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PooledProject> {
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
            Change::Put(body) => _ = self.by_id.insert(row.id, unpack(body)?),
            Change::Remove(_) => _ = self.by_id.remove(&row.id),
        }
        Ok(())
    }
}
