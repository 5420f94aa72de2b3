//! Reads a dump's `Posts.xml` and `Votes.xml` row by row, so a folder of gigabytes needs only as much memory as its
//! texts.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use super::dump::{Answer, DAY_MS, Dump, PostId, Question, RatingSource, Vote, VoteKind};
use super::error::DumpError;
use super::plain_text::plain_text;
use super::row::{Row, each_row};

pub(super) const POSTS: &str = "Posts.xml";
pub(super) const VOTES: &str = "Votes.xml";

/// How long after an answer its acceptance counts as known, where no `Votes.xml` dates it. On beer and
/// ai.stackexchange.com the asker accepts after 2 to 3 days in the median, and three of four acceptances come within 8
/// to 11 days.
const ACCEPTANCE_DELAY_MS: i64 = 7 * DAY_MS;

impl Dump {
    /// Reads the contents of `Posts.xml` and `Votes.xml`.
    ///
    /// # Errors
    /// The errors of [`read`](Self::read), except for opening.
    pub fn from_readers(posts: impl BufRead, votes: impl BufRead) -> Result<Self, DumpError> {
        let mut dump = Self::read_posts(posts)?;
        each_row(VOTES, votes, |row| dump.take_vote(&row))?;
        Ok(dump)
    }

    /// Reads the content of `Posts.xml` alone: hires are its accepted answers, and ratings are unknown.
    ///
    /// # Errors
    /// The errors of [`read`](Self::read), except for opening.
    pub fn from_posts(posts: impl BufRead) -> Result<Self, DumpError> {
        let mut dump = Self::read_posts(posts)?;
        dump.rating_source = RatingSource::Unknown;
        let answered_at_ms: HashMap<PostId, i64> =
            dump.answers.iter().map(|answer| (answer.id, answer.created_at_ms)).collect();
        let accepted = dump.questions.iter().filter_map(|question| question.accepted_answer);
        dump.votes = accepted
            .filter_map(|post| {
                let known_at_ms = answered_at_ms.get(&post)? + ACCEPTANCE_DELAY_MS;
                Some(Vote { post, kind: VoteKind::Accepted, known_at_ms })
            })
            .collect();
        Ok(dump)
    }

    fn read_posts(posts: impl BufRead) -> Result<Self, DumpError> {
        let mut dump = Self::default();
        let mut rows = 0;
        each_row(POSTS, posts, |row| {
            rows += 1;
            dump.take_post(&row)
        })?;
        if rows == 0 {
            return Err(DumpError::Empty { file: POSTS });
        }
        let questions: HashSet<PostId> = dump.questions.iter().map(|question| question.id).collect();
        dump.answers.retain(|answer| questions.contains(&answer.question));
        Ok(dump)
    }

    fn take_post(&mut self, row: &Row) -> Result<(), DumpError> {
        match row.get("PostTypeId") {
            Some("1") => self.questions.push(Question {
                id: row.number("Id")?,
                asker: row.optional_number("OwnerUserId")?,
                created_at_ms: row.time("CreationDate")?,
                title: row.get("Title").unwrap_or_default().trim().to_owned(),
                body: plain_text(row.get("Body").unwrap_or_default()),
                tags: tags(row.get("Tags").unwrap_or_default()),
                accepted_answer: row.optional_number("AcceptedAnswerId")?,
                is_closed: row.get("ClosedDate").is_some(),
            }),
            Some("2") => {
                if let (Some(author), Some(question)) =
                    (row.optional_number("OwnerUserId")?, row.optional_number("ParentId")?)
                {
                    self.answers.push(Answer {
                        id: row.number("Id")?,
                        question,
                        author,
                        created_at_ms: row.time("CreationDate")?,
                        body: plain_text(row.get("Body").unwrap_or_default()),
                    });
                }
            }
            // Wiki pages, tag descriptions and elections are no projects.
            _ => {}
        }
        Ok(())
    }

    fn take_vote(&mut self, row: &Row) -> Result<(), DumpError> {
        let kind = match row.get("VoteTypeId") {
            Some("1") => VoteKind::Accepted,
            Some("2") => VoteKind::Up,
            Some("3") => VoteKind::Down,
            // Favourites, flags, bounties.
            _ => return Ok(()),
        };
        // A vote carries a day and no hour, so it is known from the end of that day.
        let known_at_ms = row.time("CreationDate")? + DAY_MS;
        self.votes.push(Vote { post: row.number("PostId")?, kind, known_at_ms });
        Ok(())
    }
}

