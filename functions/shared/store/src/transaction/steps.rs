//! The order in which the writes of a transaction are sent.

use super::{Condition, Effect, MAX_WRITES, STAMP, Write};

/// The writes of a transaction in the order in which they are sent. Each step commits whole or not at all.
///
/// A record with many skills may move between more lists than one transaction can write. Entries that do not fit into
/// the record's transaction are added before the record is written and removed after it. That is safe, because a list
/// entry is only a hint: a reader shows a record only in the lists that the record itself names. So an extra entry is
/// never shown. No entry is ever missing either, not even if a step fails or two commits race: an early or late step
/// never touches an entry with a newer version.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) before: Vec<Write>,
    pub(super) together: Vec<Write>,
    pub(super) after: Vec<Write>,
}

impl Steps {
    pub(super) fn of(writes: Vec<Write>) -> Self {
        let mut room = MAX_WRITES.saturating_sub(writes.iter().filter(|write| write.entry_of.is_none()).count());
        let mut steps = Self::default();
        for mut write in writes {
            let Some(version) = write.entry_of else {
                steps.together.push(write);
                continue;
            };
            if room > 0 {
                room -= 1;
                steps.together.push(write);
                continue;
            }
            write.condition = Condition::AtMost(STAMP, i64::try_from(version).unwrap_or(i64::MAX));
            let step = if matches!(write.effect, Effect::Put(_)) { &mut steps.before } else { &mut steps.after };
            step.push(write);
        }
        steps
    }
}

/// Divides the writes into as few transactions as possible.
pub(super) fn chunks(mut writes: Vec<Write>) -> Vec<Vec<Write>> {
    let mut chunks = Vec::new();
    while !writes.is_empty() {
        let rest = writes.split_off(writes.len().min(MAX_WRITES));
        chunks.push(std::mem::replace(&mut writes, rest));
    }
    chunks
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::{Transaction, keys};

    /// `core` writes, then `entries` list entries, half of them added and half of them removed.
    fn writes(core: u32, entries: u32) -> Vec<Write> {
        let mut transaction = Transaction::new();
        for number in 0..core {
            transaction.check("core", keys::project(number), Condition::Present);
        }
        for number in 0..entries {
            let key = keys::list(keys::Collection::Projects, keys::Facet::Skill(&number.to_string())).item("prj_1");
            if number < entries / 2 {
                transaction.enter_list("core", key, 7)
            } else {
                transaction.leave_list("core", key, 7)
            };
        }
        transaction.writes
    }

    #[test]
    fn a_small_change_is_one_step() {
        let steps = Steps::of(writes(4, 96));
        assert_eq!((steps.before.len(), steps.together.len(), steps.after.len()), (0, MAX_WRITES, 0));
        assert!(steps.together[4..].iter().all(|write| write.condition == Condition::Always));
    }

    #[test]
    fn surplus_entries_are_added_before_and_removed_after_the_record() {
        // The largest change: 50 skills and the category are replaced.
        let steps = Steps::of(writes(4, 2 * 101));
        assert_eq!((steps.before.len(), steps.together.len(), steps.after.len()), (5, MAX_WRITES, 101));
        assert_eq!(chunks(steps.after).iter().map(Vec::len).collect::<Vec<_>>(), [100, 1]);
        for write in steps.before {
            assert_eq!(write.condition, Condition::AtMost(STAMP, 7));
            let Effect::Put(item) = write.effect else { panic!("not a put") };
            assert_eq!(item["version"], AttributeValue::N("7".to_owned()));
        }
    }
}
