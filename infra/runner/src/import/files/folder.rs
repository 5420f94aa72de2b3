//! Reads the JSON files of a folder. A file that can't be read is refused with a reason, and the others go on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use super::digest::Digest;
use super::report::Report;
use crate::filling::progress;
use crate::text_file;

/// The largest file that is read. Pictures that are embedded in a resume fit.
const MAX_BYTES: u64 = 16 << 20;

/// A file's content.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: String,
    pub(super) content: Value,
}

/// The files of a folder in the order of their names. Names that begin with a dot and subfolders are not read; a
/// subfolder is refused, so that nobody misses its files.
///
/// # Errors
/// When the folder itself can't be read or is empty.
pub(super) fn read(folder: &Path, report: &mut Report) -> anyhow::Result<Vec<Document>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("reading the folder {}", folder.display()))?.path();
        if !file_name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("the folder {} is empty", folder.display());
    }
    paths.sort();
    report.files = paths.len();
    let bar = progress::bar(paths.len(), "reading files")?;
    let mut documents = Vec::with_capacity(paths.len());
    let mut seen = BTreeMap::<Digest, String>::new();
    for path in paths {
        let file = file_name(&path);
        match read_file(&path) {
            Err(reason) => report.refuse(&file, reason),
            Ok(content) => match seen.get(&Digest::of(&content)) {
                Some(earlier) => report.refuse(&file, format!("has the same content as {earlier}")),
                None => {
                    seen.insert(Digest::of(&content), file.clone());
                    documents.push(Document { file, content });
                }
            },
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(documents)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read_file(path: &Path) -> Result<Value, String> {
    let metadata = std::fs::metadata(path).map_err(|error| format!("can't be read: {error}"))?;
    if metadata.is_dir() {
        return Err("is a folder: name it itself to import its files".to_owned());
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    if !matches!(extension.as_deref(), Some("json" | "jsonld")) {
        return Err("is neither a .json nor a .jsonld file".to_owned());
    }
    if !metadata.is_file() {
        return Err("is no regular file".to_owned());
    }
    if metadata.len() > MAX_BYTES {
        return Err(format!("is larger than {} MiB", MAX_BYTES >> 20));
    }
    // The chain's outer sentence names the path, which is named already.
    let text = text_file::read(path).map_err(|error| error.root_cause().to_string())?;
    parse(&text)
}

/// Parses JSON. Line breaks and tabs inside of texts are no JSON, but many web pages hold them: they count as spaces.
fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    serde_json::from_str(text).or_else(|error| {
        let spaced: String = text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }).collect();
        serde_json::from_str(&spaced).map_err(|_| format!("is not JSON: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_file_is_refused_with_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 9] = [
            ("a.json", b"\xef\xbb\xbf{\"name\": \"a\"}"),
            ("b.json", b"{\"name\": \"a\"}\n"),
            ("c.JSONLD", b"{\"text\": \"two\nlines\"}"),
            ("d.json", b"{\"name\": "),
            ("e.json", b""),
            ("f.json", b"\xff\xfe{\0}\0"),
            ("g.json", b"{\"name\": \"\xb1\xe8\"}"),
            ("notes.txt", b"{}"),
            (".hidden", b"{}"),
        ];
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        std::fs::create_dir(folder.path().join("more")).unwrap();
        let mut deep = "[".repeat(100_000);
        deep.push_str(&"]".repeat(100_000));
        std::fs::write(folder.path().join("h.json"), deep).unwrap();

        let mut report = Report::default();
        let documents = read(folder.path(), &mut report).unwrap();
        let taken: Vec<&str> = documents.iter().map(|document| document.file.as_str()).collect();
        assert_eq!(taken, ["a.json", "c.JSONLD"]);
        assert_eq!(documents[1].content["text"], "two lines");
        assert_eq!(report.files, 10);
        let refused: Vec<(&str, &str)> =
            report.refused.iter().map(|(file, reason)| (file.as_str(), reason.as_str())).collect();
        assert_eq!(
            refused,
            [
                ("b.json", "has the same content as a.json"),
                ("d.json", "is not JSON: EOF while parsing a value at line 1 column 9"),
                ("e.json", "is empty"),
                ("f.json", "the file is in UTF-16. Save it as UTF-8"),
                ("g.json", "the file is not UTF-8: byte 10 begins no character"),
                ("h.json", "is not JSON: recursion limit exceeded at line 1 column 128"),
                ("more", "is a folder: name it itself to import its files"),
                ("notes.txt", "is neither a .json nor a .jsonld file"),
            ]
        );
    }

    #[test]
    fn a_folder_without_files_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let problem = read(folder.path(), &mut Report::default()).unwrap_err().to_string();
        assert_eq!(problem, format!("the folder {} is empty", folder.path().display()));
        let missing = folder.path().join("missing");
        let problem = read(&missing, &mut Report::default()).unwrap_err().to_string();
        assert_eq!(problem, format!("reading the folder {}", missing.display()));
    }
}
