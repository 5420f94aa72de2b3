//! The pool of freelancers who may be matched, in memory. It ranks exactly, and skips data that is irrelevant to a
//! need.
//!
//! Most freelancers are in segments: columns of up to 65,536 rows with inverted lists of their skills and words
//! (`segment`, `postings`). A need reads only the lists of its own skills and words, then scores row after row. New and
//! changed freelancers are in a small open part, ordered by id, which becomes a segment when it is full. Segments of
//! similar size are merged, so there are few of them. Merging also removes dead rows.
//!
//! The order of insertion has no effect: a pool of the same people gives the same ranking. A pool can also be divided.
//! The statistics of the parts [add up](PoolStatistics::merge), rankings [merge](Ranking::merge) and places [add
//! up](Standing::beside), and the results equal those of the whole pool.
//!
//! A pool never decides who may be matched: the caller does, with a value that it attaches to each row. A pool holds no
//! public data of a freelancer and reads no clock.

mod batch;
mod newcomers;
mod postings;
mod segment;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::activity::Pace;
use crate::error::ScoreError;
use crate::features::Features;
use crate::message;
use crate::model::Model;
use crate::need::{Need, PreparedNeed};
use crate::packed::PackedTalent;
use crate::rank::{Match, Position, Shortlist};
use crate::statistics::PoolStatistics;
use batch::{Batch, Candidate, Sums};
pub use newcomers::{SharedPosition, TwoRankings};
use postings::ROWS;
use segment::Segment;

/// The open part becomes a segment at this size. Comparing each of its rows with a need word by word costs about as
/// much as scoring a tenth of a full segment.
const OPEN_ROWS: usize = 2_048;

/// A segment is packed again when one in this many of its rows is dead. Dead rows then take less than a sixteenth of
/// the space. A change costs a third more than with a limit of one half.
const DEAD_PART: usize = 16;

/// The freelancers of a market, each with a value of the caller, for example the data that decides eligibility.
#[derive(Debug, Clone)]
pub struct Pool<T> {
    segments: Vec<Segment<T>>,
    open: BTreeMap<u128, (PackedTalent, T)>,
    /// The pace of all freelancers.
    pace: Pace,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { segments: Vec::new(), open: BTreeMap::new(), pace: Pace::default() }
    }
}

/// Decides who may be matched. A closure decides by the attached value alone.
pub trait Eligible<T> {
    /// Whether a freelancer may be matched. This is called for every row, and is fastest if it ignores the id.
    fn takes(&self, id: u128, along: &T) -> bool;

    /// A freelancer who is excluded, whatever [`takes`](Self::takes) returns. It is looked up once, not compared with
    /// each row.
    fn but(&self) -> Option<u128> {
        None
    }
}

impl<T, F: Fn(u128, &T) -> bool> Eligible<T> for F {
    fn takes(&self, id: u128, along: &T) -> bool {
        self(id, along)
    }
}

/// Everybody in the pool is eligible.
#[derive(Debug, Clone, Copy)]
pub struct Everybody;

impl<T> Eligible<T> for Everybody {
    fn takes(&self, _: u128, _: &T) -> bool {
        true
    }
}

/// The best matches of a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// The number of eligible freelancers, all of whom were scored.
    pub scored: usize,
    /// The best of them after the requested position, best first.
    pub matches: Vec<Match<u128>>,
}

impl Ranking {
    /// Merges the rankings of several parts of a pool. Each part must have been ranked for the same prepared need with
    /// at least this limit.
    pub fn merge(parts: impl IntoIterator<Item = Self>, limit: usize) -> Self {
        let mut whole = Self { scored: 0, matches: Vec::new() };
        for part in parts {
            whole.scored += part.scored;
            whole.matches.extend(part.matches);
        }
        best(&mut whole.matches, limit);
        whole
    }
}

impl<T: Copy> Pool<T> {
    /// Creates a pool of many rows at once. If an id occurs more than once, the last row counts.
    pub fn from_rows(rows: impl IntoIterator<Item = (u128, PackedTalent, T)>) -> Self {
        let mut rows: Vec<(u128, PackedTalent, T)> = rows.into_iter().collect();
        rows.sort_by_key(|&(id, ..)| id);
        // The sort is stable, so the last given row of an id is the last of its rows. Reversed, it comes first and
        // stays.
        rows.reverse();
        rows.dedup_by_key(|&mut (id, ..)| id);
        rows.reverse();
        let mut pace = Pace::default();
        for (_, talent, _) in &rows {
            if let Some(activity) = talent.state.activity() {
                pace.count(&activity);
            }
        }
        let segments =
            rows.chunks(ROWS).map(|rows| Segment::of(rows.iter().map(|(id, talent, along)| (*id, talent, *along))));
        Self { segments: segments.collect(), open: BTreeMap::new(), pace }
    }

    /// The number of freelancers.
    pub fn len(&self) -> usize {
        self.open.len() + self.segments.iter().map(Segment::live_rows).sum::<usize>()
    }

