//! Finds the JobPostings in JSON-LD: alone, in an array, in a `@graph`, or in a list of items.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::{list, text, without_prefix};

/// Members that hold further nodes.
const CONTAINERS: [&str; 5] = ["@graph", "mainEntity", "itemListElement", "item", "itemOffered"];

/// The postings of a file, in its order. An object without a type is one if it has a title and tells of a job.
pub(super) fn postings(content: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    collect(content, &mut found);
    found
}

fn collect<'a>(node: &'a Value, found: &mut Vec<&'a Value>) {
    // The parser bounds the depth.
    match node {
        Value::Array(nodes) => nodes.iter().for_each(|node| collect(node, found)),
        Value::Object(_) if is_posting(node) => found.push(node),
        Value::Object(_) => CONTAINERS.iter().for_each(|name| collect(&node[*name], found)),
        _ => {}
    }
}

fn is_posting(node: &Value) -> bool {
    let kinds = list(&node["@type"]);
    if kinds.is_empty() {
        let tells_of_a_job = ["description", "hiringOrganization", "skills"].iter().any(|name| !node[*name].is_null());
        return node["title"].is_string() && tells_of_a_job;
    }
    kinds.iter().filter_map(text).any(|kind| without_prefix(&kind).eq_ignore_ascii_case("JobPosting"))
}

/// The names of nodes that others refer to by `@id`.
#[derive(Debug, Default)]
pub(super) struct Organizations<'a>(BTreeMap<&'a str, String>);

impl<'a> Organizations<'a> {
    /// The nodes of a file's `@graph`.
    pub(super) fn of(content: &'a Value) -> Self {
        let nodes = list(content).iter().flat_map(|document| list(&document["@graph"]));
        let named = nodes.filter_map(|node| Some((node["@id"].as_str()?, text(&node["name"])?)));
        Self(named.collect())
    }

    /// The name of an organization: its own, or that of the node it refers to. A text may be a reference, too.
    pub(super) fn name(&self, organization: &Value) -> Option<String> {
        let organization = list(organization).first()?;
        let id = organization.as_str().or_else(|| organization["@id"].as_str());
        let referred = id.and_then(|id| self.0.get(id)).cloned();
        let legal_name = || text(&organization["legalName"]);
        referred.or_else(|| text(organization)).or_else(legal_name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn titles(content: Value) -> Vec<String> {
        postings(&content).into_iter().filter_map(|posting| text(&posting["title"])).collect()
    }

    #[test]
    fn postings_are_found_wherever_they_stand() {
        let posting = |title: &str| json!({"@type": "JobPosting", "title": title});
        assert_eq!(titles(posting("a")), ["a"]);
        assert_eq!(titles(json!([posting("a"), {"@type": "Organization"}, null, [posting("b")]])), ["a", "b"]);
        assert_eq!(titles(json!({"@graph": [{"@type": "BreadcrumbList"}, posting("a")]})), ["a"]);
        let items = json!({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": posting("a")}]});
        assert_eq!(titles(items), ["a"]);
        assert_eq!(titles(json!({"@type": ["Thing", "https://schema.org/JobPosting"], "title": "a"})), ["a"]);
        assert_eq!(titles(json!({"title": "a", "description": "b"})), ["a"]);
        for other in [json!({"title": "a"}), json!({"@type": "Article", "title": "a"}), json!(7), json!(null)] {
            assert_eq!(titles(other), Vec::<String>::new());
        }
    }

    #[test]
    fn an_organization_may_be_named_by_reference() {
        let content = json!({"@graph": [{"@type": "Organization", "@id": "#org", "name": "한강 결제"}]});
        let organizations = Organizations::of(&content);
        for organization in [json!({"@id": "#org"}), json!("#org"), json!([{"name": "한강 결제"}]), json!("한강 결제")]
        {
            assert_eq!(organizations.name(&organization).as_deref(), Some("한강 결제"), "{organization}");
        }
        assert_eq!(organizations.name(&json!({"legalName": "Harbour Ltd"})).as_deref(), Some("Harbour Ltd"));
        for nobody in [json!(null), json!({}), json!(""), json!([])] {
            assert_eq!(organizations.name(&nobody), None, "{nobody}");
        }
    }
}
