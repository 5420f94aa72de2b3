//! Turns a dump into accounts, freelancers and projects that the rules of the market accept. Does no I/O.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::anyhow;
use domain::account::Account;
use domain::freelancer::{Activity, TrackRecord, WorkHistory};
use domain::values::{MAX_SKILLS, Skill};
use jiff::Timestamp;
use matching_training::stackexchange::{Dump, Market, UserId};
use serde_json::json;

use super::ids::Ids;
use crate::import::bounds::{MAX_BIO, MAX_DESCRIPTION, MAX_HEADLINE, MAX_TAG, MAX_TITLE, cut, on_one_line};
use crate::import::records::{Member, Posting, Records, Talent, brief, profile};
use crate::import::shortlist::Candidate;

/// Owns the questions of users who have left the site.
const FORMER_USERS: UserId = 0;

/// Everything to be written.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) records: Records,
}

/// The site's name as a label of a domain name. It comes from the folder: `beer` for `beer.stackexchange.com`.
pub(super) fn site_name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let first = name.split('.').next().unwrap_or_default();
    let label: String = first.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "site".to_owned() } else { label.to_owned() }
}

impl Plan {
    /// Turns a dump into accounts, freelancers and projects.
    ///
    /// # Errors
    /// When a record breaks a rule of the market, naming the record. Every text is made to fit, so that is a fault of
    /// this code.
    pub(super) fn of_dump(dump: &Dump, site: &str) -> anyhow::Result<Self> {
        let market = Market::of_dump(dump);
        let seen = FirstSeen::new(dump)?;
        let mut ids = Ids::of_site(site);
        let mut members = BTreeMap::new();
        for (&user, &since) in &seen.anything {
            members.insert(user, member(&mut ids, site, user, since)?);
        }
        for freelancer in market.freelancers {
            let Some((member, &since)) = members.get_mut(&freelancer.user).zip(seen.answer.get(&freelancer.user))
            else {
                continue;
            };
            let body = json!({
                "headline": text(&on_one_line(&freelancer.headline), MAX_HEADLINE, site),
                "bio": text(&freelancer.bio, MAX_BIO, ""),
                "category": site,
                "skills": skills(&freelancer.skills, site),
            });
            let profile = profile(&body).map_err(|problem| anyhow!("user {}: {problem}", freelancer.user))?;
            member.talent = Some(Talent { profile, past: Some(past(&freelancer.record)?), since });
        }
        let mut postings = Vec::with_capacity(market.projects.len());
        for (project, question) in market.projects.into_iter().zip(&dump.questions) {
            let body = json!({
                "title": text(&on_one_line(&project.title), MAX_TITLE, &format!("Question {}", project.question)),
                "description": text(&project.description, MAX_DESCRIPTION, ""),
                "category": site,
                "skills": skills(&project.skills, site),
            });
            let created_at = Timestamp::from_millisecond(question.created_at_ms)?;
            let brief =
                brief(&body, created_at).map_err(|problem| anyhow!("question {}: {problem}", project.question))?;
            postings.push(Posting {
                id: ids.project(project.question, created_at),
                owner_id: ids.account(project.client.unwrap_or(FORMER_USERS), created_at),
                brief,
                created_at,
            });
        }
        postings.sort_by_key(|posting| posting.id);
        let mut members: Vec<Member> = members.into_values().collect();
        members.sort_by_key(|member| member.account.id);
        Ok(Self { records: Records { members, postings } })
    }

    /// The project that was posted last.
    pub(super) fn newest_posting(&self) -> Option<Candidate> {
        let posting = self.records.postings.last()?;
        let owner = self.records.members.iter().find(|member| member.account.id == posting.owner_id)?;
        Some(Candidate { project_id: posting.id.to_string(), email: owner.email.to_string() })
    }
}

/// When each user first did something.
struct FirstSeen {
    anything: BTreeMap<UserId, Timestamp>,
    answer: BTreeMap<UserId, Timestamp>,
}

