//! Calls to the database as an SDK signs them, for tests that talk to it byte by byte.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

/// A whole HTTP request to the database at `address`. The key is an access key id, its secret, and a session token.
pub(crate) fn call(address: &str, operation: &str, body: &str, key: (&str, &str, Option<&str>)) -> String {
    let (id, secret, token) = key;
    let identity = Credentials::new(id, secret, token.map(str::to_owned), None, "a test").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("dynamodb")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap();
    let target = format!("DynamoDB_20120810.{operation}");
    let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
    let body_to_sign = SignableBody::Bytes(body.as_bytes());
    let uri = format!("http://{address}/");
    let signable = SignableRequest::new("POST", uri, headers.into_iter(), body_to_sign).unwrap();
    let (signed, _) = sign(signable, &parameters.into()).unwrap().into_parts();
    let mut head = format!("POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    for header in signed.into_parts().0 {
        head += &format!("{}: {}\r\n", header.name(), header.value());
    }
    format!("{head}content-length: {}\r\n\r\n{body}", body.len())
}
