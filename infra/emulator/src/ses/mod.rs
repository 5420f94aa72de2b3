//! SES, version 2 of its API: `SendEmail` with simple content. Letters go nowhere; a mailbox keeps them.
//!
//! Every address is a verified identity here. As on AWS, the caller's role must allow `ses:SendEmail` on the identity
//! of the sender's domain, and may be held to one sender by `ses:FromAddress`.
//!
//! Source: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>.

pub(crate) mod mailbox;

use std::sync::Arc;

use hyper::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use self::mailbox::{Mail, Mailbox};
use crate::aws_api::{Answer, Caller, refusal, reply};
use crate::clock::Clock;
use crate::iam::condition::Context;
use crate::lambda::invocation::random_words;
use crate::template::{ACCOUNT, REGION};

const SEND_EMAIL: &str = "/v2/email/outbound-emails";

/// The most recipients of a letter.
const MOST_RECIPIENTS: usize = 50;

/// The service.
#[derive(Debug)]
pub(crate) struct Ses {
    pub(crate) mailbox: Arc<Mailbox>,
    /// Dates the letters.
    pub(crate) clock: Arc<Clock>,
}

/// As much of a request as simple content needs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: String,
    destination: Destination,
    content: Content,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    #[serde(default)]
    to_addresses: Vec<String>,
    #[serde(default)]
    cc_addresses: Vec<String>,
    #[serde(default)]
    bcc_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Part,
    body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Part>,
    html: Option<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    data: String,
}

impl Ses {
    pub(crate) async fn answer(&self, method: &Method, path: &str, body: &[u8], caller: &Caller<'_>) -> Answer {
        if (method, path) != (&Method::POST, SEND_EMAIL) {
            return refusal(StatusCode::NOT_FOUND, "NotFoundException", "the emulator's SES knows SendEmail only");
        }
        let mail = match serde_json::from_slice::<SendEmail>(body) {
            Ok(request) => match mail(request, self.clock.now()) {
                Ok(mail) => mail,
                Err(why) => return refusal(StatusCode::BAD_REQUEST, "BadRequestException", &why),
            },
            Err(why) => return refusal(StatusCode::BAD_REQUEST, "BadRequestException", &why.to_string()),
        };
        if let Err(why) = may_send(&mail.from, caller) {
            return refusal(StatusCode::FORBIDDEN, "AccessDeniedException", &why);
        }
        let id = mail.message_id.clone();
        match self.mailbox.keep(mail).await {
            Ok(()) => reply(&json!({ "MessageId": id })),
            Err(problem) => {
                tracing::warn!(problem = format!("{problem:#}"), "a letter could not be kept");
                let message = "the letter could not be kept";
                refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", message)
            }
        }
    }
}

/// Whether the caller's role lets it send in the name of this sender.
fn may_send(from: &str, caller: &Caller<'_>) -> Result<(), String> {
    let address = address_of(from);
    let (_, domain) = address.split_once('@').unwrap_or_default();
    let mut context = Context::from([("ses:FromAddress".to_owned(), address.to_owned())]);
    if let Some((name, _)) = from.split_once('<') {
        context.insert("ses:FromDisplayName".to_owned(), name.trim().trim_matches('"').to_owned());
    }
    caller.may("ses:SendEmail", &format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"), &context)
}

/// The letter of a request, or why SES refuses it.
fn mail(request: SendEmail, sent_at: Timestamp) -> Result<Mail, String> {
    let Destination { to_addresses, cc_addresses, bcc_addresses } = request.destination;
    let to: Vec<String> = [to_addresses, cc_addresses, bcc_addresses].concat();
    if to.is_empty() || to.len() > MOST_RECIPIENTS {
        return Err(format!("a letter has 1 to {MOST_RECIPIENTS} recipients"));
    }
    for address in to.iter().chain([&request.from_email_address]) {
        check(address)?;
    }
    let simple = request.content.simple.ok_or("the emulator's SES sends simple content only")?;
    let subject = simple.subject.data;
    if subject.chars().any(char::is_control) {
        return Err("the subject must be one line".to_owned());
    }
    let (text, html) = (simple.body.text.map(|part| part.data), simple.body.html.map(|part| part.data));
    if text.is_none() && html.is_none() {
        return Err("a letter needs a text or an HTML body".to_owned());
    }
    let [a, b, c, d] = random_words();
    Ok(Mail {
        message_id: format!("{a:08x}{b:08x}-{c:08x}{d:08x}"),
        sent_at,
        from: request.from_email_address,
        to,
        subject,
        text: text.unwrap_or_default(),
        html,
    })
}

/// The bare address of `Name <address>`.
fn address_of(written: &str) -> &str {
    match written.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or(rest),
        None => written,
    }
}

/// Refuses what SES refuses: it writes to ASCII addresses only, and a domain's other letters must be punycode.
fn check(written: &str) -> Result<(), String> {
    let address = address_of(written);
    let parts = address.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if parts.is_none_or(|(_, domain)| domain.contains('@')) || address.bytes().any(|it| it <= b' ' || it == 0x7f) {
        return Err("an address has the form local@domain".to_owned());
    }
    if !written.is_ascii() || written.chars().any(char::is_control) {
        return Err("an address must be ASCII".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn sent(change: impl FnOnce(&mut Value)) -> Result<Mail, String> {
        let mut request = json!({
            "FromEmailAddress": "Things <things@example.com>",
            "Destination": { "ToAddresses": ["mina@example.com"] },
            "Content": { "Simple": { "Subject": { "Data": "안녕" }, "Body": { "Text": { "Data": "Hello" } } } },
        });
        change(&mut request);
        mail(serde_json::from_value(request).map_err(|why| why.to_string())?, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_letter_is_read() {
        let mail = sent(|_| {}).unwrap();
        assert_eq!(
            (mail.to, mail.subject.as_str(), mail.text.as_str()),
            (vec!["mina@example.com".into()], "안녕", "Hello")
        );
        assert_eq!(address_of(&mail.from), "things@example.com");
        assert_eq!(mail.message_id.len(), 33);
    }

    #[test]
    fn what_ses_refuses_is_refused() {
        let refused = |change: fn(&mut Value)| sent(change).unwrap_err();
        assert_eq!(refused(|it| it["Destination"] = json!({})), "a letter has 1 to 50 recipients");
        assert_eq!(
            refused(|it| it["Destination"] = json!({"CcAddresses": vec!["a@b.example"; 51]})),
            "a letter has 1 to 50 recipients"
        );
        let to = |it: &mut Value, address: &str| it["Destination"]["ToAddresses"][0] = address.into();
        for address in ["", "a", "a@", "@b", "a@b@c", "a b@c.example", "a@b.example\r\nBcc: c@d.example"] {
            let refused = sent(|it| to(it, address)).unwrap_err();
            assert_eq!(refused, "an address has the form local@domain", "{address}");
        }
        for address in ["김민아@example.com", "mina@예시.한국"] {
            assert_eq!(sent(|it| to(it, address)).unwrap_err(), "an address must be ASCII");
        }
        assert_eq!(
            refused(|it| it["Content"]["Simple"]["Subject"]["Data"] = "a\nBcc: b@c.example".into()),
            "the subject must be one line"
        );
        assert_eq!(refused(|it| it["Content"]["Simple"]["Body"] = json!({})), "a letter needs a text or an HTML body");
        assert_eq!(
            refused(|it| it["Content"] = json!({"Raw": {"Data": ""}})),
            "the emulator's SES sends simple content only"
        );
    }
}
