//! Loads a folder of the public Stack Exchange data dump into a running market.
//!
//! Whoever answered is a freelancer with their true history, and every question is an open project of whoever asked
//! it, posted when it was asked. Ids follow from the dump, so importing the same folder again adds nothing. All
//! accounts get one password, which is printed: such a market is for looking at, not for living in.

mod plan;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use accounts::import::SharedPassword;
use anyhow::{Context, bail};
use domain::freelancer::Freelancer;
use domain::project::Project;
use indicatif::ProgressBar;
use jiff::Timestamp;
use matching_training::stackexchange::Dump;
use store::Store;
use store::{StoreError, Transaction};

use self::plan::{Member, Plan, Posting};
use crate::LocalMarket;
use crate::filling::api::Api;
use crate::filling::at_once::each;
use crate::filling::commands::Commands;
use crate::filling::progress;
use crate::filling::shortlist::Shortlist;

/// Signs in every imported account.
const PASSWORD: &str = "stack-exchange";
/// Matches shown of one project.
const SHOWN: usize = 10;

/// A dump that was read and found fit to be imported.
#[derive(Debug)]
pub(crate) struct Import {
    site: String,
    plan: Plan,
}

impl Import {
    /// Reads a dump folder. Needs no market, so a wrong folder is known before one is started.
    ///
    /// # Errors
    /// When the folder is none of a dump, saying what to do; or when a record breaks a rule of the market.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        for file in ["Posts.xml", "Votes.xml"] {
            if !folder.join(file).is_file() {
                bail!(
                    "{} holds no {file}. Unpack the archive of one site, e.g. beer.stackexchange.com.7z from \
                     https://archive.org/details/stackexchange, and name the folder with its Posts.xml and Votes.xml",
                    folder.display()
                );
            }
        }
        let site = plan::site_name(folder);
        let dump = Dump::read(folder)?;
        let plan = Plan::of_dump(&dump, &site)?;
        if plan.postings.is_empty() {
            bail!("{} holds no question", folder.join("Posts.xml").display());
        }
        Ok(Self { site, plan })
    }

    /// Writes the dump into a market, and gives what to show of it: the newest project's matches.
    ///
    /// # Errors
    /// When the market does not answer, or answers something unforeseen.
    pub(crate) async fn load(self, market: &LocalMarket) -> anyhow::Result<String> {
        let started = Instant::now();
        let Self { site, plan } = self;
        let freelancers = plan.members.iter().filter(|member| member.talent.is_some()).count();
        let (members, projects) = (plan.members.len(), plan.postings.len());
        let newest = plan.newest_posting().context("no question")?;

        let store = market.store().await?;
        let password = Arc::new(SharedPassword::new(PASSWORD)?);
        let bar = progress::bar(members + projects, "importing")?;
        each(plan.members, |member| add_member(store.clone(), password.clone(), member, bar.clone())).await?;
        each(plan.postings, |posting| add_posting(store.clone(), posting, bar.clone())).await?;
        bar.finish_and_clear();
        let took = started.elapsed().as_secs_f64();

        let api = Api::new(&market.base_url)?;
        let session = api.sign_in(&newest.email, PASSWORD).await?;
        let session = session.with_context(|| format!("{} can't sign in", newest.email))?;
        let project = api.project(&newest.project_id).await?;
        market.caught_up().await?;
        let matches = api.matches(&session, &project.id, SHOWN).await?;
        let shortlist = Shortlist { project: &project, matches: &matches };
        let commands =
            Commands { base_url: api.base_url(), email: &newest.email, password: PASSWORD, project_id: &project.id };
        Ok(format!(
            "\n{site}: {freelancers} freelancers and {projects} projects of {members} accounts in {took:.1} s\n\n\
             {shortlist}\n\n{commands}\n\n\
             # every account is user-NUMBER@{site}.stackexchange.example with this password"
        ))
    }
}

async fn add_member(
    store: Store,
    password: Arc<SharedPassword>,
    member: Member,
    bar: ProgressBar,
) -> anyhow::Result<()> {
    let Member { account, email, talent } = member;
    let mut transaction = Transaction::new();
    password.open_account(&mut transaction, &account, &email)?;
    let Some(talent) = talent else {
        return finish(store.commit(transaction).await, &bar);
    };
    let introduced = Freelancer::introduce(account.id, account.display_name, talent.profile, talent.since);
    transaction.save_freelancer(None, &introduced)?;
    unless_there(store.commit(transaction).await)?;
    // Now, because that is when this market learns of it.
    let known = introduced.state.replace_track_record(talent.record, Timestamp::now());
    let mut transaction = Transaction::new();
    transaction.save_freelancer(Some(&introduced.state), &known)?;
    finish(store.commit(transaction).await, &bar)
}

async fn add_posting(store: Store, posting: Posting, bar: ProgressBar) -> anyhow::Result<()> {
    let posted = Project::post(posting.id, posting.owner_id, posting.brief, posting.created_at);
    let mut transaction = Transaction::new();
    transaction.save_project(None, &posted)?;
    finish(store.commit(transaction).await, &bar)
}

fn finish(result: Result<(), StoreError>, bar: &ProgressBar) -> anyhow::Result<()> {
    unless_there(result)?;
    bar.inc(1);
    Ok(())
}

/// What is there already was imported before.
fn unless_there(result: Result<(), StoreError>) -> anyhow::Result<()> {
    match result {
        Err(StoreError::Conflict { .. }) => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_no_dump_is_told_what_to_do() {
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
}
