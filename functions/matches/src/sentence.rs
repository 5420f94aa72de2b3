//! What a feature says of a pair, as a sentence for people.
//!
//! Each states a fact and judges nothing: how much the fact weighed, and in which direction, is the contribution beside
//! it. A number that is not the plain share or mean that one would expect says so. The sentences name nobody, so that
//! they suit the client who reads about a freelancer and the freelancer who reads about a project.

use domain::eligibility::Ineligible;
use matching::{Activity, BidFeature, Feature};

use crate::{advice::Obstacle, language::Language};

const MINUTES_PER_HOUR: f32 = 60.0;
const HOURS_PER_DAY: f32 = 24.0;

/// One feature of a pair in words; `None` is "not known".
pub(crate) fn sentence(language: Language, feature: Feature, value: Option<f32>) -> String {
    match (language, value) {
        (Language::English, Some(value)) => english(feature, value),
        (Language::English, None) => english_unknown(feature).to_owned(),
        (Language::Korean, Some(value)) => korean(feature, value),
        (Language::Korean, None) => korean_unknown(feature).to_owned(),
    }
}

/// A number of the bid itself in words; `None` is "not known".
pub(crate) fn bid_sentence(language: Language, feature: BidFeature, value: Option<f32>) -> String {
    match (language, value) {
        (Language::English, Some(value)) => english_of_bid(feature, value),
        (Language::English, None) => english_unknown_of_bid(feature).to_owned(),
        (Language::Korean, Some(value)) => korean_of_bid(feature, value),
        (Language::Korean, None) => korean_unknown_of_bid(feature).to_owned(),
    }
}

/// What one more skill would do to a rank, in words; `None` for who is not shown, without it or with it.
pub(crate) fn advice(language: Language, skill: &str, rank: Option<usize>, with_it: Option<usize>) -> String {
    match (language, rank, with_it) {
        (Language::English, _, None) => format!("With {skill} alone you would still not be shown"),
        (Language::English, None, Some(with_it)) => {
            format!("With {skill} you would rank {}; as it is you are not shown", ordinal(with_it))
        }
        (Language::English, Some(rank), Some(with_it)) if rank == with_it => {
            format!("With {skill} you would still rank {}", ordinal(rank))
        }
        (Language::English, Some(rank), Some(with_it)) => {
            format!("With {skill} you would rank {} instead of {}", ordinal(with_it), ordinal(rank))
        }
        (Language::Korean, _, None) => format!("{skill} 기술만 더해서는 여전히 목록에 나오지 않습니다"),
        (Language::Korean, None, Some(with_it)) => {
            format!("{skill} 기술이 있으면 {with_it}위입니다. 지금은 목록에 나오지 않습니다")
        }
        (Language::Korean, Some(rank), Some(with_it)) if rank == with_it => {
            format!("{skill} 기술이 있어도 {rank}위 그대로입니다")
        }
        (Language::Korean, Some(rank), Some(with_it)) => {
            format!("{skill} 기술이 있으면 {rank}위가 아니라 {with_it}위입니다")
        }
    }
}

/// Why a freelancer is not shown for a project, whatever the rank.
pub(crate) const fn obstacle(language: Language, obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Terms(ineligible) => terms(language, ineligible),
        Obstacle::TooFewSkills => match language {
            Language::English => "You name too few of the wanted skills",
            Language::Korean => "프로젝트가 원하는 기술이 프로필에 부족합니다",
        },
    }
}

const fn terms(language: Language, ineligible: Ineligible) -> &'static str {
    match (language, ineligible) {
        (Language::English, Ineligible::ProjectClosed) => "The project is closed",
        (Language::English, Ineligible::OwnProject) => "The project is your own",
        (Language::English, Ineligible::Unavailable) => "Your profile says that you are not available",
        (Language::English, Ineligible::NoSharedLanguage) => "You and the project have no language in common",
        (Language::English, Ineligible::OtherCurrency) => "You charge in another currency than the project pays in",
        (Language::English, Ineligible::AboveBudget) => "You charge more than the project pays",
        (Language::Korean, Ineligible::ProjectClosed) => "마감된 프로젝트입니다",
        (Language::Korean, Ineligible::OwnProject) => "본인이 올린 프로젝트입니다",
        (Language::Korean, Ineligible::Unavailable) => "프로필에 지금은 일할 수 없다고 되어 있습니다",
        (Language::Korean, Ineligible::NoSharedLanguage) => "프로젝트와 공통으로 쓰는 언어가 없습니다",
        (Language::Korean, Ineligible::OtherCurrency) => "프로젝트와 다른 통화로 보수를 받습니다",
        (Language::Korean, Ineligible::AboveBudget) => "보수가 프로젝트 예산보다 높습니다",
    }
}

