//! Replays a dump in the order things happened.
//!
//! A [`History`] that has received every event before a moment knows exactly what the market knew then. It cannot look
//! ahead, because it receives the events one by one.

use std::collections::{BTreeMap, HashMap};

use super::dump::{Answer, Dump, PostId, Question, RatingSource, UserId, Vote, VoteKind};
use matching::{Activity, MAX_WORK_TERMS, Need, Talent, TermVector};

const MS_PER_SECOND: i64 = 1_000;
const MS_PER_MINUTE: f64 = 60_000.0;

/// One thing that happened on the site.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A project was posted.
    Question(&'a Question),
    /// A vote became known.
    Vote(&'a Vote),
    /// A proposal was made.
    Answer(&'a Answer),
}

impl Event<'_> {
    /// The time from which it may be known, in milliseconds since 1970.
    pub fn at_ms(&self) -> i64 {
        match self {
            Event::Question(question) => question.created_at_ms,
            Event::Vote(vote) => vote.known_at_ms,
            Event::Answer(answer) => answer.created_at_ms,
        }
    }

    /// The order of events of one time. A question comes first, because it may only know strictly earlier events.
    fn turn(&self) -> u8 {
        match self {
            Event::Question(_) => 0,
            Event::Vote(vote) if vote.kind != VoteKind::Accepted => 1,
            Event::Vote(_) => 2,
            Event::Answer(_) => 3,
        }
    }
}

impl Dump {
    /// All events, in order. Events of equal times keep the order of the files.
    pub fn events(&self) -> Vec<Event<'_>> {
        let mut events: Vec<Event<'_>> = Vec::new();
        events.extend(self.questions.iter().map(Event::Question));
        events.extend(self.votes.iter().map(Event::Vote));
        events.extend(self.answers.iter().map(Event::Answer));
        events.sort_by_key(|event| (event.at_ms(), event.turn()));
        events
    }
}

impl Question {
    /// The question as a project, ranked the moment it is asked.
    pub fn need(&self) -> Need {
        let ranked_at = self.created_at_ms.div_euclid(MS_PER_SECOND);
        Need { skills: self.tags.clone(), terms: self.terms(), ranked_at }
    }

    /// The question's text.
    pub fn terms(&self) -> TermVector {
        TermVector::of_project(&self.title, &self.body)
    }
}

/// A freelancer's track record: everything the market knows from their answers so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrackRecord {
    /// Answers given.
    pub proposals: u32,
    /// Answers accepted.
    pub completed_jobs: u32,
    /// Votes up less votes down, over all answers.
    pub vote_balance: i64,
    /// The number of answers that got stars, and the sum of their tenths of stars. `None` if votes stand for ratings.
    pub stars: Option<(u32, u64)>,
    /// The last answer or question, in seconds since 1970.
    pub last_active_at: Option<i64>,
    /// Answers per tag of their questions.
    pub skill_jobs: BTreeMap<String, u32>,
    /// Recent answers; `None` before the first.
    pub activity: Option<Activity>,
    /// Answers and the questions they answer, added up.
    pub work: TermVector,
    /// Minutes from question to answer, ascending.
    response_minutes: Vec<f64>,
}

impl TrackRecord {
    /// The mean of the stars; `None` before the first.
    ///
    /// If votes stand for stars, it is 5 (1 − 2^−(m + 1)) for a mean of m votes per answer; `None` before the first
    /// answer. No vote makes 2.5 stars, one 3.75, two 4.4, and every further vote halves the distance to five.
    pub fn rating(&self) -> Option<f64> {
        if let Some((rated, tenths)) = self.stars {
            return (rated > 0).then(|| tenths as f64 / 10.0 / f64::from(rated));
        }
        (self.proposals > 0).then(|| {
            let votes_per_answer = self.vote_balance as f64 / f64::from(self.proposals);
            5.0 * (1.0 - (-votes_per_answer.max(-1.0) - 1.0).exp2())
        })
    }

    /// The number of answers behind the rating. Any answer may get votes.
    pub fn rated_jobs(&self) -> u32 {
        self.stars.map_or(self.proposals, |(rated, _)| rated)
    }

