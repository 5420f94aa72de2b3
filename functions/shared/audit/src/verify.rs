//! Verifies trails: every row follows from the row before it, and the last row is the head's.
//!
//! [`check`] is pure. [`everything`] reads the tables, which only operators' programs may do.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value};
use store::{Order, Slice, Store, StoreError, Table, keys};

use crate::{Head, Row};

/// The items of one request.
const PAGE: usize = 1_000;
/// How often a trail is read that somebody writes meanwhile.
const READS: u32 = 5;

/// A stored item of the table, with its key.
pub type Item = Map<String, Value>;

/// The kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The row is no row of this place: fields are missing, unknown, of a wrong type, or belong to another key.
    Misplaced,
    /// The row does not have the hash that its successor, or the head, holds.
    Edited,
    /// The row is missing.
    Missing,
    /// The row stands beyond the head, or the trail has no head.
    Uncounted,
}

/// A damage of one trail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// The account of the trail; the partition key, if no trail has such a key.
    pub account: String,
    /// The number of the row. 0: the row before the first one, which names none.
    pub sequence: u64,
    /// The kind.
    pub kind: Kind,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, sequence, kind } = self;
        let sentence = match kind {
            Kind::Misplaced => "was edited or swapped: its fields do not fit its key",
            Kind::Edited => "was edited, or the row after it: they do not follow from each other",
            Kind::Missing => "is missing",
            Kind::Uncounted => "was inserted, or the head was set back: the head does not count it",
        };
        write!(formatter, "{account}: row {sequence} {sentence}")
    }
}

/// The result for all trails.
#[derive(Debug, Default)]
pub struct Verified {
    /// The number of trails.
    pub trails: u64,
    /// The number of rows.
    pub rows: u64,
    /// All damages, by account and row.
    pub damages: Vec<Damage>,
}

/// Checks one trail: all items of its partition, in any order, and its head.
pub fn check(account: &str, items: &[Item], head: Option<&Head>) -> Vec<Damage> {
    let head = head.cloned().unwrap_or_default();
    let damage = |sequence, kind| Damage { account: account.to_owned(), sequence, kind };
    let (mut damages, mut rows) = (BTreeSet::new(), BTreeMap::new());
    for item in items {
        match read(account, item) {
            Ok(row) => {
                rows.insert(row.sequence, row);
            }
            Err(sequence) => {
                damages.insert(damage(sequence, Kind::Misplaced));
            }
        }
    }
    let misplaced: BTreeSet<u64> = damages.iter().map(|damage| damage.sequence).collect();
    // A forged head of 2⁶⁴ must not make a loop of as many rows, so gaps are found between rows that are there.
    let mut expected = (1, String::new());
    for (sequence, row) in &rows {
        if *sequence > head.sequence {
            damages.insert(damage(*sequence, Kind::Uncounted));
        }
        if *sequence != expected.0 {
            damages.extend(missing(expected.0..*sequence, &misplaced).map(|it| damage(it, Kind::Missing)));
        } else if row.previous != expected.1 {
            damages.insert(damage(sequence.saturating_sub(1), Kind::Edited));
        }
        expected = (sequence.saturating_add(1), row.hash());
    }
    match rows.last_key_value() {
        Some((last, row)) if *last == head.sequence && row.hash() != head.hash => {
            damages.insert(damage(*last, Kind::Edited));
        }
        _ => {}
    }
    damages
        .extend(missing(expected.0..head.sequence.saturating_add(1), &misplaced).map(|it| damage(it, Kind::Missing)));
    if head.sequence == 0 && !head.hash.is_empty() {
        damages.insert(damage(0, Kind::Edited));
    }
    damages.into_iter().collect()
}

/// The most missing rows that one gap names.
const MOST_NAMED: usize = 1_000;

fn missing(range: std::ops::Range<u64>, misplaced: &BTreeSet<u64>) -> impl Iterator<Item = u64> {
    range.take(MOST_NAMED).filter(|sequence| !misplaced.contains(sequence))
}

/// The row of an item, or the number of a row that is not the one of its key.
fn read(account: &str, item: &Item) -> Result<Row, u64> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    let sequence = text("sk").parse().unwrap_or_default();
    let fields: Item = item.iter().filter(|(name, _)| !["pk", "sk"].contains(&name.as_str())).map(cloned).collect();
    let row: Row = serde_json::from_value(Value::Object(fields)).map_err(|_| sequence)?;
    let key = keys::audit_row(account, row.sequence);
    let is_in_place = row.account == account && row.sequence > 0 && text("pk") == key.pk && text("sk") == key.sk;
    if is_in_place { Ok(row) } else { Err(sequence) }
}

fn cloned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// Reads and checks all trails.
///
/// # Errors
/// As [`Store::get`].
pub async fn everything(store: &Store) -> Result<Verified, StoreError> {
    let mut verified = Verified::default();
    let mut accounts = BTreeSet::new();
    for (table, prefix) in [(Table::Audit, "AUDIT#"), (Table::Trust, "AUDIT_HEAD#")] {
        for pk in partitions(store, table).await? {
            match pk.strip_prefix(prefix) {
                Some(account) => {
                    accounts.insert(account.to_owned());
                }
                None if table == Table::Audit => {
                    verified.damages.push(Damage { account: pk, sequence: 0, kind: Kind::Misplaced });
                }
                None => {}
            }
        }
    }
    for account in accounts {
        let (rows, damages) = trail(store, &account).await?;
        verified.trails += 1;
        verified.rows += rows;
        verified.damages.extend(damages);
    }
    Ok(verified)
}

/// Reads and checks one trail. If its head changes meanwhile, the trail is read again.
async fn trail(store: &Store, account: &str) -> Result<(u64, Vec<Damage>), StoreError> {
    let read_head = || async { store.get::<Value>(&keys::audit_head(account)).await };
    let mut reads = 0;
    loop {
        let head = read_head().await?;
        let items: Vec<Item> = store.query(&keys::audit_trail(account), Slice::ALL).await?;
        reads += 1;
        if reads == READS || read_head().await? == head {
            // An unreadable head counts no row.
            let head = head.and_then(|head| serde_json::from_value(head).ok());
            return Ok((items.len() as u64, check(account, &items, head.as_ref())));
        }
    }
}

/// The partition keys of a table.
async fn partitions(store: &Store, table: Table) -> Result<BTreeSet<String>, StoreError> {
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let (items, next): (Vec<Item>, _) = store.scan(table, after.as_ref(), PAGE).await?;
        found.extend(items.iter().filter_map(|item| item.get("pk")?.as_str()).map(str::to_owned));
        if next.is_none() {
            return Ok(found);
        }
        after = next;
    }
}

/// The rows of one account's trail, newest first, at most `limit`, from before the row `before`.
///
/// # Errors
/// As [`Store::get`].
pub async fn rows(store: &Store, account: &str, before: Option<u64>, limit: usize) -> Result<Vec<Row>, StoreError> {
    let after = before.map(|sequence| keys::audit_row(account, sequence).sk);
    let slice = Slice { order: Order::Descending, after: after.as_deref(), limit: Some(limit), replies: None };
    let items: Vec<Item> = store.query(&keys::audit_trail(account), slice).await?;
    // A damaged row is left out here. `check` names it.
    Ok(items.iter().filter_map(|item| read(account, item).ok()).collect())
}

#[cfg(test)]
mod tests;
