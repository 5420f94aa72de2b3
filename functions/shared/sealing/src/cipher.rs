//! AES-256-GCM-SIV over one field, bound to its place.

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use store::Key;
use zeroize::Zeroizing;

pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 12;

/// A data key in the clear. It is overwritten when it is dropped.
pub(crate) type DataKey = Zeroizing<[u8; KEY_BYTES]>;

/// The place that a sealed field is bound to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    pub(crate) key: &'p Key,
    pub(crate) field: &'p str,
    pub(crate) key_version: u32,
}

impl Place<'_> {
    /// Table, partition key, sort key and field, each with its length in front, and the key version. No two places have
    /// the same bytes.
    fn associated_data(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in [self.key.table().name(), &self.key.pk, &self.key.sk, self.field] {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(self.key_version.to_be_bytes());
        bytes
    }
}

/// The ciphertext with its tag.
pub(crate) fn encrypt(key: &DataKey, nonce: &[u8; NONCE_BYTES], place: &Place<'_>, plaintext: &[u8]) -> Vec<u8> {
    encrypt_with(key, nonce, &place.associated_data(), plaintext)
}

/// The plaintext; `None` if key, nonce, place or ciphertext do not belong together.
pub(crate) fn decrypt(
    key: &DataKey,
    nonce: &[u8; NONCE_BYTES],
    place: &Place<'_>,
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    decrypt_with(key, nonce, &place.associated_data(), ciphertext)
}

fn encrypt_with(key: &DataKey, nonce: &[u8; NONCE_BYTES], aad: &[u8], msg: &[u8]) -> Vec<u8> {
    let sealed = Aes256GcmSiv::new((&**key).into()).encrypt(nonce.into(), Payload { msg, aad });
    // RFC 8452 takes 64 GiB, more than fits into an item of the store by far.
    sealed.expect("a field is smaller than 64 GiB")
}

fn decrypt_with(key: &DataKey, nonce: &[u8; NONCE_BYTES], aad: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let opened = Aes256GcmSiv::new((&**key).into()).decrypt(nonce.into(), Payload { msg: ciphertext, aad });
    opened.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use store::Table;

    use super::*;

    const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];
    const NONCE: [u8; NONCE_BYTES] = [9; NONCE_BYTES];

    fn sealed_and_opened(sealed_in: &Place<'_>, opened_in: &Place<'_>) -> Option<Zeroizing<Vec<u8>>> {
        let key = Zeroizing::new(KEY);
        decrypt(&key, &NONCE, opened_in, &encrypt(&key, &NONCE, sealed_in, b"010-1234-5678"))
    }

    #[test]
    fn a_field_opens_in_its_place_alone() {
        let key = |pk: &str, sk: &str| Key::new(Table::Credentials, pk, sk);
        let (own, neighbour, shifted) =
            (key("ACCOUNT#1", "PHONE"), key("ACCOUNT#2", "PHONE"), key("ACCOUNT#1P", "HONE"));
        let other_table = Key::new(Table::Market, "ACCOUNT#1", "PHONE");
        let place = Place { key: &own, field: "phone", key_version: 1 };
        assert_eq!(sealed_and_opened(&place, &place).unwrap().as_slice(), b"010-1234-5678");
        for other in [
            Place { key: &neighbour, ..place },
            Place { key: &shifted, ..place },
            Place { key: &other_table, ..place },
            Place { field: "legal_name", ..place },
            Place { field: "", ..place },
            Place { key_version: 2, ..place },
        ] {
            assert_eq!(sealed_and_opened(&place, &other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_does_not_open(plaintext: Vec<u8>, place: usize, bit in 0_u8..8) {
            let (key, record) = (Zeroizing::new(KEY), Key::new(Table::Credentials, "A#1", "A"));
            let field = Place { key: &record, field: "f", key_version: 1 };
            let mut ciphertext = encrypt(&key, &NONCE, &field, &plaintext);
            prop_assert_eq!(&*decrypt(&key, &NONCE, &field, &ciphertext).unwrap(), &plaintext);
            let place = place % ciphertext.len();
            ciphertext[place] ^= 1 << bit;
            prop_assert_eq!(decrypt(&key, &NONCE, &field, &ciphertext), None);
        }
    }

    /// Project Wycheproof's AES-GCM-SIV: every group with a key of 256 bits, valid and invalid.
    #[test]
    #[ignore = "reads the folder PAIRWORK_VECTORS, which is not part of the repository; .ci/run gives it"]
    fn wycheproof_aes_gcm_siv() {
        #[derive(Deserialize)]
        struct Vectors {
            #[serde(rename = "testGroups")]
            groups: Vec<Group>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Group {
            key_size: usize,
            iv_size: usize,
            tests: Vec<Case>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Case {
            tc_id: u32,
            key: String,
            iv: String,
            aad: String,
            msg: String,
            ct: String,
            tag: String,
            result: String,
        }
        fn bytes(hex: &str) -> Vec<u8> {
            let digits = |place: usize| u8::from_str_radix(&hex[place..place + 2], 16).unwrap();
            (0..hex.len()).step_by(2).map(digits).collect()
        }
        let folder = std::env::var_os("PAIRWORK_VECTORS").expect("PAIRWORK_VECTORS names the folder of vectors");
        let file = std::path::Path::new(&folder).join("wycheproof/aes_gcm_siv_test.json");
        let vectors: Vectors = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let (mut valid, mut invalid, mut wrong) = (0, 0, Vec::new());
        let fitting = vectors.groups.iter().filter(|group| (group.key_size, group.iv_size) == (256, 96));
        for case in fitting.flat_map(|group| &group.tests) {
            let key = Zeroizing::new(<[u8; KEY_BYTES]>::try_from(bytes(&case.key)).unwrap());
            let nonce: [u8; NONCE_BYTES] = bytes(&case.iv).try_into().unwrap();
            let (aad, msg) = (bytes(&case.aad), bytes(&case.msg));
            let ciphertext = [bytes(&case.ct), bytes(&case.tag)].concat();
            let opened = decrypt_with(&key, &nonce, &aad, &ciphertext);
            let right = match case.result.as_str() {
                "valid" => {
                    valid += 1;
                    opened.is_some_and(|opened| *opened == msg) && encrypt_with(&key, &nonce, &aad, &msg) == ciphertext
                }
                "invalid" => {
                    invalid += 1;
                    opened.is_none()
                }
                other => panic!("{other} is no result"),
            };
            if !right {
                wrong.push(case.tc_id);
            }
        }
        assert_eq!((valid + invalid, wrong), (103, Vec::new()));
        assert!(valid > 0 && invalid > 0, "{valid} valid, {invalid} invalid");
    }
}
