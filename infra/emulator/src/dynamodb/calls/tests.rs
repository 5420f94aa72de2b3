//! Replies are those of the database, and units are those of the documentation.
//!
//! Sources: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html> and, for the
//! size of an item, <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>.

use dynoxide::Database;
use serde_json::{Value, json};

use super::run;
use crate::dynamodb::capacity::{ConsumedCapacity, Meter};

const TABLE: &str = "things";
/// The size of an item without its text: the names `pk`, `sk` and `text`, and keys of one letter each.
const REST_BYTES: usize = 2 + 1 + 2 + 1 + 4;

/// A database with one table and a meter.
struct Metered {
    database: Database,
    meter: Meter,
}

impl Metered {
    fn new() -> Self {
        let database = Database::memory().unwrap();
        let table = json!({
            "TableName": TABLE,
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
        });
        database.create_table(serde_json::from_value(table).unwrap()).unwrap();
        Self { database, meter: Meter::default() }
    }

    fn run(&self, operation: &str, request: &Value) -> Option<Value> {
        let (reply, _) = run(&self.database, &self.meter, operation, request.to_string().as_bytes(), None).ok()?;
        Some(serde_json::from_slice(&reply).unwrap())
    }

    /// The status, the name and the message of the error of one call.
    fn refusal(&self, operation: &str, request: &Value) -> (u16, String, String) {
        let failure = run(&self.database, &self.meter, operation, request.to_string().as_bytes(), None).unwrap_err();
        let body: Value = serde_json::from_str(&failure.body).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = body.get("message").or(body.get("Message")).map(text).unwrap_or_default();
        (failure.status, text(&body["__type"]), message)
    }

    /// Read and write units of one call.
    fn units(&self, operation: &str, request: Value) -> (f64, f64) {
        let before = self.meter.total();
        let reply = self.run(operation, &request);
        assert!(reply.is_some_and(|reply| reply.get("ConsumedCapacity").is_none()), "{operation} {request}");
        let ConsumedCapacity { read_units, write_units } = self.meter.total();
        (read_units - before.read_units, write_units - before.write_units)
    }

    fn put(&self, sk: &str, bytes: usize) -> (f64, f64) {
        self.units("PutItem", json!({"TableName": TABLE, "Item": item(sk, bytes)}))
    }
}

fn key(sk: &str) -> Value {
    json!({"pk": {"S": "p"}, "sk": {"S": sk}})
}

/// An item that DynamoDB takes for `bytes` large.
fn item(sk: &str, bytes: usize) -> Value {
    let mut item = key(sk);
    item["text"] = json!({"S": "x".repeat(bytes - REST_BYTES)});
    item
}

fn get(sk: &str, consistent: bool) -> Value {
    json!({"TableName": TABLE, "Key": key(sk), "ConsistentRead": consistent})
}

fn query(consistent: bool) -> Value {
    json!({
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "p"}},
        "ConsistentRead": consistent,
    })
}

#[test]
fn a_read_of_one_item_takes_a_unit_per_4_kb_and_half_if_eventually_consistent() {
    let metered = Metered::new();
    metered.put("a", 4_096);
    metered.put("b", 4_097);
    assert_eq!(metered.units("GetItem", get("a", true)), (1.0, 0.0));
    assert_eq!(metered.units("GetItem", get("b", true)), (2.0, 0.0));
    assert_eq!(metered.units("GetItem", get("b", false)), (1.0, 0.0));
    assert_eq!(metered.units("GetItem", get("missing", true)), (1.0, 0.0));
    let mut projected = get("b", true);
    projected["ProjectionExpression"] = "pk".into();
    assert_eq!(metered.units("GetItem", projected), (2.0, 0.0), "a projection saves no units");
}

#[test]
fn a_batch_rounds_each_item_and_a_query_their_sum() {
    let metered = Metered::new();
    for sk in ["a", "b", "c"] {
        metered.put(sk, 1_400);
    }
    let keys: Vec<Value> = ["a", "b", "c", "d"].map(key).to_vec();
    let batch = |consistent| json!({"RequestItems": {TABLE: {"Keys": keys, "ConsistentRead": consistent}}});
    assert_eq!(metered.units("BatchGetItem", batch(true)), (4.0, 0.0));
    assert_eq!(metered.units("BatchGetItem", batch(false)), (2.0, 0.0));
    assert_eq!(metered.units("Query", query(true)), (2.0, 0.0), "4,200 bytes");
    assert_eq!(metered.units("Query", query(false)), (1.0, 0.0));
    let mut keys_only = query(true);
    keys_only["ProjectionExpression"] = "sk".into();
    assert_eq!(metered.units("Query", keys_only), (2.0, 0.0), "a projection saves no units");
    let mut one = query(true);
    one["Limit"] = 1.into();
    assert_eq!(metered.units("Query", one), (1.0, 0.0));
}

