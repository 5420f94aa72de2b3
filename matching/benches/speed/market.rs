//! A synthetic market of any size, the same in every run. The frequencies of words and skills are skewed, as in real
//! markets.

use std::collections::BTreeMap;

use matching::{Activity, Need, PackedTalent, Talent, TermVector, term_hash};

/// The time of the ranking, in seconds since 1970.
const NOW: i64 = 1_700_000_000;
const DAY: f64 = 86_400.0;
/// The number of different words. The n-th has 1/n of the frequency of the first (Zipf).
const WORDS: f64 = 200_000.0;
const SKILLS: f64 = 3_000.0;
/// The share of freelancers who have only a profile.
const NEWCOMERS: f64 = 0.4;

/// The facts that decide eligibility, packed into 24 bytes as a market would do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) languages: u64,
    pub(crate) rate: i64,
    pub(crate) currency: u16,
    pub(crate) weekly_hours: u16,
    _revision: u32,
}

/// xorshift64* (Vigna 2016).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A uniform number x, 0 ≤ x < 1.
    fn uniform(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from 1 to `most`; n has a probability proportional to 1/n.
    fn zipf(&mut self, most: f64) -> u32 {
        most.powf(self.uniform()) as u32
    }

    fn words(&mut self, count: usize) -> TermVector {
        // A text repeats its common words, so they get higher weights.
        TermVector::from_terms((0..count).map(|_| (term_hash(&format!("word{}", self.zipf(WORDS))), 1.0)))
    }

    fn skill(&mut self) -> String {
        format!("skill{}", self.zipf(SKILLS))
    }
}

/// The freelancer with this number, with id and terms.
pub(crate) fn freelancer(number: u64) -> (u128, Talent, Terms) {
    let mut dice = Dice::new(number + 1);
    let skills: Vec<String> = (0..2 + dice.zipf(8.0)).map(|_| dice.skill()).collect();
    let languages = 1 | 1 << (dice.zipf(30.0) - 1);
    let terms = Terms {
        languages: if dice.uniform() < 0.75 { languages } else { languages & !1 | 2 },
        rate: (20.0 + 100.0 * dice.uniform()) as i64 * 100,
        currency: u16::from(dice.uniform() < 0.1),
        weekly_hours: if dice.uniform() < 0.1 { 0 } else { 30 },
        _revision: 1,
    };
    let profile = Talent { terms: dice.words(35), skills, ..Talent::default() };
    // Ids begin with a time, like ULIDs: 48 bits of milliseconds, then random bits.
    let id = u128::from(1_500_000_000_000 + number * 1_000) << 80 | u128::from(dice.number());
    if dice.uniform() < NEWCOMERS {
        return (id, profile, terms);
    }
    let proposals = dice.zipf(400.0);
    let age = dice.uniform() * 400.0;
    let skill_jobs: BTreeMap<String, u32> = (0..dice.zipf(20.0)).map(|_| (dice.skill(), dice.zipf(30.0))).collect();
    let sum = f64::from(proposals) * dice.uniform() * 0.3;
    let mut words = profile.terms;
    words.add(&dice.words(20 * proposals.min(20) as usize));
    let talent = Talent {
        skill_jobs,
        rating: Some(3.0 + 2.0 * dice.uniform()),
        rated_jobs: proposals / 3,
        proposals,
        completed_jobs: proposals / 3,
        response_minutes: Some(f64::from(dice.zipf(10_000.0))),
        last_active_at: Some(NOW - (age * DAY) as i64),
        activity: Some(Activity {
            week: sum as f32 * 0.2,
            month: sum as f32 * 0.5,
            half_year: sum as f32,
            as_of: NOW - (age * DAY) as i64,
        }),
        terms: words,
        ..profile
    };
    (id, talent, terms)
}

/// The first `count` freelancers.
pub(crate) fn freelancers(count: u64) -> impl Iterator<Item = (u128, PackedTalent, Terms)> {
    (0..count).map(|number| {
        let (id, talent, terms) = freelancer(number);
        (id, PackedTalent::of(&talent), terms)
    })
}

/// A project with about forty different words.
pub(crate) fn need(number: u64) -> Need {
    let mut dice = Dice::new(number ^ 0xdead_beef);
    Need { skills: (0..4).map(|_| dice.skill()).collect(), terms: dice.words(60), ranked_at: NOW }
}

/// Whether a freelancer's terms fit the project. About half of them do.
pub(crate) fn is_eligible(terms: &Terms) -> bool {
    (terms.languages & 1 != 0) & (terms.currency == 0) & (terms.rate <= 9_000) & (terms.weekly_hours != 0)
}