/// 1st, 2nd, 3rd, 4th, 11th, 21st.
fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn english(feature: Feature, value: f32) -> String {
    match feature {
        Feature::SkillOverlap => format!("{} of the wanted skills, rare ones counting more", percent(value)),
        Feature::SkillExperience => match count(value) {
            0 => "No job with the wanted skills yet".to_owned(),
            1 => "1 job with the wanted skills".to_owned(),
            jobs => format!("{jobs} jobs with the wanted skills"),
        },
        Feature::TextSimilarity => format!("Profile and past work are {} like the project's text", percent(value)),
        Feature::Rating => format!("Rated {value:.1} of 5, allowing for the number of ratings"),
        Feature::HireRate => format!("Hired for {} of proposals, allowing for their number", percent(value)),
        Feature::ResponseTime => format!("Usually proposes within {}", english_duration(value.exp_m1())),
        Feature::LastSeen => match value.exp_m1() * MINUTES_PER_HOUR {
            minutes if minutes < MINUTES_PER_HOUR => "Active within the last hour".to_owned(),
            minutes => format!("Last active {} ago", english_duration(minutes)),
        },
        Feature::ActivityWeek => english_activity("a week", value),
        Feature::ActivityMonth => english_activity("a month", value),
        Feature::ActivityHalfYear => english_activity("half a year", value),
    }
}

fn english_activity(half_life: &str, value: f32) -> String {
    format!("Proposals of late, each counting half after {half_life}: {} of a typical bidder's", percent(usual(value)))
}

const fn english_unknown(feature: Feature) -> &'static str {
    match feature {
        Feature::SkillOverlap => "No skills are named",
        Feature::SkillExperience => "Past jobs are not known",
        Feature::TextSimilarity => "No text to compare",
        Feature::Rating => "No rating is known",
        Feature::HireRate => "Success with proposals is not known",
        Feature::ResponseTime => "Time to a proposal is not known",
        Feature::LastSeen => "Not known when last at work here",
        Feature::ActivityWeek | Feature::ActivityMonth | Feature::ActivityHalfYear => "No activity known",
    }
}

fn korean(feature: Feature, value: f32) -> String {
    match feature {
        Feature::SkillOverlap => format!("필요한 기술의 {}를 갖춤(드문 기술일수록 크게 반영)", percent(value)),
        Feature::SkillExperience => match count(value) {
            0 => "필요한 기술로 한 일이 아직 없음".to_owned(),
            jobs => format!("필요한 기술로 한 일 {jobs}건"),
        },
        Feature::TextSimilarity => format!("프로필과 지난 일이 프로젝트 설명과 {} 비슷함", percent(value)),
        Feature::Rating => format!("평점 5점 만점에 {value:.1}점(평가 수 반영)"),
        Feature::HireRate => format!("제안의 {}가 채용으로 이어짐(제안 수 반영)", percent(value)),
        Feature::ResponseTime => format!("보통 {} 안에 제안함", korean_duration(value.exp_m1())),
        Feature::LastSeen => match value.exp_m1() * MINUTES_PER_HOUR {
            minutes if minutes < MINUTES_PER_HOUR => "한 시간 안에 활동함".to_owned(),
            minutes => format!("{} 전에 마지막으로 활동함", korean_duration(minutes)),
        },
        Feature::ActivityWeek => korean_activity("일주일", value),
        Feature::ActivityMonth => korean_activity("한 달", value),
        Feature::ActivityHalfYear => korean_activity("반년", value),
    }
}

fn korean_activity(half_life: &str, value: f32) -> String {
    format!("최근 제안({half_life}마다 절반으로 반영)이 보통 제안자의 {}", percent(usual(value)))
}

const fn korean_unknown(feature: Feature) -> &'static str {
    match feature {
        Feature::SkillOverlap => "적힌 기술이 없음",
        Feature::SkillExperience => "지난 일이 알려지지 않음",
        Feature::TextSimilarity => "비교할 글이 없음",
        Feature::Rating => "알려진 평점이 없음",
        Feature::HireRate => "제안의 성공률이 알려지지 않음",
        Feature::ResponseTime => "제안까지 걸리는 시간이 알려지지 않음",
        Feature::LastSeen => "여기서 마지막으로 일한 때를 알 수 없음",
        Feature::ActivityWeek | Feature::ActivityMonth | Feature::ActivityHalfYear => "알려진 활동이 없음",
    }
}

