//! Every attack on a trail is found, and its row is named.

use domain::values::{AccountId, SessionId};
use http_api::Origin;
use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use super::*;
use crate::{Act, Entry};

const ROWS: u64 = 6;

fn account(number: u128) -> AccountId {
    AccountId::new(Ulid(number))
}

/// A row as the store returns it.
fn item(row: &Row) -> Item {
    let key = keys::audit_row(&row.account, row.sequence);
    let Value::Object(mut item) = json!(row) else { panic!("a row is an object") };
    item.extend([("pk".to_owned(), json!(key.pk)), ("sk".to_owned(), json!(key.sk))]);
    item
}

fn trail_of(number: u128) -> (String, Vec<Item>, Head) {
    let origin = Origin { network: "bmV0d29yaw".to_owned(), request_id: "JKJaXmPLvHcESHA=".to_owned() };
    let (mut items, mut head) = (Vec::new(), Head::default());
    for number_of_row in 0..ROWS {
        let at = Timestamp::from_second(1_796_000_000 + i64::try_from(number_of_row).unwrap()).unwrap();
        let entry = Entry::of(account(number), Act::SignedIn, &origin, at);
        let entry = entry.in_session(SessionId::new(Ulid(number_of_row.into()))).about("password+totp");
        let row = Row::after(&head, &entry);
        head = row.as_head();
        items.push(item(&row));
    }
    (account(number).to_string(), items, head)
}

fn found(account: &str, items: &[Item], head: &Head) -> Vec<(u64, Kind)> {
    check(account, items, Some(head)).into_iter().map(|damage| (damage.sequence, damage.kind)).collect()
}

#[test]
fn a_whole_trail_has_no_damage() {
    let (account, mut items, head) = trail_of(1);
    assert_eq!(found(&account, &items, &head), []);
    items.reverse();
    assert_eq!(found(&account, &items, &head), []);
    assert_eq!(check(&account, &[], None), []);
}

/// Two bits of each byte of each field of each row.
#[test]
fn every_edited_byte_is_found() {
    let (account, items, head) = trail_of(1);
    let mut edits = 0;
    for (place, original) in items.iter().enumerate() {
        let sequence = place as u64 + 1;
        for (name, value) in original {
            for edited in edits_of(value).into_iter().filter(|edited| edited != value) {
                let mut items = items.clone();
                items[place].insert(name.clone(), edited.clone());
                let damages = found(&account, &items, &head);
                let names_it = damages.iter().any(|(it, _)| *it == sequence || *it + 1 == sequence || *it == 0);
                assert!(names_it, "row {sequence}, {name} = {edited}: {damages:?}");
                edits += 1;
            }
        }
        for name in original.keys() {
            let mut items = items.clone();
            items[place].remove(name);
            assert!(!found(&account, &items, &head).is_empty(), "row {sequence} without {name}");
        }
        let mut items = items.clone();
        items[place].insert("note".to_owned(), json!("an unknown field"));
        assert_eq!(found(&account, &items, &head), [(sequence, Kind::Misplaced)]);
    }
    assert!(edits > 2_000, "{edits} edits");
}

/// Every other value that one changed bit makes of a text or a number.
fn edits_of(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let flipped = (0..text.len() * 2).filter_map(|bit| {
                let mut bytes = text.clone().into_bytes();
                bytes[bit / 2] ^= [1, 32][bit % 2];
                String::from_utf8(bytes).ok().map(Value::from)
            });
            flipped.chain([json!(""), json!(7), Value::Null]).collect()
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            (0..64).map(|bit| json!(number ^ (1_u64 << bit))).chain([json!(number.to_string())]).collect()
        }
        other => panic!("{other} is neither text nor number"),
    }
}

#[test]
fn a_deleted_row_is_found() {
    let (account, items, head) = trail_of(1);
    for place in 0..items.len() {
        let mut items = items.clone();
        items.remove(place);
        assert_eq!(found(&account, &items, &head), [(place as u64 + 1, Kind::Missing)]);
    }
}

