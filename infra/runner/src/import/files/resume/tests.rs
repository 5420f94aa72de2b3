//! Resumes in Korean and English, whole, odd and broken.

use domain::values::MAX_SKILLS;

use super::*;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn member_of(content: &Value) -> Result<(Member, Notes), String> {
    Resume::read(content, now())?.into_member(&Vocabulary::default(), now())
}

fn korean() -> Value {
    json!({
        "basics": {
            "name": "김민아", "label": "결제 백엔드 개발자", "email": "mina@personal.example", "phone": "010-1234-5678",
            "summary": "Rust로 결제 시스템을 만듭니다.",
            "location": {"address": "서울 어딘가 1번지", "city": "서울", "countryCode": "KR"},
            "profiles": [{"network": "GitHub", "username": "mina"}],
        },
        "work": [{
            "name": "한강 결제", "position": "백엔드 개발자", "startDate": "2019-03", "endDate": null,
            "highlights": ["정산"],
        }],
        "education": [{"institution": "KAIST", "area": "전산학", "studyType": "학사"}],
        "skills": [
            {"name": "백엔드 개발", "level": "Master", "keywords": ["Rust", "DynamoDB"]},
            {"name": "결제 연동", "keywords": null},
        ],
        "languages": [{"language": "한국어", "fluency": "모국어"}, {"language": "영어"}, {"language": "Klingon"}],
        "meta": {"lastModified": "2026-05-01T09:00:00"},
    })
}

#[test]
fn a_korean_resume_is_a_freelancer() {
    let (member, notes) = member_of(&korean()).unwrap();
    assert_eq!(member.account.display_name.as_str(), "김민아");
    assert_eq!(member.account.created_at, "2026-05-01T09:00:00Z".parse().unwrap());
    let profile = member.talent.unwrap().profile;
    assert_eq!(profile.headline.as_str(), "결제 백엔드 개발자");
    assert_eq!(profile.category.as_str(), "백엔드 개발");
    let skills: Vec<&str> = profile.skills.as_slice().iter().map(|skill| skill.as_str()).collect();
    assert_eq!(skills, ["Rust", "DynamoDB", "결제 연동", "백엔드 개발"]);
    let languages: Vec<&str> = profile.languages.iter().map(|language| language.as_str()).collect();
    assert_eq!(languages, ["ko", "en"]);
    assert_eq!(profile.timezone.unwrap().as_str(), "Asia/Seoul");
    assert_eq!(profile.years_experience, Some(7));
    assert_eq!(
        profile.bio.as_str(),
        "Rust로 결제 시스템을 만듭니다.\n\n백엔드 개발자, 한강 결제 (2019–)\n- 정산\n\n전산학, 학사, KAIST"
    );
    assert_eq!(notes.count(Note::UnknownLanguage), 1);
}

#[test]
fn personal_data_stays_out() {
    let (member, _) = member_of(&korean()).unwrap();
    let login = member.email.as_str();
    assert!(login.starts_with("freelancer-") && login.ends_with("@resumes.example"), "{login}");
    let stored = serde_json::to_string(&member.talent.unwrap().profile).unwrap();
    for personal in ["mina@personal.example", "1234-5678", "1번지", "GitHub"] {
        assert!(!stored.contains(personal), "{personal}");
    }
}

#[test]
fn the_same_resume_has_the_same_id() {
    let id = |content: &Value| member_of(content).unwrap().0.account.id;
    assert_eq!(id(&korean()), id(&korean()));
    let mut other = korean();
    other["basics"]["label"] = json!("Designer");
    assert_ne!(id(&korean()), id(&other));
}

#[test]
fn a_resume_with_sixty_keywords_is_taken() {
    let keywords: Vec<String> = (0..60).map(|number| format!("Skill {number}")).collect();
    let (member, notes) = member_of(&json!({"skills": [{"name": "Everything", "keywords": keywords}]})).unwrap();
    assert_eq!(member.talent.unwrap().profile.skills.as_slice().len(), MAX_SKILLS);
    // The name over the keywords counts, too.
    assert_eq!(notes.count(Note::TooManySkills { max: MAX_SKILLS }), 61 - MAX_SKILLS);
}

