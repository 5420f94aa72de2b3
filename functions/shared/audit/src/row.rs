//! A row of a trail, its hash, and the head of a trail.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Entry;

/// One act, as it is stored. Fields are texts as they were written, so that no other spelling has the same hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The account whose trail this is.
    pub account: String,
    /// The number of the row in its trail, from 1.
    pub sequence: u64,
    /// The time, RFC 3339.
    pub at: String,
    /// The account that acted, or `system`.
    pub actor: String,
    /// The name of the act. A later version may have written one that this version does not know.
    pub act: String,
    /// The thing that the act concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The pseudonym of the actor's network.
    pub network: String,
    /// The session of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The id of the request.
    pub request: String,
    /// The hash of the row before it; empty in the first row.
    pub previous: String,
}

/// The last row of a trail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number; 0 if the trail is empty.
    pub sequence: u64,
    /// Its hash.
    pub hash: String,
}

impl Row {
    /// The row of an entry after the trail's present head.
    pub(crate) fn after(head: &Head, entry: &Entry) -> Self {
        Self {
            account: entry.account_id.to_string(),
            sequence: head.sequence + 1,
            at: entry.at.to_string(),
            actor: entry.actor.to_string(),
            act: entry.act.name().to_owned(),
            subject: entry.subject.clone(),
            network: entry.origin.network.clone(),
            session: entry.session_id.map(|id| id.to_string()),
            request: entry.origin.request_id.clone(),
            previous: head.hash.clone(),
        }
    }

    /// SHA-256 over the canonical bytes, base64url. The canonical bytes are a prefix with the version of this format,
    /// then each field in the order of the struct, with its length in front. An absent field has the length 2⁶⁴ − 1.
    pub fn hash(&self) -> String {
        let Self { account, sequence, at, actor, act, subject, network, session, request, previous } = self;
        let mut hash = Sha256::new();
        hash.update(b"pairwork audit row 1\0");
        hash.update(sequence.to_be_bytes());
        let texts = [Some(account), Some(at), Some(actor), Some(act), subject.as_ref(), Some(network)];
        for text in texts.into_iter().chain([session.as_ref(), Some(request), Some(previous)]) {
            hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hash.update(text.map_or("", String::as_str));
        }
        BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// The head of a trail that ends with this row.
    pub(crate) fn as_head(&self) -> Head {
        Head { sequence: self.sequence, hash: self.hash() }
    }
}

#[cfg(test)]
mod tests {
    use domain::values::{AccountId, SessionId};
    use http_api::Origin;
    use jiff::Timestamp;
    use ulid::Ulid;

    use super::*;
    use crate::Act;

    /// The value was computed by another program (Python's hashlib) from the documented bytes.
    #[test]
    fn the_hash_is_that_of_the_documented_bytes() {
        let origin = Origin { network: "net".to_owned(), request_id: "req".to_owned() };
        let entry = Entry::of(AccountId::new(Ulid(1)), Act::SignedIn, &origin, Timestamp::UNIX_EPOCH)
            .in_session(SessionId::new(Ulid(2)));
        let first = Row::after(&Head::default(), &entry);
        assert_eq!(first.hash(), "6fjVbetrBWVaq74pD-tY30v2pmfuZE4TvQgGBH53OJs");
        let second = Row::after(&first.as_head(), &entry.about("password"));
        assert_eq!((second.sequence, second.previous), (2, first.hash()));
    }
}