fn english_of_bid(feature: BidFeature, value: f32) -> String {
    match (feature, count(value)) {
        (BidFeature::Delay, _) => format!("Came {} after the project", english_duration(value.exp_m1())),
        (BidFeature::Words, 0) => "No message".to_owned(),
        (BidFeature::Words, 1) => "A message of 1 word".to_owned(),
        (BidFeature::Words, words) => {
            format!("A message of {words} different words{}", if most(words) { " or more" } else { "" })
        }
        (BidFeature::Similarity, _) => format!("The message is {} like the project's text", percent(value)),
        (BidFeature::EarlierBids, 0) => "No bid came before".to_owned(),
        (BidFeature::EarlierBids, 1) => "1 bid came before".to_owned(),
        (BidFeature::EarlierBids, bids) => format!("{bids} bids came before"),
    }
}

const fn english_unknown_of_bid(feature: BidFeature) -> &'static str {
    match feature {
        BidFeature::Delay => "Not known when it came",
        BidFeature::Words => "No message is known",
        BidFeature::Similarity => "No message to compare",
        BidFeature::EarlierBids => "Not known how many bids came before",
    }
}

fn korean_of_bid(feature: BidFeature, value: f32) -> String {
    match feature {
        BidFeature::Delay => format!("프로젝트가 올라온 지 {} 만에 옴", korean_duration(value.exp_m1())),
        BidFeature::Words => match count(value) {
            0 => "메시지 없음".to_owned(),
            words => format!("메시지에 서로 다른 단어 {words}개{}", if most(words) { " 이상" } else { "" }),
        },
        BidFeature::Similarity => format!("메시지가 프로젝트 설명과 {} 비슷함", percent(value)),
        BidFeature::EarlierBids => match count(value) {
            0 => "앞선 제안이 없음".to_owned(),
            bids => format!("앞선 제안 {bids}건"),
        },
    }
}

const fn korean_unknown_of_bid(feature: BidFeature) -> &'static str {
    match feature {
        BidFeature::Delay => "언제 왔는지 알 수 없음",
        BidFeature::Words => "알려진 메시지가 없음",
        BidFeature::Similarity => "비교할 메시지가 없음",
        BidFeature::EarlierBids => "앞선 제안의 수를 알 수 없음",
    }
}

/// A share as whole percent.
fn percent(share: f32) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The count behind ln(1 + count).
fn count(logarithm: f32) -> u64 {
    logarithm.exp_m1().round() as u64
}

/// Whether so many words are as many as are counted.
const fn most(words: u64) -> bool {
    words >= BidFeature::MOST_WORDS as u64
}

/// How much of a typical bidder's activity stands behind a value, ten times as much at most: more says nothing new.
fn usual(value: f32) -> f32 {
    Activity::share_of_usual(value).min(10.0)
}

fn english_duration(minutes: f32) -> String {
    let (count, unit) = duration(minutes, ["minute", "hour", "day"]);
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn korean_duration(minutes: f32) -> String {
    let (count, unit) = duration(minutes, ["분", "시간", "일"]);
    format!("{count}{unit}")
}

/// In the largest unit of minutes, hours and days that there is at least one of; at least one minute.
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

    #[test]
    fn durations_are_said_in_their_largest_unit() {
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
        assert_eq!(say(Feature::SkillOverlap, 0.786), "79% of the wanted skills, rare ones counting more");
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
        let unseen = "With Rust you would rank 3rd; as it is you are not shown";
        assert_eq!(advice(Language::English, "Rust", None, Some(3)), unseen);
        assert_eq!(advice(Language::English, "Rust", None, None), "With Rust alone you would still not be shown");
        let ordinals = [1, 2, 3, 4, 11, 12, 13, 22, 101, 111].map(ordinal);
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "22nd", "101st", "111th"]);
    }

    #[test]
    fn a_bid_is_read_back() {
        let say = |feature, value: f32| bid_sentence(Language::English, feature, Some(value));
        assert_eq!(say(BidFeature::Delay, 95_f32.ln_1p()), "Came 2 hours after the project");
        assert_eq!(say(BidFeature::Words, 120_f32.ln_1p()), "A message of 120 different words");
        assert_eq!(say(BidFeature::Words, 150_f32.ln_1p()), "A message of 150 different words or more");
        assert_eq!(say(BidFeature::Similarity, 0.31), "The message is 31% like the project's text");
        assert_eq!(say(BidFeature::EarlierBids, 1_f32.ln_1p()), "1 bid came before");
        let korean = bid_sentence(Language::Korean, BidFeature::EarlierBids, Some(3_f32.ln_1p()));
        assert_eq!(korean, "앞선 제안 3건");
    }

    #[test]
    fn every_feature_has_its_words_in_both_languages() {
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
