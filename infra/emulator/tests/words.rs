//! The emulator runs any template: its sources contain no word of the application that this repository is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::path::{Path, PathBuf};

/// Parts of words, in lower case.
const WORDS: [&str; 5] = ["market", "freelancer", "pairwork_pool", "\"matches\"", "matchesfunction"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_source_of_the_emulator_names_the_application() {
    let mut files = Vec::new();
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "fixtures"] {
        sources(&crate_folder.join(folder), &mut files);
    }
    assert!(files.len() > 20, "only {} files were found", files.len());
    let mut complaints = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let named = WORDS.iter().filter(|word| line.to_lowercase().contains(**word));
            let upper = line.contains("PAIRWORK_").then_some(&"PAIRWORK_");
            complaints.extend(named.chain(upper).map(|word| format!("{}:{}: {word}", file.display(), number + 1)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
