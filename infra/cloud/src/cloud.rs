//! A whole template on this machine: its database, its functions and its API, started and stopped together.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use hyper::body::Bytes;

use crate::dynamodb::{DynamoDb, listen};
use crate::environment::Launch;
use crate::function::{Capacity, Function};
use crate::gateway::Gateway;
use crate::invocation::{Invocation, Outcome, new_trace_id};
use crate::lambda_api::LambdaApi;
use crate::permissions::{Permission, Permissions};
use crate::streams::Streams;
use crate::streams::dead_letters::{DeadLetter, DeadLetters};
use crate::template::{self, ACCOUNT, REGION, Template};

/// The template that is deployed, compiled in.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// How long requests that run may take to finish when all stops.
const GRACE: Duration = Duration::from_secs(5);

/// What a cloud is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API's port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Where the data is kept; in memory if nowhere.
    pub data: Option<PathBuf>,
    /// The SAM template, YAML.
    pub template: String,
    /// How many functions the talent pool is divided among; 0 leaves it whole in the one that ranks.
    pub pool_shards: usize,
    /// What the functions' processes run.
    pub program: Program,
    /// How far each function may grow.
    pub capacity: Capacity,
    /// What functions log at: `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
}

impl Default for Options {
    /// In memory, on any free port, with the template that is deployed and this executable.
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            template: TEMPLATE.to_owned(),
            pool_shards: 0,
            program: Program::Itself,
            capacity: Capacity::default(),
            log_level: "warn".to_owned(),
        }
    }
}

/// What the functions' processes run.
#[derive(Debug, Clone)]
pub enum Program {
    /// This executable again, as `… function NAME`.
    Itself,
    /// Another executable, in the same way.
    Like(PathBuf),
    /// `DIRECTORY/NAME/bootstrap`, as `cargo lambda build` leaves them in `target/lambda`.
    Built(PathBuf),
    /// One executable for every function, which tells them apart by `AWS_LAMBDA_FUNCTION_NAME`.
    Command(PathBuf, Vec<String>),
}

/// A template that is running. Dropping it ends its processes; [`Cloud::shutdown`] ends it in good order.
#[derive(Debug)]
pub struct Cloud {
    /// `http://127.0.0.1:PORT`
    pub base_url: String,
    /// Where the AWS SDK finds DynamoDB: the value of `AWS_ENDPOINT_URL_DYNAMODB`.
    pub dynamodb_url: String,
    /// Where it finds Lambda: the value of `AWS_ENDPOINT_URL_LAMBDA`.
    lambda_url: String,
    template: Template,
    functions: BTreeMap<String, Arc<Function>>,
    gateway: Gateway,
    streams: Streams,
    lambda_api: LambdaApi,
    dynamodb: DynamoDb,
    permissions: Arc<Permissions>,
}

