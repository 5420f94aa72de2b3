//! The items that a call names, for its trace: single items by their keys, ranges by their conditions.

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

use crate::traces::{Asked, Schemas};

/// A request that can say what it names.
pub(crate) trait Described {
    /// Adds what the request names.
    fn describe(&self, asked: &mut Asked, schemas: &Schemas);
}

/// Requests for one item, by the field that has its key.
macro_rules! one_item {
    ($($request:ty, $action:literal, $key:ident;)*) => {
        $(impl Described for $request {
            fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
                asked.item(schemas, &self.table_name, $action, &self.$key);
            }
        })*
    };
}

one_item! {
    GetItemRequest, "Get", key;
    PutItemRequest, "Put", item;
    UpdateItemRequest, "Update", key;
    DeleteItemRequest, "Delete", key;
}

impl Described for BatchGetItemRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        for (table, wanted) in &self.request_items {
            for key in &wanted.keys {
                asked.item(schemas, table, "Get", key);
            }
        }
    }
}

impl Described for BatchWriteItemRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        for (table, writes) in &self.request_items {
            for write in writes {
                if let Some(put) = &write.put_request {
                    asked.item(schemas, table, "Put", &put.item);
                }
                if let Some(delete) = &write.delete_request {
                    asked.item(schemas, table, "Delete", &delete.key);
                }
            }
        }
    }
}

impl Described for QueryRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        let condition = self.key_condition_expression.as_deref().unwrap_or_default();
        let (names, values) = (&self.expression_attribute_names, &self.expression_attribute_values);
        asked.range(schemas, &self.table_name, condition, names.as_ref(), values.as_ref());
    }
}

impl Described for ScanRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        asked.scan(schemas, &self.table_name);
    }
}

impl Described for TransactGetItemsRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        for item in &self.transact_items {
            asked.item(schemas, &item.get.table_name, "Get", &item.get.key);
        }
    }
}

impl Described for TransactWriteItemsRequest {
    fn describe(&self, asked: &mut Asked, schemas: &Schemas) {
        for item in &self.transact_items {
            if let Some(put) = &item.put {
                asked.item(schemas, &put.table_name, "Put", &put.item);
            }
            if let Some(update) = &item.update {
                asked.item(schemas, &update.table_name, "Update", &update.key);
            }
            if let Some(delete) = &item.delete {
                asked.item(schemas, &delete.table_name, "Delete", &delete.key);
            }
            if let Some(check) = &item.condition_check {
                asked.item(schemas, &check.table_name, "ConditionCheck", &check.key);
            }
        }
    }
}