    /// Whether the pool is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the pool takes on the heap.
    pub fn bytes(&self) -> usize {
        let segments: usize = self.segments.iter().map(|segment| size_of_val(segment) + segment.bytes()).sum();
        let of_talent = |talent: &PackedTalent| size_of_val(&*talent.skills) + size_of_val(&*talent.terms);
        let open = self.open.values().map(|(talent, _)| size_of::<(u128, PackedTalent, T)>() + of_talent(talent));
        segments + open.sum::<usize>()
    }

    /// The value attached to a freelancer, if the freelancer is in the pool.
    pub fn get(&self, id: u128) -> Option<T> {
        if let Some((_, along)) = self.open.get(&id) {
            return Some(*along);
        }
        self.segments.iter().find_map(|segment| segment.find(id).map(|row| segment.along[row]))
    }

    /// Adds or replaces a freelancer. Returns the value that was attached before.
    pub fn upsert(&mut self, id: u128, talent: PackedTalent, along: T) -> Option<T> {
        let before = self.remove(id);
        if let Some(activity) = talent.state.activity() {
            self.pace.count(&activity);
        }
        self.open.insert(id, (talent, along));
        if self.open.len() >= OPEN_ROWS {
            self.seal();
        }
        before
    }

    /// Removes a freelancer. Returns the attached value.
    pub fn remove(&mut self, id: u128) -> Option<T> {
        let (state, along) = if let Some((talent, along)) = self.open.remove(&id) {
            (talent.state, along)
        } else {
            let found = |place: usize| Some((place, self.segments[place].find(id)?));
            let (place, row) = (0..self.segments.len()).find_map(found)?;
            let segment = &mut self.segments[place];
            segment.bury(row);
            let removed = (segment.states[row], segment.along[row]);
            // The living rows move to a new segment.
            if segment.live_rows() * DEAD_PART <= (DEAD_PART - 1) * segment.rows() {
                let segment = self.segments.swap_remove(place);
                self.add(Segment::merged(&[&segment]));
            }
            removed
        };
        if let Some(activity) = state.activity() {
            self.pace.discount(&activity);
        }
        Some(along)
    }

    /// Turns the open part into a segment.
    fn seal(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.add(Segment::of(open.iter().map(|(id, (talent, along))| (*id, talent, *along))));
    }

    /// Adds a segment. Merges segments while two have similar sizes and fit into one. Of n freelancers, each is then
    /// moved about log₂ n times in total.
    fn add(&mut self, segment: Segment<T>) {
        if segment.live_rows() > 0 {
            self.segments.push(segment);
        }
        loop {
            // Largest first.
            self.segments.sort_by_key(|segment| std::cmp::Reverse(segment.live_rows()));
            let sizes: Vec<usize> = self.segments.iter().map(Segment::live_rows).collect();
            let pair = sizes.windows(2).rposition(|pair| pair[0] <= 2 * pair[1] && pair[0] + pair[1] <= ROWS);
            let Some(place) = pair else { break };
            let (right, left) = (self.segments.remove(place + 1), self.segments.remove(place));
            self.segments.push(Segment::merged(&[&left, &right]));
        }
    }

    /// The frequency of the need's skills in this pool, and the usual activity: the inputs of
    /// [`prepare`](Self::prepare). The statistics of parts add up to those of the whole pool.
    pub fn statistics(&self, need: &Need) -> PoolStatistics {
        self.count_skills(need.skill_hashes())
    }

    /// The same for any [skills](Need::skill_hashes), such as those of many needs, in any order. It scans the open part
    /// once for all skills; in a segment, each skill has a list.
    pub fn count_skills(&self, skills: impl IntoIterator<Item = u32>) -> PoolStatistics {
        let in_segments = |skill: u32| -> u32 { self.segments.iter().map(|segment| segment.count_skill(skill)).sum() };
        let mut counts: HashMap<u32, u32> = skills.into_iter().map(|skill| (skill, in_segments(skill))).collect();
        for (talent, _) in self.open.values() {
            for (skill, _) in &talent.skills {
                if let Some(count) = counts.get_mut(skill) {
                    *count += 1;
                }
            }
        }
        PoolStatistics::of_counts(u32::try_from(self.len()).unwrap_or(u32::MAX), counts, self.pace)
    }

    /// Prepares a need for this pool.
    pub fn prepare(&self, need: &Need) -> PreparedNeed {
        self.statistics(need).prepare_need(need)
    }

    /// Scores every eligible freelancer and returns the `limit` best after a position, or from the start.
    ///
    /// # Errors
    /// None for the fused scorer; otherwise errors of the tensor library.
    pub fn rank(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: &impl Eligible<T>,
        limit: usize,
        after: Option<&Position<u128>>,
    ) -> Result<Ranking, ScoreError> {
        let after = after.map(|after| Position { score: after.score, id: Candidate::at(after.id) });
        let mut shortlist = Shortlist::new(limit, after.as_ref());
        let scored = self.score_all(model, need, eligible, eligible.but().as_slice(), |batch| {
            shortlist.scan(batch.scores(), |place| Some(batch.candidate(place)))
        })?;
        Ok(Ranking { scored, matches: matches(shortlist) })
    }

