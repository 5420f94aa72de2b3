//! The view of a running emulator for the program that embeds it: traces, items, streams, dead letters, roles and
//! functions. Nothing here changes a table.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use anyhow::anyhow;
use dynoxide::Database;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use hyper::body::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::clock::Clock;
use crate::faults::{Faults, InjectedFaults};
use crate::http_api::gateway::Api;
use crate::iam::permissions::{Permission, Permissions};
use crate::lambda::function::Function;
use crate::lambda::invocation::{Invocation, Traced, new_trace_id};
use crate::ses::mailbox::{Mail, Mailbox};
use crate::streams::Watched;
use crate::streams::dead_letters::{DeadLetter, DeadLetters};
use crate::template::{Grant, Template};
use crate::traces::{Origin, Trace, Traces};

/// A view of a running emulator. Clones are cheap.
#[derive(Clone)]
pub struct Inspector(Arc<Inside>);

pub(crate) struct Inside {
    pub(crate) template: Template,
    pub(crate) traces: Arc<Traces>,
    pub(crate) database: Database,
    pub(crate) functions: BTreeMap<String, Arc<Function>>,
    pub(crate) streams: Vec<Watched>,
    pub(crate) dead_letters: Arc<DeadLetters>,
    pub(crate) permissions: Arc<Permissions>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) api: Arc<Api>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) clock: Arc<Clock>,
}

/// A selection of a table's items.
#[derive(Debug, Clone, Default)]
pub struct ItemsWanted {
    /// The partition key's value; all partitions if there is none.
    pub partition: Option<String>,
    /// The beginning of the sort key's value. It needs a partition.
    pub sort_prefix: Option<String>,
    /// The key behind which to go on, as a page before gave it.
    pub start: Option<Value>,
    /// How many items at most.
    pub limit: usize,
}

/// A page of items.
#[derive(Debug, Clone, Serialize)]
pub struct Items {
    /// Items in DynamoDB's JSON.
    pub items: Vec<Value>,
    /// Where the next page starts, if there may be one.
    pub next: Option<Value>,
}

/// A mapping of a stream to a function.
#[derive(Debug, Clone, Serialize)]
pub struct Stream {
    /// Function and event, e.g. `FollowFunction.ThingsChanges`.
    pub mapping: String,
    /// The table's name in the template.
    pub table: String,
    /// The function's name in the template.
    pub function: String,
    /// The sequence number up to which everything is done; empty if nothing is.
    pub position: String,
    /// How many records are not done yet, counted up to 1,000.
    pub behind: usize,
    /// The most records of a batch.
    pub batch_size: usize,
    /// How many batches run side by side.
    pub lanes: usize,
    /// The queue that is told of what was given up.
    pub dead_letters: Option<String>,
}

/// A function and its processes.
#[derive(Debug, Clone, Serialize)]
pub struct FunctionUsage {
    /// The function's name in the template.
    pub function: String,
    /// Its binary.
    pub binary: String,
    /// The memory that the template gives it.
    pub memory_mb: u32,
    /// How long one invocation may take.
    pub timeout_s: u64,
    /// The routes that it answers.
    pub routes: Vec<String>,
    /// How many processes run.
    pub environments: usize,
    /// How many of them are idle.
    pub idle: usize,
    /// How many events wait for a process.
    pub waiting: usize,
}

/// One thing that a role allows.
#[derive(Debug, Clone, Serialize)]
pub struct GrantUsage {
    /// The function's name in the template.
    pub function: String,
    /// The action, perhaps with wildcards.
    pub action: String,
    /// The resource, perhaps with wildcards.
    pub resource: String,
    /// Whether the function has used it since the start.
    pub used: bool,
}

/// A dead letter and its name.
#[derive(Debug, Clone, Serialize)]
pub struct NamedLetter {
    /// Names the letter for [`Inspector::replay`].
    pub id: String,
    /// The letter.
    #[serde(flatten)]
    pub letter: DeadLetter,
}

impl std::fmt::Debug for Inspector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inspector").finish_non_exhaustive()
    }
}

impl Inspector {
    pub(crate) fn new(inside: Inside) -> Self {
        Self(Arc::new(inside))
    }

    /// The template that runs.
    pub fn template(&self) -> &Template {
        &self.0.template
    }

    /// The traces that changed since a version (0 for all that are kept), oldest first, and the version now.
    pub fn traces_since(&self, version: u64) -> (Vec<Trace>, u64) {
        self.0.traces.since(version)
    }

    /// Waits until a trace begins or ends after a version, or the emulator stops.
    pub async fn newer_than(&self, version: u64) {
        self.0.traces.newer_than(version).await;
    }

