//! One event source mapping: the loop that reads a stream and feeds a function.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::batch::{Batch, GivenUp, Verdict, is_older, sequence_number};
use super::dead_letters::{DeadLetter, DeadLetters};
use super::journal::Journal;
use super::trace;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::lambda::function::Function;
use crate::lambda::invocation::{EVENT_LIMIT_BYTES, Invocation, Traced, new_trace_id};
use crate::template::{REGION, StartingPosition, StreamSource};
use crate::traces::{Recording, Traces};

/// Lambda looks for records four times a second.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// As many records as DynamoDB returns at once.
const PAGE: usize = 1_000;
/// The wait after a failure, doubled up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
/// How often in a row a batch may fail by injection: never so often that it would be given up for that.
const MOST_INJECTED_FAILURES: u32 = 2;

/// What a mapping is made of.
pub(super) struct Mapping {
    /// Function and event, e.g. `FollowFunction.ThingsChanges`.
    pub(super) name: String,
    pub(super) settings: StreamSource,
    /// The table's name in the database.
    pub(super) table: String,
    pub(super) stream_arn: String,
    pub(super) function: Arc<Function>,
    pub(super) database: Database,
    pub(super) journal: Arc<Journal>,
    pub(super) dead_letters: Arc<DeadLetters>,
    pub(super) traces: Arc<Traces>,
    pub(super) faults: Arc<Faults>,
    pub(super) clock: Arc<Clock>,
}

impl std::fmt::Debug for Mapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mapping").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A mapping that runs.
#[derive(Debug)]
pub(super) struct Source {
    mapping: Arc<Mapping>,
    /// The sequence number up to which everything is done.
    position: watch::Receiver<String>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// A mapping that runs, as far as it can be looked at.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    mapping: Arc<Mapping>,
    position: watch::Receiver<String>,
}

impl Source {
    pub(super) fn watched(&self) -> Watched {
        Watched { mapping: Arc::clone(&self.mapping), position: self.position.clone() }
    }

    pub(super) fn ask_to_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits for the mapping's end, for `grace` at most.
    pub(super) async fn stopped(mut self, grace: Duration) {
        if tokio::time::timeout(grace, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }

    /// Waits until everything committed before is done.
    pub(super) async fn caught_up(&self) -> anyhow::Result<()> {
        let mapping = Arc::clone(&self.mapping);
        let Some(last) = tokio::task::spawn_blocking(move || mapping.last_record()).await?? else { return Ok(()) };
        let mut position = self.position.clone();
        // Sequence numbers are of one length.
        let reached = position.wait_for(|position| *position >= last).await;
        reached.map(|_| ()).with_context(|| format!("{} has stopped", self.mapping.name))
    }
}

/// The runner stops: what is left is for the next one.
struct Stopping;

impl Mapping {
    /// Finds where to begin, and begins.
    ///
    /// # Errors
    /// When the position or the stream can't be read.
    pub(super) fn start(self) -> anyhow::Result<Source> {
        let position = match self.journal.position(&self.name)? {
            Some(position) => position,
            None => {
                let latest = matches!(self.settings.starting_position, StartingPosition::Latest);
                let position = if latest { self.last_record()? } else { None };
                if let Some(position) = &position {
                    self.journal.advance(&self.name, &self.table, position)?;
                }
                position.unwrap_or_default()
            }
        };
        let (position, seen) = watch::channel(position);
        let (stop, stopping) = watch::channel(false);
        let mapping = Arc::new(self);
        let task = tokio::spawn(Run { mapping: Arc::clone(&mapping), position, stopping }.run());
        Ok(Source { mapping, position: seen, stop, task })
    }

    /// Begins the trace of a batch, and links it with the traces that wrote its records.
    fn begin_trace(&self, records: &[Value]) -> Arc<Recording> {
        let origin = trace::origin(&self.name, &self.settings.table, records, &self.traces);
        let recording = self.traces.begin(origin);
        let writers = trace::writers(&recording);
        for writer in writers.iter().filter_map(|writer| self.traces.find(*writer)) {
            writer.followed_by(recording.id);
        }
        recording.update(|trace| trace.follows = writers);
        recording
    }