    /// The rank of each pair among the eligible freelancers, if it belonged to freelancer `id`: 1 plus the number of
    /// other freelancers that rank before it.
    ///
    /// # Errors
    /// As [`rank`](Self::rank).
    pub fn places(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: &impl Eligible<T>,
        id: u128,
        pairs: &[Features],
    ) -> Result<Vec<Standing>, ScoreError> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let mut places: Vec<Standing> =
            model.score(pairs)?.into_iter().map(|score| Standing { rank: 1, others: 0, score }).collect();
        let but: Vec<u128> = eligible.but().into_iter().chain([id]).collect();
        let others = self.score_all(model, need, eligible, &but, |batch| {
            for place in &mut places {
                for (row, &score) in batch.scores().iter().enumerate() {
                    let is_before = score > place.score || (score == place.score && batch.id(row) < id);
                    place.rank += usize::from(is_before);
                }
            }
            Ok(())
        })?;
        for place in &mut places {
            place.others = others;
        }
        Ok(places)
    }

    /// Scores every eligible freelancer except `but`, batch by batch. Returns their number.
    fn score_all(
        &self,
        model: &Model,
        need: &PreparedNeed,
        eligible: &impl Eligible<T>,
        but: &[u128],
        mut scored: impl FnMut(&Batch<'_>) -> Result<(), ScoreError>,
    ) -> Result<usize, ScoreError> {
        let mut count = 0;
        let open_ids: Vec<u128> = self.open.keys().copied().collect();
        let mut batch = Batch::new(model);
        let mut sums = Sums::default();
        let all = need.least_overlap <= 0.0;
        for segment in &self.segments {
            batch.of_rows_with(&segment.ids);
            sums.add_up(need, &segment.skills, &segment.terms, segment.rows());
            for row in set_bits(&segment.eligible_rows(eligible, but)) {
                if !all && !need.takes_overlap(sums.overlap(row)) {
                    continue;
                }
                if batch.select(row) {
                    count += batch.len();
                    batch.score_rows(need, &segment.states, &sums)?;
                    scored(&batch)?;
                    batch.clear();
                }
            }
            // The sums belong to this segment alone.
            if batch.len() > 0 {
                count += batch.len();
                batch.score_rows(need, &segment.states, &sums)?;
                scored(&batch)?;
            }
        }
        batch.of_rows_with(&open_ids);
        for (row, (id, (talent, along))) in self.open.iter().enumerate() {
            if !eligible.takes(*id, along) || but.contains(id) {
                continue;
            }
            let features = Features::of(need, talent);
            if need.takes(&features) && batch.add(row, features) {
                count += batch.len();
                batch.score()?;
                scored(&batch)?;
                batch.clear();
            }
        }
        if batch.len() > 0 {
            count += batch.len();
            batch.score()?;
            scored(&batch)?;
        }
        Ok(count)
    }
}

/// The indices of the set bits, from the lowest bit of the first word on.
fn set_bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(place, &word)| {
        let rest = std::iter::successors(Some(word), |rest| Some(rest & rest.wrapping_sub(1)));
        rest.take_while(|&rest| rest != 0).map(move |rest| 64 * place + rest.trailing_zeros() as usize)
    })
}

/// Sorts the best first, and drops those after the `limit`.
fn best(matches: &mut Vec<Match<u128>>, limit: usize) {
    matches.sort_by(by_score);
    matches.truncate(limit);
}

/// Falling score, then ascending id.
fn by_score(left: &Match<u128>, right: &Match<u128>) -> std::cmp::Ordering {
    right.score.total_cmp(&left.score).then(left.id.cmp(&right.id))
}

/// The candidates of a shortlist, best first.
fn matches(shortlist: Shortlist<'_, Candidate>) -> Vec<Match<u128>> {
    let of_place = |Position { score, id: Candidate { id, features } }| Match { id, score, features };
    shortlist.into_sorted().into_iter().map(of_place).collect()
}

/// The standing of a pair in a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The rank, 1 for the best.
    #[serde(deserialize_with = "message::rank")]
    pub rank: usize,
    /// The number of other freelancers.
    pub others: usize,
    /// The pair's score.
    #[serde(deserialize_with = "message::finite")]
    pub score: f32,
}

impl Standing {
    /// The standing of the same pair in two parts of a pool together.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        Self { rank: self.rank + other.rank - 1, others: self.others + other.others, score: self.score }
    }
}

#[cfg(test)]
mod tests {
    use super::set_bits;

    #[test]
    fn set_bits_are_found_in_order_at_both_ends_of_a_word() {
        let words = [1 | 1 << 63, 0, u64::MAX, 1 << 5];
        let expected: Vec<usize> = [0, 63].into_iter().chain(128..192).chain([197]).collect();
        assert_eq!(set_bits(&words).collect::<Vec<_>>(), expected);
        assert_eq!(set_bits(&[]).count(), 0);
    }
}
