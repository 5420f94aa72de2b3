//! KMS: data keys under the symmetric keys of the template, at KMS's wire API.
//!
//! Offered are `GenerateDataKey`, `Decrypt`, `ReEncrypt` and `DescribeKey`. A ciphertext opens only with the
//! encryption context that it was made with. The caller's role must allow the action on the key, and conditions on
//! `kms:EncryptionContext:…` are judged. Key policies are not judged: a role's policy is enough, as with AWS's default
//! key policy.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html> and its neighbours.

mod keys;

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::keys::{EncryptionContext, Keys, MOST_PLAINTEXT_BYTES};
use crate::aws_api::{Answer, Caller, refusal, reply};
use crate::iam::condition::Context;
use crate::template::KmsKey;

const DEFAULT_ALGORITHM: &str = "SYMMETRIC_DEFAULT";

/// The service.
#[derive(Debug)]
pub(crate) struct Kms {
    described: Vec<KmsKey>,
    keys: Keys,
}

/// Why a call is refused: the type and the message of AWS's error.
type Refusal = (&'static str, String);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: EncryptionContext,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Decrypt {
    ciphertext_blob: String,
    key_id: Option<String>,
    #[serde(default)]
    encryption_context: EncryptionContext,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReEncrypt {
    ciphertext_blob: String,
    #[serde(default)]
    source_encryption_context: EncryptionContext,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: EncryptionContext,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeKey {
    key_id: String,
}

impl Kms {
    /// The keys of a template. Their secrets are kept in the data directory, or in memory for this run alone.
    ///
    /// # Errors
    /// When the file of the secrets can't be used.
    pub(crate) fn open(described: &[KmsKey], data: Option<&Path>) -> anyhow::Result<Self> {
        let names = described.iter().map(|key| key.id.as_str());
        Ok(Self { described: described.to_vec(), keys: Keys::open(names, data)? })
    }

    pub(crate) fn answer(&self, target: &str, body: &[u8], caller: &Caller<'_>) -> Answer {
        let answer = match target.strip_prefix("TrentService.").unwrap_or_default() {
            "GenerateDataKey" => read(body).and_then(|it| self.generate_data_key(&it, caller)),
            "Decrypt" => read(body).and_then(|it| self.decrypt(&it, caller)),
            "ReEncrypt" => read(body).and_then(|it| self.re_encrypt(&it, caller)),
            "DescribeKey" => read(body).and_then(|it| self.describe_key(&it, caller)),
            other => Err(("UnknownOperationException", format!("the emulator's KMS does not know {other}"))),
        };
        match answer {
            Ok(answer) => reply(&answer),
            Err((kind, message)) => refusal(StatusCode::BAD_REQUEST, kind, &message),
        }
    }

    fn generate_data_key(&self, request: &GenerateDataKey, caller: &Caller<'_>) -> Result<Value, Refusal> {
        let key = self.find(&request.key_id)?;
        let size_bytes = match (request.key_spec.as_deref(), request.number_of_bytes) {
            (Some("AES_256"), None) => 32,
            (Some("AES_128"), None) => 16,
            (None, Some(size)) if (1..=1_024).contains(&size) => size,
            _ => return Err(invalid("a data key needs either KeySpec or NumberOfBytes, 1 to 1024")),
        };
        judge(caller, "kms:GenerateDataKey", key, &request.encryption_context)?;
        let data_key = keys::random(size_bytes).map_err(internal)?;
        let ciphertext = self.keys.wrap(&key.id, &data_key, &request.encryption_context).map_err(internal)?;
        Ok(json!({
            "CiphertextBlob": STANDARD.encode(ciphertext),
            "Plaintext": STANDARD.encode(data_key),
            "KeyId": key.arn,
        }))
    }

    fn decrypt(&self, request: &Decrypt, caller: &Caller<'_>) -> Result<Value, Refusal> {
        let ciphertext = decoded(&request.ciphertext_blob)?;
        let key = self.key_of(&ciphertext)?;
        if let Some(expected) = &request.key_id
            && self.find(expected)?.id != key.id
        {
            return Err(("IncorrectKeyException", "another key made the ciphertext".to_owned()));
        }
        judge(caller, "kms:Decrypt", key, &request.encryption_context)?;
        let plaintext = self.keys.unwrap(&ciphertext, &request.encryption_context).ok_or_else(invalid_ciphertext)?;
        Ok(json!({
            "Plaintext": STANDARD.encode(plaintext),
            "KeyId": key.arn,
            "EncryptionAlgorithm": DEFAULT_ALGORITHM,
        }))
    }

    fn re_encrypt(&self, request: &ReEncrypt, caller: &Caller<'_>) -> Result<Value, Refusal> {
        let ciphertext = decoded(&request.ciphertext_blob)?;
        let (source, destination) = (self.key_of(&ciphertext)?, self.find(&request.destination_key_id)?);
        judge(caller, "kms:ReEncryptFrom", source, &request.source_encryption_context)?;
        judge(caller, "kms:ReEncryptTo", destination, &request.destination_encryption_context)?;
        let plaintext =
            self.keys.unwrap(&ciphertext, &request.source_encryption_context).ok_or_else(invalid_ciphertext)?;
        let context = &request.destination_encryption_context;
        let ciphertext = self.keys.wrap(&destination.id, &plaintext, context).map_err(internal)?;
        Ok(json!({
            "CiphertextBlob": STANDARD.encode(ciphertext),
            "SourceKeyId": source.arn,
            "KeyId": destination.arn,
            "SourceEncryptionAlgorithm": DEFAULT_ALGORITHM,
            "DestinationEncryptionAlgorithm": DEFAULT_ALGORITHM,
        }))
    }

    fn describe_key(&self, request: &DescribeKey, caller: &Caller<'_>) -> Result<Value, Refusal> {
        let key = self.find(&request.key_id)?;
        judge(caller, "kms:DescribeKey", key, &EncryptionContext::new())?;
        Ok(json!({ "KeyMetadata": {
            "KeyId": key.id,
            "Arn": key.arn,
            "Enabled": true,
            "KeyState": "Enabled",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeySpec": DEFAULT_ALGORITHM,
            "EncryptionAlgorithms": [DEFAULT_ALGORITHM],
            "KeyManager": "CUSTOMER",
            "Origin": "AWS_KMS",
            "MultiRegion": false,
        } }))
    }

    /// The key with this id, ARN, alias, or ARN of an alias.
    fn find(&self, name: &str) -> Result<&KmsKey, Refusal> {
        let alias = name.rsplit_once(":alias/").map(|(_, alias)| format!("alias/{alias}"));
        let alias = alias.as_deref().unwrap_or(name);
        let is = |key: &&KmsKey| key.id == name || key.arn == name || key.aliases.iter().any(|it| it == alias);
        let found = self.described.iter().find(is);
        found.ok_or_else(|| ("NotFoundException", format!("there is no key {name}")))
    }

    /// The key that made a ciphertext.
    fn key_of(&self, ciphertext: &[u8]) -> Result<&KmsKey, Refusal> {
        let id = keys::key_id(ciphertext).ok_or_else(invalid_ciphertext)?;
        self.described.iter().find(|key| key.id == id).ok_or_else(invalid_ciphertext)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|why| ("SerializationException", why.to_string()))
}

/// The bytes of a field in base64. KMS takes ciphertexts of up to 6,144 bytes.
fn decoded(text: &str) -> Result<Vec<u8>, Refusal> {
    let bytes = STANDARD.decode(text).map_err(|why| ("SerializationException", why.to_string()))?;
    if bytes.len() > MOST_PLAINTEXT_BYTES + 2_048 {
        return Err(invalid("the ciphertext is too long"));
    }
    Ok(bytes)
}

fn judge(
    caller: &Caller<'_>,
    action: &'static str,
    key: &KmsKey,
    encryption_context: &EncryptionContext,
) -> Result<(), Refusal> {
    let context =
        encryption_context.iter().map(|(name, value)| (format!("kms:EncryptionContext:{name}"), value.clone()));
    let context: BTreeMap<_, _> = context.collect::<Context>();
    caller.may(action, &key.arn, &context).map_err(|why| ("AccessDeniedException", why))
}

fn invalid(message: &str) -> Refusal {
    ("ValidationException", message.to_owned())
}

fn invalid_ciphertext() -> Refusal {
    ("InvalidCiphertextException", "the ciphertext and its encryption context do not open".to_owned())
}

fn internal(_: ring::error::Unspecified) -> Refusal {
    ("KMSInternalException", "the operating system gave no randomness, or the key is missing".to_owned())
}
