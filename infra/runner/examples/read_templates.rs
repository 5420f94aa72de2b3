//! Reads every SAM template of a folder, and says how many are read whole and what stops the others.
//!
//! `cargo run -p pairwork --example read_templates -- DIR [WORD]`; with WORD, only templates that contain it are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use pairwork::template::{Fault, Template, TemplateError};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".to_owned());
    let word = arguments.next().unwrap_or_default();
    let mut files = Vec::new();
    templates(Path::new(&folder), &mut files)?;
    files.sort();
    let (mut tried, mut whole, mut unreadable) = (0, Vec::new(), Vec::new());
    // By kind of fault: the templates that have it, and those that have no other.
    let (mut stopping, mut alone): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        if !text.contains("AWS::Serverless") || !text.contains(&word) {
            continue;
        }
        tried += 1;
        let faults = match Template::parse(&text) {
            Ok(_) => {
                whole.push(file);
                continue;
            }
            Err(TemplateError::Unreadable(problem)) => {
                unreadable.push(format!("{}: {problem}", file.display()));
                vec!["it is not YAML".to_owned()]
            }
            Err(TemplateError::Faults(faults)) => {
                // A template counts once for each kind of fault.
                let kinds: BTreeSet<_> = faults.iter().map(kind).collect();
                if let [only] = kinds.iter().collect::<Vec<_>>()[..] {
                    *alone.entry(only.clone()).or_default() += 1;
                }
                kinds.into_iter().collect()
            }
        };
        for fault in faults {
            *stopping.entry(fault).or_default() += 1;
        }
    }
    let mut out = String::new();
    writeln!(out, "{tried} templates, {} of them read whole", whole.len())?;
    let mut stopping: Vec<_> = stopping.into_iter().collect();
    stopping.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    writeln!(out, "  has it   only it  fault")?;
    for (fault, count) in stopping {
        writeln!(out, "{count:>8}  {:>8}  {fault}", alone.get(&fault).copied().unwrap_or_default())?;
    }
    for problem in unreadable {
        writeln!(out, "unreadable  {problem}")?;
    }
    for file in whole {
        writeln!(out, "whole  {}", file.display())?;
    }
    // A reader that has seen enough, such as `head`, is no failure.
    match std::io::stdout().write_all(out.as_bytes()) {
        Err(problem) if problem.kind() != std::io::ErrorKind::BrokenPipe => Err(problem.into()),
        _ => Ok(()),
    }
}

/// The last key of a fault's place and its problem: it is the same fault in resources of any name.
fn kind(fault: &Fault) -> String {
    let key = fault.place.rsplit('.').next().unwrap_or_default();
    format!("{key}: {}", fault.problem)
}

fn templates(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            templates(&path, found)?;
        } else if path.extension().is_some_and(|kind| kind == "yaml" || kind == "yml") {
            found.push(path);
        }
    }
    Ok(())
}
