//! What a dump becomes: accounts, freelancers and projects that the rules of the market accept. Does no I/O.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::anyhow;
use domain::account::Account;
use domain::freelancer::{Activity, FreelancerInput, FreelancerProfile, TrackRecord};
use domain::project::{ProjectBrief, ProjectInput};
use domain::validation::{Field, Violations};
use domain::values::{AccountId, Email, MAX_SKILLS, ProjectId, Skill, fold};
use jiff::Timestamp;
use matching::term_hash;
use matching_training::stackexchange::{Dump, Market, PostId, UserId};
use ulid::Ulid;

const MAX_HEADLINE: usize = 120;
const MAX_BIO: usize = 5_000;
const MAX_TITLE: usize = 160;
const MAX_DESCRIPTION: usize = 10_000;
const MAX_SKILL: usize = 50;

/// Stands for everybody who asked and then left the site.
const FORMER_USERS: UserId = 0;

/// Everything to be written, in the order in which it happened.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) members: Vec<Member>,
    pub(super) postings: Vec<Posting>,
}

/// A user of the site.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) account: Account,
    pub(super) email: Email,
    /// Of those who have answered.
    pub(super) talent: Option<Talent>,
}

/// What makes a user a freelancer.
#[derive(Debug)]
pub(super) struct Talent {
    pub(super) profile: FreelancerProfile,
    pub(super) record: TrackRecord,
    /// The first answer.
    pub(super) since: Timestamp,
}

/// A question.
#[derive(Debug)]
pub(super) struct Posting {
    pub(super) id: ProjectId,
    pub(super) owner_id: AccountId,
    pub(super) brief: ProjectBrief,
    pub(super) created_at: Timestamp,
}

/// A project and who may ask for its matches.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) project_id: String,
    pub(super) email: String,
}

/// The site's name as it can stand in a domain name: the folder's, `beer.stackexchange.com` being `beer`.
pub(super) fn site_name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let first = name.split('.').next().unwrap_or_default();
    let label: String = first.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "site".to_owned() } else { label.to_owned() }
}

impl Plan {
    /// Reads a dump as accounts, freelancers and projects.
    ///
    /// # Errors
    /// When a record breaks a rule of the market, naming it: everything a dump may hold is made to fit, so that
    /// would be an error here.
    pub(super) fn of_dump(dump: &Dump, site: &str) -> anyhow::Result<Self> {
        let market = Market::of_dump(dump);
        let seen = FirstSeen::new(dump)?;
        let mut ids = Ids { site: term_hash(site), accounts: BTreeMap::new() };
        let mut members = BTreeMap::new();
        for (&user, &since) in &seen.anything {
            members.insert(user, member(&mut ids, site, user, since)?);
        }
        for freelancer in market.freelancers {
            let Some((member, &since)) = members.get_mut(&freelancer.user).zip(seen.answer.get(&freelancer.user))
            else {
                continue;
            };
            let input = FreelancerInput {
                headline: text(&freelancer.headline, MAX_HEADLINE, site),
                bio: text(&freelancer.bio, MAX_BIO, ""),
                category: Field::Value(site.to_owned()),
                skills: skills(&freelancer.skills, site),
                ..FreelancerInput::default()
            };
            let profile = input.validate().map_err(|violations| broken("user", freelancer.user, violations))?;
            member.talent = Some(Talent { profile, record: track_record(&freelancer.record)?, since });
        }
        let mut postings = Vec::with_capacity(market.projects.len());
        for (project, question) in market.projects.into_iter().zip(&dump.questions) {
            let input = ProjectInput {
                title: text(&project.title, MAX_TITLE, &format!("Question {}", project.question)),
                description: text(&project.description, MAX_DESCRIPTION, ""),
                category: Field::Value(site.to_owned()),
                skills: skills(&project.skills, site),
                ..ProjectInput::default()
            };
            let brief = input.validate().map_err(|violations| broken("question", project.question, violations))?;
            let created_at = Timestamp::from_millisecond(question.created_at_ms)?;
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
        Ok(Self { members, postings })
    }

    /// The project that was posted last.
    pub(super) fn newest_posting(&self) -> Option<Newest> {
        let posting = self.postings.last()?;
        let owner = self.members.iter().find(|member| member.account.id == posting.owner_id)?;
        Some(Newest { project_id: posting.id.to_string(), email: owner.email.to_string() })
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

/// Ids that follow from the dump: the time of the first deed, then the site and the number there.
struct Ids {
    site: u32,
    accounts: BTreeMap<UserId, AccountId>,
}

impl Ids {
    /// An account keeps the id of the first time it is asked for.
    fn account(&mut self, user: UserId, since: Timestamp) -> AccountId {
        let ulid = self.ulid(user as u64, since);
        *self.accounts.entry(user).or_insert(AccountId::new(ulid))
    }

    fn project(&self, question: PostId, created_at: Timestamp) -> ProjectId {
        ProjectId::new(self.ulid(question, created_at))
    }

    fn ulid(&self, number: u64, at: Timestamp) -> Ulid {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let low_48_bits = number & 0xffff_ffff_ffff;
        Ulid::from_parts(milliseconds, u128::from(self.site) << 48 | u128::from(low_48_bits))
    }
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
        },
        email: email.parse().map_err(refused)?,
        talent: None,
    })
}

fn track_record(record: &matching_training::stackexchange::TrackRecord) -> anyhow::Result<TrackRecord> {
    let mut skill_jobs = BTreeMap::new();
    for (tag, &jobs) in &record.skill_jobs {
        if let Ok(skill) = cut(tag, MAX_SKILL).parse::<Skill>() {
            *skill_jobs.entry(skill.folded()).or_default() += jobs;
        }
    }
    Ok(TrackRecord {
        rating: record.rating(),
        rated_jobs: record.rated_jobs(),
        proposals: record.proposals,
        completed_jobs: record.completed_jobs,
        response_minutes: record.response_minutes(),
        last_active_at: record.last_active_at.map(Timestamp::from_second).transpose()?,
        skill_jobs,
        activity: record.activity.map(activity).transpose()?,
        work_terms: record.work_terms().terms().to_vec(),
    })
}