    /// The arn that the database itself knows the stream by.
    fn own_arn(&self) -> String {
        dynoxide::streams::stream_arn(&self.table, "latest")
    }

    fn shard_id(&self) -> String {
        dynoxide::streams::shard_id(&self.table)
    }

    /// The sequence number of the newest record, if there is one.
    fn last_record(&self) -> anyhow::Result<Option<String>> {
        let request = DescribeStreamRequest { stream_arn: self.own_arn(), ..DescribeStreamRequest::default() };
        let stream = self.database.describe_stream(request).map_err(|problem| anyhow!("{problem}"))?;
        Ok(stream.stream_description.shards.into_iter().find_map(|it| it.sequence_number_range.ending_sequence_number))
    }

    /// At most `limit` records behind a position, or the first ones.
    fn read(&self, position: &str, limit: usize) -> anyhow::Result<Vec<Record>> {
        let begin = position.is_empty();
        let iterator = self.database.get_shard_iterator(GetShardIteratorRequest {
            stream_arn: self.own_arn(),
            shard_id: self.shard_id(),
            shard_iterator_type: if begin { "TRIM_HORIZON" } else { "AFTER_SEQUENCE_NUMBER" }.to_owned(),
            sequence_number: (!begin).then(|| position.to_owned()),
        });
        let shard_iterator = iterator.map_err(|problem| anyhow!("{problem}"))?.shard_iterator.unwrap_or_default();
        let page = self.database.get_records(GetRecordsRequest { shard_iterator, limit: Some(limit) });
        Ok(page.map_err(|problem| anyhow!("{problem}"))?.records)
    }

    /// A record as the function is sent it, in the words of AWS instead of the database's.
    fn shown(&self, record: &Record) -> anyhow::Result<Value> {
        let mut shown = serde_json::to_value(record)?;
        shown["awsRegion"] = REGION.into();
        shown["eventSourceARN"] = self.stream_arn.as_str().into();
        shown["dynamodb"]["ApproximateCreationDateTime"] =
            (record.dynamodb.approximate_creation_date_time as i64).into();
        Ok(shown)
    }

    fn wants(&self, record: &Value) -> bool {
        self.settings.filters.is_empty() || self.settings.filters.iter().any(|filter| filter.takes(record))
    }
}

impl Watched {
    /// Function and event, e.g. `FollowFunction.ThingsChanges`.
    pub(crate) fn name(&self) -> &str {
        &self.mapping.name
    }

    /// The mapping as the template describes it.
    pub(crate) fn settings(&self) -> &StreamSource {
        &self.mapping.settings
    }

    /// The function that is sent the batches.
    pub(crate) fn function(&self) -> &Function {
        &self.mapping.function
    }

    /// The sequence number up to which everything is done.
    pub(crate) fn position(&self) -> String {
        self.position.borrow().clone()
    }

    /// How many records are not done yet; [`PAGE`] for so many or more.
    ///
    /// # Errors
    /// When the database can't be read.
    pub(crate) fn behind(&self) -> anyhow::Result<usize> {
        Ok(self.mapping.read(&self.position(), PAGE)?.len())
    }

