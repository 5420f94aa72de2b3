//! What was given up: the messages that Lambda would send to a dead-letter queue, with the records they speak of.
//!
//! On AWS a message names a range of the stream, where the records stay for a day. Here they are thrown away once
//! read, so a letter keeps them. With a data directory, letters are lines of JSON in its `dead-letters.jsonl`; else
//! in memory. Every letter is also a warning in the log.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::private_files;

/// A batch that was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The queue's name in the template.
    pub queue: String,
    /// What Lambda sends to the queue.
    pub message: Value,
    /// The records of the batch.
    pub records: Vec<Value>,
}

/// All dead letters.
#[derive(Debug)]
pub(crate) struct DeadLetters {
    file: Option<(PathBuf, File)>,
    letters: Mutex<Vec<DeadLetter>>,
}

impl DeadLetters {
    /// Opens the letters of a data directory, or begins without any in memory.
    ///
    /// # Errors
    /// When the file can't be read or written to.
    pub(crate) fn open(directory: Option<&Path>) -> anyhow::Result<Self> {
        let Some(directory) = directory else { return Ok(Self { file: None, letters: Mutex::default() }) };
        let path = directory.join("dead-letters.jsonl");
        let file = private_files::open(&path, OpenOptions::new().create(true).append(true));
        let file = file.with_context(|| format!("opening {}", path.display()))?;
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        // A line without its end was being written when the power went, perhaps in the middle of a character.
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let (text, torn) = bytes.split_at(whole);
        if !torn.is_empty() {
            let torn = String::from_utf8_lossy(torn);
            tracing::warn!(file = %path.display(), %torn, "the last letter was not written whole, and is dropped");
            file.set_len(whole as u64).with_context(|| format!("writing to {}", path.display()))?;
        }
        let text = std::str::from_utf8(text).with_context(|| format!("{} is no text", path.display()))?;
        let letters = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        let letters = letters.with_context(|| format!("{} holds a line that is no letter", path.display()))?;
        Ok(Self { file: Some((path, file)), letters: Mutex::new(letters) })
    }

    /// Keeps a letter, on disk before this returns.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn add(&self, letter: DeadLetter) -> anyhow::Result<()> {
        let mut letters = self.letters();
        let place = match &self.file {
            Some((path, file)) => {
                let mut line = serde_json::to_vec(&letter)?;
                line.push(b'\n');
                let mut file: &File = file;
                file.write_all(&line).and_then(|()| file.sync_data()).with_context(|| path.display().to_string())?;
                path.display().to_string()
            }
            None => "memory".to_owned(),
        };
        tracing::warn!(queue = letter.queue, message = %letter.message, kept_in = place, "records were given up");
        letters.push(letter);
        Ok(())
    }

    /// Every letter, oldest first.
    pub(crate) fn all(&self) -> Vec<DeadLetter> {
        self.letters().clone()
    }

    /// Takes a letter away, e.g. because its records have been delivered after all.
    ///
    /// # Errors
    /// When the file can't be written anew.
    pub(crate) fn remove(&self, letter: &DeadLetter) -> anyhow::Result<()> {
        let mut letters = self.letters();
        let Some(place) = letters.iter().position(|kept| kept == letter) else { return Ok(()) };
        if let Some((path, file)) = &self.file {
            let others = letters.iter().enumerate().filter(|(other, _)| *other != place);
            let lines = others.map(|(_, letter)| serde_json::to_string(letter).map(|line| line + "\n"));
            let lines = lines.collect::<Result<String, _>>()?;
            let mut file: &File = file;
            // The file is open for appending, so what is written behind the cut lands at its beginning.
            file.set_len(0)
                .and_then(|()| file.write_all(lines.as_bytes()))
                .and_then(|()| file.sync_data())
                .with_context(|| path.display().to_string())?;
        }
        letters.remove(place);
        Ok(())
    }

    fn letters(&self) -> MutexGuard<'_, Vec<DeadLetter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn letters_survive_in_a_data_directory() {
        let directory = tempfile::tempdir().unwrap();
        let letter = DeadLetter {
            queue: "Lost".to_owned(),
            message: json!({"version": "1.0"}),
            records: vec![json!({"a": "나"})],
        };
        let letters = DeadLetters::open(Some(directory.path())).unwrap();
        assert_eq!(letters.all(), []);
        letters.add(letter.clone()).unwrap();
        drop(letters);
        assert_eq!(DeadLetters::open(Some(directory.path())).unwrap().all(), std::slice::from_ref(&letter));

        // The power goes anywhere in the next.
        let file = directory.path().join("dead-letters.jsonl");
        let whole = std::fs::read(&file).unwrap();
        for written in 1..whole.len() {
            std::fs::write(&file, [&whole[..], &whole[..written]].concat()).unwrap();
            let letters = DeadLetters::open(Some(directory.path())).unwrap();
            assert_eq!(letters.all(), std::slice::from_ref(&letter));
        }
        let letters = DeadLetters::open(Some(directory.path())).unwrap();
        letters.add(letter.clone()).unwrap();
        drop(letters);
        assert_eq!(DeadLetters::open(Some(directory.path())).unwrap().all(), [letter.clone(), letter.clone()]);
        let other = DeadLetter { queue: "Other".to_owned(), ..letter.clone() };
        let letters = DeadLetters::open(Some(directory.path())).unwrap();
        letters.remove(&letter).unwrap();
        letters.add(other.clone()).unwrap();
        assert_eq!(letters.all(), [letter.clone(), other.clone()]);
        letters.remove(&letter).unwrap();
        letters.remove(&letter).unwrap();
        drop(letters);
        assert_eq!(DeadLetters::open(Some(directory.path())).unwrap().all(), [other]);
        std::fs::write(&file, "no letter\n").unwrap();
        assert!(DeadLetters::open(Some(directory.path())).is_err());
    }
}
