//! Requests to score freelancers for a project.

use serde_json::Value;
use utoipa::ToSchema;

use super::{Batch, FreelancerRecord, ProjectRecord};
use crate::validation::{Field, FromJson, Object};

/// The freelancers of one request.
pub type Freelancers = Batch<FreelancerRecord>;

/// A project and the freelancers to score for it.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(as = ScoreInput)]
pub struct ScoreRecords {
    /// The project.
    pub project: ProjectRecord,
    /// The freelancers. Answered in the same order.
    pub freelancers: Freelancers,
}

impl FromJson for ScoreRecords {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (project, freelancers) = (body.required("project"), body.required("freelancers"));
        Some(Self { project: project?, freelancers: freelancers? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::scoring::ForeignId;
    use crate::validation::{Rule, read};
    use crate::values::{JobCount, Share, Stars, Time};

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read::<ScoreRecords>(&body).unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    #[test]
    fn skills_are_enough() {
        let body = json!({"project": {"skills": ["Rust"]}, "freelancers": [{"skills": ["Rust"]}]});
        let records = read::<ScoreRecords>(&body).unwrap();
        assert_eq!(records.project.status, None);
        assert_eq!(records.freelancers.as_slice()[0].skills.as_slice()[0].as_str(), "Rust");
        assert_eq!(
            crate::eligibility::check(records.project.terms(), records.freelancers.as_slice()[0].terms()),
            Ok(())
        );
    }

    #[test]
    fn a_request_may_contain_the_track_record() {
        let freelancer = json!({
            "id": "crm/4711", "skills": ["a"], "rating": 4, "completed_jobs": 3, "hire_rate": 0.5,
            "response_minutes": 12.5, "last_active_at": "2026-11-20T17:30:00+09:00", "hourly_rate": null
        });
        let body =
            json!({"project": {"skills": ["a"], "created_at": "2026-11-21T00:00:00Z"}, "freelancers": [freelancer]});
        let records = read::<ScoreRecords>(&body).unwrap();
        let freelancer = &records.freelancers.as_slice()[0];
        assert_eq!(
            (
                freelancer.rating.map(Stars::get),
                freelancer.completed_jobs.map(JobCount::get),
                freelancer.hire_rate.map(Share::get)
            ),
            (Some(4.0), Some(3), Some(0.5))
        );
        assert_eq!(freelancer.last_active_at.map(Time::get), Some("2026-11-20T08:30:00Z".parse().unwrap()));
        assert_eq!(freelancer.id.as_ref().map(ForeignId::as_str), Some("crm/4711"));
    }

    #[test]
    fn every_wrong_field_of_every_record_is_named() {
        let body = json!({
            "project": {"skills": [], "budget": {"kind": "daily", "min": 1, "max": 2, "currency": "KRW"}},
            "freelancers": [
                {"skills": ["ok"]},
                {"rating": 5.1, "hire_rate": -0.1, "completed_jobs": 1.5, "last_active_at": "yesterday"},
                "somebody",
                {"skills": ["", "ok"], "hourly_rate": {"amount": 5}}
            ]
        });
        let expected = [
            ("/project/skills", Rule::TooFew),
            ("/project/budget/kind", Rule::UnknownValue),
            ("/freelancers/1/skills", Rule::Required),
            ("/freelancers/1/rating", Rule::OutOfRange),
            ("/freelancers/1/completed_jobs", Rule::WrongType),
            ("/freelancers/1/hire_rate", Rule::OutOfRange),
            ("/freelancers/1/last_active_at", Rule::InvalidTime),
            ("/freelancers/2", Rule::WrongType),
            ("/freelancers/3/skills/0", Rule::Blank),
            ("/freelancers/3/hourly_rate/currency", Rule::Required),
        ];
        assert_eq!(wrong(body), expected.map(|(pointer, rule)| (pointer.to_owned(), rule)));
    }

    #[test]
    fn a_request_is_bounded() {
        let many = vec![json!({"skills": ["a"]}); Freelancers::MAX + 1];
        let project = json!({"skills": ["a"]});
        assert!(read::<ScoreRecords>(&json!({"project": project, "freelancers": many[1..]})).is_ok());
        let too_many = wrong(json!({"project": project, "freelancers": many}));
        assert_eq!(too_many, [("/freelancers".to_owned(), Rule::TooMany)]);
        let none = wrong(json!({"freelancers": []}));
        assert_eq!(none, [("/project".to_owned(), Rule::Required), ("/freelancers".to_owned(), Rule::TooFew)]);
    }
}