    /// Sends records to the function once more, as one batch. Returns how it went, and whether every record is done.
    pub(crate) async fn replay(&self, records: Vec<Value>) -> (String, bool) {
        let batch = Batch::new(records);
        let recording = self.mapping.begin_trace(&batch.records);
        let invocation = Invocation::new(batch.event(), new_trace_id(), Traced::first(&recording));
        let outcome = self.mapping.function.invoke(invocation).await;
        let verdict = batch.judge(&outcome, self.mapping.settings.reports_item_failures);
        let words = verdict.words(batch.records.len());
        recording.end(&words);
        (words, verdict == Verdict::Done)
    }
}

/// A mapping at work.
struct Run {
    mapping: Arc<Mapping>,
    position: watch::Sender<String>,
    stopping: watch::Receiver<bool>,
}

/// Records that were read and are not yet sent.
#[derive(Default)]
struct Gathered {
    records: Vec<Value>,
    since: Option<Instant>,
    /// How much longer than the batching window the records are held back.
    lag: Duration,
    /// The last record read, be it wanted or not.
    read_to: String,
}

impl Run {
    async fn run(mut self) {
        let settings = self.mapping.settings.clone();
        let room = settings.batch_size * settings.lanes;
        let mut gathered = Gathered { read_to: self.position.borrow().clone(), ..Gathered::default() };
        let mut backoff = FIRST_BACKOFF;
        loop {
            let found = match self.gather(&mut gathered, room).await {
                Ok(found) => {
                    backoff = FIRST_BACKOFF;
                    found
                }
                Err(problem) => {
                    tracing::warn!(
                        mapping = self.mapping.name,
                        problem = format!("{problem:#}"),
                        "a stream can't be read"
                    );
                    if self.pause(&mut backoff).await.is_err() {
                        return;
                    }
                    continue;
                }
            };
            let full = gathered.records.len() >= room;
            let age = gathered.since.map(|since| since.elapsed());
            let due = age.is_some_and(|age| age >= settings.batching_window + gathered.lag);
            if due || full && age >= Some(gathered.lag) {
                if self.send(std::mem::take(&mut gathered.records)).await.is_err() {
                    return;
                }
                gathered.since = None;
            }
            if gathered.records.is_empty() {
                self.advance(&gathered.read_to).await;
            }
            if !found && self.wait(POLL_INTERVAL).await.is_err() {
                return;
            }
        }
    }

    /// Reads on. Says whether there was anything.
    async fn gather(&self, gathered: &mut Gathered, room: usize) -> anyhow::Result<bool> {
        let limit = room.saturating_sub(gathered.records.len()).clamp(1, PAGE);
        let (mapping, position) = (Arc::clone(&self.mapping), gathered.read_to.clone());
        let records = tokio::task::spawn_blocking(move || {
            let records = mapping.read(&position, limit)?;
            records.iter().map(|record| mapping.shown(record)).collect::<anyhow::Result<Vec<_>>>()
        });
        let records = records.await??;
        let Some(last) = records.last() else { return Ok(false) };
        gathered.read_to = sequence_number(last).to_owned();
        gathered.records.extend(records.into_iter().filter(|record| self.mapping.wants(record)));
        if !gathered.records.is_empty() && gathered.since.is_none() {
            gathered.since = Some(Instant::now());
            gathered.lag = self.mapping.faults.stream_lag(&self.mapping.name);
        }
        Ok(true)
    }

    /// Sends records until each is done. With several lanes, each runs the items that fall to it in order.
    async fn send(&mut self, records: Vec<Value>) -> Result<(), Stopping> {
        let settings = &self.mapping.settings;
        if settings.lanes == 1 {
            for batch in batches(records, settings.batch_size) {
                self.deliver(batch, true).await?;
            }
            return Ok(());
        }
        let mut lanes = vec![Vec::new(); settings.lanes];
        for record in records {
            lanes[lane(&record["dynamodb"]["Keys"], settings.lanes)].push(record);
        }
        let mut running = JoinSet::new();
        for records in lanes {
            let mut lane = Self {
                mapping: Arc::clone(&self.mapping),
                position: self.position.clone(),
                stopping: self.stopping.clone(),
            };
            let size = settings.batch_size;
            running.spawn(async move {
                for batch in batches(records, size) {
                    lane.deliver(batch, false).await?;
                }
                Ok(())
            });
        }
        let mut ended = Ok(());
        while let Some(lane) = running.join_next().await {
            ended = ended.and(lane.unwrap_or(Err(Stopping)));
        }
        ended
    }

