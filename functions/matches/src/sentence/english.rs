//! The sentences in English.

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
        (_, None) => format!("With {skill} alone you would still not be listed"),
        (None, Some(with_it)) => {
            format!("With {skill} you would rank {}; today you are not listed", ordinal(with_it))
        }
        (Some(rank), Some(with_it)) if rank == with_it => {
            format!("With {skill} you would still rank {}", ordinal(rank))
        }
        (Some(rank), Some(with_it)) => {
            format!("With {skill} you would rank {} instead of {}", ordinal(with_it), ordinal(rank))
        }
    }
}

/// Why a project does not list the freelancer.
pub(super) const fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Terms(Ineligible::ProjectClosed) => "The project is closed",
        Obstacle::Terms(Ineligible::OwnProject) => "The project is your own",
        Obstacle::Terms(Ineligible::Unavailable) => "Your profile says that you are not available",
        Obstacle::Terms(Ineligible::NoSharedLanguage) => "You and the project have no language in common",
        Obstacle::Terms(Ineligible::OtherCurrency) => "You charge in another currency than the project pays in",
        Obstacle::Terms(Ineligible::AboveBudget) => "You charge more than the project pays",
        Obstacle::TooFewSkills => "You name too few of the wanted skills",
    }
}

fn of_known(feature: Feature, value: f32) -> String {
    match feature {
        Feature::SkillOverlap => format!("{} of the wanted skills, rare skills count more", percent(value)),
        Feature::SkillExperience => match count(value) {
            0 => "No job with the wanted skills yet".to_owned(),
            1 => "1 job with the wanted skills".to_owned(),
            jobs => format!("{jobs} jobs with the wanted skills"),
        },
        Feature::TextSimilarity => format!("Profile and past work are {} like the project's text", percent(value)),
        Feature::Rating => format!("Rated {value:.1} of 5, adjusted for few ratings"),
        Feature::HireRate => format!("Hired for {} of proposals, allowing for their number", percent(value)),
        Feature::ResponseTime => format!("Usually proposes within {}", duration_of(value.exp_m1())),
        Feature::LastSeen => match value.exp_m1() * MINUTES_PER_HOUR {
            minutes if minutes < MINUTES_PER_HOUR => "Active within the last hour".to_owned(),
            minutes => format!("Last active {} ago", duration_of(minutes)),
        },
        Feature::ActivityWeek => activity("a week", value),
        Feature::ActivityMonth => activity("a month", value),
        Feature::ActivityHalfYear => activity("half a year", value),
    }
}

fn activity(half_life: &str, value: f32) -> String {
    format!("Recent proposals (half weight after {half_life}): {} of a typical bidder's", percent(usual(value)))
}

const fn of_unknown(feature: Feature) -> &'static str {
    match feature {
        Feature::SkillOverlap => "No skills listed",
        Feature::SkillExperience => "Past jobs are not known",
        Feature::TextSimilarity => "No text to compare",
        Feature::Rating => "No rating is known",
        Feature::HireRate => "Success with proposals is not known",
        Feature::ResponseTime => "Time to a proposal is not known",
        Feature::LastSeen => "Last activity unknown",
        Feature::ActivityWeek | Feature::ActivityMonth | Feature::ActivityHalfYear => "No activity known",
    }
}

fn of_known_bid(feature: BidFeature, value: f32) -> String {
    match (feature, count(value)) {
        (BidFeature::Delay, _) => format!("Sent {} after the project was posted", duration_of(value.exp_m1())),
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

const fn of_unknown_bid(feature: BidFeature) -> &'static str {
    match feature {
        BidFeature::Delay => "Time of the bid unknown",
        BidFeature::Words => "No message is known",
        BidFeature::Similarity => "No message to compare",
        BidFeature::EarlierBids => "Number of earlier bids unknown",
    }
}

pub(super) fn duration_of(minutes: f32) -> String {
    let (count, unit) = duration(minutes, ["minute", "hour", "day"]);
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
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

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let ordinals = [1, 2, 3, 4, 11, 12, 13, 22, 101, 111].map(ordinal);
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "22nd", "101st", "111th"]);
    }
}