    /// The trace with this id, if it is still kept.
    pub fn trace(&self, id: u64) -> Option<Trace> {
        self.0.traces.find(id).map(|recording| recording.snapshot())
    }

    /// The event that a function was sent for a traced request, secrets redacted: JSON, as in a file of sample events.
    /// `None` if no function was sent one, or the body was too long to keep.
    pub fn sample_event(&self, trace: &Trace) -> Option<Bytes> {
        match &trace.origin {
            Origin::Request(request) => self.0.api.sample_event(request),
            Origin::Event { .. } | Origin::Schedule { .. } | Origin::Batch { .. } => None,
        }
    }

    /// Reads a page of a table's items. `table` is its name in the template.
    ///
    /// # Errors
    /// When there is no such table, or the database refuses the keys.
    pub async fn items(&self, table: &str, wanted: ItemsWanted) -> anyhow::Result<Items> {
        let described = self.0.template.tables.iter().find(|described| described.logical_id == table);
        let described = described.ok_or_else(|| anyhow!("there is no table {table}"))?;
        let request = items_request(&described.name, &described.definition, &wanted);
        let database = self.0.database.clone();
        let is_query = wanted.partition.is_some();
        // SQLite blocks.
        let reply = tokio::task::spawn_blocking(move || -> anyhow::Result<Value> {
            if is_query {
                let request: QueryRequest = serde_json::from_value(request)?;
                Ok(serde_json::to_value(database.query(request).map_err(|problem| anyhow!("{problem}"))?)?)
            } else {
                let request: ScanRequest = serde_json::from_value(request)?;
                Ok(serde_json::to_value(database.scan(request).map_err(|problem| anyhow!("{problem}"))?)?)
            }
        });
        let mut reply = reply.await??;
        let items = match reply["Items"].take() {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let next = Some(reply["LastEvaluatedKey"].take()).filter(|key| !key.is_null());
        Ok(Items { items, next })
    }

    /// The mappings of streams, and how far each is.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn streams(&self) -> anyhow::Result<Vec<Stream>> {
        let watched = self.0.streams.clone();
        let read = tokio::task::spawn_blocking(move || {
            let stream = |watched: &Watched| {
                let settings = watched.settings();
                Ok(Stream {
                    mapping: watched.name().to_owned(),
                    table: settings.table.clone(),
                    function: watched.function().logical_id().to_owned(),
                    position: watched.position(),
                    behind: watched.behind()?,
                    batch_size: settings.batch_size,
                    lanes: settings.lanes,
                    dead_letters: settings.dead_letters.clone(),
                })
            };
            watched.iter().map(stream).collect()
        });
        read.await?
    }

    /// The dead letters, oldest first.
    pub fn dead_letters(&self) -> Vec<NamedLetter> {
        let named = |letter: DeadLetter| NamedLetter { id: name_of(&letter), letter };
        self.0.dead_letters.all().into_iter().map(named).collect()
    }

    /// The letters that functions have sent, newest first; only those to an address if one is given.
    pub fn mail(&self, to: Option<&str>) -> Vec<Mail> {
        self.0.mailbox.newest_first(to)
    }

    /// Sends the records of a dead letter to its function once more. If every record is done, the letter goes away.
    /// Returns how it went, in words, and whether the letter is gone.
    ///
    /// # Errors
    /// When there is no such letter, no mapping of its function reads its stream any more, or the letters can't be
    /// written.
    pub async fn replay(&self, id: &str) -> anyhow::Result<(String, bool)> {
        let letter = self.0.dead_letters.all().into_iter().find(|letter| name_of(letter) == id);
        let letter = letter.ok_or_else(|| anyhow!("there is no such letter any more"))?;
        let function = &letter.message["requestContext"]["functionArn"];
        if !letter.message["requestPayload"].is_null() {
            return self.replay_event(letter).await;
        }
        let stream = &letter.message["DDBStreamBatchInfo"]["streamArn"];
        let mapping = self.0.streams.iter().find(|watched| {
            let table = self.0.template.tables.iter().find(|table| table.logical_id == watched.settings().table);
            *function == watched.function().arn() && table.is_some_and(|table| *stream == table.stream_arn())
        });
        let mapping = mapping.ok_or_else(|| anyhow!("no function follows this stream any more"))?;
        let (words, done) = mapping.replay(letter.records.clone()).await;
        if done {
            let letters = Arc::clone(&self.0.dead_letters);
            tokio::task::spawn_blocking(move || letters.remove(&letter)).await??;
        }
        Ok((words, done))
    }

