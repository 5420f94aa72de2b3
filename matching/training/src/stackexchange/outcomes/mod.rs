//! A market's own outcomes, from a file of one JSON object per line.
//!
//! ```text
//! {"type": "project", "id": "p1", "at": "2026-05-01T09:00:00Z", "client": "c7", "title": "…", "skills": ["Rust"]}
//! {"type": "proposal", "id": "b1", "at": "2026-05-01T10:30:00Z", "project": "p1", "freelancer": "f3", "message": "…"}
//! {"type": "proposal", "id": 17, "at": "2026-05-01T11:00:00Z", "project": "p1", "freelancer": 4}
//! {"type": "withdraw", "proposal": 17}
//! {"type": "hire", "proposal": "b1", "at": "2026-05-02T08:00:00Z"}
//! {"type": "rating", "proposal": "b1", "at": "2026-06-01T12:00:00Z", "stars": 4.5}
//! ```
//!
//! [`Dump::read`] documents the fields.

mod line;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use jiff::Timestamp;

use self::line::{Id, Line, parsed};
use super::dump::{Answer, Dump, PostId, Question, RatingSource, UserId, Vote, VoteKind};
use super::error::DumpError;

/// The file's name in its folder.
pub(super) const OUTCOMES: &str = "outcomes.jsonl";
/// Stars are counted in tenths.
const TENTHS: f64 = 10.0;
const MAX_STARS: f64 = 5.0;

/// Reads the file's content.
///
/// # Errors
/// [`DumpError::Line`], which names the first wrong line and its problem.
pub(super) fn read(content: impl BufRead) -> Result<Dump, DumpError> {
    let mut reading = Reading::default();
    for (index, line) in content.lines().enumerate() {
        let wrong = |problem: String| DumpError::Line { file: OUTCOMES, line: index + 1, problem };
        let line = line.map_err(|error| wrong(error.to_string()))?;
        // Some editors put a byte order mark in front of a file.
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            parsed(line).and_then(|line| reading.take(line)).map_err(wrong)?;
        }
    }
    Ok(reading.finish())
}

/// Everything read so far. Projects and proposals are numbered in one sequence, as posts are.
#[derive(Debug, Default)]
struct Reading {
    dump: Dump,
    posts: PostId,
    /// By a project's id: its index in the dump's questions.
    projects: HashMap<String, usize>,
    /// By a proposal's id: its index in the dump's answers.
    proposals: HashMap<String, usize>,
    users: HashMap<String, UserId>,
    /// The posts of proposals that were hired.
    hired: HashSet<PostId>,
    /// The posts of proposals that were rated.
    rated: HashSet<PostId>,
    /// The posts of proposals that were withdrawn.
    withdrawn: HashSet<PostId>,
}

impl Reading {
    fn take(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Project { id, at, client, title, description, skills, closed } => {
                introduce(&mut self.projects, id, self.dump.questions.len(), "project")?;
                let question = Question {
                    id: self.next_post(),
                    asker: client.map(|client| self.user(client)),
                    created_at_ms: at.as_millisecond(),
                    title,
                    body: description,
                    tags: skills,
                    accepted_answer: None,
                    is_closed: closed,
                };
                self.dump.questions.push(question);
            }
            Line::Proposal { id, at, project, freelancer, message } => {
                let question = &self.dump.questions[known(&self.projects, &project, "project")?];
                let (question, posted_at_ms) = (question.id, question.created_at_ms);
                if at.as_millisecond() < posted_at_ms {
                    return Err(format!("proposal {} is older than its project", id.0));
                }
                introduce(&mut self.proposals, id, self.dump.answers.len(), "proposal")?;
                let (id, author) = (self.next_post(), self.user(freelancer));
                let created_at_ms = at.as_millisecond();
                self.dump.answers.push(Answer { id, question, author, created_at_ms, body: message });
            }
            Line::Withdraw { proposal, at } => {
                let post = self.proposal(&proposal, at)?.id;
                once(&mut self.withdrawn, post, &proposal, "withdrawn")?;
            }
            Line::Hire { proposal, at } => {
                let (post, question) = self.vote(&proposal, VoteKind::Accepted, at)?;
                once(&mut self.hired, post, &proposal, "hired")?;
                // Questions are in the order of their numbers.
                if let Ok(index) = self.dump.questions.binary_search_by_key(&question, |it| it.id) {
                    self.dump.questions[index].accepted_answer.get_or_insert(post);
                }
            }
            Line::Rating { proposal, at, stars } => {
                if !(0.0..=MAX_STARS).contains(&stars) {
                    return Err(format!("stars is {stars}, which is not between 0 and 5"));
                }
                let tenths = (stars * TENTHS).round() as u8;
                let (post, _) = self.vote(&proposal, VoteKind::Stars { tenths }, at)?;
                once(&mut self.rated, post, &proposal, "rated")?;
            }
        }
        Ok(())
    }

    /// The dump, without the proposals that were withdrawn before anybody decided on them.
    fn finish(self) -> Dump {
        let Self { mut dump, hired, rated, withdrawn, .. } = self;
        dump.rating_source = RatingSource::Stars;
        let is_decided = |post| hired.contains(&post) || rated.contains(&post);
        dump.answers.retain(|answer| !withdrawn.contains(&answer.id) || is_decided(answer.id));
        dump
    }

    fn next_post(&mut self) -> PostId {
        self.posts += 1;
        self.posts
    }

    /// The number of a client or freelancer: one person may be both.
    fn user(&mut self, Id(id): Id) -> UserId {
        let next = self.users.len() as UserId + 1;
        *self.users.entry(id).or_insert(next)
    }

    /// A proposal of an earlier line, to which something happened `at` a time, if the time is known.
    fn proposal(&self, id: &Id, at: Option<Timestamp>) -> Result<&Answer, String> {
        let answer = &self.dump.answers[known(&self.proposals, id, "proposal")?];
        if at.is_some_and(|at| at.as_millisecond() < answer.created_at_ms) {
            return Err(format!("at is before proposal {} was made", id.0));
        }
        Ok(answer)
    }

    /// Adds the client's decision or rating. Returns the post of the proposal and the post of its project.
    fn vote(&mut self, proposal: &Id, kind: VoteKind, at: Timestamp) -> Result<(PostId, PostId), String> {
        let answer = self.proposal(proposal, Some(at))?;
        let (post, question) = (answer.id, answer.question);
        // The proposal comes first, even if both have the same time.
        let known_at_ms = at.as_millisecond().max(answer.created_at_ms + 1);
        self.dump.votes.push(Vote { post, kind, known_at_ms });
        Ok((post, question))
    }
}

fn introduce(indices: &mut HashMap<String, usize>, Id(id): Id, index: usize, kind: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(format!("id is empty: every {kind} wants one of its own"));
    }
    match indices.entry(id) {
        Entry::Vacant(place) => {
            place.insert(index);
            Ok(())
        }
        Entry::Occupied(place) => Err(format!("{kind} {} is there already", place.key())),
    }
}

fn known(indices: &HashMap<String, usize>, Id(id): &Id, kind: &str) -> Result<usize, String> {
    indices.get(id).copied().ok_or_else(|| format!("{kind} {id} is in no line before this one"))
}

fn once(posts: &mut HashSet<PostId>, post: PostId, proposal: &Id, what: &str) -> Result<(), String> {
    if posts.insert(post) { Ok(()) } else { Err(format!("proposal {} was {what} before", proposal.0)) }
}

#[cfg(test)]
mod tests;
