//! `GET /_mail`: the letters that the market has sent, as JSON, newest first. `?to=` asks for those to one address.
//!
//! Tests and people read links from here, because on this machine no letter leaves it.

use emulator::{Inspector, Mail};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use jiff::Timestamp;
use serde::Serialize;

use super::{Answer, problem, reply};

/// A letter as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    sent_at: Timestamp,
    from: String,
    to: Vec<String>,
    subject: String,
    text: String,
    /// The addresses of the web in the text.
    links: Vec<String>,
}

/// Answers a request.
pub(super) fn answer(request: &Request<Bytes>, inspector: &Inspector) -> Answer {
    let mut to = None;
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        if name != "to" || to.replace(value.into_owned()).is_some() {
            return problem(StatusCode::BAD_REQUEST, "the only parameter is `to`, an address, once");
        }
    }
    reply(&inspector.mail(to.as_deref()).into_iter().map(shown).collect::<Vec<_>>())
}

fn shown(mail: Mail) -> Shown {
    let Mail { message_id, sent_at, from, to, subject, text, .. } = mail;
    let links = text.split_whitespace().filter(|word| is_link(word)).map(str::to_owned).collect();
    Shown { id: message_id, sent_at, from, to, subject, text, links }
}

fn is_link(word: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| word.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_a_letter_are_listed() {
        let mail = Mail {
            message_id: "1".to_owned(),
            sent_at: Timestamp::UNIX_EPOCH,
            from: "a@b.example".to_owned(),
            to: vec!["c@d.example".to_owned()],
            subject: "Hello".to_owned(),
            text: "Open\n\nhttp://127.0.0.1:8080/#/confirm/x\n\nor https:// or javascript:alert(1)".to_owned(),
            html: None,
        };
        assert_eq!(shown(mail).links, ["http://127.0.0.1:8080/#/confirm/x"]);
    }
}
