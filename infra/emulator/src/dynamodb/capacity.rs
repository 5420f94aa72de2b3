//! Capacity units: what DynamoDB charges for calls to its tables.

use std::ops::Add;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dynoxide::types::ConsumedCapacity as TableCapacity;

/// Capacity units that calls have consumed.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ConsumedCapacity {
    /// Read units. An eventually consistent read takes half of one.
    pub read_units: f64,
    /// Write units.
    pub write_units: f64,
}

impl Add for ConsumedCapacity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { read_units: self.read_units + other.read_units, write_units: self.write_units + other.write_units }
    }
}

/// Counts the capacity units that calls consume.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<ConsumedCapacity>);

impl Meter {
    pub(crate) fn add(&self, consumed: ConsumedCapacity) {
        let mut total = self.locked();
        *total = *total + consumed;
    }

    /// Everything consumed so far.
    pub(crate) fn total(&self) -> ConsumedCapacity {
        *self.locked()
    }

    fn locked(&self) -> MutexGuard<'_, ConsumedCapacity> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The capacity units of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
}

/// Makes a request ask for its consumed capacity, and says whether it did so by itself. A value that DynamoDB refuses
/// stays as it is.
pub(crate) fn ask(return_consumed_capacity: &mut Option<String>) -> bool {
    match return_consumed_capacity.as_deref() {
        None | Some("NONE") => {
            *return_consumed_capacity = Some("TOTAL".to_owned());
            false
        }
        Some(_) => true,
    }
}

/// The consumed capacity of a reply.
pub(crate) trait Reported {
    /// Its units, for an operation of this direction.
    fn units(&self, direction: Direction) -> ConsumedCapacity;
}

impl Reported for Option<TableCapacity> {
    fn units(&self, direction: Direction) -> ConsumedCapacity {
        self.as_ref().map(|table| table_units(table, direction)).unwrap_or_default()
    }
}

impl Reported for Option<Vec<TableCapacity>> {
    fn units(&self, direction: Direction) -> ConsumedCapacity {
        let tables = self.iter().flatten().map(|table| table_units(table, direction));
        tables.fold(ConsumedCapacity::default(), Add::add)
    }
}

fn table_units(table: &TableCapacity, direction: Direction) -> ConsumedCapacity {
    match (table.read_capacity_units, table.write_capacity_units, direction) {
        (None, None, Direction::Read) => ConsumedCapacity { read_units: table.capacity_units, write_units: 0.0 },
        (None, None, Direction::Write) => ConsumedCapacity { read_units: 0.0, write_units: table.capacity_units },
        // A transaction reports both. One that is repeated within ten minutes only reads.
        (read, write, _) => {
            ConsumedCapacity { read_units: read.unwrap_or_default(), write_units: write.unwrap_or_default() }
        }
    }
}
