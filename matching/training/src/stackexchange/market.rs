//! A dump at its end, as a market to import: freelancers with their track records, and projects.

use std::collections::BTreeSet;

use super::dump::{Dump, PostId, UserId};
use super::history::{History, TrackRecord};

/// The most skills in a profile: the tags answered most often.
const PROFILE_SKILLS: usize = 20;
/// The most skills in a headline.
const HEADLINE_SKILLS: usize = 3;
/// The most titles of recently answered questions in a biography.
const BIO_TITLES: usize = 5;

/// The whole site after its last event.
#[derive(Debug, Clone)]
pub struct Market {
    /// Everybody who has answered, by user.
    pub freelancers: Vec<Freelancer>,
    /// Every question, in the order of the dump.
    pub projects: Vec<Project>,
    /// Everybody who has asked, by user. Some are freelancers, too.
    pub clients: Vec<UserId>,
}

/// A user who has answered.
#[derive(Debug, Clone)]
pub struct Freelancer {
    /// The user.
    pub user: UserId,
    /// The tags answered most, as one line. A dump's `Posts.xml` has no profiles, so this stands for one.
    pub headline: String,
    /// The titles of the questions answered last.
    pub bio: String,
    /// The tags answered most, at most twenty.
    pub skills: Vec<String>,
    /// The freelancer's history on the site.
    pub record: TrackRecord,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its number.
    pub question: PostId,
    /// The user who asked. `None` if the account is gone.
    pub client: Option<UserId>,
    /// Its title, plain.
    pub title: String,
    /// Its text, plain.
    pub description: String,
    /// Its tags.
    pub skills: Vec<String>,
    /// When it was asked, in seconds since 1970.
    pub created_at: i64,
    /// Whether no answer has been accepted and the site has not closed the question.
    pub is_open: bool,
}

impl Market {
    /// Replays a whole dump.
    pub fn of_dump(dump: &Dump) -> Self {
        let mut history = History::new(dump);
        for event in dump.events() {
            history.record(&event);
        }
        let titles = TitlesByAuthor::new(dump);
        let freelancers = history
            .records()
            .iter()
            .map(|(&user, record)| {
                let skills = leading_skills(record);
                Freelancer {
                    user,
                    headline: skills[..skills.len().min(HEADLINE_SKILLS)].join(", "),
                    bio: titles.latest(user).join("\n"),
                    skills,
                    record: record.clone(),
                }
            })
            .collect();
        let projects = dump
            .questions
            .iter()
            .map(|question| Project {
                question: question.id,
                client: question.asker,
                title: question.title.clone(),
                description: question.body.clone(),
                skills: question.tags.clone(),
                created_at: question.created_at_ms.div_euclid(1_000),
                is_open: question.accepted_answer.is_none() && !question.is_closed,
            })
            .collect();
        let clients: BTreeSet<UserId> = dump.questions.iter().filter_map(|question| question.asker).collect();
        Self { freelancers, projects, clients: clients.into_iter().collect() }
    }
}

/// The most answered tags first, equal ones by name.
fn leading_skills(record: &TrackRecord) -> Vec<String> {
    let mut skills: Vec<(&String, u32)> = record.skill_jobs.iter().map(|(skill, &jobs)| (skill, jobs)).collect();
    skills.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    skills.into_iter().take(PROFILE_SKILLS).map(|(skill, _)| skill.clone()).collect()
}

/// The titles of answered questions, by the author of the answer.
struct TitlesByAuthor<'a>(std::collections::HashMap<UserId, Vec<(i64, &'a str)>>);

impl<'a> TitlesByAuthor<'a> {
    fn new(dump: &'a Dump) -> Self {
        let titles: std::collections::HashMap<PostId, &str> =
            dump.questions.iter().map(|question| (question.id, question.title.as_str())).collect();
        let mut by_author = std::collections::HashMap::<UserId, Vec<(i64, &str)>>::new();
        for answer in &dump.answers {
            if let Some(title) = titles.get(&answer.question) {
                by_author.entry(answer.author).or_default().push((answer.created_at_ms, title));
            }
        }
        for titles in by_author.values_mut() {
            titles.sort_by_key(|&(at_ms, _)| std::cmp::Reverse(at_ms));
            titles.truncate(BIO_TITLES);
        }
        Self(by_author)
    }

    fn latest(&self, user: UserId) -> Vec<&'a str> {
        self.0.get(&user).map(|titles| titles.iter().map(|&(_, title)| title).collect()).unwrap_or_default()
    }
}
