//! What there is to learn from, and how `Posts.xml` and `Votes.xml` are read, row by row: a folder of gigabytes needs only as
//! much memory as its texts.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::outcomes::{self, OUTCOMES};

/// A question's or an answer's number; both count in one sequence.
pub type PostId = u64;
/// A user's number. −1 is the site's own robot.
pub type UserId = i64;

/// Votes carry a day and no hour: they are known from the end of that day.
const DAY_MS: i64 = 86_400_000;

/// What the dump folder says of one site, in the order of its files.
#[derive(Debug, Clone, Default)]
pub struct Dump {
    /// All questions.
    pub questions: Vec<Question>,
    /// All answers to them by users who still have an account.
    pub answers: Vec<Answer>,
    /// Votes that say something about an answer's worth.
    pub votes: Vec<Vote>,
    /// Whether freelancers are rated with stars. Otherwise votes stand for them.
    pub rates_by_stars: bool,
}

/// A question: a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its number.
    pub id: PostId,
    /// Who asked, unless the account is gone.
    pub asker: Option<UserId>,
    /// When, in milliseconds since 1970.
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
    /// Who answered.
    pub author: UserId,
    /// When, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its text, plain.
    pub body: String,
}

/// One vote on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// The post voted on.
    pub post: PostId,
    /// What the vote says.
    pub kind: VoteKind,
    /// From when it may be known, in milliseconds since 1970: of a dump the end of its day.
    pub known_at_ms: i64,
}

/// What a vote says.
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