    /// Sends one batch until each of its records is taken or given up. `alone`: what is done counts at once, because
    /// nothing before it is open.
    async fn deliver(&mut self, batch: Batch, alone: bool) -> Result<(), Stopping> {
        let settings = self.mapping.settings.clone();
        let mut batch = batch;
        let faults = Arc::clone(&self.mapping.faults);
        // Out of order, the last record that is done says nothing about the ones before.
        let alone = !faults.reorder(&self.mapping.name, &mut batch.records) && alone;
        let mut open = vec![batch];
        let mut backoff = FIRST_BACKOFF;
        while let Some(batch) = open.pop() {
            let Some(mut batch) = self.without_old(batch).await else { continue };
            if *self.stopping.borrow() {
                return Err(Stopping);
            }
            let recording = self.mapping.begin_trace(&batch.records);
            let invocation = Invocation::new(batch.event(), new_trace_id(), Traced::first(&recording));
            let request_id = invocation.request_id.clone();
            let outcome = self.mapping.function.invoke(invocation).await;
            if *self.stopping.borrow() && !matches!(outcome, crate::Outcome::Answered(_)) {
                recording.end("stopped");
                return Err(Stopping);
            }
            let mut verdict = batch.judge(&outcome, settings.reports_item_failures);
            let may_fail_whole = batch.invocations < MOST_INJECTED_FAILURES;
            if verdict == Verdict::Done
                && settings.reports_item_failures
                && let Some(taken) =
                    faults.failing_part(&self.mapping.name, batch.records.len(), may_fail_whole, recording.id)
            {
                verdict = Verdict::FailedFrom(taken);
            }
            recording.end(&verdict.words(batch.records.len()));
            let done = match verdict {
                Verdict::NotRun | Verdict::Failed => 0,
                Verdict::Done => batch.records.len(),
                Verdict::FailedFrom(first) => first,
            };
            if let Some(last) = batch.records[..done].last()
                && alone
            {
                let last = sequence_number(last).to_owned();
                self.advance(&last).await;
            }
            match verdict {
                Verdict::Done => {
                    backoff = FIRST_BACKOFF;
                    for _ in 0..faults.redeliveries(&self.mapping.name, recording.id) {
                        // These records are done, whatever the function answers.
                        let recording = self.mapping.begin_trace(&batch.records);
                        let again = Invocation::new(batch.event(), new_trace_id(), Traced::first(&recording));
                        recording.end(self.mapping.function.invoke(again).await.word());
                    }
                    continue;
                }
                Verdict::NotRun => open.push(batch),
                // Lambda halves what an invocation failed with. A batch that the function says it failed with is cut
                // where it says so: at its first record that leaves it whole.
                Verdict::Failed | Verdict::FailedFrom(0) => {
                    batch.invocations += 1;
                    if verdict == Verdict::Failed && settings.bisect && batch.records.len() > 1 {
                        backoff = FIRST_BACKOFF;
                        let [first, second] = batch.halves();
                        open.extend([second, first]);
                    } else if settings.max_retries.is_some_and(|most| batch.invocations > most) {
                        self.give_up(&batch, GivenUp { condition: "RetryAttemptsExhausted", request_id }).await;
                        continue;
                    } else {
                        open.push(batch);
                    }
                }
                Verdict::FailedFrom(first) => {
                    backoff = FIRST_BACKOFF;
                    open.push(batch.behind(first));
                }
            }
            self.pause(&mut backoff).await?;
        }
        Ok(())
    }

    /// The batch without the records that are too old, which are given up.
    async fn without_old(&self, mut batch: Batch) -> Option<Batch> {
        let Some(most) = self.mapping.settings.max_age else { return Some(batch) };
        let now = self.mapping.clock.now();
        // Records are in order of age.
        let old = batch.records.iter().take_while(|record| is_older(record, most.as_secs(), now)).count();
        if old == 0 {
            return Some(batch);
        }
        let young = batch.records.split_off(old);
        self.give_up(&batch, GivenUp { condition: "RecordAgeExceeded", request_id: String::new() }).await;
        (!young.is_empty()).then(|| Batch::new(young))
    }