impl FirstSeen {
    fn new(dump: &Dump) -> anyhow::Result<Self> {
        let mut seen = Self { anything: BTreeMap::new(), answer: BTreeMap::new() };
        for answer in &dump.answers {
            let at = Timestamp::from_millisecond(answer.created_at_ms)?;
            note(&mut seen.answer, answer.author, at);
            note(&mut seen.anything, answer.author, at);
        }
        for question in &dump.questions {
            let at = Timestamp::from_millisecond(question.created_at_ms)?;
            note(&mut seen.anything, question.asker.unwrap_or(FORMER_USERS), at);
        }
        Ok(seen)
    }
}

fn note(first: &mut BTreeMap<UserId, Timestamp>, user: UserId, at: Timestamp) {
    let earliest = first.entry(user).or_insert(at);
    *earliest = at.min(*earliest);
}

fn member(ids: &mut Ids, site: &str, user: UserId, since: Timestamp) -> anyhow::Result<Member> {
    let (local_part, display_name) = match user {
        FORMER_USERS => ("former-users".to_owned(), "Former users".to_owned()),
        _ => (format!("user-{user}"), format!("User {user}")),
    };
    let email = format!("{local_part}@{site}.stackexchange.example");
    let refused = |refusal: domain::validation::Refusal| anyhow!("user {user}: {}", refusal.detail);
    Ok(Member {
        account: Account {
            id: ids.account(user, since),
            display_name: display_name.parse().map_err(refused)?,
            created_at: since,
            erased_at: None,
        },
        email: email.parse().map_err(refused)?,
        talent: None,
    })
}

fn past(record: &matching_training::stackexchange::TrackRecord) -> anyhow::Result<(TrackRecord, WorkHistory)> {
    let mut skill_jobs = BTreeMap::new();
    for (tag, &jobs) in &record.skill_jobs {
        if let Ok(skill) = cut(tag, MAX_TAG).parse::<Skill>() {
            *skill_jobs.entry(skill.key()).or_default() += jobs;
        }
    }
    let history = WorkHistory {
        skill_jobs,
        activity: record.activity.map(activity).transpose()?,
        work_terms: record.work_terms().terms().to_vec(),
    };
    let record = TrackRecord {
        rating: record.rating(),
        rated_jobs: record.rated_jobs(),
        proposals: record.proposals,
        completed_jobs: record.completed_jobs,
        response_minutes: record.response_minutes(),
        last_active_at: record.last_active_at.map(Timestamp::from_second).transpose()?,
        ..TrackRecord::default()
    };
    Ok((record, history))
}

fn activity(activity: matching::Activity) -> anyhow::Result<Activity> {
    let matching::Activity { week, month, half_year, as_of } = activity;
    Ok(Activity { week, month, half_year, as_of: Timestamp::from_second(as_of)? })
}

/// Tags as skills, without repetitions, as many as a record may name. The site's name, if there is no tag.
fn skills<'a>(tags: &'a [String], site: &'a str) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let mut skills: Vec<&str> = tags
        .iter()
        .map(|tag| cut(tag, MAX_TAG))
        .filter(|tag| tag.parse::<Skill>().is_ok_and(|skill| seen.insert(skill.key())))
        .take(MAX_SKILLS)
        .collect();
    if skills.is_empty() {
        skills.push(site);
    }
    skills
}

/// A text within its bound, or `otherwise` if it is blank.
fn text<'a>(text: &'a str, max_characters: usize, otherwise: &'a str) -> &'a str {
    cut(if text.trim().is_empty() { otherwise } else { text }, max_characters)
}

#[cfg(test)]
pub(super) mod tests {
    use domain::values::AccountId;

    use super::*;

    pub(crate) const POSTS: &str = r#"<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2014-01-21T20:00:00.000" OwnerUserId="7"
    Title="What is a hop?" Body="&lt;p&gt;Please explain.&lt;/p&gt;" Tags="&lt;hops&gt;&lt;brewing&gt;" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2014-01-21T20:30:00.000" OwnerUserId="12" Body="A flower." />
  <row Id="3" PostTypeId="1" CreationDate="2014-01-22T09:00:00.000" Title="LONG_TITLE" Body="LONG_BODY"
    Tags="&lt;serving&gt;" />
  <row Id="4" PostTypeId="2" ParentId="3" CreationDate="2014-01-22T10:00:00.000" OwnerUserId="7" Body="Cold." />
</posts>"#;
    const VOTES: &str = r#"<votes>
  <row Id="1" PostId="2" VoteTypeId="1" CreationDate="2014-01-23T00:00:00.000" />
  <row Id="2" PostId="2" VoteTypeId="2" CreationDate="2014-01-23T00:00:00.000" />
</votes>"#;

