//! `template.yaml`, read as what it asks of this machine: functions, their routes, tables.
//!
//! The template is the one statement of what runs; nothing about routes, memory, timeouts or tables is written a second
//! time for local use. Reading is strict: a property that would change what the program does and that the runner can't
//! honour is an error naming the resource and the key. What only matters on AWS (alarms, log retention) is
//! listed as such and left alone. Reading never touches the network or the disk.

mod asynchronous;
mod cloudfront;
mod document;
mod elsewhere;
pub(crate) mod fault;
mod function;
mod http_api;
mod kms;
mod nested;
mod overrides;
mod parameters;
mod pattern;
pub(crate) mod properties;
mod resource;
mod s3;
mod schedule;
pub(crate) mod scope;
mod stream;
mod table;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

pub use crate::iam::condition::{Condition, Context};
pub use crate::iam::grant::{Grant, Role};
pub use asynchronous::AsynchronousInvocation;
pub use cloudfront::{AddedHeader, Behavior, Distribution, Origin};
pub use fault::{Fault, TemplateError};
pub(crate) use http_api::DEFAULT_STAGE;
pub use http_api::{Cors, HttpApi};
pub use nested::NestedStack;
pub use overrides::Overrides;
pub use pattern::Pattern;
pub use schedule::{Schedule, ScheduleService};
pub use scope::{ACCOUNT, DISTRIBUTION_URL, REGION, STACK};
pub use stream::{StartingPosition, StreamSource};

/// What a template asks of the machine that runs it.
#[derive(Debug, Clone, Default)]
pub struct Template {
    /// The Lambda functions, by logical id.
    pub functions: Vec<Function>,
    /// The DynamoDB tables, by logical id.
    pub tables: Vec<Table>,
    /// The SQS queues, by logical id. The emulator keeps what is sent to them, and no function reads it.
    pub queues: Vec<Queue>,
    /// The keys of KMS, by logical id.
    pub keys: Vec<KmsKey>,
    /// The nested stacks, by logical id. The emulator runs none: see [`Template::check_nested_stacks`].
    pub nested_stacks: Vec<NestedStack>,
    /// The HTTP API, if there is one.
    pub api: Option<HttpApi>,
    /// The S3 buckets, by logical id. A distribution serves each of them.
    pub buckets: Vec<Bucket>,
    /// The CloudFront distribution, if there is one.
    pub distribution: Option<Distribution>,
    /// Properties and resource types without effect here, each with the resources that have it.
    pub notices: Vec<String>,
}

/// One `AWS::Serverless::Function`.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name in the template, e.g. `ThingsFunction`.
    pub logical_id: String,
    /// Its name on AWS, e.g. `pairwork-ThingsFunction`.
    pub name: String,
    /// The binary that cargo-lambda builds for it, e.g. `things`.
    pub binary: String,
    /// Where its code is, and what runs it.
    pub code: Code,
    /// Memory in MB. Told to the function and shown in its report; not enforced.
    pub memory_mb: u32,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// The variables the template sets, intrinsics resolved.
    pub environment: BTreeMap<String, String>,
    /// Where its logs would go on AWS.
    pub log_group: String,
    /// `JSON` or `Text`.
    pub log_format: String,
    /// The HTTP routes it answers.
    pub routes: Vec<Route>,
    /// The streams it follows.
    pub streams: Vec<StreamSource>,
    /// The schedules that invoke it.
    pub schedules: Vec<Schedule>,
    /// The retries and the queue for an event of a schedule with which the function fails.
    pub asynchronous: AsynchronousInvocation,
    /// What it may do.
    pub role: Option<Role>,
}

impl Function {
    /// Its ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.name)
    }
}

/// The code of a function, as the template speaks of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// `CodeUri`: a folder, relative to the template's.
    pub uri: Option<String>,
    /// Whether the folder is a package whose one binary cargo-lambda builds, and the template does not name it.
    pub is_package: bool,
    /// E.g. `provided.al2023`.
    pub runtime: Option<String>,
    /// Whether it is a container image.
    pub is_image: bool,
}

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Upper case; `ANY` for every method.
    pub method: String,
    /// With `{parameter}` and `{greedy+}` segments; `$default` for whatever no other route takes.
    pub path: String,
    /// How long API Gateway waits for the function: at most 30 s.
    pub timeout: Duration,
}

impl Route {
    /// As API Gateway names it: `GET /things/{id}`, or `$default`.
    pub fn key(&self) -> String {
        if self.path == "$default" { self.path.clone() } else { format!("{} {}", self.method, self.path) }
    }
}

/// One `AWS::DynamoDB::Table`.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in the template, e.g. `ThingsTable`.
    pub logical_id: String,
    /// Its name in the database.
    pub name: String,
    /// The body of a CreateTable request, without a stream.
    pub definition: Value,
    /// `NEW_AND_OLD_IMAGES` and the like, if the table has a stream.
    pub stream_view: Option<String>,
    /// The attribute that holds the second (Unix time) from which an item may be swept away.
    pub expires_at: Option<String>,
}

impl Table {
    /// What the table's stream is called.
    pub(crate) fn stream_arn(&self) -> String {
        scope::stream_arn(&self.name)
    }
}

/// One `AWS::S3::Bucket`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name in the template, e.g. `PageBucket`.
    pub logical_id: String,
}

/// One `AWS::KMS::Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsKey {
    /// Its name in the template, e.g. `RecordKey`.
    pub logical_id: String,
    /// Its id, which `Ref` gives.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its aliases, e.g. `alias/records`.
    pub aliases: Vec<String>,
}

/// One `AWS::SQS::Queue`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its name in the template, e.g. `StreamDeadLetters`.
    pub logical_id: String,
    /// Its ARN.
    pub arn: String,
}

/// A template as JSON, every intrinsic in its long form and none of them resolved: `{"Ref": "ThingsTable"}`.
///
/// # Errors
/// When it isn't YAML with CloudFormation's tags.
pub fn document(text: &str) -> Result<Value, TemplateError> {
    document::parse(text)
}

impl Template {
    /// Reads a SAM template, with the parameters' defaults.
    ///
    /// # Errors
    /// When it isn't YAML, or asks for something that can't be run here; the error says where.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Self::read(&document(text)?, &Overrides::default())
    }

    /// Reads a template that [`document`] has given, and that may have been changed since.
    ///
    /// # Errors
    /// When it asks for something that can't be run here, or a value is none that its parameter takes. All faults
    /// are named.
    pub fn read(document: &Value, overrides: &Overrides) -> Result<Self, TemplateError> {
        resource::read(document, overrides)
    }

    /// The function with this logical id or binary name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.logical_id == name || function.binary == name)
    }
}

#[cfg(test)]
mod tests;
