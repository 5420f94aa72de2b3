//! Data keys from KMS.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html> and
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use runtime::signed_client::{Cause, JsonRequest, JsonResponse, Service, SignedClient};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use crate::cipher::{DataKey, KEY_BYTES};

/// The deadline of one attempt. KMS answers within some ten milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);
/// The pause before the second attempt.
const BACKOFF: Duration = Duration::from_millis(50);
/// The largest answer that is read.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;

/// A client of KMS.
#[derive(Debug)]
pub(crate) struct Kms(SignedClient);

/// Why KMS gave no data key.
#[derive(Debug, thiserror::Error)]
pub enum KmsError {
    /// The network, or the search for credentials.
    #[error("KMS was not reached")]
    Unreachable(#[source] Cause),
    /// No answer in time.
    #[error("KMS did not answer within {PATIENCE:?}")]
    Late,
    /// KMS answered with an error.
    #[error("KMS answered {status} {kind}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The name of the error.
        kind: String,
    },
    /// The answer has another form than documented.
    #[error("the answer of KMS holds no data key")]
    Unreadable,
}

impl KmsError {
    /// Whether another attempt may succeed.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Late => true,
            Self::Refused { status, kind } => {
                *status >= 500
                    || matches!(
                        kind.as_str(),
                        "DependencyTimeoutException"
                            | "KMSInternalException"
                            | "KeyUnavailableException"
                            | "LimitExceededException"
                            | "ThrottlingException"
                    )
            }
            Self::Unreadable => false,
        }
    }
}

/// The parts of an answer that are read. They borrow from its body, so that the key is copied nowhere else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'b> {
    #[serde(borrow)]
    plaintext: Cow<'b, str>,
    #[serde(borrow, default)]
    ciphertext_blob: Cow<'b, str>,
}

impl Kms {
    pub(crate) async fn connect() -> Self {
        Self(SignedClient::connect(Service::KMS).await)
    }

    /// A new data key for a table: in the clear, and encrypted under a key of KMS.
    pub(crate) async fn generate_data_key(&self, key_id: &str, table: &str) -> Result<(DataKey, Vec<u8>), KmsError> {
        let request = json!({ "KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": { "table": table } });
        let body = self.call("TrentService.GenerateDataKey", &request).await?;
        let answer: Answer<'_> = serde_json::from_slice(&body).map_err(|_| KmsError::Unreadable)?;
        let wrapped = BASE64_STANDARD.decode(&*answer.ciphertext_blob).map_err(|_| KmsError::Unreadable)?;
        if wrapped.is_empty() || wrapped.len() > usize::from(u16::MAX) {
            return Err(KmsError::Unreadable);
        }
        Ok((data_key(&answer.plaintext)?, wrapped))
    }

    /// The data key of a table in the clear.
    pub(crate) async fn decrypt(&self, wrapped: &[u8], table: &str) -> Result<DataKey, KmsError> {
        let ciphertext = BASE64_STANDARD.encode(wrapped);
        let request = json!({ "CiphertextBlob": ciphertext, "EncryptionContext": { "table": table } });
        let body = self.call("TrentService.Decrypt", &request).await?;
        let answer: Answer<'_> = serde_json::from_slice(&body).map_err(|_| KmsError::Unreadable)?;
        data_key(&answer.plaintext)
    }

    /// Calls an operation; a passing failure is repeated once.
    async fn call(&self, target: &'static str, request: &Value) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        let body = request.to_string();
        match self.attempt(target, body.as_bytes()).await {
            Err(first) if first.is_passing() => {
                tracing::warn!(error = &first as &dyn Error, "KMS is called once more");
                sleep(BACKOFF).await;
                self.attempt(target, body.as_bytes()).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, target: &'static str, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        let request = JsonRequest { method: "POST", path: "/", target: Some(target), body };
        let answer = timeout(PATIENCE, self.0.send(request, ANSWER_LIMIT_BYTES)).await;
        let JsonResponse { status, body, .. } = answer.map_err(|_| KmsError::Late)?.map_err(KmsError::Unreachable)?;
        if (200..300).contains(&status) {
            return Ok(Zeroizing::new(body));
        }
        let kind = serde_json::from_slice::<Value>(&body).ok();
        let kind = kind.as_ref().and_then(|body| body["__type"].as_str()).unwrap_or_default();
        let kind = kind.rsplit('#').next().unwrap_or_default();
        Err(KmsError::Refused { status, kind: kind.chars().filter(char::is_ascii_alphanumeric).take(64).collect() })
    }
}

fn data_key(base64: &str) -> Result<DataKey, KmsError> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(base64).map_err(|_| KmsError::Unreadable)?);
    let key: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| KmsError::Unreadable)?;
    Ok(Zeroizing::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_has_32_bytes() {
        assert_eq!(*data_key(&BASE64_STANDARD.encode([5; 32])).unwrap(), [5; 32]);
        for wrong in [BASE64_STANDARD.encode([5; 31]), BASE64_STANDARD.encode([5; 33]), "!".to_owned(), String::new()] {
            assert!(matches!(data_key(&wrong), Err(KmsError::Unreadable)), "{wrong}");
        }
    }

    #[test]
    fn load_passes_and_a_refusal_does_not() {
        let refused = |status, kind: &str| KmsError::Refused { status, kind: kind.to_owned() };
        assert!(refused(400, "ThrottlingException").is_passing() && refused(500, "").is_passing());
        assert!(KmsError::Late.is_passing());
        for kind in ["AccessDeniedException", "NotFoundException", "InvalidCiphertextException", ""] {
            assert!(!refused(400, kind).is_passing(), "{kind}");
        }
        assert!(!KmsError::Unreadable.is_passing());
    }
}
