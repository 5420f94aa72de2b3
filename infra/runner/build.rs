//! Compiles the files of the page and of the window into the program: tables of names and contents.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The files that the page loads. Documents and type declarations stay out.
const LOADED: [&str; 7] = ["css", "html", "js", "png", "svg", "wasm", "webmanifest"];

fn main() -> io::Result<()> {
    let runner = variable("CARGO_MANIFEST_DIR")?;
    // The keys of the page's files in its bucket.
    embed(&Path::new(&runner).join("../../web"), "web/", "page.rs")?;
    embed(&Path::new(&runner).join("window"), "", "window.rs")
}

/// Writes a table of a folder's files: their paths in it behind a prefix, and their contents.
fn embed(folder: &Path, prefix: &str, table: &str) -> io::Result<()> {
    let folder = folder.canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let rows = files.iter().map(|file| {
        let key = file.strip_prefix(&folder).map_err(io::Error::other)?.display().to_string().replace('\\', "/");
        Ok(format!("    ({:?}, include_bytes!({:?})),\n", format!("{prefix}{key}"), file.display().to_string()))
    });
    let rows = rows.collect::<io::Result<String>>()?;
    fs::write(Path::new(&variable("OUT_DIR")?).join(table), format!("&[\n{rows}]\n"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| LOADED.iter().any(|loaded| extension == *loaded)) {
            files.push(path);
        }
    }
    Ok(())
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}
