//! Whole folders of files, good and bad.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::dates::Moment;
use super::*;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn folder_of(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn folders() -> (tempfile::TempDir, tempfile::TempDir) {
    let resumes = folder_of(&[
        ("mina.json", json!({"basics": {"name": "김민아", "label": "Developer"}, "skills": ["Rust"]}).to_string()),
        ("package.json", json!({"name": "x", "version": "1.0.0"}).to_string()),
        ("broken.json", "{".to_owned()),
        ("nothing.json", json!({"basics": {"name": "Kim"}}).to_string()),
    ]);
    let jobs = folder_of(&[
        (
            "two.jsonld",
            json!([
                {"@type": "JobPosting", "title": "Old", "datePosted": "2026-01-05", "validThrough": "2026-02-01",
                 "hiringOrganization": "한강 결제", "skills": "Go"},
                {"@type": "JobPosting", "title": "New", "datePosted": "2026-11-05", "description": "Rust로 만듭니다.",
                 "hiringOrganization": {"name": "한강 결제"}},
                {"@type": "JobPosting", "description": "no title"},
            ])
            .to_string(),
        ),
        (
            "other.json",
            json!({"@graph": [{"@type": "JobPosting", "title": "Middle", "datePosted": "2026-10-05", "skills": "Go"}]})
                .to_string(),
        ),
        ("page.json", json!({"@type": "Organization", "name": "한강 결제"}).to_string()),
    ]);
    (resumes, jobs)
}

fn imported() -> Import {
    let (resumes, jobs) = folders();
    Import::read(Some(resumes.path()), Some(jobs.path()), now()).unwrap().unwrap()
}

#[test]
fn every_file_is_taken_or_refused_with_a_reason() {
    let import = imported();
    let [resumes, jobs] = import.reports.as_slice() else { panic!("{:?}", import.reports) };
    let refused =
        |report: &Report| report.refused.iter().map(|(file, reason)| format!("{file}: {reason}")).collect::<Vec<_>>();
    assert_eq!((resumes.files, resumes.taken), (4, 1));
    assert_eq!(
        refused(resumes),
        [
            "broken.json: is not JSON: EOF while parsing an object at line 1 column 1",
            "package.json: is no JSON Resume: it has none of basics, work, skills, education and projects",
            "nothing.json: names no skill, no label and no position",
        ]
    );
    assert_eq!((jobs.files, jobs.taken), (3, 3));
    assert_eq!(refused(jobs), ["page.json: holds no JobPosting", "two.jsonld: has no title"]);
}

#[test]
fn the_newest_open_project_is_the_first_candidate() {
    let import = imported();
    let titles: Vec<&str> = import.records.postings.iter().map(|posting| posting.brief.title.as_str()).collect();
    assert_eq!(titles, ["Old", "Middle", "New"]);
    let candidates: Vec<&str> = import.candidates.iter().map(|candidate| candidate.project_id.as_str()).collect();
    let id = |place: usize| import.records.postings[place].id.to_string();
    assert_eq!(candidates, [id(2), id(1)], "the oldest has expired");
}

#[test]
fn a_posting_without_skills_has_those_of_the_resumes_that_it_mentions() {
    let import = imported();
    let newest = &import.records.postings[2].brief;
    assert_eq!(newest.skills.as_slice()[0].as_str(), "Rust");
}

#[test]
fn each_organization_is_one_client_since_its_first_posting() {
    let import = imported();
    let clients = import.records.members.iter().filter(|member| member.talent.is_none());
    let mut clients: Vec<(&str, String)> =
        clients.map(|member| (member.account.display_name.as_str(), member.account.created_at.to_string())).collect();
    clients.sort_unstable();
    assert_eq!(
        clients,
        [("Unnamed organization", "2026-10-05T00:00:00Z".to_owned()), ("한강 결제", "2026-01-05T00:00:00Z".to_owned()),]
    );
}

#[test]
fn importing_again_gives_the_same_ids() {
    let ids = |import: Import| {
        let members: Vec<AccountId> = import.records.members.iter().map(|member| member.account.id).collect();
        (members, import.records.postings.iter().map(|posting| posting.id).collect::<Vec<_>>())
    };
    let (resumes, jobs) = folders();
    let read = |now: &str| Import::read(Some(resumes.path()), Some(jobs.path()), now.parse().unwrap());
    let (first, second) = (read("2026-12-01T00:00:00Z"), read("2027-12-01T00:00:00Z"));
    assert_eq!(ids(first.unwrap().unwrap()), ids(second.unwrap().unwrap()));
}

#[test]
fn no_folder_is_no_import() {
    assert!(Import::read(None, None, now()).unwrap().is_none());
}

/// JSON that consists of the names and values that the readers look for, in any place.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "@graph",
        "@id",
        "@type",
        "@value",
        "address",
        "addressCountry",
        "baseSalary",
        "basics",
        "currency",
        "datePosted",
        "description",
        "education",
        "endDate",
        "hiringOrganization",
        "jobLocation",
        "keywords",
        "label",
        "language",
        "languages",
        "location",
        "maxValue",
        "minValue",
        "name",
        "position",
        "skills",
        "startDate",
        "summary",
        "title",
        "unitText",
        "validThrough",
        "value",
        "work",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,30}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "JobPosting",
            "2024-13-45",
            "9999-12-31",
            "-2024",
            "May 0",
            "USD",
            "YEAR",
            "1,,..",
            "<li>",
            "<p",
            "&#0;",
            "ko-",
            "김",
            "\u{202e}\u{0}",
            "Present",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(names.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_taken_or_refused(content in any_json(), now in 0_i64..4_000_000_000) {
        let now = Timestamp::from_second(now).unwrap();
        let vocabulary = Vocabulary::default();
        let resume = json!({"basics": content, "work": content, "skills": content, "languages": content});
        for resume in [&content, &resume] {
            let member = Resume::read(resume, now).and_then(|resume| resume.into_member(&vocabulary, now));
            prop_assert!(member.is_ok() || member.is_err_and(|reason| !reason.is_empty()));
        }
        let posting = json!({
            "@type": "JobPosting", "title": content, "description": content, "skills": content, "baseSalary": content,
            "jobLocation": content, "hiringOrganization": content, "datePosted": content, "validThrough": content,
        });
        for content in [&content, &posting] {
            let organizations = Organizations::of(content);
            for posting in postings(content) {
                let read = Job::read(posting, &organizations, now);
                let posting = read.and_then(|job| job.into_posting(&vocabulary, now));
                prop_assert!(posting.is_ok() || posting.is_err_and(|reason| !reason.is_empty()));
            }
        }
    }

    #[test]
    fn any_text_is_a_date_or_none(text in "\\PC{0,20}|[0-9 ./:T-]{0,20}|[A-Za-z]{3} [0-9]{1,9}, [0-9]{1,9}") {
        if let Some(moment) = Moment::parse(&text) {
            prop_assert!(moment.end() >= moment.start());
        }
    }
}
