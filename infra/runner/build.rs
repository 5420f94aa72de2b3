//! Compiles the page's files into the program: a table of S3 keys and contents.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The files that the page loads. Documents and type declarations stay out.
const LOADED: [&str; 7] = ["css", "html", "js", "png", "svg", "wasm", "webmanifest"];

fn main() -> io::Result<()> {
    let web = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../web").canonicalize()?;
    println!("cargo::rerun-if-changed={}", web.display());
    let mut files = Vec::new();
    collect(&web, &mut files)?;
    files.sort();
    let rows = files.iter().map(|file| {
        let key = file.strip_prefix(&web).map_err(io::Error::other)?.display().to_string().replace('\\', "/");
        Ok(format!("    ({:?}, include_bytes!({:?})),\n", format!("web/{key}"), file.display().to_string()))
    });
    let rows = rows.collect::<io::Result<String>>()?;
    fs::write(Path::new(&variable("OUT_DIR")?).join("page.rs"), format!("&[\n{rows}]\n"))
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
