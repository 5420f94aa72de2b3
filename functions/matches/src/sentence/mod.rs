//! Numbers and decisions as sentences for people, in each language.
//!
//! A sentence states a fact and does not judge it. The contribution beside it tells how much the fact counts. If a
//! number is not a plain share or mean, the sentence says so. The sentences name nobody, so that they suit both a
//! client who reads about a freelancer and a freelancer who reads about a project.

mod english;
mod korean;

use matching::{Activity, BidFeature, Feature};

use crate::{language::Language, obstacle::Obstacle};

const MINUTES_PER_HOUR: f32 = 60.0;
const HOURS_PER_DAY: f32 = 24.0;

/// A number of a pair; `None` if it is unknown.
pub(crate) fn sentence(language: Language, feature: Feature, value: Option<f32>) -> String {
    match language {
        Language::English => english::of_pair(feature, value),
        Language::Korean => korean::of_pair(feature, value),
    }
}

/// A number of a bid; `None` if it is unknown.
pub(crate) fn bid_sentence(language: Language, feature: BidFeature, value: Option<f32>) -> String {
    match language {
        Language::English => english::of_bid(feature, value),
        Language::Korean => korean::of_bid(feature, value),
    }
}

/// The effect of one more skill on a rank. `None` instead of a rank means that the freelancer is not listed.
pub(crate) fn advice(language: Language, skill: &str, rank: Option<usize>, with_it: Option<usize>) -> String {
    match language {
        Language::English => english::advice(skill, rank, with_it),
        Language::Korean => korean::advice(skill, rank, with_it),
    }
}

/// Why a project does not list the freelancer.
pub(crate) const fn obstacle(language: Language, obstacle: Obstacle) -> &'static str {
    match language {
        Language::English => english::obstacle(obstacle),
        Language::Korean => korean::obstacle(obstacle),
    }
}

/// A share as whole percent.
fn percent(share: f32) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The count of a feature ln(1 + count).
fn count(logarithm: f32) -> u64 {
    logarithm.exp_m1().round() as u64
}

/// Whether a message reaches the most words that are counted.
const fn most(words: u64) -> bool {
    words >= BidFeature::MOST_WORDS as u64
}

/// The activity behind a value as a multiple of a typical bidder's, at most ten.
fn usual(value: f32) -> f32 {
    Activity::share_of_usual(value).min(10.0)
}

/// A duration in its largest unit of minutes, hours and days; at least one minute.
fn duration(minutes: f32, [minute, hour, day]: [&str; 3]) -> (u64, &str) {
    let whole = |amount: f32| amount.round().max(1.0) as u64;
    let hours = minutes / MINUTES_PER_HOUR;
    if whole(minutes) < 60 {
        (whole(minutes), minute)
    } else if whole(hours) < 24 {
        (whole(hours), hour)
    } else {
        (whole(hours / HOURS_PER_DAY), day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use super::{english::duration_of as english_duration, korean::duration_of as korean_duration};

    #[test]
    fn durations_have_their_largest_unit() {
        let said = |minutes| (english_duration(minutes), korean_duration(minutes));
        assert_eq!(said(0.0), ("1 minute".to_owned(), "1분".to_owned()));
        assert_eq!(said(59.4), ("59 minutes".to_owned(), "59분".to_owned()));
        assert_eq!(said(59.6), ("1 hour".to_owned(), "1시간".to_owned()));
        assert_eq!(said(23.4 * 60.0), ("23 hours".to_owned(), "23시간".to_owned()));
        assert_eq!(said(36.0 * 60.0), ("2 days".to_owned(), "2일".to_owned()));
    }

    #[test]
    fn counts_and_shares_are_read_back() {
        let say = |feature, value: f32| sentence(Language::English, feature, Some(value));
        assert_eq!(say(Feature::SkillOverlap, 0.786), "79% of the wanted skills, rare skills count more");
        assert_eq!(say(Feature::SkillExperience, 45_f32.ln_1p()), "45 jobs with the wanted skills");
        assert_eq!(say(Feature::SkillExperience, 0.0), "No job with the wanted skills yet");
        assert_eq!(say(Feature::LastSeen, 0.2_f32.ln_1p()), "Active within the last hour");
        assert_eq!(say(Feature::LastSeen, 72_f32.ln_1p()), "Last active 3 days ago");
        let korean = sentence(Language::Korean, Feature::ResponseTime, Some(35_f32.ln_1p()));
        assert_eq!(korean, "보통 35분 안에 제안함");
    }

    #[test]
    fn advice_names_both_places() {
        assert_eq!(
            advice(Language::English, "Rust", Some(14), Some(3)),
            "With Rust you would rank 3rd instead of 14th"
        );
        assert_eq!(advice(Language::English, "Rust", Some(21), Some(21)), "With Rust you would still rank 21st");
        assert_eq!(advice(Language::Korean, "번역", Some(14), Some(3)), "번역 기술이 있으면 14위가 아니라 3위입니다");
        let unseen = "With Rust you would rank 3rd; today you are not listed";
        assert_eq!(advice(Language::English, "Rust", None, Some(3)), unseen);
        assert_eq!(advice(Language::English, "Rust", None, None), "With Rust alone you would still not be listed");
    }

    #[test]
    fn a_bid_is_read_back() {
        let say = |feature, value: f32| bid_sentence(Language::English, feature, Some(value));
        assert_eq!(say(BidFeature::Delay, 95_f32.ln_1p()), "Sent 2 hours after the project was posted");
        assert_eq!(say(BidFeature::Words, 120_f32.ln_1p()), "A message of 120 different words");
        assert_eq!(say(BidFeature::Words, 150_f32.ln_1p()), "A message of 150 different words or more");
        assert_eq!(say(BidFeature::Similarity, 0.31), "The message is 31% like the project's text");
        assert_eq!(say(BidFeature::EarlierBids, 1_f32.ln_1p()), "1 bid came before");
        let korean = bid_sentence(Language::Korean, BidFeature::EarlierBids, Some(3_f32.ln_1p()));
        assert_eq!(korean, "앞선 제안 3건");
    }

    #[test]
    fn every_feature_has_sentences_in_both_languages() {
        let of_pair = Feature::ALL.map(|feature| {
            let (low, high) = feature.range();
            let say = move |language, value| sentence(language, feature, value);
            (low, high, Box::new(say) as Box<dyn Fn(Language, Option<f32>) -> String>)
        });
        let of_bid = BidFeature::ALL.map(|feature| {
            let say = move |language, value| bid_sentence(language, feature, value);
            (0.0, 1.0, Box::new(say) as Box<dyn Fn(Language, Option<f32>) -> String>)
        });
        for (low, high, say) in of_pair.into_iter().chain(of_bid) {
            for language in [Language::English, Language::Korean] {
                let said = [None, Some(low), Some(high)].map(|value| say(language, value));
                assert!(said.iter().all(|words| !words.contains("NaN") && !words.contains("inf")), "{said:?}");
                assert!(said[0] != said[1] && said[1] != said[2], "{said:?}");
                let is_korean = said.iter().all(|words| words.chars().any(|c| matches!(c, '가'..='힣')));
                assert_eq!(is_korean, language == Language::Korean, "{said:?}");
            }
        }
    }
}
