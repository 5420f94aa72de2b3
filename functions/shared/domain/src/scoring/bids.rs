//! Requests to compare the bids for a project.

use serde_json::Value;
use utoipa::ToSchema;

use super::batch::Record;
use super::{Batch, FreelancerRecord, ProjectRecord};
use crate::validation::{Field, FromJson, Object};
use crate::values::{Minutes, Text, text::TextKind};

/// The kind of a [`Message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageText {}

impl TextKind for MessageText {
    const NAME: &'static str = "Message";
    const MIN: usize = 0;
    const MAX: usize = 10_000;
    const IS_ONE_LINE: bool = false;
}

/// The text of a bid; may be empty.
pub type Message = Text<MessageText>;

/// The bids of one request.
pub type Bids = Batch<BidRecord>;

/// A project and all the bids for it.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(as = BidsInput)]
pub struct BidRecords {
    /// The project.
    pub project: ProjectRecord,
    /// All the bids for it, in any order.
    pub bids: Bids,
}

/// A bid to be compared with others.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(as = Bid, example = json!({
    "freelancer": {"id": "crm-4711", "headline": "Payment back ends in Rust", "skills": ["Rust", "DynamoDB"]},
    "message": "I moved a payment gateway to Rust last year and can start on Monday. First I would …",
    "delay_minutes": 95
}))]
pub struct BidRecord {
    /// The freelancer who bids.
    pub freelancer: FreelancerRecord,
    /// The text of the bid, if any.
    pub message: Option<Message>,
    /// Minutes from the project's posting to the bid. Left out if unknown.
    pub delay_minutes: Option<Minutes>,
}

impl FromJson for BidRecords {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let (project, bids) = (body.required("project"), body.required("bids"));
        Some(Self { project: project?, bids: bids? })
    }
}

impl FromJson for BidRecord {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut body = Object::of(value, field)?;
        let freelancer = body.required("freelancer");
        let message = body.optional("message");
        let delay_minutes = body.optional("delay_minutes");
        Some(Self { freelancer: freelancer?, message, delay_minutes })
    }
}

impl Record for BidRecord {
    const PLURAL: &'static str = "bids";
}

impl BidRecords {
    /// For each bid, the number of bids that were made before it, in the order they were sent. They are known only if
    /// every delay is.
    pub fn earlier_bids(&self) -> Vec<Option<u32>> {
        let Some(delays) =
            self.bids.as_slice().iter().map(|bid| bid.delay_minutes.map(Minutes::get)).collect::<Option<Vec<f64>>>()
        else {
            return vec![None; self.bids.as_slice().len()];
        };
        let mut rising = delays.clone();
        rising.sort_unstable_by(f64::total_cmp);
        let earlier = |delay: &f64| rising.partition_point(|earlier| earlier < delay);
        delays.iter().map(|delay| u32::try_from(earlier(delay)).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::validation::{Rule, read};

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read::<BidRecords>(&body).unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    fn with_delays(delays: Value) -> BidRecords {
        let bids: Vec<Value> = delays
            .as_array()
            .unwrap()
            .iter()
            .map(|delay| json!({"freelancer": {"skills": ["a"]}, "delay_minutes": delay}))
            .collect();
        read(&json!({"project": {"skills": ["a"]}, "bids": bids})).unwrap()
    }

    #[test]
    fn a_bidders_skills_are_enough() {
        let body = json!({"project": {"skills": ["a"]}, "bids": [{"freelancer": {"skills": ["a"]}}]});
        let bids = read::<BidRecords>(&body).unwrap().bids;
        let BidRecord { message, delay_minutes, .. } = &bids.as_slice()[0];
        assert_eq!((message, delay_minutes), (&None, &None));
    }

    #[test]
    fn earlier_bids_are_counted_if_every_delay_is_known() {
        assert_eq!(with_delays(json!([30, 5, 30, 0])).earlier_bids(), [Some(2), Some(1), Some(2), Some(0)]);
        assert_eq!(with_delays(json!([30, null, 0])).earlier_bids(), [None; 3]);
    }

    #[test]
    fn every_wrong_field_of_every_bid_is_named() {
        let body = json!({
            "project": {"skills": "Rust"},
            "bids": [
                {"freelancer": {"skills": ["ok"]}, "message": ["no text"], "delay_minutes": -0.5},
                {"message": "글".repeat(10_001), "delay_minutes": 1e10},
                {"freelancer": {"skills": ["ok"], "rating": 9}, "message": ""},
                7
            ]
        });
        let expected = [
            ("/project/skills", Rule::WrongType),
            ("/bids/0/message", Rule::WrongType),
            ("/bids/0/delay_minutes", Rule::OutOfRange),
            ("/bids/1/freelancer", Rule::Required),
            ("/bids/1/message", Rule::TooLong),
            ("/bids/1/delay_minutes", Rule::OutOfRange),
            ("/bids/2/freelancer/rating", Rule::OutOfRange),
            ("/bids/3", Rule::WrongType),
        ];
        assert_eq!(wrong(body), expected.map(|(pointer, rule)| (pointer.to_owned(), rule)));
    }

    #[test]
    fn a_request_is_bounded() {
        let many = vec![json!({"freelancer": {"skills": ["a"]}}); Bids::MAX + 1];
        let project = json!({"skills": ["a"]});
        assert!(read::<BidRecords>(&json!({"project": project, "bids": many[1..]})).is_ok());
        assert_eq!(wrong(json!({"project": project, "bids": many})), [("/bids".to_owned(), Rule::TooMany)]);
        let none = wrong(json!({"bids": []}));
        assert_eq!(none, [("/project".to_owned(), Rule::Required), ("/bids".to_owned(), Rule::TooFew)]);
    }
}
