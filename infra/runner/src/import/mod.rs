//! Loads data of other systems into a running market: a Stack Exchange dump, JSON Resume files, JobPosting files.
//!
//! Each import is read and checked before the market starts, and then written to the store by the rules of the market.
//! All ids follow from the data, so a second import of the same data adds nothing. All accounts of one import have the
//! same password, which is printed: such a market is for looking at, not for living in.

mod bounds;
mod files;
mod records;
mod shortlist;
mod stackexchange;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use crate::LocalMarket;

/// The folders to import.
#[derive(Debug, Default, Args)]
pub(crate) struct Folders {
    /// Load a folder of the public Stack Exchange data dump (Posts.xml and, if there is one, Votes.xml). Everybody who
    /// answered is a freelancer with their true history. Every question is a project.
    #[arg(long, value_name = "DIR")]
    import_stackexchange: Option<PathBuf>,
    /// Load a folder of JSON Resume files. Every file is a freelancer with a generated login: e-mail addresses,
    /// telephone numbers and street addresses are not read.
    #[arg(long, value_name = "DIR")]
    import_resumes: Option<PathBuf>,
    /// Load a folder of schema.org JobPosting files, JSON-LD. Every posting is a project of its hiring organization.
    #[arg(long, value_name = "DIR")]
    import_jobs: Option<PathBuf>,
}

/// Folders that were read and can be written into a market.
#[derive(Debug)]
pub(crate) struct Imports {
    dump: Option<stackexchange::Import>,
    files: Option<files::Import>,
}

impl Imports {
    /// Reads the folders. Needs no market, so a wrong folder is known before one is started.
    ///
    /// # Errors
    /// When a folder can't be read, or holds nothing that can be taken.
    pub(crate) fn read(folders: &Folders, now: Timestamp) -> anyhow::Result<Self> {
        Ok(Self {
            dump: folders.import_stackexchange.as_deref().map(stackexchange::Import::read).transpose()?,
            files: files::Import::read(folders.import_resumes.as_deref(), folders.import_jobs.as_deref(), now)?,
        })
    }

    /// Writes everything into a market. Returns one text to print for each import.
    ///
    /// # Errors
    /// When the market does not answer, or answers something unforeseen.
    pub(crate) async fn load(self, market: &LocalMarket) -> anyhow::Result<Vec<String>> {
        let mut shown = Vec::new();
        if let Some(dump) = self.dump {
            shown.push(dump.load(market).await?);
        }
        if let Some(files) = self.files {
            shown.push(files.load(market).await?);
        }
        Ok(shown)
    }
}
