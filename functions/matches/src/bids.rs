//! Comparing bids that another system sends. Nothing is stored, and no sign-in is needed.

use axum::{extract::State, response::Response};
use domain::{
    eligibility,
    scoring::{BidRecord, BidRecords, Message, ProjectRecord},
    values::Minutes,
};
use http_api::{
    Action, ApiError, Caller, JsonBody, body::LARGEST_BYTES, operation::Body, operation::Limited, operation::Problems,
};
use jiff::{SignedDuration, Timestamp};
use matching::{
    Award, AwardModel, Bid, BidFeature, BidFeatures, Feature, Features, PackedTalent, PoolStatistics, Proposal, Talent,
    TalentRecord,
};
use runtime::clock;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Matches, answer_size,
    body::{FreelancerRecordSummaryBody, ModelBody, in_language},
    language::{AcceptLanguage, Language},
    mapping,
    sentence::{bid_sentence, sentence},
};

/// The bids of the request, the likeliest to be hired first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Awards)]
pub(crate) struct AwardsBody<'a> {
    /// The model that compared them.
    model: ModelBody,
    /// One item for each bid. Equally likely bids stay in the order of the request.
    items: Vec<AwardBody<'a>>,
}

/// A bid among the others.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Award)]
pub(crate) struct AwardBody<'a> {
    /// The bid's index in the request, from 0.
    index: usize,
    /// The bidder.
    freelancer: FreelancerRecordSummaryBody<'a>,
    /// The probability that the client hires this bidder, if one of them is hired. The probabilities of all bids add up
    /// to 1.
    #[schema(example = 0.64)]
    probability: f32,
    /// Whether the market would match the two: by languages, budget, the project's status and availability.
    eligible: bool,
    /// The fourteen numbers behind the probability.
    reasons: Vec<AwardReasonBody>,
}

/// The effect of one of fourteen numbers on a bid's probability.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AwardReason, example = json!({
    "feature": "words", "value": 4.3, "contribution": 0.41, "sentence": "A message of 73 different words"
}))]
pub(crate) struct AwardReasonBody {
    /// The ten numbers of a match, then `delay` (ln(1 + minutes)), `words` (ln(1 + different words), at most 150
    /// words), `similarity` (of the message and the project, 0 to 1) and `earlier_bids` (ln(1 + bids)). All fourteen
    /// are always there, in this order.
    #[schema(example = "words")]
    feature: &'static str,
    /// The number; null if it is unknown.
    #[schema(required, example = 4.3)]
    value: Option<f32>,
    /// How much the number raises the log-odds of the bid above the mean of all bids. A negative number lowers them.
    #[schema(example = 0.41)]
    contribution: f32,
    /// The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
    #[schema(example = "A message of 73 different words")]
    sentence: String,
}

/// Compare bids
///
/// Ranks up to 1,000 bids for a project by the probability that the client hires them. The request holds all bids, and
/// nothing is stored. If the project has `created_at` and the bid has `delay_minutes`, the bidder is judged as of the
/// time of the bid, otherwise as of now. The price counts for `eligible` alone. The answer repeats the freelancers'
/// ids, names, headlines, skills and prices. These may take 3,000,000 bytes, some 900 characters of Korean for each of
/// 1,000 bids; a request with more gets `too_large`. API Gateway refuses a body of more than about 6 MB with a 413 of
/// its own; quotes and line breaks count twice.
#[utoipa::path(
    post,
    path = "/matches/bids",
    tag = "matches",
    params(AcceptLanguage),
    request_body = BidRecords,
    responses(
        (status = OK, description = "The bids, the likeliest to be hired first.", body = AwardsBody<'_>),
        Problems<(Body, Limited)>,
    )
)]
pub(crate) async fn compare_bids(
    State(matches): State<Matches>,
    caller: Caller,
    AcceptLanguage(language): AcceptLanguage,
    body: JsonBody<LARGEST_BYTES>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    matches.limits.take(Action::Rank, caller.anonymous(), now).await?;
    let records: BidRecords = body.read()?;
    answer_size::check(records.bids.iter().map(|bid| &bid.freelancer))?;
    let items = compare(&matches.award, &records, now, language)?;
    Ok(in_language(language, &AwardsBody { model: matches.award.as_ref().into(), items }))
}