impl Cloud {
    /// Starts what the template describes and returns when it serves. Functions are started when first needed.
    ///
    /// # Errors
    /// When the template asks for something that can't be run here, the data directory can't be used, or the port is
    /// taken; the message says what to do about it.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let mut template = Template::parse(&options.template)?;
        if options.pool_shards > 0 {
            template = template.with_pool_shards(options.pool_shards)?;
        }
        // The port first: it is the likeliest to fail, and nothing has been started yet.
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], options.port)))
            .map_err(|problem| port_problem(options.port, &problem))?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let permissions = Arc::new(Permissions::of(&template));
        let (dynamodb, journal) = DynamoDb::start(options.data.as_deref(), &template, Arc::clone(&permissions))?;
        let dead_letters = DeadLetters::open(options.data.as_deref())?;
        let dynamodb_url = dynamodb.url();
        let lambda_api = listen(SocketAddr::from(([127, 0, 0, 1], 0))).context("no port for the Lambda API")?;
        let lambda_url = format!("http://{}", lambda_api.local_addr()?);
        let mut functions = BTreeMap::new();
        for function in &template.functions {
            let launch = launch(function, &options, &dynamodb_url, &lambda_url)?;
            functions.insert(function.logical_id.clone(), Function::new(launch, options.capacity));
        }
        let lambda_api = LambdaApi::serve(lambda_api, functions.values().cloned(), Arc::clone(&permissions));
        let streams = Streams::start(&template, &functions, &permissions, &dynamodb.database, journal, dead_letters)?;
        let gateway = Gateway::serve(listener, &template, &functions)?;
        Ok(Self {
            base_url,
            dynamodb_url,
            lambda_url,
            template,
            functions,
            gateway,
            streams,
            lambda_api,
            dynamodb,
            permissions,
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
            return Err(anyhow!("no function is called {function}; there are {}", names.join(", ")));
        };
        Ok(target.invoke(Invocation::new(event, new_trace_id())).await)
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

    /// The template that runs.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The name in the database of a table of the template, e.g. of `MarketTable`.
    pub fn table(&self, logical_id: &str) -> Option<&str> {
        let table = self.template.tables.iter().find(|table| table.logical_id == logical_id)?;
        Some(&table.name)
    }

    /// The variables by which a function finds this database and its tables: those that any function of the template
    /// has, and the SDK's own.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut variables: BTreeMap<_, _> =
            self.template.functions.iter().flat_map(|function| function.environment.clone()).collect();
        // Of all variables the one that says which of several functions one is.
        variables.remove("PAIRWORK_POOL_SHARD");
        variables.extend([
            ("AWS_ACCESS_KEY_ID".to_owned(), "local".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), self.dynamodb_url.clone()),
            ("AWS_ENDPOINT_URL_LAMBDA".to_owned(), self.lambda_url.clone()),
            ("AWS_REGION".to_owned(), REGION.to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), "local".to_owned()),
        ]);
        variables
    }

    /// What the roles of the template let the functions do with tables and with each other.
    pub fn granted_permissions(&self) -> BTreeSet<Permission> {
        self.permissions.all_granted()
    }

    /// What the functions have done with tables and with each other since the start.
    pub fn used_permissions(&self) -> BTreeSet<Permission> {
        self.permissions.all_used()
    }

    /// Lets running requests finish (for 5 s at most), ends every process, and closes the database.
    ///
    /// # Errors
    /// When the database could not be closed; everything else has ended then, too.
    pub async fn shutdown(self) -> anyhow::Result<()> {
        self.gateway.stop(GRACE).await;
        self.streams.stop(GRACE).await;
        for function in self.functions.values() {
            function.close().await;
        }
        drop((self.functions, self.lambda_api));
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

/// Everything at `level`, but the libraries' own stories: the embedded database calls every refused condition a warning,
/// and HTTP and the SDK debug each connection and each header they sign.
pub fn log_filter(level: &str) -> String {
    let quiet = "dynoxide=error";
    match level.to_ascii_lowercase().as_str() {
        fine @ ("debug" | "trace") => format!("{fine},{quiet},aws_=info,h2=info,hyper=info,rustls=info"),
        coarse => format!("{coarse},{quiet}"),
    }
}

/// The process of a function, in the environment that Lambda gives it.
fn launch(
    function: &template::Function,
    options: &Options,
    dynamodb_url: &str,
    lambda_url: &str,
) -> anyhow::Result<Launch> {
    let name = format!("pairwork-{}", function.logical_id);
    let (program, arguments) = match &options.program {
        Program::Itself => {
            let program = std::env::current_exe().context("finding this executable")?;
            (program, vec!["function".to_owned(), function.binary.clone()])
        }
        Program::Like(program) => (program.clone(), vec!["function".to_owned(), function.binary.clone()]),
        Program::Built(directory) => {
            let program = directory.join(&function.binary).join("bootstrap");
            if !program.is_file() {
                return Err(anyhow!("{} is missing. `cargo lambda build` makes it", program.display()));
            }
            (program, Vec::new())
        }
        Program::Command(program, arguments) => (program.clone(), arguments.clone()),
    };
    let memory_mb = function.memory_mb.to_string();
    let fixed = [
        ("AWS_ACCESS_KEY_ID", Permissions::access_key(&function.logical_id)),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_url),
        ("AWS_ENDPOINT_URL_LAMBDA", lambda_url),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory_mb),
        ("AWS_LAMBDA_FUNCTION_NAME", &name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", &function.log_format),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &function.log_group),
        ("AWS_LAMBDA_LOG_LEVEL", &options.log_level.to_ascii_uppercase()),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("AWS_REGION", REGION),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("LANG", "en_US.UTF-8"),
        ("RUST_LOG", &log_filter(&options.log_level)),
        ("TZ", ":UTC"),
        ("_HANDLER", "bootstrap"),
    ];
    let mut variables: BTreeMap<_, _> =
        fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    variables.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
    variables.extend(function.environment.clone());
    Ok(Launch {
        program,
        arguments,
        variables,
        function_arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
        memory_mb: function.memory_mb,
        timeout: function.timeout,
    })
}
