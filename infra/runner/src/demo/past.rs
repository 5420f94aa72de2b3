//! The freelancers' histories in the demo market: ratings, jobs and answers. Newcomers have none.
//!
//! No request can state a history, so it is written to the store by the rules of the market.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::freelancer::{Activity, TrackRecord, WorkHistory};
use domain::values::{Skill, TagKey};
use jiff::{SignedDuration, Timestamp};
use matching::{MAX_WORK_TERMS, TermVector};

use super::content::Content;
use super::dice::Dice;
use super::people::Person;
use super::projects::title;

const SEED: u64 = 0x7061_7374_7061_7374;
/// The number of the last jobs whose texts are part of a history.
const REMEMBERED_JOBS: u32 = 8;
const SECONDS_PER_DAY: f64 = 86_400.0;
const DAYS_PER_YEAR: f64 = 365.25;

/// The history of `person` until `now`; `None` for a newcomer.
///
/// # Errors
/// When the content names a skill that the market refuses.
pub(crate) fn past(
    content: &Content,
    person: &Person,
    now: Timestamp,
) -> anyhow::Result<Option<(TrackRecord, WorkHistory)>> {
    if person.years < 2 {
        return Ok(None);
    }
    let mut dice = Dice::new(SEED, person.index);
    // One quality decides every measure. The mean of two throws makes a middling quality likely.
    let quality = (dice.share() + dice.share()) / 2.0;
    let proposals = dice.between(5, 8 + 7 * person.years) as u32;
    let completed_jobs = (f64::from(proposals) * (0.1 + 0.6 * quality)) as u32;
    let rated_jobs = completed_jobs - completed_jobs / 4;
    let stars = (3.6 + 1.4 * quality.sqrt() + 0.2 * (dice.share() - 0.5)).min(5.0);
    // From five minutes to two days. Better freelancers answer sooner.
    let response_minutes = (5.0 * (560.0_f64).powf((dice.share() + 1.0 - quality) / 2.0)).round();
    let last_active_at = last_active_at(&mut dice, now);
    let history = WorkHistory {
        skill_jobs: skill_jobs(&mut dice, person, completed_jobs)?,
        activity: Some(activity(person, proposals, last_active_at)),
        work_terms: work_terms(&mut dice, content, person, completed_jobs),
    };
    let record = TrackRecord {
        rating: (rated_jobs > 0).then_some((stars * 100.0).round() / 100.0),
        rated_jobs,
        proposals,
        completed_jobs,
        response_minutes: Some(response_minutes),
        last_active_at: Some(last_active_at),
        ..TrackRecord::default()
    };
    Ok(Some((record, history)))
}

/// Half of the freelancers were active today, most within the week, and some not for months.
fn last_active_at(dice: &mut Dice, now: Timestamp) -> Timestamp {
    let days = match dice.between(0, 9) {
        0..=4 => dice.share() * 0.6,
        5..=7 => dice.share() * 7.0,
        _ => dice.share() * 90.0,
    };
    now - SignedDuration::from_secs((days * SECONDS_PER_DAY) as i64)
}

fn skill_jobs(dice: &mut Dice, person: &Person, completed_jobs: u32) -> anyhow::Result<BTreeMap<TagKey, u32>> {
    let mut jobs = BTreeMap::new();
    for _ in 0..completed_jobs {
        for skill in dice.pick_some(&person.skills, 3) {
            let skill: Skill = skill.parse().ok().with_context(|| format!("{skill:?} is no skill"))?;
            *jobs.entry(skill.key()).or_default() += 1;
        }
    }
    Ok(jobs)
}

/// The activity of bids made at an even pace until the last one. At a steady pace, the bids of 1 / ln 2 half-lives
/// count.
fn activity(person: &Person, proposals: u32, last_active_at: Timestamp) -> Activity {
    let per_day = f64::from(proposals) / (DAYS_PER_YEAR * person.years as f64);
    let fading =
        |half_life_days: f64| (per_day * half_life_days / std::f64::consts::LN_2).min(f64::from(proposals)) as f32;
    Activity { week: fading(7.0), month: fading(30.0), half_year: fading(180.0), as_of: last_active_at }
}

fn work_terms(dice: &mut Dice, content: &Content, person: &Person, completed_jobs: u32) -> Vec<(u32, f32)> {
    let mut work = TermVector::default();
    for _ in 0..completed_jobs.min(REMEMBERED_JOBS) {
        let job = dice.pick(&content.trades[person.trade].words.of(person.language).jobs);
        let title = title(content, dice, job, person.language);
        work.add(&TermVector::of_project(&title, &job.text));
    }
    work.strongest(MAX_WORK_TERMS).terms().to_vec()
}

#[cfg(test)]
mod tests {
    use super::super::people::people;
    use super::*;

    #[test]
    fn a_past_is_plausible_and_the_same_each_time() {
        let content = Content::read().unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let mut newcomers = 0;
        for person in people(&content, super::super::FREELANCERS) {
            let Some((record, history)) = past(&content, &person, now).unwrap() else {
                newcomers += 1;
                continue;
            };
            assert_eq!(past(&content, &person, now).unwrap(), Some((record.clone(), history.clone())));
            assert!(record.completed_jobs <= record.proposals && record.rated_jobs <= record.completed_jobs);
            assert!(history.activity.is_some_and(|activity| activity.half_year <= record.proposals as f32));
            assert!(record.rating.is_none_or(|stars| (3.0..=5.0).contains(&stars)));
            assert!(record.response_minutes.is_some_and(|minutes| (5.0..=2_880.0).contains(&minutes)));
            assert!(record.last_active_at.is_some_and(|at| at <= now));
            assert!(history.work_terms.len() <= MAX_WORK_TERMS);
        }
        assert!((20..100).contains(&newcomers), "{newcomers}");
    }
}
