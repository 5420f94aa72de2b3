//! Secrets never enter a trace: what is kept of headers, queries, bodies and log lines.
//!
//! Values of fields that hold passwords and tokens are replaced wherever they stand in JSON. In any other text, bearer
//! tokens and JSON Web Tokens are replaced. A text that speaks of a password and can't be read as JSON is not kept.

use std::borrow::Cow;

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use serde_json::Value;

use super::TEXT_LIMIT_BYTES;
use super::trace::Text;

/// The text that replaces a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// Parts of names whose values are secret, in lower case.
const SECRET_NAMES: [&str; 7] = ["password", "passwd", "secret", "token", "authorization", "recovery", "otpauth"];

/// Names that contain one of those and are not secret.
const KNOWN_HARMLESS: [&str; 1] = ["token_type"];

/// Header names and values, those of secrets redacted.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let secret = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE];
    let shown = headers.iter().map(|(name, value)| {
        let value = if secret.contains(name) || is_secret(name.as_str()) {
            REDACTED.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        (name.as_str().to_owned(), value)
    });
    shown.collect()
}

/// Path and query, the values of secret parameters redacted.
pub(crate) fn target(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    let parameter = |parameter: &str| match parameter.split_once('=') {
        Some((name, _)) if form_urlencoded::parse(name.as_bytes()).any(|(name, _)| is_secret(&name)) => {
            format!("{name}={REDACTED}")
        }
        _ => parameter.to_owned(),
    };
    format!("{path}?{}", query.split('&').map(parameter).collect::<Vec<_>>().join("&"))
}

/// A body as a trace keeps it.
pub(crate) fn body(bytes: &[u8]) -> Text {
    let size_bytes = bytes.len();
    let not_kept = Text { text: None, size_bytes, redacted: false };
    if size_bytes > TEXT_LIMIT_BYTES {
        return not_kept;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return not_kept };
    match redacted(text) {
        Some(Cow::Borrowed(text)) => Text { text: Some(text.to_owned()), size_bytes, redacted: false },
        Some(Cow::Owned(text)) => Text { text: Some(text), size_bytes, redacted: true },
        None => Text { text: Some(REDACTED.to_owned()), size_bytes, redacted: true },
    }
}

/// A log line as a trace keeps it.
pub(crate) fn line(text: &str) -> String {
    redacted(text).map_or_else(|| REDACTED.to_owned(), Cow::into_owned)
}

/// The text without its secrets, or `None` if it is not to be kept.
fn redacted(text: &str) -> Option<Cow<'_, str>> {
    if !may_hold_secrets(text) {
        return Some(Cow::Borrowed(text));
    }
    if let Ok(mut json) = serde_json::from_str::<Value>(text) {
        return Some(if redact(&mut json) { Cow::Owned(json.to_string()) } else { Cow::Borrowed(text) });
    }
    let without_tokens = without_tokens(text);
    // A form, or half a JSON: where the secret ends cannot be told.
    let lower = without_tokens.to_ascii_lowercase();
    (!lower.contains("password") && !lower.contains("access_token")).then_some(without_tokens)
}

/// Whether a closer look is needed. A name may hide behind escapes (`\u0070assword`, `pass%77ord`).
fn may_hold_secrets(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |at: usize, word: &str| {
        bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    (0..bytes.len()).any(|at| match bytes[at] | 0x20 {
        // `\` with the bit of lower case is `|`.
        b'|' => begins(at, "\\u"),
        b'p' => begins(at, "passw"),
        b's' => begins(at, "secret"),
        b't' => begins(at, "token"),
        b'a' => begins(at, "authorization"),
        b'b' => begins(at, "bearer "),
        b'e' => begins(at, "eyj"),
        b'%' => begins(at, "%"),
        _ => false,
    })
}

/// Replaces the values of secret members. Says whether there were any.
fn redact(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, member)| {
            if is_secret(name) && !member.is_null() {
                *member = REDACTED.into();
                return true;
            }
            redact(member) || found
        }),
        // Every element is redacted, also behind one that held a secret.
        Value::Array(elements) => elements.iter_mut().filter_map(|element| redact(element).then_some(())).count() > 0,
        Value::String(text) => {
            let Cow::Owned(clean) = without_tokens(text) else { return false };
            *text = clean;
            true
        }
        _ => false,
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret)) && !KNOWN_HARMLESS.contains(&name.as_str())
}