#[test]
fn a_cut_tail_is_found() {
    let (account, items, head) = trail_of(1);
    for kept in 0..items.len() {
        let expected: Vec<_> = (kept as u64 + 1..=ROWS).map(|sequence| (sequence, Kind::Missing)).collect();
        assert_eq!(found(&account, &items[..kept], &head), expected);
    }
}

#[test]
fn swapped_rows_are_found() {
    let (account, items, head) = trail_of(1);
    for (a, b) in [(0, 1), (1, 4), (4, 5)] {
        // The contents under each other's keys.
        let mut swapped = items.clone();
        for field in ["pk", "sk"] {
            let (first, second) = (items[a][field].clone(), items[b][field].clone());
            swapped[a].insert(field.to_owned(), second);
            swapped[b].insert(field.to_owned(), first);
        }
        let expected = [(a as u64 + 1, Kind::Misplaced), (b as u64 + 1, Kind::Misplaced)];
        assert_eq!(found(&account, &swapped, &head), expected);
        // The numbers, too.
        for (place, other) in [(a, b), (b, a)] {
            swapped[place].insert("sequence".to_owned(), items[other]["sequence"].clone());
        }
        let damages = found(&account, &swapped, &head);
        assert!(damages.contains(&(a as u64 + 1, Kind::Edited)), "{damages:?}");
    }
}

#[test]
fn an_inserted_row_is_found() {
    let (account, items, head) = trail_of(1);
    let last: Row = read(&account, &items[5]).unwrap();
    let forged = Row { sequence: 7, previous: last.hash(), ..last };
    let longer = [items.clone(), vec![item(&forged)]].concat();
    assert_eq!(found(&account, &longer, &head), [(7, Kind::Uncounted)]);
    // In the middle: all later rows move, and the first moved row follows from another one.
    let mut moved: Vec<Item> = items[..3].to_vec();
    moved.push(item(&Row { sequence: 4, ..read(&account, &items[2]).unwrap() }));
    for later in &items[3..] {
        let row = read(&account, later).unwrap();
        moved.push(item(&Row { sequence: row.sequence + 1, ..row }));
    }
    let damages = found(&account, &moved, &head);
    assert!(damages.contains(&(3, Kind::Edited)) && damages.contains(&(7, Kind::Uncounted)), "{damages:?}");
}

#[test]
fn a_row_of_another_account_is_found() {
    let (account, mut items, head) = trail_of(1);
    let (_, foreign, _) = trail_of(2);
    for field in ["pk", "sk"] {
        let own = items[2][field].clone();
        items[2] = foreign[2].clone();
        items[2].insert(field.to_owned(), own);
    }
    assert_eq!(found(&account, &items, &head), [(3, Kind::Misplaced)]);
}

#[test]
fn a_changed_head_is_found() {
    let (account, items, head) = trail_of(1);
    let all: Vec<_> = (1..=ROWS).map(|sequence| (sequence, Kind::Uncounted)).collect();
    assert_eq!(check(&account, &items, None).len(), all.len());
    assert_eq!(found(&account, &items, &Head::default()), all);
    assert_eq!(found(&account, &items, &Head { hash: "x".to_owned(), ..head.clone() }), [(ROWS, Kind::Edited)]);
    assert_eq!(found(&account, &items, &Head { sequence: 5, ..head.clone() }), [(6, Kind::Uncounted)]);
    assert_eq!(found(&account, &items, &Head { sequence: 7, ..head }), [(7, Kind::Missing)]);
    let endless = Head { sequence: u64::MAX, hash: String::new() };
    assert_eq!(found(&account, &[], &endless).len(), MOST_NAMED);
}

/// An attacker who rewrites all later rows as well meets the head.
#[test]
fn a_rewritten_tail_meets_the_head() {
    let (account, items, head) = trail_of(1);
    let mut rows: Vec<Row> = items.iter().map(|item| read(&account, item).unwrap()).collect();
    "proved".clone_into(&mut rows[2].act);
    for place in 3..rows.len() {
        rows[place].previous = rows[place - 1].hash();
    }
    let rewritten: Vec<Item> = rows.iter().map(item).collect();
    assert_eq!(found(&account, &rewritten, &head), [(ROWS, Kind::Edited)]);
}
