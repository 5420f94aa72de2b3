//! A market's own outcomes, from a file of one JSON object per line: projects, proposals, hires and ratings.
//!
//! ```text
//! {"type": "project", "id": "p1", "at": "2026-05-01T09:00:00Z", "client": "c7", "title": "…", "description": "…", "skills": ["Rust"]}
//! {"type": "proposal", "id": "b1", "at": "2026-05-01T10:30:00Z", "project": "p1", "freelancer": "f3", "message": "…"}
//! {"type": "hire", "proposal": "b1", "at": "2026-05-02T08:00:00Z"}
//! {"type": "rating", "proposal": "b1", "at": "2026-06-01T12:00:00Z", "stars": 4.5}
//! ```
//!
//! Ids are any texts, of projects, proposals and people each for themselves; one id is one person, as client and as freelancer.
//! A line may only name what a line before it has introduced. Times are RFC 3339.

use std::collections::{HashMap, HashSet};
use std::fmt::Formatter;
use std::io::BufRead;

use jiff::Timestamp;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::dump::{Answer, Dump, DumpError, PostId, Question, UserId, Vote, VoteKind};

/// The file's name in its folder.
pub(super) const OUTCOMES: &str = "outcomes.jsonl";
/// Stars are counted in tenths.
const TENTHS: f64 = 10.0;
const MOST_STARS: f64 = 5.0;

/// One line, by its `type`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    /// A client looks for somebody.
    Project {
        id: String,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        client: Option<String>,
        #[serde(default)]
        title: String,
        #[serde(default)]
        description: String,
        #[serde(default)]
        skills: Vec<String>,
        /// Nobody may propose any more.
        #[serde(default)]
        closed: bool,
    },
    /// A freelancer would take it.
    Proposal {
        id: String,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        project: String,
        freelancer: String,
        #[serde(default)]
        message: String,
    },
    /// The client took this one, perhaps one of several.
    Hire {
        proposal: String,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
    },
    /// The client says how it was: 0 to 5 stars.
    Rating {
        proposal: String,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        stars: f64,
    },
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("{text:?} is no time like 2026-05-01T09:00:00Z")))
}

/// Reads the file's content.
///
/// # Errors
/// [`DumpError::Line`], naming the first line that is wrong and what it should be.
pub(super) fn read(content: impl BufRead) -> Result<Dump, DumpError> {
    let mut reading = Reading { dump: Dump { rates_by_stars: true, ..Dump::default() }, ..Reading::default() };
    // Some editors mark a file's encoding with these three bytes.
    for (index, line) in content.lines().enumerate() {
        let wrong = |problem: String| DumpError::Line { file: OUTCOMES, line: index + 1, problem };
        let line = line.map_err(|error| wrong(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        parsed(line.trim_start_matches('\u{feff}')).and_then(|line| reading.take(line)).map_err(wrong)?;
    }
    Ok(reading.dump)
}

/// The fields of an object, each named once.
struct Fields(Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gather;
        impl<'de> Visitor<'de> for Gather {
            type Value = Fields;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object in braces")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
                let mut fields = Map::new();
                while let Some((name, value)) = entries.next_entry::<String, Value>()? {
                    if fields.insert(name.clone(), value).is_some() {
                        return Err(A::Error::custom(format!("{name} is given twice")));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Gather)
    }
}

/// The values of `type`.
const TYPES: [&str; 4] = ["project", "proposal", "hire", "rating"];

/// A line's outcome, or what is wrong with it and where.
fn parsed(line: &str) -> Result<Line, String> {
    let Fields(mut object) = serde_json::from_str(line).map_err(|error| {
        // It knows of no other line than this one, and counts bytes.
        let error = error.to_string().replace(" at line 1 column", ", at byte");
        format!("this is no JSON object like {{\"type\": \"project\", …}}: {error}")
    })?;
    let kind = match object.remove("type") {
        Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => kind,
        other => {
            let found = other.map_or("missing".to_owned(), |other| other.to_string());
            return Err(format!("type is {found}, and none of {}", TYPES.join(", ")));
        }
    };
    // What is not known may be left out, or be null.
    object.retain(|_, value| !value.is_null());
    let content = Value::Object(Map::from_iter([(kind.clone(), Value::Object(object))]));
    serde_path_to_error::deserialize(content).map_err(|error| {
        let path = error.path().to_string();
        let field = path.strip_prefix(&kind).unwrap_or_default().trim_start_matches('.');
        if field.is_empty() { error.inner().to_string() } else { format!("{field}: {}", error.inner()) }
    })
}

/// What has been read so far. Projects and proposals are counted in one sequence, as posts are.
#[derive(Debug, Default)]
struct Reading {
    dump: Dump,
    posts: PostId,
    /// A project's place in the dump's questions.
    projects: HashMap<String, usize>,
    /// A proposal's place in the dump's answers.
    proposals: HashMap<String, usize>,
    users: HashMap<String, UserId>,
    /// What has been said of which proposal, by its post: whether it was a hire.
    told: HashSet<(PostId, bool)>,
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
                    return Err(format!("proposal {id} is older than its project"));
                }
                introduce(&mut self.proposals, id, self.dump.answers.len(), "proposal")?;
                let (id, author) = (self.next_post(), self.user(freelancer));
                self.dump.answers.push(Answer {
                    id,
                    question,
                    author,
                    created_at_ms: at.as_millisecond(),
                    body: message,
                });
            }
            Line::Hire { proposal, at } => {
                let (post, question) = self.vote(&proposal, VoteKind::Accepted, at)?;
                // Posts are numbered as they come.
                if let Ok(place) = self.dump.questions.binary_search_by_key(&question, |it| it.id) {
                    self.dump.questions[place].accepted_answer.get_or_insert(post);
                }
            }
            Line::Rating { proposal, at, stars } => {
                if !(0.0..=MOST_STARS).contains(&stars) {
                    return Err(format!("stars is {stars}, which is not between 0 and 5"));
                }
                self.vote(&proposal, VoteKind::Stars { tenths: (stars * TENTHS).round() as u8 }, at)?;
            }
        }
        Ok(())
    }

    fn next_post(&mut self) -> PostId {
        self.posts += 1;
        self.posts
    }

    /// The number of a client or freelancer: one person may be both.
    fn user(&mut self, id: String) -> UserId {
        let next = self.users.len() as UserId + 1;
        *self.users.entry(id).or_insert(next)
    }

    /// What the client says of a proposal. Gives its post and its project's.
    fn vote(&mut self, proposal: &str, kind: VoteKind, at: Timestamp) -> Result<(PostId, PostId), String> {
        let answer = &self.dump.answers[known(&self.proposals, proposal, "proposal")?];
        if at.as_millisecond() < answer.created_at_ms {
            return Err(format!("at is before proposal {proposal} was made"));
        }
        let is_hire = kind == VoteKind::Accepted;
        if !self.told.insert((answer.id, is_hire)) {
            return Err(format!("proposal {proposal} was {} before", if is_hire { "hired" } else { "rated" }));
        }
        // At one and the same time the proposal comes first.
        let known_at_ms = at.as_millisecond().max(answer.created_at_ms + 1);
        self.dump.votes.push(Vote { post: answer.id, kind, known_at_ms });
        Ok((answer.id, answer.question))
    }
}

