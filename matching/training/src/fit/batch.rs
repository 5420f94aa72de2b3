//! Builds the batch of one training step: a few questions with their candidates, and copies of them with some
//! features hidden.

use super::loss::{Group, Wanted};
use crate::Random;
use crate::data::{Pairs, Query, without_history};
use matching::{Feature, Features};

/// The settings of a batch, copied from the [`Plan`](crate::Plan).
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawing {
    pub(super) negative_share: f64,
    pub(super) strangers: f64,
    pub(super) hidden_weight: f64,
}

/// The gain of each relevance, as in NDCG, 2^relevance − 1: irrelevant, proposed, hired.
const GAINS: [f64; 3] = [0.0, 1.0, 3.0];
/// The share of questions that are repeated without any history, as on a market's first day.
const FIRST_DAYS: f64 = 0.5;
/// The share of questions that are repeated with random features hidden from all candidates.
const PARTLY_HIDDEN: f64 = 0.5;
/// The share of questions that are repeated with some candidates turned into newcomers.
const WITH_NEWCOMERS: f64 = 0.3;
/// The share of candidates that such a copy turns into newcomers.
const NEWCOMERS: f64 = 0.3;
/// The highest text similarity between a person and a project of different trades, from function words and small
/// talk.
const STRANGE_SIMILARITY: f64 = 0.08;

/// Rows of features, the target of each row, and the questions that the rows belong to.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) features: Vec<Features>,
    pub(super) wanted: Vec<Wanted>,
    pub(super) groups: Vec<Group>,
}

impl Batch {
    /// Draws the candidates of some questions: everybody who proposed, and a share of the others.
    pub(super) fn draw(pairs: &Pairs, queries: &[&Query], drawing: &Drawing, random: &mut Random) -> Self {
        let mut batch = Self::default();
        for query in queries {
            let drawn: Vec<usize> = query
                .rows
                .clone()
                .filter(|&row| pairs.relevance[row] > 0 || random.chance(drawing.negative_share))
                .collect();
            let features: Vec<Features> = drawn.iter().map(|&row| pairs.features[row]).collect();
            let wanted = wanted_of(drawn.iter().map(|&row| pairs.relevance[row]), drawing.negative_share);

            if random.chance(FIRST_DAYS) {
                let hidden = features.iter().map(|row| without_history(*row)).collect();
                batch.push(hidden, wanted.clone(), drawing.hidden_weight);
            }
            if random.chance(PARTLY_HIDDEN) {
                let share = random.uniform();
                let hides = Feature::ALL.map(|_| random.chance(share));
                let hide = |row: &Features| {
                    Feature::ALL
                        .into_iter()
                        .zip(hides)
                        .filter(|(_, hides)| *hides)
                        .fold(*row, |row, (feature, _)| row.without(feature))
                };
                batch.push(features.iter().map(hide).collect(), wanted.clone(), drawing.hidden_weight);
            }
            if random.chance(WITH_NEWCOMERS) {
                let hidden = features
                    .iter()
                    .map(|row| if random.chance(NEWCOMERS) { without_history(*row) } else { *row })
                    .collect();
                batch.push(hidden, wanted.clone(), drawing.hidden_weight);
            }
            batch.push_with_strangers(features, wanted, drawing, random);
        }
        batch
    }

    fn push(&mut self, features: Vec<Features>, wanted: Vec<Wanted>, weight: f64) {
        let start = self.features.len();
        self.features.extend(features);
        self.wanted.extend(wanted);
        self.groups.push(Group { rows: start..self.features.len(), weight });
    }

    /// Adds the question with its history, joined by strangers: freelancers of another trade, who want nothing of it.
    fn push_with_strangers(
        &mut self,
        mut features: Vec<Features>,
        mut wanted: Vec<Wanted>,
        drawing: &Drawing,
        random: &mut Random,
    ) {
        for place in 0..features.len() {
            if random.chance(drawing.strangers) {
                let mut stranger = of_another_trade(features[place], random);
                if random.chance(NEWCOMERS) {
                    stranger = without_history(stranger);
                }
                features.push(stranger);
                // A stranger counts as often as the candidate it was made from, because candidates that were not
                // drawn would have given strangers too.
                wanted.push(Wanted { share: 0.0, interest: 0.0, choice: None, ..wanted[place] });
            }
        }
        self.push(features, wanted, 1.0);
    }
}

/// The targets of a question's drawn candidates.
fn wanted_of(relevance: impl Iterator<Item = u8> + Clone, negative_share: f64) -> Vec<Wanted> {
    let gain = |relevance: u8| GAINS[usize::from(relevance.min(2))];
    let gains: f64 = relevance.clone().map(gain).sum();
    relevance
        .map(|relevance| Wanted {
            share: gain(relevance) / gains.max(f64::MIN_POSITIVE),
            stands_for: if relevance > 0 { 1.0 } else { negative_share.recip() },
            interest: f64::from(relevance.min(1)),
            choice: (relevance > 0).then_some(f64::from(relevance / 2)),
        })
        .collect()
}

/// The same freelancer paired with a project of another trade: no skill and no job in common, and hardly a word. A
/// site about one topic has no such pairs, but a market has many.
fn of_another_trade(features: Features, random: &mut Random) -> Features {
    let similarity = STRANGE_SIMILARITY * random.uniform();
    let mut values = features.values();
    for (feature, value) in
        [(Feature::SkillOverlap, 0.0), (Feature::SkillExperience, 0.0), (Feature::TextSimilarity, similarity as f32)]
    {
        // Unknown features stay unknown.
        values[feature as usize] = values[feature as usize].map(|_| value);
    }
    Features::clamped(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_have_the_weight_of_their_originals() {
        let mut random = Random::new(3);
        let features: Vec<Features> = vec![Features::from_slice(&[0.5; 10]).unwrap(); 400];
        let wanted = wanted_of((0..400).map(|row| u8::from(row < 40)), 0.25);
        let drawing = Drawing { negative_share: 0.25, strangers: 0.5, hidden_weight: 1.0 };
        let mut batch = Batch::default();
        batch.push_with_strangers(features, wanted, &drawing, &mut random);
        let strangers = &batch.wanted[400..];
        assert!((150..250).contains(&strangers.len()), "{}", strangers.len());
        assert!(strangers.iter().all(|one| one.interest == 0.0 && one.share == 0.0 && one.choice.is_none()));
        let standing = |number: f64| strangers.iter().filter(|one| one.stands_for == number).count();
        assert!(standing(1.0) > 5 && standing(4.0) > 100 && standing(1.0) + standing(4.0) == strangers.len());
    }
}