pub(crate) fn compare<'a>(
    model: &AwardModel,
    records: &'a BidRecords,
    now: Timestamp,
    language: Language,
) -> Result<Vec<AwardBody<'a>>, ApiError> {
    let bids = features(records, now);
    let awards = model.compare(&bids).map_err(ApiError::internal)?;
    let project = records.project.terms();
    let items = records.bids.iter().zip(bids).zip(awards).enumerate();
    let mut items: Vec<AwardBody<'_>> = items
        .map(|(index, ((record, bid), award))| AwardBody {
            index,
            freelancer: (&record.freelancer).into(),
            probability: award.probability,
            eligible: eligibility::check(project, record.freelancer.terms()).is_ok(),
            reasons: reasons(&bid, &award, language),
        })
        .collect();
    // The sort is stable: equal bids stay in the order of the request.
    items.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Ok(items)
}

fn reasons(bid: &Bid, award: &Award, language: Language) -> Vec<AwardReasonBody> {
    let of_pair = Feature::ALL.map(|it| (it.name(), sentence(language, it, bid.pair.get(it))));
    let of_bid = BidFeature::ALL.into_iter().zip(bid.bid.values());
    let of_bid = of_bid.map(|(it, value)| (it.name(), bid_sentence(language, it, value)));
    let named = of_pair.into_iter().chain(of_bid);
    let numbers = bid.values().into_iter().zip(award.contributions);
    named
        .zip(numbers)
        .map(|((feature, sentence), (value, contribution))| AwardReasonBody { feature, value, contribution, sentence })
        .collect()
}

fn features(records: &BidRecords, now: Timestamp) -> Vec<Bid> {
    let told: Vec<TalentRecord<'_>> = records.bids.iter().map(|bid| mapping::talent_record(&bid.freelancer)).collect();
    let talents: Vec<Talent> = told.iter().map(TalentRecord::talent).collect();
    let statistics = PoolStatistics::of_pool(&talents);
    let need = statistics.prepare_need(&mapping::need_of_record(&records.project, now));
    let bids = records.bids.iter().zip(told.iter().zip(talents)).zip(records.earlier_bids());
    bids.map(|((record, (told, talent)), earlier_bids)| {
        let need = statistics.as_of(&need, placed_at(&records.project, record, now).as_second());
        let pair = Features::of(&need, &PackedTalent::of(&talent));
        // A missing message counts as an empty one. As unknown, it would count as an average one.
        let message = Some(record.message.as_ref().map_or("", Message::as_str));
        let proposal = Proposal { message, delay_minutes: record.delay_minutes.map(Minutes::get), earlier_bids };
        Bid { pair: told.told(pair), bid: BidFeatures::of(&need, &proposal) }
    })
    .collect()
}

/// The time of the bid: `now` if it is unknown or in the future.
fn placed_at(project: &ProjectRecord, bid: &BidRecord, now: Timestamp) -> Timestamp {
    let (Some(created_at), Some(delay_minutes)) = (project.created_at, bid.delay_minutes) else { return now };
    // Both are bounded: the sum is a time, or lies beyond the greatest time.
    let delay = SignedDuration::from_secs((delay_minutes.get() * 60.0) as i64);
    created_at.get().checked_add(delay).map_or(now, |placed_at| placed_at.min(now))
}

#[cfg(test)]
mod tests {
    use domain::validation;
    use serde_json::{Value, json};

    use super::*;

    const NOW: &str = "2026-12-01T00:00:00Z";

    fn read(body: Value) -> BidRecords {
        validation::read(&body).unwrap()
    }

    fn bids() -> Vec<Value> {
        let freelancer = |id: &str| {
            let seen = "2026-11-20T00:00:00Z";
            json!({"id": id, "skills": ["Rust"], "completed_jobs": 3, "hire_rate": 0.5, "last_active_at": seen})
        };
        vec![
            json!({"freelancer": freelancer("short"), "message": "Yes.", "delay_minutes": 600}),
            json!({"freelancer": freelancer("long"), "message": "Rust payments, in detail. ".repeat(40),
                   "delay_minutes": 60}),
            json!({"freelancer": freelancer("silent")}),
        ]
    }

    fn records(bids: &[Value]) -> BidRecords {
        let project = json!({"skills": ["Rust"], "title": "Payments", "created_at": "2026-11-21T00:00:00Z"});
        read(json!({"project": project, "bids": bids}))
    }

    fn ranked(bids: &[Value], now: &str) -> Value {
        let model = AwardModel::shipped().unwrap();
        serde_json::to_value(compare(&model, &records(bids), now.parse().unwrap(), Language::English).unwrap()).unwrap()
    }

