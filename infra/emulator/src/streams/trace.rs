//! A batch as its trace shows it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::batch::sequence_number;
use crate::traces::{Origin, Recording, StreamRecord, Traces, Written};

/// The most records of a batch that are kept.
const MOST_RECORDS: usize = 100;

/// The origin of a batch's trace. `table` is the table's name in the template.
pub(super) fn origin(mapping: &str, table: &str, records: &[Value], traces: &Traces) -> Origin {
    let shown = records.iter().take(MOST_RECORDS).map(|record| {
        let (partition, sort) = traces.schemas.key(table, &record["dynamodb"]["Keys"]);
        let committed_s = record["dynamodb"]["ApproximateCreationDateTime"].as_i64().unwrap_or_default();
        let written_by = partition.clone().and_then(|partition| {
            let item = Written { table: table.to_owned(), partition, sort: sort.clone() };
            traces.links.writer(&item, sequence_number(record), committed_s)
        });
        StreamRecord {
            event: record["eventName"].as_str().unwrap_or_default().to_owned(),
            sequence_number: sequence_number(record).to_owned(),
            partition,
            sort,
            written_by,
        }
    });
    Origin::Batch {
        mapping: mapping.to_owned(),
        table: table.to_owned(),
        records: shown.collect(),
        record_count: records.len(),
    }
}

/// The traces that wrote the records of a batch.
pub(super) fn writers(recording: &Recording) -> Vec<u64> {
    recording.update(|trace| match &trace.origin {
        Origin::Batch { records, .. } => {
            let writers: BTreeSet<u64> = records.iter().filter_map(|record| record.written_by).collect();
            writers.into_iter().collect()
        }
        _ => Vec::new(),
    })
}
