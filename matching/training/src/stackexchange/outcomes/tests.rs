//! Outcomes as exports have them, right and wrong.

use super::super::History;
use super::*;

const LINES: &str = concat!(
    r#"{"type": "project", "id": "1", "at": "2026-05-01T09:00:00Z", "client": "c", "title": "결제", "#,
    r#""description": "Payments", "skills": ["Rust"]}
{"type": "proposal", "id": "1", "at": "2026-05-01T10:30:00+01:00", "project": "1", "freelancer": "f", "#,
    r#""message": "I can"}

{"type": "proposal", "id": "2", "at": "2026-05-01T11:00:00Z", "project": "1", "freelancer": "g"}
{"type": "hire", "proposal": "2", "at": "2026-05-02T08:00:00Z"}
{"type": "rating", "proposal": "2", "at": "2026-05-03T08:00:00Z", "stars": 4.5}
{"type": "project", "id": "2", "at": "2026-05-04T09:00:00Z", "client": "f", "skills": null, "closed": true}
"#
);

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
    let later = r#"{"type": "proposal", "id": "3", "at": "2026-05-05T09:00:00Z", "project": "2", "freelancer": "g"}"#;
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
        (r#"{"type": "bid"}"#, "type is \"bid\", and none of project, proposal, withdraw, hire, rating"),
        (r#"{"id": "1"}"#, "type is missing, and none of"),
        (r#"{"type": "project", "id": 5.5, "at": "2026-05-05T08:00:00Z"}"#, "id: invalid value: floating point `5.5`"),
        (r#"{"type": "project", "id": true, "at": "2026-05-05T08:00:00Z"}"#, "expected a text or an integer"),
        (r#"{"type": "withdraw", "proposal": 9}"#, "proposal 9 is in no line before this one"),
        (r#"{"type": "withdraw", "proposal": 1, "at": "2026-05-01T09:29:59Z"}"#, "before proposal 1 was made"),
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

#[test]
fn ids_may_be_integers_as_sql_exports_have_them() {
    let lines = LINES.replace(r#""id": "1""#, r#""id": 1"#).replace(r#""project": "1""#, r#""project": 1.0"#);
    let lines = lines.replace(r#""freelancer": "g""#, r#""freelancer": 42"#);
    assert_ne!(lines, LINES);
    let dump = read(lines.as_bytes()).unwrap();
    let expected = read(LINES.as_bytes()).unwrap();
    assert_eq!(
        (&dump.questions, &dump.answers, &dump.votes),
        (&expected.questions, &expected.answers, &expected.votes)
    );

    // The largest id of a 64-bit column keeps every digit.
    let proposal = r#"{"type": "proposal", "id": 18446744073709551615, "project": 1, "freelancer": -7"#;
    let hire = r#"{"type": "hire", "proposal": 18446744073709551614"#;
    let at = r#""at": "2026-05-05T08:00:00Z"}"#;
    let problem = read(format!("{LINES}{proposal}, {at}\n{hire}, {at}").as_bytes()).unwrap_err().to_string();
    assert!(problem.ends_with("proposal 18446744073709551614 is in no line before this one"), "{problem}");
}

#[test]
fn a_withdrawn_proposal_counts_as_never_made() {
    let withdraw = r#"{"type": "withdraw", "proposal": "1", "at": "2026-05-01T12:00:00Z"}"#;
    let dump = read(format!("{LINES}{withdraw}").as_bytes()).unwrap();
    assert_eq!(dump.answers.iter().map(|answer| answer.author).collect::<Vec<_>>(), [3], "the proposal of g");
    assert_eq!(dump.questions, read(LINES.as_bytes()).unwrap().questions);

    let twice = format!("{LINES}{withdraw}\n{withdraw}");
    let problem = read(twice.as_bytes()).unwrap_err().to_string();
    assert_eq!(problem, "outcomes.jsonl, line 9: proposal 1 was withdrawn before");
}

#[test]
fn a_withdrawal_does_not_undo_a_hire() {
    for (line, is_before) in [(r#"{"type": "withdraw", "proposal": "2"}"#, false), ("", true)] {
        let withdraw = "{\"type\": \"withdraw\", \"proposal\": \"2\"}\n{\"type\": \"hire\"";
        let lines = if is_before { LINES.replace("{\"type\": \"hire\"", withdraw) } else { LINES.to_owned() };
        let dump = read(format!("{lines}{line}").as_bytes()).unwrap();
        assert_eq!((dump.answers.len(), dump.hires().len()), (2, 1), "{line}");
    }
}
