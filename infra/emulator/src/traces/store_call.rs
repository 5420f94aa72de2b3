//! A call to the store that runs, and the keys of the tables, by which it is told what a call names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use dynoxide::types::AttributeValue;
use hyper::HeaderMap;
use serde_json::Value;

use super::caller::Caller;
use super::links::Written;
use super::recording::RecordedInvocation;
use super::ring::Traces;
use super::trace::{ItemKey, StoreCall};
use crate::dynamodb::capacity::ConsumedCapacity;
use crate::template::Template;

/// The most keys of one call that are kept.
const MOST_KEYS: usize = 25;
/// The longest part of a key that is kept, in characters.
const MOST_CHARACTERS: usize = 200;

/// The tables by their names in the database.
#[derive(Debug, Default)]
pub(crate) struct Schemas(HashMap<String, Schema>);

#[derive(Debug)]
struct Schema {
    logical_id: String,
    partition: String,
    sort: Option<String>,
    /// Whether some function follows its stream.
    followed: bool,
}

impl Schemas {
    pub(crate) fn of(template: &Template) -> Self {
        let followed: BTreeSet<&str> =
            template.functions.iter().flat_map(|function| &function.streams).map(|it| it.table.as_str()).collect();
        let schema = |table: &crate::template::Table| {
            let attribute = |kind: &str| {
                let keys = table.definition["KeySchema"].as_array().into_iter().flatten();
                let mut named =
                    keys.filter(|key| key["KeyType"] == kind).filter_map(|key| key["AttributeName"].as_str());
                named.next().map(str::to_owned)
            };
            let schema = Schema {
                logical_id: table.logical_id.clone(),
                partition: attribute("HASH").unwrap_or_default(),
                sort: attribute("RANGE"),
                followed: followed.contains(table.logical_id.as_str()),
            };
            (table.name.clone(), schema)
        };
        Self(template.tables.iter().map(schema).collect())
    }

    /// Both parts of a key that is given as JSON, e.g. `{"pk": {"S": "x"}}`. `table` is its name in the template.
    pub(crate) fn key(&self, table: &str, attributes: &Value) -> (Option<String>, Option<String>) {
        let Some(schema) = self.0.values().find(|schema| schema.logical_id == table) else { return (None, None) };
        let value = |name: &String| {
            let (_, value) = attributes[name.as_str()].as_object()?.iter().next()?;
            value.as_str().map(str::to_owned)
        };
        (value(&schema.partition), schema.sort.as_ref().and_then(value))
    }
}

/// The items that a call names.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    keys: Vec<ItemKey>,
    more_keys: usize,
    written: Vec<Written>,
}

impl Asked {
    /// Adds one item of a table, given by its key or by the item as a whole.
    pub(crate) fn item(
        &mut self,
        schemas: &Schemas,
        table: &str,
        action: &'static str,
        attributes: &HashMap<String, AttributeValue>,
    ) {
        let Some(schema) = schemas.0.get(table) else { return };
        let value = |name: &String| attributes.get(name).map(text);
        let (partition, sort) = (value(&schema.partition), schema.sort.as_ref().and_then(value));
        if schema.followed
            && matches!(action, "Put" | "Update" | "Delete")
            && let Some(partition) = partition.clone()
        {
            self.written.push(Written { table: schema.logical_id.clone(), partition, sort: sort.clone() });
        }
        self.add(ItemKey {
            table: schema.logical_id.clone(),
            action,
            partition: partition.map(short),
            sort: sort.map(short),
        });
    }

    /// Adds a range of items, by the condition of a query.
    pub(crate) fn range(
        &mut self,
        schemas: &Schemas,
        table: &str,
        condition: &str,
        names: Option<&HashMap<String, String>>,
        values: Option<&HashMap<String, AttributeValue>>,
    ) {
        let Some(schema) = schemas.0.get(table) else { return };
        let spaced = condition.replace('=', " = ").replace("< =", "<=").replace("> =", ">=");
        let named = |word: &str| names.and_then(|names| names.get(word)).map_or(word, String::as_str).to_owned();
        let words: Vec<String> = spaced.split_whitespace().map(named).collect();
        let value = |word: &str| values.and_then(|values| values.get(word)).map(text);
        let place = words.windows(3).position(|three| three[0] == schema.partition && three[1] == "=");
        let partition = place.and_then(|at| value(&words[at + 2]));
        // The remaining conditions are on the sort key.
        let shown = |(at, word): (usize, &String)| {
            let in_partition = place.is_some_and(|place| (place..place + 3).contains(&at));
            if in_partition
                || (at == 0 || place.is_some_and(|place| at == place + 3)) && word.eq_ignore_ascii_case("and")
            {
                return None;
            }
            let mut shown = String::new();
            let mut rest = word.as_str();
            while let Some(colon) = rest.find(':') {
                shown.push_str(&rest[..colon]);
                let name = &rest[colon..];
                let end = name[1..]
                    .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .map_or(name.len(), |at| at + 1);
                shown.push_str(&value(&name[..end]).map_or_else(|| name[..end].to_owned(), short));
                rest = &name[end..];
            }
            shown.push_str(rest);
            Some(shown)
        };
        let sort = words.iter().enumerate().filter_map(shown).collect::<Vec<_>>().join(" ");
        let sort = sort.strip_suffix(" AND").unwrap_or(&sort).to_owned();
        self.add(ItemKey {
            table: schema.logical_id.clone(),
            action: "Query",
            partition: partition.map(short),
            sort: (!sort.is_empty()).then_some(sort),
        });
    }

