//! A whole template on this machine: its database, its functions and its API, started and stopped together.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use hyper::body::Bytes;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::aws_api::{AwsApi, Services};
use crate::clock::{Clock, OFFSET_VARIABLE};
use crate::cloudfront::Distribution;
use crate::dynamodb::capacity::ConsumedCapacity;
use crate::dynamodb::{DynamoDb, calls, place};
use crate::faults::{FaultPlan, Faults};
use crate::http_api::gateway::Api;
use crate::iam::credentials::Credentials;
use crate::iam::permissions::{Permission, Permissions};
use crate::inspector::{Inside, Inspector};
use crate::kms::Kms;
use crate::lambda::function::{Capacity, Function};
use crate::lambda::invocation::{Invocation, Outcome, Traced, new_trace_id};
use crate::lambda::lambda_api::LambdaApi;
use crate::lambda::launch::{Endpoints, Program, launch, local_variables};
use crate::listen::listen;
use crate::local::{Local, LocalPages};
use crate::s3::Objects;
use crate::server::limits::HttpLimits;
use crate::server::{Server, Site};
use crate::ses::{Ses, mailbox::Mailbox};
use crate::streams::dead_letters::{DeadLetter, DeadLetters};
use crate::streams::{Kept, Streams};
use crate::template::{REGION, Template};
use crate::timers::Timers;
use crate::traces::{Origin, Traces};

/// How long requests that run may take to finish when all stops.
const GRACE: Duration = Duration::from_secs(5);

/// What an emulator is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1 of the distribution or the API; 0 takes any free one.
    pub port: u16,
    /// Where the data is kept; in memory if nowhere.
    pub data: Option<PathBuf>,
    /// The SAM template.
    pub template: Template,
    /// The objects of buckets, by the buckets' logical ids.
    pub objects: BTreeMap<String, Objects>,
    /// What the functions' processes run.
    pub program: Program,
    /// How far each function may grow.
    pub capacity: Capacity,
    /// How long a client may take, and how many clients there may be.
    pub http: HttpLimits,
    /// What functions log at: `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// The faults to inject; none without a plan.
    pub faults: Option<FaultPlan>,
    /// The time at which the run starts, and from which it can be advanced; `None` for the machine's clock.
    pub clock: Option<Timestamp>,
    /// Pages that this machine alone may see.
    pub local: Option<Arc<dyn LocalPages>>,
}

/// A template that is running. Dropping it ends its processes; [`Emulator::shutdown`] ends it in good order.
#[derive(Debug)]
pub struct Emulator {
    /// `http://127.0.0.1:PORT`
    pub base_url: String,
    /// Where the AWS SDK finds DynamoDB: the value of `AWS_ENDPOINT_URL_DYNAMODB`.
    pub dynamodb_url: String,
    /// Where it finds Lambda: the value of `AWS_ENDPOINT_URL_LAMBDA`.
    lambda_url: String,
    /// Where it finds SES and KMS.
    aws_api_url: String,
    template: Template,
    functions: BTreeMap<String, Arc<Function>>,
    server: Server,
    streams: Streams,
    timers: Timers,
    _jumps: Jumps,
    lambda_api: LambdaApi,
    aws_api: AwsApi,
    dynamodb: DynamoDb,
    credentials: Arc<Credentials>,
    permissions: Arc<Permissions>,
    traces: Arc<Traces>,
    faults: Arc<Faults>,
    clock: Arc<Clock>,
    inspector: Inspector,
}

/// The jumps of the clock, as a profile of faults asks for them. Dropping it ends them.
#[derive(Debug)]
struct Jumps(JoinHandle<()>);

