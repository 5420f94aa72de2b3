//! The numbers behind a match, in words.

use super::api::Reason;

/// How many reasons are named.
const NAMED: usize = 3;

const MINUTES_PER_HOUR: f64 = 60.0;
const MINUTES_PER_DAY: f64 = 1_440.0;
const HOURS_PER_DAY: f64 = 24.0;

/// The strongest reasons for a match, strongest first.
pub(crate) fn strongest(reasons: &[Reason]) -> String {
    let mut spoken: Vec<(f64, String)> = reasons.iter().filter_map(in_words).collect();
    // Stable: equally strong ones stay in the order of the features.
    spoken.sort_by(|a, b| b.0.total_cmp(&a.0));
    spoken.truncate(NAMED);
    spoken.retain(|(strength, _)| *strength > 0.0);
    spoken.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(" · ")
}

/// How strongly a feature speaks for somebody, from 0 (not) to 1 (as much as can be expected), and how one would say it.
/// `None` for what is not known, or says less than another feature does.
fn in_words(reason: &Reason) -> Option<(f64, String)> {
    let value = reason.value?;
    // Counts and times come as ln(1 + n).
    let counted = value.exp_m1().round();
    let log_share = |most: f64| value / most.ln_1p();
    let (strength, words) = match reason.feature.as_str() {
        "skill_overlap" => (value, format!("skills {:.0}%", value * 100.0)),
        "skill_experience" => (log_share(25.0), format!("{counted:.0} jobs with these skills")),
        "rating" => ((value - 3.5) / 1.5, format!("★ {value:.1}")),
        "hire_rate" => (value, format!("wins {:.0}% of bids", value * 100.0)),
        "response_time" => (1.0 - log_share(2.0 * MINUTES_PER_DAY), format!("answers in {}", duration(counted))),
        "last_seen" => (1.0 - log_share(60.0 * HOURS_PER_DAY), last_seen(counted)),
        "text_similarity" => (2.0 * value, format!("text {:.0}%", value * 100.0)),
        "activity_month" => (log_share(40.0), "active this month".to_owned()),
        _ => return None,
    };
    Some((strength.clamp(0.0, 1.0), words))
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

    fn reason(feature: &str, value: f64) -> Reason {
        Reason { feature: feature.to_owned(), value: Some(value) }
    }

    #[test]
    fn the_strongest_come_first_and_the_unknown_not_at_all() {
        let reasons = [
            reason("skill_overlap", 0.64),
            reason("skill_experience", 14.0_f64.ln_1p()),
            Reason { feature: "rating".to_owned(), value: None },
            reason("response_time", 35.0_f64.ln_1p()),
            reason("last_seen", 5.0_f64.ln_1p()),
            reason("text_similarity", 0.1),
        ];
        assert_eq!(strongest(&reasons), "14 jobs with these skills · here today · skills 64%");
        assert_eq!(strongest(&[reason("skill_overlap", 0.0)]), "");
    }

    #[test]
    fn every_feature_of_the_engine_is_spoken_or_left_out_on_purpose() {
        for feature in matching::Feature::ALL {
            let spoken = in_words(&reason(feature.name(), 0.5)).is_some();
            // One span of time says it for all three.
            let is_said_otherwise =
                matches!(feature, matching::Feature::ActivityWeek | matching::Feature::ActivityHalfYear);
            assert_eq!(spoken, !is_said_otherwise, "{}", feature.name());
        }
    }
}
