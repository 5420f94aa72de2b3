//! How a function's process is started: which program, and the environment that Lambda gives it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::clock::OFFSET_VARIABLE;
use crate::template::scope::{DISTRIBUTION_URL, api_endpoint};
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
    /// The function's name in the template.
    pub(crate) function: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// The whole environment but for what each process has of its own (`AWS_LAMBDA_RUNTIME_API` and its
    /// credentials); nothing is inherited.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) function_arn: String,
    pub(crate) memory_mb: u32,
    /// How long one invocation may take.
    pub(crate) timeout: Duration,
}

/// Runtimes of Lambda that start the function's own `bootstrap`.
const RUNTIMES: [&str; 2] = ["provided.al2", "provided.al2023"];

/// Whether the function is a program of its own, and no code for a runtime that is not here.
fn runnable(function: &template::Function) -> anyhow::Result<()> {
    if function.code.is_image {
        return Err(anyhow!("{} is a container image, and there are no containers here", function.logical_id));
    }
    match function.code.runtime.as_deref() {
        Some(runtime) if !RUNTIMES.contains(&runtime) => Err(anyhow!(
            "{} needs the runtime {runtime}, which is not here; {} can be run",
            function.logical_id,
            RUNTIMES.join(" and ")
        )),
        _ => Ok(()),
    }
}

/// Where a function's process finds the services that it calls, and its clock.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) dynamodb_url: String,
    pub(crate) lambda_url: String,
    /// SES and KMS.
    pub(crate) aws_api_url: String,
    /// The distribution or the HTTP API.
    pub(crate) api_url: String,
    /// The file with the clock's offset, if it may have one.
    pub(crate) clock_file: Option<PathBuf>,
}

/// A log filter: everything at `level`, except what libraries say too loudly.
///
/// The embedded database logs every refused condition as a warning. HTTP, the SDK and Lambda's runtime log each
/// connection, each signed header and whole events at debug and trace.
pub fn log_filter(level: &str) -> String {
    let quiet = "dynoxide=error";
    match level.to_ascii_lowercase().as_str() {
        fine @ ("debug" | "trace") => {
            let loud = ["aws_", "h2", "hyper", "lambda_", "reqwest", "rustls", "tower"];
            let capped: String = loud.iter().map(|target| format!(",{target}=info")).collect();
            format!("{fine},{quiet}{capped}")
        }
        coarse => format!("{coarse},{quiet}"),
    }
}

/// A function's own variables, in which the API and the distribution have the address that they have here.
pub(crate) fn local_variables(function: &template::Function, base_url: &str) -> BTreeMap<String, String> {
    let on_aws = [api_endpoint(), DISTRIBUTION_URL.to_owned()];
    let local = |value: &String| on_aws.iter().fold(value.clone(), |value, address| value.replace(address, base_url));
    function.environment.iter().map(|(name, value)| (name.clone(), local(value))).collect()
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
    if !matches!(program, Program::Command(..)) {
        runnable(function)?;
    }
    let (program, arguments) = match program {
        Program::Itself => {
            let program = std::env::current_exe().context("finding this executable")?;
            (program, vec!["function".to_owned(), function.binary.clone()])
        }
        Program::Like(program) => (program.clone(), vec!["function".to_owned(), function.binary.clone()]),
        Program::Built(directory) => {
            let program = directory.join(&function.binary).join("bootstrap");
            if !program.is_file() {
                return Err(anyhow!(
                    "{}: {} is missing. `cargo lambda build` makes it",
                    function.logical_id,
                    program.display()
                ));
            }
            (program, Vec::new())
        }
        Program::Command(program, arguments) => (program.clone(), arguments.clone()),
    };
    let memory_mb = function.memory_mb.to_string();
    let fixed = [
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoints.dynamodb_url),
        ("AWS_ENDPOINT_URL_KMS", &endpoints.aws_api_url),
        ("AWS_ENDPOINT_URL_LAMBDA", &endpoints.lambda_url),
        ("AWS_ENDPOINT_URL_SESV2", &endpoints.aws_api_url),
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
        ("LANG", "en_US.UTF-8"),
        ("RUST_LOG", &log_filter(log_level)),
        ("TZ", ":UTC"),
        ("_HANDLER", "bootstrap"),
    ];
    let mut variables: BTreeMap<_, _> =
        fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let clock_file = endpoints.clock_file.as_ref().map(|file| file.to_string_lossy().into_owned());
    variables.extend(clock_file.map(|file| (OFFSET_VARIABLE.to_owned(), file)));
    variables.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
    variables.extend(local_variables(function, &endpoints.api_url));
    Ok(Launch {
        function: function.logical_id.clone(),
        program,
        arguments,
        variables,
        function_arn: function.arn(),
        memory_mb: function.memory_mb,
        timeout: function.timeout,
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Endpoints, Launch, Program, launch};
    use crate::template::Template;

    fn launched(properties: &str, program: &Program) -> Result<Launch, String> {
        let text = format!(
            "Resources: {{ Work: {{ Type: AWS::Serverless::Function, \
             Metadata: {{ BuildProperties: {{ Binary: work }} }}, Properties: {properties} }}, \
             Api: {{ Type: AWS::Serverless::HttpApi }} }}"
        );
        let endpoints = Endpoints {
            dynamodb_url: "http://127.0.0.1:1".to_owned(),
            lambda_url: "http://127.0.0.1:2".to_owned(),
            aws_api_url: "http://127.0.0.1:4".to_owned(),
            api_url: "http://127.0.0.1:3".to_owned(),
            clock_file: None,
        };
        let template = Template::parse(&text).unwrap();
        launch(&template.functions[0], program, "warn", &endpoints).map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_address_of_the_api_is_the_one_that_it_has_here() {
        let properties = "{ Environment: { Variables: { A: !GetAtt Api.ApiEndpoint, \
                          C: 'https://local.cloudfront.net/y', \
                          B: !Sub 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/x' } } }";
        let variables = launched(properties, &Program::Itself).unwrap().variables;
        assert_eq!(variables["A"], "http://127.0.0.1:3");
        assert_eq!(variables["B"], "http://127.0.0.1:3/x");
        assert_eq!(variables["C"], "http://127.0.0.1:3/y");
    }

    #[test]
    fn a_runtime_that_is_not_here_is_named() {
        let problem = |properties: &str| launched(properties, &Program::Itself).unwrap_err();
        assert_eq!(
            problem("{ Runtime: python3.13 }"),
            "Work needs the runtime python3.13, which is not here; provided.al2 and provided.al2023 can be run"
        );
        assert_eq!(problem("{ PackageType: Image }"), "Work is a container image, and there are no containers here");
        launched("{ Runtime: provided.al2023 }", &Program::Itself).unwrap();
        // Who names a program answers for it.
        launched("{ Runtime: python3.13 }", &Program::Command(PathBuf::from("true"), Vec::new())).unwrap();
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_its_function() {
        let missing = launched("{}", &Program::Built(PathBuf::from("nowhere"))).unwrap_err();
        assert_eq!(missing, "Work: nowhere/work/bootstrap is missing. `cargo lambda build` makes it");
    }
}
