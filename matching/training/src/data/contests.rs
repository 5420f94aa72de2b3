//! Projects with several bids and exactly one hire. The bid comparison learns from them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::division::{Cuts, Division, Split};
use super::pairs::training_statistics;
use crate::stackexchange::{Dump, Event, History, PostId, Question, TrackRecord};
use matching::{Background, Bid, BidFeatures, Feature, Features, Need, Pace, PackedTalent, Proposal, Talent};

const MS_PER_SECOND: i64 = 1_000;
const MS_PER_MINUTE: f64 = 60_000.0;

/// Features that only the market itself can know about a bidder. Records from other systems never have them.
const MARKET_ONLY: [Feature; 4] =
    [Feature::SkillExperience, Feature::ActivityWeek, Feature::ActivityMonth, Feature::ActivityHalfYear];

/// The contested projects of several sites: each has at least two bids and exactly one hire.
#[derive(Debug, Clone)]
pub struct Contests {
    /// The bids, project by project.
    pub bids: Vec<Bid>,
    /// For each bid, whether it was hired.
    pub is_hired: Vec<bool>,
    /// The projects.
    pub contests: Vec<Contest>,
    sites: usize,
    background: Background,
    division: Division,
}

/// One project's bids.
#[derive(Debug, Clone)]
pub struct Contest {
    /// The index of its site, in the order the sites were added.
    pub site: usize,
    /// The project.
    pub question: PostId,
    /// Its part of the site's time: training, validation or test.
    pub split: Split,
    /// The range of its bids in [`Contests`].
    pub rows: Range<usize>,
}

/// One answer as a bid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenBid {
    /// The project.
    pub question: PostId,
    /// The bid.
    pub answer: PostId,
    /// The features of the bid.
    pub bid: Bid,
}

impl Default for Contests {
    /// No site yet. Texts are compared with the shipped word rarities.
    fn default() -> Self {
        Self::with_background(Background::shipped().clone())
    }
}

impl Contests {
    /// No site yet. Texts are compared with these word rarities.
    pub fn with_background(background: Background) -> Self {
        let (bids, is_hired, contests) = Default::default();
        Self { bids, is_hired, contests, sites: 0, background, division: Division::JUDGED }
    }

    /// Sets how to divide the time of each site that is added.
    #[must_use]
    pub fn divided(self, division: Division) -> Self {
        Self { division, ..self }
    }

    /// The rarities of words.
    pub fn background(&self) -> &Background {
        &self.background
    }

    /// Adds one site. The features of a bid are as of the moment it was made. An asker's answer to their own question
    /// is not a bid.
    pub fn add_site(&mut self, dump: &Dump) {
        let cuts = Cuts::of(dump, self.division);
        let hires = dump.hires();
        let questions = by_id(dump);
        let mut found = BTreeMap::<PostId, Vec<(Bid, bool)>>::new();
        for SeenBid { question, answer, bid } in self.bids_of(dump) {
            let is_hired = hires.contains(&answer);
            found.entry(question).or_default().push((bid, is_hired));
        }
        for (question, bids) in found {
            if bids.len() < 2 || bids.iter().filter(|(_, is_hired)| *is_hired).count() != 1 {
                continue;
            }
            let start = self.bids.len();
            for (bid, is_hired) in bids {
                self.bids.push(bid);
                self.is_hired.push(is_hired);
            }
            let split = cuts.split(questions[&question].created_at_ms);
            self.contests.push(Contest { site: self.sites, question, split, rows: start..self.bids.len() });
        }
        self.sites += 1;
    }

    /// All bids of a site in the order they were made, hired or not. The features of a bid use nothing that happened
    /// later.
    pub fn bids_of(&self, dump: &Dump) -> Vec<SeenBid> {
        let mut statistics = training_statistics(dump, &Cuts::of(dump, self.division));
        let questions = by_id(dump);
        let mut history = History::new(dump);
        let mut earlier = HashMap::<PostId, u32>::new();
        let mut bids = Vec::new();
        for event in dump.events() {
            if let Event::Answer(answer) = event
                && let Some(question) = questions.get(&answer.question)
                && question.asker != Some(answer.author)
            {
                let activities = history.records().values().filter_map(|record| record.activity.as_ref());
                statistics = statistics.with_pace(Pace::of(activities));
                let ranked_at = answer.created_at_ms.div_euclid(MS_PER_SECOND);
                let need = Need { ranked_at, ..question.need() };
                let need = statistics.prepare_need_by(&need, &self.background);
                let record = history.records().get(&answer.author);
                let talent = record.map_or_else(Talent::default, TrackRecord::talent);
                let earlier_bids = earlier.entry(question.id).or_default();
                let proposal = Proposal {
                    message: Some(&answer.body),
                    delay_minutes: Some((answer.created_at_ms - question.created_at_ms) as f64 / MS_PER_MINUTE),
                    earlier_bids: Some(*earlier_bids),
                };
                let bid = Bid {
                    pair: Features::of(&need, &PackedTalent::weighed(&talent, &self.background)),
                    bid: BidFeatures::weighed(&need, &proposal, &self.background),
                };
                bids.push(SeenBid { question: question.id, answer: answer.id, bid });
                *earlier_bids += 1;
            }
            history.record(&event);
        }
        bids
    }

    /// The projects to learn from: those of the training time, or all of them for [`Division::UNTIL_NOW`], because
    /// this model has no calibration step.
    pub(crate) fn to_learn_from(&self) -> impl Iterator<Item = &Contest> {
        let all = self.division == Division::UNTIL_NOW;
        self.contests.iter().filter(move |contest| all || contest.split == Split::Train)
    }

    /// A copy without the features that only the market knows, like bids that another system sends.
    #[must_use]
    pub fn as_records(&self) -> Self {
        let mut contests = self.clone();
        for bid in &mut contests.bids {
            bid.pair = MARKET_ONLY.into_iter().fold(bid.pair, Features::without);
        }
        contests
    }

    /// The projects of one part.
    pub fn of_split(&self, split: Split) -> impl Iterator<Item = &Contest> {
        self.contests.iter().filter(move |contest| contest.split == split)
    }
}

fn by_id(dump: &Dump) -> HashMap<PostId, &Question> {
    dump.questions.iter().map(|question| (question.id, question)).collect()
}