    async fn give_up(&self, batch: &Batch, why: GivenUp) {
        let mapping = Arc::clone(&self.mapping);
        let message =
            batch.letter(&why, mapping.clock.now(), mapping.function.arn(), &mapping.stream_arn, &mapping.shard_id());
        let Some(queue) = mapping.settings.dead_letters.clone() else {
            tracing::warn!(mapping = mapping.name, %message, "records were given up, and no queue is told");
            return;
        };
        let letter = DeadLetter { queue, message, records: batch.records.clone() };
        let kept = tokio::task::spawn_blocking(move || mapping.dead_letters.add(letter)).await;
        if let Err(problem) = kept.map_err(anyhow::Error::from).and_then(|kept| kept) {
            tracing::error!(problem = format!("{problem:#}"), "a dead letter is lost");
        }
    }

    /// Notes that everything up to a sequence number is done.
    async fn advance(&self, to: &str) {
        if self.position.borrow().as_str() >= to {
            return;
        }
        let (mapping, position) = (Arc::clone(&self.mapping), to.to_owned());
        let noted = tokio::task::spawn_blocking(move || {
            mapping.journal.advance(&mapping.name, &mapping.table, &position).map(|()| position)
        });
        match noted.await.map_err(anyhow::Error::from).and_then(|noted| noted) {
            Ok(position) => _ = self.position.send_replace(position),
            // Whatever is read again is delivered again, which mappings may do.
            Err(problem) => tracing::warn!(problem = format!("{problem:#}"), "a stream's position was not noted"),
        }
    }

    async fn pause(&mut self, backoff: &mut Duration) -> Result<(), Stopping> {
        let wait = *backoff;
        *backoff = (wait * 2).min(LONGEST_BACKOFF);
        self.wait(wait).await
    }

    async fn wait(&mut self, time: Duration) -> Result<(), Stopping> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            _ = self.stopping.wait_for(|stopping| *stopping) => Err(Stopping),
        }
    }
}

/// Batches of at most `size` records that fit an event.
fn batches(records: Vec<Value>, size: usize) -> Vec<Batch> {
    let mut batches = Vec::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for record in records {
        let length = record.to_string().len() + 1;
        if !batch.is_empty() && (batch.len() == size || bytes + length + ENVELOPE_BYTES > EVENT_LIMIT_BYTES) {
            batches.push(Batch::new(std::mem::take(&mut batch)));
            bytes = 0;
        }
        bytes += length;
        batch.push(record);
    }
    if !batch.is_empty() {
        batches.push(Batch::new(batch));
    }
    batches
}

/// More than `{"Records":[]}` takes.
const ENVELOPE_BYTES: usize = 64;

/// Which lane an item's changes run in.
fn lane(keys: &Value, lanes: usize) -> usize {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    keys.to_string().hash(&mut hasher);
    usize::try_from(hasher.finish() % lanes as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn batches_are_bounded_by_number_and_by_size() {
        let small = vec![json!({}); 5];
        assert_eq!(batches(small, 2).iter().map(|batch| batch.records.len()).collect::<Vec<_>>(), [2, 2, 1]);
        let large = vec![json!("x".repeat(2_000_000)); 5];
        let sizes: Vec<_> =
            batches(large, 100).iter().map(|batch| (batch.records.len(), batch.event().len())).collect();
        assert_eq!(sizes.iter().map(|(count, _)| *count).collect::<Vec<_>>(), [3, 2]);
        assert!(sizes.iter().all(|(_, bytes)| *bytes <= EVENT_LIMIT_BYTES));
        assert!(batches(Vec::new(), 3).is_empty());
    }

    #[test]
    fn changes_of_one_item_run_in_one_lane() {
        let keys = |pk: &str| json!({"pk": {"S": pk}});
        assert_eq!(lane(&keys("a"), 4), lane(&keys("a"), 4));
        let used: std::collections::BTreeSet<_> = (0..100).map(|n| lane(&keys(&n.to_string()), 4)).collect();
        assert_eq!(used.len(), 4);
    }
}
