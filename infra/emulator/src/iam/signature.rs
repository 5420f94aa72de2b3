//! Signature Version 4: a call is answered if its signature was made with a valid secret of this run.
//!
//! AWS's own signer signs the request anew with the caller's secret, and the two signatures must be equal. So the
//! method, the path, the query, the body and every header that the caller signed are as the caller sent them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as SigningCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HOST};
use hyper::http::request::Parts;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::credentials::{Credentials, Key};
use crate::template::REGION;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";
/// `20261130T154500Z`.
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
/// The difference between the caller's clock and ours that AWS takes.
const MOST_SKEW: Duration = Duration::from_secs(15 * 60);

/// A reason not to answer a call, in AWS's words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The name of the exception.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidSignatureException", message)
    }
}

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
struct Authorization<'h> {
    access_key_id: &'h str,
    /// `20261130`.
    date: &'h str,
    region: &'h str,
    service: &'h str,
    /// In lower case, separated by semicolons.
    signed_headers: &'h str,
    signature: &'h str,
}

/// Checks the signature of a call to `service` (its signing name, e.g. `dynamodb`) and returns the access key id.
///
/// # Errors
/// The refusal of a call that is not signed, or not with a valid secret of this run, or not now.
pub(crate) fn check(
    credentials: &Credentials,
    service: &str,
    request: &Parts,
    body: &[u8],
    now: SystemTime,
) -> Result<String, Refusal> {
    let missing = || Refusal::new("MissingAuthenticationTokenException", "Request is missing Authentication Token");
    let header = only_value(&request.headers, AUTHORIZATION.as_str()).ok_or_else(missing)?;
    if !header.starts_with(ALGORITHM) {
        return Err(missing());
    }
    let incomplete = |message: &str| Refusal::new("IncompleteSignatureException", message);
    let authorization = Authorization::parse(header)
        .ok_or_else(|| incomplete("Authorization header requires a Credential, SignedHeaders and a Signature."))?;
    let date = only_value(&request.headers, DATE)
        .ok_or_else(|| incomplete("Authorization header requires existence of one 'X-Amz-Date' header."))?;
    check_scope(&authorization, service, date)?;
    let signed_at = check_date(date, now)?;
    let is_signed = |name: &str| authorization.signed_headers.split(';').any(|signed| signed == name);
    for name in [HOST.as_str(), DATE, "x-amz-target", TOKEN] {
        if request.headers.contains_key(name) && !is_signed(name) {
            return Err(Refusal::invalid(format!(
                "The header '{name}' must be a 'SignedHeader' in the AWS Authorization."
            )));
        }
    }
    let token = request.headers.contains_key(TOKEN).then(|| only_value(&request.headers, TOKEN).unwrap_or_default());
    let key = credentials.find(authorization.access_key_id, token).ok_or_else(|| {
        Refusal::new("UnrecognizedClientException", "The security token included in the request is invalid.")
    })?;
    let expected = sign_again(&key, &authorization, request, body, signed_at);
    match expected {
        Some(expected) if expected.as_bytes().ct_eq(authorization.signature.as_bytes()).into() => Ok(key.access_key_id),
        _ => Err(Refusal::invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.",
        )),
    }
}

/// The value of a header that occurs once and is text.
fn only_value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

impl<'h> Authorization<'h> {
    fn parse(header: &'h str) -> Option<Self> {
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in header.strip_prefix(ALGORITHM)?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let mut scope = credential?.rsplitn(5, '/');
        let (end, service, region, date) = (scope.next()?, scope.next()?, scope.next()?, scope.next()?);
        let access_key_id = scope.next()?;
        (end == "aws4_request").then_some(())?;
        Some(Self { access_key_id, date, region, service, signed_headers: signed_headers?, signature: signature? })
    }
}

fn check_scope(authorization: &Authorization<'_>, service: &str, date: &str) -> Result<(), Refusal> {
    if authorization.region != REGION {
        return Err(Refusal::invalid(format!(
            "Credential should be scoped to a valid region, not '{}'.",
            authorization.region
        )));
    }
    if authorization.service != service {
        return Err(Refusal::invalid(format!("Credential should be scoped to correct service: '{service}'.")));
    }
    let day = date.get(..8).unwrap_or_default();
    if authorization.date != day {
        return Err(Refusal::invalid(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != \
             '{day}', from '{date}'.",
            authorization.date
        )));
    }
    Ok(())
}

/// The time of the signature, if it is not too far from now.
fn check_date(date: &str, now: SystemTime) -> Result<SystemTime, Refusal> {
    let signed_at = DateTime::strptime(DATE_FORMAT, date).ok().and_then(|date| TimeZone::UTC.to_timestamp(date).ok());
    let signed_at = signed_at.ok_or_else(|| {
        Refusal::new("IncompleteSignatureException", format!("Date must be in ISO-8601 'basic format'. Got '{date}'."))
    })?;
    let now = Timestamp::try_from(now).unwrap_or_default();
    let skew = SignedDuration::try_from(MOST_SKEW).unwrap_or_default();
    let written = |time: Timestamp| time.strftime(DATE_FORMAT).to_string();
    let (earliest, latest) = (now.saturating_sub(skew), now.saturating_add(skew));
    let (Ok(earliest), Ok(latest)) = (earliest, latest) else { return Ok(SystemTime::from(signed_at)) };
    if signed_at < earliest {
        return Err(Refusal::invalid(format!(
            "Signature expired: {date} is now earlier than {} ({} - 15 min.)",
            written(earliest),
            written(now)
        )));
    }
    if signed_at > latest {
        return Err(Refusal::invalid(format!(
            "Signature not yet current: {date} is still later than {} ({} + 15 min.)",
            written(latest),
            written(now)
        )));
    }
    Ok(SystemTime::from(signed_at))
}

/// The signature that the owner of a key makes for the headers that were signed.
fn sign_again(
    key: &Key,
    authorization: &Authorization<'_>,
    request: &Parts,
    body: &[u8],
    signed_at: SystemTime,
) -> Option<String> {
    // The token is one of the signed headers, so the signer shall not add it.
    let identity = SigningCredentials::new(&*key.access_key_id, &*key.secret_access_key, None, None, "emulator").into();
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(authorization.region)
        .name(authorization.service)
        .time(signed_at)
        .settings(settings)
        .build()
        .ok()?;
    let mut headers = Vec::new();
    for name in authorization.signed_headers.split(';') {
        let before = headers.len();
        for value in request.headers.get_all(name) {
            headers.push((name, value.to_str().ok()?));
        }
        // A header that was signed must have arrived.
        (headers.len() > before).then_some(())?;
    }
    let uri = format!("http://{}{}", only_value(&request.headers, HOST.as_str())?, request.uri);
    let signable =
        SignableRequest::new(request.method.as_str(), uri, headers.into_iter(), SignableBody::Bytes(body)).ok()?;
    Some(sign(signable, &parameters.into()).ok()?.signature().to_owned())
}

#[cfg(test)]
mod tests;
