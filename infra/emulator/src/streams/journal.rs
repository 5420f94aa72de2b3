//! How far each mapping has read, kept beside the data, and the removal of stream records that everybody has read.
//!
//! dynoxide keeps every stream record for ever, without an index, and looks for the largest sequence number before
//! each write: writes get slower with every change there ever was. So this opens a second connection to its SQLite
//! database, adds the missing index, and deletes what has been read. It relies on one table of dynoxide's,
//! `_stream_records`, which is why the workspace pins both; [`Journal::open`] fails if the table is not as expected.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

/// What dynoxide adds to a sequence number before it shows it.
const SHOWN_ABOVE_STORED: u128 = 100_000_000_000_000_000_000;

/// How long to wait for a writer.
const PATIENCE: Duration = Duration::from_secs(5);

/// `_stream_records` was made by dynoxide; the rest is ours.
const PREPARE: &str = "
    CREATE INDEX IF NOT EXISTS pairwork_stream_order
        ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE TABLE IF NOT EXISTS pairwork_positions (
        mapping TEXT PRIMARY KEY,
        table_name TEXT NOT NULL,
        sequence_number TEXT NOT NULL
    );";

/// Adds the clock's offset to the time of each new record.
const FOLLOW_CLOCK: &str = "
    CREATE TABLE IF NOT EXISTS pairwork_clock (offset_s INTEGER NOT NULL);
    CREATE TRIGGER IF NOT EXISTS pairwork_record_time AFTER INSERT ON _stream_records
    BEGIN
        UPDATE _stream_records SET created_at = created_at + (SELECT offset_s FROM pairwork_clock)
        WHERE id = NEW.id;
    END;";

/// The second connection to the database.
#[derive(Debug)]
pub(crate) struct Journal(Mutex<Connection>);

impl Journal {
    /// Opens the database that dynoxide has opened at `path`.
    ///
    /// # Errors
    /// When it can't be opened, or dynoxide's table is not as expected.
    pub(crate) fn open(path: &str) -> anyhow::Result<Self> {
        let connection = Connection::open(path).with_context(|| format!("opening {path} for the streams"))?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(PREPARE).context("preparing the streams")?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Has new records carry the time of a clock that is so many seconds ahead of the machine's. `None`: the machine's.
    ///
    /// dynoxide can't be given a clock for a database at a path, so a trigger corrects the time that it wrote.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn set_clock(&self, offset_s: Option<i64>) -> anyhow::Result<()> {
        let mut connection = self.connection();
        // A transaction that reads first is refused at once if another writes meanwhile. This one waits for its turn.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match offset_s {
            None => transaction.execute_batch("DROP TRIGGER IF EXISTS pairwork_record_time")?,
            Some(offset_s) => {
                transaction.execute_batch(FOLLOW_CLOCK).context("preparing the clock of the streams")?;
                transaction.execute("DELETE FROM pairwork_clock", params![])?;
                transaction.execute("INSERT INTO pairwork_clock (offset_s) VALUES (?1)", params![offset_s])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The sequence number behind which a mapping goes on; `None` if it has never read.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn position(&self, mapping: &str) -> anyhow::Result<Option<String>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT sequence_number FROM pairwork_positions WHERE mapping = ?1")?;
        Ok(statement.query_row(params![mapping], |row| row.get(0)).optional()?)
    }

    /// Forgets the positions of all other mappings: the template lacks them, so nobody goes on there, and what they
    /// have not read would be kept for ever.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn keep_only(&self, mappings: &[String]) -> anyhow::Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let known: Vec<String> = transaction
            .prepare("SELECT mapping FROM pairwork_positions")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for mapping in known.iter().filter(|mapping| !mappings.contains(mapping)) {
            transaction.execute("DELETE FROM pairwork_positions WHERE mapping = ?1", params![mapping])?;
        }
        Ok(transaction.commit()?)
    }

