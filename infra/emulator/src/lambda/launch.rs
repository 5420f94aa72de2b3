//! How a function's process is started: which program, and the environment that Lambda gives it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::iam::permissions::Permissions;
use crate::template::{self, REGION};

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

/// How to start a function's processes.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// The whole environment but for `AWS_LAMBDA_RUNTIME_API`; nothing is inherited.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) function_arn: String,
    pub(crate) memory_mb: u32,
    /// How long one invocation may take.
    pub(crate) timeout: Duration,
}

/// Where a function's process finds the services that it calls.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) dynamodb_url: String,
    pub(crate) lambda_url: String,
}

/// A log filter: everything at `level`, except what libraries say too loudly.
///
/// The embedded database logs every refused condition as a warning. HTTP and the SDK log each connection and each signed
/// header at debug.
pub fn log_filter(level: &str) -> String {
    let quiet = "dynoxide=error";
    match level.to_ascii_lowercase().as_str() {
        fine @ ("debug" | "trace") => format!("{fine},{quiet},aws_=info,h2=info,hyper=info,rustls=info"),
        coarse => format!("{coarse},{quiet}"),
    }
}

/// The process of a function, in the environment that Lambda gives it.
///
/// # Errors
/// When the program of the function is missing.
pub(crate) fn launch(
    function: &template::Function,
    program: &Program,
    log_level: &str,
    endpoints: &Endpoints,
) -> anyhow::Result<Launch> {
    let (program, arguments) = match program {
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
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoints.dynamodb_url),
        ("AWS_ENDPOINT_URL_LAMBDA", &endpoints.lambda_url),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory_mb),
        ("AWS_LAMBDA_FUNCTION_NAME", &function.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", &function.log_format),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &function.log_group),
        ("AWS_LAMBDA_LOG_LEVEL", &log_level.to_ascii_uppercase()),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("AWS_REGION", REGION),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("LANG", "en_US.UTF-8"),
        ("RUST_LOG", &log_filter(log_level)),
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
        function_arn: function.arn(),
        memory_mb: function.memory_mb,
        timeout: function.timeout,
    })
}