    fn plan() -> Plan {
        let posts = POSTS.replace("LONG_TITLE", &"가".repeat(200)).replace("LONG_BODY", &"🍺".repeat(20_000));
        Plan::of_dump(&Dump::from_readers(posts.as_bytes(), VOTES.as_bytes()).unwrap(), "beer").unwrap()
    }

    fn member_of(plan: &Plan, email: &str) -> usize {
        plan.records.members.iter().position(|member| member.email.as_str() == email).unwrap()
    }

    #[test]
    fn everybody_who_answered_is_a_freelancer_with_their_history() {
        let plan = plan();
        assert_eq!(plan.records.members.len(), 3);
        let member = &plan.records.members[member_of(&plan, "user-12@beer.stackexchange.example")];
        assert_eq!(member.account.display_name.as_str(), "User 12");
        assert_eq!(member.account.created_at, "2014-01-21T20:30:00Z".parse().unwrap());
        let talent = member.talent.as_ref().unwrap();
        assert_eq!(talent.profile.category.as_str(), "beer");
        let skills: Vec<&str> = talent.profile.skills.as_slice().iter().map(Skill::as_str).collect();
        assert_eq!(skills, ["brewing", "hops"]);
        let (record, history) = talent.past.as_ref().unwrap();
        assert_eq!((record.proposals, record.completed_jobs, record.rated_jobs), (1, 1, 1));
        assert_eq!(record.rating, Some(3.75));
        assert_eq!(record.response_minutes, Some(30.0));
        assert_eq!(record.last_active_at, Some("2014-01-21T20:30:00Z".parse().unwrap()));
        assert_eq!(history.activity.map(|activity| (activity.week, activity.half_year)), Some((1.0, 1.0)));
        assert_eq!(
            history.skill_jobs.iter().map(|(skill, &jobs)| (skill.as_str(), jobs)).collect::<Vec<_>>(),
            [("brewing", 1), ("hops", 1)]
        );
        assert!(!history.work_terms.is_empty());
    }

    #[test]
    fn a_question_is_a_project_of_its_asker_at_its_own_time() {
        let plan = plan();
        let [first, second] = plan.records.postings.as_slice() else { panic!("{:?}", plan.records.postings) };
        let asker = &plan.records.members[member_of(&plan, "user-7@beer.stackexchange.example")];
        assert_eq!(first.owner_id, asker.account.id);
        assert!(asker.talent.is_some(), "an asker may answer as well");
        assert_eq!(first.created_at, "2014-01-21T20:00:00Z".parse().unwrap());
        assert_eq!(first.id.ulid().timestamp_ms(), 1_390_334_400_000);
        assert_eq!(first.brief.title.as_str(), "What is a hop?");
        assert_eq!(first.brief.description.as_str(), "Please explain.");

        let nobody = &plan.records.members[member_of(&plan, "former-users@beer.stackexchange.example")];
        assert_eq!(second.owner_id, nobody.account.id);
        assert!(nobody.talent.is_none());
        assert_eq!(plan.newest_posting().unwrap().email, nobody.email.as_str());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let plan = plan();
        assert_eq!(plan.records.postings[1].brief.title.as_str(), "가".repeat(MAX_TITLE));
        assert_eq!(plan.records.postings[1].brief.description.as_str(), "🍺".repeat(MAX_DESCRIPTION));
    }

    #[test]
    fn importing_again_gives_the_same_ids() {
        let ids = |plan: Plan| {
            let members: Vec<AccountId> = plan.records.members.iter().map(|member| member.account.id).collect();
            (members, plan.records.postings.iter().map(|posting| posting.id).collect::<Vec<_>>())
        };
        assert_eq!(ids(plan()), ids(plan()));
    }

    #[test]
    fn a_site_is_named_after_its_folder() {
        assert_eq!(site_name(Path::new("/nowhere/Beer.stackexchange.com")), "beer");
        assert_eq!(site_name(Path::new("/nowhere/my dump")), "my-dump");
        assert_eq!(site_name(Path::new("/")), "site");
    }
}
