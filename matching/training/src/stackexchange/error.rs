//! Why a folder could not be read.

use std::path::PathBuf;

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// A file is missing or cannot be opened.
    #[error("cannot open {path}: {cause}", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's error.
        cause: std::io::Error,
    },
    /// A file is no well-formed XML.
    #[error("{file}: {cause}")]
    Xml {
        /// The file.
        file: &'static str,
        /// The parser's error.
        cause: quick_xml::Error,
    },
    /// A row lacks an attribute, or the value is not valid there.
    #[error("{file}, row {row}: attribute {attribute} is {value:?}, which is not what a dump has there")]
    Row {
        /// The file.
        file: &'static str,
        /// The row's `Id`.
        row: String,
        /// The attribute.
        attribute: &'static str,
        /// Its value; empty when missing.
        value: String,
    },
    /// The file has no row at all, so it is some other file.
    #[error("{file} has no <row>: it is not from a Stack Exchange data dump")]
    Empty {
        /// The file.
        file: &'static str,
    },
    /// The folder holds both a market's own outcomes and a dump.
    #[error("{} holds an outcomes.jsonl and a Posts.xml: leave one of them in it", folder.display())]
    Two {
        /// The folder.
        folder: PathBuf,
    },
    /// One of the errors above or below, in this folder.
    #[error("{}: {cause}", folder.display())]
    In {
        /// The folder.
        folder: PathBuf,
        /// The error.
        cause: Box<DumpError>,
    },
    /// A line of a market's own outcomes is wrong.
    #[error("{file}, line {line}: {problem}")]
    Line {
        /// The file.
        file: &'static str,
        /// The line's number, from 1.
        line: usize,
        /// The problem.
        problem: String,
    },
}
