//! Measures a freelancer's recent activity with three numbers.
//!
//! A proposal counts 1 when it is made and half as much after every half-life. Such a sum needs no list of past
//! proposals: it is stored as of one moment, and one factor carries it to a later moment.
//!
//! Markets differ in their usual activity. A [`Pace`] holds it, so the net does not have to learn it again for every
//! market and season.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::numbers::{halved, ln_1p};

/// The number of half-lives that activity is counted with.
pub(crate) const HALF_LIVES: usize = 3;

/// Days after which a proposal counts half: a week, a month, half a year. The three sums separate freelancers who are
/// busy this week, freelancers who work regularly, and freelancers who return after a break.
const HALF_LIFE_DAYS: [f64; HALF_LIVES] = [7.0, 30.0, 180.0];
/// The feature can show one twentieth of a proposal: a single proposal about four half-lives ago.
const SHOWN_PARTS: f32 = 20.0;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// The same half-lives, as a rate.
const HALVINGS_PER_SECOND: [f32; HALF_LIVES] = [
    (1.0 / (HALF_LIFE_DAYS[0] * SECONDS_PER_DAY)) as f32,
    (1.0 / (HALF_LIFE_DAYS[1] * SECONDS_PER_DAY)) as f32,
    (1.0 / (HALF_LIFE_DAYS[2] * SECONDS_PER_DAY)) as f32,
];

/// A freelancer's proposals, where each counts less with its age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity {
    /// The sum with a half-life of seven days; zero or more.
    pub week: f32,
    /// The sum with a half-life of 30 days; zero or more.
    pub month: f32,
    /// The sum with a half-life of 180 days; zero or more.
    pub half_year: f32,
    /// The time of the three sums, in seconds since 1970.
    pub as_of: i64,
}

impl Activity {
    /// No proposal until `as_of`.
    pub fn none(as_of: i64) -> Self {
        Self { week: 0.0, month: 0.0, half_year: 0.0, as_of }
    }

    /// Counts one more proposal, made at a time in seconds since 1970. A time before [`as_of`](Self::as_of) counts as
    /// [`as_of`](Self::as_of).
    pub fn record(&mut self, at: i64) {
        let [week, month, half_year] = self.faded(at);
        *self = Self { week: week + 1.0, month: month + 1.0, half_year: half_year + 1.0, as_of: self.as_of.max(at) };
    }

    /// Converts an activity feature's value to a multiple of the market's usual activity; 1 is the usual activity.
    pub fn share_of_usual(value: f32) -> f32 {
        value.exp_m1() / SHOWN_PARTS
    }

    /// The three sums at a time. A time before [`as_of`](Self::as_of) counts as [`as_of`](Self::as_of).
    fn faded(&self, at: i64) -> [f32; 3] {
        let fading = fading(self.as_of, at);
        let sums = [self.week, self.month, self.half_year];
        std::array::from_fn(|i| sums[i] * fading[i] as f32)
    }
}

/// The activity feature of a sum with one of the half-lives and an age: ln(1 + 20 × sum × the market's factor), at most
/// 26.
#[inline(always)]
pub(crate) fn feature(half_life: usize, sum: f32, age_seconds: f32, factor: f32) -> f32 {
    const MOST: f32 = 1.0e11;
    let left = halved(age_seconds * HALVINGS_PER_SECOND[half_life]);
    ln_1p((SHOWN_PARTS * sum * left * factor).min(MOST))
}

/// The share of a proposal that remains, by half-life, between two times in seconds since 1970.
fn fading(from: i64, to: i64) -> [f64; 3] {
    let age_days = to.saturating_sub(from).max(0) as f64 / SECONDS_PER_DAY;
    HALF_LIFE_DAYS.map(|half_life| (-age_days / half_life).exp2())
}

/// The usual activity in a market: the mean activity of the freelancer behind a randomly picked proposal. Inactive
/// members do not change it. It takes seven numbers, however large the market is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    #[serde(deserialize_with = "sums")]
    sums: [f64; HALF_LIVES],
    #[serde(deserialize_with = "sums")]
    squares: [f64; HALF_LIVES],
    as_of: i64,
}

/// Reads the sums, which must be finite.
fn sums<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[f64; HALF_LIVES], D::Error> {
    let sums = <[f64; HALF_LIVES]>::deserialize(deserializer)?;
    if sums.iter().all(|sum| sum.is_finite()) { Ok(sums) } else { Err(D::Error::custom("no finite number")) }
}

/// A market with less activity is treated as if it had half a proposal.
const LEAST_ACTIVITY: f64 = 0.5;