    /// Sends the event of an asynchronous invocation to its function once more.
    async fn replay_event(&self, letter: DeadLetter) -> anyhow::Result<(String, bool)> {
        let arn = letter.message["requestContext"]["functionArn"].as_str().unwrap_or_default();
        let arn = arn.strip_suffix(":$LATEST").unwrap_or(arn);
        let function = self.0.functions.values().find(|function| function.arn() == arn);
        let function = function.ok_or_else(|| anyhow!("there is no such function any more"))?;
        let recording = self.0.traces.begin(Origin::Event { function: function.logical_id().to_owned() });
        let event = Bytes::from(letter.message["requestPayload"].to_string());
        let outcome = function.invoke(Invocation::new(event, new_trace_id(), Traced::first(&recording))).await;
        recording.end(outcome.word());
        let done = matches!(outcome, Outcome::Answered(_));
        if done {
            let letters = Arc::clone(&self.0.dead_letters);
            tokio::task::spawn_blocking(move || letters.remove(&letter)).await??;
        }
        Ok((outcome.word().to_owned(), done))
    }

    /// The permissions of each role, and whether they were used since the start.
    pub fn grants(&self) -> Vec<GrantUsage> {
        let used: BTreeSet<Permission> = self.0.permissions.all_used();
        let grant = |granted: Permission| {
            let grant = Grant::new(&granted.action, &granted.resource);
            let is_use =
                |used: &Permission| used.function == granted.function && grant.allows(&used.action, &used.resource);
            let used = used.iter().any(is_use);
            let Permission { function, action, resource } = granted;
            GrantUsage { function, action, resource, used }
        };
        self.0.permissions.all_granted().into_iter().map(grant).collect()
    }

    /// The faults that were injected so far; `None` without a profile.
    pub fn injected_faults(&self) -> Option<InjectedFaults> {
        self.0.faults.injected()
    }

    /// The clock of the run.
    pub fn clock(&self) -> &Arc<Clock> {
        &self.0.clock
    }

    /// The functions and their processes.
    pub fn functions(&self) -> Vec<FunctionUsage> {
        let described = self.0.template.functions.iter();
        let usage = described.filter_map(|described| {
            let (environments, idle, waiting) = self.0.functions.get(&described.logical_id)?.usage();
            Some(FunctionUsage {
                function: described.logical_id.clone(),
                binary: described.binary.clone(),
                memory_mb: described.memory_mb,
                timeout_s: described.timeout.as_secs(),
                routes: described.routes.iter().map(crate::template::Route::key).collect(),
                environments,
                idle,
                waiting,
            })
        });
        usage.collect()
    }
}

/// A Query of one partition, or a Scan.
fn items_request(name: &str, definition: &Value, wanted: &ItemsWanted) -> Value {
    let attribute = |kind: &str| {
        let mut keys = definition["KeySchema"].as_array().into_iter().flatten();
        keys.find(|key| key["KeyType"] == kind).and_then(|key| key["AttributeName"].as_str()).unwrap_or_default()
    };
    let kind_of = |attribute: &str| {
        let mut all = definition["AttributeDefinitions"].as_array().into_iter().flatten();
        let found = all.find(|definition| definition["AttributeName"] == attribute);
        found.and_then(|definition| definition["AttributeType"].as_str()).unwrap_or("S").to_owned()
    };
    let mut request = json!({ "TableName": name, "Limit": wanted.limit.clamp(1, 100) });
    if let Some(start) = &wanted.start {
        request["ExclusiveStartKey"] = start.clone();
    }
    if let Some(partition) = &wanted.partition {
        let (hash, range) = (attribute("HASH"), attribute("RANGE"));
        request["ExpressionAttributeNames"] = json!({ "#p": hash });
        request["ExpressionAttributeValues"] = json!({ ":p": { kind_of(hash): partition } });
        request["KeyConditionExpression"] = "#p = :p".into();
        if let Some(prefix) = wanted.sort_prefix.as_deref().filter(|prefix| !prefix.is_empty() && !range.is_empty()) {
            request["ExpressionAttributeNames"]["#s"] = range.into();
            request["ExpressionAttributeValues"][":s"] = json!({ kind_of(range): prefix });
            request["KeyConditionExpression"] = "#p = :p AND begins_with(#s, :s)".into();
        }
    }
    request
}

/// A name by the letter's content.
fn name_of(letter: &DeadLetter) -> String {
    let text = serde_json::to_string(letter).unwrap_or_default();
    format!("{:016x}", BuildHasherDefault::<DefaultHasher>::default().hash_one(text))
}
