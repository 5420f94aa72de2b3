//! The answer to a caller who comes too often.
//!
//! `RateLimit` and `RateLimit-Policy` have the syntax of draft-ietf-httpapi-ratelimit-headers-10: lists of policies by
//! name, with `q` (quota) and `w` (window, seconds), and `r` (remaining) and `t` (seconds until there is more).

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use store::buckets::BucketSize;

use super::Limit;
use crate::{ApiError, Code};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// 429 `too_many_requests`, with the time after which the bucket has a token again.
pub(super) fn too_many_requests(limit: &Limit, size: BucketSize, wait: Duration) -> ApiError {
    let seconds = whole_seconds(wait);
    let name = limit.name();
    // An empty bucket of `burst` tokens is full after this time.
    let window = whole_seconds(size.refill.saturating_mul(size.burst));
    let policy = format!("\"{name}\";q={};w={window}", size.burst);
    let service = format!("\"{name}\";r=0;t={seconds}");
    let detail = format!("{} Try again in {}.", limit.message, in_words(seconds));
    let mut error = ApiError::new(Code::TOO_MANY_REQUESTS, detail).retry_after(Duration::from_secs(seconds));
    for (header, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, service)] {
        // The names are ASCII, so the values are.
        if let Ok(value) = HeaderValue::try_from(value) {
            error = error.with_header(header, value);
        }
    }
    error
}

/// Seconds, rounded up: a client that waits so long finds a token. At least 1.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0)).max(1)
}

fn in_words(seconds: u64) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        ..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use axum::{http::header, response::IntoResponse};

    use super::*;
    use crate::limits::{Action, Per};

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let limit = Limit {
            action: Action::Write,
            per: Per::Account,
            burst: 300,
            refill: Duration::from_secs(1),
            message: "Too much.",
        };
        let size = BucketSize { burst: 600, refill: Duration::from_millis(500) };
        let error = too_many_requests(&limit, size, Duration::from_millis(2_001));
        assert_eq!(error.detail(), "Too much. Try again in 3 seconds.");
        let response = error.into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
        assert_eq!(response.headers()[RATE_LIMIT_POLICY], "\"write-by-account\";q=600;w=300");
        assert_eq!(response.headers()[RATE_LIMIT], "\"write-by-account\";r=0;t=3");
    }

    #[test]
    fn waiting_times_are_rounded_up() {
        let seconds = |ms| whole_seconds(Duration::from_millis(ms));
        assert_eq!([seconds(0), seconds(1), seconds(1_000), seconds(1_001)], [1, 1, 1, 2]);
        assert_eq!([in_words(1), in_words(119), in_words(121)], ["1 second", "119 seconds", "3 minutes"]);
    }
}