/// Older dumps write `<hops><history>`, newer ones `|hops|history|`.
fn tags(list: &str) -> Vec<String> {
    list.split(['<', '>', '|']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::History;
    use super::*;

    const POSTS_XML: &str = concat!(
        "\u{feff}",
        r##"<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2014-01-21T20:26:05.383" OwnerUserId="7"
    Title="What is a hop &amp; why?" Body="&lt;p&gt;AT&amp;amp;T &lt;b&gt;asks&lt;/b&gt;&#xA;&amp;#39;why&amp;#39;"
    Tags="&lt;hops&gt;&lt;beer-style&gt;" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2014-01-22T00:00:00.000" OwnerUserId="-1" Body="a" />
  <row Id="3" PostTypeId="2" ParentId="1" CreationDate="2014-01-22T00:00:00.000" Body="nobody's" />
  <row Id="4" PostTypeId="2" ParentId="99" CreationDate="2014-01-22T00:00:00.000" OwnerUserId="5" Body="lost" />
  <row Id="5" PostTypeId="5" CreationDate="2014-01-22T00:00:00.000" Body="a wiki page" />
</posts>"##
    );
    const VOTES_XML: &str = "<votes>
  <row Id=\"1\" PostId=\"2\" VoteTypeId=\"1\" CreationDate=\"2014-01-23T00:00:00.000\" />
  <row Id=\"2\" PostId=\"2\" VoteTypeId=\"5\" CreationDate=\"2014-01-23T00:00:00.000\" />
</votes>";

    #[test]
    fn reads_questions_answers_and_votes() {
        let dump = Dump::from_readers(POSTS_XML.as_bytes(), VOTES_XML.as_bytes()).unwrap();
        let question = Question {
            id: 1,
            asker: Some(7),
            created_at_ms: 1_390_335_965_383,
            title: "What is a hop & why?".into(),
            body: "AT&T asks 'why'".into(),
            tags: vec!["hops".into(), "beer-style".into()],
            accepted_answer: Some(2),
            is_closed: false,
        };
        assert_eq!(dump.questions, [question]);
        let answer = Answer { id: 2, question: 1, author: -1, created_at_ms: 1_390_348_800_000, body: "a".into() };
        assert_eq!(dump.answers, [answer]);
        let vote = Vote { post: 2, kind: VoteKind::Accepted, known_at_ms: 1_390_521_600_000 };
        assert_eq!(dump.votes, [vote]);
    }

    #[test]
    fn a_wrong_row_is_named() {
        let posts = POSTS_XML.replace("2014-01-21T20:26:05.383", "yesterday");
        let error = Dump::from_readers(posts.as_bytes(), VOTES_XML.as_bytes()).unwrap_err();
        let expected = "Posts.xml, row 1: attribute CreationDate is \"yesterday\", which is not what a dump has there";
        assert_eq!(error.to_string(), expected);
        let error = Dump::from_readers("{}".as_bytes(), VOTES_XML.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "Posts.xml has no <row>: it is not from a Stack Exchange data dump");
    }

    #[test]
    fn newer_dumps_write_tags_with_bars() {
        assert_eq!(tags("|hops|beer-style|"), ["hops", "beer-style"]);
    }

    #[test]
    fn without_votes_the_accepted_answers_are_the_hires() {
        let posts = POSTS_XML.replace("AcceptedAnswerId=\"2\"", "AcceptedAnswerId=\"9\"");
        assert_eq!(Dump::from_posts(posts.as_bytes()).unwrap().votes, [], "answer 9 is not in the dump");

        let dump = Dump::from_posts(POSTS_XML.as_bytes()).unwrap();
        let known_at_ms = 1_390_348_800_000 + 7 * 86_400_000;
        assert_eq!(dump.votes, [Vote { post: 2, kind: VoteKind::Accepted, known_at_ms }]);
        assert_eq!(dump.hires(), [2].into());
        let mut history = History::new(&dump);
        for event in dump.events() {
            history.record(&event);
        }
        let talent = history.records()[&-1].talent();
        assert_eq!((talent.completed_jobs, talent.rating, talent.rated_jobs), (1, None, 0));
    }
}