    /// Notes that a mapping is done with everything up to `sequence_number`, and deletes what all mappings of the
    /// table are done with. The newest of it stays: the next sequence number is counted from it.
    ///
    /// # Errors
    /// SQLite's, or a sequence number that is not dynoxide's.
    pub(crate) fn advance(&self, mapping: &str, table: &str, sequence_number: &str) -> anyhow::Result<()> {
        stored(sequence_number)?;
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction
            .prepare_cached(
                "INSERT INTO pairwork_positions (mapping, table_name, sequence_number) VALUES (?1, ?2, ?3)
                 ON CONFLICT (mapping) DO UPDATE SET sequence_number = excluded.sequence_number",
            )?
            .execute(params![mapping, table, sequence_number])?;
        // Shown sequence numbers are of one length, so the least text is the least number.
        let slowest: String = transaction
            .prepare_cached("SELECT MIN(sequence_number) FROM pairwork_positions WHERE table_name = ?1")?
            .query_row(params![table], |row| row.get(0))?;
        transaction
            .prepare_cached(
                "DELETE FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) < ?2",
            )?
            .execute(params![table, stored(&slowest)?])?;
        transaction.commit()?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sequence number as dynoxide stores it.
fn stored(shown: &str) -> anyhow::Result<i64> {
    let number = shown.parse::<u128>().ok().and_then(|shown| shown.checked_sub(SHOWN_ABOVE_STORED));
    let number = number.and_then(|number| i64::try_from(number).ok());
    number.ok_or_else(|| anyhow!("{shown} is no sequence number of this database"))
}

/// An address under which connections of this process share a database in memory, and no two databases meet.
pub(crate) fn memory_path() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("file:/pairwork-{}?vfs=memdb", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The database's file in a data directory.
///
/// # Errors
/// When SQLite can't be told the path, because it is not UTF-8.
pub(crate) fn file_path(directory: &Path) -> anyhow::Result<String> {
    let file = directory.join("dynamodb.sqlite");
    file.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", file.display()))
}

#[cfg(test)]
mod tests {
    use dynoxide::Database;
    use dynoxide::actions::describe_stream::DescribeStreamRequest;
    use dynoxide::streams::stream_arn;
    use serde_json::{Value, json};

    use super::*;

    fn database(path: &str) -> Database {
        let database = Database::new(path).unwrap();
        let table = json!({
            "TableName": "things",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        });
        database.create_table(serde_json::from_value(table).unwrap()).unwrap();
        database
    }

    fn put(database: &Database, key: usize) {
        let item = json!({"TableName": "things", "Item": {"pk": {"S": key.to_string()}}});
        database.put_item(serde_json::from_value(item).unwrap()).unwrap();
    }

    /// The sequence numbers of the oldest and the newest record.
    fn range(database: &Database) -> [String; 2] {
        let request = DescribeStreamRequest { stream_arn: stream_arn("things", "x"), ..Default::default() };
        let answer: Value = serde_json::to_value(database.describe_stream(request).unwrap()).unwrap();
        let range = &answer["StreamDescription"]["Shards"][0]["SequenceNumberRange"];
        ["StartingSequenceNumber", "EndingSequenceNumber"].map(|end| range[end].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn what_all_mappings_have_read_is_deleted_but_for_the_newest_of_it() {
        for path in [memory_path(), file_path(tempfile::tempdir().unwrap().keep().as_path()).unwrap()] {
            let database = database(&path);
            let journal = Journal::open(&path).unwrap();
            assert_eq!(journal.position("one").unwrap(), None);
            put(&database, 0);
            let [first, _] = range(&database);
            (1..10).for_each(|key| put(&database, key));
            let [_, last] = range(&database);

            journal.advance("other", "things", &first).unwrap();
            journal.advance("one", "things", &last).unwrap();
            assert_eq!(range(&database), [first.clone(), last.clone()], "the other has not read them");
            assert_eq!(journal.position("one").unwrap(), Some(last.clone()));

            journal.advance("other", "things", &last).unwrap();
            assert_eq!(range(&database), [last.clone(), last.clone()]);

            // One that the template lacks keeps nothing.
            journal.advance("gone", "things", &first).unwrap();
            journal.keep_only(&["one".to_owned(), "other".to_owned()]).unwrap();
            assert_eq!(journal.position("gone").unwrap(), None);
            assert_eq!(journal.position("other").unwrap(), Some(last.clone()));
            put(&database, 10);
            let [_, next] = range(&database);
            assert!(next > last, "sequence numbers rise");
            assert!(journal.advance("one", "things", "12").is_err());
        }
    }

    #[test]
    fn a_write_finds_the_last_sequence_number_by_index() {
        let path = memory_path();
        let _database = database(&path);
        let journal = Journal::open(&path).unwrap();
        // As dynoxide asks.
        let query = "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 \
                     FROM _stream_records WHERE table_name = 'things'";
        let plan: String = journal.connection().query_row(query, [], |row| row.get("detail")).unwrap();
        assert!(plan.starts_with("SEARCH") && plan.contains("pairwork_stream_order"), "{plan}");
    }

    #[test]
    fn databases_in_memory_do_not_meet() {
        let (one, other) = (memory_path(), memory_path());
        let (one, other) = (database(&one), database(&other));
        put(&one, 1);
        assert_eq!(range(&other), ["", ""]);
    }
}
