//! The calls that read and write items, run on the database in this process.
//!
//! The database's own server parses each body three times, and is one more connection away. So the front runs these
//! calls itself, and counts the capacity units that they consume. A call that fails here has changed nothing: the front
//! then passes it to that server, which runs it again and words the error as DynamoDB does.

use dynoxide::Database;
use dynoxide::actions::batch_get_item::BatchGetItemRequest;
use dynoxide::actions::batch_write_item::BatchWriteItemRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::actions::transact_get_items::TransactGetItemsRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;

use super::capacity::Direction::{Read, Write};
use super::capacity::{ConsumedCapacity, Meter, Reported, ask};
use super::described::Described;
use crate::traces::OpenCall;

/// Runs a call and returns the body of its reply and what the call consumed. Returns `None` if it failed, or is none of
/// those that run here. What the call names is told to its trace.
pub(crate) fn run(
    database: &Database,
    meter: &Meter,
    operation: &str,
    body: &[u8],
    traced: Option<&mut OpenCall>,
) -> Option<(Vec<u8>, ConsumedCapacity)> {
    // The requests and replies share no trait; only their fields have the same names.
    macro_rules! run {
        ($request:ty, $method:ident, $direction:expr) => {{
            let mut request: $request = serde_json::from_slice(body).ok()?;
            let asked = ask(&mut request.return_consumed_capacity);
            if let Some(traced) = traced {
                traced.asks(|asked, schemas| request.describe(asked, schemas));
            }
            let mut reply = database.$method(request).ok()?;
            let consumed = reply.consumed_capacity.units($direction);
            meter.add(consumed);
            if !asked {
                reply.consumed_capacity = None;
            }
            // A reply consists of texts, numbers and lists: there is nothing in it that JSON could not hold.
            Some((serde_json::to_vec(&reply).unwrap_or_default(), consumed))
        }};
    }
    match operation {
        "BatchGetItem" => run!(BatchGetItemRequest, batch_get_item, Read),
        "BatchWriteItem" => run!(BatchWriteItemRequest, batch_write_item, Write),
        "DeleteItem" => run!(DeleteItemRequest, delete_item, Write),
        "GetItem" => run!(GetItemRequest, get_item, Read),
        "PutItem" => run!(PutItemRequest, put_item, Write),
        "Query" => run!(QueryRequest, query, Read),
        "Scan" => run!(ScanRequest, scan, Read),
        "TransactGetItems" => run!(TransactGetItemsRequest, transact_get_items, Read),
        "TransactWriteItems" => run!(TransactWriteItemsRequest, transact_write_items, Write),
        "UpdateItem" => run!(UpdateItemRequest, update_item, Write),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
