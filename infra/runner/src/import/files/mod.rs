//! Loads folders of JSON Resume files and of schema.org JobPosting files into a running market.
//!
//! A resume is a freelancer. A posting is a project, and its organization is a client. A file that can't be taken is
//! refused with a reason, and the others go on. Texts and lists that are too long are cut, which the result counts.
//! E-mail addresses are personal data: every account gets a generated login instead.

mod countries;
mod dates;
mod digest;
mod experience;
mod fit;
mod folder;
mod html;
mod job;
mod json;
mod languages;
mod mentions;
mod postings;
mod report;
mod resume;
mod salary;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use accounts::import::SharedPassword;
use domain::values::AccountId;
use jiff::Timestamp;

use self::job::{Client, Job};
use self::mentions::Vocabulary;
use self::postings::{Organizations, postings};
use self::report::Report;
use self::resume::Resume;
use super::records::Records;
use super::shortlist::{Candidate, shortlist};
use crate::LocalMarket;
use crate::filling::progress;

/// Signs in every imported account.
const PASSWORD: &str = "pairwork-import";

/// Folders that were read and can be written into a market.
#[derive(Debug, Default)]
pub(super) struct Import {
    records: Records,
    reports: Vec<Report>,
    /// Projects that have not expired, newest first.
    candidates: Vec<Candidate>,
}

impl Import {
    /// Reads the folders; `None` if neither is given.
    ///
    /// # Errors
    /// When a folder itself can't be read.
    pub(super) fn read(resumes: Option<&Path>, jobs: Option<&Path>, now: Timestamp) -> anyhow::Result<Option<Self>> {
        if resumes.is_none() && jobs.is_none() {
            return Ok(None);
        }
        let mut import = Self::default();
        let mut vocabulary = Vocabulary::default();
        let resumes = resumes.map(|folder| read_resumes(folder, now, &mut vocabulary)).transpose()?;
        let jobs = jobs.map(|folder| read_jobs(folder, now, &mut vocabulary)).transpose()?;
        if let Some((resumes, report)) = resumes {
            import.take_resumes(resumes, report, &vocabulary, now);
        }
        if let Some((jobs, report)) = jobs {
            import.take_jobs(jobs, report, &vocabulary, now);
        }
        Ok(Some(import))
    }

    fn take_resumes(
        &mut self,
        resumes: Vec<(String, Resume)>,
        mut report: Report,
        vocabulary: &Vocabulary,
        now: Timestamp,
    ) {
        for (file, resume) in resumes {
            match resume.into_member(vocabulary, now) {
                Ok((member, notes)) => {
                    report.taken += 1;
                    report.notes.add_all(notes);
                    self.records.members.push(member);
                }
                Err(reason) => report.refuse(&file, reason),
            }
        }
        self.reports.push(report);
    }

    fn take_jobs(&mut self, jobs: Vec<(String, Job)>, mut report: Report, vocabulary: &Vocabulary, now: Timestamp) {
        let mut clients = BTreeMap::<AccountId, (Client, Timestamp)>::new();
        let mut postings = BTreeMap::new();
        for (file, job) in jobs {
            match job.into_posting(vocabulary, now) {
                Ok((posting, ..)) if postings.contains_key(&posting.id) => {
                    report.refuse(&file, "has a posting that an earlier file has, too");
                }
                Ok((posting, client, notes)) => {
                    report.taken += 1;
                    report.notes.add_all(notes);
                    let (_, since) = clients.entry(posting.owner_id).or_insert((client, posting.created_at));
                    *since = posting.created_at.min(*since);
                    postings.insert(posting.id, posting);
                }
                Err(reason) => report.refuse(&file, reason),
            }
        }
        let open = postings.values().rev().filter(|posting| !posting.brief.is_expired_at(now));
        self.candidates = open
            .filter_map(|posting| {
                let (client, _) = clients.get(&posting.owner_id)?;
                Some(Candidate { project_id: posting.id.to_string(), email: client.email() })
            })
            .collect();
        for (client, since) in clients.into_values() {
            match client.into_member(since) {
                Ok(member) => self.records.members.push(member),
                Err(reason) => report.refuse("an organization", reason),
            }
        }
        self.records.postings.extend(postings.into_values());
        self.reports.push(report);
    }

    /// Writes everything into a market. Returns a text to print: the tables of the files, and one project's matches.
    ///
    /// # Errors
    /// When the market does not answer, or answers something unforeseen.
    pub(super) async fn load(self, market: &LocalMarket) -> anyhow::Result<String> {
        let started = Instant::now();
        let Self { records, reports, candidates } = self;
        let count = records.members.len() + records.postings.len();
        let bar = progress::bar(count, "importing")?;
        let written = records.write(market, SharedPassword::new(PASSWORD)?, &bar).await?;
        bar.finish_and_clear();
        let took = started.elapsed().as_secs_f64();
        let tables = reports.iter().map(Report::to_string).collect::<Vec<_>>().join("\n\n");
        let summary = format!(
            "{} accounts and projects written in {took:.1} s; {} were in the market already",
            written.new, written.existing
        );
        let shortlist = shortlist(market, &candidates, PASSWORD).await?;
        let shortlist = shortlist.unwrap_or_else(|| {
            "No open project was imported, so there is no shortlist. --import-jobs DIR or --demo adds projects."
                .to_owned()
        });
        Ok(format!(
            "\n{tables}\n\n{summary}\n\n{shortlist}\n\n\
             # every account has this password: {PASSWORD}\n\
             # and a generated login: freelancer-DIGEST@resumes.example or client-DIGEST@jobs.example"
        ))
    }
}

fn read_resumes(
    folder: &Path,
    now: Timestamp,
    vocabulary: &mut Vocabulary,
) -> anyhow::Result<(Vec<(String, Resume)>, Report)> {
    let mut report = Report { what: "JSON Resume", ..Report::default() };
    let mut resumes = Vec::new();
    for document in folder::read(folder, &mut report)? {
        match Resume::read(&document.content, now) {
            Ok(resume) => {
                vocabulary.learn(&resume.skills);
                resumes.push((document.file, resume));
            }
            Err(reason) => report.refuse(&document.file, reason),
        }
    }
    Ok((resumes, report))
}

fn read_jobs(
    folder: &Path,
    now: Timestamp,
    vocabulary: &mut Vocabulary,
) -> anyhow::Result<(Vec<(String, Job)>, Report)> {
    let mut report = Report { what: "JobPosting", ..Report::default() };
    let mut jobs = Vec::new();
    for document in folder::read(folder, &mut report)? {
        let content = json::without_prefixes(document.content);
        let organizations = Organizations::of(&content);
        let found = postings(&content);
        if found.is_empty() {
            report.refuse(&document.file, "holds no JobPosting");
        }
        for posting in found {
            match Job::read(posting, &organizations, now) {
                Ok(job) => {
                    vocabulary.learn(&job.skills);
                    jobs.push((document.file.clone(), job));
                }
                Err(reason) => report.refuse(&document.file, reason),
            }
        }
    }
    Ok((jobs, report))
}

#[cfg(test)]
mod tests;
