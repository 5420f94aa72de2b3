//! The bound on the size of answers, so that Lambda accepts every answer.
//!
//! Lambda refuses a reply of more than 6 MB, and the client gets a 5xx. The numbers and sentences about one record are
//! bounded, so a page of matches is bounded too: 100 records with the longest texts take a fifth of 6 MB. But a request
//! may send 1,000 records, and the answer repeats their names, headlines and skills. This module checks their size
//! before anything is scored.

use domain::scoring::{Bids, FreelancerRecord, Freelancers};
use http_api::{ApiError, Code, bytes_in_reply};

use crate::body::FreelancerRecordSummaryBody;

/// The most bytes of an answer that may repeat the records of the request.
pub(crate) const MOST_REPEATED_BYTES: usize = 3_000_000;

/// The largest reply that Lambda takes, in bytes (Lambda quotas: 6 MB).
const LARGEST_REPLY_BYTES: usize = 6 * 1024 * 1024;
/// The most bytes about one record beside the repeated ones: its index, numbers and sentences.
const LARGEST_JUDGEMENT_BYTES: usize = 3_200;
/// The bytes that an answer holds once, with its status and headers.
const LARGEST_REST_BYTES: usize = 8 * 1024;

const MOST_RECORDS: usize = if Bids::MAX > Freelancers::MAX { Bids::MAX } else { Freelancers::MAX };
const _: () = assert!(
    MOST_REPEATED_BYTES + MOST_RECORDS * LARGEST_JUDGEMENT_BYTES + LARGEST_REST_BYTES <= LARGEST_REPLY_BYTES,
    "the largest answer to records that are sent would be refused by Lambda"
);

/// Checks that the answer has room for the repeated parts of the records.
///
/// # Errors
/// 413 `too_large`.
pub(crate) fn check<'a>(records: impl IntoIterator<Item = &'a FreelancerRecord>) -> Result<(), ApiError> {
    let mut repeated = 0;
    for record in records {
        let json = serde_json::to_vec(&FreelancerRecordSummaryBody::from(record)).map_err(ApiError::internal)?;
        repeated += bytes_in_reply(&json);
    }
    if repeated <= MOST_REPEATED_BYTES {
        return Ok(());
    }
    let detail = format!(
        "The answer repeats the ids, names, headlines, skills and prices of all freelancers. These take {repeated} \
         bytes \
         in it, and may take {MOST_REPEATED_BYTES}: send fewer freelancers at once, or shorter texts."
    );
    Err(ApiError::new(Code::TOO_LARGE, detail))
}

#[cfg(test)]
mod tests {
    use domain::{
        freelancer::{Freelancer, FreelancerProfile},
        page::Limit,
        project::{Project, ProjectBrief},
        scoring::{BidRecords, ScoreRecords},
        validation::read,
        values::{AccountId, MAX_SKILLS, ProjectId},
    };
    use jiff::Timestamp;
    use matching::{AwardModel, BidFeature, Feature, Features, Model};
    use serde_json::{Value, json};
    use ulid::Ulid;

    use super::*;
    use crate::{
        bids::compare,
        body::{FreelancerSummaryBody, ProjectSummaryBody, judgements},
        language::Language,
        sentence::{bid_sentence, sentence},
    };
    use store::{freelancers::FreelancerSummary, projects::ProjectSummary};

    /// No 32-bit number is printed longer. A text in quotes is longer still.
    const LONGEST_NUMBER: &str = "-1.1754944e-38";

    fn size(body: &impl serde::Serialize) -> usize {
        bytes_in_reply(&serde_json::to_vec(body).unwrap())
    }

    /// The longest sentence about a value, for values from unknown to the greatest.
    fn longest(say: impl Fn(Option<f32>) -> String) -> String {
        let values = (0..=26_000).map(|step| Some(step as f32 / 1_000.0));
        let said = values.chain([None]).map(say);
        said.max_by_key(String::len).unwrap()
    }

    /// Makes every number and every sentence of a judgement as long as it can be.
    fn stretch(judgement: &mut Value, sentences: &[String]) {
        let stretch = |member: &mut Value| {
            if member.is_number() || member.is_null() {
                *member = json!(LONGEST_NUMBER);
            }
        };
        judgement.as_object_mut().unwrap().values_mut().for_each(stretch);
        let reasons = judgement["reasons"].as_array_mut().unwrap();
        assert_eq!(reasons.len(), sentences.len());
        for (reason, sentence) in reasons.iter_mut().zip(sentences) {
            reason.as_object_mut().unwrap().values_mut().for_each(stretch);
            reason["sentence"] = json!(sentence);
        }
    }

