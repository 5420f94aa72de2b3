//! The table of keys as data, for people and for programs that show them.

use super::Table;

/// How the keys of one kind of item are spelled, and what the item is for.
///
/// `<name>` stands for one segment: one or more characters without `#`. Free texts have their `#` escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPattern {
    /// The table.
    pub table: Table,
    /// The partition key, e.g. `PROJECT#<id>`.
    pub pk: &'static str,
    /// The sort key.
    pub sk: &'static str,
    /// The contents of the item.
    pub contents: &'static str,
    /// How it is read.
    pub read_by: &'static str,
}

impl KeyPattern {
    /// Whether a key is spelled so.
    pub fn fits(&self, pk: &str, sk: &str) -> bool {
        self.fits_partition(pk) && fits(self.sk, sk)
    }

    /// Whether a partition key is spelled so.
    pub fn fits_partition(&self, pk: &str) -> bool {
        fits(self.pk, pk)
    }
}

const fn of(
    table: Table,
    pk: &'static str,
    sk: &'static str,
    contents: &'static str,
    read_by: &'static str,
) -> KeyPattern {
    KeyPattern { table, pk, sk, contents, read_by }
}

/// Every kind of item in all tables but `pool`, whose patterns are in the crate `pool`.
#[rustfmt::skip] // A row each.
pub const PATTERNS: &[KeyPattern] = {
    use Table::{Audit, Credentials, Live, Market, Outbox, Trust};
    const LISTED: &str = "nothing but the key: an entry of a list";
    const NEWEST: &str = "query, newest first";
    &[
        of(Market, "ACCOUNT#<id>", "ACCOUNT", "an account of a version up to 0.1", "get"),
        of(Market, "ACCOUNT#<id>", "FREELANCER", "profile, version", "get many"),
        of(Market, "ACCOUNT#<id>", "TRACK_RECORD", "the numbers of a freelancer's past, version", "get many"),
        of(Market, "ACCOUNT#<id>", "WORK_HISTORY", "the rest of the past, packed", "get many, for matching alone"),
        of(Market, "ACCOUNT#<id>", "FREELANCER_EVENT#<version>", "what that version changed", "the stream"),
        of(Market, "ACCOUNT#<id>", "TRACK_RECORD_EVENT#<version>", "what that version changed", "the stream"),
        of(Market, "ACCOUNT#<id>", "OPEN_PROJECTS", "how many open projects the account owns", "get"),
        of(Market, "ACCOUNT#<id>", "DELETED_PROJECT#<project>", "the time of the deletion", "query, to erase"),
        of(Market, "PROJECT#<id>", "PROJECT", "project, version", "get, get many"),
        of(Market, "PROJECT#<id>", "EVENT#<version>", "what that version changed", "the stream"),
        of(Market, "LIST#<collection>", "<id>", LISTED, NEWEST),
        of(Market, "LIST#<collection>#category#<category>", "<id>", LISTED, NEWEST),
        of(Market, "LIST#<collection>#skill#<skill>", "<id>", LISTED, NEWEST),
        of(Market, "LIST#<collection>#category#<category>#skill#<skill>", "<id>", LISTED, NEWEST),
        of(Market, "LIST#<collection>#owner#<account>", "<id>", LISTED, NEWEST),
        of(Credentials, "EMAIL#<address>", "EMAIL", "account id, password hash", "get"),
        of(Credentials, "ACCOUNT#<id>", "EMAIL", "the address as given", "get"),
        of(Credentials, "ACCOUNT#<id>#DEVICES", "<session>", "a device, the hashes of its refresh token", "get, query"),
        of(Credentials, "ACCOUNT#<id>", "STANDING", "role, second factor", "get"),
        of(Credentials, "ACCOUNT#<id>", "PERSONAL_DATA", "legal name, phone, payout account, sealed", "get"),
        of(Credentials, "ACCOUNT#<id>", "LOCK", "who locked the account, and when", "get, check"),
        of(Credentials, "ADMINS", "ADMINS", "the accounts with the role of an admin", "get"),
        of(Credentials, "ACCOUNT#<id>", "PASSKEYS", "user handle and number of passkeys", "get"),
        of(Credentials, "ACCOUNT#<id>#PASSKEYS", "<passkey>", "a passkey: public key, counter, name", "get, query"),
        of(Credentials, "PASSKEY#<hash>", "PASSKEY", "the account of a passkey", "get"),
        of(Credentials, "PERMIT#<hash>", "PERMIT", "what the secret of a letter allows", "get"),
        of(Credentials, "PROVIDER#<provider>#<hash>", "IDENTITY", "whose account at a provider this is", "get"),
        of(Credentials, "ACCOUNT#<id>", "IDENTITIES", "the accounts at providers, version", "get"),
        of(Credentials, "AUTHORIZATION#<hash>", "AUTHORIZATION", "a sign-in with a provider that has begun", "get"),
        of(Credentials, "IMPORTED_HASHES", "IMPORTED_HASHES", "the cost of imported bcrypt hashes", "get"),
        of(Credentials, "SIGNING_KEY", "<generation>", "a private signing key, when it was made", "query"),
        of(Trust, "ACCOUNT#<id>", "ACCOUNT", "display name, time of registration", "get"),
        of(Trust, "JWKS", "<kid>", "a public signing key, until when it counts", "query"),
        of(Trust, "ACCOUNT#<id>", "SESSION#<session>", "role, last proof of identity, end of the session", "get"),
        of(Trust, "AUDIT_HEAD#<id>", "AUDIT_HEAD", "sequence and hash of the last audit row", "get"),
        of(Audit, "AUDIT#<id>", "<sequence>", "an act, the hash of the row before", "query, newest first"),
        of(Trust, "DUE#<shard>", "<time>#<kind>#<account>", "what `erase` does with an account at that time", "query"),
        of(Live, "IDEMPOTENCY#<hash>", "IDEMPOTENCY", "a request being handled, or its reply", "get"),
        of(Outbox, "LETTER#<id>", "LETTER", "a letter to send", "the stream"),
        of(Live, "BUCKET#<limit>#<hash>", "BUCKET", "when a caller's token bucket is full again", "each take"),
        of(Live, "PASSKEY_CHALLENGE#<hash>", "PASSKEY_CHALLENGE", "what an authenticator has to sign", "get"),
        of(Live, "KNOWN_ADDRESS#<hash>", "KNOWN_ADDRESS", "a sign-in to an account from an address", "get"),
    ]
};