    #[test]
    fn the_likeliest_comes_first_in_any_order_of_the_request() {
        let [sent, reversed] = [bids(), bids().into_iter().rev().collect()].map(|bids| ranked(&bids, NOW));
        let ids = |items: &Value| items.as_array().unwrap().iter().map(|it| it["freelancer"]["id"].clone()).collect();
        let order: Vec<Value> = ids(&sent);
        assert_eq!(order, ids(&reversed) as Vec<Value>);
        let place = |id: &str| order.iter().position(|it| it == id).unwrap();
        assert!(place("long") < place("short"), "{sent:#}");
        for (a, b) in sent.as_array().unwrap().iter().zip(reversed.as_array().unwrap()) {
            assert_eq!((&a["probability"], &a["reasons"]), (&b["probability"], &b["reasons"]));
            assert_eq!(a["index"].as_u64().unwrap() + b["index"].as_u64().unwrap(), 2);
        }
        let probabilities = sent.as_array().unwrap().iter().map(|it| it["probability"].as_f64().unwrap());
        assert!((probabilities.sum::<f64>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn an_empty_message_and_padding_gain_nothing() {
        let freelancer = json!({"skills": ["Rust"]});
        let messages = [
            Some("I moved two payment back ends to Rust and can start on Monday".to_owned()),
            Some("x".repeat(10_000)),
            Some("payment ".repeat(1_200)),
            Some("Hello".to_owned()),
            None,
        ];
        let bids = messages.map(|message| json!({"freelancer": freelancer, "message": message}));
        let items = ranked(&bids, NOW);
        let first: Vec<&Value> = items.as_array().unwrap().iter().map(|item| &item["index"]).collect();
        assert_eq!((first[0], first[4]), (&json!(0), &json!(4)), "{first:?}");
        let probability = |place: usize| items[place]["probability"].as_f64().unwrap();
        assert!(probability(0) > 2.0 * probability(1), "{} {}", probability(0), probability(1));
    }

    #[test]
    fn equal_bids_are_equally_likely_and_stay_in_order() {
        let items = ranked(&vec![bids().remove(0); 4], NOW);
        let places: Vec<_> = items.as_array().unwrap().iter().map(|it| (&it["index"], &it["probability"])).collect();
        let quarter = json!(0.25);
        assert_eq!(
            places,
            [(&json!(0), &quarter), (&json!(1), &quarter), (&json!(2), &quarter), (&json!(3), &quarter)]
        );
    }

    #[test]
    fn a_dated_bid_is_judged_at_the_time_of_the_bid() {
        let all = bids();
        assert_eq!(ranked(&all[..2], NOW), ranked(&all[..2], "2027-12-01T00:00:00Z"));
        assert_ne!(ranked(&all, NOW), ranked(&all, "2027-12-01T00:00:00Z"), "an undated bid is seen as of now");
        let last_seen = ranked(&all[..1], NOW)[0]["reasons"][6].clone();
        assert_eq!(last_seen["feature"], "last_seen");
        // A day and ten hours.
        assert!((last_seen["value"].as_f64().unwrap() - 35f64.ln()).abs() < 1e-4, "{last_seen}");
    }

    #[test]
    fn a_bid_in_the_future_is_judged_as_of_now() {
        let now: Timestamp = NOW.parse().unwrap();
        let bid = |delay: f64| records(&[json!({"freelancer": {"skills": ["Rust"]}, "delay_minutes": delay})]);
        for delay in [1e6, 1e9] {
            let records = bid(delay);
            assert_eq!(placed_at(&records.project, &records.bids.as_slice()[0], now), now);
        }
        let records = bid(90.5);
        let placed_at = placed_at(&records.project, &records.bids.as_slice()[0], now);
        assert_eq!(placed_at, "2026-11-21T01:30:30Z".parse().unwrap());
    }

    #[test]
    fn a_missing_delay_is_unknown_and_a_missing_message_is_empty() {
        let items = ranked(&[json!({"freelancer": {"skills": ["Rust"]}}), bids().remove(0)], NOW);
        let silent = items.as_array().unwrap().iter().find(|it| it["index"] == 0).unwrap();
        let values: Vec<Value> = (10..14).map(|place| silent["reasons"][place]["value"].clone()).collect();
        assert_eq!(values, [Value::Null, json!(0.0), json!(0.0), Value::Null], "{silent:#}");
        let of_one = ranked(&bids()[..1], NOW);
        assert_eq!(of_one[0]["probability"], json!(1.0));
        for reason in of_one[0]["reasons"].as_array().unwrap() {
            assert_eq!(reason["contribution"], json!(0.0), "alone, nothing is better or worse");
        }
    }
}
