//! Audits exposure: the places that a period's rankings give to groups of freelancers.
//!
//! An audit takes rankings by score, or with a [`Share`] for newcomers. For each group it measures the shares of the
//! candidates, of the first ten places, and of the attention. A place gets the attention 1 / log₂(1 + rank) (Singh,
//! Joachims: "Fairness of Exposure in Rankings", KDD 2018). The audit replays past decisions: it does not predict who
//! would bid if shown.

use std::collections::HashMap;

use super::metrics::{RELEVANT_RANKS, ndcg};
use crate::Random;
use crate::data::{Pairs, Query};
use crate::stackexchange::{Dump, PostId, UserId};
use matching::{Feature, Features, Share, Shown, with_share};

/// The tenure and the track record of a candidate at the moment of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Proposals made before the question.
    pub proposals: u32,
    /// Seconds since joining.
    pub tenure_seconds: i64,
}

impl Standing {
    /// The standing of every row of `pairs`; `dumps` are its sites, in the same order. A user joins a Stack Exchange
    /// site with the first answer, so every candidate has a proposal.
    pub fn of_dumps<'a>(pairs: &Pairs, dumps: impl IntoIterator<Item = &'a Dump>) -> Vec<Self> {
        let nobody = Self { proposals: 0, tenure_seconds: 0 };
        let mut standings = vec![nobody; pairs.features.len()];
        for (site, dump) in dumps.into_iter().enumerate() {
            let asked: HashMap<PostId, i64> =
                dump.questions.iter().map(|question| (question.id, question.created_at_ms)).collect();
            let mut answered = HashMap::<UserId, Vec<i64>>::new();
            for answer in &dump.answers {
                answered.entry(answer.author).or_default().push(answer.created_at_ms);
            }
            for times in answered.values_mut() {
                times.sort_unstable();
            }
            for query in pairs.queries.iter().filter(|query| query.site == site) {
                let Some(&now_ms) = asked.get(&query.question) else { continue };
                for row in query.rows.clone() {
                    let Some(times) = answered.get(&pairs.freelancers[row]) else { continue };
                    let proposals = times.partition_point(|&at_ms| at_ms < now_ms);
                    standings[row] = Self {
                        proposals: u32::try_from(proposals).unwrap_or(u32::MAX),
                        tenure_seconds: times.first().map_or(0, |first| (now_ms - first).div_euclid(1_000)),
                    };
                }
            }
        }
        standings
    }
}

/// The candidates of a period's questions in the order they are shown: rows of [`Pairs`], best first, one ranking per
/// question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rankings(Vec<Vec<usize>>);

impl Rankings {
    /// Ranks by falling log-odds, one per row. The seed orders equal ones.
    pub fn by_score<'a>(queries: impl IntoIterator<Item = &'a Query>, log_odds: &[f32], seed: u64) -> Self {
        let mut random = Random::new(seed);
        let ranked = |query: &Query| {
            let mut order: Vec<(usize, u64)> = query.rows.clone().map(|row| (row, random.bits())).collect();
            order.sort_by(|a, b| log_odds[b.0].total_cmp(&log_odds[a.0]).then(a.1.cmp(&b.1)));
            order.into_iter().map(|(row, _)| row).collect()
        };
        Self(queries.into_iter().map(ranked).collect())
    }

    /// The same rankings with a share of the first places for some candidates: see [`with_share`].
    #[must_use]
    pub fn with_share(&self, share: Share, is_member: impl Fn(usize) -> bool) -> Self {
        let shared = |ranking: &Vec<usize>| {
            let placed = |wanted: bool| {
                let places = ranking.iter().enumerate();
                places.filter(|&(_, &row)| is_member(row) == wanted).collect::<Vec<_>>()
            };
            let by_place = |a: &(usize, &usize), b: &(usize, &usize)| a.0.cmp(&b.0);
            with_share(share, placed(true), placed(false), Shown::default(), ranking.len(), by_place)
                .map(|(_, &row)| row)
                .collect()
        };
        Self(self.0.iter().map(shared).collect())
    }

    /// Mean NDCG@10 over the questions that have a relevant candidate; `None` without such a question.
    pub fn ndcg_10(&self, pairs: &Pairs) -> Option<f64> {
        let relevance = |ranking: &Vec<usize>| ranking.iter().map(|&row| pairs.relevance[row]).collect::<Vec<u8>>();
        let judged: Vec<f64> = self
            .0
            .iter()
            .map(relevance)
            .filter(|ranked| ranked.iter().any(|&relevance| relevance > 0))
            .map(|ranked| ndcg(&ranked))
            .collect();
        (!judged.is_empty()).then(|| judged.iter().sum::<f64>() / judged.len() as f64)
    }

    /// The fewest members among the first ten, over the rankings with at least `needed` members; `None` without such
    /// a ranking.
    pub fn fewest_first(&self, needed: usize, is_member: impl Fn(usize) -> bool) -> Option<usize> {
        let members = |ranking: &[usize]| ranking.iter().filter(|&&row| is_member(row)).count();
        let enough = self.0.iter().filter(|ranking| members(ranking) >= needed);
        enough.map(|ranking| members(&ranking[..ranking.len().min(RELEVANT_RANKS)])).min()
    }

    /// The exposure of each group.
    pub fn exposure(&self, pairs: &Pairs, grouping: &Grouping) -> Vec<Exposure> {
        let mut sums = vec![Exposure::default(); grouping.names.len()];
        for ranking in &self.0 {
            for (place, &row) in ranking.iter().enumerate() {
                let sum = &mut sums[grouping.groups[row]];
                sum.eligible += 1.0;
                sum.bids += f64::from(pairs.relevance[row].min(1));
                sum.first_ten += f64::from(u8::from(place < RELEVANT_RANKS));
                sum.attention += 1.0 / (place as f64 + 2.0).log2();
            }
        }
        let whole = |of: fn(&Exposure) -> f64| sums.iter().map(of).sum::<f64>().max(f64::MIN_POSITIVE);
        let all = Exposure {
            eligible: whole(|sum| sum.eligible),
            bids: whole(|sum| sum.bids),
            first_ten: whole(|sum| sum.first_ten),
            attention: whole(|sum| sum.attention),
        };
        sums.into_iter()
            .map(|sum| Exposure {
                eligible: sum.eligible / all.eligible,
                bids: sum.bids / all.bids,
                first_ten: sum.first_ten / all.first_ten,
                attention: sum.attention / all.attention,
            })
            .collect()
    }
}

