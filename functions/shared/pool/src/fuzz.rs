//! Fuzz targets: the bytes of rows, and the bodies of both pools' rows.

use domain::freelancer::{Freelancer, FreelancerProfile, WorkHistory};
use domain::project::{Project, ProjectBrief};
use domain::validation::read;
use domain::values::{AccountId, ProjectId};
use fuzzing::Target;
use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use crate::eligibility::LanguageMasks;
use crate::{Change, Revision, Row, project_row, row, talent_row};

const ID: AccountId = AccountId::new(Ulid(7));

fn talent() -> Vec<u8> {
    let body = json!({
        "headline": "Rust로 결제 시스템을 만듭니다", "bio": "서버를 만듭니다.", "category": "Software",
        "skills": ["Rust", "DynamoDB"], "languages": ["ko", "en-GB"],
        "hourly_rate": {"amount": 65_000, "currency": "KRW"}
    });
    let profile = read::<FreelancerProfile>(&body).unwrap();
    let freelancer = Freelancer::introduce(ID, "박지훈".parse().unwrap(), profile, Timestamp::UNIX_EPOCH).state;
    talent_row::pack(&freelancer, &WorkHistory::default())
}

fn project() -> Project {
    let body = json!({
        "title": "결제 서버", "description": "결제 서버를 다시 만듭니다", "category": "c", "skills": ["Rust", "결제"],
        "languages": ["ko-KR"], "budget": {"kind": "fixed", "min": 5, "max": 9, "currency": "KRW"},
    });
    let brief = ProjectBrief::of_new(&body, Timestamp::UNIX_EPOCH).unwrap();
    Project::post(ProjectId::new(Ulid(7)), ID, brief, Timestamp::UNIX_EPOCH).state
}

#[test]
fn fuzz_talent_row() {
    Target::new("talent_row")
        .run([talent()], |bytes| talent_row::unpack(ID, bytes, &mut LanguageMasks::default()).is_ok());
}

#[test]
fn fuzz_project_row() {
    let project = project();
    let json = json!({"owner_id": project.owner_id, "brief": project.brief}).to_string().into_bytes();
    let seeds = [project_row::pack(&project).unwrap(), json];
    // A row of version 0.1 is packed when it is read: its words are counted.
    Target { bytes_per_byte: 512, ..Target::new("project_row") }.run(seeds, |bytes| {
        let Ok(project) = project_row::unpack(bytes) else { return false };
        let _ = project.terms(Timestamp::UNIX_EPOCH);
        true
    });
}

#[test]
fn fuzz_feed_rows() {
    let mut rows = row::begin();
    for (id, change) in [(1, Change::Put(talent())), (2, Change::Tombstone(Timestamp::UNIX_EPOCH))] {
        Row { id: Ulid(id), revision: Revision::from_bits(9), change }.append_to(&mut rows);
    }
    Target::new("feed_rows").run([rows], |bytes| {
        let Ok(rows) = row::read(bytes).collect::<Result<Vec<_>, _>>() else { return false };
        let mut again = row::begin();
        rows.iter().for_each(|row| row.append_to(&mut again));
        // A time of a tombstone is kept in milliseconds, so equal rows have equal bytes.
        assert_eq!(again, bytes, "rows have one spelling");
        true
    });
}
