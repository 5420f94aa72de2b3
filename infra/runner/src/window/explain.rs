//! The meaning of items' keys, by the tables of keys, and the rule for items that may be shown whole.

use serde::Serialize;
use serde_json::{Value, json};
use store::keys::{KeyPattern, PATTERNS};

/// A pattern as pages show it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Explanation {
    table: &'static str,
    pk: &'static str,
    sk: &'static str,
    contents: &'static str,
    read_by: &'static str,
}

/// Every pattern of every table.
pub(super) fn all() -> Vec<Explanation> {
    patterns().map(shown).collect()
}

/// The meaning of a key. `table` is the table's name in the template. Without a sort key, the simplest kind of item
/// of the partition speaks for all.
pub(super) fn explain(table: &str, pk: &str, sk: Option<&str>) -> Option<Explanation> {
    let table = short_name(table);
    let mut of_table = patterns().filter(|pattern| pattern.table.name() == table);
    let segments = |text: &str| text.matches('<').count();
    let found = match sk {
        Some(sk) => of_table.find(|pattern| pattern.fits(pk, sk)),
        None => of_table
            .filter(|pattern| pattern.fits_partition(pk))
            .min_by_key(|pattern| (segments(pattern.pk), segments(pattern.sk))),
    };
    found.map(shown)
}

/// An item with its meaning. Items of `credentials` hold password hashes and private keys, and those of `outbox`
/// hold tokens, so they show their keys only.
pub(super) fn item(table: &str, mut item: Value) -> Value {
    let part = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let (pk, sk) = (part("pk"), part("sk"));
    if ["credentials", "outbox"].contains(&short_name(table).as_str())
        && let Some(attributes) = item.as_object_mut()
    {
        for (_, value) in attributes.iter_mut().filter(|(name, _)| !matches!(name.as_str(), "pk" | "sk")) {
            *value = json!({ "S": "[hidden]" });
        }
    }
    json!({ "pk": pk, "sk": sk, "item": item, "pattern": explain(table, &pk, Some(&sk)) })
}

/// `market` of `MarketTable`.
pub(super) fn short_name(table: &str) -> String {
    table.strip_suffix("Table").unwrap_or(table).to_ascii_lowercase()
}

fn patterns() -> impl Iterator<Item = &'static KeyPattern> {
    PATTERNS.iter().chain(pool::keys::PATTERNS)
}

fn shown(pattern: &KeyPattern) -> Explanation {
    let KeyPattern { table, pk, sk, contents, read_by } = *pattern;
    Explanation { table: table.name(), pk, sk, contents, read_by }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_explained_by_its_simplest_item() {
        let contents = |pk: &str| explain("PoolTable", pk, None).map(|found| found.contents);
        assert_eq!(contents("freelancers#07"), Some("packed rows: the first part of a block"));
        assert_eq!(contents("freelancers#FEED"), Some("packed changes"));
        assert_eq!(contents("nothing"), None);
    }

    #[test]
    fn items_of_credentials_show_their_keys_alone() {
        let stored = json!({"pk": {"S": "EMAIL#a@example.com"}, "sk": {"S": "EMAIL"}, "hash": {"S": "$argon2id$…"}});
        let shown = item("CredentialsTable", stored.clone());
        assert_eq!(shown["item"]["hash"], json!({"S": "[hidden]"}));
        assert_eq!(shown["pattern"]["contents"], "account id, password hash");
        assert_eq!(item("MarketTable", stored.clone())["item"], stored);
    }
}