#[test]
fn a_write_takes_a_unit_per_1_kb_of_the_larger_image() {
    let metered = Metered::new();
    assert_eq!(metered.put("a", 1_024), (0.0, 1.0));
    assert_eq!(metered.put("b", 1_025), (0.0, 2.0));
    assert_eq!(metered.put("b", 100), (0.0, 2.0), "the image before was the larger");
    let delete = |sk: &str| json!({"TableName": TABLE, "Key": key(sk)});
    assert_eq!(metered.units("DeleteItem", delete("a")), (0.0, 1.0));
    assert_eq!(metered.units("DeleteItem", delete("missing")), (0.0, 1.0));
    let update = json!({
        "TableName": TABLE,
        "Key": key("b"),
        "UpdateExpression": "SET more = :more",
        "ExpressionAttributeValues": {":more": {"S": "y".repeat(2_048)}},
    });
    assert_eq!(metered.units("UpdateItem", update), (0.0, 3.0));
    let puts: Vec<Value> =
        [("c", 100), ("d", 2_000)].map(|(sk, bytes)| json!({"PutRequest": {"Item": item(sk, bytes)}})).to_vec();
    assert_eq!(metered.units("BatchWriteItem", json!({"RequestItems": {TABLE: puts}})), (0.0, 3.0));
}

#[test]
fn a_transaction_takes_twice_the_units() {
    let metered = Metered::new();
    let put = |sk: &str, bytes| json!({"Put": {"TableName": TABLE, "Item": item(sk, bytes)}});
    let writes = json!({"TransactItems": [put("a", 1_024), put("b", 1_025)], "ClientRequestToken": "t"});
    assert_eq!(metered.units("TransactWriteItems", writes.clone()), (0.0, 6.0));
    assert_eq!(metered.units("TransactWriteItems", writes), (4.0, 0.0), "repeated, it only reads");
    let reads: Vec<Value> = ["a", "b"].map(|sk| json!({"Get": {"TableName": TABLE, "Key": key(sk)}})).to_vec();
    assert_eq!(metered.units("TransactGetItems", json!({"TransactItems": reads})), (4.0, 0.0));
}

#[test]
fn a_caller_that_asks_for_its_units_is_told_them() {
    let metered = Metered::new();
    metered.put("a", 5_000);
    let mut asking = get("a", true);
    asking["ReturnConsumedCapacity"] = "TOTAL".into();
    let reply = metered.run("GetItem", &asking).unwrap();
    assert_eq!(reply["ConsumedCapacity"], json!({"TableName": TABLE, "CapacityUnits": 2.0}));
    assert_eq!(reply["Item"], item("a", 5_000));
    asking["ReturnConsumedCapacity"] = "NONE".into();
    assert_eq!(metered.run("GetItem", &asking), Some(json!({"Item": item("a", 5_000)})));
    asking["ReturnConsumedCapacity"] = "ALL".into();
    assert_eq!(metered.refusal("GetItem", &asking).0, 400);
}

#[test]
fn a_call_that_fails_counts_nothing_and_is_refused_in_dynamodbs_words() {
    let metered = Metered::new();
    metered.put("a", 100);
    let before = metered.meter.total();
    let mut put = json!({"TableName": TABLE, "Item": item("a", 100)});
    put["ConditionExpression"] = "attribute_not_exists(pk)".into();
    let refused = |kind: &str, message: &str| (400, kind.to_owned(), message.to_owned());
    let dynamodb = "com.amazonaws.dynamodb.v20120810#";
    assert_eq!(
        metered.refusal("PutItem", &put),
        refused(&format!("{dynamodb}ConditionalCheckFailedException"), "The conditional request failed")
    );
    assert_eq!(
        metered.refusal("GetItem", &json!({"TableName": "gone", "Key": key("a")})),
        refused(&format!("{dynamodb}ResourceNotFoundException"), "Requested resource not found")
    );
    let validation = "com.amazon.coral.validate#ValidationException";
    assert_eq!(metered.refusal("GetItem", &json!({"TableName": TABLE})).1, validation);
    let serialization = "com.amazon.coral.service#SerializationException";
    assert_eq!(metered.refusal("GetItem", &json!({"TableName": 7, "Key": key("a")})).1, serialization);
    assert_eq!(metered.refusal("GetItem", &json!("text")).1, serialization);
    let unknown = refused("com.amazon.coral.service#UnknownOperationException", "");
    assert_eq!(metered.refusal("DropEverything", &json!({})), unknown);
    let cancelled = json!({"TransactItems": [{"Put": {
        "TableName": TABLE, "Item": item("a", 100), "ConditionExpression": "attribute_not_exists(pk)",
    }}]});
    let failure = run(&metered.database, &metered.meter, "TransactWriteItems", cancelled.to_string().as_bytes(), None);
    let body: Value = serde_json::from_str(&failure.unwrap_err().body).unwrap();
    assert_eq!(body["CancellationReasons"][0]["Code"], "ConditionalCheckFailed");
    assert_eq!(metered.meter.total(), before);
    let tables = metered.run("ListTables", &json!({})).unwrap();
    assert_eq!(tables["TableNames"], json!([TABLE]));
}
