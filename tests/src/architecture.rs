//! The rooms that ARCHITECTURE.md lists are the crates that there are, and no other arrow leads between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The top of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in a folder of the repository")
}

/// A fenced block of ARCHITECTURE.md, e.g. "```rooms", as the names before each colon and the names behind it.
fn block(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, behind) = text.split_once(&format!("```{name}\n")).unwrap_or_else(|| panic!("no block of {name}"));
    let (lines, _) = behind.split_once("```").expect("the block ends");
    // A long line goes on in the next one, which begins with a space.
    let lines = lines.replace("\n ", " ");
    let entry = |line: &str| {
        let (room, others) = line.split_once(':').unwrap_or_else(|| panic!("no colon in {line:?}"));
        let others = others.split(',').map(str::trim).filter(|other| !other.is_empty()).map(str::to_owned);
        (room.to_owned(), others.collect())
    };
    lines.lines().map(entry).collect()
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).arg("--offline").current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// Each crate of the workspace but this one, with those that it names in `[dependencies]`.
fn manifests() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |package: &Value| package["name"].as_str().expect("a name").to_owned();
    let rooms: BTreeSet<String> = packages.iter().map(name).collect();
    let arrows = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
        let of_the_library = dependencies.filter(|dependency| dependency["kind"].is_null());
        of_the_library.map(name).filter(|other| rooms.contains(other)).collect()
    };
    packages.iter().filter(|package| name(package) != "tests").map(|package| (name(package), arrows(package))).collect()
}

#[test]
fn the_rooms_and_their_arrows_are_those_of_architecture_md() {
    let (told, found) = (block("rooms"), manifests());
    for (room, arrows) in &found {
        let allowed = told.get(room).unwrap_or_else(|| panic!("ARCHITECTURE.md does not list the crate {room}"));
        assert_eq!(arrows, allowed, "the arrows from {room}: left the manifest, right ARCHITECTURE.md");
    }
    let gone: Vec<&String> = told.keys().filter(|room| !found.contains_key(*room)).collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md lists crates that are not there: {gone:?}");
}

#[test]
fn no_room_reaches_what_it_must_not() {
    let absent = block("absent");
    assert!(!absent.is_empty());
    for (room, forbidden) in absent {
        let tree = cargo(&["tree", "--package", &room, "--edges", "normal", "--prefix", "none", "--format", "{lib}"]);
        let reached: BTreeSet<String> = tree.lines().map(|line| line.trim().replace('_', "-")).collect();
        assert!(reached.contains(&room), "cargo tree names {room} itself");
        let wrong: Vec<&String> = forbidden.intersection(&reached).collect();
        assert!(wrong.is_empty(), "{room} reaches {wrong:?}: `cargo tree -p {room} -e normal -i NAME` shows how");
    }
}