impl Pace {
    /// The pace of some freelancers.
    pub fn of<'a>(activities: impl IntoIterator<Item = &'a Activity>) -> Self {
        let mut pace = Self::default();
        for activity in activities {
            pace.count(activity);
        }
        pace
    }

    /// Counts one more freelancer. Invalid numbers (negative or not finite) count as zero.
    pub fn count(&mut self, activity: &Activity) {
        let sums = [activity.week, activity.month, activity.half_year]
            .map(|sum| if sum.is_finite() { f64::from(sum.max(0.0)) } else { 0.0 });
        self.merge(&Self { sums, squares: sums.map(|sum| sum * sum), as_of: activity.as_of });
    }

    /// Subtracts a freelancer who was counted before.
    pub(crate) fn discount(&mut self, activity: &Activity) {
        let [mut one, before] = [Self::default(), *self];
        one.count(activity);
        let fading = fading(one.as_of, before.as_of);
        // Rounding may leave a small negative rest, which counts as zero.
        self.sums = std::array::from_fn(|i| (before.sums[i] - one.sums[i] * fading[i]).max(0.0));
        self.squares = std::array::from_fn(|i| (before.squares[i] - one.squares[i] * fading[i].powi(2)).max(0.0));
    }

    /// Adds the freelancers of another part of the market.
    pub fn merge(&mut self, other: &Self) {
        let as_of = self.as_of.max(other.as_of);
        let (ours, theirs) = (fading(self.as_of, as_of), fading(other.as_of, as_of));
        *self = Self {
            sums: std::array::from_fn(|i| self.sums[i] * ours[i] + other.sums[i] * theirs[i]),
            squares: std::array::from_fn(|i| self.squares[i] * ours[i].powi(2) + other.squares[i] * theirs[i].powi(2)),
            as_of,
        };
    }

    /// The factors, by half-life, that make activities of different markets and times comparable: 1 / the usual
    /// activity, Σd / Σd². A randomly picked proposal is by freelancer i with probability dᵢ / Σd, so Σd² / Σd is the
    /// mean activity of its freelancer.
    pub(crate) fn factors(&self, ranked_at: i64) -> [f32; 3] {
        let fading = fading(self.as_of, ranked_at);
        std::array::from_fn(|i| {
            let (sum, squares) = (self.sums[i] * fading[i], self.squares[i] * fading[i].powi(2));
            ((sum + LEAST_ACTIVITY) / (squares + LEAST_ACTIVITY)) as f32
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn counts_half_after_a_half_life() {
        let mut activity = Activity::none(0);
        activity.record(0);
        activity.record(7 * DAY);
        assert_eq!(activity.week, 1.5);
        assert!((activity.month - 1.0 - (-7.0f32 / 30.0).exp2()).abs() < 1e-6);
        let after_a_week = feature(0, activity.week, 7.0 * DAY as f32, 1.0);
        assert!((after_a_week - (20.0 * 0.75f32).ln_1p()).abs() < 1e-6);
        for half_life in 0..HALF_LIVES {
            assert_eq!(feature(half_life, 9.0, f32::MAX, 1.0), 0.0);
            assert!(feature(half_life, f32::MAX, 0.0, 1.0) < 26.0);
        }
    }

    #[test]
    fn a_late_proposal_counts_as_made_at_as_of() {
        let mut activity = Activity::none(100 * DAY);
        activity.record(0);
        assert_eq!(activity, Activity { week: 1.0, month: 1.0, half_year: 1.0, as_of: 100 * DAY });
    }

    #[test]
    fn inactive_members_do_not_change_the_pace() {
        let active = |sum: f32, as_of: i64| Activity { week: sum, month: sum, half_year: sum, as_of };
        let pace = Pace::of(&[active(4.0, 0), active(2.0, 0), active(0.0, 0), active(0.0, 0)]);
        assert_eq!(pace.factors(0), [(6.5f64 / 20.5) as f32; 3]);
        assert_eq!(pace.factors(7 * DAY)[0], (3.5f64 / 5.5) as f32);
        assert_eq!(Pace::default().factors(0), [1.0; 3]);
    }

    #[test]
    fn discounting_a_freelancer_undoes_counting() {
        let activities =
            [3.0, 5.0, 9.0].map(|sum| Activity { week: sum, month: sum, half_year: sum, as_of: sum as i64 * DAY });
        let mut pace = Pace::of(&activities);
        pace.discount(&activities[1]);
        for (left, expected) in
            pace.factors(9 * DAY).into_iter().zip(Pace::of([&activities[0], &activities[2]]).factors(9 * DAY))
        {
            assert!((left - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn the_merged_pace_of_parts_is_that_of_the_whole_market() {
        let all: Vec<Activity> = (0..6)
            .map(|i| Activity { week: i as f32, month: 2.0 * i as f32, half_year: 9.0, as_of: i * DAY })
            .collect();
        let mut merged = Pace::of(&all[..2]);
        merged.merge(&Pace::of(&all[2..]));
        for (merged, whole) in merged.factors(9 * DAY).into_iter().zip(Pace::of(&all).factors(9 * DAY)) {
            assert!((merged - whole).abs() < 1e-6);
        }
    }
}
