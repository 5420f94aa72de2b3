//! The streams of the tables, and the functions that follow them, as Lambda's event source mappings do it.
//!
//! A mapping reads its stream in order, gathers batches, sends each as an event, and goes on only when every record
//! of it is done: taken by the function, or given up and told to a dead-letter queue. How far it is survives the
//! runner where the data does. [`source`] is that loop, [`batch`] what one batch comes to, [`journal`] the place
//! where the loop's position is kept and read records are thrown away, [`dead_letters`] what was given up.
//!
//! Unlike on AWS a stream here has one shard, so all of a table's changes come in one order.

mod batch;
pub(crate) mod dead_letters;
pub(crate) mod journal;
mod source;
mod trace;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use dynoxide::Database;

use self::dead_letters::DeadLetters;
use self::journal::Journal;
pub(crate) use self::source::Watched;
use self::source::{Mapping, Source};
use crate::clock::Clock;
use crate::faults::Faults;
use crate::iam::permissions::Permissions;
use crate::lambda::function::Function;
use crate::template::Template;
use crate::traces::Traces;

/// What a mapping does with the stream, in the name of its function's role.
const ACTIONS: [&str; 4] =
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

/// Every mapping of a template, running.
#[derive(Debug)]
pub(crate) struct Streams {
    sources: Vec<Source>,
    journal: Arc<Journal>,
    pub(crate) dead_letters: Arc<DeadLetters>,
}

/// The state that the mappings keep across runs, and their clock.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) journal: Arc<Journal>,
    pub(crate) dead_letters: DeadLetters,
    /// Gives letters their dates, and records their age.
    pub(crate) clock: Arc<Clock>,
}

impl Streams {
    /// Starts the template's mappings.
    ///
    /// # Errors
    /// When a function's role does not let its mapping read the stream, or the position of one can't be read.
    pub(crate) fn start(
        template: &Template,
        functions: &BTreeMap<String, Arc<Function>>,
        permissions: &Permissions,
        database: &Database,
        kept: Kept,
        traces: &Arc<Traces>,
        faults: &Arc<Faults>,
    ) -> anyhow::Result<Self> {
        let Kept { journal, dead_letters, clock } = kept;
        let dead_letters = Arc::new(dead_letters);
        let name_of = |function: &str, mapping: &str| format!("{function}.{mapping}");
        let names = template
            .functions
            .iter()
            .flat_map(|function| function.streams.iter().map(|settings| name_of(&function.logical_id, &settings.name)));
        journal.keep_only(&names.collect::<Vec<_>>())?;
        let mut sources = Vec::new();
        for function in &template.functions {
            for settings in &function.streams {
                let name = name_of(&function.logical_id, &settings.name);
                let table = template.tables.iter().find(|table| table.logical_id == settings.table);
                let table = table.with_context(|| format!("{name}: there is no table {}", settings.table))?;
                let access_key = Permissions::access_key(&function.logical_id);
                permissions
                    .judge_all(access_key, ACTIONS, &table.stream_arn())
                    .map_err(|why| anyhow!("{name}: {why}"))?;
                let target = functions.get(&function.logical_id);
                let mapping = Mapping {
                    name,
                    settings: settings.clone(),
                    table: table.name.clone(),
                    stream_arn: table.stream_arn(),
                    function: Arc::clone(target.context("a function that was not started")?),
                    database: database.clone(),
                    journal: Arc::clone(&journal),
                    dead_letters: Arc::clone(&dead_letters),
                    traces: Arc::clone(traces),
                    faults: Arc::clone(faults),
                    clock: Arc::clone(&clock),
                };
                sources.push(mapping.start()?);
            }
        }
        Ok(Self { sources, journal, dead_letters })
    }

    /// Waits until every change that has been committed by now is done with: taken or given up.
    ///
    /// # Errors
    /// When the database can't be read.
    pub(crate) async fn caught_up(&self) -> anyhow::Result<()> {
        for source in &self.sources {
            source.caught_up().await?;
        }
        Ok(())
    }

    /// The view of the running services.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        self.sources.iter().map(Source::watched).collect()
    }

    /// Lets running batches finish, for `grace` at most, and ends the mappings. What was not done is delivered again by
    /// the next runner on the same data.
    pub(crate) async fn stop(self, grace: Duration) {
        for source in &self.sources {
            source.ask_to_stop();
        }
        for source in self.sources {
            source.stopped(grace).await;
        }
        drop(self.journal);
    }
}