    /// The median minutes from question to answer. For an even number of answers, the mean of the middle two.
    pub fn response_minutes(&self) -> Option<f64> {
        let middle = self.response_minutes.len() / 2;
        let upper = *self.response_minutes.get(middle)?;
        if self.response_minutes.len() % 2 == 1 {
            return Some(upper);
        }
        Some((self.response_minutes[middle - 1] + upper) / 2.0)
    }

    /// The strongest terms of past work: what is stored with a freelancer.
    pub fn work_terms(&self) -> TermVector {
        self.work.strongest(MAX_WORK_TERMS)
    }

    /// The freelancer as the engine sees them, from their answers alone.
    pub fn talent(&self) -> Talent {
        Talent {
            skills: Vec::new(),
            skill_jobs: self.skill_jobs.clone(),
            rating: self.rating(),
            rated_jobs: self.rated_jobs(),
            proposals: self.proposals,
            completed_jobs: self.completed_jobs,
            response_minutes: self.response_minutes(),
            last_active_at: self.last_active_at,
            activity: self.activity,
            terms: self.work_terms(),
        }
    }
}

/// Everybody's track record as of the last recorded event.
#[derive(Debug)]
pub struct History<'a> {
    questions: HashMap<PostId, &'a Question>,
    authors: HashMap<PostId, UserId>,
    records: BTreeMap<UserId, TrackRecord>,
    /// The record of a freelancer without any event.
    nobody: TrackRecord,
}

impl<'a> History<'a> {
    /// The state before the first event: all records are empty.
    pub fn new(dump: &'a Dump) -> Self {
        Self {
            questions: dump.questions.iter().map(|question| (question.id, question)).collect(),
            authors: dump.answers.iter().map(|answer| (answer.id, answer.author)).collect(),
            records: BTreeMap::new(),
            nobody: TrackRecord {
                stars: (dump.rating_source != RatingSource::Votes).then_some((0, 0)),
                ..TrackRecord::default()
            },
        }
    }

    /// Records the next event. Returns the user whose record it changed, if any.
    pub fn record(&mut self, event: &Event<'_>) -> Option<UserId> {
        match event {
            Event::Question(question) => self.record_question(question),
            Event::Vote(vote) => self.record_vote(vote),
            Event::Answer(answer) => self.record_answer(answer),
        }
    }

    /// Everybody who has answered so far, by user.
    pub fn records(&self) -> &BTreeMap<UserId, TrackRecord> {
        &self.records
    }

    /// Asking also counts as activity.
    fn record_question(&mut self, question: &Question) -> Option<UserId> {
        let asker = question.asker?;
        self.records.get_mut(&asker)?.last_active_at = Some(question.created_at_ms.div_euclid(MS_PER_SECOND));
        Some(asker)
    }

    fn record_vote(&mut self, vote: &Vote) -> Option<UserId> {
        let author = *self.authors.get(&vote.post)?;
        let record = self.records.get_mut(&author)?;
        match vote.kind {
            VoteKind::Accepted => record.completed_jobs += 1,
            VoteKind::Up => record.vote_balance += 1,
            VoteKind::Down => record.vote_balance -= 1,
            VoteKind::Stars { tenths } => {
                let (rated, sum) = record.stars.unwrap_or_default();
                record.stars = Some((rated + 1, sum + u64::from(tenths)));
            }
        }
        Some(author)
    }

    fn record_answer(&mut self, answer: &Answer) -> Option<UserId> {
        let question = self.questions.get(&answer.question)?;
        let record = self.records.entry(answer.author).or_insert_with(|| self.nobody.clone());
        let answered_at = answer.created_at_ms.div_euclid(MS_PER_SECOND);
        record.proposals += 1;
        record.last_active_at = Some(answered_at);
        for tag in &question.tags {
            *record.skill_jobs.entry(tag.clone()).or_default() += 1;
        }
        record.activity.get_or_insert(Activity::none(answered_at)).record(answered_at);
        let minutes = (answer.created_at_ms - question.created_at_ms).max(0) as f64 / MS_PER_MINUTE;
        let place = record.response_minutes.partition_point(|&earlier| earlier <= minutes);
        record.response_minutes.insert(place, minutes);
        record.work.add(&TermVector::of_text(&answer.body));
        record.work.add(&question.terms());
        Some(answer.author)
    }
}
