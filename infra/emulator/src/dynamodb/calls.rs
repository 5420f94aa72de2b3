//! The calls that the database answers, run in this process.
//!
//! The calls that read and write items also count the capacity units that they consume. A call that fails has changed
//! nothing, and its error is worded as DynamoDB words it.

use dynoxide::actions as of;
use dynoxide::{Database, DynoxideError};
use serde::de::DeserializeOwned;

use super::capacity::Direction::{Read, Write};
use super::capacity::{ConsumedCapacity, Meter, Reported, ask};
use super::described::Described;
use crate::traces::OpenCall;

/// The answer to a call that fails.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The error, JSON.
    pub(crate) body: String,
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Self { status: error.status_code(), body: error.to_json() }
    }
}

/// Runs a call and returns the body of its reply and what the call consumed. What the call names is told to its trace.
///
/// # Errors
/// The answer to a call that the database refuses, or to one that it does not know.
pub(crate) fn run(
    database: &Database,
    meter: &Meter,
    operation: &str,
    body: &[u8],
    traced: Option<&mut OpenCall>,
) -> Result<(Vec<u8>, ConsumedCapacity), Failure> {
    // The requests and replies share no trait; only their fields have the same names.
    macro_rules! metered {
        ($request:ty, $method:ident, $direction:expr) => {{
            let mut request: $request = read(body)?;
            let asked = ask(&mut request.return_consumed_capacity);
            if let Some(traced) = traced {
                traced.asks(|asked, schemas| request.describe(asked, schemas));
            }
            let mut reply = database.$method(request)?;
            let consumed = reply.consumed_capacity.units($direction);
            meter.add(consumed);
            if !asked {
                reply.consumed_capacity = None;
            }
            // A reply consists of texts, numbers and lists: there is nothing in it that JSON could not hold.
            Ok((serde_json::to_vec(&reply).unwrap_or_default(), consumed))
        }};
    }
    macro_rules! free {
        ($request:ty, $method:ident) => {{
            let request: $request = read(body)?;
            let reply = database.$method(request)?;
            Ok((serde_json::to_vec(&reply).unwrap_or_default(), ConsumedCapacity::default()))
        }};
    }
    match operation {
        "BatchExecuteStatement" => {
            free!(of::batch_execute_statement::BatchExecuteStatementRequest, batch_execute_statement)
        }
        "BatchGetItem" => metered!(of::batch_get_item::BatchGetItemRequest, batch_get_item, Read),
        "BatchWriteItem" => metered!(of::batch_write_item::BatchWriteItemRequest, batch_write_item, Write),
        "CreateTable" => free!(of::create_table::CreateTableRequest, create_table),
        "DeleteItem" => metered!(of::delete_item::DeleteItemRequest, delete_item, Write),
        "DeleteTable" => free!(of::delete_table::DeleteTableRequest, delete_table),
        "DescribeStream" => free!(of::describe_stream::DescribeStreamRequest, describe_stream),
        "DescribeTable" => free!(of::describe_table::DescribeTableRequest, describe_table),
        "DescribeTimeToLive" => free!(of::describe_time_to_live::DescribeTimeToLiveRequest, describe_time_to_live),
        "ExecuteStatement" => free!(of::execute_statement::ExecuteStatementRequest, execute_statement),
        "ExecuteTransaction" => free!(of::execute_transaction::ExecuteTransactionRequest, execute_transaction),
        "GetItem" => metered!(of::get_item::GetItemRequest, get_item, Read),
        "GetRecords" => free!(of::get_records::GetRecordsRequest, get_records),
        "GetShardIterator" => free!(of::get_shard_iterator::GetShardIteratorRequest, get_shard_iterator),
        "ListStreams" => free!(of::list_streams::ListStreamsRequest, list_streams),
        "ListTables" => free!(of::list_tables::ListTablesRequest, list_tables),
        "ListTagsOfResource" => free!(of::list_tags_of_resource::ListTagsOfResourceRequest, list_tags_of_resource),
        "PutItem" => metered!(of::put_item::PutItemRequest, put_item, Write),
        "Query" => metered!(of::query::QueryRequest, query, Read),
        "Scan" => metered!(of::scan::ScanRequest, scan, Read),
        "TagResource" => free!(of::tag_resource::TagResourceRequest, tag_resource),
        "TransactGetItems" => metered!(of::transact_get_items::TransactGetItemsRequest, transact_get_items, Read),
        "TransactWriteItems" => {
            metered!(of::transact_write_items::TransactWriteItemsRequest, transact_write_items, Write)
        }
        "UntagResource" => free!(of::untag_resource::UntagResourceRequest, untag_resource),
        "UpdateItem" => metered!(of::update_item::UpdateItemRequest, update_item, Write),
        "UpdateTable" => free!(of::update_table::UpdateTableRequest, update_table),
        "UpdateTimeToLive" => free!(of::update_time_to_live::UpdateTimeToLiveRequest, update_time_to_live),
        _ => Err(Failure {
            status: 400,
            body: r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#.to_owned(),
        }),
    }
}

/// Reads a request. DynamoDB calls a missing or an impossible value a validation error, and a value of the wrong JSON
/// type a serialization error. The database's readers mark the message where it is one of the two.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, DynoxideError> {
    serde_json::from_slice(body).map_err(|problem| {
        let text = problem.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        if let Some((marker, rest)) = message.split_once(':')
            && let Some(kind) = ["VALIDATION", "SERIALIZATION"].iter().find(|kind| marker.starts_with(**kind))
        {
            let rest = rest.to_owned();
            return match *kind {
                "VALIDATION" => DynoxideError::ValidationException(rest),
                _ => DynoxideError::SerializationException(rest),
            };
        }
        let is_validation = ["missing field", "unknown variant", "invalid type: null", "AttributeValue"];
        if is_validation.iter().any(|part| message.contains(part)) {
            DynoxideError::ValidationException(message.to_owned())
        } else {
            DynoxideError::SerializationException(message.to_owned())
        }
    })
}

#[cfg(test)]
mod tests;