fn activity(activity: matching::Activity) -> anyhow::Result<Activity> {
    let matching::Activity { week, month, half_year, as_of } = activity;
    Ok(Activity { week, month, half_year, as_of: Timestamp::from_second(as_of)? })
}

/// Tags as skills: different ones, as many as a record may name; the site itself where there is none.
fn skills(tags: &[String], site: &str) -> Field<Vec<Field<String>>> {
    let mut seen = BTreeSet::new();
    let mut skills: Vec<Field<String>> = tags
        .iter()
        .map(|tag| cut(tag, MAX_SKILL))
        .filter(|tag| tag.parse::<Skill>().is_ok() && seen.insert(fold(tag)))
        .take(MAX_SKILLS)
        .map(|tag| Field::Value(tag.to_owned()))
        .collect();
    if skills.is_empty() {
        skills.push(Field::Value(site.to_owned()));
    }
    Field::Value(skills)
}

/// A text within its bound, or `otherwise` where it is blank.
fn text(text: &str, max_characters: usize, otherwise: &str) -> Field<String> {
    let text = if text.trim().is_empty() { otherwise } else { text };
    Field::Value(cut(text, max_characters).to_owned())
}

/// The first `max_characters` characters.
fn cut(text: &str, max_characters: usize) -> &str {
    text.char_indices().nth(max_characters).map_or(text, |(end, _)| &text[..end])
}

fn broken(kind: &str, number: impl std::fmt::Display, violations: Violations) -> anyhow::Error {
    let wrong: Vec<String> = violations
        .into_vec()
        .into_iter()
        .map(|violation| format!("{} {}", violation.pointer, violation.detail))
        .collect();
    anyhow!("{kind} {number}: {}", wrong.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: &str = r#"<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2014-01-21T20:00:00.000" OwnerUserId="7"
    Title="What is a hop?" Body="&lt;p&gt;Please explain.&lt;/p&gt;" Tags="&lt;hops&gt;&lt;brewing&gt;" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2014-01-21T20:30:00.000" OwnerUserId="12" Body="A flower." />
  <row Id="3" PostTypeId="1" CreationDate="2014-01-22T09:00:00.000" Title="LONG_TITLE"
    Body="LONG_BODY" Tags="&lt;serving&gt;" />
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
        plan.members.iter().position(|member| member.email.as_str() == email).unwrap()
    }

    #[test]
    fn whoever_answered_is_a_freelancer_with_their_history() {
        let plan = plan();
        assert_eq!(plan.members.len(), 3);
        let member = &plan.members[member_of(&plan, "user-12@beer.stackexchange.example")];
        assert_eq!(member.account.display_name.as_str(), "User 12");
        assert_eq!(member.account.created_at, "2014-01-21T20:30:00Z".parse().unwrap());
        let talent = member.talent.as_ref().unwrap();
        assert_eq!(talent.profile.category.as_str(), "beer");
        let skills: Vec<&str> = talent.profile.skills.as_slice().iter().map(Skill::as_str).collect();
        assert_eq!(skills, ["brewing", "hops"]);
        let record = &talent.record;
        assert_eq!((record.proposals, record.completed_jobs, record.rated_jobs), (1, 1, 1));
        assert_eq!(record.rating, Some(3.75));
        assert_eq!(record.response_minutes, Some(30.0));
        assert_eq!(record.last_active_at, Some("2014-01-21T20:30:00Z".parse().unwrap()));
        assert_eq!(record.activity.map(|activity| (activity.week, activity.half_year)), Some((1.0, 1.0)));
        assert_eq!(
            record.skill_jobs.iter().map(|(skill, &jobs)| (skill.as_str(), jobs)).collect::<Vec<_>>(),
            [("brewing", 1), ("hops", 1)]
        );
        assert!(!record.work_terms.is_empty());
    }

    #[test]
    fn a_question_is_a_project_of_its_asker_at_its_own_time() {
        let plan = plan();
        let [first, second] = plan.postings.as_slice() else { panic!("{:?}", plan.postings) };
        let asker = &plan.members[member_of(&plan, "user-7@beer.stackexchange.example")];
        assert_eq!(first.owner_id, asker.account.id);
        assert!(asker.talent.is_some(), "who asks may answer as well");
        assert_eq!(first.created_at, "2014-01-21T20:00:00Z".parse().unwrap());
        assert_eq!(first.id.ulid().timestamp_ms(), 1_390_334_400_000);
        assert_eq!(first.brief.title.as_str(), "What is a hop?");
        assert_eq!(first.brief.description.as_str(), "Please explain.");

        let nobody = &plan.members[member_of(&plan, "former-users@beer.stackexchange.example")];
        assert_eq!(second.owner_id, nobody.account.id);
        assert!(nobody.talent.is_none());
        assert_eq!(plan.newest_posting().unwrap().email, nobody.email.as_str());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let plan = plan();
        assert_eq!(plan.postings[1].brief.title.as_str(), "가".repeat(MAX_TITLE));
        assert_eq!(plan.postings[1].brief.description.as_str(), "🍺".repeat(MAX_DESCRIPTION));
    }

    #[test]
    fn importing_again_gives_the_same_ids() {
        let ids = |plan: Plan| {
            let members: Vec<AccountId> = plan.members.iter().map(|member| member.account.id).collect();
            (members, plan.postings.iter().map(|posting| posting.id).collect::<Vec<_>>())
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
