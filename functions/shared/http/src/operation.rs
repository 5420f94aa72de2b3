//! The problems of operations, for the OpenAPI documents.
//!
//! An operation lists its successes itself and adds `Problems<(SignIn, Body)>`: every problem that sign-in and a body
//! can cause, by status, with an example of each code. The extractors that read query parameters and headers also
//! document them ([`crate::Query`], [`mod@crate::etag`], [`crate::idempotency`]). Nothing here runs during a request.

use std::{collections::BTreeMap, marker::PhantomData};

use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        Content, ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
        example::ExampleBuilder,
    },
};

use domain::validation::{Rule, Violation};

use crate::{Code, Problem};

/// Problems that one part of a request can cause. A feature implements this for its own codes.
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
    /// The operation needs an access token.
    SignIn: UNAUTHORIZED;
    /// The operation is for the owner of the record alone.
    Owner: FORBIDDEN;
    /// The operation is for the market's staff alone, with a second factor.
    Staff: FORBIDDEN;
    /// The operation is about one record, which may not exist.
    Existing: NOT_FOUND;
    /// The operation takes a JSON body.
    Body: MALFORMED_JSON DUPLICATE_KEY TOO_LARGE UNSUPPORTED_MEDIA_TYPE UNSUPPORTED_ENCODING VALIDATION_FAILED;
    /// The operation takes `If-Match` or `If-None-Match`, and changes a record that other requests change too.
    Conditional: PRECONDITION_FAILED CONFLICT;
    /// The operation posts something, which an account that is closing may not.
    OpenAccount: ACCOUNT_CLOSING;
    /// The operation takes an `Idempotency-Key`.
    Idempotent: INVALID_IDEMPOTENCY_KEY REQUEST_IN_PROGRESS IDEMPOTENCY_KEY_REUSED;
    /// The operation takes `limit` and `cursor`.
    Paged: INVALID_LIMIT INVALID_CURSOR INVALID_QUERY;
    /// The operation takes query parameters.
    Queried: INVALID_QUERY;
    /// The operation takes tokens of [`crate::limits`].
    Limited: TOO_MANY_REQUESTS;
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

tuples_of_sets! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// The problems of the sets `S`, and those of every operation: `internal`, `busy` and throttling.
#[derive(Debug)]
pub struct Problems<S>(PhantomData<S>);

impl<S: ProblemSet> IntoResponses for Problems<S> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
        for code in S::codes().into_iter().chain([Code::INTERNAL, Code::BUSY]) {
            by_status.entry(code.status().as_u16()).or_default().push(code);
        }
        let mut responses: BTreeMap<String, RefOr<Response>> =
            by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect();
        let mut refused = match responses.remove("429") {
            Some(RefOr::T(limited)) => limited,
            _ => ResponseBuilder::new().build(),
        };
        throttle(&mut refused);
        responses.insert("429".to_owned(), refused.into());
        responses
    }
}

/// The response for the codes of one status.
fn response(codes: &[Code]) -> Response {
    let titles: Vec<String> = codes.iter().map(|code| format!("`{}`: {}.", code.name(), code.title())).collect();
    let examples = codes.iter().map(|code| (code.name(), ExampleBuilder::new().value(example_of(*code)).build()));
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).examples_from_iter(examples).build();
    let mut response = ResponseBuilder::new().description(titles.join(" ")).content(Problem::MEDIA_TYPE, content);
    for (name, description, with) in HEADERS {
        if codes.iter().any(|code| with.contains(code)) {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            let header = HeaderBuilder::new().schema(Some(text)).description(Some(*description)).build();
            response = response.header(*name, header);
        }
    }
    response.build()
}

/// The headers of problems, each with its description and the codes that it comes with.
const HEADERS: &[(&str, &str, &[Code])] = &[
    ("WWW-Authenticate", "`Bearer`, with a realm.", &[Code::UNAUTHORIZED]),
    ("Retry-After", "Seconds to wait.", &[Code::BUSY, Code::REQUEST_IN_PROGRESS, Code::TOO_MANY_REQUESTS]),
    ("RateLimit", "The limit by name, `r` (remaining) and `t` (seconds until there is more).", LIMITED),
    ("RateLimit-Policy", "The limit by name, `q` (quota) and `w` (seconds of its window).", LIMITED),
    ("Accept-Encoding", "`identity`.", &[Code::UNSUPPORTED_ENCODING]),
];

const LIMITED: &[Code] = &[Code::TOO_MANY_REQUESTS];

fn example_of(code: Code) -> Option<serde_json::Value> {
    let errors = if code == Code::VALIDATION_FAILED { example_errors() } else { Vec::new() };
    let mut problem = Problem::new(code, format!("{}.", code.title()), errors);
    problem.request_id = Some("JKJaXmPLvHcESHA=".to_owned());
    serde_json::to_value(problem).ok()
}

fn example_errors() -> Vec<Violation> {
    let example =
        |pointer: &str, code, detail: &str| Violation { pointer: pointer.to_owned(), code, detail: detail.to_owned() };
    vec![
        example("/headline", Rule::Required, "is required"),
        example("/skills/0", Rule::TooLong, "must be at most 50 characters long"),
    ]
}

/// Adds API Gateway's refusal. It throttles before a function runs, and answers in its own format.
fn throttle(response: &mut Response) {
    let body = ObjectBuilder::new().property("message", ObjectBuilder::new().schema_type(Type::String));
    let mut content = Content::new(Some(body.build()));
    content.example = Some(serde_json::json!({"message": "Too Many Requests"}));
    response.content.insert("application/json".to_owned(), content.into());
    let by_gateway = "API Gateway refuses the request: too many arrived in a short time.";
    let own = std::mem::take(&mut response.description);
    response.description = if own.is_empty() { by_gateway.to_owned() } else { format!("{own} Or: {by_gateway}") };
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