/// Whether a text is spelled like a pattern. A segment takes the longest run without `#`, so no choice is left.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('<') else { return pattern == text };
    let (Some((_, rest)), Some(text)) = (rest.split_once('>'), text.strip_prefix(literal)) else { return false };
    // The text after a segment begins with `#`, with `.`, or is empty.
    let ends: &[char] = if rest.starts_with('.') { &['#', '.'] } else { &['#'] };
    let end = text.find(ends).unwrap_or(text.len());
    end > 0 && fits(rest, &text[end..])
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::{PATTERNS, fits};

    /// The patterns that a key fits.
    fn found(table: Table, pk: &str, sk: &str) -> Vec<(&'static str, &'static str)> {
        let fitting = PATTERNS.iter().filter(|pattern| pattern.table == table && pattern.fits(pk, sk));
        fitting.map(|pattern| (pattern.pk, pattern.sk)).collect()
    }

    #[test]
    fn every_key_fits_one_pattern_and_every_pattern_has_a_key() {
        let id = "usr_01M485AYT00000000000000006";
        let long = "\u{10ffff}".repeat(900);
        let facets = [
            Facet::All,
            Facet::Category("c#d"),
            Facet::Skill(&long),
            Facet::CategoryAndSkill("a", "b%"),
            Facet::Owner(id),
        ];
        let keys = [
            account(id),
            legacy_account(id),
            freelancer(id),
            track_record(id),
            work_history(id),
            track_record_event(id, 7),
            freelancer_event(id, 7),
            open_projects(id),
            deleted_project(id, "prj_1"),
            project("prj_1"),
            project_event("prj_1", 7),
            jwks().item("kid"),
            signing_key(3),
            email("a#b@example.com"),
            account_email(id),
            imported_hashes(),
            session(id, "ses_1"),
            devices(id).item("ses_1"),
            standing(id),
            personal_data(id),
            lock(id),
            admins(),
            passkeys(id),
            passkeys_of(id).item("pky_1"),
            passkey_owner("hash-of_it"),
            passkey_challenge("hash-of_it"),
            due(3).item(format!("2026-12-30T12:00:00Z#erase#{id}")),
            permit("hash-of_it"),
            audit_row(id, 3),
            audit_head(id),
            identity("google", "hash-of_it"),
            identities(id),
            authorization("hash-of_it"),
            idempotency("hash-of_it"),
            letter("01M485AYT00000000000000006"),
            bucket("write-by-account", "hash-of_it"),
            known_address("hash-of_it"),
        ];
        let lists = facets.map(|facet| list(Collection::Projects, facet).item("prj_1"));
        let mut seen = std::collections::BTreeSet::new();
        for key in keys.into_iter().chain(lists) {
            let [pattern] = found(key.table, &key.pk, &key.sk)[..] else { panic!("{key:?}") };
            seen.insert((key.table.name(), pattern));
        }
        assert_eq!(seen.len(), PATTERNS.len(), "{seen:?}");
    }

    #[test]
    fn a_segment_is_one_or_more_characters_without_a_number_sign() {
        assert!(fits("A#<id>", "A#1") && fits("<a>#<b>", "1#2") && fits("<a>.<b>", "1.2") && fits("A", "A"));
        for (pattern, text) in [("A#<id>", "A#"), ("A#<id>", "A#1#2"), ("A", "B"), ("<a>.<b>", "1"), ("<a>.<b>", ".2")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
