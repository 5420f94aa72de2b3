//! A provider's own description (OpenID Connect Discovery 1.0), with its keys, as it is kept in memory.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AdditionalProviderMetadata, JsonWebKeySet, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};

/// How long a description counts.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// Keys are read anew at most once in this time, whatever key a token names.
const KEYS_KEPT: SignedDuration = SignedDuration::from_mins(1);

/// The members of a description that OpenID Connect itself does not define.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Announced {
    /// Whether every answer names its issuer (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Announced {}

/// A provider's description.
pub(super) type Metadata = ProviderMetadata<
    Announced,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A description that was read.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) metadata: Arc<Metadata>,
    read_at: Timestamp,
    /// When the keys were last read anew.
    keys_read_at: Option<Timestamp>,
}

impl Document {
    /// A description that was read now, with its keys.
    pub(super) fn new(metadata: Metadata, now: Timestamp) -> Self {
        Self { metadata: Arc::new(metadata), read_at: now, keys_read_at: None }
    }

    /// Whether the description still counts.
    pub(super) fn counts(&self, now: Timestamp) -> bool {
        now < self.read_at + KEPT
    }

    /// Whether the keys may be read anew.
    pub(super) fn may_read_keys(&self, now: Timestamp) -> bool {
        self.keys_read_at.is_none_or(|read_at| now >= read_at + KEYS_KEPT)
    }

    /// Notes that the keys are being read. A failure counts, too.
    pub(super) fn reading_keys(&mut self, now: Timestamp) {
        self.keys_read_at = Some(now);
    }

    /// Takes new keys.
    pub(super) fn take_keys(&mut self, keys: JsonWebKeySet<CoreJsonWebKey>) {
        self.metadata = Arc::new(Metadata::clone(&self.metadata).set_jwks(keys));
    }
}
