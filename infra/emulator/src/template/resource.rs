//! The resources of a template: what each type comes to here.

use serde_json::{Value, json};

use super::cloudfront::distribution;
use super::elsewhere::{Elsewhere, elsewhere};
use super::fault::TemplatePath;
use super::function::function;
use super::http_api::{HttpApi, default_route, has_implicit_api, http_api, quick_api};
use super::kms::{key, name_keys};
use super::nested::nested_stack;
use super::overrides::Overrides;
use super::properties::{Known, Properties, merge};
use super::s3::{bucket, hold_buckets_to_a_distribution};
use super::scope::{IMPLICIT_API, Scope};
use super::table::{simple_table, table};
use super::{Queue, Template, TemplateError};

/// Reads every resource of the document.
pub(super) fn read(document: &Value, overrides: &Overrides) -> Result<Template, TemplateError> {
    let written = document["Resources"].as_object().filter(|resources| !resources.is_empty());
    let mut resources =
        written.ok_or_else(|| TemplatePath::of("Resources").error("a template needs resources"))?.clone();
    if has_implicit_api(document) && !resources.contains_key(IMPLICIT_API) {
        resources.insert(IMPLICIT_API.to_owned(), json!({ "Type": "AWS::Serverless::HttpApi" }));
    }
    let scope = Scope::of(document, &resources, overrides);
    let mut template = Template::default();
    for (logical_id, resource) in &resources {
        read_resource(logical_id, resource, &document["Globals"], &scope, &mut template);
    }
    route_target(&mut template, &scope);
    name_keys(&mut template, &scope);
    hold_streams_to_their_ends(&template, &scope);
    hold_buckets_to_a_distribution(&template, &scope);
    let (faults, notices) = scope.findings();
    if !faults.is_empty() {
        return Err(TemplateError::Faults(faults));
    }
    template.notices = notices;
    template.functions.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    template.tables.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    Ok(template)
}

fn read_resource(logical_id: &str, resource: &Value, globals: &Value, scope: &Scope<'_>, template: &mut Template) {
    let place = TemplatePath::of(logical_id);
    if let Some(condition) = resource["Condition"].as_str()
        && scope.keep(scope.holds(condition, &place)) != Some(true)
    {
        return;
    }
    let properties = |global: &str| {
        let merged = merge(&globals[global], &resource["Properties"]);
        Properties::read(scope, &merged, place.key("Properties"))
    };
    match resource["Type"].as_str().unwrap_or_default() {
        "AWS::Serverless::Function" => {
            template.functions.extend(function(logical_id, resource, &properties("Function")));
        }
        "AWS::Serverless::HttpApi" => {
            serve(http_api(logical_id, &properties("HttpApi")), scope, template);
        }
        "AWS::ApiGatewayV2::Api" => serve(quick_api(logical_id, &properties("Api")), scope, template),
        "AWS::CloudFront::Distribution" => {
            let read = distribution(logical_id, &properties("Distribution"));
            if let (Some(_), Some(first)) = (&read, &template.distribution) {
                let first = &first.logical_id;
                let problem = format!("the emulator serves one distribution, and there is {first} already");
                scope.add(place.key("Type").error(problem));
            }
            template.distribution = template.distribution.take().or(read);
        }
        "AWS::S3::Bucket" => template.buckets.push(bucket(logical_id, &properties("Bucket"))),
        "AWS::DynamoDB::Table" => template.tables.extend(table(logical_id, &properties("Table"))),
        "AWS::Serverless::SimpleTable" => {
            template.tables.extend(simple_table(logical_id, &properties("SimpleTable")));
        }
        "AWS::KMS::Key" => template.keys.extend(key(logical_id, &properties("Key"))),
        // Read with the keys.
        "AWS::KMS::Alias" => {}
        "AWS::SQS::Queue" => template.queues.extend(queue(logical_id, &properties("Queue"))),
        "AWS::CloudFormation::Stack" => {
            template.nested_stacks.extend(nested_stack(logical_id, "TemplateURL", &properties("Stack")));
        }
        "AWS::Serverless::Application" => {
            template.nested_stacks.extend(nested_stack(logical_id, "Location", &properties("Application")));
        }
        "" => scope.add(place.key("Type").error("a resource needs a type")),
        kind => match elsewhere(kind) {
            Some(Elsewhere::Silent) => {}
            Some(Elsewhere::Noted) => scope.note(kind, &place),
            None => scope.add(place.key("Type").error(format!("the emulator does not run a {kind}"))),
        },
    }
}

/// Makes an API the template's own, unless it has one already.
fn serve(api: HttpApi, scope: &Scope<'_>, template: &mut Template) {
    match &template.api {
        Some(first) => {
            let place = TemplatePath::of(&api.logical_id).key("Type");
            let first = &first.logical_id;
            scope.add(place.error(format!("the emulator serves one HTTP API, and there is {first} already")));
        }
        None => template.api = Some(api),
    }
}

/// Gives the function that is an API's `Target` its route.
fn route_target(template: &mut Template, scope: &Scope<'_>) {
    let Some((api, arn)) = template.api.as_ref().and_then(|api| Some((api, api.target.as_ref()?))) else { return };
    match template.functions.iter_mut().find(|function| function.arn() == *arn) {
        Some(function) => function.routes.push(default_route()),
        None => {
            let place = TemplatePath::of(&api.logical_id).key("Properties.Target");
            scope.add(place.error(format!("{arn} is no function of this template")));
        }
    }
}

/// A mapping reads the stream of a table that has one, and tells a queue that the function's role may write to.
fn hold_streams_to_their_ends(template: &Template, scope: &Scope<'_>) {
    for (function, source) in template.functions.iter().flat_map(|one| one.streams.iter().map(move |it| (one, it))) {
        let place = TemplatePath::of(&function.logical_id).key("Properties.Events").key(&source.name).key("Properties");
        let table = template.tables.iter().find(|table| table.logical_id == source.table);
        if table.is_none_or(|table| table.stream_view.is_none()) {
            scope.add(place.key("Stream").error(format!("{} has no stream", source.table)));
        }
        let Some(queue) = &source.dead_letters else { continue };
        let destination = place.key("DestinationConfig.OnFailure.Destination");
        let Some(queue) = template.queues.iter().find(|known| known.logical_id == *queue) else {
            scope.add(destination.error(format!("{queue} is no queue of this template")));
            continue;
        };
        if function.role.as_ref().is_some_and(|role| !role.allows("sqs:SendMessage", &queue.arn)) {
            let problem = format!("the function's role does not allow sqs:SendMessage on {}", queue.arn);
            scope.add(destination.error(problem));
        }
    }
}

fn queue(logical_id: &str, properties: &Properties<'_>) -> Option<Queue> {
    properties.only(Known {
        silent: &[
            "ContentBasedDeduplication",
            "DeduplicationScope",
            "DelaySeconds",
            "FifoQueue",
            "FifoThroughputLimit",
            "KmsDataKeyReusePeriodSeconds",
            "KmsMasterKeyId",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "QueueName",
            "ReceiveMessageWaitTimeSeconds",
            "RedriveAllowPolicy",
            "RedrivePolicy",
            "SqsManagedSseEnabled",
            "Tags",
            "VisibilityTimeout",
        ],
        ..Known::default()
    });
    let scope = properties.scope;
    let arn = scope.keep(scope.attribute(logical_id, "Arn", &properties.place))?;
    Some(Queue { logical_id: logical_id.to_owned(), arn: arn.as_str()?.to_owned() })
}
