//! The embedded DynamoDB: dynoxide behind a loopback port, with the template's tables in it.
//!
//! It runs on threads of its own, because its handlers block on SQLite (and, on disk, on fsync) while the gateway must
//! not. On disk every acknowledged write has been synced (SQLite in WAL mode with `synchronous = FULL`), so it outlives
//! `kill -9`. What a function does with it is held against the function's role (`front`). Reads are always consistent.
//! It throttles nothing and reports no TransactionConflict, except where a profile injects faults.

pub(crate) mod calls;
pub(crate) mod capacity;
mod described;
mod expiry;
pub(crate) mod front;

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use dynoxide::Database;
use dynoxide::actions::{describe_table::DescribeTableRequest, list_tables::ListTablesRequest};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use self::capacity::Meter;
use self::expiry::Expiry;
use self::front::Front;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::iam::credentials::Credentials;
use crate::iam::permissions::Permissions;
use crate::listen::listen;
use crate::private_files;
use crate::streams::journal::{Journal, file_path, memory_path};
use crate::template::{Table, Template};
use crate::traces::Traces;

/// How long a client may hold up the database's end with half a request.
const GRACE: Duration = Duration::from_secs(5);

/// A running database; [`DynamoDb::stop`] ends it.
pub(crate) struct DynamoDb {
    /// For what needs no protocol: the streams are read here directly.
    pub(crate) database: Database,
    /// Counts what calls consume.
    pub(crate) meter: Arc<Meter>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<Result<(), String>>,
    /// Held for as long as the data directory is ours.
    _lock: Option<File>,
}

impl std::fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoDb").field("address", &self.address).finish_non_exhaustive()
    }
}

impl DynamoDb {
    /// Opens the database at its place, makes sure of the template's tables, and serves it. With it
    /// comes the journal of its streams.
    ///
    /// # Errors
    /// When the database can't be opened, or when it holds tables of another shape.
    pub(crate) fn start(
        place: Place,
        template: &Template,
        credentials: Arc<Credentials>,
        permissions: Arc<Permissions>,
        traces: Arc<Traces>,
        faults: Arc<Faults>,
        clock: &Arc<Clock>,
    ) -> anyhow::Result<(Self, Journal)> {
        let Place { path, lock, .. } = place;
        let database = Database::new(&path).with_context(|| format!("opening {path}"))?;
        let journal = Journal::open(&path)?;
        let followed: BTreeSet<&str> =
            template.functions.iter().flat_map(|function| &function.streams).map(|it| it.table.as_str()).collect();
        for table in &template.tables {
            ensure(&database, table, followed.contains(table.logical_id.as_str()))
                .with_context(|| format!("table {}", table.name))?;
        }
        let meter = Arc::new(Meter::default());
        let (stop, stopped) = oneshot::channel();
        let (bound, listening) = std::sync::mpsc::sync_channel(1);
        let (end, ended) = oneshot::channel();
        let meter_of_front = Arc::clone(&meter);
        let front =
            Front { database: database.clone(), credentials, permissions, meter: meter_of_front, traces, faults };
        let expiry = Expiry::new(database.clone(), template, Arc::clone(clock));
        std::thread::Builder::new()
            .name("dynamodb".to_owned())
            // Nobody may be left to hear how it ended.
            .spawn(move || drop(end.send(serve(front, expiry, stopped, bound))))
            .context("starting the database's thread")?;
        let address = listening.recv().context("the database's thread ended at once")??;
        Ok((Self { database, meter, address, stop, ended, _lock: lock }, journal))
    }

    /// Where it listens, as the SDK wants it: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets running requests finish, then closes the database.
    ///
    /// # Errors
    /// When it can't be closed in good order. What was acknowledged is kept all the same.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        // Gone already if the server ended by itself; its result says why.
        let _ = self.stop.send(());
        let ended = timeout(GRACE, self.ended).await.context("a client holds the database up")?;
        ended.context("the database's thread panicked")?.map_err(|problem| anyhow!(problem))
    }
}

/// Where a database is kept.
#[derive(Debug)]
pub(crate) struct Place {
    /// Where SQLite finds it.
    path: String,
    /// The lock on the directory.
    lock: Option<File>,
    /// Whether an earlier run left data there.
    pub(crate) holds_data: bool,
}

