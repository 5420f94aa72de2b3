//! `GET /_clock`: the time of the market. `POST /_clock` advances it, if the market was started with `--clock`.
//!
//! The body is `{"advance": "P14D"}`, an ISO 8601 duration, or `{"set": "2026-12-15T09:00:00Z"}`, a later time.

use std::sync::Arc;

use emulator::{Clock, ClockError, Inspector};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use jiff::fmt::temporal::SpanParser;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, problem, reply};

/// How far the clock goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Move {
    /// By an ISO 8601 duration.
    Advance(String),
    /// To a later time, RFC 3339.
    Set(String),
}

/// Answers a request.
pub(super) async fn answer(request: &Request<Bytes>, inspector: &Inspector) -> Answer {
    let clock = Arc::clone(inspector.clock());
    if request.uri().query().is_some() {
        return problem(StatusCode::BAD_REQUEST, "the clock has no parameters");
    }
    match *request.method() {
        Method::GET | Method::HEAD => shown(&clock),
        Method::POST if !clock.may_advance() => problem(StatusCode::CONFLICT, &ClockError::Fixed.to_string()),
        Method::POST => {
            let time = match time_of(request.body(), clock.now()) {
                Ok(time) => time,
                Err(why) => return problem(StatusCode::UNPROCESSABLE_ENTITY, &why),
            };
            let advancing = Arc::clone(&clock);
            // The offset is written to a file.
            let advanced = tokio::task::spawn_blocking(move || advancing.advance_to(time)).await;
            match advanced {
                Ok(Ok(_)) => shown(&clock),
                Ok(Err(refused @ (ClockError::Backwards(_) | ClockError::TooFar))) => {
                    problem(StatusCode::UNPROCESSABLE_ENTITY, &refused.to_string())
                }
                Ok(Err(refused @ ClockError::Fixed)) => problem(StatusCode::CONFLICT, &refused.to_string()),
                Ok(Err(ClockError::NotKept(why))) => problem(StatusCode::INTERNAL_SERVER_ERROR, &format!("{why:#}")),
                Err(stopped) => problem(StatusCode::INTERNAL_SERVER_ERROR, &stopped.to_string()),
            }
        }
        _ => problem(StatusCode::METHOD_NOT_ALLOWED, "the clock is read by GET and advanced by POST"),
    }
}

fn shown(clock: &Clock) -> Answer {
    reply(&json!({ "now": clock.now(), "offset_seconds": clock.offset_s(), "may_advance": clock.may_advance() }))
}

/// The time that a body asks for, or why there is none.
fn time_of(body: &[u8], now: Timestamp) -> Result<Timestamp, String> {
    let asked: Move = serde_json::from_slice(body)
        .map_err(|_| "expected {\"advance\": \"P14D\"} or {\"set\": \"2026-12-15T09:00:00Z\"}".to_owned())?;
    match asked {
        Move::Set(time) => time.parse::<Timestamp>().map_err(|why| format!("`set` is a time as in RFC 3339: {why}")),
        Move::Advance(duration) => {
            let span: Span = SpanParser::new()
                .parse_span(&duration)
                .map_err(|why| format!("`advance` is a duration as in ISO 8601, e.g. P14D or PT1H: {why}"))?;
            let later = now.to_zoned(TimeZone::UTC).checked_add(span).map_err(|why| format!("`advance`: {why}"))?;
            Ok(later.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_names_a_time_or_a_duration() {
        let now: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
        let asked = |body: &str| time_of(body.as_bytes(), now).map(|time| time.to_string());
        for (duration, expected) in [
            ("P14D", "2026-12-15T09:00:00Z"),
            ("PT1H", "2026-12-01T10:00:00Z"),
            ("P1M", "2027-01-01T09:00:00Z"),
            ("P1W", "2026-12-08T09:00:00Z"),
            ("-PT1S", "2026-12-01T08:59:59Z"),
        ] {
            assert_eq!(asked(&json!({ "advance": duration }).to_string()).unwrap(), expected, "{duration}");
        }
        assert_eq!(asked(r#"{"set": "2027-01-01T00:00:00+09:00"}"#).unwrap(), "2026-12-31T15:00:00Z");
        for body in [
            "",
            "{}",
            "null",
            r#"{"advance": "14 days"}"#,
            r#"{"advance": 14}"#,
            r#"{"advance": "P9999999Y"}"#,
            r#"{"set": "tomorrow"}"#,
            r#"{"set": "2027-01-01T00:00:00Z", "advance": "P1D"}"#,
        ] {
            assert!(asked(body).is_err(), "{body}");
        }
    }
}
