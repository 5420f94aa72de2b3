use hyper::Request;

use super::*;

/// Half past three.
fn now() -> SystemTime {
    "2026-11-30T15:30:00Z".parse::<Timestamp>().unwrap().into()
}

/// A call to the database, signed by AWS's signer with this key, as an SDK does it.
fn signed(key: &Key, token: Option<&str>, service: &str, body: &[u8], at: SystemTime) -> Parts {
    let uri = "http://127.0.0.1:4566/a%20path?b=2&a=1";
    let token_owned = token.map(str::to_owned);
    let identity =
        SigningCredentials::new(&*key.access_key_id, &*key.secret_access_key, token_owned, None, "a test").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(at)
        .settings(SigningSettings::default())
        .build()
        .unwrap();
    let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "DynamoDB_20120810.GetItem")];
    let signable = SignableRequest::new("POST", uri, headers.into_iter(), SignableBody::Bytes(body)).unwrap();
    let (instructions, _) = sign(signable, &parameters.into()).unwrap().into_parts();
    let mut request = Request::post("/a%20path?b=2&a=1").header("host", "127.0.0.1:4566").header("user-agent", "test");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    for header in instructions.into_parts().0 {
        request = request.header(header.name(), header.value());
    }
    request.body(()).unwrap().into_parts().0
}

fn kind(result: Result<String, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.kind, |_| "accepted")
}

#[test]
fn the_owner_and_a_process_are_known_by_their_signatures() {
    let credentials = Credentials::new().unwrap();
    let owner = signed(&credentials.owner(), None, "dynamodb", b"{}", now());
    assert_eq!(check(&credentials, "dynamodb", &owner, b"{}", now()).unwrap(), "local-owner");
    let session = credentials.begin("Things").unwrap();
    let process = signed(&session.key, Some(&session.token), "dynamodb", b"{}", now());
    assert_eq!(check(&credentials, "dynamodb", &process, b"{}", now()).unwrap(), "Things");
    drop(session);
    assert_eq!(kind(check(&credentials, "dynamodb", &process, b"{}", now())), "UnrecognizedClientException");
}

#[test]
fn a_signature_fits_one_request_and_no_other() {
    let credentials = Credentials::new().unwrap();
    let request = || signed(&credentials.owner(), None, "dynamodb", b"{}", now());
    let judged = |request: &Parts, body: &[u8]| kind(check(&credentials, "dynamodb", request, body, now()));
    assert_eq!(judged(&request(), b"{}"), "accepted");
    assert_eq!(judged(&request(), b"{ }"), "InvalidSignatureException", "another body");
    let mut other = request();
    other.method = hyper::Method::PUT;
    assert_eq!(judged(&other, b"{}"), "InvalidSignatureException", "another method");
    for uri in ["/a%20path?b=2&a=2", "/another", "/a%20path"] {
        let mut other = request();
        other.uri = uri.parse().unwrap();
        assert_eq!(judged(&other, b"{}"), "InvalidSignatureException", "{uri}");
    }
    for (name, value) in [
        ("x-amz-target", "DynamoDB_20120810.DeleteItem"),
        ("host", "127.0.0.1:1"),
        ("content-type", "text/plain"),
        ("x-amz-date", "20261130T153001Z"),
    ] {
        let mut other = request();
        other.headers.insert(name, value.parse().unwrap());
        assert_eq!(judged(&other, b"{}"), "InvalidSignatureException", "{name}");
    }
    let mut other = request();
    other.headers.remove("content-type");
    assert_eq!(judged(&other, b"{}"), "InvalidSignatureException", "a signed header is missing");
    let mut other = request();
    other.headers.insert("user-agent", "another".parse().unwrap());
    assert_eq!(judged(&other, b"{}"), "accepted", "a header that is not signed may change on the way");
    let mut other = request();
    other.headers.append("x-amz-target", "DynamoDB_20120810.DeleteItem".parse().unwrap());
    assert_eq!(judged(&other, b"{}"), "InvalidSignatureException", "a second target");
}

#[test]
fn a_wrong_secret_an_unknown_key_and_a_missing_signature_are_told_apart_as_on_aws() {
    let credentials = Credentials::new().unwrap();
    let judged = |request: &Parts| kind(check(&credentials, "dynamodb", request, b"{}", now()));
    let guessed = Key { secret_access_key: "local".to_owned(), ..credentials.owner() };
    assert_eq!(judged(&signed(&guessed, None, "dynamodb", b"{}", now())), "InvalidSignatureException");
    let unknown = Key { access_key_id: "anybody".to_owned(), ..credentials.owner() };
    assert_eq!(judged(&signed(&unknown, None, "dynamodb", b"{}", now())), "UnrecognizedClientException");
    let ended = signed(&credentials.owner(), Some("ended"), "dynamodb", b"{}", now());
    assert_eq!(judged(&ended), "UnrecognizedClientException");
    let mut request = signed(&credentials.owner(), None, "dynamodb", b"{}", now());
    for (authorization, expected) in [
        (
            "AWS4-HMAC-SHA256 Credential=local-owner/20261130/us-east-1/dynamodb/aws4_request",
            "IncompleteSignatureException",
        ),
        ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00", "IncompleteSignatureException"),
        ("Bearer token", "MissingAuthenticationTokenException"),
        ("", "MissingAuthenticationTokenException"),
    ] {
        request.headers.insert("authorization", authorization.parse().unwrap());
        assert_eq!(judged(&request), expected, "{authorization}");
    }
    request.headers.remove("authorization");
    assert_eq!(judged(&request), "MissingAuthenticationTokenException");
}

#[test]
fn a_target_or_a_token_that_is_not_signed_is_refused() {
    let credentials = Credentials::new().unwrap();
    let session = credentials.begin("Things").unwrap();
    let mut request = signed(&session.key, None, "dynamodb", b"{}", now());
    request.headers.insert("x-amz-security-token", session.token.parse().unwrap());
    let refusal = check(&credentials, "dynamodb", &request, b"{}", now()).unwrap_err();
    assert!(refusal.message.contains("'x-amz-security-token' must be a 'SignedHeader'"), "{refusal:?}");
}

#[test]
fn a_signature_is_valid_for_a_quarter_of_an_hour_and_for_one_service() {
    let credentials = Credentials::new().unwrap();
    let judged = |seconds: i64, service: &str| {
        let at = Timestamp::try_from(now()).unwrap() + SignedDuration::from_secs(seconds);
        let request = signed(&credentials.owner(), None, service, b"{}", at.into());
        check(&credentials, "dynamodb", &request, b"{}", now()).map_err(|refusal| refusal.message)
    };
    judged(-900, "dynamodb").unwrap();
    judged(900, "dynamodb").unwrap();
    assert_eq!(
        judged(-901, "dynamodb").unwrap_err(),
        "Signature expired: 20261130T151459Z is now earlier than 20261130T151500Z (20261130T153000Z - 15 min.)"
    );
    assert_eq!(
        judged(901, "dynamodb").unwrap_err(),
        "Signature not yet current: 20261130T154501Z is still later than 20261130T154500Z (20261130T153000Z + 15 min.)"
    );
    assert_eq!(judged(0, "lambda").unwrap_err(), "Credential should be scoped to correct service: 'dynamodb'.");
}
