//! The links from a stream's records to the traces that wrote them.
//!
//! The database does not say which call made a record. A record has its item's key and the second of its commit. So the
//! writes of each key are remembered in order, with the time that each took, and a record belongs to the first write of
//! its key that was running in that second and has no record yet. Two writes of one key within a second keep their
//! order, because a key's records come in the order of its commits. A write that fails leaves nothing here.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;

/// The most writes that are remembered.
const MOST_WRITES: usize = 8_192;

/// An item: the table's name in the template, and both parts of its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Written {
    pub(crate) table: String,
    pub(crate) partition: String,
    pub(crate) sort: Option<String>,
}

/// The latest writes.
#[derive(Debug)]
pub(crate) struct Links {
    writes: Mutex<Writes>,
    clock: Arc<Clock>,
}

#[derive(Debug, Default)]
struct Writes {
    by_item: HashMap<Written, Vec<Write>>,
    /// In order of age.
    order: VecDeque<(u64, Written)>,
    next: u64,
}

#[derive(Debug)]
struct Write {
    number: u64,
    trace: u64,
    from_s: i64,
    /// `None` while it runs.
    to_s: Option<i64>,
    /// The record that was found to be its.
    sequence_number: Option<String>,
}

impl Links {
    /// No writes yet. The clock is the one that records have their times from.
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Self { writes: Mutex::default(), clock }
    }

    /// Notes that a trace begins to write an item. Returns the write's number.
    pub(crate) fn begin(&self, trace: u64, item: Written) -> u64 {
        let mut writes = self.writes();
        writes.next += 1;
        let number = writes.next;
        let write = Write { number, trace, from_s: self.now_s(), to_s: None, sequence_number: None };
        writes.by_item.entry(item.clone()).or_default().push(write);
        writes.order.push_back((number, item));
        if writes.order.len() > MOST_WRITES
            && let Some((oldest, item)) = writes.order.pop_front()
        {
            writes.remove(oldest, &item);
        }
        number
    }

    /// Notes that a write has ended.
    pub(crate) fn end(&self, number: u64, item: &Written, succeeded: bool) {
        let now_s = self.now_s();
        let mut writes = self.writes();
        if !succeeded {
            writes.remove(number, item);
        } else if let Some(write) =
            writes.by_item.get_mut(item).and_then(|writes| writes.iter_mut().find(|write| write.number == number))
        {
            write.to_s = Some(now_s);
        }
    }

    /// The trace that wrote a record, committed in the given second.
    pub(crate) fn writer(&self, item: &Written, sequence_number: &str, committed_s: i64) -> Option<u64> {
        let mut writes = self.writes();
        let writes = writes.by_item.get_mut(item)?;
        let known = writes.iter().position(|write| write.sequence_number.as_deref() == Some(sequence_number));
        let found = known.or_else(|| {
            writes.iter().position(|write| {
                write.sequence_number.is_none()
                    && write.from_s <= committed_s
                    && write.to_s.is_none_or(|to| committed_s <= to)
            })
        });
        let write = writes.get_mut(found?)?;
        write.sequence_number = Some(sequence_number.to_owned());
        Some(write.trace)
    }

    fn now_s(&self) -> i64 {
        self.clock.now().as_second()
    }

    fn writes(&self) -> MutexGuard<'_, Writes> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writes {
    fn remove(&mut self, number: u64, item: &Written) {
        if let Some(writes) = self.by_item.get_mut(item) {
            writes.retain(|write| write.number != number);
            if writes.is_empty() {
                self.by_item.remove(item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(partition: &str) -> Written {
        Written { table: "Things".to_owned(), partition: partition.to_owned(), sort: None }
    }

    #[test]
    fn records_of_one_item_belong_to_its_writes_in_order() {
        let links = Links::new(Clock::of_machine());
        for trace in [7, 8, 9] {
            let number = links.begin(trace, item("a"));
            links.end(number, &item("a"), trace != 8);
        }
        let now = links.now_s();
        assert_eq!(links.writer(&item("a"), "1", now), Some(7));
        assert_eq!(links.writer(&item("a"), "2", now), Some(9), "a write that failed has no record");
        assert_eq!(links.writer(&item("a"), "1", now), Some(7), "a second reader hears the same");
        assert_eq!(links.writer(&item("a"), "3", now), None);
        assert_eq!(links.writer(&item("b"), "4", now), None);
    }

    #[test]
    fn a_record_of_another_time_is_nobodys() {
        let links = Links::new(Clock::of_machine());
        let number = links.begin(7, item("a"));
        links.end(number, &item("a"), true);
        assert_eq!(links.writer(&item("a"), "1", links.now_s() - 60), None);
        assert_eq!(links.writer(&item("a"), "1", links.now_s() + 60), None);
    }

    #[test]
    fn old_writes_are_forgotten() {
        let links = Links::new(Clock::of_machine());
        for trace in 0..=MOST_WRITES as u64 {
            let item = item(&trace.to_string());
            let number = links.begin(trace, item.clone());
            links.end(number, &item, true);
        }
        assert_eq!(links.writer(&item("0"), "1", links.now_s()), None);
        assert_eq!(links.writer(&item("1"), "2", links.now_s()), Some(1));
        assert_eq!(links.writes().by_item.len(), MOST_WRITES);
    }
}