/// Why a dump folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// A file is missing or cannot be opened.
    #[error("cannot open {path}: {cause}", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A file is no well-formed XML.
    #[error("{file}: {cause}")]
    Xml {
        /// The file.
        file: &'static str,
        /// What the parser says.
        cause: quick_xml::Error,
    },
    /// A row lacks an attribute, or it is not what a dump has there.
    #[error("{file}, row {row}: attribute {attribute} is {value:?}, which is not what a dump has there")]
    Row {
        /// The file.
        file: &'static str,
        /// The row's `Id`.
        row: String,
        /// The attribute.
        attribute: &'static str,
        /// Its value; empty when missing.
        value: String,
    },
    /// No row at all: some other file.
    #[error("{file} has no <row>: it is not from a Stack Exchange data dump")]
    Empty {
        /// The file.
        file: &'static str,
    },
    /// Both a market's own outcomes and a dump.
    #[error("{} holds an outcomes.jsonl and a Posts.xml: leave one of them in it", folder.display())]
    Two {
        /// The folder.
        folder: PathBuf,
    },
    /// What is wrong is in this folder.
    #[error("{}: {cause}", folder.display())]
    In {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        cause: Box<DumpError>,
    },
    /// A line of a market's own outcomes is wrong.
    #[error("{file}, line {line}: {problem}")]
    Line {
        /// The file.
        file: &'static str,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}

const POSTS: &str = "Posts.xml";
const VOTES: &str = "Votes.xml";

impl Dump {
    /// The answers that were hired. Of a dump those that were accepted as it was made; of a market's own outcomes all, of which
    /// one project may have several.
    pub fn hires(&self) -> HashSet<PostId> {
        let accepted = self.questions.iter().filter_map(|question| question.accepted_answer);
        let hired = self.votes.iter().filter(|vote| self.rates_by_stars && vote.kind == VoteKind::Accepted);
        accepted.chain(hired.map(|vote| vote.post)).collect()
    }

    /// Leaves out the questions that were younger than so many days when the last of all questions and answers was posted, with all
    /// that came of them: who looks at a market that goes on does not know yet what will.
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

    /// Reads a folder: its `outcomes.jsonl` if it has one, otherwise the two files of a dump.
    ///
    /// Outcomes are JSON objects, one per line, each of one `type`: `project` (`id`, `at`, and as far as known `client`, `title`,
    /// `description`, `skills`, `closed`), `proposal` (`id`, `at`, `project`, `freelancer`, and `message`), `hire` (`proposal`,
    /// `at`) and `rating` (`proposal`, `at`, `stars` from 0 to 5). A line names only what a line before it has introduced; times
    /// are RFC 3339. One id is one person, as client and as freelancer.
    ///
    /// # Errors
    /// [`DumpError`]: a missing file, broken XML, a row that is none of a dump, or a line that is no outcome.
    pub fn read(folder: &Path) -> Result<Self, DumpError> {
        let open = |name: &str| {
            let path = folder.join(name);
            File::open(&path).map(BufReader::new).map_err(|cause| DumpError::Open { path, cause })
        };
        let has_outcomes = folder.join(OUTCOMES).exists();
        if has_outcomes && folder.join(POSTS).exists() {
            return Err(DumpError::Two { folder: folder.to_owned() });
        }
        let read =
            if has_outcomes { outcomes::read(open(OUTCOMES)?) } else { Self::from_readers(open(POSTS)?, open(VOTES)?) };
        read.map_err(|cause| DumpError::In { folder: folder.to_owned(), cause: Box::new(cause) })
    }

    /// Reads the two files' contents.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for opening.
    pub fn from_readers(posts: impl BufRead, votes: impl BufRead) -> Result<Self, DumpError> {
        let mut dump = Self::default();
        let mut rows = 0;
        each_row(POSTS, posts, |row| {
            rows += 1;
            dump.take_post(&row)
        })?;
        if rows == 0 {
            return Err(DumpError::Empty { file: POSTS });
        }
        each_row(VOTES, votes, |row| dump.take_vote(&row))?;
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
            // Wiki pages, tag descriptions, elections: nobody's project.
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
        let known_at_ms = row.time("CreationDate")? + DAY_MS;
        self.votes.push(Vote { post: row.number("PostId")?, kind, known_at_ms });
        Ok(())
    }
}

/// The attributes of one `<row …/>`.
struct Row {
    file: &'static str,
    attributes: Vec<(String, String)>,
}

impl Row {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn wrong(&self, attribute: &'static str) -> DumpError {
        let owned = |name| self.get(name).unwrap_or_default().to_owned();
        DumpError::Row { file: self.file, row: owned("Id"), attribute, value: owned(attribute) }
    }

    fn number<N: std::str::FromStr>(&self, name: &'static str) -> Result<N, DumpError> {
        self.get(name).and_then(|value| value.parse().ok()).ok_or_else(|| self.wrong(name))
    }

    fn optional_number<N: std::str::FromStr>(&self, name: &'static str) -> Result<Option<N>, DumpError> {
        self.get(name).map(|_| self.number(name)).transpose()
    }

    /// A dump's times are UTC and do not say so.
    fn time(&self, name: &'static str) -> Result<i64, DumpError> {
        self.get(name)
            .and_then(|value| value.parse::<DateTime>().ok())
            .and_then(|time| TimeZone::UTC.to_timestamp(time).ok())
            .map(|timestamp| timestamp.as_millisecond())
            .ok_or_else(|| self.wrong(name))
    }
}

fn each_row(
    file: &'static str,
    content: impl BufRead,
    mut take: impl FnMut(Row) -> Result<(), DumpError>,
) -> Result<(), DumpError> {
    let xml = |cause| DumpError::Xml { file, cause };
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(xml)? {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "row" => {
                take(Row { file, attributes: attributes(&tag).map_err(xml)? })?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn attributes(tag: &BytesStart<'_>) -> quick_xml::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0)?.into_owned();
        found.push((attribute.key.as_ref().to_owned(), value));
    }
    Ok(found)
}

/// `<hops><history>` or `|hops|history|`: older and newer dumps.
fn tags(list: &str) -> Vec<String> {
    list.split(['<', '>', '|']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// HTML without its tags (each becomes a space), entities resolved, runs of spaces made one.
fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        match rest[start..].find('>') {
            Some(end) => rest = &rest[start + end + 1..],
            None => rest = "",
        }
    }
    text.push_str(rest);
    let resolved = resolve_entities(&text);
    resolved.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The five entities of XML, numeric ones, and the no-break space; anything else stays as it is written.
fn resolve_entities(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        resolved.push_str(&rest[..start]);
        rest = &rest[start..];
        let entity = rest[1..].split_once(';').map(|(entity, _)| entity);
        match entity.and_then(|entity| Some((entity, character_of(entity)?))) {
            Some((entity, character)) => {
                resolved.push(character);
                rest = &rest[entity.len() + 2..];
            }
            None => {
                resolved.push('&');
                rest = &rest[1..];
            }
        }
    }
    resolved.push_str(rest);
    resolved
}

fn character_of(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    if entity == "nbsp" {
        return Some(' ');
    }
    resolve_predefined_entity(entity)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS_XML: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<posts>
  <row Id=\"1\" PostTypeId=\"1\" AcceptedAnswerId=\"2\" CreationDate=\"2014-01-21T20:26:05.383\" OwnerUserId=\"7\"
    Title=\"What is a hop &amp; why?\" Body=\"&lt;p&gt;AT&amp;amp;T &lt;b&gt;asks&lt;/b&gt;&#xA;&amp;#39;why&amp;#39;\" Tags=\"&lt;hops&gt;&lt;beer-style&gt;\" />
  <row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" CreationDate=\"2014-01-22T00:00:00.000\" OwnerUserId=\"-1\" Body=\"a\" />
  <row Id=\"3\" PostTypeId=\"2\" ParentId=\"1\" CreationDate=\"2014-01-22T00:00:00.000\" Body=\"nobody's\" />
  <row Id=\"4\" PostTypeId=\"2\" ParentId=\"99\" CreationDate=\"2014-01-22T00:00:00.000\" OwnerUserId=\"5\" Body=\"lost\" />
  <row Id=\"5\" PostTypeId=\"5\" CreationDate=\"2014-01-22T00:00:00.000\" Body=\"a wiki page\" />
</posts>";
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
    fn broken_html_stays_text() {
        assert_eq!(plain_text("a &bogus; b & c &#xZZ; <i"), "a &bogus; b & c &#xZZ;");
    }
}
