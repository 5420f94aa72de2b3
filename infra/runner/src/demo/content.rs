//! The words of the demo market, read from `trades.yaml` and `phrases.yaml`.

use anyhow::Context;
use serde::Deserialize;

/// The texts from which the demo market is composed.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) trades: Vec<Trade>,
    pub(crate) phrases: Phrases,
}

/// The two languages of the demo market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DemoLanguage {
    Korean,
    English,
}

/// A value for each of the two languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bilingual<T> {
    ko: T,
    en: T,
}

impl<T> Bilingual<T> {
    pub(crate) fn of(&self, language: DemoLanguage) -> &T {
        match language {
            DemoLanguage::Korean => &self.ko,
            DemoLanguage::English => &self.en,
        }
    }
}

/// One speciality of one category.
#[derive(Debug, Deserialize)]
pub(crate) struct Trade {
    pub(crate) category: String,
    /// Least and greatest hourly rate, US dollars.
    pub(crate) usd: (i64, i64),
    /// Least and greatest price of a whole project, US dollars.
    pub(crate) fixed_usd: (i64, i64),
    pub(crate) skills: TradeSkills,
    #[serde(flatten)]
    pub(crate) words: Bilingual<TradeWords>,
}

impl Trade {
    /// The names of the skills in `language`. Names that both languages share come first.
    pub(crate) fn skills(&self, language: DemoLanguage) -> Vec<String> {
        [self.skills.both.as_slice(), self.skills.own.of(language)].concat()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct TradeSkills {
    both: Vec<String>,
    #[serde(flatten)]
    own: Bilingual<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TradeWords {
    /// `백엔드 개발자`, `a back-end engineer`.
    pub(crate) role: String,
    pub(crate) offers: Vec<String>,
    pub(crate) about: Vec<String>,
    pub(crate) jobs: Vec<Job>,
}

/// Projects. In the title, `{client}` is replaced by a client's name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) title: String,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrases {
    pub(crate) names: Bilingual<Names>,
    pub(crate) clients: Bilingual<Vec<String>>,
    pub(crate) openings: Bilingual<Openings>,
    pub(crate) manners: Bilingual<Vec<String>>,
    pub(crate) wishes: Bilingual<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    family: Vec<String>,
    given: Vec<String>,
}

/// The first sentences of a biography. `{role}` and `{years}` are replaced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Openings {
    pub(crate) seasoned: Vec<String>,
    pub(crate) fresh: Vec<String>,
}

/// The step from one name to the next. It is a prime that divides neither number of names, so no name repeats early.
const NAME_STEP: usize = 173;

impl Phrases {
    /// The full name number `index`. No name repeats before all have been used.
    pub(crate) fn name(&self, language: DemoLanguage, index: usize) -> String {
        let Names { family, given } = self.names.of(language);
        let place = index * NAME_STEP % (family.len() * given.len());
        let (family, given) = (&family[place / given.len()], &given[place % given.len()]);
        match language {
            DemoLanguage::Korean => format!("{family}{given}"),
            DemoLanguage::English => format!("{given} {family}"),
        }
    }
}

impl Content {
    /// Reads the two files, which are compiled in.
    ///
    /// # Errors
    /// When a file does not fit the types of this module.
    pub(crate) fn read() -> anyhow::Result<Self> {
        Ok(Self {
            trades: serde_yaml_ng::from_str(include_str!("trades.yaml")).context("trades.yaml")?,
            phrases: serde_yaml_ng::from_str(include_str!("phrases.yaml")).context("phrases.yaml")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_do_not_repeat() {
        let phrases = Content::read().unwrap().phrases;
        for language in [DemoLanguage::Korean, DemoLanguage::English] {
            let names: BTreeSet<String> = (0..600).map(|index| phrases.name(language, index)).collect();
            assert_eq!(names.len(), 600);
        }
    }

    #[test]
    fn every_trade_has_enough_to_say() {
        for trade in Content::read().unwrap().trades {
            for language in [DemoLanguage::Korean, DemoLanguage::English] {
                let words = trade.words.of(language);
                assert!([words.offers.len(), words.about.len(), words.jobs.len()].iter().all(|&count| count >= 3));
                assert!(words.jobs.iter().all(|job| job.title.contains("{client}") && !job.text.contains('{')));
                assert!(trade.skills(language).len() >= 5, "{}", words.role);
            }
        }
    }
}