fn introduce(places: &mut HashMap<String, usize>, id: String, place: usize, kind: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(format!("id is empty: every {kind} wants one of its own"));
    }
    match places.get(&id) {
        None => {
            places.insert(id, place);
            Ok(())
        }
        Some(_) => Err(format!("{kind} {id} is there already")),
    }
}

fn known(places: &HashMap<String, usize>, id: &str, kind: &str) -> Result<usize, String> {
    places.get(id).copied().ok_or_else(|| format!("{kind} {id} is in no line before this one"))
}

#[cfg(test)]
mod tests {
    use super::super::History;
    use super::*;

    const LINES: &str = r#"{"type": "project", "id": "1", "at": "2026-05-01T09:00:00Z", "client": "c", "title": "결제", "description": "Payments", "skills": ["Rust"]}
{"type": "proposal", "id": "1", "at": "2026-05-01T10:30:00+01:00", "project": "1", "freelancer": "f", "message": "I can"}

{"type": "proposal", "id": "2", "at": "2026-05-01T11:00:00Z", "project": "1", "freelancer": "g"}
{"type": "hire", "proposal": "2", "at": "2026-05-02T08:00:00Z"}
{"type": "rating", "proposal": "2", "at": "2026-05-03T08:00:00Z", "stars": 4.5}
{"type": "project", "id": "2", "at": "2026-05-04T09:00:00Z", "client": "f", "skills": null, "closed": true}
"#;

    #[test]
    fn reads_projects_proposals_hires_and_ratings() {
        let dump = read(LINES.as_bytes()).unwrap();
        let [first, second] = &dump.questions[..] else { panic!("{:?}", dump.questions) };
        assert_eq!((first.title.as_str(), first.body.as_str(), first.tags[0].as_str()), ("결제", "Payments", "Rust"));
        assert_eq!((first.asker, second.asker), (Some(1), Some(2)), "f is a client, too");
        assert_eq!((first.is_closed, second.is_closed), (false, true));
        let [f, g] = &dump.answers[..] else { panic!("{:?}", dump.answers) };
        assert_eq!((f.author, g.author, f.question, g.question), (2, 3, first.id, first.id));
        assert_eq!((f.created_at_ms - first.created_at_ms, g.body.as_str()), (30 * 60_000, ""));
        assert_eq!(first.accepted_answer, Some(g.id));
        assert_eq!(dump.votes.len(), 2);
    }

