//! What the demo market remembers of its freelancers: ratings, jobs, answers, hours. Newcomers have nothing of it.
//!
//! No request can say such things of oneself, so this goes into the store through the rules of the market.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::tag::{Folded, Skill};
use domain::track_record::TrackRecord;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use matching::{MAX_WORK_TERMS, TermVector};

use super::content::Content;
use super::dice::Dice;
use super::people::Person;
use super::projects::title;

const SEED: u64 = 0x7061_7374_7061_7374;
/// Jobs whose texts are remembered: the last ones.
const REMEMBERED_JOBS: u32 = 8;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// What happened to `person` until `now`; `None` for somebody who has just arrived.
///
/// # Errors
/// When the person's skills or time zone are none: the content is at fault.
pub(crate) fn past(content: &Content, person: &Person, now: Timestamp) -> anyhow::Result<Option<TrackRecord>> {
    if person.years < 2 {
        return Ok(None);
    }
    let mut dice = Dice::new(SEED, person.index);
    // How good somebody is shows in everything at once; two throws make the middle likely.
    let quality = (dice.share() + dice.share()) / 2.0;
    let proposals = dice.between(5, 8 + 7 * person.years) as u32;
    let completed_jobs = (f64::from(proposals) * (0.1 + 0.6 * quality)) as u32;
    let rated_jobs = completed_jobs - completed_jobs / 4;
    let stars = (3.6 + 1.4 * quality.sqrt() + 0.2 * (dice.share() - 0.5)).min(5.0);
    // From five minutes to two days, the better the sooner.
    let response_minutes = (5.0 * (560.0_f64).powf((dice.share() + 1.0 - quality) / 2.0)).round();
    Ok(Some(TrackRecord {
        rating: (rated_jobs > 0).then_some((stars * 100.0).round() / 100.0),
        rated_jobs,
        proposals,
        completed_jobs,
        response_minutes: Some(response_minutes),
        last_active_at: Some(last_active_at(&mut dice, now)),
        skill_jobs: skill_jobs(&mut dice, person, completed_jobs)?,
        active_hours: active_hours(&mut dice, person, proposals, now)?,
        work_terms: work_terms(&mut dice, content, person, completed_jobs),
    }))
}

/// Half were here today, most within the week, some not for months.
fn last_active_at(dice: &mut Dice, now: Timestamp) -> Timestamp {
    let days = match dice.between(0, 9) {
        0..=4 => dice.share() * 0.6,
        5..=7 => dice.share() * 7.0,
        _ => dice.share() * 90.0,
    };
    now - SignedDuration::from_secs((days * SECONDS_PER_DAY) as i64)
}

fn skill_jobs(dice: &mut Dice, person: &Person, completed_jobs: u32) -> anyhow::Result<BTreeMap<Folded, u32>> {
    let mut jobs = BTreeMap::new();
    for _ in 0..completed_jobs {
        for skill in dice.pick_some(&person.skills, 3) {
            let skill: Skill = skill.parse().ok().with_context(|| format!("{skill:?} is no skill"))?;
            *jobs.entry(skill.folded()).or_default() += 1;
        }
    }
    Ok(jobs)
}

/// The working day of the freelancer's own time zone, and some evenings.
fn active_hours(dice: &mut Dice, person: &Person, proposals: u32, now: Timestamp) -> anyhow::Result<[u32; 24]> {
    let offset = TimeZone::get(person.timezone)?.to_offset(now).seconds().div_euclid(3_600);
    let mut hours = [0; 24];
    for _ in 0..proposals {
        let local = if dice.chance(80) { dice.between(9, 18) } else { dice.between(20, 23) };
        hours[(local - i64::from(offset)).rem_euclid(24) as usize] += 1;
    }
    Ok(hours)
}

fn work_terms(dice: &mut Dice, content: &Content, person: &Person, completed_jobs: u32) -> Vec<(u32, f32)> {
    let mut work = TermVector::default();
    for _ in 0..completed_jobs.min(REMEMBERED_JOBS) {
        let job = dice.pick(&content.trades[person.trade].words.of(person.tongue).jobs);
        let title = title(content, dice, job, person.tongue);
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
            let Some(record) = past(&content, &person, now).unwrap() else {
                newcomers += 1;
                continue;
            };
            assert_eq!(past(&content, &person, now).unwrap(), Some(record.clone()));
            assert!(record.completed_jobs <= record.proposals && record.rated_jobs <= record.completed_jobs);
            assert_eq!(record.active_hours.iter().sum::<u32>(), record.proposals);
            assert!(record.rating.is_none_or(|stars| (3.0..=5.0).contains(&stars)));
            assert!(record.response_minutes.is_some_and(|minutes| (5.0..=2_880.0).contains(&minutes)));
            assert!(record.last_active_at.is_some_and(|at| at <= now));
            assert!(record.work_terms.len() <= MAX_WORK_TERMS);
        }
        assert!((20..100).contains(&newcomers), "{newcomers}");
    }
}
