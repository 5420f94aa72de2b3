//! docs/runbook.md has an entry for every alarm, and names only alarms, scripts and settings that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;

use super::alarms::alarm_names;
use super::template;
use crate::golden::repository;

/// The parts that every entry of an alarm has, in this order. The first one says how urgent it is.
const PARTS: [&str; 6] = ["Urgency", "Users see", "Causes", "Find out", "Do", "Over"];

fn text() -> String {
    read_to_string(repository().join("docs/runbook.md")).expect("docs/runbook.md")
}

/// The entries below `## Alarms`: the line of headings and the text below it.
fn entries(text: &str) -> Vec<(&str, &str)> {
    let (_, alarms) = text.split_once("\n## Alarms\n").expect("a chapter of alarms");
    let alarms = alarms.split("\n## ").next().unwrap_or_default();
    alarms.split("\n### ").skip(1).filter_map(|entry| entry.split_once('\n')).collect()
}

/// The names in a heading: `market/errors, matches/errors`.
fn names(heading: &str) -> impl Iterator<Item = &str> {
    heading.split(',').map(str::trim)
}

#[test]
fn every_alarm_has_one_entry_and_every_entry_has_an_alarm() {
    let text = text();
    let mut described = BTreeMap::<&str, usize>::new();
    for name in entries(&text).iter().flat_map(|(heading, _)| names(heading)) {
        *described.entry(name).or_default() += 1;
    }
    let twice: Vec<_> = described.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "two entries of one alarm: {twice:?}");
    let described: BTreeSet<String> = described.into_keys().map(str::to_owned).collect();
    assert_eq!(described, alarm_names(), "left: docs/runbook.md, right: the alarms of infra/");
}

#[test]
fn every_entry_says_first_how_urgent_it_is_and_then_what_to_do() {
    for (heading, entry) in entries(&text()) {
        let starts: Vec<&str> =
            entry.lines().filter_map(|line| line.strip_prefix("**")?.split_once(".**")).map(|it| it.0).collect();
        assert_eq!(starts, PARTS, "{heading}");
        assert!(entry.trim_start().starts_with("**Urgency.** "), "{heading}");
        let find_out = entry.split("**Find out.**").nth(1).and_then(|rest| rest.split("**Do.**").next());
        assert!(find_out.is_some_and(|part| part.contains("```")), "{heading}: no command to find out");
    }
}

#[test]
fn the_runbook_names_only_scripts_and_resources_that_exist() {
    let (text, template) = (text(), template());
    let words = || text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "/-._".contains(letter)));
    let paths = words().filter(|word| ["infra/", "functions/", "tests/"].iter().any(|top| word.starts_with(top)));
    let paths: BTreeSet<&str> = paths.map(|path| path.trim_end_matches('.')).collect();
    assert!(paths.len() > 3, "{paths:?}");
    for path in paths {
        assert!(repository().join(path).exists(), "docs/runbook.md names {path}");
    }
    // `$(resource MarketTable)` looks up a resource of the stack.
    let resources: BTreeSet<&str> =
        text.split("$(resource ").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    assert!(resources.len() > 3, "{resources:?}");
    for name in resources {
        assert!(template["Resources"][name].is_object(), "docs/runbook.md names the resource {name}");
    }
    // `--parameter-overrides NAME=VALUE` sets a parameter of the stack.
    let overrides: BTreeSet<&str> = text
        .split("--parameter-overrides ")
        .skip(1)
        .flat_map(|rest| rest.lines().next().unwrap_or_default().split_whitespace())
        .filter_map(|setting| Some(setting.split_once('=')?.0))
        .collect();
    assert!(!overrides.is_empty());
    for name in overrides {
        assert!(template["Parameters"][name].is_object(), "docs/runbook.md names the parameter {name}");
    }
}
