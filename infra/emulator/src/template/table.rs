//! DynamoDB tables: `AWS::DynamoDB::Table` and `AWS::Serverless::SimpleTable`.

use serde_json::{Value, json};

use super::Table;
use super::properties::{Known, Properties};

const SILENT: [&str; 9] = [
    "ContributorInsightsSpecification",
    "DeletionProtectionEnabled",
    "KinesisStreamSpecification",
    "PointInTimeRecoverySpecification",
    "ResourcePolicy",
    "SSESpecification",
    "Tags",
    "TableName",
    "PropagateTags",
];
const NOTED: [&str; 4] = ["OnDemandThroughput", "ProvisionedThroughput", "TableClass", "WarmThroughput"];

/// Reads an `AWS::DynamoDB::Table`.
pub(super) fn table(logical_id: &str, properties: &Properties<'_>) -> Option<Table> {
    const COPIED: [&str; 4] = ["AttributeDefinitions", "GlobalSecondaryIndexes", "KeySchema", "LocalSecondaryIndexes"];
    const HONOURED: [&str; 3] = ["BillingMode", "StreamSpecification", "TimeToLiveSpecification"];
    properties.only(Known { honoured: &[COPIED.as_slice(), &HONOURED].concat(), silent: &SILENT, noted: &NOTED });
    let scope = properties.scope;
    let name = scope.keep(scope.physical_name(logical_id, &properties.place))?;
    // There is no throttling here, so every table is billed by the request.
    let mut definition = json!({ "TableName": name, "BillingMode": "PAY_PER_REQUEST" });
    for key in COPIED {
        if properties.has(key) {
            definition[key] = properties.value(key);
        }
    }
    let indexes = definition.get_mut("GlobalSecondaryIndexes").and_then(Value::as_array_mut);
    for index in indexes.into_iter().flatten() {
        if let Some(index) = index.as_object_mut() {
            for key in NOTED.iter().copied().chain(["ContributorInsightsSpecification"]) {
                index.remove(key);
            }
        }
    }
    let expiry = properties.section("TimeToLiveSpecification");
    let stream_view = properties.section("StreamSpecification").text("StreamViewType");
    let expires_at = if expiry.truth("Enabled") { expiry.text("AttributeName") } else { None };
    Some(Table { logical_id: logical_id.to_owned(), name, definition, stream_view, expires_at })
}

/// Reads an `AWS::Serverless::SimpleTable`: a table of one key, `id` unless it says otherwise.
pub(super) fn simple_table(logical_id: &str, properties: &Properties<'_>) -> Option<Table> {
    properties.only(Known { honoured: &["PrimaryKey"], silent: &SILENT, noted: &["ProvisionedThroughput"] });
    let scope = properties.scope;
    let name = scope.keep(scope.physical_name(logical_id, &properties.place))?;
    let key = properties.section("PrimaryKey");
    key.only(Known { honoured: &["Name", "Type"], ..Known::default() });
    let attribute = key.text("Name").unwrap_or_else(|| "id".to_owned());
    let kind = match key.text("Type").as_deref() {
        None | Some("String") => "S",
        Some("Number") => "N",
        Some("Binary") => "B",
        Some(_) => {
            key.fault("Type", "expected String, Number or Binary");
            "S"
        }
    };
    let definition = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{ "AttributeName": attribute, "AttributeType": kind }],
        "KeySchema": [{ "AttributeName": attribute, "KeyType": "HASH" }],
    });
    Some(Table { logical_id: logical_id.to_owned(), name, definition, stream_view: None, expires_at: None })
}
