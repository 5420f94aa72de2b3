//! What operations have in common in the OpenAPI documents: the headers they take and the problems they answer with.
//!
//! An operation lists its successes itself and adds `Problems<(SignIn, Body)>`: every problem that signing in and sending a
//! body can bring, by status, with an example for each code. Nothing here runs when a request is handled.

use std::{collections::BTreeMap, marker::PhantomData};

use serde_json::json;
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{
        Content, ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
        example::ExampleBuilder,
    },
};

use crate::{Code, Problem};

/// The condition on a read.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ReadCondition {
    /// An `ETag` that the client has, or `*`: answered with 304 and no body where it is the current one.
    #[param(rename = "If-None-Match", required = false, example = "\"3\"")]
    pub if_none_match: Option<String>,
}

/// The conditions on a write.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct WriteConditions {
    /// The `ETag` that the change is based on, or `*` for any: answered with 412 where it is not the current one.
    #[param(rename = "If-Match", required = false, example = "\"3\"")]
    pub if_match: Option<String>,
    /// `*` writes only where there is nothing yet.
    #[param(rename = "If-None-Match", required = false, example = "*")]
    pub if_none_match: Option<String>,
}

/// The header that makes a creating request safe to repeat.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same request within 24 hours gets
    /// the first one's reply with `Idempotency-Replayed: true` and has no further effect.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        min_length = 1,
        max_length = 255,
        example = "01JD8Z3V9K8Y2N6Q4T7W5X1A0B"
    )]
    pub idempotency_key: Option<String>,
}

/// A group of problems that come together.
pub trait ProblemSet {
    /// The codes of the group.
    fn codes() -> Vec<Code>;
}

macro_rules! problem_sets {
    ($($(#[$doc:meta])* $name:ident: $($code:ident)+;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl ProblemSet for $name {
                fn codes() -> Vec<Code> {
                    vec![$(Code::$code),+]
                }
            }
        )+
    };
}

problem_sets! {
    /// The operation wants an access token.
    SignIn: Unauthorized;
    /// The operation is the owner's alone.
    Owner: Forbidden;
    /// The operation is about one record, which may not be there.
    Existing: NotFound;
    /// The operation takes a JSON body.
    Body: MalformedJson TooLarge UnsupportedMediaType ValidationFailed;
    /// The operation takes `If-Match` or `If-None-Match`, and changes a record that others change too.
    Conditional: PreconditionFailed Conflict;
    /// The operation takes an `Idempotency-Key`.
    Idempotent: InvalidIdempotencyKey RequestInProgress IdempotencyKeyReused;
    /// The operation takes `limit` and `cursor`.
    Paged: InvalidLimit InvalidCursor InvalidQuery;
    /// The operation takes query parameters that may be wrong.
    Queried: InvalidQuery;
    /// The operation takes `newcomers`.
    Shared: InvalidNewcomers;
}

macro_rules! tuples_of_sets {
    ($(($($set:ident)*))+) => {
        $(
            impl<$($set: ProblemSet),*> ProblemSet for ($($set,)*) {
                fn codes() -> Vec<Code> {
                    let codes: Vec<Vec<Code>> = vec![$($set::codes()),*];
                    codes.concat()
                }
            }
        )+
    };
}

tuples_of_sets! { () (A) (A B) (A B C) (A B C D) (A B C D E) }

/// The problems of the sets `S`, and those that any operation on the store can bring: `internal`, `busy` and throttling.
#[derive(Debug)]
pub struct Problems<S>(PhantomData<S>);

impl<S: ProblemSet> IntoResponses for Problems<S> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
        for code in S::codes().into_iter().chain([Code::Internal, Code::Busy]) {
            by_status.entry(code.status().as_u16()).or_default().push(code);
        }
        let mut responses: BTreeMap<String, RefOr<Response>> =
            by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect();
        responses.insert("429".to_owned(), throttled().into());
        responses
    }
}

/// The answer with one of several codes of one status.
fn response(codes: &[Code]) -> Response {
    let titles: Vec<String> = codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples = codes.iter().map(|code| {
        let value = json!({
            "type": Problem::kind_of(*code),
            "title": code.title(),
            "status": code.status().as_u16(),
            "code": code.as_str(),
            "detail": format!("{}.", code.title()),
            "errors": if *code == Code::ValidationFailed { example_errors() } else { json!([]) },
            "request_id": "JKJaXmPLvHcESHA=",
        });
        (code.as_str(), ExampleBuilder::new().value(Some(without_empty_errors(value))).build())
    });
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).examples_from_iter(examples).build();
    let mut response = ResponseBuilder::new().description(titles.join(" ")).content(Problem::MEDIA_TYPE, content);
    let text = || ObjectBuilder::new().schema_type(Type::String).build();
    if codes.contains(&Code::Unauthorized) {
        let header = HeaderBuilder::new().schema(Some(text())).description(Some("`Bearer`, with a realm.")).build();
        response = response.header("WWW-Authenticate", header);
    }
    if codes.contains(&Code::Busy) || codes.contains(&Code::RequestInProgress) {
        let header = HeaderBuilder::new().schema(Some(text())).description(Some("Seconds to wait.")).build();
        response = response.header("Retry-After", header);
    }
    response.build()
}

fn example_errors() -> serde_json::Value {
    json!([
        {"pointer": "/headline", "code": "required", "detail": "is required"},
        {"pointer": "/skills/0", "code": "too_long", "detail": "must be at most 50 characters long"}
    ])
}

/// A problem without wrong fields has no `errors` at all.
fn without_empty_errors(mut problem: serde_json::Value) -> serde_json::Value {
    if let Some(members) = problem.as_object_mut() {
        members.retain(|_, member| member.as_array().is_none_or(|errors| !errors.is_empty()));
    }
    problem
}

/// API Gateway throttles before any function runs, in its own words.
fn throttled() -> Response {
    let body = ObjectBuilder::new().property("message", ObjectBuilder::new().schema_type(Type::String));
    let mut content = Content::new(Some(body.build()));
    content.example = Some(json!({"message": "Too Many Requests"}));
    ResponseBuilder::new()
        .description("Too many requests in a short time, answered by API Gateway.")
        .content("application/json", content)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_grouped_by_status() {
        let responses = Problems::<(SignIn, Body, Idempotent)>::responses();
        let statuses: Vec<&str> = responses.keys().map(String::as_str).collect();
        assert_eq!(statuses, ["400", "401", "409", "413", "415", "422", "429", "500", "503"]);
        let bad_request = serde_json::to_value(&responses["400"]).unwrap();
        let examples = &bad_request["content"]["application/problem+json"]["examples"];
        assert_eq!(examples["malformed_json"]["value"]["status"], 400);
        assert_eq!(examples["invalid_idempotency_key"]["value"]["code"], "invalid_idempotency_key");
        assert!(examples["malformed_json"]["value"].get("errors").is_none());
    }
}
