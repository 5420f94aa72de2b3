//! P-256 keys: private ones that sign, public ones that are published as JSON Web Keys (RFC 7517).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use runtime::entropy::{self, NoEntropy};

/// A public key as a JSON Web Key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jwk {
    /// The key type.
    #[schema(example = "EC")]
    pub kty: String,
    /// The curve.
    #[schema(example = "P-256")]
    pub crv: String,
    /// The first coordinate, base64url.
    #[schema(example = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    pub x: String,
    /// The second coordinate, base64url.
    #[schema(example = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    pub y: String,
    /// The algorithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ES256")]
    pub alg: Option<String>,
    /// The use of the key.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    #[schema(example = "sig")]
    pub usage: Option<String>,
    /// The operations that the key is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub key_ops: Option<Vec<String>>,
    /// The id of the key. Tokens name it in their header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")]
    pub kid: Option<String>,
}

/// The key is not for checking ES256 signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key for ES256 signatures")]
pub struct NotOurs;

/// A key that checks signatures.
#[derive(Debug, Clone)]
pub struct PublicKey {
    kid: String,
    x: String,
    y: String,
    decoding: DecodingKey,
}

impl PublicKey {
    /// The id of the key. Tokens name it in their header.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The key as a JSON Web Key.
    pub fn to_jwk(&self) -> Jwk {
        Jwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x: self.x.clone(),
            y: self.y.clone(),
            alg: Some("ES256".to_owned()),
            usage: Some("sig".to_owned()),
            key_ops: None,
            kid: Some(self.kid.clone()),
        }
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    fn new(kid: Option<String>, x: String, y: String) -> Result<Self, NotOurs> {
        let coordinate = |text: &str| base64url(text).filter(|bytes| bytes.len() == COORDINATE_BYTES).ok_or(NotOurs);
        // SEC 1, section 2.3.3: an uncompressed point is 4, x, y.
        let point = [vec![4], coordinate(&x)?, coordinate(&y)?].concat();
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| NotOurs)?;
        let kid = kid.unwrap_or_else(|| thumbprint(&x, &y));
        Ok(Self { kid, x, y, decoding: DecodingKey::from_ec_der(&point) })
    }
}

impl TryFrom<Jwk> for PublicKey {
    type Error = NotOurs;

    fn try_from(jwk: Jwk) -> Result<Self, NotOurs> {
        let for_signatures = jwk.kty == "EC"
            && jwk.crv == "P-256"
            && jwk.alg.is_none_or(|algorithm| algorithm == "ES256")
            && jwk.usage.is_none_or(|usage| usage == "sig")
            && jwk.key_ops.is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        if for_signatures { Self::new(jwk.kid, jwk.x, jwk.y) } else { Err(NotOurs) }
    }
}

/// Each coordinate of a point on P-256.
const COORDINATE_BYTES: usize = 32;

/// A key that signs. `Debug` does not show its secret.
#[derive(Clone)]
pub struct SigningKey {
    public: PublicKey,
    encoding: EncodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKey").field("kid", &self.public.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// The operating system gave no randomness.
    pub fn generate() -> Result<Self, NoEntropy> {
        loop {
            // A drawn number above the order of the curve is not a key; this happens once in 2^32 draws.
            if let Ok(key) = Self::from_bytes(&entropy::bytes::<COORDINATE_BYTES>()?) {
                return Ok(key);
            }
        }
    }

    /// The key with this secret, as [`SigningKey::secret`] returned it.
    ///
    /// # Errors
    /// [`NotOurs`] if the text is not such a secret.
    pub fn from_secret(secret: &str) -> Result<Self, NotOurs> {
        Self::from_bytes(&base64url(secret).ok_or(NotOurs)?)
    }

    /// The secret: the private scalar, 32 bytes big-endian, base64url.
    pub fn secret(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.encoding.as_bytes())
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    fn from_bytes(scalar: &[u8]) -> Result<Self, NotOurs> {
        let key = p256::ecdsa::SigningKey::from_slice(scalar).map_err(|_| NotOurs)?;
        let point = key.verifying_key().to_sec1_point(false);
        let (_, coordinates) = point.as_bytes().split_first().ok_or(NotOurs)?;
        let (x, y) = coordinates.split_at_checked(COORDINATE_BYTES).ok_or(NotOurs)?;
        let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        Ok(Self { public: PublicKey::new(None, x, y)?, encoding: EncodingKey::from_ec_der(scalar) })
    }
}

/// An id that no two keys share: the SHA-256 thumbprint (RFC 7638).
fn thumbprint(x: &str, y: &str) -> String {
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}

/// Strict base64url without padding, as JOSE writes it.
pub(super) fn base64url(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7515, appendix A.3.
    const RFC_7515: (&str, &str, &str) = (
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    );

    #[test]
    fn a_secret_gives_its_public_point() {
        let (x, y, secret) = RFC_7515;
        let key = SigningKey::from_secret(secret).unwrap();
        let jwk = key.public().to_jwk();
        assert_eq!((jwk.x.as_str(), jwk.y.as_str()), (x, y));
        assert_eq!(key.secret(), secret);
    }

    #[test]
    fn keys_for_other_uses_are_refused() {
        let jwk = SigningKey::generate().unwrap().public().to_jwk();
        assert!(PublicKey::try_from(jwk.clone()).is_ok());
        let text = |value: &str| Some(value.to_owned());
        for other in [
            Jwk { kty: "RSA".to_owned(), ..jwk.clone() },
            Jwk { crv: "P-384".to_owned(), ..jwk.clone() },
            Jwk { alg: text("ES384"), ..jwk.clone() },
            Jwk { usage: text("enc"), ..jwk.clone() },
            Jwk { key_ops: Some(vec!["encrypt".to_owned()]), ..jwk.clone() },
            Jwk { x: jwk.y.clone(), y: jwk.x.clone(), ..jwk.clone() },
            Jwk { x: String::new(), ..jwk.clone() },
        ] {
            assert_eq!(PublicKey::try_from(other).err(), Some(NotOurs));
        }
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let key = SigningKey::generate().unwrap();
        assert!(!format!("{key:?}").contains(&key.secret()));
    }
}
