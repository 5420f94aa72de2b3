//! The sentences in Korean.

use domain::eligibility::Ineligible;
use matching::{BidFeature, Feature};

use super::{MINUTES_PER_HOUR, count, duration, most, percent, usual};
use crate::obstacle::Obstacle;

/// A number of a pair; `None` if it is unknown.
pub(super) fn of_pair(feature: Feature, value: Option<f32>) -> String {
    value.map_or_else(|| of_unknown(feature).to_owned(), |value| of_known(feature, value))
}

/// A number of a bid; `None` if it is unknown.
pub(super) fn of_bid(feature: BidFeature, value: Option<f32>) -> String {
    value.map_or_else(|| of_unknown_bid(feature).to_owned(), |value| of_known_bid(feature, value))
}

/// The effect of one more skill on a rank. `None` instead of a rank means that the freelancer is not listed.
pub(super) fn advice(skill: &str, rank: Option<usize>, with_it: Option<usize>) -> String {
    match (rank, with_it) {
        (_, None) => format!("{skill} 기술만 더해서는 여전히 목록에 나오지 않습니다"),
        (None, Some(with_it)) => {
            format!("{skill} 기술이 있으면 {with_it}위입니다. 지금은 목록에 나오지 않습니다")
        }
        (Some(rank), Some(with_it)) if rank == with_it => format!("{skill} 기술이 있어도 {rank}위 그대로입니다"),
        (Some(rank), Some(with_it)) => format!("{skill} 기술이 있으면 {rank}위가 아니라 {with_it}위입니다"),
    }
}

/// Why a project does not list the freelancer.
pub(super) const fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Terms(Ineligible::ProjectClosed) => "마감된 프로젝트입니다",
        Obstacle::Terms(Ineligible::OwnProject) => "본인이 올린 프로젝트입니다",
        Obstacle::Terms(Ineligible::Unavailable) => "프로필에 지금은 일할 수 없다고 되어 있습니다",
        Obstacle::Terms(Ineligible::NoSharedLanguage) => "프로젝트와 공통으로 쓰는 언어가 없습니다",
        Obstacle::Terms(Ineligible::OtherCurrency) => "프로젝트와 다른 통화로 보수를 받습니다",
        Obstacle::Terms(Ineligible::AboveBudget) => "보수가 프로젝트 예산보다 높습니다",
        Obstacle::TooFewSkills => "프로젝트가 원하는 기술이 프로필에 부족합니다",
    }
}

fn of_known(feature: Feature, value: f32) -> String {
    match feature {
        Feature::SkillOverlap => format!("필요한 기술의 {}를 갖춤(드문 기술일수록 크게 반영)", percent(value)),
        Feature::SkillExperience => match count(value) {
            0 => "필요한 기술로 한 일이 아직 없음".to_owned(),
            jobs => format!("필요한 기술로 한 일 {jobs}건"),
        },
        Feature::TextSimilarity => format!("프로필과 지난 일이 프로젝트 설명과 {} 비슷함", percent(value)),
        Feature::Rating => format!("평점 5점 만점에 {value:.1}점(평가 수 반영)"),
        Feature::HireRate => format!("제안의 {}가 채용으로 이어짐(제안 수 반영)", percent(value)),
        Feature::ResponseTime => format!("보통 {} 안에 제안함", duration_of(value.exp_m1())),
        Feature::LastSeen => match value.exp_m1() * MINUTES_PER_HOUR {
            minutes if minutes < MINUTES_PER_HOUR => "한 시간 안에 활동함".to_owned(),
            minutes => format!("{} 전에 마지막으로 활동함", duration_of(minutes)),
        },
        Feature::ActivityWeek => activity("일주일", value),
        Feature::ActivityMonth => activity("한 달", value),
        Feature::ActivityHalfYear => activity("반년", value),
    }
}

fn activity(half_life: &str, value: f32) -> String {
    format!("최근 제안({half_life}마다 절반으로 반영)이 보통 제안자의 {}", percent(usual(value)))
}

const fn of_unknown(feature: Feature) -> &'static str {
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

fn of_known_bid(feature: BidFeature, value: f32) -> String {
    match feature {
        BidFeature::Delay => format!("프로젝트가 올라온 지 {} 만에 옴", duration_of(value.exp_m1())),
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

const fn of_unknown_bid(feature: BidFeature) -> &'static str {
    match feature {
        BidFeature::Delay => "언제 왔는지 알 수 없음",
        BidFeature::Words => "알려진 메시지가 없음",
        BidFeature::Similarity => "비교할 메시지가 없음",
        BidFeature::EarlierBids => "앞선 제안의 수를 알 수 없음",
    }
}

pub(super) fn duration_of(minutes: f32) -> String {
    let (count, unit) = duration(minutes, ["분", "시간", "일"]);
    format!("{count}{unit}")
}