impl Drop for Jumps {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Emulator {
    /// Starts what the template describes and returns when it serves. Functions are started when first needed.
    ///
    /// # Errors
    /// When the template asks for something that can't be run here, the data directory can't be used, or the port is
    /// taken; the message says what to do about it.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let template = options.template;
        if !template.nested_stacks.is_empty() {
            let stacks: Vec<_> = template.nested_stacks.iter().map(|stack| stack.logical_id.as_str()).collect();
            tracing::info!("nested stacks have no effect on this machine: {}", stacks.join(", "));
        }
        for notice in &template.notices {
            tracing::warn!("the template's {notice}: without effect here");
        }
        // The port first: it is the likeliest to fail, and nothing has been started yet.
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], options.port)))
            .map_err(|problem| port_problem(options.port, &problem))?;
        let address = listener.local_addr()?;
        let base_url = format!("http://{address}");
        let credentials = Credentials::new()?;
        let permissions = Arc::new(Permissions::of(&template));
        let faults = Arc::new(Faults::new(options.faults));
        let data = options.data.as_deref();
        let place = place(data)?;
        let clock = Clock::start(data, place.holds_data, options.clock, faults.moves_clock())?;
        let traces = Traces::new(&template, Arc::clone(&clock));
        let (dynamodb, journal) = DynamoDb::start(
            place,
            &template,
            Arc::clone(&credentials),
            Arc::clone(&permissions),
            Arc::clone(&traces),
            Arc::clone(&faults),
            &clock,
        )?;
        let journal = Arc::new(journal);
        clock.attach(&journal)?;
        let kept = Kept { journal, dead_letters: DeadLetters::open(data)?, clock: Arc::clone(&clock) };
        let dynamodb_url = dynamodb.url();
        let lambda_api = listen(SocketAddr::from(([127, 0, 0, 1], 0))).context("no port for the Lambda API")?;
        let lambda_url = format!("http://{}", lambda_api.local_addr()?);
        let aws_api = listen(SocketAddr::from(([127, 0, 0, 1], 0))).context("no port for SES and KMS")?;
        let aws_api_url = format!("http://{}", aws_api.local_addr()?);
        let endpoints = Endpoints {
            dynamodb_url: dynamodb_url.clone(),
            lambda_url: lambda_url.clone(),
            aws_api_url: aws_api_url.clone(),
            api_url: base_url.clone(),
            clock_file: clock.file().map(Path::to_owned),
        };
        let mailbox = Arc::new(Mailbox::open(data)?);
        let services = Services {
            ses: Ses { mailbox: Arc::clone(&mailbox), clock: Arc::clone(&clock) },
            kms: Kms::open(&template.keys, data)?,
            credentials: Arc::clone(&credentials),
            permissions: Arc::clone(&permissions),
        };
        let aws_api = AwsApi::serve(aws_api, services);
        let mut functions = BTreeMap::new();
        for function in &template.functions {
            let launch = launch(function, &options.program, &options.log_level, &endpoints)?;
            let (credentials, traces) = (Arc::clone(&credentials), Arc::clone(&traces));
            let started = Function::new(launch, options.capacity, credentials, traces);
            functions.insert(function.logical_id.clone(), started);
        }
        let called = functions.values().cloned();
        let lambda_api = LambdaApi::serve(
            lambda_api,
            called,
            Arc::clone(&credentials),
            Arc::clone(&permissions),
            Arc::clone(&traces),
        );
        let database = &dynamodb.database;
        let streams = Streams::start(&template, &functions, &permissions, database, kept, &traces, &faults)?;
        let jumps = Jumps(tokio::spawn(Arc::clone(&faults).run_clock(Arc::clone(&clock))));
        let timers = Timers::start(&template, &functions, &clock, &traces, Arc::clone(&streams.dead_letters));
        let api = Arc::new(Api::new(&template, &functions, address.port(), Arc::clone(&traces), Arc::clone(&clock)));
        let inspector = Inspector::new(Inside {
            template: template.clone(),
            traces: Arc::clone(&traces),
            database: database.clone(),
            functions: functions.clone(),
            streams: streams.watched(),
            dead_letters: Arc::clone(&streams.dead_letters),
            permissions: Arc::clone(&permissions),
            mailbox,
            api: Arc::clone(&api),
            faults: Arc::clone(&faults),
            clock: Arc::clone(&clock),
        });
        let local = options.local.map(|pages| Local { pages, inspector: inspector.clone(), port: address.port() });
        let distribution = template.distribution.clone();
        let site = Site {
            distribution: distribution.map(|described| Distribution::new(described, options.objects)),
            api,
            local,
        };
        let server = Server::serve(listener, site, options.http);
        Ok(Self {
            base_url,
            dynamodb_url,
            lambda_url,
            aws_api_url,
            template,
            functions,
            server,
            streams,
            timers,
            _jumps: jumps,
            lambda_api,
            aws_api,
            dynamodb,
            credentials,
            permissions,
            traces,
            faults,
            clock,
            inspector,
        })
    }

    /// Sends one event straight to a function, named as in the template or by its binary.
    ///
    /// # Errors
    /// When there is no such function. What the function makes of the event is an [`Outcome`].
    pub async fn invoke(&self, function: &str, event: Bytes) -> anyhow::Result<Outcome> {
        let described = self.template.function(function);
        let Some(target) = described.and_then(|described| self.functions.get(&described.logical_id)) else {
            let mut names: Vec<_> = self.template.functions.iter().map(|known| known.binary.as_str()).collect();
            names.dedup();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(anyhow!("no function is called {function}; the template has {names}"));
        };
        let recording = self.traces.begin(Origin::Event { function: target.logical_id().to_owned() });
        let outcome = target.invoke(Invocation::new(event, new_trace_id(), Traced::first(&recording))).await;
        recording.end(outcome.word());
        Ok(outcome)
    }

    /// A view of what happens inside.
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// Waits until the functions that follow the tables' streams are done with every change committed so far.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn caught_up(&self) -> anyhow::Result<()> {
        self.streams.caught_up().await
    }

    /// What dead-letter queues were told of, oldest first.
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.streams.dead_letters.all()
    }

    /// The clock of the run.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The faults that are injected.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The template that runs.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The name in the database of a table of the template, e.g. of `ThingsTable`.
    pub fn table(&self, logical_id: &str) -> Option<&str> {
        let table = self.template.tables.iter().find(|table| table.logical_id == logical_id)?;
        Some(&table.name)
    }

    /// The variables by which a function that runs elsewhere finds this database and its tables: those of every
    /// function of the template, and the SDK's own. They hold the owner's secret of this run, which no role binds.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut variables: BTreeMap<_, _> =
            self.template.functions.iter().flat_map(|function| local_variables(function, &self.base_url)).collect();
        let file = self.clock.file().map(|file| file.to_string_lossy().into_owned());
        variables.extend(file.map(|file| (OFFSET_VARIABLE.to_owned(), file)));
        let owner = self.credentials.owner();
        variables.extend([
            ("AWS_ACCESS_KEY_ID".to_owned(), owner.access_key_id),
            ("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), self.dynamodb_url.clone()),
            ("AWS_ENDPOINT_URL_KMS".to_owned(), self.aws_api_url.clone()),
            ("AWS_ENDPOINT_URL_LAMBDA".to_owned(), self.lambda_url.clone()),
            ("AWS_ENDPOINT_URL_SESV2".to_owned(), self.aws_api_url.clone()),
            ("AWS_REGION".to_owned(), REGION.to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), owner.secret_access_key),
        ]);
        variables
    }

    /// Calls the database as the owner, without a connection: an operation, e.g. `GetItem`, and its request, JSON.
    ///
    /// # Errors
    /// The database's error, JSON.
    pub fn call_dynamodb(&self, operation: &str, request: &[u8]) -> anyhow::Result<Vec<u8>> {
        let called = calls::run(&self.dynamodb.database, &self.dynamodb.meter, operation, request, None);
        called.map(|(reply, _)| reply).map_err(|failure| anyhow!("{operation}: {}", failure.body))
    }

    /// What the roles of the template let the functions do with tables and with each other.
    pub fn granted_permissions(&self) -> BTreeSet<Permission> {
        self.permissions.all_granted()
    }

    /// What the functions have done with tables and with each other since the start.
    pub fn used_permissions(&self) -> BTreeSet<Permission> {
        self.permissions.all_used()
    }

    /// The capacity units that calls to the tables have consumed since the start. A refused call counts nothing here,
    /// while DynamoDB charges for a failed condition.
    pub fn consumed_capacity(&self) -> ConsumedCapacity {
        self.dynamodb.meter.total()
    }

    /// Lets running requests finish (for 5 s at most), ends every process, and closes the database.
    ///
    /// # Errors
    /// When the database could not be closed; everything else has ended then, too.
    pub async fn shutdown(self) -> anyhow::Result<()> {
        // Pages that wait for news would hold the server up.
        self.traces.close();
        self.server.stop(GRACE).await;
        drop(self.timers);
        self.streams.stop(GRACE).await;
        for function in self.functions.values() {
            function.close().await;
        }
        drop((self.functions, self.lambda_api, self.aws_api, self.inspector));
        self.dynamodb.stop().await
    }
}

fn port_problem(port: u16, problem: &std::io::Error) -> anyhow::Error {
    match problem.kind() {
        std::io::ErrorKind::AddrInUse => anyhow!(
            "port {port} is taken. Take another with `--port {}`, any free one with `--port 0`, \
             or stop what listens there (`ss -ltnp 'sport = :{port}'` names it)",
            port.checked_add(1).unwrap_or(8080)
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow!("port {port} is not for everyone. Take one above 1023, e.g. `--port 8080`")
        }
        _ => anyhow!("listening on port {port}: {problem}"),
    }
}
