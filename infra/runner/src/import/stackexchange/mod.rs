//! Loads a folder of the public Stack Exchange data dump into a running market.
//!
//! Everybody who answered is a freelancer with their true history. Every question is an open project of the user who
//! asked it, posted when it was asked. Ids follow from the dump.

mod ids;
mod plan;

use std::path::Path;
use std::time::Instant;

use accounts::import::SharedPassword;
use anyhow::{Context, bail};
use matching_training::stackexchange::Dump;

use self::plan::Plan;
use super::shortlist::shortlist;
use crate::LocalMarket;
use crate::filling::progress;

/// Signs in every imported account.
const PASSWORD: &str = "stack-exchange";

/// A dump that was read and can be written into a market.
#[derive(Debug)]
pub(super) struct Import {
    site: String,
    plan: Plan,
}

impl Import {
    /// Reads a dump folder.
    ///
    /// # Errors
    /// When the folder holds no dump, saying how to get one; or when a record breaks a rule of the market.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        if !folder.join("Posts.xml").is_file() {
            bail!(
                "{} holds no Posts.xml. Unpack the archive of one site, e.g. beer.stackexchange.com.7z from \
                 https://archive.org/details/stackexchange, and name the folder with its Posts.xml and Votes.xml",
                folder.display()
            );
        }
        let site = plan::site_name(folder);
        let dump = Dump::read(folder)?;
        let plan = Plan::of_dump(&dump, &site)?;
        if plan.records.postings.is_empty() {
            bail!("{} holds no question", folder.join("Posts.xml").display());
        }
        Ok(Self { site, plan })
    }

    /// Writes the dump into a market. Returns a text to print: the newest project's matches.
    ///
    /// # Errors
    /// When the market does not answer, or answers something unforeseen.
    pub(super) async fn load(self, market: &LocalMarket) -> anyhow::Result<String> {
        let started = Instant::now();
        let Self { site, plan } = self;
        let newest = plan.newest_posting().context("no question")?;
        let records = plan.records;
        let freelancers = records.members.iter().filter(|member| member.talent.is_some()).count();
        let (members, projects) = (records.members.len(), records.postings.len());
        let bar = progress::bar(members + projects, "importing")?;
        records.write(market, SharedPassword::new(PASSWORD)?, &bar).await?;
        bar.finish_and_clear();
        let took = started.elapsed().as_secs_f64();
        let shortlist = shortlist(market, &[newest], PASSWORD).await?.unwrap_or_default();
        Ok(format!(
            "\n{site}: {freelancers} freelancers and {projects} projects of {members} accounts in {took:.1} s\n\n\
             {shortlist}\n\n\
             # every account is user-NUMBER@{site}.stackexchange.example with this password"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_holds_no_dump_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let problem = Import::read(folder.path()).unwrap_err().to_string();
        assert_eq!(
            problem,
            format!(
                "{} holds no Posts.xml. Unpack the archive of one site, e.g. beer.stackexchange.com.7z from \
                 https://archive.org/details/stackexchange, and name the folder with its Posts.xml and Votes.xml",
                folder.path().display()
            )
        );
    }

    #[test]
    fn a_dump_without_votes_is_taken_with_its_hires() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Posts.xml"), plan::tests::POSTS).unwrap();
        let import = Import::read(folder.path()).unwrap();
        let talents = import.plan.records.members.iter().filter_map(|member| member.talent.as_ref());
        let records = talents.filter_map(|talent| talent.past.as_ref());
        let mut known: Vec<_> = records.map(|(record, _)| (record.completed_jobs, record.rating)).collect();
        known.sort_by_key(|&(jobs, _)| jobs);
        assert_eq!(known, [(0, None), (1, None)]);
    }
}
