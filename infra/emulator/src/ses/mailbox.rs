//! The letters that functions have sent: in memory, or in a folder beside the data.
//!
//! A letter may hold secrets, such as the token of a link. So the folder and its files are for their owner alone.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::private_files;

/// How many letters are kept. The oldest ones go first.
const MOST_LETTERS: usize = 1_000;

/// A letter as it was sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its name, as SES gave it to the sender.
    pub message_id: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The sender: `address` or `Name <address>`.
    pub from: String,
    /// All recipients.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The plain text; empty if there is only HTML.
    pub text: String,
    /// The HTML, if there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

/// Hides personal data and links.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// The letters.
#[derive(Debug)]
pub(crate) struct Mailbox {
    folder: Option<PathBuf>,
    letters: Mutex<VecDeque<Mail>>,
}

impl Mailbox {
    /// Opens the letters of a data directory, or begins without any in memory. A file that is no letter is left alone.
    ///
    /// # Errors
    /// When the folder can't be used.
    pub(crate) fn open(data: Option<&Path>) -> anyhow::Result<Self> {
        let Some(data) = data else { return Ok(Self { folder: None, letters: Mutex::default() }) };
        let folder = data.join("mail");
        private_files::create_folder(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            match path.extension().and_then(|it| it.to_str()) {
                Some("json") => files.push(path),
                // Half a letter, from when the power went.
                Some("part") => std::fs::remove_file(&path)?,
                _ => {}
            }
        }
        // Names begin with the time.
        files.sort();
        let read = |path: &PathBuf| -> anyhow::Result<Mail> {
            private_files::close_to_others(path).with_context(|| format!("closing {}", path.display()))?;
            let text = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            serde_json::from_slice(&text).with_context(|| format!("{} is no letter", path.display()))
        };
        let readable = files.iter().filter_map(|path| match read(path) {
            Ok(mail) => Some(mail),
            Err(problem) => {
                tracing::warn!(problem = format!("{problem:#}"), "a letter is not shown");
                None
            }
        });
        let letters = readable.collect();
        Ok(Self { folder: Some(folder), letters: Mutex::new(letters) })
    }

    /// Keeps a letter, on disk before this returns, and forgets the oldest if there are too many.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) async fn keep(self: &Arc<Self>, mail: Mail) -> anyhow::Result<()> {
        let mailbox = Arc::clone(self);
        tokio::task::spawn_blocking(move || mailbox.write(mail)).await?
    }

    fn write(&self, mail: Mail) -> anyhow::Result<()> {
        let mut letters = self.letters();
        if let Some(folder) = &self.folder {
            let file = folder.join(file_name(&mail));
            let part = file.with_extension("part");
            let written = private_files::create(&part).and_then(|mut open| {
                open.write_all(&serde_json::to_vec_pretty(&mail)?)?;
                open.sync_data()
            });
            written.and_then(|()| std::fs::rename(&part, &file)).with_context(|| file.display().to_string())?;
        }
        letters.push_back(mail);
        while letters.len() > MOST_LETTERS {
            let Some(oldest) = letters.pop_front() else { break };
            if let Some(folder) = &self.folder {
                let file = folder.join(file_name(&oldest));
                std::fs::remove_file(&file).with_context(|| format!("deleting {}", file.display()))?;
            }
        }
        Ok(())
    }

    /// Every letter, newest first; only those to an address if one is given.
    pub(crate) fn newest_first(&self, to: Option<&str>) -> Vec<Mail> {
        let letters = self.letters();
        let is_to = |mail: &&Mail| to.is_none_or(|to| mail.to.iter().any(|address| address.eq_ignore_ascii_case(to)));
        letters.iter().rev().filter(is_to).cloned().collect()
    }

    fn letters(&self) -> MutexGuard<'_, VecDeque<Mail>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn file_name(mail: &Mail) -> String {
    format!("{:013}-{}.json", mail.sent_at.as_millisecond(), mail.message_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(number: i64, to: &str) -> Mail {
        Mail {
            message_id: format!("{number:04}"),
            sent_at: Timestamp::from_millisecond(1_796_000_000_000 + number).unwrap(),
            from: "things@example.com".to_owned(),
            to: vec![to.to_owned()],
            subject: "가".to_owned(),
            text: "secret".to_owned(),
            html: None,
        }
    }

    #[test]
    fn letters_are_listed_newest_first_and_by_address() {
        let mailbox = Mailbox::open(None).unwrap();
        for (number, to) in [(1, "a@b.example"), (2, "c@b.example"), (3, "a@b.example")] {
            mailbox.write(mail(number, to)).unwrap();
        }
        let ids = |to| mailbox.newest_first(to).into_iter().map(|mail| mail.message_id).collect::<Vec<_>>();
        assert_eq!(ids(None), ["0003", "0002", "0001"]);
        assert_eq!(ids(Some("A@b.example")), ["0003", "0001"]);
        assert_eq!(ids(Some("nobody@b.example")), [""; 0]);
    }

    #[test]
    fn letters_survive_in_a_data_directory_for_their_owner_alone() {
        let data = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::open(Some(data.path())).unwrap();
        mailbox.write(mail(1, "a@b.example")).unwrap();
        drop(mailbox);
        std::fs::write(data.path().join("mail/0.part"), "{").unwrap();
        let again = Mailbox::open(Some(data.path())).unwrap();
        assert_eq!(again.newest_first(None), [mail(1, "a@b.example")]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&data.path().join("mail")), 0o700);
            for file in std::fs::read_dir(data.path().join("mail")).unwrap() {
                assert_eq!(mode(&file.unwrap().path()), 0o600);
            }
        }
    }

    #[test]
    fn the_oldest_letters_go() {
        let data = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::open(Some(data.path())).unwrap();
        for number in 0..MOST_LETTERS as i64 + 3 {
            mailbox.write(mail(number, "a@b.example")).unwrap();
        }
        let kept = mailbox.newest_first(None);
        assert_eq!((kept.len(), kept.last().unwrap().message_id.as_str()), (MOST_LETTERS, "0003"));
        assert_eq!(std::fs::read_dir(data.path().join("mail")).unwrap().count(), MOST_LETTERS);
    }

    #[test]
    fn a_debug_print_shows_no_letter() {
        assert_eq!(format!("{:?}", mail(1, "a@b.example")), r#"Mail { message_id: "0001", .. }"#);
    }
}
