//! Postings in Korean and English, whole, odd and broken.

use super::super::json::without_prefixes;
use super::super::postings::postings;
use super::*;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn posting_of(content: Value) -> Result<(Posting, Client, Notes), String> {
    let content = without_prefixes(content);
    let organizations = Organizations::of(&content);
    let found = postings(&content);
    let posting = found.first().ok_or("no posting")?;
    let mut vocabulary = Vocabulary::default();
    vocabulary.learn(&["Rust".to_owned(), "DynamoDB".to_owned()]);
    Job::read(posting, &organizations, now())?.into_posting(&vocabulary, now())
}

fn skills_of(posting: &Posting) -> Vec<&str> {
    posting.brief.skills.as_slice().iter().map(|skill| skill.as_str()).collect()
}

#[test]
fn a_korean_posting_is_a_project() {
    let (posting, client, notes) = posting_of(json!({
        "@context": "https://schema.org", "@type": "JobPosting",
        "title": "결제 API 백엔드 개발자",
        "description": "<p>하루 십만 건의 결제를 처리합니다.</p><ul><li>Rust &amp; AWS</li></ul>",
        "skills": ["Rust", "결제 연동"],
        "datePosted": "2026년 11월 3일", "validThrough": "2026-12-31",
        "hiringOrganization": {"@type": "Organization", "name": "한강 결제"},
        "baseSalary": {
            "@type": "MonetaryAmount", "currency": "KRW",
            "value": {"minValue": 62_400_000, "maxValue": 83_200_000, "unitText": "YEAR"},
        },
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "서울", "addressCountry": "KR"}},
        "occupationalCategory": "15-1252.00 Software Developers",
    }))
    .unwrap();
    assert_eq!(posting.brief.title.as_str(), "결제 API 백엔드 개발자");
    assert_eq!(
        posting.brief.description.as_str(),
        "하루 십만 건의 결제를 처리합니다.\n\n- Rust & AWS\n\nLocation: 서울, KR"
    );
    assert_eq!(skills_of(&posting), ["Rust", "결제 연동"]);
    assert_eq!(posting.brief.category.as_str(), "Software Developers");
    assert_eq!(posting.brief.timezone.as_ref().unwrap().as_str(), "Asia/Seoul");
    let budget = serde_json::to_value(posting.brief.budget).unwrap();
    assert_eq!(budget, json!({"kind": "hourly", "min": 30_000, "max": 40_000, "currency": "KRW"}));
    assert_eq!(posting.created_at, "2026-11-03T00:00:00Z".parse().unwrap());
    assert_eq!(posting.brief.expires_at.unwrap().get().to_string(), "2027-01-01T00:00:00Z");
    let member = client.into_member(now()).unwrap();
    assert_eq!((member.account.id, member.account.display_name.as_str()), (posting.owner_id, "한강 결제"));
    assert_eq!(notes, Notes::default());
}

#[test]
fn skills_may_be_a_text_terms_or_missing() {
    let with = |skills: Value| {
        let content =
            json!({"@type": "JobPosting", "title": "Developer", "description": "You know rust.", "skills": skills});
        let (posting, _, notes) = posting_of(content).unwrap();
        (skills_of(&posting).join("|"), notes.count(Note::SkillsFromText))
    };
    assert_eq!(with(json!("Python, SQL; AWS")), ("Python|SQL|AWS".to_owned(), 0));
    assert_eq!(with(json!([{"@type": "DefinedTerm", "name": "Python"}, "SQL"])), ("Python|SQL".to_owned(), 0));
    assert_eq!(with(json!("<ul><li>Python</li><li>SQL</li></ul>")), ("Python|SQL".to_owned(), 0));
    assert_eq!(with(json!(null)), ("Rust".to_owned(), 1));
    assert_eq!(with(json!("")), ("Rust".to_owned(), 1));

    let (posting, _, notes) = posting_of(json!({"@type": "JobPosting", "title": "Florist"})).unwrap();
    assert_eq!((skills_of(&posting), notes.count(Note::NoSkill)), (vec!["Florist"], 1));
}

#[test]
fn a_posting_past_its_end_has_expired() {
    let until = |end: &str| {
        let (posting, _, notes) =
            posting_of(json!({"@type": "JobPosting", "title": "t", "validThrough": end})).unwrap();
        (posting.brief.is_expired_at(now()), notes.count(Note::Expired), notes.count(Note::UnknownDate))
    };
    assert_eq!(until("2026-11-30"), (true, 1, 0));
    assert_eq!(until("2026-12-01"), (false, 0, 0));
    assert_eq!(until("2020-01-01T00:00:00Z"), (true, 1, 0));
    assert_eq!(until("until filled"), (false, 0, 1));
}

#[test]
fn an_organization_is_one_client_however_it_is_written() {
    let owner = |organization: Value| {
        let content = json!({"@type": "JobPosting", "title": "t", "hiringOrganization": organization});
        let (posting, client, notes) = posting_of(content).unwrap();
        (posting.owner_id, client.name, notes.count(Note::NoOrganization))
    };
    let (id, name, _) = owner(json!({"name": "Harbour &amp; Sons"}));
    assert_eq!(name, "Harbour & Sons");
    assert_eq!(owner(json!("HARBOUR & Sons")).0, id);
    assert_eq!(owner(json!([{"name": {"@value": "harbour & sons"}}])).0, id);
    let (_, name, unnamed) = owner(json!(null));
    assert_eq!((name.as_str(), unnamed), ("Unnamed organization", 1));
}

#[test]
fn odd_parts_are_left_out() {
    let (posting, _, notes) = posting_of(json!({
        "@type": "JobPosting", "schema:title": ["<b>Data\nengineer</b>"], "description": null,
        "skills": [7, null, {"x": 1}],
        "datePosted": {"@value": "2099-01-01"}, "validThrough": "", "baseSalary": "competitive",
        "jobLocation": [{"address": "Berlin"}, "Remote", null, {"address": {"addressCountry": {"name": "Germany"}}}],
    }))
    .unwrap();
    assert_eq!(posting.brief.title.as_str(), "Data engineer");
    assert_eq!(posting.brief.description.as_str(), "Location: Berlin; Remote; Germany");
    assert_eq!(skills_of(&posting), ["7"]);
    assert_eq!(posting.created_at, now(), "a date to come is taken as now");
    assert!(posting.brief.timezone.is_none() && posting.brief.budget.is_none());
    assert_eq!(notes.count(Note::UnknownSalary), 1);
}

#[test]
fn long_texts_are_cut_and_counted() {
    let content =
        json!({"@type": "JobPosting", "title": "가".repeat(200), "description": "나".repeat(20_000), "skills": "Rust"});
    let (posting, _, notes) = posting_of(content).unwrap();
    assert_eq!(posting.brief.title.as_str(), "가".repeat(160));
    assert_eq!(posting.brief.description.as_str(), "나".repeat(10_000));
    assert_eq!(notes.count(Note::Cut { texts: "titles", max: 160 }), 1);
    assert_eq!(notes.count(Note::Cut { texts: "descriptions", max: 10_000 }), 1);
}

#[test]
fn a_posting_without_a_title_is_refused() {
    for title in [json!(null), json!(""), json!([]), json!({})] {
        let refused = posting_of(json!({"@type": "JobPosting", "title": title, "description": "d"}));
        assert_eq!(refused.map(|_| ()), Err("has no title".to_owned()));
    }
}