/// The text with its bearer tokens and JSON Web Tokens replaced.
fn without_tokens(text: &str) -> Cow<'_, str> {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte);
    let bytes = text.as_bytes();
    let mut clean = String::new();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let begins = |word: &str| {
            bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
        };
        let starts_a_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let token_at = match bytes[at] {
            b'b' | b'B' if starts_a_word && begins("bearer ") => at + "bearer ".len(),
            b'e' if starts_a_word && bytes[at..].starts_with(b"eyJ") => at,
            _ => {
                at += 1;
                continue;
            }
        };
        let length = bytes[token_at..].iter().take_while(|byte| is_token_byte(**byte)).count();
        if length > 8 {
            // Both ends are beside ASCII, so they are boundaries of characters.
            clean.push_str(&text[from..token_at]);
            clean.push_str(REDACTED);
            from = token_at + length;
        }
        at = token_at + length.max(1);
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[from..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        body(text.as_bytes()).text.unwrap()
    }

    #[test]
    fn passwords_and_tokens_are_redacted_wherever_they_stand() {
        let deep = r#"{"a":[{"Password":"correct horse","keep":1}],"access_token":"x","token_type":"Bearer"}"#;
        let clean = r#"{"a":[{"Password":"[redacted]","keep":1}],"access_token":"[redacted]","token_type":"Bearer"}"#;
        assert_eq!(serde_json::from_str::<Value>(&kept(deep)).unwrap(), serde_json::from_str::<Value>(clean).unwrap());
        assert_eq!(kept(r#"{"p\u0061ssword":"correct horse"}"#), r#"{"password":"[redacted]"}"#);
        assert_eq!(kept(r#"{"password":{"nested":["correct horse"]}}"#), r#"{"password":"[redacted]"}"#);
        assert!(body(br#"{"password":"x"}"#).redacted);
    }

    #[test]
    fn a_text_that_is_no_json_loses_its_tokens_or_is_not_kept() {
        assert_eq!(kept("email=a&password=correct"), REDACTED);
        assert_eq!(kept(r#"{"password":"correct"#), REDACTED);
        assert_eq!(kept("GET with Bearer abcdefghijkl.mno, 둘"), "GET with Bearer [redacted], 둘");
        assert_eq!(line("token eyJhbGciOiJFUzI1NiJ9.e30.c2ln in a line"), "token [redacted] in a line");
        assert_eq!(kept(r#"{"note":"eyJhbGciOiJFUzI1NiJ9.e30.c2ln"}"#), r#"{"note":"[redacted]"}"#);
    }

    #[test]
    fn everything_else_is_kept_as_it_is() {
        for text in [r#"{"title":"가게 100%","skills":["Rust"]}"#, "plain", "", "{", "a forbearer of beyond"] {
            let found = body(text.as_bytes());
            assert_eq!((found.text.as_deref(), found.redacted), (Some(text), false));
        }
    }

    #[test]
    fn a_body_that_is_long_or_binary_is_counted_and_not_kept() {
        let long = body(&vec![b'x'; TEXT_LIMIT_BYTES + 1]);
        assert_eq!((long.text, long.size_bytes), (None, TEXT_LIMIT_BYTES + 1));
        assert_eq!(body(&[0xff, 0xfe]).text, None);
    }

    #[test]
    fn secret_headers_and_parameters_are_redacted() {
        let mut all = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("x-amz-security-token", "t"),
            ("accept", "application/json"),
        ] {
            all.insert(name, value.parse().unwrap());
        }
        let shown = headers(&all);
        assert!(shown.contains(&("accept".to_owned(), "application/json".to_owned())));
        assert_eq!(shown.iter().filter(|(_, value)| value == REDACTED).count(), 3);
        assert_eq!(
            target("/a?access_token=x&b=1&p%61ssword=y"),
            "/a?access_token=[redacted]&b=1&p%61ssword=[redacted]"
        );
        assert_eq!(target("/a?b"), "/a?b");
    }
}
