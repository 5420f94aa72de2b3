//! What became of a folder's files: how many were taken, what was cut, and which were refused for which reason.

use std::collections::BTreeMap;
use std::fmt;

use crate::filling::table;

/// Something in a file that did not enter the market as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// A text was longer than its field takes.
    Cut {
        /// The texts' name in the plural.
        texts: &'static str,
        /// The field's bound in characters.
        max: usize,
    },
    /// A record named more skills than it may.
    TooManySkills {
        /// How many it may.
        max: usize,
    },
    /// A skill was a sentence.
    LongSkill {
        /// The longest skill, in characters.
        max: usize,
    },
    /// A record named no skill, so the ones that its text mentions were taken.
    SkillsFromText,
    /// A record named no skill and its text mentions none, so its category or title stands for one.
    NoSkill,
    /// A language was not known.
    UnknownLanguage,
    /// A record named more languages than it may.
    TooManyLanguages {
        /// How many it may.
        max: usize,
    },
    /// A date was not understood.
    UnknownDate,
    /// A salary was not understood.
    UnknownSalary,
    /// A posting was past its `validThrough`.
    Expired,
    /// A resume has no name.
    NoName,
    /// A posting has no organization.
    NoOrganization,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut { texts, max } => write!(f, "{texts} cut to {max} characters"),
            Self::TooManySkills { max } => write!(f, "skills left out: a record names at most {max}"),
            Self::LongSkill { max } => write!(f, "skills left out: longer than {max} characters"),
            Self::SkillsFromText => f.write_str("records without skills: found in their text"),
            Self::NoSkill => f.write_str("records without skills: matched by their category or title"),
            Self::UnknownLanguage => f.write_str("languages left out: not known"),
            Self::TooManyLanguages { max } => write!(f, "languages left out: a record names at most {max}"),
            Self::UnknownDate => f.write_str("dates left out: not understood"),
            Self::UnknownSalary => f.write_str("salaries left out: no amount, currency or unit"),
            Self::Expired => f.write_str("postings past their validThrough: expired, so neither listed nor matched"),
            Self::NoName => f.write_str("resumes without a name: named by a number"),
            Self::NoOrganization => f.write_str("postings without a hiringOrganization: of one client"),
        }
    }
}

/// The notes on one record, and on all records of a folder.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Notes(BTreeMap<Note, usize>);

impl Notes {
    pub(super) fn add(&mut self, note: Note, count: usize) {
        if count > 0 {
            *self.0.entry(note).or_default() += count;
        }
    }

    pub(super) fn add_all(&mut self, notes: Self) {
        for (note, count) in notes.0 {
            self.add(note, count);
        }
    }

    #[cfg(test)]
    pub(super) fn count(&self, note: Note) -> usize {
        self.0.get(&note).copied().unwrap_or_default()
    }
}

/// The result of one folder.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The option that named the folder, without its hyphens.
    pub(super) what: &'static str,
    pub(super) files: usize,
    /// Records taken; a file may hold several.
    pub(super) taken: usize,
    pub(super) notes: Notes,
    /// Files and reasons, in the order of the files.
    pub(super) refused: Vec<(String, String)>,
}

impl Report {
    pub(super) fn refuse(&mut self, file: &str, reason: impl Into<String>) {
        self.refused.push((file.to_owned(), reason.into()));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, files, taken, notes, refused } = self;
        let mut table = table::new(["", what]);
        table.add_row([files.to_string(), "files".to_owned()]);
        table.add_row([taken.to_string(), "taken".to_owned()]);
        for (note, count) in &notes.0 {
            table.add_row([count.to_string(), note.to_string()]);
        }
        table.add_row([refused.len().to_string(), "refused".to_owned()]);
        for (file, reason) in refused {
            // A name or reason from outside must not speak to the terminal.
            table.add_row([String::new(), printable(&format!("{file}: {reason}"))]);
        }
        table::align_right(&mut table, 0);
        write!(f, "{table}")
    }
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_short_table() {
        let mut report = Report { what: "resumes", files: 3, taken: 2, ..Report::default() };
        report.notes.add(Note::Cut { texts: "bios", max: 5_000 }, 1);
        report.notes.add(Note::TooManySkills { max: 50 }, 10);
        report.notes.add(Note::UnknownDate, 0);
        report.refuse("나쁜\u{1b}[2J.json", "is not JSON");
        let printed = report.to_string();
        let lines: Vec<String> =
            printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let border = &lines[0];
        assert!(border.chars().all(|c| c == '─'), "{border}");
        assert_eq!(
            lines,
            [
                border,
                "resumes",
                border,
                "3 files",
                "2 taken",
                "1 bios cut to 5000 characters",
                "10 skills left out: a record names at most 50",
                "1 refused",
                "나쁜\u{fffd}[2J.json: is not JSON",
                border,
            ]
        );
    }
}
