//! The secrets of the keys, and what they encrypt.
//!
//! ```text
//! 1                   the version of this format
//! length, 1 byte      of the key's id
//! key id
//! nonce, 12 bytes     random
//! ciphertext and tag  AES-256-GCM; associated data: key id and encryption context, each text with its length before it
//! ```
//!
//! Random nonces are safe for some four billion encryptions under one key, far more than one machine makes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};

use crate::private_files;

/// The names and values that a ciphertext is bound to.
pub(super) type EncryptionContext = BTreeMap<String, String>;

/// The most bytes that KMS encrypts.
pub(super) const MOST_PLAINTEXT_BYTES: usize = 4_096;

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;

/// Secrets by the ids of their keys.
pub(super) struct Keys(BTreeMap<String, LessSafeKey>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Keys {
    /// The secrets of these keys. A data directory keeps them in `kms.json`, which its owner alone may read; there, a
    /// key that the template lacks stays, for ciphertexts that may come back with it.
    ///
    /// # Errors
    /// When the file can't be used or holds something else.
    pub(super) fn open<'k>(ids: impl Iterator<Item = &'k str>, data: Option<&Path>) -> anyhow::Result<Self> {
        let file = data.map(|data| data.join("kms.json"));
        let mut secrets: BTreeMap<String, String> = match &file {
            Some(file) if file.exists() => {
                let text = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
                serde_json::from_slice(&text).with_context(|| format!("{} holds no keys", file.display()))?
            }
            _ => BTreeMap::new(),
        };
        if let Some(file) = &file {
            private_files::close_to_others(file).with_context(|| format!("closing {}", file.display()))?;
        }
        let known = secrets.len();
        for id in ids {
            if id.len() > usize::from(u8::MAX) {
                bail!("the id of the key {id} is too long");
            }
            if !secrets.contains_key(id) {
                let secret = random(KEY_BYTES).map_err(|_| anyhow!("the operating system gave no randomness"))?;
                secrets.insert(id.to_owned(), STANDARD.encode(secret));
            }
        }
        if let Some(file) = file.filter(|_| secrets.len() > known) {
            // Whole or not at all: without its key, a sealed record is lost.
            let part = file.with_extension("part");
            let write = || -> std::io::Result<()> {
                let mut open = private_files::create(&part)?;
                open.write_all(&serde_json::to_vec_pretty(&secrets)?)?;
                open.sync_all()?;
                std::fs::rename(&part, &file)
            };
            write().with_context(|| format!("writing {}", file.display()))?;
        }
        let key = |(id, secret): (String, String)| {
            let secret = STANDARD.decode(secret).ok().filter(|secret| secret.len() == KEY_BYTES);
            let key = secret.and_then(|secret| UnboundKey::new(&AES_256_GCM, &secret).ok());
            Ok((id, LessSafeKey::new(key.context("a secret of kms.json is no key")?)))
        };
        Ok(Self(secrets.into_iter().map(key).collect::<anyhow::Result<_>>()?))
    }

    /// Encrypts under a key.
    pub(super) fn wrap(&self, id: &str, plaintext: &[u8], context: &EncryptionContext) -> Result<Vec<u8>, Unspecified> {
        let (key, id_length) = (self.0.get(id).ok_or(Unspecified)?, u8::try_from(id.len()).map_err(|_| Unspecified)?);
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce)?;
        let mut sealed = plaintext.to_vec();
        let data = Aad::from(associated_data(id, context));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), data, &mut sealed)?;
        Ok([&[VERSION, id_length], id.as_bytes(), &nonce, &sealed].concat())
    }

    /// Decrypts; `None` if the ciphertext is not whole, or was made with another context or key.
    pub(super) fn unwrap(&self, ciphertext: &[u8], context: &EncryptionContext) -> Option<Vec<u8>> {
        let id = key_id(ciphertext)?;
        let (nonce, sealed) = ciphertext.get(2 + id.len()..)?.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut plaintext = sealed.to_vec();
        let data = Aad::from(associated_data(id, context));
        let length = self.0.get(id)?.open_in_place(nonce, data, &mut plaintext).ok()?.len();
        plaintext.truncate(length);
        Some(plaintext)
    }
}

/// The id of the key that made a ciphertext.
pub(super) fn key_id(ciphertext: &[u8]) -> Option<&str> {
    let [VERSION, length, rest @ ..] = ciphertext else { return None };
    std::str::from_utf8(rest.get(..usize::from(*length))?).ok()
}

/// Random bytes of the operating system.
pub(super) fn random(length: usize) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(bytes)
}

fn associated_data(id: &str, context: &EncryptionContext) -> Vec<u8> {
    let texts = std::iter::once(id).chain(context.iter().flat_map(|(name, value)| [name.as_str(), value]));
    texts.flat_map(|text| [&(text.len() as u64).to_be_bytes()[..], text.as_bytes()].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(entries: &[(&str, &str)]) -> EncryptionContext {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_ciphertext_opens_with_its_context_alone() {
        let keys = Keys::open(["one", "other"].into_iter(), None).unwrap();
        let mine = context(&[("table", "things"), ("row", "1")]);
        let sealed = keys.wrap("one", b"secret", &mine).unwrap();
        assert_eq!(key_id(&sealed), Some("one"));
        assert_eq!(keys.unwrap(&sealed, &mine).as_deref(), Some(&b"secret"[..]));
        for other in [
            &[][..],
            &[("table", "things")],
            &[("table", "things"), ("row", "2")],
            &[("tablet", "hings"), ("row", "1")],
        ] {
            assert_eq!(keys.unwrap(&sealed, &context(other)), None, "{other:?}");
        }
        assert_ne!(keys.wrap("one", b"secret", &mine).unwrap(), sealed);
        assert!(keys.wrap("unknown", b"secret", &mine).is_err());
    }

    #[test]
    fn a_changed_or_cut_ciphertext_does_not_open() {
        let keys = Keys::open(["one"].into_iter(), None).unwrap();
        let sealed = keys.wrap("one", b"secret", &context(&[])).unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(keys.unwrap(&changed, &context(&[])), None, "byte {place}");
            assert_eq!(keys.unwrap(&sealed[..place], &context(&[])), None, "{place} bytes");
        }
    }

    #[test]
    fn keys_survive_in_a_data_directory_and_no_other_opens() {
        let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let open = |data: &Path, ids: &[&'static str]| Keys::open(ids.iter().copied(), Some(data)).unwrap();
        let sealed = open(data.path(), &["one"]).wrap("one", b"secret", &context(&[])).unwrap();
        // A run whose template lacks the key loses nothing.
        open(data.path(), &["new"]);
        assert_eq!(open(data.path(), &["one"]).unwrap(&sealed, &context(&[])).as_deref(), Some(&b"secret"[..]));
        assert_eq!(open(other.path(), &["one"]).unwrap(&sealed, &context(&[])), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(data.path().join("kms.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(data.path().join("kms.json"), r#"{"one":"short"}"#).unwrap();
        assert!(Keys::open(["one"].into_iter(), Some(data.path())).is_err());
    }
}