#[test]
fn odd_parts_are_taken_as_they_are_meant() {
    let content = json!({
        "resume": {
            "basics": {"name": "  Maya\nKim ", "label": "<b>Designer</b>", "location": "Seoul", "profiles": null},
            "work": {"company": "Harbour", "position": "Designer", "startDate": "May 2020", "endDate": "Present"},
            "skills": "Figma, Illustrator",
            "languages": ["English", {"name": "Deutsch"}],
            "education": [null, "KAIST"],
        }
    });
    let (member, notes) = member_of(&content).unwrap();
    assert_eq!(member.account.display_name.as_str(), "Maya Kim");
    let profile = member.talent.unwrap().profile;
    assert_eq!((profile.headline.as_str(), profile.category.as_str()), ("Designer", "Designer"));
    let skills: Vec<&str> = profile.skills.as_slice().iter().map(|skill| skill.as_str()).collect();
    assert_eq!(skills, ["Figma", "Illustrator"]);
    assert_eq!((profile.languages.len(), profile.years_experience), (2, Some(6)));
    assert_eq!(notes, Notes::default());
}

#[test]
fn long_texts_are_cut_and_counted() {
    let content = json!({
        "basics": {"name": "가".repeat(100), "label": "나".repeat(200), "summary": "다".repeat(6_000)},
        "skills": ["Rust"],
    });
    let (member, notes) = member_of(&content).unwrap();
    assert_eq!(member.account.display_name.as_str(), "가".repeat(80));
    let profile = member.talent.unwrap().profile;
    assert_eq!(
        (profile.headline.as_str(), profile.bio.as_str()),
        ("나".repeat(120).as_str(), "다".repeat(5_000).as_str())
    );
    for (texts, max) in [("names", 80), ("headlines", 120), ("biographies", 5_000)] {
        assert_eq!(notes.count(Note::Cut { texts, max }), 1, "{texts}");
    }
}

#[test]
fn missing_parts_have_stand_ins() {
    let (member, notes) = member_of(&json!({"skills": ["Rust", "Go"]})).unwrap();
    assert!(member.account.display_name.as_str().starts_with("Freelancer "));
    let profile = member.talent.unwrap().profile;
    assert_eq!((profile.headline.as_str(), profile.category.as_str()), ("Rust, Go", "Other"));
    assert_eq!(notes.count(Note::NoName), 1);

    let mut vocabulary = Vocabulary::default();
    vocabulary.learn(&["Rust".to_owned()]);
    let content = json!({"basics": {"name": "Kim", "label": "Rust developer"}});
    let resume = Resume::read(&content, now()).unwrap();
    let (member, notes) = resume.into_member(&vocabulary, now()).unwrap();
    assert_eq!(member.talent.unwrap().profile.skills.as_slice()[0].as_str(), "Rust");
    assert_eq!(notes.count(Note::SkillsFromText), 1);

    let (member, notes) = member_of(&content).unwrap();
    assert_eq!(member.talent.unwrap().profile.skills.as_slice()[0].as_str(), "Rust developer");
    assert_eq!(notes.count(Note::NoSkill), 1);
}

#[test]
fn other_json_is_refused_with_a_reason() {
    let no_resume = "is no JSON Resume: it has none of basics, work, skills, education and projects";
    for (content, reason) in [
        (json!({"name": "pairwork", "version": "1.0.0"}), no_resume),
        (json!([1, 2]), no_resume),
        (json!("resume"), no_resume),
        (json!(null), no_resume),
        (json!({"basics": {"name": "Kim"}}), "names no skill, no label and no position"),
        (json!({"basics": 7, "skills": [[], {}, true, null, ""]}), "names no skill, no label and no position"),
    ] {
        assert_eq!(member_of(&content).map(|_| ()), Err(reason.to_owned()), "{content}");
    }
}
