//! No line is longer than 120 characters: two files fit beside each other on a screen.

use std::path::{Path, PathBuf};

const MOST_CHARACTERS: usize = 120;

/// Texts that people write. JSON, snapshots and locks are generated.
const WRITTEN: [&str; 11] = ["rs", "md", "toml", "yaml", "yml", "py", "js", "mjs", "ts", "css", "html"];

/// The files of the repository.
pub(crate) fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above");
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !["target", ".git", "node_modules", "dist"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files
}

/// Files that a program writes, and the outlines of icons.
const GENERATED: [&str; 10] = [
    "card.toml",
    "award.toml",
    "award_card.toml",
    "exposure.toml",
    "tokens.yaml",
    "pairwork/types.py",
    "src/operations.ts",
    "src/types.ts",
    "types.d.ts",
    "components/icon.js",
];

/// Rows of tables, addresses and outlines of icons cannot be broken, and nobody edits generated files.
fn may_be_long(path: &Path, line: &str) -> bool {
    let text = line.trim_start_matches(['/', '!', '#', '*', ' ']);
    text.starts_with('|') || text.starts_with("<http") || GENERATED.iter().any(|name| path.ends_with(name))
}

#[test]
fn no_line_is_longer_than_120_characters() {
    let is_written = |path: &PathBuf| match path.extension() {
        Some(extension) => WRITTEN.iter().any(|known| extension == *known),
        // Scripts have no extension.
        None => std::fs::read(path).is_ok_and(|content| content.starts_with(b"#!")),
    };
    let mut read = 0;
    let mut long = Vec::new();
    for path in files().into_iter().filter(is_written) {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        read += 1;
        for (number, line) in text.lines().enumerate() {
            let characters = line.chars().count();
            if characters > MOST_CHARACTERS && !may_be_long(&path, line) {
                long.push(format!("{}:{}: {characters} characters", path.display(), number + 1));
            }
        }
    }
    assert!(read > 200, "only {read} files were found");
    assert!(long.is_empty(), "{} lines are too long:\n{}", long.len(), long.join("\n"));
}
