//! What a pool costs to read, on the local market: time, requests, and read units as DynamoDB counts them.
//!
//! ```text
//! cargo run --release -p pairwork --example pool_figures -- 100000 180
//! ```
//!
//! takes the number of freelancers and the bytes of a packed one. The store is in memory, everything is in one process but
//! crosses the network stack, and the times are those of this machine. Read units are counted by the database, call by call.

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use pairwork::{LocalMarket, Options};
use platform::store::keys::Collection;
use platform::store::pool::{Change, Folded, Folding, Follower, Index, Revision, Row};
use platform::store::{Store, StoreError};
use serde_json::{Value, json};
use ulid::Ulid;

const POOL: Collection = Collection::Freelancers;
/// Rows appended together.
const BATCH: usize = 1_000;
const TURNS: usize = 9;

/// Reads every body and keeps none.
#[derive(Debug, Default)]
struct Count {
    rows: usize,
    bytes: usize,
}

impl Index for Count {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, row: Row<&[u8]>) -> Result<(), StoreError> {
        if let Change::Put(body) = row.change {
            self.rows += 1;
            self.bytes += body.len();
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (freelancers, body_bytes) = (number(100_000)?, number(180)?);
    let market = LocalMarket::start(Options::default()).await?;
    let store = market.store().await?;
    let started = Instant::now();
    let now = fill(&store, freelancers, body_bytes).await?;
    println!("{freelancers} freelancers of {body_bytes} B, written in {:.1} s", started.elapsed().as_secs_f64());

    let mut cold = Vec::new();
    let (mut follower, mut count) = (Follower::new(POOL), Count::default());
    for _ in 0..TURNS {
        follower = Follower::new(POOL);
        let started = Instant::now();
        follower.follow(&store, now, &mut count).await?;
        cold.push(started.elapsed());
    }
    println!(
        "cold reading: {} rows, {:.1} MB, p50 {:.3} s",
        count.rows,
        count.bytes as f64 / 1e6,
        median(cold).as_secs_f64()
    );

    let (mut idle, mut changed) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let at = now + SignedDuration::from_secs(30 * (1 + turn as i64));
        let started = Instant::now();
        follower.follow(&store, at, &mut count).await?;
        idle.push(started.elapsed());
        store.append_to_pool(POOL, &rows(0..10, body_bytes), at).await?;
        let started = Instant::now();
        follower.follow(&store, at, &mut count).await?;
        changed.push(started.elapsed());
    }
    let ms = |times| median(times).as_secs_f64() * 1e3;
    println!("looking for changes: none p50 {:.2} ms, ten p50 {:.2} ms", ms(idle), ms(changed));
    read_units(&market).await?;
    market.shutdown().await
}

/// Writes the rows and folds them all. Gives the time as of which they are settled.
async fn fill(store: &Store, freelancers: usize, body_bytes: usize) -> anyhow::Result<Timestamp> {
    let mut now = Timestamp::now();
    let mut folding = Folding::new(POOL);
    let mut written = 0;
    while written < freelancers {
        let batch = written..(written + BATCH).min(freelancers);
        written = batch.end;
        store.append_to_pool(POOL, &rows(batch, body_bytes), now).await?;
    }
    now += SignedDuration::from_secs(30);
    // Some megabytes at once, as many times as it takes.
    while folding.fold(store, now, Duration::MAX).await? != Folded::Nothing {}
    Ok(now)
}

/// Rows of random bytes, the same for the same numbers.
fn rows(numbers: std::ops::Range<usize>, body_bytes: usize) -> Vec<Row> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ numbers.start as u64;
    let mut random = || {
        // xorshift64*, <https://doi.org/10.18637/jss.v008.i14>
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let row = |number: usize| Row {
        id: Ulid::from_parts(1_700_000_000_000 + number as u64, u128::from(random())),
        revision: Revision::from_bits(1),
        change: Change::Put((0..body_bytes).map(|_| random() as u8).collect()),
    };
    numbers.map(row).collect()
}

/// Repeats the queries of a cold reading and of a look for changes, and has the database count their read units.
async fn read_units(market: &LocalMarket) -> anyhow::Result<()> {
    let table = market.table("PoolTable").context("the template has no pool")?;
    let http = reqwest::Client::new();
    let query = async |pk: String, after: &str| -> anyhow::Result<(u32, f64)> {
        let (mut requests, mut units, mut resume) = (0, 0.0, Value::Null);
        loop {
            let mut request = json!({
                "TableName": table,
                "KeyConditionExpression": "pk = :pk AND sk > :after",
                "ExpressionAttributeValues": {":pk": {"S": pk}, ":after": {"S": after}},
                "ConsistentRead": true,
                "ReturnConsumedCapacity": "TOTAL",
            });
            if !resume.is_null() {
                request["ExclusiveStartKey"] = resume;
            }
            let reply = http
                .post(&market.dynamodb_url)
                .header("x-amz-target", "DynamoDB_20120810.Query")
                .header("x-amz-date", "20261122T000000Z")
                .header("content-type", "application/x-amz-json-1.0")
                .header("authorization", AUTHORIZATION)
                .json(&request);
            let mut reply: Value = reply.send().await?.error_for_status()?.json().await?;
            requests += 1;
            units += reply["ConsumedCapacity"]["CapacityUnits"].as_f64().context("no read units were counted")?;
            resume = reply["LastEvaluatedKey"].take();
            if resume.is_null() {
                return Ok((requests, units));
            }
        }
    };
    let (mut requests, mut units) = (0, 0.0);
    for segment in 0..16 {
        let (more, cost) = query(format!("freelancers#{segment:02}"), "0").await?;
        requests += more;
        units += cost;
    }
    println!("cold reading: {requests} requests, {units} read units");
    let (requests, units) = query("freelancers#FEED".to_owned(), "9").await?;
    println!("looking for changes, none: {requests} request, {units} read units");
    Ok(())
}

/// The local database takes any signature.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/dynamodb/aws4_request, \
                             SignedHeaders=host;x-amz-date;x-amz-target, Signature=00";

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
