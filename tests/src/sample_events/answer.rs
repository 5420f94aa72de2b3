//! Compares a function's answer to a sample event with the recorded answer.
//!
//! Values that change from run to run are recorded as placeholders: new ids and keys, tokens, and recent times. Scores
//! and features are compared within [`TOLERANCE`], because processors round differently. The sample market ages during
//! the test, so `last_seen` is compared within [`AGEING_HOURS`] and log-odds within [`AGEING_LOG_ODDS`].

use jiff::{SignedDuration, Timestamp};
use pairwork::sample::SampleMarket;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How far a fraction may differ from the recorded one.
const TOLERANCE: f64 = 0.002;

/// How much older than the recorded market the sample market may be, in hours.
const AGEING_HOURS: f64 = 0.1;

/// How far that may move the log-odds of a score and the contribution of a reason.
const AGEING_LOG_ODDS: f64 = 0.05;

/// Every id of the sample market contains these zeros; a small number follows them.
const SAMPLE_ID_ZEROS: &str = "0000000000000";

/// A Lambda's reply to API Gateway.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    status_code: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
    #[serde(default)]
    cookies: Vec<String>,
}

/// An answer in a readable form that does not change from run to run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    status: u16,
    headers: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    body: Value,
}

impl Answer {
    /// Reads a reply.
    ///
    /// # Errors
    /// If API Gateway would not accept the reply, or if the reply is in base64.
    pub(crate) fn read(reply: &[u8]) -> Result<Self, String> {
        let shown = || String::from_utf8_lossy(reply).into_owned();
        let reply: FunctionResponse =
            serde_json::from_slice(reply).map_err(|problem| format!("{problem}: {}", shown()))?;
        if reply.is_base64_encoded {
            return Err(format!("base64 is not expected: {}", shown()));
        }
        let text = reply.body.unwrap_or_default();
        let body = match serde_json::from_str(&text) {
            Ok(body) => body,
            Err(_) => Value::String(text),
        };
        let cookies = reply.cookies.iter().map(|cookie| without_value(cookie)).collect();
        let mut answer = Self { status: reply.status_code, headers: reply.headers, cookies, body };
        for (name, value) in &mut answer.headers {
            redact(name, value);
        }
        // The body holds placeholders, so its recorded length would mean nothing.
        answer.headers.remove("content-length");
        forget_new_keys(&mut answer.body);
        redact("", &mut answer.body);
        Ok(answer)
    }

    /// `STATUS`, or `STATUS CODE` of a problem.
    pub(crate) fn summary(&self) -> String {
        match self.body["code"].as_str() {
            Some(code) if self.status >= 400 => format!("{} {code}", self.status),
            _ => self.status.to_string(),
        }
    }

    /// The text of the answer's snapshot.
    pub(crate) fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("an answer is JSON");
        json.push('\n');
        json
    }

    /// Whether a recorded answer equals this one within the tolerances.
    pub(crate) fn agrees_with(&self, recorded: &str) -> bool {
        serde_json::from_str::<Value>(recorded)
            .is_ok_and(|recorded| serde_json::to_value(self).is_ok_and(|answer| agree(&recorded, &answer)))
    }
}

fn agree(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(number), Value::Number(_)) if number.is_f64() => near(one, other, |number| number, TOLERANCE),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| agree(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_last_seen = one.get("feature").is_some_and(|feature| feature == "last_seen");
            let members_agree = |name: &str, one: &Value, other: &Value| match name {
                // ln(1 + hours).
                "value" if is_last_seen => near(one, other, f64::exp_m1, AGEING_HOURS),
                "log_odds" | "contribution" => near(one, other, |log_odds| log_odds, AGEING_LOG_ODDS),
                _ => agree(one, other),
            };
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| members_agree(name, one, other)))
        }
        (one, other) => one == other,
    }
}

/// Whether two fractions differ by at most `tolerance` after `seen` is applied to both. Other values must be equal.
fn near(one: &Value, other: &Value, seen: impl Fn(f64) -> f64, tolerance: f64) -> bool {
    let fraction = |value: &Value| value.is_f64().then(|| value.as_f64()).flatten().map(&seen);
    match (fraction(one), fraction(other)) {
        (Some(one), Some(other)) => (one - other).abs() <= tolerance,
        _ => one == other,
    }
}

/// Replaces what changes from run to run by placeholders, and rounds fractions to four digits.
fn redact(name: &str, value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, member)| redact(name, member)),
        Value::Array(elements) => elements.iter_mut().for_each(|element| redact(name, element)),
        Value::String(text) => {
            let named = match name {
                "access_token" | "refresh_token" => Some("[token]"),
                "secret" | "otpauth_uri" | "qr_svg" => Some("[secret]"),
                "challenge" => Some("[challenge]"),
                // A user handle of 64 random bytes.
                "id" if text.len() == 86 => Some("[user handle]"),
                "last_active_at" | "exported_at" | "erased_at" => Some("[time]"),
                "created_at" | "updated_at" | "last_used_at" if is_recent(text) => Some("[time]"),
                // A cursor of matches holds every digit of a score.
                "next_cursor" => Some("[cursor]"),
                _ => None,
            };
            *text = named.map_or_else(|| without_new_ids(text), str::to_owned);
        }
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|number| (number * 1e4).round() / 1e4);
            *value = json!(rounded);
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

/// Replaces published keys that are not the sample market's by placeholders, and puts them last.
fn forget_new_keys(body: &mut Value) {
    let Some(keys) = body.get_mut("keys").and_then(Value::as_array_mut) else { return };
    for key in keys.iter_mut().filter(|key| !SampleMarket::publishes(key)) {
        for name in ["kid", "x", "y"] {
            key[name] = json!("[key]");
        }
    }
    keys.sort_by_key(|key| key["kid"] == "[key]");
}

/// A cookie with a placeholder for its value, unless that is empty.
fn without_value(cookie: &str) -> String {
    let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let value = if value.is_empty() { "" } else { "[token]" };
    format!("{name}={value};{attributes}")
}

/// Whether a time lies within the last hour. Such a time comes from this test, not from the sample market.
fn is_recent(time: &str) -> bool {
    let time = time.parse::<Timestamp>();
    time.is_ok_and(|time| Timestamp::now().duration_since(time).abs() < SignedDuration::from_hours(1))
}

/// The text, with an id that is not the sample market's replaced by `[id]`.
fn without_new_ids(text: &str) -> String {
    let Some(start) = ["usr_", "prj_", "ses_"].iter().filter_map(|prefix| text.find(prefix)).min() else {
        return text.to_owned();
    };
    let (before, id) = text.split_at(start);
    let is_new = id.len() == 30
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !id.contains(SAMPLE_ID_ZEROS);
    if is_new { format!("{before}{}[id]", &id[..4]) } else { text.to_owned() }
}
