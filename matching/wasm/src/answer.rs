//! The answer to the page: 32-bit floats.
//!
//! First four for each freelancer, in the order of the request: score, interest, choice, and 1 if the market would
//! match the two, else 0. Then [`EXPLAINED_WIDTH`] for each of the best eligible freelancers, best first: the index,
//! the log-odds, the base, the ten numbers (NaN if unknown) and their ten contributions.

use domain::eligibility;
use matching::{FEATURE_COUNT, Feature, Features, TalentRecord};

use crate::request::Request;
use crate::weights;

/// Numbers for each freelancer.
const SCORED_WIDTH: usize = 4;
/// Numbers for each explained freelancer.
const EXPLAINED_WIDTH: usize = 3 + 2 * FEATURE_COUNT;

/// Answers a message.
///
/// `None` for a message that is no request, and for a request without freelancers.
pub(crate) fn answer(message: &[u8]) -> Option<Vec<f32>> {
    let request: Request<'_> = postcard::from_bytes(message).ok()?;
    let model = weights::model()?;
    let records: Vec<TalentRecord<'_>> = request.freelancers.iter().map(|one| one.record()).collect();
    let pairs = Features::of_records(&request.project.need(request.ranked_at), &records);
    let scores = model.score(&pairs).ok()?;

    let explained = usize::try_from(request.explained).ok()?.min(pairs.len());
    let mut numbers = Vec::with_capacity(SCORED_WIDTH * pairs.len() + EXPLAINED_WIDTH * explained);
    let project_languages = request.project.languages();
    let project = request.project.terms(&project_languages);
    let mut best = Vec::new();
    for (index, ((freelancer, pair), &score)) in request.freelancers.iter().zip(&pairs).zip(&scores).enumerate() {
        let [interest, choice] = model.sides(pair).ok()?;
        let is_eligible = eligibility::check(project, freelancer.terms(&freelancer.languages())).is_ok();
        numbers.extend([score, interest, choice, f32::from(u8::from(is_eligible))]);
        if is_eligible {
            best.push(index);
        }
    }
    // The sort is stable: equal scores stay in the order of the request.
    best.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    best.truncate(explained);
    for index in best {
        let pair = &pairs[index];
        let explanation = model.explain(std::slice::from_ref(pair)).ok()?.pop()?;
        numbers.extend([index as f32, explanation.log_odds as f32, explanation.base_log_odds as f32]);
        numbers.extend(Feature::ALL.map(|feature| pair.get(feature).unwrap_or(f32::NAN)));
        numbers.extend(explanation.contributions.map(|contribution| contribution as f32));
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Price = Option<(i64, &'static str)>;

    /// The fields of a request, in its order.
    fn message(explained: u32, budget: Price, skills: &[&[&str]]) -> Vec<u8> {
        let freelancer = |skills: &[&str]| {
            let record = (None::<f64>, Some(3_u32), Some(0.5_f64), None::<f64>, Some(1_799_990_000_i64));
            let price: Price = Some((50_000, "KRW"));
            let skills: Vec<String> = skills.iter().map(|&skill| skill.to_owned()).collect();
            ("A headline", "", skills, ["ko"].to_vec(), price, Some(20_u32), record)
        };
        let project = ("A title", "", ["Rust", "AWS"].to_vec(), ["ko"].to_vec(), budget);
        let freelancers: Vec<_> = skills.iter().map(|&skills| freelancer(skills)).collect();
        postcard::to_allocvec(&(1_800_000_000_i64, explained, project, freelancers)).unwrap()
    }

    #[test]
    fn the_best_are_explained_and_contributions_add_up() {
        let numbers = answer(&message(2, Some((60_000, "KRW")), &[&["Go"], &["Rust", "AWS"], &["Rust"]])).unwrap();
        assert_eq!(numbers.len(), 3 * SCORED_WIDTH + 2 * EXPLAINED_WIDTH);
        let (scored, explained) = numbers.split_at(3 * SCORED_WIDTH);
        for row in scored.chunks_exact(SCORED_WIDTH) {
            assert!((row[0] - row[1] * row[2]).abs() < 1e-6, "the score is the product of {row:?}");
            assert_eq!(row[3], 1.0);
        }
        assert!(scored[SCORED_WIDTH] > scored[2 * SCORED_WIDTH] && scored[2 * SCORED_WIDTH] > scored[0]);
        let rows: Vec<&[f32]> = explained.chunks_exact(EXPLAINED_WIDTH).collect();
        assert_eq!([rows[0][0], rows[1][0]], [1.0, 2.0]);
        for row in rows {
            let sum: f32 = row[3 + FEATURE_COUNT..].iter().sum();
            assert!((row[1] - row[2] - sum).abs() < 1e-4, "{row:?}");
        }
    }

    #[test]
    fn who_charges_too_much_is_scored_and_not_explained() {
        let numbers = answer(&message(5, Some((40_000, "KRW")), &[&["Rust"]])).unwrap();
        assert_eq!(numbers.len(), SCORED_WIDTH);
        assert_eq!(numbers[3], 0.0);
    }

    #[test]
    fn what_is_no_request_has_no_answer() {
        let whole = message(1, None, &[&["Rust"]]);
        for length in 0..whole.len() {
            assert_eq!(answer(&whole[..length]), None, "{length} bytes");
        }
        assert_eq!(answer(&message(1, None, &[])), None);
    }
}
