//! What a day of matches and changes costs in DynamoDB: a table of calls, the units of each counted by the database.
//!
//! What is assumed is how often each happens, and that changes come evenly, one at a time, and to anybody. Prices
//! are those of on-demand tables in us-east-1.

use std::fmt::Write as _;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use pairwork::LocalMarket;
use pool::{BLOCKS, BLOCKS_PER_FEED, MAX_COMPACTED_BYTES, OVERLAP_MS};
use serde_json::{Value, json};
use store::Store;

use crate::{POOL, rows};

/// A day's matches, and changes of freelancers.
const MATCHES: f64 = 1e6;
const CHANGES: f64 = 200_000.0;
/// Processes of `matches` that are warm all day, how often each looks for changes in a second, and how many start in
/// a day.
const WARM: f64 = 2.0;
const LOOKS: f64 = 4.0;
const STARTS: f64 = 100.0;
/// Dollars for a million units.
const READ_PRICE: f64 = 0.125;
const WRITE_PRICE: f64 = 0.625;

/// Partitions of the blocks.
const SEGMENTS: u32 = 16;

/// The table, for a pool of rows of `body_bytes` that is filled and compacted.
pub(crate) async fn of_a_day(market: &LocalMarket, store: &Store, body_bytes: usize) -> anyhow::Result<String> {
    let meter = Meter { market };
    let [market_table, pool_table] = [meter.table("MarketTable")?, meter.table("PoolTable")?];
    market.fill_samples().await?;
    let people = meter.keys(&market_table, "LIST#freelancers", "ACCOUNT#", "FREELANCER")?;
    let projects = meter.keys(&market_table, "LIST#projects", "PROJECT#", "PROJECT")?;
    let project = meter.get(&market_table, projects.first().context("no sample project")?)?.1;
    let mut profiles = 0.0;
    for place in 0..10 {
        profiles += meter.get(&market_table, &people[place % people.len()])?.1;
    }

    let (mut cold, mut block) = (Cost::default(), None);
    for segment in 0..SEGMENTS {
        let (cost, items) = meter.query(&pool_table, &format!("freelancers#{segment:02}"), "0")?;
        cold = Cost { requests: cold.requests + cost.requests, units: cold.units + cost.units };
        block = block.or(items.into_iter().next());
    }
    let block = block.context("nothing is compacted")?;
    let key = json!({"pk": block["pk"], "sk": block["sk"]});
    let (_, block_reads) = meter.get(&pool_table, &key)?;
    let block_writes = meter.put(&pool_table, &block)?;

    // As many changes as a look reads once more, each alone in its batch.
    let now = Timestamp::now() + SignedDuration::from_hours(1);
    let mut change_bytes = 0;
    for number in 0..(CHANGES / 86_400.0 * OVERLAP_MS as f64 / 1e3).round() as usize {
        change_bytes = pool::append(store, POOL, &rows(number..number + 1, body_bytes), now).await?;
    }
    let behind = format!("{:013}", now.as_millisecond());
    let (look, items) = meter.query(&pool_table, "freelancers#FEED", &behind)?;
    let append = meter.put(&pool_table, items.first().context("no change in the feed")?)?;

    let block_bytes = block["rows"]["B"].as_str().context("a block without rows")?.len() as f64 * 3.0 / 4.0;
    // A feed is compacted when it outweighs its share of the blocks, but so much at most.
    let blocks = f64::from(BLOCKS);
    let worth_it = (block_bytes * blocks / BLOCKS_PER_FEED as f64).min(MAX_COMPACTED_BYTES as f64);
    let changes_compacted = worth_it / change_bytes as f64;
    let blocks_touched = blocks * (1.0 - (1.0 - 1.0 / blocks).powf(changes_compacted));
    let of_a_change = |units: f64| units * blocks_touched / changes_compacted;
    let mut table = format!(
        "a block has {:.1} kB; a compaction brings {changes_compacted:.0} changes into {blocks_touched:.0} blocks; \
         a cold reading takes {} requests\n{:<46} {:>9} {:>11} {:>12} {:>8}\n",
        block_bytes / 1e3,
        cold.requests,
        "",
        "a day",
        "reads each",
        "writes each",
        "$ a day"
    );
    let mut together = 0.0;
    for (what, times, reads, writes) in [
        ("read the project of a match", MATCHES, project, 0.0),
        ("read ten profiles of a match", MATCHES, profiles, 0.0),
        ("look for changes", WARM * LOOKS * 86_400.0, look.units, 0.0),
        ("start cold: read every block", STARTS, cold.units, 0.0),
        ("append a change", CHANGES, 0.0, append),
        ("compact it: its share of blocks", CHANGES, of_a_change(block_reads), of_a_change(block_writes)),
        ("delete it an hour later", CHANGES, 0.0, append),
    ] {
        let dollars = times * (reads * READ_PRICE + writes * WRITE_PRICE) / 1e6;
        together += dollars;
        writeln!(table, "{what:<46} {times:>9.0} {reads:>11.2} {writes:>12.2} {dollars:>8.2}")?;
    }
    let instead = MATCHES * cold.units * READ_PRICE / 1e6;
    write!(table, "{:<81} {together:>8.2}\nreading the pool for each match instead: ${instead:.0} a day", "together")?;
    Ok(table)
}