/// The shares of one group, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Exposure {
    /// Share of all candidates.
    pub eligible: f64,
    /// Share of the candidates who then made a proposal.
    pub bids: f64,
    /// Share of the first ten places.
    pub first_ten: f64,
    /// Share of the attention of all places, 1 / log₂(1 + rank) each.
    pub attention: f64,
}

impl Exposure {
    /// The share of the first ten places, divided by the share of the candidates; 1 is even. `None` for an empty
    /// group.
    pub fn ratio(&self) -> Option<f64> {
        (self.eligible > 0.0).then(|| self.first_ten / self.eligible)
    }
}

/// A division of the candidates into groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// The property that divides them, as a table header.
    pub by: &'static str,
    /// The names of the groups.
    pub names: Vec<String>,
    /// For each row, the index of its group in `names`.
    groups: Vec<usize>,
}

/// The number of tenure groups.
const QUARTERS: usize = 4;
/// A freelancer is present if seen at work within this many hours: thirty days.
const ABOUT_HOURS: f32 = 720.0;

impl Grouping {
    /// Divides into newcomers, who have fewer proposals than `established_from`, and the others.
    pub fn by_record(standings: &[Standing], established_from: u32) -> Self {
        Self {
            by: "track record",
            names: vec![format!("fewer than {established_from} proposals"), format!("{established_from} or more")],
            groups: standings.iter().map(|standing| usize::from(standing.proposals >= established_from)).collect(),
        }
    }

