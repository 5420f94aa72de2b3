//! Bids that another system sends to be compared, and that are stored nowhere: lenient, since skills are enough, and
//! whatever else is known helps.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scoring::{FreelancerRecord, FreelancerRecordInput, ProjectRecord, ProjectRecordInput};
use crate::validation::{Field, Object, Place, Refusal, Rule, Violations};
use crate::values::Text;

/// The most bids that one request may send.
pub const MAX_BIDS: usize = 1_000;
/// The longest delay in minutes that is taken at its word: as long as a record's response time.
const MAX_DELAY_MINUTES: f64 = 1_000_000_000.0;

/// What a freelancer writes with a bid; may be empty.
pub type Message = Text<0, 10_000>;

/// A project and all the bids for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct BidsInput {
    /// The project.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = ProjectRecordInput, required)]
    pub project: Field<Object<ProjectRecordInput>>,
    /// All the bids for it, at most 1,000, in any order.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Vec<BidInput>, required, min_items = 1, max_items = 1000)]
    pub bids: Field<Vec<Field<Object<BidInput>>>>,
}

/// A bid, as a request sends it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Bid, example = json!({
    "freelancer": {"id": "crm-4711", "headline": "Payment back ends in Rust", "skills": ["Rust", "DynamoDB"]},
    "message": "I moved a payment gateway to Rust last year and can start on Monday. First I would …",
    "delay_minutes": 95
}))]
pub struct BidInput {
    /// Who bids.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = FreelancerRecordInput, required)]
    pub freelancer: Field<Object<FreelancerRecordInput>>,
    /// What the freelancer writes; left out if nothing.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub message: Field<String>,
    /// Minutes from the project's posting to the bid; left out if not known.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = Option<f64>, minimum = 0.0, maximum = 1_000_000_000.0)]
    pub delay_minutes: Field<f64>,
}

/// A project and bids that are fit to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct BidRecords {
    /// The project.
    pub project: ProjectRecord,
    /// The bids, in the order they were sent; 1 to [`MAX_BIDS`].
    pub bids: Vec<BidRecord>,
}

/// A bid to be compared with others.
#[derive(Clone, Debug, PartialEq)]
pub struct BidRecord {
    /// Who bids.
    pub freelancer: FreelancerRecord,
    /// What the freelancer writes, if anything.
    pub message: Option<Message>,
    /// Minutes from the project's posting to the bid.
    pub delay_minutes: Option<f64>,
}

impl BidsInput {
    /// The records.
    ///
    /// # Errors
    /// Every wrong field of the project and of every bid.
    pub fn validate(&self) -> Result<BidRecords, Violations> {
        let mut violations = Violations::none();
        let mut body = violations.root();
        let project = {
            let mut place = body.member("project");
            self.project.required(&mut place).and_then(|Object(project)| project.read(place))
        };
        let bids = read_bids(&self.bids, body.member("bids"));
        match (project, bids) {
            (Some(project), Some(bids)) if violations.is_empty() => Ok(BidRecords { project, bids }),
            _ => Err(violations),
        }
    }
}

fn read_bids(field: &Field<Vec<Field<Object<BidInput>>>>, mut place: Place<'_>) -> Option<Vec<BidRecord>> {
    let elements = field.required(&mut place)?;
    if elements.is_empty() {
        place.refuse(Refusal::new(Rule::TooFew, "must hold at least one bid"));
        return None;
    }
    if elements.len() > MAX_BIDS {
        place.refuse(Refusal::new(Rule::TooMany, format!("must hold at most {MAX_BIDS} bids")));
        return None;
    }
    let mut bids = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        let mut place = place.element(index);
        let bid = element.required(&mut place).and_then(|Object(bid)| bid.read(place));
        bids.extend(bid);
    }
    Some(bids)
}

impl BidInput {
    fn read(&self, mut place: Place<'_>) -> Option<BidRecord> {
        let freelancer = {
            let mut place = place.member("freelancer");
            self.freelancer.required(&mut place).and_then(|Object(freelancer)| freelancer.read(place))
        };
        let message = self.message.parse_optional(place.member("message"));
        let delay_minutes = self.delay_minutes.number_optional(0.0, MAX_DELAY_MINUTES, place.member("delay_minutes"));
        Some(BidRecord { freelancer: freelancer?, message, delay_minutes })
    }
}

impl BidRecords {
    /// How many of the bids came before each, in the order they were sent. Not known unless every delay is.
    pub fn earlier_bids(&self) -> Vec<Option<u32>> {
        let Some(delays) = self.bids.iter().map(|bid| bid.delay_minutes).collect::<Option<Vec<f64>>>() else {
            return vec![None; self.bids.len()];
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

    fn read(body: Value) -> BidsInput {
        serde_json::from_value::<Object<BidsInput>>(body).unwrap().0
    }

    fn wrong(body: Value) -> Vec<(String, Rule)> {
        let violations = read(body).validate().unwrap_err();
        violations.into_vec().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    fn with_delays(delays: Value) -> BidRecords {
        let bids: Vec<Value> = delays
            .as_array()
            .unwrap()
            .iter()
            .map(|delay| json!({"freelancer": {"skills": ["a"]}, "delay_minutes": delay}))
            .collect();
        read(json!({"project": {"skills": ["a"]}, "bids": bids})).validate().unwrap()
    }

    #[test]
    fn a_bidders_skills_are_enough() {
        let records = read(json!({"project": {"skills": ["a"]}, "bids": [{"freelancer": {"skills": ["a"]}}]}));
        let bids = records.validate().unwrap().bids;
        assert_eq!((bids[0].message.as_ref(), bids[0].delay_minutes), (None, None));
    }

    #[test]
    fn earlier_bids_are_counted_where_every_delay_is_known() {
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
        let many = vec![json!({"freelancer": {"skills": ["a"]}}); MAX_BIDS + 1];
        let project = json!({"skills": ["a"]});
        assert!(read(json!({"project": project, "bids": many[1..]})).validate().is_ok());
        assert_eq!(wrong(json!({"project": project, "bids": many})), [("/bids".to_owned(), Rule::TooMany)]);
        let none = wrong(json!({"bids": []}));
        assert_eq!(none, [("/project".to_owned(), Rule::Required), ("/bids".to_owned(), Rule::TooFew)]);
    }
}
