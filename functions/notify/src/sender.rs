//! Sends letters through SES.
//!
//! Source: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>.

use std::time::Duration;

use mail::Email;
use runtime::signed_client::{Cause, JsonRequest, JsonResponse, Service, SignedClient};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::letters::Rendered;

const SEND_EMAIL: &str = "/v2/email/outbound-emails";

/// The name beside the sender's address.
const SENDER_NAME: &str = "Pairwork";

/// The deadline of one letter. SES answers within a second; a batch has ten letters and 60 s.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest answer that is read. SES sends some hundred bytes.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;

/// A client of SES with a sender.
#[derive(Debug)]
pub(crate) struct Sender {
    client: SignedClient,
    from: String,
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("SES was not reached")]
    Unreachable(#[source] Cause),
    #[error("SES did not answer within {PATIENCE:?}")]
    Late,
    /// `kind` is the name of SES's error. Its message may hold the address, so it is left out.
    #[error("SES answered {status} {kind}")]
    Refused { status: u16, kind: String },
    /// SES writes to ASCII addresses only (it does not offer SMTPUTF8).
    #[error("the address has letters outside of ASCII before the @")]
    NotAscii,
}

impl SendError {
    /// Whether another attempt may succeed.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Late => true,
            Self::NotAscii => false,
            // A role, a quota or an identity that the operator mends: the letter itself is good.
            Self::Refused { status, kind } => {
                *status >= 500
                    || *status == 429
                    || *status == 403
                    || matches!(
                        kind.as_str(),
                        "AccountSuspendedException"
                            | "LimitExceededException"
                            | "MailFromDomainNotVerifiedException"
                            | "SendingPausedException"
                    )
            }
        }
    }
}

impl Sender {
    /// A sender with this address. It opens no connection and cannot fail.
    pub(crate) async fn connect(address: &str) -> Self {
        Self { client: SignedClient::connect(Service::SES).await, from: format!("{SENDER_NAME} <{address}>") }
    }

    /// Sends a letter to an address.
    ///
    /// # Errors
    /// As [`SendError`].
    pub(crate) async fn send(&self, to: &Email, letter: &Rendered) -> Result<(), SendError> {
        let body = request(&self.from, &ascii(to)?, letter).to_string();
        let request = JsonRequest { method: "POST", path: SEND_EMAIL, target: None, body: body.as_bytes() };
        let answer = timeout(PATIENCE, self.client.send(request, ANSWER_LIMIT_BYTES)).await;
        let JsonResponse { status, body, .. } = answer.map_err(|_| SendError::Late)?.map_err(SendError::Unreachable)?;
        if (200..300).contains(&status) { Ok(()) } else { Err(SendError::Refused { status, kind: kind_of(&body) }) }
    }
}

fn request(from: &str, to: &str, letter: &Rendered) -> Value {
    let part = |text: &str| json!({ "Data": text, "Charset": "UTF-8" });
    json!({
        "FromEmailAddress": from,
        "Destination": { "ToAddresses": [to] },
        "Content": { "Simple": { "Subject": part(letter.subject), "Body": { "Text": part(&letter.text) } } },
    })
}

/// The name of an error; empty if the body holds none.
fn kind_of(body: &[u8]) -> String {
    let kind = serde_json::from_slice::<Value>(body).ok().and_then(|body| Some(body["__type"].as_str()?.to_owned()));
    let kind = kind.unwrap_or_default();
    kind.chars().filter(char::is_ascii_alphanumeric).take(64).collect()
}

/// The address with its domain in punycode.
fn ascii(address: &Email) -> Result<String, SendError> {
    let (local, domain) = address.as_str().split_once('@').ok_or(SendError::NotAscii)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| SendError::NotAscii)?;
    if local.is_ascii() { Ok(format!("{local}@{domain}")) } else { Err(SendError::NotAscii) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(address: &str) -> Option<String> {
        ascii(&address.parse().unwrap()).ok()
    }

    #[test]
    fn a_domain_is_written_in_punycode() {
        assert_eq!(written("Mina@example.com").as_deref(), Some("Mina@example.com"));
        assert_eq!(written("user@münchen.example").as_deref(), Some("user@xn--mnchen-3ya.example"));
        assert_eq!(written("mina@예시.한국").as_deref(), Some("mina@xn--vv4b11d.xn--3e0b707e"));
        assert_eq!(written("김민아@예시.한국"), None);
    }

    #[test]
    fn load_and_configuration_pass_and_a_bad_letter_does_not() {
        let refused = |status, kind: &str| SendError::Refused { status, kind: kind.to_owned() };
        assert!(refused(500, "").is_passing() && refused(429, "TooManyRequestsException").is_passing());
        assert!(refused(403, "AccessDeniedException").is_passing());
        assert!(refused(400, "SendingPausedException").is_passing());
        assert!(SendError::Late.is_passing());
        assert!(!refused(400, "MessageRejected").is_passing());
        assert!(!refused(400, "BadRequestException").is_passing());
        assert!(!SendError::NotAscii.is_passing());
    }

    #[test]
    fn a_request_has_the_form_of_ses() {
        let letter = Rendered { subject: "제목", text: "글".to_owned() };
        assert_eq!(
            request("Pairwork <a@b.example>", "c@d.example", &letter),
            json!({
                "FromEmailAddress": "Pairwork <a@b.example>",
                "Destination": {"ToAddresses": ["c@d.example"]},
                "Content": {"Simple": {
                    "Subject": {"Data": "제목", "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": "글", "Charset": "UTF-8"}},
                }},
            })
        );
        assert_eq!(kind_of(br#"{"__type":"MessageRejected","message":"c@d.example"}"#), "MessageRejected");
        assert_eq!(kind_of(b"<html>"), "");
    }
}