/// Requests, and the read units that they cost.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    requests: u32,
    units: f64,
}

/// Asks the local database as the functions do, and has it count units.
struct Meter<'m> {
    market: &'m LocalMarket,
}

impl Meter<'_> {
    fn table(&self, logical_id: &str) -> anyhow::Result<String> {
        Ok(self.market.table(logical_id).with_context(|| format!("the template has no {logical_id}"))?.to_owned())
    }

    /// One call: its reply, and its units.
    fn call(&self, operation: &str, mut request: Value) -> anyhow::Result<(Value, f64)> {
        request["ReturnConsumedCapacity"] = json!("TOTAL");
        let reply = self.market.call_dynamodb(operation, request.to_string().as_bytes())?;
        let reply: Value = serde_json::from_slice(&reply)?;
        let units = reply["ConsumedCapacity"]["CapacityUnits"].as_f64().context("no units were counted")?;
        Ok((reply, units))
    }

    fn get(&self, table: &str, key: &Value) -> anyhow::Result<(Value, f64)> {
        self.call("GetItem", json!({"TableName": table, "Key": key, "ConsistentRead": true}))
    }

    /// Writes an item that is there.
    fn put(&self, table: &str, item: &Value) -> anyhow::Result<f64> {
        Ok(self.call("PutItem", json!({"TableName": table, "Item": item}))?.1)
    }

    /// All items of a partition behind a sort key.
    fn query(&self, table: &str, pk: &str, after: &str) -> anyhow::Result<(Cost, Vec<Value>)> {
        let (mut cost, mut items, mut resume) = (Cost::default(), Vec::new(), Value::Null);
        loop {
            let mut request = json!({
                "TableName": table,
                "KeyConditionExpression": "pk = :pk AND sk > :after",
                "ExpressionAttributeValues": {":pk": {"S": pk}, ":after": {"S": after}},
                "ConsistentRead": true,
            });
            if !resume.is_null() {
                request["ExclusiveStartKey"] = resume;
            }
            let (mut reply, units) = self.call("Query", request)?;
            cost = Cost { requests: cost.requests + 1, units: cost.units + units };
            items.extend(reply["Items"].as_array_mut().map(std::mem::take).unwrap_or_default());
            resume = reply["LastEvaluatedKey"].take();
            if resume.is_null() {
                return Ok((cost, items));
            }
        }
    }

    /// The keys of the records in a list.
    fn keys(&self, table: &str, list: &str, prefix: &str, sk: &str) -> anyhow::Result<Vec<Value>> {
        let (_, entries) = self.query(table, list, "0")?;
        let key = |entry: &Value| {
            let pk = format!("{prefix}{}", entry["sk"]["S"].as_str().unwrap_or_default());
            json!({"pk": {"S": pk}, "sk": {"S": sk}})
        };
        Ok(entries.iter().map(key).collect())
    }
}
