//! A made-up crowd of freelancers, the same in every run: words and skills as unevenly frequent as in life.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use domain::event::Decided;
use domain::freelancer::{Activity, Freelancer, Past, TrackRecord, WorkHistory};
use domain::validation::read;
use domain::values::AccountId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use ulid::Ulid;

/// Different words; the n-th is 1/n as frequent as the first (Zipf).
const WORDS: f64 = 200_000.0;
const SKILLS: f64 = 3_000.0;
const WORDS_OF_A_BIO: usize = 30;
/// Share of the freelancers of whom only a profile is known.
const NEWCOMERS: f64 = 0.4;

/// Freelancer `number` of the crowd, with the work history.
///
/// # Errors
/// None, unless the market's rules have changed.
pub(crate) fn freelancer(number: u64, now: Timestamp) -> anyhow::Result<(Freelancer, WorkHistory)> {
    let mut dice = Dice::new(number);
    let languages: &[&str] = if dice.uniform() < 0.75 { &["en", "ko"] } else { &["ko"] };
    let count = 2 + dice.zipf(8.0);
    let skills = dice.skills(count);
    let profile = json!({
        "headline": dice.words(6),
        "bio": dice.words(WORDS_OF_A_BIO),
        "category": "Software",
        "skills": skills,
        "languages": languages,
        "hourly_rate": {"amount": 2_000 + (10_000.0 * dice.uniform()) as i64, "currency": "USD"},
        "weekly_hours": if dice.uniform() < 0.1 { 0 } else { 30 },
    });
    // Ids of their time: 48 bits of milliseconds, then chance.
    let id = AccountId::new(Ulid::from_parts(1_500_000_000_000 + number * 1_000, u128::from(dice.number())));
    let newcomer = introduce(id, profile, now)?.state;
    if dice.uniform() < NEWCOMERS {
        return Ok((newcomer, WorkHistory::default()));
    }
    let (record, history) = past(&mut dice, &newcomer, now);
    let past = newcomer.replace_past(record, history, now).state;
    Ok((Freelancer { track_record: past.track_record, ..newcomer }, past.work_history))
}

/// Somebody who has done what a project asks for, many times, and is at it this week.
///
/// # Errors
/// A project without title or skills.
pub(crate) fn specialist(
    number: u64,
    project: &Value,
    now: Timestamp,
) -> anyhow::Result<(Decided<Freelancer>, Decided<Past>)> {
    let profile = json!({
        "headline": project["title"], "bio": project["description"], "category": "Software",
        "skills": project["skills"], "languages": ["en"], "weekly_hours": 30,
        "hourly_rate": {"amount": 5_000, "currency": "USD"},
    });
    let id = AccountId::new(Ulid::from_parts(1_400_000_000_000 + number, u128::from(number)));
    let newcomer = introduce(id, profile, now)?;
    let skills = newcomer.state.profile.skills.as_slice();
    let record = TrackRecord {
        rating: Some(4.9),
        rated_jobs: 300,
        proposals: 400,
        completed_jobs: 300,
        response_minutes: Some(10.0),
        last_active_at: Some(now),
        ..TrackRecord::default()
    };
    let history = WorkHistory {
        skill_jobs: skills.iter().map(|skill| (skill.key(), 300)).collect(),
        activity: Some(Activity { week: 30.0, month: 100.0, half_year: 300.0, as_of: now }),
        work_terms: Vec::new(),
    };
    let past = newcomer.state.replace_past(record, history, now);
    Ok((newcomer, past))
}

/// The body of `POST /projects`, number `number`.
pub(crate) fn project(number: u64) -> Value {
    let mut dice = Dice::new(number ^ 0xdead_beef);
    let skills = dice.skills(4);
    json!({
        "title": dice.words(6), "description": dice.words(60), "category": "Software", "skills": skills,
        "languages": ["en"], "budget": {"kind": "hourly", "min": 2_000, "max": 9_000, "currency": "USD"},
    })
}

fn introduce(id: AccountId, profile: Value, now: Timestamp) -> anyhow::Result<Decided<Freelancer>> {
    let profile = read(&profile).map_err(|wrong| anyhow!("{wrong:?}"))?;
    Ok(Freelancer::introduce(id, "Somebody".parse()?, profile, now))
}

fn past(dice: &mut Dice, newcomer: &Freelancer, now: Timestamp) -> (TrackRecord, WorkHistory) {
    let proposals = dice.zipf(400.0);
    let seen_at = now - SignedDuration::from_hours((dice.uniform() * 9_600.0) as i64);
    let sum = (f64::from(proposals) * dice.uniform() * 0.3) as f32;
    let jobs: BTreeMap<_, _> =
        newcomer.profile.skills.as_slice().iter().map(|skill| (skill.key(), dice.zipf(30.0))).collect();
    let words = 20 * proposals.min(12);
    let record = TrackRecord {
        rating: Some(3.0 + 2.0 * dice.uniform()),
        rated_jobs: proposals / 3,
        proposals,
        completed_jobs: proposals / 3,
        response_minutes: Some(f64::from(dice.zipf(10_000.0))),
        last_active_at: Some(seen_at),
        ..TrackRecord::default()
    };
    let history = WorkHistory {
        skill_jobs: jobs,
        activity: Some(Activity { week: sum * 0.2, month: sum * 0.5, half_year: sum, as_of: seen_at }),
        work_terms: (0..words).map(|_| (matching::term_hash(&dice.word()), 1.0)).collect(),
    };
    (record, history)
}

/// xorshift64* (Vigna 2016).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// 0 to 1.
    fn uniform(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 1 to `most`, the n-th 1/n as often as the first.
    fn zipf(&mut self, most: f64) -> u32 {
        most.powf(self.uniform()) as u32
    }

    fn word(&mut self) -> String {
        format!("word{}", self.zipf(WORDS))
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// So many, or fewer if some came twice.
    fn skills(&mut self, count: u32) -> BTreeSet<String> {
        (0..count).map(|_| format!("skill{}", self.zipf(SKILLS))).collect()
    }
}