    /// Divides each question's candidates into four quarters by tenure.
    pub fn by_tenure<'a>(queries: impl IntoIterator<Item = &'a Query>, standings: &[Standing]) -> Self {
        let mut groups = vec![0; standings.len()];
        for query in queries {
            let mut rows: Vec<usize> = query.rows.clone().collect();
            rows.sort_by_key(|&row| standings[row].tenure_seconds);
            for (place, &row) in rows.iter().enumerate() {
                groups[row] = place * QUARTERS / rows.len();
            }
        }
        let names = ["newest quarter", "second quarter", "third quarter", "oldest quarter"].map(str::to_owned);
        Self { by: "tenure", names: names.to_vec(), groups }
    }

    /// Divides into candidates seen at work in the last thirty days, seen longer ago, and never seen.
    pub fn by_presence(features: &[Features]) -> Self {
        let group = |features: &Features| match features.get(Feature::LastSeen) {
            Some(last_seen) if last_seen <= ABOUT_HOURS.ln_1p() => 0,
            Some(_) => 1,
            None => 2,
        };
        let names = ["in the last 30 days", "longer ago", "never"].map(str::to_owned);
        Self { by: "last seen", names: names.to_vec(), groups: features.iter().map(group).collect() }
    }

    /// The group of a row, as an index of [`names`](Self::names).
    pub fn group_of(&self, row: usize) -> usize {
        self.groups[row]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Split;
    use crate::stackexchange::{Answer, Question};
    use matching::FEATURE_COUNT;

    /// Two questions with twelve candidates each. Scores fall with the candidate's number, and the last four are
    /// newcomers.
    fn market() -> (Pairs, Vec<f32>, Vec<Standing>) {
        let mut pairs = Pairs::default();
        let (mut log_odds, mut standings) = (Vec::new(), Vec::new());
        for question in 0..2 {
            for candidate in 0..12 {
                pairs.features.push(Features::from_slice(&[0.5; FEATURE_COUNT]).unwrap());
                pairs.relevance.push(u8::from(candidate == 11));
                pairs.freelancers.push(candidate);
                log_odds.push(-(candidate as f32));
                let proposals = if candidate < 8 { 5 } else { 0 };
                standings.push(Standing { proposals, tenure_seconds: 100 - candidate });
            }
            pairs.queries.push(Query { site: 0, question, split: Split::Test, rows: 12 * question as usize..12 });
            pairs.queries[question as usize].rows.end = 12 * (question as usize + 1);
        }
        (pairs, log_odds, standings)
    }

    #[test]
    fn shares_equal_those_computed_by_hand() {
        let (pairs, log_odds, standings) = market();
        let grouping = Grouping::by_record(&standings, 3);
        let rankings = Rankings::by_score(&pairs.queries, &log_odds, 0);
        let [newcomers, others] = rankings.exposure(&pairs, &grouping).try_into().unwrap();
        assert_eq!((newcomers.eligible, newcomers.bids, newcomers.first_ten), (4.0 / 12.0, 1.0, 0.2));
        assert_eq!((others.first_ten, newcomers.ratio()), (0.8, Some(0.2 / (4.0 / 12.0))));
        let attention = |places: std::ops::RangeInclusive<u32>| -> f64 {
            places.map(|rank| 1.0 / (1.0 + f64::from(rank)).log2()).sum()
        };
        assert!((newcomers.attention - attention(9..=12) / attention(1..=12)).abs() < 1e-12);
    }

    #[test]
    fn a_share_moves_newcomers_to_its_places() {
        let (pairs, log_odds, standings) = market();
        let is_newcomer = |row: usize| standings[row].proposals < 3;
        let plain = Rankings::by_score(&pairs.queries, &log_odds, 0);
        let fair = plain.with_share(Share::new(0.3).unwrap(), is_newcomer);
        assert_eq!(plain.fewest_first(3, is_newcomer), Some(2));
        assert_eq!(fair.fewest_first(3, is_newcomer), Some(3));
        assert_eq!(fair.fewest_first(5, is_newcomer), None, "no ranking has five newcomers");
        assert_eq!(fair.0[0], [0, 1, 2, 8, 3, 4, 9, 5, 6, 10, 7, 11]);
        assert_eq!(plain.with_share(Share::new(0.0).unwrap(), is_newcomer), plain);
        assert_eq!(plain.ndcg_10(&pairs), Some(0.0));
        let all = plain.with_share(Share::new(1.0).unwrap(), is_newcomer);
        assert!((all.ndcg_10(&pairs).unwrap() - 1.0 / 5f64.log2()).abs() < 1e-12, "candidate 11 is fourth");
    }

    #[test]
    fn quarters_of_tenure_are_equally_large() {
        let (pairs, log_odds, standings) = market();
        let grouping = Grouping::by_tenure(&pairs.queries, &standings);
        let rankings = Rankings::by_score(&pairs.queries, &log_odds, 0);
        let exposure = rankings.exposure(&pairs, &grouping);
        assert_eq!(exposure.iter().map(|group| group.eligible).collect::<Vec<_>>(), [0.25; 4]);
        assert_eq!(exposure[0].bids, 1.0, "candidate 11 has the shortest tenure");
        assert_eq!(exposure.iter().map(|group| group.first_ten).collect::<Vec<_>>(), [0.1, 0.3, 0.3, 0.3]);
    }

    #[test]
    fn presence_is_read_from_the_features() {
        let seen = |hours: Option<f32>| {
            let mut row = [None; FEATURE_COUNT];
            row[Feature::LastSeen as usize] = hours.map(f32::ln_1p);
            Features::new(row).unwrap()
        };
        let grouping = Grouping::by_presence(&[seen(Some(1.0)), seen(Some(720.0)), seen(Some(721.0)), seen(None)]);
        assert_eq!([0, 1, 2, 3].map(|row| grouping.group_of(row)), [0, 0, 1, 2]);
    }

    #[test]
    fn standing_counts_only_earlier_answers() {
        let question = |id: PostId, created_at_ms: i64| Question {
            id,
            asker: None,
            created_at_ms,
            title: "A title".to_owned(),
            body: "A text".to_owned(),
            tags: vec!["tag".to_owned()],
            accepted_answer: None,
            is_closed: false,
        };
        let answer = |id: PostId, question: PostId, created_at_ms: i64| Answer {
            id,
            question,
            author: 7,
            created_at_ms,
            body: "An answer".to_owned(),
        };
        let dump = Dump {
            questions: vec![question(1, 0), question(2, 10_000), question(3, 20_000)],
            answers: vec![answer(4, 1, 5_000), answer(5, 2, 15_000)],
            ..Dump::default()
        };
        let mut pairs = Pairs::default();
        pairs.add_site(&dump);
        let standings = Standing::of_dumps(&pairs, &[dump]);
        let expected = [(1, 5), (2, 15)].map(|(proposals, tenure_seconds)| Standing { proposals, tenure_seconds });
        assert_eq!(standings, expected);
    }
}