    /// Adds a table as a whole.
    pub(crate) fn scan(&mut self, schemas: &Schemas, table: &str) {
        let Some(schema) = schemas.0.get(table) else { return };
        self.add(ItemKey { table: schema.logical_id.clone(), action: "Scan", partition: None, sort: None });
    }

    fn add(&mut self, key: ItemKey) {
        if self.keys.len() < MOST_KEYS {
            self.keys.push(key);
        } else {
            self.more_keys += 1;
        }
    }
}

/// An attribute of a key as text.
fn text(value: &AttributeValue) -> String {
    use base64::Engine;
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::B(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes),
        _ => String::new(),
    }
}

fn short(text: String) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A call that runs.
#[derive(Debug)]
pub(crate) struct OpenCall {
    traces: Arc<Traces>,
    caller: Arc<Caller>,
    /// Decided when the call begins: the process may be given another event before it ends.
    place: Option<RecordedInvocation>,
    operation: String,
    started: Instant,
    asked: Asked,
    writes: Vec<u64>,
}

impl OpenCall {
    /// A call that begins, if a process of ours makes it.
    pub(crate) fn of(traces: &Arc<Traces>, headers: &HeaderMap, operation: &str) -> Option<Self> {
        let caller = traces.callers.of(headers)?;
        let place = caller.last();
        Some(Self {
            traces: Arc::clone(traces),
            caller,
            place,
            operation: operation.to_owned(),
            started: Instant::now(),
            asked: Asked::default(),
            writes: Vec::new(),
        })
    }

    /// Notes what the call names, before it runs.
    pub(crate) fn asks(&mut self, describe: impl FnOnce(&mut Asked, &Schemas)) {
        describe(&mut self.asked, &self.traces.schemas);
        if let Some(place) = &self.place {
            let links = &self.traces.links;
            self.writes = self.asked.written.iter().map(|item| links.begin(place.recording.id, item.clone())).collect();
        }
    }

    /// Ends the call, which consumed this, or failed with this exception.
    pub(crate) fn end(self, consumed: ConsumedCapacity, error: Option<String>) {
        for (number, item) in self.writes.iter().zip(&self.asked.written) {
            self.traces.links.end(*number, item, error.is_none());
        }
        let condition_failed = error.as_deref().is_some_and(|error| error.contains("ConditionalCheckFailed"));
        let call = StoreCall {
            operation: self.operation,
            keys: self.asked.keys,
            more_keys: self.asked.more_keys,
            read_units: consumed.read_units,
            write_units: consumed.write_units,
            start_ms: self.place.as_ref().map_or(0.0, |place| place.recording.ms(self.started)),
            duration_ms: self.started.elapsed().as_secs_f64() * 1e3,
            error,
            condition_failed,
        };
        match &self.place {
            Some(place) => place.add_call(call),
            None => self.caller.add_early_call(self.started, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Schemas {
        Schemas::of(&Template::parse(include_str!("../../fixtures/things.yaml")).unwrap())
    }

    fn texts<const N: usize>(pairs: [(&str, &str); N]) -> HashMap<String, AttributeValue> {
        pairs.into_iter().map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned()))).collect()
    }

    #[test]
    fn an_item_is_shown_by_its_key_alone() {
        let mut asked = Asked::default();
        let item = texts([("pk", "A#1"), ("sk", "A"), ("secret", "x")]);
        asked.item(&schemas(), "pairwork-ThingsTable", "Put", &item);
        let expected = ItemKey {
            table: "ThingsTable".to_owned(),
            action: "Put",
            partition: Some("A#1".to_owned()),
            sort: Some("A".to_owned()),
        };
        assert_eq!(asked.keys, [expected]);
        asked.item(&schemas(), "no such table", "Put", &item);
        assert_eq!(asked.keys.len(), 1);
    }

    #[test]
    fn a_query_is_shown_with_the_values_of_its_condition() {
        let query = |condition: &str| {
            let mut asked = Asked::default();
            let names = HashMap::from([("#p".to_owned(), "pk".to_owned()), ("#s".to_owned(), "sk".to_owned())]);
            let values = texts([(":p", "LIST#x"), (":s", "b")]);
            asked.range(&schemas(), "pairwork-ThingsTable", condition, Some(&names), Some(&values));
            let key = asked.keys.remove(0);
            (key.partition.unwrap_or_default(), key.sort.unwrap_or_default())
        };
        let of = |partition: &str, sort: &str| (partition.to_owned(), sort.to_owned());
        assert_eq!(query("pk = :p"), of("LIST#x", ""));
        assert_eq!(query("#p=:p AND #s < :s"), of("LIST#x", "sk < b"));
        assert_eq!(query("#s >= :s AND #p = :p"), of("LIST#x", "sk >= b"));
        assert_eq!(query("pk = :p AND begins_with(sk, :s)"), of("LIST#x", "begins_with(sk, b)"));
    }
}