    #[test]
    fn stars_are_what_a_rating_is_of_and_the_unrated_have_none() {
        let dump = read(LINES.as_bytes()).unwrap();
        let mut history = History::new(&dump);
        for event in dump.events() {
            history.record(&event);
        }
        let talents = history.records().values().map(|record| record.talent());
        let known: Vec<_> = talents.map(|talent| (talent.rating, talent.rated_jobs, talent.completed_jobs)).collect();
        assert_eq!(known, [(None, 0, 0), (Some(4.5), 1, 1)]);
    }

    #[test]
    fn what_is_too_young_to_tell_is_left_out_with_what_came_of_it() {
        let later =
            r#"{"type": "proposal", "id": "3", "at": "2026-05-05T09:00:00Z", "project": "2", "freelancer": "g"}"#;
        let all = read(format!("{LINES}{later}").as_bytes()).unwrap();
        let left = |days| {
            let mut dump = all.clone();
            dump.leave_out_younger_than(days);
            (dump.questions.len(), dump.answers.len(), dump.votes.len())
        };
        assert_eq!([left(0), left(1), left(2), left(9)], [(2, 3, 2), (2, 3, 2), (1, 2, 2), (0, 0, 0)]);
    }

    #[test]
    fn a_project_may_hire_several() {
        let again = r#"{"type": "hire", "proposal": "1", "at": "2026-05-05T08:00:00Z"}"#;
        let dump = read(format!("{LINES}{again}").as_bytes()).unwrap();
        assert_eq!(dump.hires(), dump.answers.iter().map(|answer| answer.id).collect());
    }

    #[test]
    fn a_hire_at_the_time_of_the_proposal_counts() {
        let lines = r#"{"type": "project", "id": "p", "at": "2026-05-01T09:00:00Z", "client": null}
{"type": "proposal", "id": "b", "at": "2026-05-01T09:00:00Z", "project": "p", "freelancer": "f"}
{"type": "hire", "proposal": "b", "at": "2026-05-01T09:00:00Z"}"#;
        let dump = read(lines.as_bytes()).unwrap();
        let mut history = History::new(&dump);
        for event in dump.events() {
            history.record(&event);
        }
        assert_eq!(history.records()[&1].completed_jobs, 1);
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        let problem = |line: &str| read(format!("{LINES}{line}\n").as_bytes()).unwrap_err().to_string();
        for (line, expected) in [
            (r#"{"type": "hire", "proposal": "9", "at": "2026-05-05T08:00:00Z"}"#, "proposal 9 is in no line before"),
            (r#"{"type": "project", "id": "1", "at": "2026-05-05T08:00:00Z"}"#, "project 1 is there already"),
            (r#"{"type": "rating", "proposal": "1", "at": "2026-05-05T08:00:00Z", "stars": 50}"#, "between 0 and 5"),
            (
                r#"{"type": "proposal", "id": "3", "at": "2026-04-05T08:00:00Z", "project": "1", "freelancer": "f"}"#,
                "proposal 3 is older than its project",
            ),
            (r#"{"type": "hire", "proposal": "1", "at": "yesterday"}"#, "at: \"yesterday\" is no time like"),
            (r#"{"type": "hire", "proposal": "1", "when": "2026-05-05T08:00:00Z"}"#, "unknown field `when`"),
            (r#"{"type": "hire", "proposal": "2", "at": "2026-05-05T08:00:00Z"}"#, "proposal 2 was hired before"),
            (r#"{"type": "hire", "proposal": "1", "at": "2026-05-01T09:29:59Z"}"#, "before proposal 1 was made"),
            (r#"{"type": "bid"}"#, "type is \"bid\", and none of project, proposal, hire, rating"),
            (r#"{"id": "1"}"#, "type is missing, and none of"),
            (
                r#"{"type": "project", "id": 5, "at": "2026-05-05T08:00:00Z"}"#,
                "id: invalid type: integer `5`, expected",
            ),
            (r#"{"type": "project", "id": "", "at": "2026-05-05T08:00:00Z"}"#, "id is empty"),
            (
                r#"{"type": "project", "id": "5", "at": "2026-05-05T08:00:00Z", "skills": ["a", 1]}"#,
                "skills[1]: invalid type",
            ),
            (
                r#"{"type": "rating", "proposal": "1", "at": "2026-05-05T08:00:00Z", "stars": null}"#,
                "missing field `stars`",
            ),
            (r#"{"type": "hire", "proposal": "1", "proposal": "2"}"#, "proposal is given twice"),
            ("null", "expected an object in braces"),
            ("[1, 2]", "expected an object in braces"),
            ("nonsense", "expected ident, at byte 2"),
        ] {
            let problem = problem(line);
            assert!(problem.starts_with("outcomes.jsonl, line 8: ") && problem.contains(expected), "{problem}");
        }
    }
}
