//! `docs/asvs.md` says how the market meets each requirement of OWASP ASVS 5.0, levels 1 and 2. Its counts are right,
//! and the files and tests that it names exist.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::golden::repository;

const STATES: [&str; 3] = ["done", "open", "not applicable"];

/// The page.
fn page() -> String {
    std::fs::read_to_string(repository().join("docs/asvs.md")).expect("docs/asvs.md")
}

/// A row about one requirement.
#[derive(Debug)]
struct Row<'a> {
    id: &'a str,
    level: &'a str,
    short: &'a str,
    state: &'a str,
    place: &'a str,
}

/// The cells of a table's line.
fn cells(line: &str) -> Option<Vec<&str>> {
    Some(line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect())
}

fn rows(page: &str) -> Vec<Row<'_>> {
    let lines = page.lines().filter(|line| line.starts_with("| V"));
    let rows = lines.map(|line| {
        let cells = cells(line).unwrap_or_else(|| panic!("no row of a table: {line}"));
        let &[id, level, short, state, place] = cells.as_slice() else { panic!("not five cells: {line}") };
        Row { id, level, short, state, place }
    });
    rows.collect()
}

/// The texts between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a text between backticks names a file or a folder of the repository, and not a route, a value or a setting.
fn is_path(text: &str) -> bool {
    let has_name = text.contains('/') || [".toml", ".lock", ".md"].iter().any(|ending| text.ends_with(ending));
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte));
    has_name && is_plain && !text.starts_with('/')
}

/// Whether a file of tests holds a test of this name: a function in Rust, a title in JavaScript.
fn holds(file: &str, name: &str, text: &str) -> bool {
    if file.ends_with(".mjs") {
        return text.contains(&format!("test('{name}'"));
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &str| {
        let rest = line.trim_start_matches("async ").strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with('('))
    };
    let is_test = |attribute: &str| attribute.starts_with("#[test]") || attribute.starts_with("#[tokio::test");
    lines.iter().enumerate().any(|(place, line)| {
        let mut attributes = lines[..place].iter().rev().take_while(|line| line.starts_with("#["));
        declares(line) && attributes.any(|attribute| is_test(attribute))
    })
}

#[test]
fn every_requirement_has_one_row_with_a_level_and_a_state() {
    let page = page();
    let mut ids = BTreeSet::new();
    for row in rows(&page) {
        assert!(ids.insert(row.id), "{} has two rows", row.id);
        assert!(["1", "2"].contains(&row.level), "{row:?}");
        assert!(STATES.contains(&row.state), "{row:?}");
        assert!(!row.short.is_empty() && !row.place.is_empty(), "{row:?}");
    }
    assert!(ids.len() > 250, "only {} rows", ids.len());
}

#[test]
fn every_file_and_every_test_that_a_row_names_exists() {
    let (page, mut tests, mut wrong) = (page(), 0, Vec::new());
    for row in rows(&page) {
        let mut named = 0;
        for text in code(row.place) {
            let (file, test) = text.split_once("::").map_or((text, None), |(file, test)| (file, Some(test)));
            if !is_path(file) {
                continue;
            }
            named += 1;
            let path = repository().join(file);
            let Some(test) = test else {
                if !path.exists() {
                    wrong.push(format!("{}: {file} does not exist", row.id));
                }
                continue;
            };
            tests += 1;
            match std::fs::read_to_string(&path) {
                Ok(text) if holds(file, test, &text) => {}
                Ok(_) => wrong.push(format!("{}: {file} has no test {test}", row.id)),
                Err(problem) => wrong.push(format!("{}: {file}: {problem}", row.id)),
            }
        }
        if row.state == "done" && named == 0 {
            wrong.push(format!("{} is done and names neither test nor code", row.id));
        }
    }
    assert!(tests > 150, "only {tests} tests are named");
    assert!(wrong.is_empty(), "docs/asvs.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_counts_at_the_top_are_right() {
    let page = page();
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in rows(&page) {
        let state = STATES.iter().position(|state| *state == row.state).expect("a known state");
        counts.entry(row.level).or_default()[state] += 1;
    }
    let mut compared = 0;
    for line in page.lines().take_while(|line| !line.starts_with("## ")) {
        let Some(cells) = cells(line) else { continue };
        let Some([done, open, not_applicable]) = counts.get(cells[0]).copied() else { continue };
        let right = [done + open, done, open, not_applicable].map(|count| count.to_string());
        assert_eq!(cells[1..], right, "the counts of level {}: applies, done, open, not applicable", cells[0]);
        compared += 1;
    }
    assert_eq!(compared, 2, "the page begins with the counts of both levels");
}

/// The standard as OWASP publishes it (`asvs-5.0.0.flat.json`).
#[test]
#[ignore = "reads the folder PAIRWORK_VECTORS, which is not part of the repository; .ci/run gives it"]
fn every_requirement_of_the_standard_has_a_row() {
    #[derive(Deserialize)]
    struct Standard {
        requirements: Vec<Requirement>,
    }
    #[derive(Deserialize)]
    struct Requirement {
        req_id: String,
        #[serde(rename = "L")]
        level: String,
    }
    let folder = std::env::var_os("PAIRWORK_VECTORS").expect("PAIRWORK_VECTORS names the folder of vectors");
    let file = std::path::Path::new(&folder).join("owasp/asvs-5.0.0.flat.json");
    let text = std::fs::read_to_string(file).expect("the standard");
    let standard: Standard = serde_json::from_str(&text).expect("the standard's JSON");
    let asked: BTreeSet<(&str, &str)> = standard
        .requirements
        .iter()
        .filter(|requirement| requirement.level != "3")
        .map(|requirement| (requirement.req_id.as_str(), requirement.level.as_str()))
        .collect();
    assert_eq!(asked.len(), 253);
    let page = page();
    let judged: BTreeSet<(&str, &str)> = rows(&page).iter().map(|row| (row.id, row.level)).collect();
    let missing: Vec<_> = asked.difference(&judged).collect();
    let unknown: Vec<_> = judged.difference(&asked).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}; unknown: {unknown:?}");
}

/// `docs/security.md` classifies the data of every table, and lists every log.
#[test]
fn the_page_on_security_names_every_table_and_every_log() {
    let page = std::fs::read_to_string(repository().join("docs/security.md")).expect("docs/security.md");
    let template = std::fs::read_to_string(repository().join("infra/template.yaml")).expect("a template");
    let mut before = "";
    let mut named = 0;
    for line in template.lines() {
        let kind = line.trim().strip_prefix("Type: ").unwrap_or_default();
        if ["AWS::DynamoDB::Table", "AWS::Logs::LogGroup"].contains(&kind) {
            let name = before.trim().trim_end_matches(':');
            let is_in_a_row = |row: &str| row.starts_with("| `") && row.contains(&format!("`{name}`"));
            assert!(page.lines().any(is_in_a_row), "docs/security.md has no row for {name}");
            named += 1;
        }
        before = line;
    }
    assert!(named >= 12, "{named} tables and logs");
}