    #[test]
    fn the_longest_judgement_is_within_its_bound() {
        let body = json!({"project": {"skills": ["a"]}, "bids": [{"freelancer": {"skills": ["a"]}}]});
        let records = read::<BidRecords>(&body).unwrap();
        let (model, award_model) = (Model::shipped().unwrap(), AwardModel::shipped().unwrap());
        for language in [Language::English, Language::Korean] {
            let of_pair = Feature::ALL.map(|it| longest(|value| sentence(language, it, value)));
            let of_bid = BidFeature::ALL.map(|it| longest(|value| bid_sentence(language, it, value)));

            let features = Features::new([None; matching::FEATURE_COUNT]).unwrap();
            let judged = judgements(&model, &[(features, 0.5)], language).unwrap().remove(0);
            let mut judged = serde_json::to_value(judged).unwrap();
            judged["index"] = json!(0);
            judged["eligible"] = json!(false);
            judged["newcomer"] = json!(false);
            stretch(&mut judged, &of_pair);

            let award = compare(&award_model, &records, Timestamp::UNIX_EPOCH, language).unwrap().remove(0);
            let mut award = serde_json::to_value(award).unwrap();
            award["freelancer"] = json!({});
            stretch(&mut award, &[&of_pair[..], &of_bid].concat());

            for (what, said) in [("a match", judged), ("a bid", award)] {
                assert!(size(&said) <= LARGEST_JUDGEMENT_BYTES, "{what} in {language:?}: {} bytes", size(&said));
            }
        }
    }

    /// A text of `length` characters that take four bytes each, different for each `number`.
    fn text(length: usize, number: usize) -> String {
        let last = char::from_u32(0x1_0000 + u32::try_from(number).unwrap()).unwrap();
        "\"".repeat(length - 1) + &String::from(last)
    }

    #[test]
    fn the_largest_page_of_matches_fits() {
        let skills: Vec<String> = (0..MAX_SKILLS).map(|number| text(50, number)).collect();
        let (money, many) = (json!({"amount": 1_000_000_000, "currency": "KRW"}), json!({"skills": skills}));
        let owner = AccountId::new(Ulid(u128::MAX));

        let mut profile = many.clone();
        profile["headline"] = json!(text(120, 0));
        profile["category"] = json!("c");
        profile["hourly_rate"] = money;
        let profile = read::<FreelancerProfile>(&profile).unwrap();
        let name = text(80, 0).parse().unwrap();
        let freelancer = Freelancer::introduce(owner, name, profile, Timestamp::UNIX_EPOCH).state;
        let freelancer: FreelancerSummary = serde_json::from_value(json!(freelancer)).unwrap();

        let mut brief = many;
        brief["title"] = json!(text(160, 0));
        brief["category"] = json!(text(50, 0));
        brief["budget"] = json!({"kind": "hourly", "min": 1, "max": 1_000_000_000, "currency": "KRW"});
        let brief = ProjectBrief::of_new(&brief, Timestamp::UNIX_EPOCH).unwrap();
        let project = Project::post(ProjectId::new(Ulid(u128::MAX)), owner, brief, Timestamp::UNIX_EPOCH).state;
        let project: ProjectSummary = serde_json::from_value(json!(project)).unwrap();

        for shown in [size(&FreelancerSummaryBody::from(&freelancer)), size(&ProjectSummaryBody::from(&project))] {
            assert!(shown > 2_600 * 4, "{shown} bytes");
            assert!(
                usize::from(Limit::MAX) * (shown + LARGEST_JUDGEMENT_BYTES) + LARGEST_REST_BYTES
                    < LARGEST_REPLY_BYTES / 4
            );
        }
    }

    #[test]
    fn records_are_refused_from_the_first_byte_above_the_limit() {
        // A quote takes four bytes of the reply: the record's JSON has a backslash before it, and the reply escapes
        // both.
        let sent = |quotes: usize, letters: usize| {
            let freelancer = json!({"skills": ["a"], "id": "\"".repeat(quotes) + &"x".repeat(letters)});
            read::<ScoreRecords>(&json!({"project": {"skills": ["a"]}, "freelancers": [freelancer]})).unwrap()
        };
        let repeated =
            |records: &ScoreRecords| size(&FreelancerRecordSummaryBody::from(&records.freelancers.as_slice()[0]));
        let [empty, quoted] = [sent(0, 1), sent(50, 1)].map(|records| repeated(&records));
        assert_eq!(quoted - empty, 4 * 50);

        let longest = sent(20, 100);
        let each = repeated(&longest);
        let many = MOST_REPEATED_BYTES / each;
        // Two records take the rest, so that the limit is reached exactly.
        let rest = MOST_REPEATED_BYTES - (many - 1) * each;
        let filled = |bytes: usize| vec![sent(0, bytes / 2 - empty + 1), sent(0, bytes - bytes / 2 - empty + 1)];
        let check = |last: &[ScoreRecords]| {
            let all = std::iter::repeat_n(&longest, many - 1).chain(last);
            check(all.flat_map(|records| &records.freelancers)).map_err(|error| error.code())
        };
        assert_eq!(check(&filled(rest)), Ok(()));
        assert_eq!(check(&filled(rest + 1)), Err(Code::TOO_LARGE));
    }
}
