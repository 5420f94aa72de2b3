//! The questions, answers and votes of one market, and how a folder of them is read.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;

use super::error::DumpError;
use super::outcomes::{self, OUTCOMES};
use super::posts::{POSTS, VOTES};

/// A question's or an answer's number. Both are counted in one sequence.
pub type PostId = u64;
/// A user's number. −1 is the site's own robot.
pub type UserId = i64;

pub(super) const DAY_MS: i64 = 86_400_000;

/// The content of a folder about one market, in the order of its files.
#[derive(Debug, Clone, Default)]
pub struct Dump {
    /// All questions.
    pub questions: Vec<Question>,
    /// All answers to them by users who still have an account.
    pub answers: Vec<Answer>,
    /// Votes that show the worth of an answer.
    pub votes: Vec<Vote>,
    /// The source of a freelancer's rating.
    pub rating_source: RatingSource,
}

/// The source of a freelancer's rating.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RatingSource {
    /// Votes up and down stand for ratings.
    #[default]
    Votes,
    /// Clients rate with stars.
    Stars,
    /// The folder has no `Votes.xml`, so every rating is unknown.
    Unknown,
}

/// A question: a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its number.
    pub id: PostId,
    /// The user who asked. `None` if the account is gone.
    pub asker: Option<UserId>,
    /// When it was asked, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its title, plain.
    pub title: String,
    /// Its text, plain.
    pub body: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The answer that the asker accepted.
    pub accepted_answer: Option<PostId>,
    /// Whether the site has closed it to further answers.
    pub is_closed: bool,
}

/// An answer: a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its number.
    pub id: PostId,
    /// The question it answers.
    pub question: PostId,
    /// The user who answered.
    pub author: UserId,
    /// When it was posted, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its text, plain.
    pub body: String,
}

/// One vote on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// The post that was voted on.
    pub post: PostId,
    /// The kind of the vote.
    pub kind: VoteKind,
    /// The time from which the market may know it, in milliseconds since 1970. A dump gives only the day of a vote, so
    /// its votes are known from the end of that day.
    pub known_at_ms: i64,
}

/// The kind of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteKind {
    /// The asker accepted the answer.
    Accepted,
    /// Useful.
    Up,
    /// Not useful.
    Down,
    /// The client's rating, in tenths of a star: 0 to 50.
    Stars {
        /// Tenths of a star.
        tenths: u8,
    },
}

impl Dump {
    /// The answers that were hired. A dump names at most one for each question. A market's own outcomes may name
    /// several for one project.
    pub fn hires(&self) -> HashSet<PostId> {
        let rates_by_stars = self.rating_source == RatingSource::Stars;
        let accepted = self.questions.iter().filter_map(|question| question.accepted_answer);
        let hired = self.votes.iter().filter(|vote| rates_by_stars && vote.kind == VoteKind::Accepted);
        accepted.chain(hired.map(|vote| vote.post)).collect()
    }

    /// Removes the questions younger than `days` at the time of the last post, with their answers and votes.
    /// In a running market, the outcome of a young project is not known yet.
    pub fn leave_out_younger_than(&mut self, days: u16) {
        let questions = self.questions.iter().map(|question| question.created_at_ms);
        let newest = questions.chain(self.answers.iter().map(|answer| answer.created_at_ms)).max().unwrap_or(0);
        let until = newest - i64::from(days) * DAY_MS;
        self.questions.retain(|question| question.created_at_ms <= until);
        let kept: HashSet<PostId> = self.questions.iter().map(|question| question.id).collect();
        self.answers.retain(|answer| kept.contains(&answer.question));
        let kept: HashSet<PostId> = self.answers.iter().map(|answer| answer.id).collect();
        self.votes.retain(|vote| kept.contains(&vote.post));
    }

    /// Reads a folder: `outcomes.jsonl` if it has one, otherwise a dump's `Posts.xml` and, if it is there, `Votes.xml`.
    ///
    /// Without `Votes.xml`, hires come from the `AcceptedAnswerId`s of `Posts.xml`, and every rating is unknown. A dump
    /// does not date these acceptances, so each is known from seven days after its answer.
    ///
    /// Outcomes are JSON objects, one per line, each with a `type`:
    ///
    /// - `project`: `id` and `at`; optional are `client`, `title`, `description`, `skills` and `closed`.
    /// - `proposal`: `id`, `at`, `project` and `freelancer`; optional is `message`.
    /// - `withdraw`: `proposal`; optional is `at`. The proposal counts as never made, unless it was hired or rated.
    /// - `hire`: `proposal` and `at`.
    /// - `rating`: `proposal`, `at` and `stars` from 0 to 5.
    ///
    /// A line may only name ids that an earlier line has introduced. An id is a text or an integer. One id is one
    /// person, as client and as freelancer. Times are RFC 3339.
    ///
    /// # Errors
    /// [`DumpError`]: a missing file, broken XML, a row that no dump has, or a line that is no outcome.
    pub fn read(folder: &Path) -> Result<Self, DumpError> {
        let open = |name: &str| {
            let path = folder.join(name);
            File::open(&path).map(BufReader::new).map_err(|cause| DumpError::Open { path, cause })
        };
        let has_outcomes = folder.join(OUTCOMES).exists();
        if has_outcomes && folder.join(POSTS).exists() {
            return Err(DumpError::Two { folder: folder.to_owned() });
        }
        let read = if has_outcomes {
            outcomes::read(open(OUTCOMES)?)
        } else {
            let posts = open(POSTS)?;
            match open(VOTES) {
                Err(DumpError::Open { cause, .. }) if cause.kind() == ErrorKind::NotFound => Self::from_posts(posts),
                votes => Self::from_readers(posts, votes?),
            }
        };
        read.map_err(|cause| DumpError::In { folder: folder.to_owned(), cause: Box::new(cause) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS_XML: &str = r#"<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2014-01-21T20:00:00.000" OwnerUserId="7" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2014-01-22T00:00:00.000" OwnerUserId="8" />
</posts>"#;

    #[test]
    fn a_folder_without_votes_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(POSTS), POSTS_XML).unwrap();
        let dump = Dump::read(folder.path()).unwrap();
        assert_eq!((dump.questions.len(), dump.answers.len(), dump.votes.len()), (1, 1, 1));
        assert_eq!(dump.rating_source, RatingSource::Unknown);

        std::fs::write(folder.path().join(VOTES), "<votes></votes>").unwrap();
        let dump = Dump::read(folder.path()).unwrap();
        assert_eq!((dump.votes.len(), dump.rating_source), (0, RatingSource::Votes));
    }

    #[test]
    fn a_folder_without_posts_is_refused_by_the_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(VOTES), "<votes></votes>").unwrap();
        let problem = Dump::read(folder.path()).unwrap_err().to_string();
        let expected = format!("cannot open {}: ", folder.path().join(POSTS).display());
        assert!(problem.starts_with(&expected), "{problem}");
    }

    #[test]
    fn a_folder_with_outcomes_and_posts_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(POSTS), POSTS_XML).unwrap();
        std::fs::write(folder.path().join(OUTCOMES), "").unwrap();
        let problem = Dump::read(folder.path()).unwrap_err().to_string();
        let folder = folder.path().display();
        assert_eq!(problem, format!("{folder} holds an outcomes.jsonl and a Posts.xml: leave one of them in it"));
    }
}