/// Finds the place of a database, in a data directory or in memory, and locks it.
///
/// # Errors
/// When the directory can't be used, or another runner uses it.
pub(crate) fn place(data: Option<&Path>) -> anyhow::Result<Place> {
    let Some(directory) = data else {
        return Ok(Place { path: memory_path(), lock: None, holds_data: false });
    };
    private_files::create_folder(directory).with_context(|| format!("creating {}", directory.display()))?;
    let options = &mut OpenOptions::new();
    let lock = private_files::open(&directory.join("lock"), options.write(true).create(true))
        .with_context(|| format!("{} is not writable", directory.display()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => bail!(
            "{} is in use by another pairwork. Stop that one, or give this one a directory of its own with --data",
            directory.display()
        ),
        Err(TryLockError::Error(problem)) => {
            return Err(problem).with_context(|| format!("locking {}", directory.display()));
        }
    }
    let path = file_path(directory)?;
    let holds_data = std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    // SQLite gives the files beside the database its mode.
    private_files::open(Path::new(&path), options).with_context(|| format!("opening {path}"))?;
    for beside in ["-wal", "-shm", "-journal"] {
        private_files::close_to_others(Path::new(&format!("{path}{beside}")))?;
    }
    Ok(Place { path, lock: Some(lock), holds_data })
}

/// Runs on the database's own threads until `stopped`.
fn serve(
    front: Front,
    expiry: Expiry,
    stopped: oneshot::Receiver<()>,
    bound: std::sync::mpsc::SyncSender<anyhow::Result<SocketAddr>>,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("dynamodb")
        .enable_all()
        .build()
        .map_err(|problem| problem.to_string())?;
    runtime.block_on(async move {
        let opened = listen(SocketAddr::from(([127, 0, 0, 1], 0)));
        let (listener, address) = match opened.and_then(|listener| Ok((listener.local_addr()?, listener))) {
            Ok((address, listener)) => (listener, address),
            Err(problem) => {
                let _ = bound.send(Err(anyhow!("no port for the database: {problem}")));
                return;
            }
        };
        if bound.send(Ok(address)).is_err() {
            return;
        }
        tokio::spawn(expiry.run());
        tokio::select! {
            () = front.serve(listener) => {}
            // An error means the runner is gone, which is a reason to stop, too.
            _ = stopped => {}
        }
    });
    // Calls that run have the grace period of the caller. The database closes when the last of them has ended.
    runtime.shutdown_timeout(GRACE);
    Ok(())
}

/// Creates the table, or checks that the one in the data directory has the keys the template asks for. Its stream is
/// switched on if some function follows it: records that nobody reads would be kept for ever.
fn ensure(database: &Database, table: &Table, followed: bool) -> anyhow::Result<()> {
    let stream = table.stream_view.as_ref().filter(|_| followed);
    let stream = stream.map(|view| json!({ "StreamEnabled": true, "StreamViewType": view }));
    if exists(database, &table.name)? {
        let found = database.describe_table(DescribeTableRequest { table_name: table.name.clone() })?;
        let mut found = serde_json::to_value(&found)?;
        if found["Table"]["StreamSpecification"]["StreamEnabled"] != true
            && let Some(stream) = stream
        {
            database.update_table(request(json!({ "TableName": table.name, "StreamSpecification": stream }))?)?;
        }
        let found = found["Table"]["KeySchema"].take();
        if found != table.definition["KeySchema"] {
            bail!(
                "the data directory holds it with the keys {found}, and the template wants {}. \
                 Start with another --data directory",
                table.definition["KeySchema"]
            );
        }
    } else {
        let mut definition = table.definition.clone();
        if let Some(stream) = stream {
            definition["StreamSpecification"] = stream;
        }
        database.create_table(request(definition)?)?;
    }
    if let Some(attribute) = &table.expires_at {
        database.update_time_to_live(request(json!({
            "TableName": table.name,
            "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
        }))?)?;
    }
    Ok(())
}

fn exists(database: &Database, name: &str) -> anyhow::Result<bool> {
    Ok(database.list_tables(ListTablesRequest::default())?.table_names.iter().any(|table| table == name))
}

fn request<T: DeserializeOwned>(body: Value) -> anyhow::Result<T> {
    serde_json::from_value(body).map_err(|problem| anyhow!("{problem}"))
}

#[cfg(test)]
mod tests {
    use super::{Arc, Clock, Credentials, DynamoDb, Faults, Permissions, Template, Traces};

    const TEMPLATE: &str = include_str!("../../fixtures/things.yaml");

    /// Opens the database in a directory.
    fn start(directory: &std::path::Path, template: &Template) -> anyhow::Result<DynamoDb> {
        let permissions = Arc::new(Permissions::of(template));
        let clock = Clock::of_machine();
        let traces = Traces::new(template, Arc::clone(&clock));
        let (credentials, faults) = (Credentials::new()?, Arc::new(Faults::new(None)));
        let place = super::place(Some(directory))?;
        let started = DynamoDb::start(place, template, credentials, permissions, traces, faults, &clock);
        started.map(|(database, _)| database)
    }

    #[tokio::test]
    async fn a_data_directory_serves_one_runner_at_a_time_and_is_found_again() {
        let template = Template::parse(TEMPLATE).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let first = start(directory.path(), &template).unwrap();
        let problem = start(directory.path(), &template).unwrap_err().to_string();
        assert_eq!(
            problem,
            format!(
                "{} is in use by another pairwork. Stop that one, or give this one a directory of its own with --data",
                directory.path().display()
            )
        );
        first.stop().await.unwrap();
        let again = start(directory.path(), &template).unwrap();
        again.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_data_directory_of_an_earlier_version_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let template = Template::parse(TEMPLATE).unwrap();
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("data");
        start(&directory, &template).unwrap().stop().await.unwrap();
        let entries = || std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
        for path in entries() {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).unwrap();
        let running = start(&directory, &template).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        for path in entries() {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
        assert!(entries().any(|path| path.ends_with("dynamodb.sqlite-wal")), "the log is there while it runs");
        running.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_table_of_another_shape_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let template = Template::parse(TEMPLATE).unwrap();
        start(directory.path(), &template).unwrap().stop().await.unwrap();
        let other = TEMPLATE
            .replace("AttributeName: sk, KeyType: RANGE", "AttributeName: sort, KeyType: RANGE")
            .replace("AttributeName: sk, AttributeType: S", "AttributeName: sort, AttributeType: S");
        let other = Template::parse(&other).unwrap();
        let problem = format!("{:#}", start(directory.path(), &other).unwrap_err());
        assert!(problem.starts_with("table pairwork-KeysTable: the data directory holds it"), "{problem}");
    }
}
