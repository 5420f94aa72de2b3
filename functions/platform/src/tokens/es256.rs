//! ES256 for `jsonwebtoken`, by RustCrypto's p256 alone.
//!
//! The library's own provider brings RSA, P-384 and Ed25519 into every function. This one knows one algorithm, so that no
//! mistake elsewhere can make a function accept another.

use std::sync::Once;

use jsonwebtoken::{
    Algorithm,
    AlgorithmFamily,
    DecodingKey,
    EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    // The library's generation of the traits; p256 uses the next one under the same names.
    signature,
};
use p256::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer as _, Verifier as _},
};

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// Makes this the process's provider. Needed before any use of the library; costs nothing when repeated.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Fails only if a provider is installed already, and nothing else in this workspace installs one.
        let _ = PROVIDER.install_default();
    });
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::ES256 || key.family() != AlgorithmFamily::Ec {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let key = SigningKey::from_slice(key.as_bytes()).map_err(|_| ErrorKind::InvalidEcdsaKey)?;
    Ok(Box::new(Signer(key)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::ES256 || key.family() != AlgorithmFamily::Ec {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let point = key.try_get_as_bytes()?;
    let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| ErrorKind::InvalidEcdsaKey)?;
    Ok(Box::new(Verifier(key)))
}

/// Signs deterministically (RFC 6979): the same message gives the same signature, and no random number can leak the key.
struct Signer(SigningKey);

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        let signature: Signature = self.0.try_sign(message).map_err(|_| signature::Error::new())?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct Verifier(VerifyingKey);

impl signature::Verifier<Vec<u8>> for Verifier {
    /// The signature is the 64 bytes of r and s (RFC 7518, section 3.4), never DER.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let signature = Signature::from_slice(signature).map_err(|_| signature::Error::new())?;
        self.0.verify(message, &signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}
