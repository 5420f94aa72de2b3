//! The reasons of a match, in words.

use super::api::Reason;

/// How many reasons are named.
const NAMED: usize = 3;

const MINUTES_PER_HOUR: f64 = 60.0;
const MINUTES_PER_DAY: f64 = 1_440.0;
const HOURS_PER_DAY: f64 = 24.0;

/// The strongest reasons for a match, strongest first.
pub(crate) fn strongest(reasons: &[Reason]) -> String {
    let mut worded: Vec<(f64, String)> = reasons
        .iter()
        .filter(|reason| reason.contribution > 0.0)
        .filter_map(|reason| Some((reason.contribution, in_words(reason)?)))
        .collect();
    // The sort is stable, so equally strong reasons stay in the order of the features.
    worded.sort_by(|a, b| b.0.total_cmp(&a.0));
    worded.truncate(NAMED);
    worded.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(" · ")
}

/// A feature in the words of a table. `None` if it is not known, or if another feature says the same.
fn in_words(reason: &Reason) -> Option<String> {
    let value = reason.value?;
    // The API sends counts and times as ln(1 + n).
    let counted = value.exp_m1().round();
    Some(match reason.feature.as_str() {
        "skill_overlap" => format!("skills {:.0}%", value * 100.0),
        "skill_experience" => {
            format!("{counted:.0} job{} with these skills", if counted.round() == 1.0 { "" } else { "s" })
        }
        "rating" => format!("★ {value:.1}"),
        "hire_rate" => format!("wins {:.0}% of bids", value * 100.0),
        "response_time" => format!("answers in {}", duration(counted)),
        "last_seen" => last_seen(counted),
        "text_similarity" => format!("text {:.0}%", value * 100.0),
        "activity_month" => "active this month".to_owned(),
        _ => return None,
    })
}

fn duration(minutes: f64) -> String {
    if minutes < 1.5 * MINUTES_PER_HOUR {
        format!("{minutes:.0} min")
    } else if minutes < 1.5 * MINUTES_PER_DAY {
        format!("{:.0} h", minutes / MINUTES_PER_HOUR)
    } else {
        format!("{:.0} days", minutes / MINUTES_PER_DAY)
    }
}

fn last_seen(hours: f64) -> String {
    match (hours / HOURS_PER_DAY).round() {
        days if days < 1.0 => "here today".to_owned(),
        days if days < 2.0 => "here yesterday".to_owned(),
        days => format!("here {days:.0} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(feature: &str, value: f64, contribution: f64) -> Reason {
        Reason { feature: feature.to_owned(), value: Some(value), contribution }
    }

    #[test]
    fn the_strongest_come_first_and_the_unknown_not_at_all() {
        let reasons = [
            reason("skill_overlap", 0.64, 0.4),
            reason("skill_experience", 14.0_f64.ln_1p(), 1.9),
            Reason { feature: "rating".to_owned(), value: None, contribution: 3.0 },
            reason("response_time", 35.0_f64.ln_1p(), -0.6),
            reason("last_seen", 5.0_f64.ln_1p(), 0.7),
            reason("text_similarity", 0.1, 0.1),
        ];
        assert_eq!(strongest(&reasons), "14 jobs with these skills · here today · skills 64%");
        assert_eq!(strongest(&[reason("skill_overlap", 0.0, 0.0)]), "");
    }

    #[test]
    fn every_feature_of_the_engine_is_spoken_or_left_out_on_purpose() {
        for feature in matching::Feature::ALL {
            let worded = in_words(&reason(feature.name(), 0.5, 1.0)).is_some();
            // The activity of a month stands for all three spans.
            let is_said_otherwise =
                matches!(feature, matching::Feature::ActivityWeek | matching::Feature::ActivityHalfYear);
            assert_eq!(worded, !is_said_otherwise, "{}", feature.name());
        }
    }
}
